"""A spreadsheet on its way: downloaded, filled in with openpyxl as a ministry would, sent back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
from flask.testing import FlaskClient
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from werkzeug.test import TestResponse

from tests.cast import Cast
from tests.support.sending import send, token
from tracker.documents.workbook import MARK
from tracker.documents.workbook_cells import HIDDEN_SHEET
from tracker.services import records
from tracker.services.report_content import ReportContent, of_draft

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Book:
    """The file as openpyxl has it. ``put("answers", "CS-03.a", narrative="…")`` fills in by code."""

    def __init__(self, content: bytes) -> None:
        self.book: Workbook = openpyxl.load_workbook(BytesIO(content))

    def sheet(self, name: str) -> Worksheet:
        return next(s for s in self.book.worksheets if s["A1"].value == f"{MARK}{name}")

    @property
    def hidden(self) -> Worksheet:
        return self.book[HIDDEN_SHEET]

    def column(self, name: str, field: str) -> int:
        return next(c.column for c in self.sheet(name)[1] if c.value == field)

    def row(self, name: str, code: str, nth: int = 0) -> int:
        """The nth row with this code."""
        sheet, at = self.sheet(name), self.column(name, "code")
        return [n for n in range(3, sheet.max_row + 1) if sheet.cell(n, at).value == code][nth]

    def cell(self, name: str, code: str, field: str, nth: int = 0) -> Any:
        return self.sheet(name).cell(self.row(name, code, nth), self.column(name, field))

    def put(self, name: str, code: str, nth: int = 0, **values: str | int | float | bool | date | None) -> Book:
        for field, value in values.items():
            self.cell(name, code, field.rstrip("_"), nth).value = value
        return self

    def content(self) -> bytes:
        stream = BytesIO()
        self.book.save(stream)
        return stream.getvalue()


def download(client: FlaskClient) -> bytes:
    answer = client.get("/workbooks/file.xlsx")
    assert answer.status_code == 200, answer.status_code
    assert answer.mimetype == XLSX
    return answer.data


def send_back(client: FlaskClient, content: bytes, name: str = "back.xlsx") -> TestResponse:
    # Put together by hand: the client would lay a large body into a temporary file and leave it open.
    lines = (
        b"--boundary",
        b'Content-Disposition: form-data; name="csrf_token"',
        b"",
        token(client).encode(),
        b"--boundary",
        f'Content-Disposition: form-data; name="file"; filename="{name}"'.encode(),
        b"Content-Type: application/octet-stream",
        b"",
        content,
        b"--boundary--",
        b"",
    )
    kind = "multipart/form-data; boundary=boundary"
    return client.post("/workbooks/return", data=b"\r\n".join(lines), content_type=kind)


def fill(client: FlaskClient, change: Callable[[Book], object]) -> TestResponse:
    """Download, change, send back."""
    book = Book(download(client))
    change(book)
    return send_back(client, book.content())


def stored(cast: Cast, provision: str, state: str = "US") -> ReportContent:
    report_id = cast.report_id(state, provision)
    with cast.reading() as session:
        report = records.report(session, report_id)
        assert report is not None
        return of_draft(report)


def narrative(cast: Cast, element: str, state: str = "US") -> str:
    answers = stored(cast, element.split(".")[0], state).answers
    return next(a.narrative for a in answers if a.element == element)


def page_of(client: FlaskClient, answer: TestResponse) -> str:
    """The page of the difference that a returned file leads to."""
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert "/workbooks/return/" in answer.location, "nothing in the file differed"
    return client.get(answer.location).get_data(as_text=True)


def accept(client: FlaskClient, address: str, *lines: str, **more: str) -> TestResponse:
    """Press one of the two buttons as the page has it: with lines, those that are ticked; without, the first."""
    page = client.get(address).get_data(as_text=True)
    fields: dict[str, Any] = dict(re.findall(r'name="(version-\d+)" value="(\d+)"', page))
    fields |= {"line": list(lines), "accept": "ticked"} if lines else {"accept": "clean"}
    return send(client, address, **(fields | more))


def ticked(page: str) -> set[str]:
    return set(re.findall(r'name="line" value="([^"]+)" checked', page))
