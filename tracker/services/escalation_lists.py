"""Escalations as pages show them: the list for staff, what was told before, what a State learns of it; counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.deadlines import local_date
from tracker.domain.policy import Actor
from tracker.domain.vocabulary import EscalationState, ReminderOutcome, Role, Rung
from tracker.models import (
    Escalation,
    Message,
    NoteVerbale,
    ReminderEntry,
    ReportingCycle,
    ReportingParty,
    User,
)
from tracker.services import overdue
from tracker.services.plain_rows import rows as plain

PAGE = 50
MOST_TOLD = 100
READERS = frozenset({Role.FOCAL_POINT, Role.APPROVER})
"""Who of a State reads on the own page that the Secretariat wrote beyond the focal points."""


class Tab(StrEnum):
    """The parts of the list."""

    WAITING = "waiting"
    DECIDED = "decided"


@dataclass(frozen=True)
class Line:
    """A case in the list."""

    id: int
    party_name: dict[str, str]
    cycle_title: dict[str, str]
    rung: Rung
    state: EscalationState
    opened_at: datetime
    decided_at: datetime | None
    decider: str | None
    note_number: str
    """"" where no note was prepared."""
    handed_over_on: date | None
    days: int
    """Of the report that is overdue longest; 0 where nothing is overdue any more."""
    nobody: bool
    """The State has no focal point."""


@dataclass(frozen=True)
class Told:
    """Reminders of one step to one person about what is overdue: the ledger, counted."""

    name: str | None
    """None: nobody held the post."""
    is_alternate: bool
    day: int
    outcome: ReminderOutcome
    last: datetime
    reports: int


@dataclass(frozen=True)
class Written:
    """What a State's own people learn: whom the Secretariat wrote to and when, and of the note its days."""

    rung: Rung
    cycle_title: dict[str, str]
    on: datetime
    note_number: str
    handed_over_on: date | None


def listing(session: Session, tab: Tab, *, party: str, number: int, now: datetime) -> tuple[list[Line], int]:
    """Page ``number`` of the cases that wait (longest first) or were decided (newest first), and how many there are.

    ``party``: a State's code, or "" for all. Three queries.
    """
    values = {"party": party.upper(), "offset": (number - 1) * PAGE}
    rows = plain(session, _listed(tab, bool(party)), values).all()
    longest = overdue.longest(session, now=now)
    nobody = overdue.without_focal_point(session)
    lines = [
        Line(
            row.id,
            row.party_name,
            row.cycle_title,
            row.rung,
            row.state,
            row.opened_at,
            row.decided_at,
            row.decider,
            _number(row),
            row.handed_over_on,
            longest.get((row.party_id, row.cycle_id), 0),
            row.party_id in nobody,
        )
        for row in rows
    ]
    return lines, rows[0].total if rows else 0


def waiting(session: Session) -> tuple[int, datetime | None]:
    """How many cases wait for staff, and since when the oldest does. One query."""
    row = plain(session, _waiting()).one()
    return row.waiting, row.oldest


def told(session: Session, report_ids: list[int]) -> list[Told]:
    """The reminders so far about these reports of a State, the newest first. One query."""
    values = {"ids": report_ids}
    return [
        Told(row.name, bool(row.is_alternate), row.day, row.outcome, row.last, row.reports)
        for row in plain(session, _told(), values)
    ]


def written_about(session: Session, actor: Actor, *, now: datetime) -> list[Written]:
    """What was written about the reader's State to those above, in cycles that have not closed. One query."""
    if actor.party_id is None or actor.role not in READERS:
        return []
    return [
        Written(row.rung, row.cycle_title, row.decided_at, _number(row), row.handed_over_on)
        for row in plain(session, _written(), {"party": actor.party_id, "today": local_date(now, actor.time_zone)})
    ]


def name_of(session: Session, user_id: int | None) -> str:
    """The name of the person who decided, for staff; "" where nobody did."""
    return session.scalar(sa.select(User.name).where(User.id == user_id)) or "" if user_id else ""


def mail_of(session: Session, escalation_id: int) -> sa.Row | None:
    """The letter that went: state, to_address, subject, text, language, sent_at; None where none did."""
    return plain(session, _mail(), {"id": escalation_id}).one_or_none()


def _number(row: sa.Row) -> str:
    return f"NV {row.sequence}/{row.year}" if row.sequence else ""


@cache
def _listed(tab: Tab, one_party: bool) -> sa.Select:
    is_waiting = Escalation.state == EscalationState.WAITING
    order = (
        [Escalation.opened_at, Escalation.id]
        if tab is Tab.WAITING
        else [Escalation.decided_at.desc(), Escalation.id.desc()]
    )
    listed = (
        sa.select(
            Escalation.id,
            Escalation.party_id,
            Escalation.cycle_id,
            Escalation.rung,
            Escalation.state,
            Escalation.opened_at,
            Escalation.decided_at,
            ReportingParty.name.label("party_name"),
            ReportingCycle.title.label("cycle_title"),
            User.name.label("decider"),
            NoteVerbale.year,
            NoteVerbale.sequence,
            NoteVerbale.handed_over_on,
            sa.func.count().over().label("total"),
        )
        .join(ReportingParty, ReportingParty.id == Escalation.party_id)
        .join(ReportingCycle, ReportingCycle.id == Escalation.cycle_id)
        .outerjoin(User, User.id == Escalation.decided_by_id)
        .outerjoin(NoteVerbale, NoteVerbale.escalation_id == Escalation.id)
        .where(is_waiting if tab is Tab.WAITING else ~is_waiting)
        .order_by(*order)
        .limit(PAGE)
        .offset(sa.bindparam("offset", type_=sa.Integer))
    )
    return listed.where(ReportingParty.code == sa.bindparam("party")) if one_party else listed


@cache
def _waiting() -> sa.Select:
    return sa.select(
        sa.func.count().label("waiting"),
        sa.func.min(Escalation.opened_at, type_=Escalation.opened_at.type).label("oldest"),
    ).where(Escalation.state == EscalationState.WAITING)


@cache
def _told() -> sa.Select:
    last = sa.func.max(ReminderEntry.at, type_=ReminderEntry.at.type)
    return (
        sa.select(
            User.name,
            User.is_alternate,
            ReminderEntry.day,
            ReminderEntry.outcome,
            last.label("last"),
            sa.func.count(sa.distinct(ReminderEntry.report_id)).label("reports"),
        )
        .outerjoin(User, User.id == ReminderEntry.user_id)
        .where(ReminderEntry.report_id.in_(sa.bindparam("ids", expanding=True)))
        .group_by(User.id, User.name, User.is_alternate, ReminderEntry.day, ReminderEntry.outcome)
        .order_by(last.desc(), ReminderEntry.day.desc(), User.name)
        .limit(MOST_TOLD)
    )


@cache
def _written() -> sa.Select:
    return (
        sa.select(
            Escalation.rung,
            Escalation.decided_at,
            ReportingCycle.title.label("cycle_title"),
            NoteVerbale.year,
            NoteVerbale.sequence,
            NoteVerbale.handed_over_on,
        )
        .join(ReportingCycle, ReportingCycle.id == Escalation.cycle_id)
        .outerjoin(NoteVerbale, NoteVerbale.escalation_id == Escalation.id)
        .where(
            Escalation.party_id == sa.bindparam("party"),
            Escalation.state == EscalationState.SENT,
            ReportingCycle.closes_on >= sa.bindparam("today", type_=sa.Date),
        )
        .order_by(Escalation.decided_at.desc(), Escalation.id.desc())
    )


@cache
def _mail() -> sa.Select:
    return (
        sa.select(Message.state, Message.to_address, Message.subject, Message.text, Message.language, Message.sent_at)
        .join(Escalation, Escalation.message_id == Message.id)
        .where(Escalation.id == sa.bindparam("id"))
    )
