"""One report through its whole life, by the services, on both databases."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from tracker.domain.vocabulary import ReportState
from tracker.services import records


@pytest.mark.parametrize("wanted", list(ReportState))
def test_every_state_is_reached_through_the_services(any_cast: Cast, wanted: ReportState) -> None:
    report_id = any_cast.report_id("BR", "CS-02")
    any_cast.bring_to(report_id, wanted)
    with any_cast.reading() as session:
        report = records.report(session, report_id)
        assert report is not None
        assert report.state is wanted
