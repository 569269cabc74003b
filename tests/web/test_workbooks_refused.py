"""Filling in offline: cells, files and people that are refused, each told where and why, and nothing else held up."""

from __future__ import annotations

import re
from io import BytesIO

import openpyxl
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.support.sending import send, token
from tests.workbook_scene import Book, accept, download, fill, narrative, page_of, send_back, stored, ticked
from tracker.domain.vocabulary import ReportState
from tracker.models import Assignment, Element, WorkbookReturn

FOCAL = "focal.us"


@pytest.fixture
def focal(cast: Cast, client: FlaskClient) -> FlaskClient:
    cast.sign_in(client, FOCAL)
    return client


class TestErrors:
    def test_all_are_told_with_sheet_and_cell_and_hold_nothing_else_up(self, focal: FlaskClient, cast: Cast) -> None:
        def change(book: Book) -> None:
            book.put("answers", "CS-03.a", rating="Excellent", narrative="Taken all the same.")
            book.put("indicators", "CS-03-I2", value="many", currency="USD")
            book.put("indicators", "CS-03-I3", value=5)
            book.put("indicators", "CS-02-I4", 1, axis="sex", value=3)
            book.put("indicators", "CS-03-I5", value=50, not_available="Not available")
            book.put("indicators", "CS-09-I3", value="5/6/2025")
            book.put("budget", "CS-03", amount=5)
            sheet = book.sheet("whole")
            sheet.cell(book.row("whole", "CS-05"), book.column("whole", "obstacles")).value = "=1+1"
            last = sheet.max_row + 1
            sheet.cell(last, 1).value = "w:999999"
            sheet.cell(last, book.column("whole", "summary")).value = "Of nobody."

        answer = fill(focal, change)
        page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page_of(focal, answer)))
        for place, text in (
            ("Answers!F7", "Choose from the list of the cell."),
            ("Indicators!G", "This is not a number. In the cell: many"),
            ("Indicators!H", "Choose the currency of the amount."),
            ("Indicators!F", "Say which category the row is about."),
            ("Indicators!I", "Keep one of the two."),
            ("Indicators!G", "This date can be read in two ways."),
            ("Budget!D3", "This cell is needed for a budget line."),
            ("Whole report!E", "There is a formula without a result here."),
            ("Whole report!", "This row is none of those that were in the file."),
        ):
            assert re.search(rf"{re.escape(place)}\d*[^!]*{re.escape(text)}", page), (place, text)
        accept(focal, answer.location)
        assert stored(cast, "CS-03").answers[0].narrative == "Taken all the same."
        assert stored(cast, "CS-03").answers[0].self_assessment is None
        assert stored(cast, "CS-03").indicators == ()

    def test_data_about_persons(self, focal: FlaskClient, cast: Cast) -> None:
        def change(book: Book) -> None:
            book.put("answers", "CS-03.a", narrative="Write to victim@example.org about it.")
            book.put("answers", "CS-03.b", narrative="The victim Juana Perez was heard.")
            book.put("answers", "CS-03.c", narrative="Nothing personal.")
            book.put("indicators", "CS-03-I2", value="Ask victim@example.org")

        answer = fill(focal, change)
        page = page_of(focal, answer)
        report_id = cast.report_id("US", "CS-03")
        assert ticked(page) == {f"a:{report_id}:CS-03.{part}:narrative" for part in "bc"}
        assert "data that identify a person" in page
        assert "victim@example.org" not in page
        with cast.reading() as session:
            kept = session.scalars(sa.select(WorkbookReturn)).one()
            assert "victim@example.org" not in f"{kept.content}", "what identifies a person is not kept while it waits"
        assert "The report will ask you to explain it" in page
        accept(focal, answer.location, *(f"a:{report_id}:CS-03.{part}:narrative" for part in "abc"))
        assert narrative(cast, "CS-03.a") == ""
        assert narrative(cast, "CS-03.b") == "The victim Juana Perez was heard."

    def test_a_report_that_was_submitted_meanwhile(self, focal: FlaskClient, cast: Cast) -> None:
        book = Book(download(focal))
        book.put("answers", "CS-03.a", narrative="Late.").put("answers", "CS-04.a", narrative="In time.")
        waiting = send_back(focal, book.content()).location
        cast.bring_to(cast.report_id("US", "CS-03"), ReportState.SUBMITTED, "us")
        page = focal.get(waiting).get_data(as_text=True)
        assert "no longer open for writing" in page
        later = page_of(focal, send_back(focal, book.content()))
        assert "no longer open for writing" in later
        report_id = cast.report_id("US", "CS-03")
        assert accept(focal, waiting, f"a:{report_id}:CS-03.a:narrative").status_code == 422
        accept(focal, waiting)
        assert narrative(cast, "CS-03.a") == "An invented answer."
        assert narrative(cast, "CS-04.a") == "In time."

    @pytest.mark.parametrize(
        ("name", "content", "told"),
        [
            ("", b"", "Choose the file"),
            ("answers.ods", b"PK\x03\x04 something", "Save the file as an Excel workbook"),
            ("answers.xlsx", b"PK\x03\x04 something", "damaged"),
            ("answers.xlsx", b"no workbook", "not what its ending says"),
            ("answers.xlsm", b"PK\x03\x04", "macros"),
            ("answers.pdf", b"%PDF-1.7", "Save the file as an Excel workbook"),
            ("answers.xlsx", b"", "empty"),
        ],
    )
    def test_files_that_are_refused(self, focal: FlaskClient, name: str, content: bytes, told: str) -> None:
        answer = send_back(focal, content, name)
        assert answer.status_code == 422
        assert told in answer.get_data(as_text=True)

    def test_a_workbook_of_somebody_else(self, focal: FlaskClient, cast: Cast) -> None:
        stream = BytesIO()
        openpyxl.Workbook().save(stream)
        answer = send_back(focal, stream.getvalue())
        assert answer.status_code == 422
        assert "was not made by this site" in answer.get_data(as_text=True)

    def test_a_signature_that_was_tampered_with(self, focal: FlaskClient, cast: Cast) -> None:
        book = Book(download(focal)).put("answers", "CS-03.a", narrative="Mine.")
        for one in book.book.custom_doc_props.props:
            if one.name == "tracker_seal_01":
                one.value = ("A" if one.value[0] != "A" else "B") + one.value[1:]
        assert send_back(focal, book.content()).status_code == 422

    def test_too_large(self, focal: FlaskClient) -> None:
        answer = send_back(focal, b"PK\x03\x04" + b"x" * (5 * 1024 * 1024))
        assert answer.status_code == 422
        assert "larger than 5 MB" in answer.get_data(as_text=True)
        assert send_back(focal, b"x" * (6 * 1024 * 1024)).status_code == 413


class TestWho:
    def test_another_state_or_person(self, cast: Cast, client: FlaskClient) -> None:
        cast.sign_in(client, FOCAL)
        book = Book(download(client)).put("answers", "CS-03.a", narrative="Of the United States.").content()
        back = send_back(client, book).location
        cast.sign_in(client, "focal.br")
        client.get("/workbooks?lang=en")
        answer = send_back(client, book)
        assert answer.status_code == 422
        assert "made for another State" in answer.get_data(as_text=True)
        for name in ("focal.br", "contributor.us"):
            cast.sign_in(client, name)
            assert client.get(back).status_code == 404
            assert send(client, back, accept="clean").status_code == 404
            assert send(client, f"{back}/discard").status_code == 404
        assert narrative(cast, "CS-03.a") == ""

    @pytest.mark.parametrize("name", ["approver.us", "observer", "reviewer", "admin"])
    def test_roles_that_do_not_write(self, cast: Cast, client: FlaskClient, name: str) -> None:
        cast.sign_in(client, FOCAL)
        back = fill(client, lambda book: book.put("answers", "CS-03.a", narrative="Mine.")).location
        cast.sign_in(client, name)
        for address in ("/workbooks", "/workbooks/file.xlsx", back):
            assert client.get(address).status_code == 403, address
        assert send_back(client, b"PK").status_code == 403
        assert send(client, back, accept="clean").status_code == 403
        assert send(client, f"{back}/discard").status_code == 403
        assert "/workbooks" not in client.get("/commitments").get_data(as_text=True)

    def test_signed_out(self, cast: Cast, client: FlaskClient) -> None:
        assert client.get("/workbooks/file.xlsx").status_code == 302
        data = {"csrf_token": token(client), "file": (BytesIO(b"PK"), "a.xlsx")}
        assert client.post("/workbooks/return", data=data, content_type="multipart/form-data").status_code == 401

    def test_a_contributor_gets_and_changes_the_assigned_parts(self, any_cast: Cast, client: FlaskClient) -> None:
        any_cast.fill(any_cast.report_id("US", "CS-03"), FOCAL, "Of the focal point.")
        self.assign_only(any_cast, "CS-03.b")
        any_cast.sign_in(client, "contributor.us")
        content = download(client)
        book = Book(content)
        assert [s.title for s in book.book.worksheets if s.sheet_state == "visible"] == ["Instructions", "Answers"]
        assert book.sheet("answers").max_row == 3
        assert b"CS-03.a" not in b"".join(str(c.value).encode() for row in book.hidden.iter_rows() for c in row)
        answer = send_back(client, book.put("answers", "CS-03.b", narrative="Of the ministry.").content())
        accept(client, answer.location)
        said = [a.narrative for a in stored(any_cast, "CS-03").answers]
        assert said == ["Of the focal point.", "Of the ministry.", "Of the focal point."]

    def test_what_is_assigned_counts_when_the_file_returns(self, cast: Cast, client: FlaskClient) -> None:
        cast.sign_in(client, "contributor.us")
        book = Book(download(client))
        for part in "ab":
            book.put("answers", f"CS-03.{part}", narrative="Of the ministry.")
        waiting = send_back(client, book.content()).location
        self.assign_only(cast, "CS-03.b")
        page = page_of(client, send_back(client, book.content()))
        assert "This part is not assigned to you." in page
        line = f"a:{cast.report_id('US', 'CS-03')}:CS-03.a:narrative"
        assert accept(client, waiting, line).status_code == 422
        accept(client, waiting)
        assert [a.narrative for a in stored(cast, "CS-03").answers] == ["", "Of the ministry.", ""]

    @staticmethod
    def assign_only(cast: Cast, element: str) -> None:
        commitment = cast.commitment_id("US", "CS-03")
        with cast.writing() as session:
            part = session.scalars(sa.select(Element.id).where(Element.code == element)).one()
            for one in session.scalars(sa.select(Assignment).where(Assignment.commitment_id == commitment)):
                one.element_id = part

    def test_the_secretariat_reports_too(self, cast: Cast, client: FlaskClient) -> None:
        cast.sign_in(client, "secretariat")
        answer = fill(client, lambda book: book.put("answers", "WP-G-01", narrative="A mandate carried out."))
        assert accept(client, answer.location).status_code == 303
