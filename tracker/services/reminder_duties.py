"""What every person has to act on, read in a constant number of queries: the picture that reminders are made from.

The same picture serves a tick over everybody, the mail of one person, the look before a mail leaves, and the forecast,
so that they cannot disagree. Who is told of what stands in docs/mail.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.deadlines import local_date
from tracker.domain.reminders import last_day, steps_for
from tracker.domain.vocabulary import MessageState, PartyKind, ReminderOutcome, ReportState, Role
from tracker.domain.workflow import WITH_THE_PARTY
from tracker.models import (
    Assignment,
    Commitment,
    Message,
    Participation,
    ProgressReport,
    Provision,
    ReminderEntry,
    ReportingCycle,
    ReportingParty,
)
from tracker.services import ladder
from tracker.services.assignment_lists import DUE, READY
from tracker.services.mail_readers import MailReader
from tracker.services.plain_rows import rows
from tracker.services.recipients import WRITERS

NAMED = (ReminderOutcome.SENT, ReminderOutcome.GROUPED)
"""The outcomes of a step that a mail has named."""
DAY = timedelta(days=1)
SLACK = timedelta(days=40)
"""Holidays in a row move a sending day back; nothing is looked for further ahead than this."""


class Duty(NamedTuple):
    """An item: a report that waits for somebody. ``due_on`` is the date that counts for that person."""

    report_id: int
    code: str


@dataclass(frozen=True, slots=True)
class Party:
    """A reporting party, as far as reminders go."""

    id: int
    kind: PartyKind
    code: str
    time_zone: str
    approval_required: bool


class Group(NamedTuple):
    """What reports of one party and cycle have in common, so that each rule is asked once for all of them."""

    party: Party
    cycle_id: int
    due_on: date
    last_day: date
    awaits_approval: bool


Items = dict[Group, list[Duty]]
Told = dict[int, dict[tuple[int, date], int]]
"""By person: the latest step that a mail named, by report and date."""


def order(group: Group, duty: Duty) -> tuple[bool, date, int]:
    """The order of a mail: what is to be written by its date, then what waits for approval."""
    return group.awaits_approval, group.due_on, duty.report_id


class Picture:
    """The duties of ``people``, and what they were told. Made by ``load``."""

    def __init__(
        self,
        people: Iterable[MailReader],
        ladders: ladder.Ladders,
        parties: dict[int, Party],
        reports: dict[int, Items],
        parts: dict[int, Items],
        told: Told,
    ) -> None:
        self.people = {one.user_id: one for one in people}
        self.parties = parties
        self.told = told
        self._ladders = ladders
        self._reports = reports
        self._parts = parts
        self._writers: dict[int, list[MailReader]] = defaultdict(list)
        self._approvers: set[int] = set()
        self._steps: dict[tuple[int, PartyKind, bool], tuple[int, ...]] = {}
        agencies = [party.id for party in parties.values() if party.kind is PartyKind.COOPERATION_AGENCIES]
        for one in self.people.values():
            for party_id in agencies if one.role is Role.ADMINISTRATOR else [one.party_id]:
                party = parties.get(party_id) if party_id is not None else None
                if party is not None and one.role is WRITERS[party.kind]:
                    self._writers[party.id].append(one)
            if one.role is Role.APPROVER and one.party_id is not None:
                self._approvers.add(one.party_id)

    def items_of(self, person: MailReader) -> Iterator[tuple[Group, list[Duty]]]:
        """What waits for this person, whether or not it is time to say so."""
        if person.role is Role.CONTRIBUTOR:
            yield from self._parts.get(person.user_id, {}).items()
            return
        for party_id in self._parties_of(person):
            party = self.parties[party_id]
            writes = person.role is WRITERS[party.kind]
            for group, duties in self._reports.get(party_id, {}).items():
                if group.awaits_approval and self.has_approver(party):
                    if person.role is Role.APPROVER:
                        yield group, duties
                elif writes:
                    yield group, duties

    def steps(self, person: MailReader, group: Group, day: date) -> tuple[int, ...]:
        """The days of the steps that this person is told of, on this day of the own calendar."""
        second_only = person.is_alternate and person.role is WRITERS[group.party.kind]
        return self.ladder_of(group, second_only=second_only and self._main_can_be_told(group.party.id, day))

    def ladder_of(self, group: Group, *, second_only: bool = False) -> tuple[int, ...]:
        """The days of the steps that go by mail; ``second_only``: those of the rung of the alternates."""
        key = (group.cycle_id, group.party.kind, second_only)
        if key not in self._steps:
            self._steps[key] = steps_for(self._ladders.of(group.cycle_id, group.party.kind), alternate=second_only)
        return self._steps[key]

    def changes_on(self, person: MailReader, group: Group, day: date) -> date | None:
        """The day after ``day`` from which on ``steps`` gives another answer, as things stand; None: never."""
        if not person.is_alternate or person.role is not WRITERS[group.party.kind]:
            return None
        if self._main_can_be_told(group.party.id, day):
            return None
        back = [one.reads.away_until for one in self._main(group.party.id) if not one.reads.bounced]
        return min((until for until in back if until is not None), default=None)

    def has_approver(self, party: Party) -> bool:
        """Whether what awaits approval waits for an approver, not for the focal points."""
        return party.kind is PartyKind.MEMBER_STATE and party.approval_required and party.id in self._approvers

    def nobody(self, group: Group) -> bool:
        """Whether the post is vacant: no active person is there to be told."""
        if group.awaits_approval and self.has_approver(group.party):
            return False
        return not self._writers[group.party.id]

    def of_party(self, party_id: int) -> Items:
        """The reports that wait for anybody of this party but contributors."""
        return self._reports.get(party_id, {})

    def told_of(self, person: MailReader, duty: Duty, group: Group) -> int | None:
        """The latest step of this item that a mail named."""
        return self.told.get(person.user_id, {}).get((duty.report_id, group.due_on))

    def _parties_of(self, person: MailReader) -> list[int]:
        if person.role is Role.ADMINISTRATOR:
            return [p.id for p in self.parties.values() if p.kind is PartyKind.COOPERATION_AGENCIES]
        return [person.party_id] if person.party_id in self.parties else []

    def _main(self, party_id: int) -> list[MailReader]:
        return [one for one in self._writers[party_id] if not one.is_alternate]

    def _main_can_be_told(self, party_id: int, day: date) -> bool:
        return any(not one.reads.bounced and not one.reads.is_away(day) for one in self._main(party_id))


def load(
    session: Session,
    people: list[MailReader],
    *,
    now: datetime,
    ahead: timedelta = timedelta(),
    only: MailReader | None = None,
    done: bool = False,
) -> Picture:
    """The open items of these people; of ``only`` this person where one is given.

    ``ahead``: how far the steps that matter may lie in the future. ``done``: the reports of open cycles that nobody
    has to act on any more, instead (what became of their steps is written down, too). Five queries.
    """
    ladders = ladder.in_force(session)
    parties = _parties(session, now, only)
    earliest = min((day for steps in ladders.by_cycle.values() for day, _rung in steps), default=0)
    today = local_date(now, "UTC")
    values: dict[str, Any] = {"yesterday": today - DAY, "until": today + DAY + ahead - timedelta(days=earliest) + SLACK}
    narrowed = only is not None
    if only is not None:
        values |= {"user": only.user_id, "party": only.party_id or 0}
    agencies = only is not None and only.role is Role.ADMINISTRATOR
    reports: dict[int, Items] = {}
    if only is None or only.role is not Role.CONTRIBUTOR:
        for row in rows(session, _reports(narrowed, agencies, done), values):
            _sort_in(reports, row.party_id, row, parties)
    parts: dict[int, Items] = {}
    if only is None or only.role is Role.CONTRIBUTOR:
        own = {one.user_id: one.party_id for one in people if one.role is Role.CONTRIBUTOR}
        for row in rows(session, _parts(narrowed, done), values):
            if own.get(row.user_id) == row.party_id:
                _sort_in(parts, row.user_id, row, parties)
    told: Told = {}
    if reports or parts:
        for row in rows(session, _told(narrowed), values):
            told.setdefault(row.user_id, {})[row.report_id, row.due_on] = row.day
    return Picture(people, ladders, parties, reports, parts, told)


def _sort_in(found: dict[int, Items], key: int, row: Any, parties: dict[int, Party]) -> None:
    party = parties.get(row.party_id)
    if party is None:
        return
    end = last_day(row.closes_on, row.report_due_on)
    group = Group(party, row.cycle_id, row.due_on, end, row.state is ReportState.AWAITING_APPROVAL)
    found.setdefault(key, {}).setdefault(group, []).append(Duty(row.id, row.code))


def _parties(session: Session, now: datetime, only: MailReader | None) -> dict[int, Party]:
    """The parties that take part today, on their own calendar; others than States always do.

    Of ``only`` one person, the own party and those that have no people of their own.
    """
    found: dict[int, Party] = {}
    for row in rows(session, _taking_part()):
        if only is not None and row.kind is PartyKind.MEMBER_STATE and row.id != only.party_id:
            continue
        party = Party(row.id, row.kind, row.code, row.time_zone, row.approval_required)
        today = local_date(now, party.time_zone)
        begun = row.starts_on is not None and row.starts_on <= today
        if party.kind is not PartyKind.MEMBER_STATE or (begun and (row.ends_on is None or today <= row.ends_on)):
            found[party.id] = party
    return found


@cache
def _taking_part() -> sa.Select:
    return (
        sa.select(
            ReportingParty.id,
            ReportingParty.kind,
            ReportingParty.code,
            ReportingParty.time_zone,
            ReportingParty.approval_required,
            Participation.starts_on,
            Participation.ends_on,
        )
        .outerjoin(Participation, Participation.party_id == ReportingParty.id)
        .order_by(ReportingParty.id)
    )


def _columns(due_on: Any) -> list[Any]:
    return [
        ProgressReport.id,
        ProgressReport.party_id,
        ProgressReport.cycle_id,
        ProgressReport.state,
        ProgressReport.due_on.label("report_due_on"),
        due_on.label("due_on"),
        ReportingCycle.closes_on,
        Provision.code,
    ]


def _of_open_cycles(query: sa.Select, due_on: Any) -> sa.Select:
    yesterday = sa.bindparam("yesterday", type_=sa.Date)
    return (
        query.join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .where(
            due_on <= sa.bindparam("until", type_=sa.Date),
            ReportingCycle.opened_at.is_not(None),
            # A first, wide sieve by date; the exact end is in the party's zone.
            sa.or_(ReportingCycle.closes_on >= yesterday, ProgressReport.due_on >= yesterday),
            Commitment.is_followed,
        )
        .order_by(ProgressReport.id)
    )


@cache
def _reports(narrowed: bool, agencies: bool, done: bool) -> sa.Select:
    due_on = ProgressReport.due_on
    states = ProgressReport.state.not_in(WITH_THE_PARTY) if done else ProgressReport.state.in_(WITH_THE_PARTY)
    query = _of_open_cycles(sa.select(*_columns(due_on)).select_from(ProgressReport), due_on).where(states)
    if agencies:
        kind = sa.select(ReportingParty.id).where(ReportingParty.kind == PartyKind.COOPERATION_AGENCIES)
        return query.where(ProgressReport.party_id.in_(kind))
    return query.where(ProgressReport.party_id == sa.bindparam("party")) if narrowed else query


@cache
def _parts(narrowed: bool, done: bool) -> sa.Select:
    """A contributor's parts of one report count by their dates: two of one date are one item."""
    due_on = sa.type_coerce(DUE, sa.Date)
    to_write = ProgressReport.state.in_([ReportState.DRAFT, ReportState.RETURNED])
    query = _of_open_cycles(
        sa.select(Assignment.user_id, *_columns(due_on))
        .select_from(Assignment)
        .join(ProgressReport, ProgressReport.commitment_id == Assignment.commitment_id),
        due_on,
    )
    query = query.where(sa.or_(~to_write, READY)) if done else query.where(to_write, ~READY)
    query = query.distinct()
    return query.where(Assignment.user_id == sa.bindparam("user")) if narrowed else query


@cache
def _told(narrowed: bool) -> sa.Select:
    """The latest step that was named, of every open item. A mail that was withdrawn has named nothing."""
    yesterday = sa.bindparam("yesterday", type_=sa.Date)
    query = (
        sa.select(
            ReminderEntry.user_id,
            ReminderEntry.report_id,
            ReminderEntry.due_on,
            sa.func.max(ReminderEntry.day).label("day"),
        )
        .join(ProgressReport, ProgressReport.id == ReminderEntry.report_id)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .outerjoin(Message, Message.id == ReminderEntry.message_id)
        .where(
            ReminderEntry.user_id.is_not(None),
            ReminderEntry.outcome.in_(NAMED),
            sa.or_(Message.id.is_(None), Message.state != MessageState.WITHDRAWN),
            ProgressReport.state.in_(WITH_THE_PARTY),
            sa.or_(ReportingCycle.closes_on >= yesterday, ProgressReport.due_on >= yesterday),
        )
        .group_by(ReminderEntry.user_id, ReminderEntry.report_id, ReminderEntry.due_on)
    )
    return query.where(ReminderEntry.user_id == sa.bindparam("user")) if narrowed else query
