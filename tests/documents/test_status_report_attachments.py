"""Public attachments in a status report: named in PDF, workbook and JSON, with the digest in JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO

import openpyxl

from tests.documents.test_status_report_pdf import DAY, line, read, report
from tracker.documents import status_report_json, status_report_pdf, status_report_xlsx
from tracker.services.status_report_content import StatedAttachment, StatusReport

FILE = StatedAttachment("a" * 32, "An annex", DAY, "es", "", 2, "annex.pdf", 1234, "d" * 64)
LINK = StatedAttachment("b" * 32, "A kept link", None, "", "https://example.org/kept", 0, "", 0, "")
ERASED = replace(FILE, evidence="c" * 32, title="Another annex", file_name="")


def made() -> StatusReport:
    one = line("CS-01", "Text.")
    assert one.rating
    assert one.rating.statement
    said = replace(one.rating.statement, attachments=(FILE, LINK, ERASED))
    return report(replace(one, rating=replace(one.rating, statement=said)))


def test_in_the_pdf() -> None:
    said = read(status_report_pdf.render(made()))
    for text in ("An annex", "annex.pdf", "A kept link", "https://example.org/kept", "Another annex", "Erased"):
        assert text in said, text


def test_in_the_workbook() -> None:
    book = openpyxl.load_workbook(BytesIO(status_report_xlsx.render(made())))
    cells = [str(cell.value) for row in book["Commitments"].iter_rows() for cell in row]
    found = next(cell for cell in cells if "annex.pdf" in cell)
    assert "https://example.org/act" in found, "beside the links"
    assert "An annex (" in found
    assert "A kept link – https://example.org/kept" in found


def test_in_json() -> None:
    (commitment,) = json.loads(status_report_json.render(made()))["commitments"]
    file, link, erased = commitment["rating"]["statement"]["attachments"]
    assert (file["file_name"], file["sha256"], file["speaks_of"]) == ("annex.pdf", "d" * 64, DAY.isoformat())
    assert (link["url"], link["file_name"], link["sha256"]) == ("https://example.org/kept", None, None)
    assert [one["erased"] for one in (file, link, erased)] == [False, False, True]
