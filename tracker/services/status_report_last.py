"""The live status report beside the one issued last: what changed since."""

from __future__ import annotations

from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.vocabulary import PublicationKind, PublicationState
from tracker.models import IssuedEdition, IssuedReport
from tracker.services import frozen_reports
from tracker.services.plain_rows import rows
from tracker.services.status_report_changes import between
from tracker.services.status_report_content import IssueFacts, StatusReport

_LAST = (
    sa.select(IssuedEdition.frozen, IssuedReport.subject)
    .join(IssuedReport, IssuedReport.id == IssuedEdition.issue_id)
    .where(
        IssuedReport.kind == PublicationKind.STATUS_REPORT,
        IssuedReport.party_id == sa.bindparam("party"),
        IssuedReport.state.in_([PublicationState.ISSUED, PublicationState.REPLACED]),
        IssuedEdition.language == sa.bindparam("language"),
    )
    .order_by(
        sa.case((IssuedReport.subject == sa.bindparam("subject"), 0), else_=1),
        IssuedReport.issued_at.desc(),
        IssuedReport.id.desc(),
    )
    .limit(1)
)


@dataclass(frozen=True)
class Compared:
    """A live report with what changed since the one issued last about the same party; ``last`` None: none was."""

    report: StatusReport
    last: IssueFacts | None = None


def compared(session: Session, report: StatusReport) -> Compared:
    """Beside the newest issue of the same subject that can still be read, else of the same party. One query."""
    values = {"party": report.party_id, "language": report.language, "subject": report.code}
    found = rows(session, _LAST, values).one_or_none()
    if found is None:
        return Compared(report)
    last: StatusReport = frozen_reports.thaw(PublicationKind.STATUS_REPORT, found.frozen)
    return Compared(replace(report, changes=between(last, report)), last.issue)
