"""What each person must do now, and until when: the figures and lists of the dashboard. Reads only.

Each function costs a fixed number of queries whatever the data, and its lists have a limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.deadlines import days_left, local_date
from tracker.domain.policy import Actor
from tracker.domain.vocabulary import MessageState, PartyKind, ReportState, Role
from tracker.domain.workflow import WITH_THE_PARTY, Action
from tracker.models import (
    Commitment,
    HistoryEntry,
    Message,
    Participation,
    ProgressReport,
    Provision,
    ReportingCycle,
    ReportingParty,
    User,
)
from tracker.services.commitments import assigned_to
from tracker.services.standing import visible_commitments

LONGEST = 200
"""Most tasks of one party: it owes some 15 commitments a cycle."""
SHOWN = 5
"""How many reports of each queue the Secretariat's dashboard names; the queue itself shows all."""


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
    def next_due(self) -> Task | None:
        waiting = self.returned + self.drafts
        return min(waiting, key=lambda task: task.due_on) if waiting else None


def party_desk(session: Session, actor: Actor, cycle: ReportingCycle | None, *, now: datetime) -> PartyDesk | None:
    """What waits for the people of a party; None where it owes nothing that this person sees.

    The present cycle, and what is still open of earlier ones. Three queries.
    """
    today = local_date(now, "UTC")
    still_open = sa.or_(
        # A day of slack for zones west of UTC; the exact moment is the policy's.
        ReportingCycle.closes_on >= today - timedelta(days=1),
        ProgressReport.due_on >= today - timedelta(days=1),
        ProgressReport.state == ReportState.OPEN_FOR_COMMENT,
    )
    waits = ProgressReport.state.in_([*WITH_THE_PARTY, ReportState.OPEN_FOR_COMMENT])
    rows = session.execute(
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
            Commitment.frozen_at,
            Provision.code,
            Provision.title,
            ReportingCycle.title.label("cycle_title"),
            ReportingParty.time_zone,
            ReportingParty.approval_required,
        )
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .join(ReportingParty, ReportingParty.id == ProgressReport.party_id)
        .where(
            ProgressReport.party_id == actor.party_id,
            visible_commitments(actor),
            sa.or_(ProgressReport.cycle_id == (cycle.id if cycle else 0), sa.and_(waits, still_open)),
        )
        .order_by(ProgressReport.due_on, Provision.position)
        .limit(LONGEST)
    ).all()
    if not rows:
        return None
    assigned = assigned_to(session, [r.commitment_id for r in rows])
    returned_ids = [r.id for r in rows if r.state is ReportState.RETURNED]
    reasons = _return_comments(session, returned_ids) if returned_ids else {}
    tasks: dict[ReportState, list[Task]] = {state: [] for state in ReportState}
    for row in rows:
        if row.frozen_at is None:
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


def _return_comments(session: Session, report_ids: list[int]) -> dict[int, sa.Row]:
    """The newest reason for which each report was returned or refused."""
    newest = (
        sa.select(sa.func.max(HistoryEntry.id))
        .where(
            HistoryEntry.report_id.in_(report_ids),
            HistoryEntry.action.in_([Action.RETURN.value, Action.REFUSE.value]),
        )
        .group_by(HistoryEntry.report_id)
    )
    rows = session.execute(
        sa.select(HistoryEntry.report_id, HistoryEntry.action, HistoryEntry.comment).where(HistoryEntry.id.in_(newest))
    )
    return {row.report_id: row for row in rows}


@dataclass(frozen=True)
class Waiting:
    """A report in one of the Secretariat's queues."""

    report_id: int
    code: str
    title: dict[str, str]
    party_name: dict[str, str]
    since: datetime
    """When it was submitted."""


@dataclass(frozen=True)
class Queue:
    """How many wait, and those that wait longest."""

    count: int
    first: list[Waiting]


@dataclass(frozen=True)
class StaffDesk:
    submitted: Queue
    mine: Queue
    """Under review by this person."""
    to_confirm: Queue
    """Rated by a colleague."""


def staff_desk(session: Session, actor: Actor) -> StaffDesk:
    """What waits for the Secretariat, over all cycles, oldest submission first. One query."""
    queue = sa.case(
        (ProgressReport.state == ReportState.SUBMITTED, "submitted"),
        (ProgressReport.state == ReportState.UNDER_REVIEW, "mine"),
        else_="to_confirm",
    )
    authors = [ProgressReport.edited_by_id, ProgressReport.submitted_by_id]
    ranked = (
        sa.select(
            ProgressReport.id,
            ProgressReport.commitment_id,
            ProgressReport.party_id,
            ProgressReport.submitted_at,
            queue.label("queue"),
            sa.func.count().over(partition_by=queue).label("waiting"),
            sa.func.row_number()
            .over(partition_by=queue, order_by=[ProgressReport.submitted_at, ProgressReport.id])
            .label("place"),
        )
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .where(
            ProgressReport.state.in_([ReportState.SUBMITTED, ReportState.UNDER_REVIEW, ReportState.RATING_PROPOSED]),
            Commitment.frozen_at.is_(None),
            sa.or_(
                ProgressReport.state == ReportState.SUBMITTED,
                sa.and_(ProgressReport.state == ReportState.UNDER_REVIEW, ProgressReport.reviewer_id == actor.user_id),
                sa.and_(
                    ProgressReport.state == ReportState.RATING_PROPOSED,
                    sa.func.coalesce(ProgressReport.reviewer_id, 0) != actor.user_id,
                    *[sa.func.coalesce(who, 0) != actor.user_id for who in authors],
                ),
            ),
        )
        .subquery()
    )
    rows = session.execute(
        sa.select(ranked, Provision.code, Provision.title, ReportingParty.name)
        .join(Commitment, Commitment.id == ranked.c.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .join(ReportingParty, ReportingParty.id == ranked.c.party_id)
        .where(ranked.c.place <= SHOWN)
        .order_by(ranked.c.place)
    ).all()
    queues: dict[str, Queue] = {name: Queue(0, []) for name in ("submitted", "mine", "to_confirm")}
    for row in rows:
        if not queues[row.queue].first:
            queues[row.queue] = Queue(row.waiting, [])
        queues[row.queue].first.append(Waiting(row.id, row.code, row.title, row.name, row.submitted_at))
    return StaffDesk(**queues)


@dataclass(frozen=True)
class Agency:
    """A commitment of the cooperation agencies, recorded by administrators."""

    report_id: int
    code: str
    title: dict[str, str]
    due_on: date


@dataclass(frozen=True)
class AdminDesk:
    owed: int
    reported: int
    """Of ``owed``, in the present cycle."""
    failed_mails: int
    without_focal_point: list[dict[str, str]]
    """Names of States that take part and have no active focal point."""
    agencies: list[Agency]


def admin_desk(session: Session, cycle: ReportingCycle | None, *, now: datetime) -> AdminDesk:
    """What an administrator looks after. Three queries."""
    today = local_date(now, "UTC")
    in_cycle = ProgressReport.cycle_id == (cycle.id if cycle else 0)
    counts = session.execute(
        sa.select(
            sa.select(sa.func.count()).select_from(ProgressReport).where(in_cycle).scalar_subquery().label("owed"),
            sa.select(sa.func.count())
            .select_from(ProgressReport)
            .where(in_cycle, ProgressReport.first_submitted_at.is_not(None))
            .scalar_subquery()
            .label("reported"),
            sa.select(sa.func.count())
            .select_from(Message)
            .where(Message.state == MessageState.FAILED)
            .scalar_subquery()
            .label("failed"),
        )
    ).one()
    has_focal_point = sa.exists().where(
        User.party_id == ReportingParty.id, User.role == Role.FOCAL_POINT, User.active.is_(True)
    )
    takes_part = sa.exists().where(
        Participation.party_id == ReportingParty.id,
        Participation.starts_on <= today,
        sa.or_(Participation.ends_on.is_(None), Participation.ends_on >= today),
    )
    without = session.scalars(
        sa.select(ReportingParty.name)
        .where(ReportingParty.kind == PartyKind.MEMBER_STATE, takes_part, ~has_focal_point)
        .order_by(ReportingParty.code)
    ).all()
    agencies = session.execute(
        sa.select(ProgressReport.id, ProgressReport.due_on, Provision.code, Provision.title)
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .join(ReportingParty, ReportingParty.id == ProgressReport.party_id)
        .where(
            in_cycle,
            ReportingParty.kind == PartyKind.COOPERATION_AGENCIES,
            ProgressReport.state.in_(WITH_THE_PARTY),
            Commitment.frozen_at.is_(None),
        )
        .order_by(ProgressReport.due_on, Provision.position)
        .limit(LONGEST)
    )
    return AdminDesk(
        owed=counts.owed,
        reported=counts.reported,
        failed_mails=counts.failed,
        without_focal_point=list(without),
        agencies=[Agency(r.id, r.code, r.title, r.due_on) for r in agencies],
    )


@dataclass(frozen=True)
class Watched:
    """A party that an observer is accredited for, with what is public about it."""

    code: str
    name: dict[str, str]
    owed: int
    reported: int
    published: int


def observer_desk(session: Session, actor: Actor, cycle: ReportingCycle | None) -> list[Watched]:
    """The accredited States in the present cycle. One query."""
    rows = session.execute(
        sa.select(
            ReportingParty.code,
            ReportingParty.name,
            sa.func.count(ProgressReport.id).label("owed"),
            sa.func.count(ProgressReport.first_submitted_at).label("reported"),
            sa.func.count(ProgressReport.published_assessment_id).label("published"),
        )
        .outerjoin(
            ProgressReport,
            sa.and_(
                ProgressReport.party_id == ReportingParty.id, ProgressReport.cycle_id == (cycle.id if cycle else 0)
            ),
        )
        .where(ReportingParty.id.in_(sorted(actor.accredited)))
        .group_by(ReportingParty.id, ReportingParty.code)
        .order_by(ReportingParty.code)
    )
    return [Watched(r.code.lower(), r.name, r.owed, r.reported, r.published) for r in rows]
