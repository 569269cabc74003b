"""National holidays: days on which a party's people do not work, beside Saturdays and Sundays.

Administrators enter them for each party, one by one, as pasted lines, or from the year before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.errors import NotPermitted, NotVisible, Unmet
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.text import UnusableText, clean
from tracker.domain.vocabulary import PartyKind
from tracker.models import Holiday, ReportingParty
from tracker.models.base import NAME
from tracker.services import audit
from tracker.services.personal_data import require_clean
from tracker.services.plain_rows import rows

MOST_LINES = 200
"""Days in one act."""
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)


@dataclass(frozen=True)
class BadLine:
    """A line that is not taken. ``number`` counts from 1; ``problem``: no_date, out_of_range, no_name, too_long,
    unusable, twice."""

    number: int
    text: str
    problem: str


@cache
def _all() -> sa.Select:
    return sa.select(Holiday.party_id, Holiday.day)


@cache
def _of_one() -> sa.Select:
    return (
        sa.select(Holiday.id, Holiday.day, Holiday.name)
        .where(Holiday.party_id == sa.bindparam("party"))
        .order_by(Holiday.day)
    )


@cache
def _counted() -> sa.Select:
    return (
        sa.select(
            ReportingParty.id,
            ReportingParty.code,
            ReportingParty.name,
            sa.func.count(Holiday.id).label("days"),
            sa.func.max(Holiday.day).label("last"),
        )
        .outerjoin(Holiday, Holiday.party_id == ReportingParty.id)
        .where(ReportingParty.kind != PartyKind.COOPERATION_AGENCIES)
        .group_by(ReportingParty.id)
        .order_by(ReportingParty.code)
    )


def calendars(session: Session) -> dict[int, frozenset[date]]:
    """The holidays of every party that has any, by party. One query."""
    found: dict[int, set[date]] = defaultdict(set)
    for party_id, day in rows(session, _all()):
        found[party_id].add(day)
    return {party_id: frozenset(days) for party_id, days in found.items()}


def parties(session: Session) -> Sequence[sa.Row]:
    """Who may have holidays: id, code, name, days (how many are entered), last (the latest of them)."""
    return rows(session, _counted()).all()


def listing(session: Session, party_id: int) -> dict[int, list[sa.Row]]:
    """One party's holidays by year, in order: id, day, name. The newest year first."""
    found: dict[int, list[sa.Row]] = {}
    for row in rows(session, _of_one(), {"party": party_id}):
        found.setdefault(row.day.year, []).append(row)
    return dict(sorted(found.items(), reverse=True))


def party(session: Session, code: str, *, locked: bool = False) -> ReportingParty:
    """The party of this code, in any capitals, where it may have holidays. Raises NotVisible."""
    wanted = sa.select(ReportingParty).where(
        ReportingParty.code == code.upper(), ReportingParty.kind != PartyKind.COOPERATION_AGENCIES
    )
    found = session.scalar(wanted.with_for_update() if locked else wanted)
    if found is None:
        raise NotVisible
    return found


def of_reader(session: Session, actor: Actor) -> ReportingParty | None:
    """The party by whose holidays this person's mail goes: the own one, for staff the General Secretariat; or None."""
    secretariat = ReportingParty.kind == PartyKind.GENERAL_SECRETARIAT
    wanted = secretariat if actor.is_staff else ReportingParty.id == (actor.party_id or 0)
    return session.scalars(sa.select(ReportingParty).where(wanted).limit(1)).first()


def read(text: str) -> tuple[list[tuple[date, str]], list[BadLine]]:
    """Pasted lines: the days with their names, and the lines that say none. Blank lines are passed over.

    A line is a date as YYYY-MM-DD, then spaces, a tab, a comma or a semicolon, then the name.
    """
    days: dict[date, str] = {}
    bad: list[BadLine] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        day, name, problem = _line(line.strip())
        if day is not None and not problem and days.get(day, name) != name:
            problem = "twice"
        if problem or day is None:
            bad.append(BadLine(number, line.strip()[:NAME], problem))
        else:
            days[day] = name
    return sorted(days.items()), bad


def add(
    session: Session,
    party: ReportingParty,
    days: Sequence[tuple[date, str]],
    *,
    explanation: str = "",
    actor: Actor,
    now: datetime,
) -> int:
    """Enter these days for the party; how many are new or have a new name. The same again does nothing.

    Raises NotPermitted, Unmet(days, name).
    """
    _permit(actor)
    if not days:
        raise Unmet(days="required")
    if len(days) > MOST_LINES:
        raise Unmet(days="too_many")
    if any(not EARLIEST <= day <= LATEST for day, _name in days):
        raise Unmet(day="out_of_range")
    if any(not name for _day, name in days):
        raise Unmet(name="required")
    explained = require_clean(explanation, name="\n".join(name for _day, name in days))
    stored = {h.day: h for h in session.scalars(sa.select(Holiday).where(Holiday.party_id == party.id))}
    touched = []
    for day, name in days:
        found = stored.get(day)
        if found is None:
            found = stored[day] = Holiday(party_id=party.id, day=day, name=name)
            session.add(found)
        elif found.name == name:
            continue
        else:
            found.name = name
        touched.append(day)
    session.flush()
    if touched:
        _record(session, "holiday.add", party, {"days": touched, **explained}, actor, now)
    return len(touched)


def copy_year(session: Session, party: ReportingParty, *, year: int, actor: Actor, now: datetime) -> int:
    """Enter the days of ``year`` for the year after, on the same day and month; how many are new.

    A day that has none next year (29 February) is left out, and so is one that is entered already: movable feasts are
    corrected by hand. Raises NotPermitted, Unmet(year) where that year has none.
    """
    _permit(actor)
    stored = list(session.execute(sa.select(Holiday.day, Holiday.name).where(Holiday.party_id == party.id)))
    there = {row.day for row in stored}
    source = [row for row in stored if row.day.year == year]
    if not source or not EARLIEST.year <= year + 1 <= LATEST.year:
        raise Unmet(year="no_days")
    fresh = [(day, row.name) for row in source if (day := _next_year(row.day)) is not None and day not in there]
    session.add_all(Holiday(party_id=party.id, day=day, name=name) for day, name in fresh)
    session.flush()
    if fresh:
        _record(session, "holiday.add", party, {"days": [day for day, _name in fresh]}, actor, now)
    return len(fresh)


def remove(session: Session, party: ReportingParty, holiday_id: int, *, actor: Actor, now: datetime) -> None:
    """Take one day away. One that is gone already is fine. Raises NotPermitted, NotVisible (another party's)."""
    _permit(actor)
    found = session.get(Holiday, holiday_id)
    if found is None:
        return
    if found.party_id != party.id:
        raise NotVisible
    day = found.day
    session.delete(found)
    session.flush()
    _record(session, "holiday.remove", party, {"days": [day]}, actor, now)


def _line(line: str) -> tuple[date | None, str, str]:
    """The day, the name and what is wrong of one line."""
    try:
        day = date.fromisoformat(line[:10]) if line[:10].isascii() and line[4:5] == "-" else None
    except ValueError:
        day = None
    if day is None:
        return None, "", "no_date"
    if not EARLIEST <= day <= LATEST:
        return day, "", "out_of_range"
    rest = line[10:]
    if rest and rest[0] not in " \t,;":
        return day, "", "no_date"
    try:
        name = clean(rest.lstrip(" \t,;"), multiline=False)
    except UnusableText:
        return day, "", "unusable"
    if not name:
        return day, "", "no_name"
    return day, name, "too_long" if len(name) > NAME else ""


def _next_year(day: date) -> date | None:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return None


def _record(
    session: Session, event: str, party: ReportingParty, facts: dict[str, Any], actor: Actor, now: datetime
) -> None:
    audit.record(
        session,
        event,
        now=now,
        actor=actor,
        party_id=party.id,
        internal=False,
        about=("reporting_party", party.id),
        old=facts if event == "holiday.remove" else None,
        new=None if event == "holiday.remove" else facts,
    )


def _permit(actor: Actor) -> None:
    if not can(actor, Permission.CYCLE_MANAGE):
        raise NotPermitted(Permission.CYCLE_MANAGE)
