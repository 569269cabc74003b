"""Where the voices on a commitment differ: one condition for lists, counts and filters (``compliance.disagree``)."""

from __future__ import annotations

from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from tracker.domain.compliance import Share
from tracker.domain.vocabulary import ObservationState
from tracker.models import Assessment, Observation, ProgressReport, ReportRevision
from tracker.services.observations import is_public
from tracker.services.plain_rows import rows as plain
from tracker.services.standing import Reader

ACCEPTED = ObservationState.ACCEPTED


def differs() -> sa.ColumnElement[bool]:
    """The published rating is another than the State's self-assessment in the submission that was rated."""
    return (
        sa.select(Assessment.id)
        .join(ReportRevision, ReportRevision.id == Assessment.revision_id)
        .where(
            Assessment.id == ProgressReport.published_assessment_id,
            ReportRevision.self_assessment.is_not(None),
            ReportRevision.self_assessment != Assessment.rating,
        )
        .correlate(ProgressReport)
        .exists()
    )


def voices_differ(reader: Reader) -> sa.ColumnElement[bool]:
    """Self-assessment, rating and the views of observers are not all the same, as far as this reader knows them.

    The public compares what is published; the State and the Secretariat also an accepted observation that is not
    public yet, and with the newest submission.
    """
    outside = reader is Reader.OUTSIDE
    second, newest = aliased(Observation), aliased(ReportRevision)
    accepted: list[sa.ColumnElement[bool]] = [is_public()] if outside else [Observation.state == ACCEPTED]
    another = sa.exists().where(
        second.report_id == Observation.report_id,
        second.state == ACCEPTED,
        second.view != Observation.view,
        *([second.moderated_at <= Assessment.published_at] if outside else []),
    )
    unlike = [Observation.view != Assessment.rating, Observation.view != ReportRevision.self_assessment, another]
    seen = (
        sa.select(Observation.id)
        .select_from(Observation)
        .outerjoin(Assessment, Assessment.id == ProgressReport.published_assessment_id)
        .outerjoin(ReportRevision, ReportRevision.id == Assessment.revision_id)
    )
    if not outside:
        submitted = sa.and_(
            newest.report_id == ProgressReport.id,
            newest.number == ProgressReport.revision_number,
            ProgressReport.submitted_at.is_not(None),
        )
        seen = seen.outerjoin(newest, submitted)
        unlike.append(Observation.view != newest.self_assessment)
    seen = seen.where(Observation.report_id == ProgressReport.id, *accepted, sa.or_(*unlike))
    return sa.or_(differs(), seen.correlate(ProgressReport).exists())


def counted(session: Session, cycle_id: int) -> Share:
    """How many of a cycle's published ratings differ from the self-assessment, of those with both. One query."""
    row = plain(session, _counted(), {"cycle": cycle_id}).one()
    return Share(row.differing, row.both)


@cache
def _counted() -> sa.Select:
    other = ReportRevision.self_assessment != Assessment.rating
    return (
        sa.select(
            sa.func.count().label("both"),
            sa.func.coalesce(sa.func.sum(sa.case((other, 1), else_=0)), 0).label("differing"),
        )
        .select_from(ProgressReport)
        .join(Assessment, Assessment.id == ProgressReport.published_assessment_id)
        .join(ReportRevision, ReportRevision.id == Assessment.revision_id)
        .where(ProgressReport.cycle_id == sa.bindparam("cycle"), ReportRevision.self_assessment.is_not(None))
    )
