"""The dashboards of those who do not report: the Secretariat's queues, what administrators look after, observers.

Each function costs a fixed number of queries whatever the data, and its lists have a limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.deadlines import local_date
from tracker.domain.policy import Actor
from tracker.domain.vocabulary import MessageState, PartyKind, ReportState, Role
from tracker.domain.workflow import WITH_THE_PARTY
from tracker.models import (
    Assessment,
    Commitment,
    Message,
    Participation,
    ProgressReport,
    Provision,
    ReportingCycle,
    ReportingParty,
    User,
)
from tracker.services.plain_rows import rows as plain

SHOWN = 5
"""How many reports of each queue are named; the queue itself shows all."""
MOST_AGENCIES = 50


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


def staff_desk(session: Session, actor: Actor, *, shown: int = SHOWN) -> StaffDesk:
    """What waits for the Secretariat, over all cycles, oldest submission first: ``shown`` of each queue. One query."""
    rows = plain(session, _queues(), {"me": actor.user_id, "shown": shown}).all()
    queues: dict[str, Queue] = {name: Queue(0, []) for name in ("submitted", "mine", "to_confirm")}
    for row in rows:
        if not queues[row.queue].first:
            queues[row.queue] = Queue(row.waiting, [])
        queues[row.queue].first.append(Waiting(row.id, row.code, row.title, row.name, row.submitted_at))
    return StaffDesk(**queues)


@cache
def _queues() -> sa.Select:
    queue = sa.case(
        (ProgressReport.state == ReportState.SUBMITTED, "submitted"),
        (ProgressReport.state == ReportState.UNDER_REVIEW, "mine"),
        else_="to_confirm",
    )
    authors = [Assessment.proposed_by_id, ProgressReport.edited_by_id, ProgressReport.submitted_by_id]
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
        .outerjoin(Assessment, Assessment.id == ProgressReport.assessment_id)
        .where(
            ProgressReport.state.in_([ReportState.SUBMITTED, ReportState.UNDER_REVIEW, ReportState.RATING_PROPOSED]),
            Commitment.is_followed,
            sa.or_(
                ProgressReport.state == ReportState.SUBMITTED,
                sa.and_(
                    ProgressReport.state == ReportState.UNDER_REVIEW,
                    # Not by the index of reviewers: each has read thousands of reports, few of them are open.
                    sa.func.coalesce(ProgressReport.reviewer_id, 0) == sa.bindparam("me"),
                ),
                sa.and_(
                    ProgressReport.state == ReportState.RATING_PROPOSED,
                    *[sa.func.coalesce(who, 0) != sa.bindparam("me") for who in authors],
                ),
            ),
        )
        .subquery()
    )
    return (
        sa.select(ranked, Provision.code, Provision.title, ReportingParty.name)
        .join(Commitment, Commitment.id == ranked.c.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .join(ReportingParty, ReportingParty.id == ranked.c.party_id)
        .where(ranked.c.place <= sa.bindparam("shown"))
        .order_by(ranked.c.place)
    )


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
    counting, lacking, recording = _looked_after()
    values = {"cycle": cycle.id if cycle else 0}
    counts = plain(session, counting, values).one()
    without = plain(session, lacking, {"today": local_date(now, "UTC")}).scalars()
    agencies = plain(session, recording, values)
    return AdminDesk(
        owed=counts.owed,
        reported=counts.reported,
        failed_mails=counts.failed,
        without_focal_point=list(without),
        agencies=[Agency(r.id, r.code, r.title, r.due_on) for r in agencies],
    )


@cache
def _looked_after() -> tuple[sa.Select, sa.Select, sa.Select]:
    """Counts; States that take part and have nobody; what is to be recorded for the agencies."""
    in_cycle = ProgressReport.cycle_id == sa.bindparam("cycle")
    today = sa.bindparam("today", type_=sa.Date)
    counting = sa.select(
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
    has_focal_point = sa.exists().where(
        User.party_id == ReportingParty.id, User.role == Role.FOCAL_POINT, User.active.is_(True)
    )
    takes_part = sa.exists().where(
        Participation.party_id == ReportingParty.id,
        Participation.starts_on <= today,
        sa.or_(Participation.ends_on.is_(None), Participation.ends_on >= today),
    )
    lacking = (
        sa.select(ReportingParty.name)
        .where(ReportingParty.kind == PartyKind.MEMBER_STATE, takes_part, ~has_focal_point)
        .order_by(ReportingParty.code)
    )
    recording = (
        sa.select(ProgressReport.id, ProgressReport.due_on, Provision.code, Provision.title)
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .join(ReportingParty, ReportingParty.id == ProgressReport.party_id)
        .where(
            in_cycle,
            ReportingParty.kind == PartyKind.COOPERATION_AGENCIES,
            ProgressReport.state.in_(WITH_THE_PARTY),
            Commitment.is_followed,
        )
        .order_by(ProgressReport.due_on, Provision.position)
        .limit(MOST_AGENCIES)
    )
    return counting, lacking, recording


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
    values = {"cycle": cycle.id if cycle else 0, "parties": sorted(actor.accredited)}
    rows = plain(session, _watched(), values)
    return [Watched(r.code.lower(), r.name, r.owed, r.reported, r.published) for r in rows]


@cache
def _watched() -> sa.Select:
    return (
        sa.select(
            ReportingParty.code,
            ReportingParty.name,
            sa.func.count(ProgressReport.id).label("owed"),
            sa.func.count(ProgressReport.first_submitted_at).label("reported"),
            sa.func.count(ProgressReport.published_assessment_id).label("published"),
        )
        .outerjoin(
            ProgressReport,
            sa.and_(ProgressReport.party_id == ReportingParty.id, ProgressReport.cycle_id == sa.bindparam("cycle")),
        )
        .where(ReportingParty.id.in_(sa.bindparam("parties", expanding=True)))
        .group_by(ReportingParty.id, ReportingParty.code)
        .order_by(ReportingParty.code)
    )
