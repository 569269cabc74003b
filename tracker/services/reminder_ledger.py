"""The ledger of reminders as it is read beside a commitment: which step, when, whom, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.errors import NotPermitted
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.vocabulary import ReminderOutcome, Role
from tracker.models import Commitment, ProgressReport, ReminderEntry, ReportingCycle, User
from tracker.services.plain_rows import rows as plain

PAGE = 50
FIRST = 6
"""So many stand on the page of the commitment."""


@dataclass(frozen=True)
class Entry:
    """One row. ``day``: days after ``due_on``, negative before it. ``person`` is None where nobody held the post."""

    cycle_title: dict[str, str]
    due_on: date
    day: int
    person: str | None
    role: Role | None
    outcome: ReminderOutcome
    at: datetime
    message_id: int | None
    """The mail that named it, for those who may open the outbox."""


@dataclass(frozen=True)
class Ledger:
    entries: list[Entry]
    total: int


def may_read(actor: Actor, commitment: Commitment) -> bool:
    """The people of the party and staff; who may read the commitment at all is asked before."""
    return actor.is_staff or actor.party_id == commitment.party_id


def of_commitment(
    session: Session, commitment: Commitment, actor: Actor, *, number: int = 1, size: int = PAGE
) -> Ledger:
    """Page ``number`` of what this reader may see, newest first: contributors their own rows only. One query.

    Raises NotPermitted where the reader is neither of the party nor staff.
    """
    if not may_read(actor, commitment):
        raise NotPermitted(Permission.COMMITMENT_VIEW)
    values = {
        "commitment": commitment.id,
        "user": actor.user_id,
        "offset": (number - 1) * size,
        "size": size,
    }
    found = plain(session, _entries(actor.role is Role.CONTRIBUTOR), values).all()
    outbox = can(actor, Permission.MAIL_VIEW)
    entries = [
        Entry(
            row.title,
            row.due_on,
            row.day,
            row.name,
            row.role,
            row.outcome,
            row.at,
            row.message_id if outbox else None,
        )
        for row in found
    ]
    return Ledger(entries, found[0].total if found else 0)


def _of(own: bool, *columns: sa.ColumnElement | sa.orm.InstrumentedAttribute) -> sa.Select:
    query = (
        sa.select(*columns)
        .select_from(ReminderEntry)
        .join(ProgressReport, ProgressReport.id == ReminderEntry.report_id)
        .where(ProgressReport.commitment_id == sa.bindparam("commitment"))
    )
    return query.where(ReminderEntry.user_id == sa.bindparam("user")) if own else query


@cache
def _entries(own: bool) -> sa.Select:
    return (
        _of(
            own,
            ReportingCycle.title,
            ReminderEntry.due_on,
            ReminderEntry.day,
            User.name,
            User.role,
            ReminderEntry.outcome,
            ReminderEntry.at,
            ReminderEntry.message_id,
            _of(own, sa.func.count()).scalar_subquery().label("total"),
        )
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .outerjoin(User, User.id == ReminderEntry.user_id)
        .order_by(ReminderEntry.at.desc(), ReminderEntry.day.desc(), ReminderEntry.id.desc())
        .limit(sa.bindparam("size", type_=sa.Integer))
        .offset(sa.bindparam("offset", type_=sa.Integer))
    )
