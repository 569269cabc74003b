"""Publication of a rating: on the State's answer, or by the clock when the window has ended."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.errors import Unmet
from tracker.domain.policy import Actor
from tracker.domain.vocabulary import CommentOutcome, ReportState
from tracker.domain.workflow import Action
from tracker.models import ProgressReport
from tracker.services import observation_mails, records, search_index
from tracker.services.search_sources import Kind
from tracker.services.transitions import perform


def publish(
    session: Session,
    report: ProgressReport,
    outcome: CommentOutcome,
    *,
    text: str,
    actor: Actor | None,
    now: datetime,
) -> None:
    """Put the assessment before the public, with how the right of reply ended. The state has changed already."""
    assessment = report.assessment
    if assessment is None:
        raise Unmet(assessment="required")
    assessment.comment_outcome = outcome
    assessment.comment = text
    if outcome is not CommentOutcome.NONE_RECEIVED:
        assessment.commented_by_id = actor.user_id if actor else None
        assessment.commented_at = now
    assessment.published_at = now
    report.published_assessment_id = assessment.id
    report.window_ends_at = None
    session.flush()
    search_index.refresh(session, Kind.REPORT, report.id)
    observation_mails.published(session, report, assessment, now=now)


def windows_over(session: Session, *, now: datetime) -> list[int]:
    """The reports whose window for comment has ended and which wait for publication, by id."""
    return list(
        session.scalars(
            sa.select(ProgressReport.id)
            .where(
                ProgressReport.state == ReportState.OPEN_FOR_COMMENT,
                ProgressReport.window_ends_at <= now,
            )
            .order_by(ProgressReport.id)
        )
    )


def publish_by_clock(session: Session, report_id: int, *, now: datetime) -> bool:
    """Publish one report whose window is over ("no comment received"). False where it is not (any more) so."""
    report = records.report(session, report_id)
    if (
        report is None
        or report.state is not ReportState.OPEN_FOR_COMMENT
        or report.window_ends_at is None
        or report.window_ends_at > now
    ):
        return False
    perform(session, report, Action.PUBLISH, actor=None, now=now)
    publish(session, report, CommentOutcome.NONE_RECEIVED, text="", actor=None, now=now)
    return True
