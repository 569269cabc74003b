"""What is overdue, by State and cycle: the ground on which staff write beyond the focal points.

A report is overdue here while it is with its State after the end of its due date and can still be submitted: the cycle
has not closed in the State's time zone, the commitment is followed and the State takes part.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.deadlines import days_left, ends_at, local_date
from tracker.domain.vocabulary import PartyKind, Role
from tracker.domain.workflow import WITH_THE_PARTY
from tracker.models import (
    Commitment,
    Participation,
    ProgressReport,
    Provision,
    ReportingCycle,
    ReportingParty,
    User,
)
from tracker.services.plain_rows import rows as plain


@dataclass(frozen=True, slots=True)
class Overdue:
    """A report that its State still owes."""

    report_id: int
    commitment_id: int
    code: str
    title: dict[str, str]
    cycle_due_on: date
    """As it was due at first."""
    due_on: date
    """As it is due now: later where more time was given."""
    days: int
    """Whole days since then, on the State's calendar."""


def items(session: Session, party_id: int, cycle_id: int, *, now: datetime) -> list[Overdue]:
    """What this State owes in this cycle and is overdue, longest first. One query."""
    values = {"now": now, "today": local_date(now, "UTC"), "party": party_id, "cycle": cycle_id}
    return [
        Overdue(
            row.id,
            row.commitment_id,
            row.code,
            row.title,
            row.cycle_due_on,
            row.due_on,
            -days_left(row.due_on, now, row.time_zone),
        )
        for row in plain(session, _items(), values)
        if now < ends_at(row.closes_on, row.time_zone)
    ]


def named(session: Session, party_id: int, cycle_id: int, codes: Collection[str]) -> list[Overdue]:
    """The reports of a State in a cycle on these provisions, overdue or not; ``days`` is 0. One query."""
    values = {"party": party_id, "cycle": cycle_id, "codes": list(codes)}
    return [
        Overdue(row.id, row.commitment_id, row.code, row.title, row.cycle_due_on, row.due_on, 0)
        for row in plain(session, _named(), values)
    ]


def longest(session: Session, *, now: datetime) -> dict[tuple[int, int], int]:
    """Days since the due date of what is overdue longest, by (State, cycle). One query, whatever the number."""
    today = local_date(now, "UTC")
    values = {"now": now, "today": today, "yesterday": today - timedelta(days=1)}
    return {
        (row.party_id, row.cycle_id): -days_left(row.due_on, now, row.time_zone)
        for row in plain(session, _longest(), values)
        if now < ends_at(row.closes_on, row.time_zone)
    }


def without_focal_point(session: Session) -> frozenset[int]:
    """Ids of the States that have no focal point with an open account. One query."""
    return frozenset(plain(session, _without()).scalars())


def _conditions() -> tuple[Any, ...]:
    today = sa.bindparam("today", type_=sa.Date)
    takes_part = sa.exists().where(
        Participation.party_id == ProgressReport.party_id,
        Participation.starts_on <= today,
        sa.or_(Participation.ends_on.is_(None), Participation.ends_on >= today),
    )
    return (
        ReportingParty.kind == PartyKind.MEMBER_STATE,
        ProgressReport.state.in_(WITH_THE_PARTY),
        ProgressReport.due_at <= sa.bindparam("now", type_=ProgressReport.due_at.type),
        ReportingCycle.opened_at.is_not(None),
        Commitment.is_followed,
        takes_part,
    )


def _reports() -> sa.Select:
    return (
        sa.select(
            ProgressReport.id,
            ProgressReport.commitment_id,
            ProgressReport.due_on,
            ReportingCycle.due_on.label("cycle_due_on"),
            ReportingCycle.closes_on,
            ReportingParty.time_zone,
            Provision.code,
            Provision.title,
        )
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .join(ReportingParty, ReportingParty.id == ProgressReport.party_id)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .where(
            ProgressReport.party_id == sa.bindparam("party"),
            ProgressReport.cycle_id == sa.bindparam("cycle"),
        )
        .order_by(ProgressReport.due_on, Provision.position, ProgressReport.id)
    )


@cache
def _items() -> sa.Select:
    return _reports().where(*_conditions())


@cache
def _named() -> sa.Select:
    return _reports().where(Provision.code.in_(sa.bindparam("codes", expanding=True)))


@cache
def _longest() -> sa.Select:
    return (
        sa.select(
            ProgressReport.party_id,
            ProgressReport.cycle_id,
            sa.func.min(ProgressReport.due_on, type_=sa.Date).label("due_on"),
            ReportingCycle.closes_on,
            ReportingParty.time_zone,
        )
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(ReportingParty, ReportingParty.id == ProgressReport.party_id)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        # A wide sieve by date; the exact end is in the State's own zone.
        .where(ReportingCycle.closes_on >= sa.bindparam("yesterday", type_=sa.Date), *_conditions())
        .group_by(ProgressReport.party_id, ProgressReport.cycle_id, ReportingCycle.closes_on, ReportingParty.time_zone)
        .order_by(ProgressReport.cycle_id, ProgressReport.party_id)
    )


@cache
def _without() -> sa.Select:
    there = sa.exists().where(User.party_id == ReportingParty.id, User.role == Role.FOCAL_POINT, User.active.is_(True))
    return sa.select(ReportingParty.id).where(ReportingParty.kind == PartyKind.MEMBER_STATE, ~there)
