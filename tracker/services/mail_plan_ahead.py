"""Reminders of what the clock will bring: cycles that open by themselves, States that come back or leave on a day.

The forecast of reminders knows the reports that are there today. Here stand those that will be there: the same rules
(``cycles.open_cycle``, ``participation.settle``), read instead of done.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import count
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.deadlines import ends_at, local_date
from tracker.domain.mail_plan import PlannedMail
from tracker.domain.reminders import last_day
from tracker.domain.vocabulary import PartyKind, ReportState
from tracker.domain.workflow import WITH_THE_PARTY
from tracker.models import (
    Assignment,
    Commitment,
    Participation,
    ProgressReport,
    Provision,
    ReportingCycle,
    ReportingParty,
)
from tracker.services import cycles, ladder, mail_readers, reminder_duties, reminder_forecast, work_calendars
from tracker.services.assignment_lists import DUE, READY
from tracker.services.plain_rows import rows
from tracker.services.reminder_duties import Duty, Group, Items, Party, Picture, Told

DAY = timedelta(days=1)
Periods = dict[str, list[tuple[date, date | None]]]
"""First and last day of each participation, by code of the State."""


@dataclass
class Turn:
    """Reports that somebody will have to act on from ``at`` on; those of a cycle to come have numbers below zero."""

    at: datetime
    returns: Party | None = None
    """The State that comes back; None where a cycle opens."""
    reports: dict[int, Items] = field(default_factory=dict)
    parts: dict[int, Items] = field(default_factory=dict)

    def add(self, found: dict[int, Items], key: int, group: Group, duty: Duty) -> None:
        found.setdefault(key, {}).setdefault(group, []).append(duty)


def reminders(session: Session, turns: list[Turn], *, now: datetime, days: int) -> list[PlannedMail]:
    """Every reminder of the coming days, with what the clock brings until then."""
    people = mail_readers.everybody(session, work_calendars.load(session))
    zones = {one.user_id: one.reads.time_zone for one in people}
    picture = reminder_duties.load(session, people, now=now, ahead=timedelta(days=days))
    parties, periods = _parties(session), _periods(session)
    ladders = ladder.in_force(session)
    found = {_key(mail): mail for mail in reminder_forecast.from_picture(session, picture, now=now, days=days)}
    for number, turn in enumerate(turns):
        told = picture.told
        if turn.returns is not None:
            # What the forecast says of the time after a State left is taken out, and told from its return on.
            found = {_key(mail): mail for mail in _until_it_leaves(found.values(), turn, periods[turn.returns.code])}
            told = _with_planned(told, found.values(), turn.returns.code)
            turn = _with_opened(turn, turns[:number], turn.returns.id)
        coming = Picture(people, ladders, parties, turn.reports, turn.parts, told)
        mailed = {
            mail.user_id
            for mail in found.values()
            if mail.user_id is not None and mail.at < turn.at and mail.day == local_date(turn.at, zones[mail.user_id])
        }
        left = days - (turn.at.date() - now.date()).days + 1
        for mail in reminder_forecast.from_picture(session, coming, now=turn.at, days=left, mailed=mailed):
            if mail.user_id is not None and mail.day <= local_date(now, zones[mail.user_id]) + days * DAY:
                found[_key(mail)] = _together(found.get(_key(mail)), mail)
    return list(_while_taking_part(found.values(), periods, parties.values()))


def turns(session: Session, *, now: datetime, until: datetime) -> list[Turn]:
    """What the clock brings until then, in order: cycles that open, and States that come back."""
    number = count(-1, -1)
    found = [_opening(session, row, now, number) for row in rows(session, _unopened(), {"until": until.date()})]
    found += _coming_back(session, now, until)
    return sorted(found, key=lambda turn: turn.at)


def _opening(session: Session, cycle: sa.Row, now: datetime, number: Iterator[int]) -> Turn:
    """The reports of a cycle that is to open: what ``cycles.open_cycle`` will make."""
    turn = Turn(max(now, datetime.combine(cycle.opens_on, time.min, UTC)))
    provisions = cycles.scored(session)
    owed = {kind: cycles.owed_by(kind, provisions) for kind in PartyKind}
    closed = {(row.party_id, row.provision_id) for row in rows(session, _closed())}
    asked: dict[tuple[int, int], list[sa.Row]] = defaultdict(list)
    for row in rows(session, _asked()):
        asked[row.party_id, row.provision_id].append(row)
    end = last_day(cycle.closes_on, cycle.due_on)
    for one in cycles.taking_part(session, cycle.opens_on):
        party = Party(one.id, one.kind, one.code, one.time_zone, one.approval_required)
        for provision in owed[one.kind]:
            if (one.id, provision.id) in closed:
                continue
            duty = Duty(next(number), provision.code)
            turn.add(turn.reports, one.id, Group(party, cycle.id, cycle.due_on, end, False), duty)
            dates = {
                (part.user_id, part.due_on if part.due_on and part.due_on >= cycle.opens_on else cycle.due_on)
                for part in asked[one.id, provision.id]
            }
            for user_id, due_on in sorted(dates):
                turn.add(turn.parts, user_id, Group(party, cycle.id, due_on, end, False), duty)
    return turn


def _coming_back(session: Session, now: datetime, until: datetime) -> Iterator[Turn]:
    """States whose participation begins (again): their reports go on."""
    parties = {party.code: party for party in _parties(session).values()}
    for code, periods in _periods(session).items():
        party = parties[code]
        begins = min((first for first, _last in periods if first > local_date(now, party.time_zone)), default=None)
        if begins is None or ends_at(begins - DAY, party.time_zone) > until:
            continue
        turn = Turn(ends_at(begins - DAY, party.time_zone), party)
        for row in rows(session, _reports(), {"party": party.id}):
            turn.add(turn.reports, party.id, _group(party, row), Duty(row.id, row.code))
        for row in rows(session, _parts(), {"party": party.id}):
            turn.add(turn.parts, row.user_id, _group(party, row), Duty(row.id, row.code))
        yield turn


def _group(party: Party, row: sa.Row) -> Group:
    end = last_day(row.closes_on, row.report_due_on)
    return Group(party, row.cycle_id, row.due_on, end, row.state is ReportState.AWAITING_APPROVAL)


def _key(mail: PlannedMail) -> tuple[int | None, date]:
    return mail.user_id, mail.day


def _together(before: PlannedMail | None, more: PlannedMail) -> PlannedMail:
    """One mail for each person and day."""
    if before is None:
        return more
    items = tuple(sorted((*before.items, *more.items), key=lambda item: (item.due_on, item.party_code, item.code)))
    reason = "overdue" if "overdue" in (before.reason, more.reason) else before.reason
    return replace(before, at=max(before.at, more.at), items=items, reason=reason)


def _while_taking_part(
    mails: Iterable[PlannedMail], periods: Periods, parties: Iterable[Party]
) -> Iterator[PlannedMail]:
    """Without what is of a State that no longer takes part on that day."""
    leaving = {
        party.code: party.time_zone
        for party in parties
        if party.kind is PartyKind.MEMBER_STATE and any(last for _first, last in periods.get(party.code, []))
    }
    for mail in mails:
        gone = {
            code
            for code in {item.party_code for item in mail.items} & leaving.keys()
            if not covers(periods[code], local_date(mail.at, leaving[code]))
        }
        left = tuple(item for item in mail.items if item.party_code not in gone) if gone else mail.items
        if left:
            yield replace(mail, items=left) if gone else mail


def _until_it_leaves(
    mails: Iterable[PlannedMail], turn: Turn, periods: list[tuple[date, date | None]]
) -> Iterator[PlannedMail]:
    """Without the items of the State that comes back, from the day on which it will have left."""
    state = turn.returns
    assert state is not None  # noqa: S101
    for mail in mails:
        day = min(local_date(mail.at, state.time_zone), local_date(turn.at - DAY, state.time_zone))
        if any(item.party_code == state.code for item in mail.items) and not covers(periods, day):
            left = tuple(item for item in mail.items if item.party_code != state.code)
            if left:
                yield replace(mail, items=left)
        else:
            yield mail


def _with_planned(told: Told, mails: Iterable[PlannedMail], code: str) -> Told:
    """The latest step of each item of a State that the ledger, or a planned mail, has told."""
    found: Told = {user_id: dict(items) for user_id, items in told.items()}
    for mail in mails:
        for item in mail.items:
            if item.party_code == code and mail.user_id is not None:
                steps = found.setdefault(mail.user_id, {})
                key = item.report_id, item.due_on
                steps[key] = max(steps.get(key, item.day), item.day)
    return found


def _with_opened(turn: Turn, earlier: list[Turn], party_id: int) -> Turn:
    """With the reports of cycles that will have opened before the State comes back."""
    reports: dict[int, Items] = {key: dict(items) for key, items in turn.reports.items()}
    parts: dict[int, Items] = {key: dict(items) for key, items in turn.parts.items()}
    for opening in earlier:
        if opening.returns is None:
            reports.setdefault(party_id, {}).update(opening.reports.get(party_id, {}))
            for user_id, items in opening.parts.items():
                own = {group: duties for group, duties in items.items() if group.party.id == party_id}
                parts.setdefault(user_id, {}).update(own)
    return replace(turn, reports=reports, parts=parts)


def covers(periods: list[tuple[date, date | None]], day: date) -> bool:
    """Whether the day lies in one of the periods; their last days belong to them."""
    return any(first <= day and (last is None or last >= day) for first, last in periods)


def _periods(session: Session) -> Periods:
    found: Periods = defaultdict(list)
    for code, first, last in rows(session, _all_periods()):
        found[code].append((first, last))
    return found


def _parties(session: Session) -> dict[int, Party]:
    return {row.id: Party(*row) for row in rows(session, _all_parties())}


@cache
def _all_periods() -> sa.Select:
    return sa.select(ReportingParty.code, Participation.starts_on, Participation.ends_on).join(
        ReportingParty, ReportingParty.id == Participation.party_id
    )


@cache
def _all_parties() -> sa.Select:
    p = ReportingParty
    return sa.select(p.id, p.kind, p.code, p.time_zone, p.approval_required).order_by(p.id)


@cache
def _unopened() -> sa.Select:
    c = ReportingCycle
    return (
        sa.select(c.id, c.opens_on, c.due_on, c.closes_on)
        .where(c.opened_at.is_(None), c.opens_on <= sa.bindparam("until"))
        .order_by(c.opens_on, c.id)
    )


@cache
def _closed() -> sa.Select:
    return sa.select(Commitment.party_id, Commitment.provision_id).where(Commitment.closed_at.is_not(None))


@cache
def _asked() -> sa.Select:
    return (
        sa.select(Commitment.party_id, Commitment.provision_id, Assignment.user_id, Assignment.due_on)
        .join(Commitment, Commitment.id == Assignment.commitment_id)
        .where(Commitment.closed_at.is_(None))
    )


def _of_one_party(query: sa.Select) -> sa.Select:
    return (
        query.join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .where(
            ProgressReport.party_id == sa.bindparam("party"),
            Commitment.closed_at.is_(None),
            ReportingCycle.opened_at.is_not(None),
        )
        .order_by(ProgressReport.id)
    )


def _columns(due_on: sa.ColumnElement[date]) -> list[Any]:
    report, cycle = ProgressReport, ReportingCycle
    return [
        *(report.id, report.cycle_id, report.state, report.due_on.label("report_due_on")),
        *(due_on.label("due_on"), cycle.closes_on, Provision.code),
    ]


@cache
def _reports() -> sa.Select:
    query = sa.select(*_columns(sa.type_coerce(ProgressReport.due_on, sa.Date))).select_from(ProgressReport)
    return _of_one_party(query).where(ProgressReport.state.in_(WITH_THE_PARTY))


@cache
def _parts() -> sa.Select:
    query = (
        sa.select(Assignment.user_id, *_columns(sa.type_coerce(DUE, sa.Date)))
        .select_from(Assignment)
        .join(ProgressReport, ProgressReport.commitment_id == Assignment.commitment_id)
    )
    to_write = ProgressReport.state.in_([ReportState.DRAFT, ReportState.RETURNED])
    return _of_one_party(query).where(to_write, ~READY).distinct()
