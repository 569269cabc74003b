"""What each person of a party must do now, and until when. Reads only.

Each function costs a fixed number of queries whatever the data, and its lists have a limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from tracker.domain.deadlines import days_left, local_date
from tracker.domain.policy import Actor
from tracker.domain.vocabulary import ReportState
from tracker.domain.workflow import WITH_THE_PARTY, Action
from tracker.models import (
    Commitment,
    HistoryEntry,
    ProgressReport,
    Provision,
    ReportingCycle,
    ReportingParty,
)
from tracker.services.assignees import assigned_to
from tracker.services.dashboard_staff import (
    AdminDesk,
    Queue,
    StaffDesk,
    Waiting,
    admin_desk,
    observer_desk,
    staff_desk,
)
from tracker.services.plain_rows import rows as plain
from tracker.services.standing import Reach, reach_of, reach_values, within

LONGEST = 200
"""Most tasks of one party: it owes some 15 commitments a cycle."""


@dataclass(frozen=True)
class Task:
    """One report that waits for somebody of the party."""

    report_id: int
    commitment_id: int
    code: str
    title: dict[str, str]
    state: ReportState
    cycle_title: dict[str, str]
    due_on: date
    days_left: int
    """In days of the party's own calendar; negative: overdue."""
    started: bool
    comment_until: date | None
    """The last day of the window for comment."""
    assigned: tuple[str, ...]
    comment: str
    """Why it was returned."""
    comment_of_reviewer: bool
    """Whether the Secretariat returned it; otherwise the State's own approver refused it."""


@dataclass(frozen=True)
class PartyDesk:
    """The desk of those who report."""

    time_zone: str
    approval_required: bool
    returned: list[Task]
    drafts: list[Task]
    """Sorted by due date, then in the catalogue's order."""
    to_approve: list[Task]
    to_comment: list[Task]
    owed: int
    """Commitments of the present cycle that this person sees; the denominator of what follows."""
    submitted: int
    with_the_secretariat: int
    published: int

    @property
    def next_returned(self) -> Task | None:
        return min(self.returned, key=lambda task: task.due_on, default=None)

    @property
    def next_draft(self) -> Task | None:
        return min(self.drafts, key=lambda task: task.due_on, default=None)


def party_desk(session: Session, actor: Actor, cycle: ReportingCycle | None, *, now: datetime) -> PartyDesk | None:
    """What waits for the people of a party; None where it owes nothing that this person sees.

    The present cycle, and what is still open of earlier ones. Three queries.
    """
    values = {
        "party": actor.party_id,
        "cycle": cycle.id if cycle else 0,
        # A day of slack for zones west of UTC; the exact moment is the policy's.
        "day": local_date(now, "UTC") - timedelta(days=1),
        **reach_values(actor),
    }
    rows = plain(session, _tasks_of(reach_of(actor)), values).all()
    if not rows:
        return None
    assigned = assigned_to(session, [r.commitment_id for r in rows])
    returned_ids = [r.id for r in rows if r.state is ReportState.RETURNED]
    reasons = _return_comments(session, returned_ids) if returned_ids else {}
    tasks: dict[ReportState, list[Task]] = {state: [] for state in ReportState}
    for row in rows:
        if row.is_followed:
            tasks[row.state].append(_task(row, assigned, reasons, now))
    present = [r for r in rows if cycle and r.cycle_id == cycle.id]
    return PartyDesk(
        time_zone=rows[0].time_zone,
        approval_required=rows[0].approval_required,
        returned=tasks[ReportState.RETURNED],
        drafts=tasks[ReportState.DRAFT],
        to_approve=tasks[ReportState.AWAITING_APPROVAL],
        to_comment=tasks[ReportState.OPEN_FOR_COMMENT],
        owed=len(present),
        submitted=sum(r.first_submitted_at is not None for r in present),
        with_the_secretariat=sum(
            r.state in (ReportState.SUBMITTED, ReportState.UNDER_REVIEW, ReportState.RATING_PROPOSED) for r in present
        ),
        published=sum(r.published_assessment_id is not None for r in present),
    )


def _at_hand() -> sa.Subquery:
    """The ids of what a party must do and of what it owes in the present cycle.

    Three ways, each by its index: a party has thousands of reports that nobody must do anything about any more.
    """
    r = aliased(ProgressReport)
    open_cycles = sa.select(ReportingCycle.id).where(
        sa.or_(ReportingCycle.closes_on >= sa.bindparam("day"), ReportingCycle.id == sa.bindparam("cycle"))
    )
    waits = r.state.in_([*WITH_THE_PARTY, ReportState.OPEN_FOR_COMMENT])
    ids = sa.select(r.id).where(r.party_id == sa.bindparam("party"))
    return sa.union(
        ids.where(r.cycle_id.in_(open_cycles.scalar_subquery()), sa.or_(r.cycle_id == sa.bindparam("cycle"), waits)),
        ids.where(waits, r.due_on >= sa.bindparam("day")),
        ids.where(r.state == ReportState.OPEN_FOR_COMMENT),
    ).subquery()


@cache
def _tasks_of(reach: Reach) -> sa.Select:
    at_hand = _at_hand()
    return (
        sa.select(
            ProgressReport.id,
            ProgressReport.commitment_id,
            ProgressReport.cycle_id,
            ProgressReport.state,
            ProgressReport.due_on,
            ProgressReport.started_at,
            ProgressReport.first_submitted_at,
            ProgressReport.window_ends_at,
            ProgressReport.published_assessment_id,
            Commitment.is_followed.label("is_followed"),
            Provision.code,
            Provision.title,
            ReportingCycle.title.label("cycle_title"),
            ReportingParty.time_zone,
            ReportingParty.approval_required,
        )
        .select_from(at_hand)
        .join(ProgressReport, ProgressReport.id == at_hand.c.id)
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .join(ReportingParty, ReportingParty.id == ProgressReport.party_id)
        # Wrapped in a function it does not tempt a planner without statistics (SQLite) to begin with the party.
        .where(within(reach, sa.func.coalesce(ProgressReport.party_id, 0), ProgressReport.commitment_id))
        .order_by(ProgressReport.due_on, Provision.position)
        .limit(LONGEST)
    )


def _task(row: sa.Row, assigned: dict[int, list[str]], reasons: dict[int, sa.Row], now: datetime) -> Task:
    reason = reasons.get(row.id)
    window = row.window_ends_at
    return Task(
        report_id=row.id,
        commitment_id=row.commitment_id,
        code=row.code,
        title=row.title,
        state=row.state,
        cycle_title=row.cycle_title,
        due_on=row.due_on,
        days_left=days_left(row.due_on, now, row.time_zone),
        started=row.started_at is not None,
        comment_until=last_day(window, row.time_zone) if window else None,
        assigned=tuple(assigned.get(row.commitment_id, ())),
        comment=reason.comment if reason else "",
        comment_of_reviewer=reason is not None and reason.action == Action.RETURN,
    )


def last_day(end: datetime, time_zone: str) -> date:
    """The day that ends at this moment in this zone."""
    return local_date(end - timedelta(seconds=1), time_zone)


@cache
def _newest_reasons() -> sa.Select:
    newest = (
        sa.select(sa.func.max(HistoryEntry.id))
        .where(
            HistoryEntry.report_id.in_(sa.bindparam("ids", expanding=True)),
            HistoryEntry.action.in_([Action.RETURN.value, Action.REFUSE.value]),
        )
        .group_by(HistoryEntry.report_id)
    )
    return sa.select(HistoryEntry.report_id, HistoryEntry.action, HistoryEntry.comment).where(
        HistoryEntry.id.in_(newest)
    )


def _return_comments(session: Session, report_ids: list[int]) -> dict[int, sa.Row]:
    """The newest reason for which each report was returned or refused."""
    return {row.report_id: row for row in plain(session, _newest_reasons(), {"ids": report_ids})}


__all__ = [
    "AdminDesk",
    "PartyDesk",
    "Queue",
    "StaffDesk",
    "Task",
    "Waiting",
    "admin_desk",
    "last_day",
    "observer_desk",
    "party_desk",
    "staff_desk",
]
