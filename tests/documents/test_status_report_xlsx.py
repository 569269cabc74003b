"""The workbook: what people typed is text, whatever it begins with."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest

from tests.documents.test_status_report_pdf import line, report
from tracker.documents import status_report_sheets, status_report_xlsx

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1+1",
    '=HYPERLINK("https://example.org")',
    "{=1}",
    "https://example.org",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula_or_a_link(text: str) -> None:
    made = status_report_xlsx.render(report(line("CS-01", text, evidence="=cmd|' /C calc'!A0"), name="=Brazil"))
    book = openpyxl.load_workbook(BytesIO(made))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert all(cell.hyperlink is None for cell in cells)
    assert text.strip() in [str(cell.value).strip() for cell in cells]


def test_a_text_longer_than_a_cell_is_cut_and_the_workbook_opens() -> None:
    made = status_report_xlsx.render(report(line("CS-01", "long " * 10_000)))
    book = openpyxl.load_workbook(BytesIO(made))
    longest = max(len(str(c.value or "")) for row in book["Commitments"].iter_rows() for c in row)
    assert longest == status_report_sheets.LONGEST_CELL


def test_dates_are_dates() -> None:
    book = openpyxl.load_workbook(BytesIO(status_report_xlsx.render(report(line("CS-01", "x")))))
    assert book["Commitments"].cell(2, 7).is_date
