"""Organisations of observers and their accreditations: for which States, from and until when. Administrators only.

An accreditation is the organisation's: all its people share it, and it counts from their next request on. Periods are
not deleted once they have begun; ending one early sets its last day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.domain.accreditation import Standing, holds, overlap, standing
from tracker.domain.deadlines import local_date
from tracker.domain.errors import NotPermitted, NotVisible, Stale, Unmet, WrongState
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.vocabulary import PartyKind
from tracker.models import Accreditation, Organisation, ReportingParty, User
from tracker.services import audit
from tracker.services.plain_rows import rows as plain
from tracker.services.records import LARGEST_ID

WEB = ("https://", "http://")
_PERIODS = (
    sa.select(Accreditation.party_id, Accreditation.starts_on, Accreditation.ends_on, ReportingParty.time_zone)
    .join(ReportingParty, ReportingParty.id == Accreditation.party_id)
    .where(Accreditation.organisation_id == sa.bindparam("organisation"))
)


def accredited(session: Session, organisation_id: int | None, *, now: datetime) -> frozenset[int]:
    """The parties for which the organisation's accreditation holds at this moment, by id. One query."""
    if organisation_id is None:
        return frozenset()
    periods = plain(session, _PERIODS, {"organisation": organisation_id})
    return frozenset(p.party_id for p in periods if holds(p.starts_on, p.ends_on, now, p.time_zone))


@dataclass(frozen=True)
class Line:
    """An organisation in the list."""

    id: int
    name: str
    website: str
    people: int
    """With an open account."""
    states: tuple[dict[str, str], ...]
    """Names of the States for which it is accredited today."""


@dataclass(frozen=True)
class Period:
    """One accreditation with where it stands today."""

    id: int
    code: str
    name: dict[str, str]
    starts_on: date | None
    ends_on: date | None
    standing: Standing


def listing(session: Session, *, now: datetime) -> list[Line]:
    """Every organisation by name. Three queries."""
    counted = session.execute(
        sa.select(User.organisation_id, sa.func.count())
        .where(User.organisation_id.is_not(None), User.active.is_(True))
        .group_by(User.organisation_id)
    )
    people = {row[0]: row[1] for row in counted}
    states: dict[int, list[dict[str, str]]] = {}
    held = session.execute(
        sa.select(
            Accreditation.organisation_id,
            Accreditation.starts_on,
            Accreditation.ends_on,
            ReportingParty.time_zone,
            ReportingParty.name,
        )
        .join(ReportingParty, ReportingParty.id == Accreditation.party_id)
        .order_by(ReportingParty.code)
    )
    for row in held:
        if holds(row.starts_on, row.ends_on, now, row.time_zone):
            states.setdefault(row.organisation_id, []).append(row.name)
    found = session.execute(
        sa.select(Organisation.id, Organisation.name, Organisation.website).order_by(
            sa.func.lower(Organisation.name), Organisation.id
        )
    )
    return [Line(o.id, o.name, o.website, people.get(o.id, 0), tuple(states.get(o.id, ()))) for o in found]


def names(session: Session) -> list[sa.Row[Any]]:
    """Every organisation as (id, name), by name."""
    return list(session.execute(sa.select(Organisation.id, Organisation.name).order_by(Organisation.name)))


def get(session: Session, organisation_id: int) -> Organisation:
    """The organisation with its accreditations. Raises NotVisible where there is none."""
    if not 0 < organisation_id <= LARGEST_ID:
        raise NotVisible
    found = session.scalar(
        sa.select(Organisation)
        .where(Organisation.id == organisation_id)
        .options(selectinload(Organisation.accreditations).joinedload(Accreditation.party))
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotVisible
    return found


def periods(organisation: Organisation, *, now: datetime) -> list[Period]:
    """Its accreditations by State, the newest first."""
    listed = sorted(organisation.accreditations, key=lambda a: (a.party.code, -(a.starts_on or date.min).toordinal()))
    return [
        Period(
            a.id,
            a.party.code,
            a.party.name,
            a.starts_on,
            a.ends_on,
            standing(a.starts_on, a.ends_on, now, a.party.time_zone),
        )
        for a in listed
    ]


def people_of(session: Session, organisation_id: int) -> list[sa.Row[Any]]:
    """Its accounts as (id, name, active)."""
    return list(
        session.execute(
            sa.select(User.id, User.name, User.active)
            .where(User.organisation_id == organisation_id)
            .order_by(User.name, User.id)
        )
    )


def create(session: Session, *, name: str, website: str, actor: Actor | None, now: datetime) -> Organisation:
    """A new organisation. ``actor`` None is the command line. Raises NotPermitted, Unmet(name=…, website=…)."""
    _permit(actor)
    _check(session, name, website, None)
    made = Organisation(name=name, website=website, created_at=now)
    session.add(made)
    session.flush()
    audit.record(
        session,
        "organisation.created",
        now=now,
        actor=actor,
        about=("organisation", made.id),
        new={"name": audit.Plain(name)},
    )
    return made


def named(session: Session, name: str, *, actor: Actor | None, now: datetime) -> Organisation:
    """The organisation of this name; made where there is none yet."""
    found = session.scalar(sa.select(Organisation).where(sa.func.lower(Organisation.name) == name.lower()))
    return found or create(session, name=name, website="", actor=actor, now=now)


def change(
    session: Session, organisation_id: int, *, name: str, website: str, seen_version: int, actor: Actor, now: datetime
) -> None:
    """Correct name and website. Raises NotPermitted, NotVisible, Unmet; Stale with what is stored."""
    _permit(actor)
    record = _locked(session, organisation_id)
    if (record.name, record.website) == (name, website):
        return
    if record.version != seen_version:
        raise Stale(theirs={"name": record.name, "website": record.website}, yours={"name": name, "website": website})
    _check(session, name, website, record.id)
    old = {"name": record.name, "website": record.website}
    record.name, record.website = name, website
    session.flush()
    audit.record(
        session,
        "organisation.changed",
        now=now,
        actor=actor,
        about=("organisation", record.id),
        old={field: audit.Plain(value) for field, value in old.items()},
        new={"name": audit.Plain(name), "website": audit.Plain(website)},
    )


def accredit(
    session: Session,
    organisation_id: int,
    *,
    states: tuple[str, ...],
    starts_on: date | None,
    ends_on: date | None,
    actor: Actor | None,
    now: datetime,
) -> None:
    """Accredit for these States (codes), from and until a day; without a last day until further notice.

    Raises NotPermitted, NotVisible, Unmet(states=required|unknown|overlaps, starts_on=required, ends_on=before_start).
    """
    _permit(actor)
    record = _locked(session, organisation_id)
    wanted = {code.upper() for code in states}
    found = list(
        session.scalars(
            sa.select(ReportingParty).where(
                ReportingParty.code.in_(sorted(wanted)), ReportingParty.kind == PartyKind.MEMBER_STATE
            )
        )
    )
    problems = {}
    if not wanted:
        problems["states"] = "required"
    elif len(found) != len(wanted):
        problems["states"] = "unknown"
    elif any(
        a.party_id in {party.id for party in found} and overlap((a.starts_on, a.ends_on), (starts_on, ends_on))
        for a in record.accreditations
    ):
        problems["states"] = "overlaps"
    if starts_on is None:
        problems["starts_on"] = "required"
    elif ends_on is not None and ends_on < starts_on:
        problems["ends_on"] = "before_start"
    if problems:
        raise Unmet(**problems)
    for party in found:
        record.accreditations.append(
            Accreditation(
                party_id=party.id,
                starts_on=starts_on,
                ends_on=ends_on,
                granted_at=now,
                granted_by_id=actor.user_id if actor else None,
            )
        )
    session.flush()
    session.expire(record, ["accreditations"])
    for party in found:
        audit.record(
            session,
            "accreditation.granted",
            now=now,
            actor=actor,
            party_id=party.id,
            internal=False,
            about=("organisation", record.id),
            new={"party": audit.Plain(party.code), "starts_on": starts_on, "ends_on": ends_on},
        )


def accreditation(session: Session, accreditation_id: int) -> Accreditation:
    """One period with its State and organisation. Raises NotVisible where there is none."""
    found = None
    if 0 < accreditation_id <= LARGEST_ID:
        found = session.scalar(
            sa.select(Accreditation)
            .where(Accreditation.id == accreditation_id)
            .options(joinedload(Accreditation.party), joinedload(Accreditation.organisation))
            .execution_options(populate_existing=True)
        )
    if found is None:
        raise NotVisible
    return found


def has_begun(period: Accreditation, *, now: datetime) -> bool:
    """Whether a whole day of it is over in the State's zone: then it stays in the record, however it ends."""
    return period.starts_on is None or period.starts_on < local_date(now, period.party.time_zone)


def end(
    session: Session, accreditation_id: int, *, last_day: date | None, seen: str, actor: Actor, now: datetime
) -> None:
    """Set the last day of a period; it may lie in the past: then nothing is open from now on.

    ``seen`` is the last day that the person saw, as a date or "". Raises NotPermitted, NotVisible, Stale,
    Unmet(last_day=required|before_start|overlaps).
    """
    record, period = _period(session, accreditation_id, seen, actor)
    if last_day is None:
        raise Unmet(last_day="required")
    if period.starts_on is not None and last_day < period.starts_on:
        raise Unmet(last_day="before_start")
    for other in record.accreditations:
        if other.id == period.id or other.party_id != period.party_id:
            continue
        if overlap((period.starts_on, last_day), (other.starts_on, other.ends_on)):
            raise Unmet(last_day="overlaps")
    old = str(period.ends_on or "")
    period.ends_on = last_day
    session.flush()
    _note(session, "accreditation.ended", period, actor, now, old=old, new=str(last_day))


def take_away(session: Session, accreditation_id: int, *, seen: str, actor: Actor, now: datetime) -> None:
    """Delete a period of which no whole day is over. Raises NotPermitted, NotVisible, Stale, WrongState."""
    _record, period = _period(session, accreditation_id, seen, actor)
    if has_begun(period, now=now):
        raise WrongState("accreditation.take_away", Standing.HOLDS.value)
    _note(session, "accreditation.taken_away", period, actor, now, old=str(period.ends_on or ""), new="")
    session.delete(period)
    session.flush()


def _period(session: Session, accreditation_id: int, seen: str, actor: Actor) -> tuple[Organisation, Accreditation]:
    """Both, while other changes of this organisation wait."""
    _permit(actor)
    record = _locked(session, accreditation(session, accreditation_id).organisation_id)
    period = accreditation(session, accreditation_id)
    if str(period.ends_on or "") != seen:
        raise Stale
    return record, period


def _note(
    session: Session, event: str, period: Accreditation, actor: Actor, now: datetime, *, old: str, new: str
) -> None:
    audit.record(
        session,
        event,
        now=now,
        actor=actor,
        party_id=period.party_id,
        internal=False,
        about=("organisation", period.organisation_id),
        old={"party": audit.Plain(period.party.code), "starts_on": period.starts_on, "ends_on": old or None},
        new={"ends_on": new or None},
    )


def _locked(session: Session, organisation_id: int) -> Organisation:
    if not 0 < organisation_id <= LARGEST_ID:
        raise NotVisible
    record = session.scalar(
        sa.select(Organisation)
        .where(Organisation.id == organisation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if record is None:
        raise NotVisible
    session.scalars(
        sa.select(Accreditation)
        .where(Accreditation.organisation_id == record.id)
        .options(joinedload(Accreditation.party))
        .execution_options(populate_existing=True)
    ).all()
    session.expire(record, ["accreditations"])
    return record


def _permit(actor: Actor | None) -> None:
    if actor is not None and not can(actor, Permission.PEOPLE_MANAGE):
        raise NotPermitted(Permission.PEOPLE_MANAGE)


def _check(session: Session, name: str, website: str, own_id: int | None) -> None:
    problems = {}
    if not name:
        problems["name"] = "required"
    elif session.scalar(
        sa.select(Organisation.id).where(
            sa.func.lower(Organisation.name) == name.lower(), Organisation.id != (own_id or 0)
        )
    ):
        problems["name"] = "taken"
    if website and not website.lower().startswith(WEB):
        problems["website"] = "no_link"
    if problems:
        raise Unmet(**problems)
