"""Three voices on one commitment, cycle by cycle: what the State says, how it is rated, what observers see.

Each reader finds what he or she may read elsewhere: the public what is published; the State what it submitted, a rating
once it is open for comment, accepted observations; the Secretariat the newest submission, a confirmed rating, what was
filed; an organisation what is public, and its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from tracker.domain.compliance import disagree
from tracker.domain.policy import Actor
from tracker.domain.vocabulary import CommentOutcome, Rating, ReportState, Role, Strength
from tracker.models import Assessment, Commitment, ProgressReport, ReportingCycle, ReportRevision
from tracker.services import observations
from tracker.services.observations import Shown
from tracker.services.plain_rows import rows as plain
from tracker.services.records import subject_of_commitment
from tracker.services.report_content import Answer, ReportContent

PAGE = 5
"""Cycles on a page: each may hold three long texts."""


class Depth(StrEnum):
    """How far into the file somebody reads."""

    PUBLIC = "public"
    STATE = "state"
    STAFF = "staff"


@dataclass(frozen=True)
class Said:
    """What the State submitted: its self-assessment and its words."""

    self_assessment: Rating | None
    answers: tuple[Answer, ...]
    summary: str
    submitted_at: datetime


@dataclass(frozen=True)
class Assessed:
    """How the Secretariat rates it, with the State's comment."""

    rating: Rating
    strength: Strength
    reasons: str
    strength_reason: str
    comment: str
    outcome: CommentOutcome | None
    published_at: datetime | None
    """None while it is open for comment."""
    element_ratings: dict[str, str] = field(default_factory=dict)
    """By the element's code, where the reviewer gave them."""


@dataclass(frozen=True)
class Voices:
    """One cycle. A voice that is missing is None or empty."""

    report_id: int
    cycle_code: str
    cycle_title: dict[str, str]
    reported: bool
    """A first submission was made: a public fact."""
    said: Said | None
    assessed: Assessed | None
    observed: tuple[Shown, ...]

    @property
    def differ(self) -> bool:
        """Self-assessment, rating and views are not all the same."""
        return disagree(
            self.said.self_assessment if self.said else None,
            self.assessed.rating if self.assessed else None,
            *(one.view for one in self.observed),
        )


def depth_of(commitment: Commitment, actor: Actor | None) -> Depth:
    """How far this person reads here; who may see the commitment at all is asked elsewhere."""
    if actor is None or actor.role is Role.OBSERVER:
        return Depth.PUBLIC
    if actor.is_staff:
        return Depth.STAFF
    if actor.party_id != commitment.party_id:
        return Depth.PUBLIC
    subject = subject_of_commitment(commitment)
    if actor.role is Role.CONTRIBUTOR and actor.user_id not in subject.whole_assignee_ids:
        return Depth.PUBLIC  # asked for a part: the parts of others stay with them until they are published
    return Depth.STATE


def of_commitment(
    session: Session, commitment: Commitment, actor: Actor | None, *, number: int
) -> tuple[list[Voices], int]:
    """Page ``number`` (from 1) of the cycles, newest first, and how many there are. Three queries."""
    values = {"commitment": commitment.id, "offset": (number - 1) * PAGE}
    rows = plain(session, _cycles(depth_of(commitment, actor)), values).all()
    seen = observations.for_reports(session, [row.report_id for row in rows], actor)
    return [_voices(row, seen.get(row.report_id, [])) for row in rows], rows[0].total if rows else 0


@cache
def _cycles(depth: Depth) -> sa.Select:
    shown = ProgressReport.published_assessment_id
    if depth is not Depth.PUBLIC:
        open_now = ProgressReport.state == ReportState.OPEN_FOR_COMMENT
        shown = sa.case((open_now, ProgressReport.assessment_id), else_=shown)  # type: ignore[assignment]
    revision: sa.ColumnElement[bool] = ReportRevision.id == Assessment.revision_id
    if depth is not Depth.PUBLIC:
        revision = sa.and_(
            ReportRevision.report_id == ProgressReport.id, ReportRevision.number == ProgressReport.revision_number
        )
    if depth is Depth.STAFF:
        revision = sa.and_(revision, ProgressReport.submitted_at.is_not(None))
    every = aliased(ProgressReport)
    total = sa.select(sa.func.count()).where(every.commitment_id == sa.bindparam("commitment")).scalar_subquery()
    return (
        sa.select(
            ProgressReport.id.label("report_id"),
            ProgressReport.first_submitted_at,
            ReportingCycle.code,
            ReportingCycle.title,
            Assessment.rating,
            Assessment.strength,
            Assessment.reasons,
            Assessment.strength_reason,
            Assessment.element_ratings,
            Assessment.comment,
            Assessment.comment_outcome,
            Assessment.published_at,
            ReportRevision.self_assessment,
            ReportRevision.submitted_at,
            ReportRevision.content,
            total.label("total"),
        )
        .select_from(ProgressReport)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .outerjoin(Assessment, Assessment.id == shown)
        .outerjoin(ReportRevision, revision)
        .where(ProgressReport.commitment_id == sa.bindparam("commitment"))
        .order_by(ProgressReport.opens_on.desc(), ProgressReport.cycle_id.desc())
        .limit(PAGE)
        .offset(sa.bindparam("offset"))
    )


def _voices(row: sa.Row, observed: list[Shown]) -> Voices:
    said = assessed = None
    if row.content is not None:
        content = ReportContent.from_json(row.content)
        said = Said(row.self_assessment, content.answers, content.summary, row.submitted_at)
    if row.rating is not None:
        assessed = Assessed(
            row.rating,
            row.strength,
            row.reasons,
            row.strength_reason,
            row.comment,
            row.comment_outcome,
            row.published_at,
            row.element_ratings,
        )
    reported = row.first_submitted_at is not None
    return Voices(row.report_id, row.code, row.title, reported, said, assessed, tuple(observed))
