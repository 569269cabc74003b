"""Small counts of persons in what the public reads of a report."""

from __future__ import annotations

import sqlalchemy as sa

from tests.cast import Cast
from tracker.domain.small_counts import FEWER, HIDDEN
from tracker.domain.vocabulary import ReportState
from tracker.models import ProgressReport, ReportRevision
from tracker.services.measured import counting_persons
from tracker.services.public_commitment import published
from tracker.services.report_content import IndicatorAnswer, ReportContent

FIGURES = (
    IndicatorAnswer("CS-02-I4", "23"),
    IndicatorAnswer("CS-02-I4", "3", axis=1, category="men", note="Three men."),
    IndicatorAnswer("CS-02-I4", "20", axis=1, category="women"),
)


def test_the_public_reads_them_masked_and_the_revision_keeps_them(any_cast: Cast) -> None:
    report_id = any_cast.report_id("US", "CS-02")
    any_cast.bring_to(report_id, ReportState.PUBLISHED, "us")
    with any_cast.writing() as session:
        revision = session.scalars(sa.select(ReportRevision).where(ReportRevision.report_id == report_id)).one()
        content = ReportContent.from_json(revision.content)
        revision.content = ReportContent(content.answers, indicators=FIGURES).to_json()
    with any_cast.reading() as session:
        report = session.get_one(ProgressReport, report_id)
        assert report.published_assessment_id is not None
        found = published(session, report.published_assessment_id)
        assert found is not None
        said = found[1].indicators
        assert [one.value for one in said] == ["23", FEWER, HIDDEN]
        assert "Three men." not in str(found[1])
        kept = ReportContent.from_json(
            session.scalars(sa.select(ReportRevision.content).where(ReportRevision.report_id == report_id)).one()
        )
        assert kept.indicators == FIGURES
        assert kept.for_the_public().indicators == (), "nobody forgets to say which indicators count persons"
        assert kept.for_the_public(counting_persons(session)).indicators == said
