"""Trend, money, indicators, evidence, later dates: every cell is in PDF, Word and Excel, in four languages."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from config import LANGUAGES
from tests.cast import Cast
from tests.documents.test_status_report_docx import full, opened, printed, squeezed, told
from tests.status_years_scene import SECOND, two_years
from tracker.documents import status_report_docx, status_report_pdf, status_report_xlsx
from tracker.documents.status_report_sheets import name_of
from tracker.documents.status_report_words import Table, Words
from tracker.domain.compliance import Share
from tracker.services import status_reports
from tracker.services.status_report_content import StatusReport


@pytest.fixture
def reports(cast: Cast) -> dict[str, StatusReport]:
    """The same report in each language."""
    two_years(cast)
    now = cast.clock.now()
    with cast.reading() as session:
        return {language: status_reports.build(session, "BR", SECOND, language, now) for language in LANGUAGES}


def test_every_cell_is_in_every_format(reports: dict[str, StatusReport]) -> None:
    seen = set()
    for report in reports.values():
        words = Words(report)
        in_pdf = squeezed(printed(status_report_pdf.render(report)))
        in_word = squeezed(told(opened(status_report_docx.render(report))))
        book = openpyxl.load_workbook(BytesIO(status_report_xlsx.render(report)))
        for table in (words.trend_table(), words.budget_table(), words.evidence_table(), words.extension_table()):
            for cell in {cell for row in table.rows for cell in row}:
                assert squeezed(cell) in in_pdf, (report.language, table.key, cell)
                assert squeezed(cell) in in_word, (report.language, table.key, cell)
            if table.rows:
                seen.add(table.key)
        # Single figures of an indicator stand with their commitment.
        for group in words.series_groups():
            seen.add("series")
            for _cycle, _period, value in group.points:
                assert squeezed(value) in in_pdf, (report.language, group.label, value)
                assert squeezed(value) in in_word, (report.language, group.label, value)
        for table in (
            words.trend_table(),
            words.budget_table(),
            words.series_table(),
            words.evidence_table(),
            words.extension_table(),
        ):
            the_sheet_holds_the_values(book[name_of(table.title)], table)
    assert seen >= {"trend", "budget", "series", "evidence"}


def the_sheet_holds_the_values(sheet: Any, table: Table) -> None:
    """Each value with its type; a share is count, of and percent. Heads stay in sight, no cell is a formula or link."""
    shares = {i for row in table.values for i, value in enumerate(row) if isinstance(value, Share)}
    assert sheet.freeze_panes == "B2"
    assert all(cell.data_type != "f" and cell.hyperlink is None for row in sheet.iter_rows() for cell in row)
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    if not table.values:
        assert rows[0][0] == table.empty
        return
    assert len(rows) == len(table.values)
    for found, values in zip(rows, table.values, strict=True):
        wanted: list[Any] = []
        for column, value in enumerate(values):
            if column in shares:
                assert isinstance(value, Share)
                wanted += [value.count, value.total, value.percent]
            elif isinstance(value, Decimal):
                wanted.append(pytest.approx(float(value)))
            elif isinstance(value, date):
                wanted.append(datetime.combine(value, time.min))
            else:
                wanted.append(value if value != "" else None)
        assert list(found) == wanted


def test_the_workbook_says_whose_it_is_and_is_the_same_again() -> None:
    report = full("pt")
    made = status_report_xlsx.render(report)
    assert status_report_xlsx.render(report) == made
    about = openpyxl.load_workbook(BytesIO(made)).properties
    assert about.title == Words(report).document_title
    assert about.created == report.as_of.replace(tzinfo=None)
