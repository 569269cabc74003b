"""Figures, budget lines, obstacles and help of a published report, in every form of the status report."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO

import pypdfium2
import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from tests.cast import Cast
from tests.report_scene import full
from tracker.documents import status_report_json, status_report_pdf, status_report_xlsx
from tracker.domain.vocabulary import ReportState
from tracker.models import ReportRevision
from tracker.services import status_reports
from tracker.services.report_content import IndicatorAnswer, ReportContent
from tracker.services.status_report_content import StatusReport


@pytest.fixture
def publish(any_cast: Cast) -> object:
    """Publish a report of Brazil that said this; the status report in a language."""

    def make(content: ReportContent, provision: str, language: str) -> StatusReport:
        report_id = any_cast.report_id("BR", provision)
        any_cast.bring_to(report_id, ReportState.PUBLISHED, "br")
        with any_cast.writing() as session:
            revision = session.scalars(sa.select(ReportRevision).where(ReportRevision.report_id == report_id)).one()
            revision.content = content.to_json()
        with any_cast.reading() as session:
            return status_reports.build(session, "BR", None, language, any_cast.clock.now())

    return make


def test_all_of_it_in_page_workbook_and_json(any_cast: Cast, publish: object) -> None:
    content = replace(full(any_cast, any_cast.report_id("BR", "CS-03")), nothing_changed=True)
    report = publish(content, "CS-03", "en")  # type: ignore[operator]
    line = next(x for x in json.loads(status_report_json.render(report))["commitments"] if x["code"] == "CS-03")
    said = line["rating"]["statement"]
    (budget,) = said["budget"]
    assert budget == {
        "fiscal_year": "2025",
        "currency": "USD",
        "stage": "allocated",
        "anti_trafficking": "1500000.5",
        "anti_drug": "36750012.25",
        "one_to": "24.5",
    }
    whole = next(x for x in said["figures"] if x["code"] == "CS-03-I2" and x["category"] is None)
    assert (whole["value"], whole["currency"], whole["not_available"]) == ("1500000.5", "USD", False)
    assert next(x for x in said["figures"] if x["code"] == "CS-03-I3")["not_available"]
    assert (said["obstacles"], said["help_needed"], said["nothing_changed"]) == ("Few staff.", "Training.", True)

    pdf = pypdfium2.PdfDocument(status_report_pdf.render(report))
    printed = " ".join(" ".join(page.get_textpage().get_text_bounded() for page in pdf).split())
    for words in ("USD 1,500,000.50", "1 : 24.5", "Few staff.", "Not available", "nothing changed since"):
        assert words in printed.replace("\u00a0", " ")

    sheet = load_workbook(BytesIO(status_report_xlsx.render(report))).worksheets[1]
    row = next(r for r in sheet.iter_rows(values_only=True) if r[0] == "CS-03")
    told = " ".join(str(cell) for cell in row).replace("\u00a0", " ")
    assert "Ratio: 1 : 24.5" in told
    assert "Training." in told


def test_small_counts_of_persons_are_in_none(any_cast: Cast, publish: object) -> None:
    few = (
        IndicatorAnswer("CS-07-I3", "12", note="Of them 3 children."),
        IndicatorAnswer("CS-07-I3", "3", axis=3, category="children"),
        IndicatorAnswer("CS-07-I3", "9", axis=3, category="adults"),
    )
    content = replace(full(any_cast, any_cast.report_id("BR", "CS-07")), indicators=few, budget=())
    report = publish(content, "CS-07", "es")  # type: ignore[operator]
    line = next(x for x in json.loads(status_report_json.render(report))["commitments"] if x["code"] == "CS-07")
    values = {x["category"]: x["value"] for x in line["rating"]["statement"]["figures"]}
    assert values["children"] == "<5"
    assert values["adults"] == "not_shown"
