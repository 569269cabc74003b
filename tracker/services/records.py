"""From an id to a record with what the policy must know of it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from tracker.domain.deadlines import ends_at
from tracker.domain.policy import Subject
from tracker.domain.workflow import WITH_THE_PARTY
from tracker.models import Commitment, ProgressReport

LARGEST_ID = 2**31 - 1


_REPORT = (
    sa.select(ProgressReport)
    .where(ProgressReport.id == sa.bindparam("id"))
    .options(
        joinedload(ProgressReport.commitment).joinedload(Commitment.party),
        joinedload(ProgressReport.commitment).joinedload(Commitment.provision),
        joinedload(ProgressReport.cycle),
        joinedload(ProgressReport.assessment),
        joinedload(ProgressReport.commitment).joinedload(Commitment.assignments),
    )
    .execution_options(populate_existing=True)
)
_COMMITMENT = (
    sa.select(Commitment)
    .where(Commitment.id == sa.bindparam("id"))
    .options(
        joinedload(Commitment.party),
        joinedload(Commitment.provision),
        joinedload(Commitment.assignments),
    )
)


def report(session: Session, report_id: int) -> ProgressReport | None:
    """The report with commitment, party, provision and cycle; None where there is none."""
    if not 0 < report_id <= LARGEST_ID:
        return None
    return session.scalars(_REPORT, {"id": report_id}).unique().one_or_none()


def commitment(session: Session, commitment_id: int) -> Commitment | None:
    """The commitment with party and provision; None where there is none."""
    if not 0 < commitment_id <= LARGEST_ID:
        return None
    return session.scalars(_COMMITMENT, {"id": commitment_id}).unique().one_or_none()


def subject_of(record: ProgressReport, *, now: datetime) -> Subject:
    """What the policy must know of the report at this moment.

    Closing a cycle ends first submissions (and recalls); what was reported once and came back may still be answered.
    """
    cycle = record.cycle
    is_open = cycle.opened_at is not None and now < ends_at(cycle.closes_on, record.commitment.party.time_zone)
    came_back = record.first_submitted_at is not None and record.state in WITH_THE_PARTY
    return record.subject(cycle_open=is_open or came_back)


def subject_of_commitment(record: Commitment) -> Subject:
    """What the policy must know of the commitment."""
    return Subject(
        party_id=record.party_id,
        party_kind=record.party.kind,
        approval_required=record.party.approval_required,
        assignee_ids=frozenset(a.user_id for a in record.assignments),
        whole_assignee_ids=frozenset(a.user_id for a in record.assignments if a.element_id is None),
        frozen=not record.is_followed,
    )
