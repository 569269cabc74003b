"""What a party said about the same commitment in the cycle before: shown beside the form, and carried over from."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.vocabulary import Rating
from tracker.models import Assessment, ProgressReport, ReportingCycle, ReportRevision
from tracker.services import report_fields
from tracker.services.plain_rows import rows
from tracker.services.report_content import ReportContent


@dataclass(frozen=True)
class Previous:
    """The last submission of the newest earlier cycle in which the party reported."""

    cycle_title: dict[str, str]
    rating: Rating | None
    """As published; None where it is not published yet."""
    content: ReportContent
    to_carry: ReportContent
    """The same, with what was said for the whole of that period said for the whole of this one; without what was
    explained to the personal-data check then."""

    def narrative(self, element: str) -> str:
        return next((a.narrative for a in self.content.answers if a.element == element), "")


_PREVIOUS = (
    sa.select(
        ReportingCycle.title,
        ReportingCycle.period_start,
        ReportingCycle.period_end,
        Assessment.rating,
        ReportRevision.content,
    )
    .select_from(ProgressReport)
    .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
    .join(
        ReportRevision,
        sa.and_(ReportRevision.report_id == ProgressReport.id, ReportRevision.number == ProgressReport.revision_number),
    )
    .outerjoin(Assessment, Assessment.id == ProgressReport.published_assessment_id)
    .where(
        ProgressReport.commitment_id == sa.bindparam("commitment"),
        ProgressReport.opens_on < sa.bindparam("before", type_=sa.Date),
        ProgressReport.submitted_at.is_not(None),
    )
    .order_by(ProgressReport.opens_on.desc())
    .limit(1)
)


def before(session: Session, report: ProgressReport) -> Previous | None:
    """For people of the party. One query; None where nothing was submitted in an earlier cycle."""
    values = {"commitment": report.commitment_id, "before": report.opens_on}
    row = rows(session, _PREVIOUS, values).one_or_none()
    if row is None:
        return None
    content = ReportContent.from_json(row.content)
    period = (report.cycle.period_start, report.cycle.period_end)
    carried = report_fields.with_period(content, (row.period_start, row.period_end), period)
    return Previous(row.title, row.rating, content, carried)
