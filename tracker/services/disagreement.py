"""Where the voices on a commitment differ: one condition for lists, counts and filters (``compliance.disagree``)."""

from __future__ import annotations

from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.compliance import Share
from tracker.models import Assessment, ProgressReport, ReportRevision
from tracker.services.plain_rows import rows as plain


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
