"""Filling in offline: what comes back is compared line by line, and nothing is stored before it is accepted."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cast import Cast
from tests.support.sending import send, statements, token
from tests.workbook_scene import Book, download, fill, send_back
from tracker.domain.vocabulary import Rating, ReportState
from tracker.jobs import run_job
from tracker.models import Assignment, AuditEntry, Element, HistoryEntry, ProgressReport, WorkbookReturn
from tracker.services import records, reports
from tracker.services.report_content import ReportContent, of_draft

FOCAL = "focal.us"


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


@pytest.fixture
def focal(cast: Cast, client: FlaskClient) -> FlaskClient:
    cast.sign_in(client, FOCAL)
    return client


class TestThereAndBack:
    def test_everything_that_can_be_filled_in_arrives(self, any_cast: Cast, client: FlaskClient) -> None:
        any_cast.sign_in(client, FOCAL)
        answer = fill(
            client,
            lambda book: (
                book.put("answers", "CS-03.a", rating="Partially implemented", narrative="- Done.\n=Really.")
                .put("indicators", "CS-03-I1", value="Yes")
                .put("indicators", "CS-03-I2", value=1234567.5, currency="USD", from_=date(2025, 1, 1), to="2025-12-31")
                .put("indicators", "CS-03-I2", 1, axis="fiscal year", category=2025, value="1.000,5", currency="usd")
                .put("indicators", "CS-02-I2", value="partial")
                .put("indicators", "CS-02-I3", not_available="Not available")
                .put("indicators", "CS-03-I5", value=0, note="Nothing was executed.")
                .put("indicators", "CS-09-I3", value=date(2025, 6, 30))
                .put("indicators", "CS-09-I4", value="impact; dimension")
                .put(
                    "budget",
                    "CS-03",
                    purpose="Against trafficking in persons",
                    stage="Allocated",
                    year=2025,
                    amount=10,
                    currency="USD",
                )
                .put("whole", "CS-03", obstacles="An obstacle.", help_needed="Some help.", summary="A summary.")
            ),
        )
        assert "14 lines can be accepted" in page_of(client, answer)
        assert stored(any_cast, "CS-03").indicators == ()
        done = accept(client, answer.location)
        assert done.status_code == 303
        said = stored(any_cast, "CS-03")
        assert said.answers[0].self_assessment is Rating.PARTIALLY
        assert said.answers[0].narrative == "- Done.\n=Really."
        values = {(v.indicator, v.axis, v.category): v for v in said.indicators}
        assert values["CS-03-I1", 0, ""].value == "yes"
        assert values["CS-03-I2", 0, ""].value == "1234567.5"
        assert values["CS-03-I2", 0, ""].currency == "USD"
        assert values["CS-03-I2", 0, ""].period_start == date(2025, 1, 1)
        assert values["CS-03-I2", 0, ""].period_end == date(2025, 12, 31)
        assert values["CS-03-I2", 1, "2025"].value == "1000.5"
        assert values["CS-03-I5", 0, ""].value == "0"
        assert values["CS-03-I5", 0, ""].note == "Nothing was executed."
        assert [(b.amount, b.fiscal_year, b.currency) for b in said.budget] == [("10", "2025", "USD")]
        assert (said.obstacles, said.help_needed, said.summary) == ("An obstacle.", "Some help.", "A summary.")
        other = {v.indicator: v for v in stored(any_cast, "CS-02").indicators}
        assert other["CS-02-I2"].value == "partial"
        assert other["CS-02-I3"].not_available
        last = {v.indicator: v.value for v in stored(any_cast, "CS-09").indicators}
        assert last == {"CS-09-I3": "2025-06-30", "CS-09-I4": "dimension; impact"}

    def test_what_is_stored_comes_back_unchanged(self, any_cast: Cast, client: FlaskClient) -> None:
        any_cast.sign_in(client, FOCAL)
        first = fill(
            client,
            lambda book: (
                book.put("answers", "CS-03.a", rating="Implemented", narrative="Said.")
                .put("indicators", "CS-03-I2", value="12345678901234567.25", currency="USD")
                .put("indicators", "CS-03-I2", 1, axis="pillar", category="prevention", value=7, currency="USD")
                .put("indicators", "CS-03-I1", value="No")
                .put(
                    "budget",
                    "CS-03",
                    purpose="Against drug trafficking",
                    stage="Executed",
                    year="2024/2025",
                    amount=0.1,
                    currency="USD",
                    note="Of the ministry.",
                )
            ),
        )
        accept(client, first.location)
        assert stored(any_cast, "CS-03").indicators[1].value == "12345678901234567.25"
        again = send_back(client, download(client))
        assert again.location == "/workbooks"
        assert "nothing to accept" in client.get("/workbooks").get_data(as_text=True)

    def test_the_same_file_sent_again(self, any_cast: Cast, client: FlaskClient) -> None:
        any_cast.sign_in(client, FOCAL)
        book = Book(download(client)).put("answers", "CS-04.a", narrative="Met twice.").content()
        first, second = send_back(client, book), send_back(client, book)
        assert first.location == second.location
        accept(client, first.location)
        assert send_back(client, book).location == "/workbooks"

    def test_a_file_in_another_language_and_other_hands(self, cast: Cast, client: FlaskClient) -> None:
        cast.sign_in(client, "focal.br")
        book = Book(client.get("/workbooks/file.xlsx?lang=fr").data)
        words = [c.value for c in book.hidden["C"] if c.value]
        assert "Mis en œuvre" in words or "Implemented" not in words
        book.put("answers", "CS-03.a", rating=words[1], narrative="Fait.")
        book.put("indicators", "CS-03-I1", value="não")
        cast.sign_in(client, "alternate.br")
        answer = send_back(client, book.content())
        accept(client, answer.location)
        assert stored(cast, "CS-03", "BR").answers[0].self_assessment is Rating.LARGELY
        assert stored(cast, "CS-03", "BR").indicators[0].value == "no"

    def test_rows_sorted_deleted_copied_and_put_in(self, focal: FlaskClient, cast: Cast) -> None:
        book = Book(download(focal))
        book.put("answers", "CS-03.b", narrative="Below its neighbour now.")
        sheet = book.sheet("answers")
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
        for number, row in enumerate(reversed(rows[3:]), 3):
            for column, value in enumerate(row, 1):
                sheet.cell(number, column).value = value
        sheet.delete_rows(len(rows), 3)
        indicators = book.sheet("indicators")
        copied = [cell.value for cell in indicators[book.row("indicators", "CS-02-I4", 1)]]
        last = indicators.max_row + 1
        for category, key in (("women", copied[0]), ("men", copied[0]), ("girls", None)):
            for column, value in enumerate(copied, 1):
                indicators.cell(last, column).value = value
            indicators.cell(last, 1).value = key
            for field, value in (("axis", "sex"), ("category", category), ("value", 5)):
                indicators.cell(last, book.column("indicators", field)).value = value
            last += 1
        answer = send_back(focal, book.content())
        page = page_of(focal, answer)
        assert "could not be taken" not in page
        accept(focal, answer.location)
        assert narrative(cast, "CS-03.b") == "Below its neighbour now."
        found = stored(cast, "CS-02").indicators
        assert {(v.axis, v.category, v.value) for v in found} == {(2, c, "5") for c in ("women", "men", "girls")}

    def test_emptied_cells_are_emptied_deleted_rows_are_not(self, focal: FlaskClient, cast: Cast) -> None:
        cast.fill(cast.report_id("US", "CS-03"), FOCAL, "Was said.")
        book = Book(download(focal)).put("answers", "CS-03.a", rating=None, narrative=None)
        book.sheet("answers").delete_rows(book.row("answers", "CS-03.b"))
        answer = send_back(focal, book.content())
        accept(focal, answer.location)
        said = stored(cast, "CS-03").answers
        assert [(a.self_assessment, a.narrative) for a in said][:2] == [
            (None, ""),
            (Rating.PARTIALLY, "Was said."),
        ]


class TestConflicts:
    @pytest.fixture
    def back(self, focal: FlaskClient, cast: Cast) -> str:
        """A file that changes three answers, of which the site changed one meanwhile and wrote another as the file."""
        book = Book(download(focal))
        for code in "abc":
            book.put("answers", f"CS-03.{code}", narrative=f"File {code}.")
        self.write(cast, a="Site a.", b="File b.")
        return str(send_back(focal, book.content()).location)

    @staticmethod
    def write(cast: Cast, **texts: str) -> None:
        report_id = cast.report_id("US", "CS-03")
        actor = cast.actor(FOCAL)
        with cast.writing() as session:
            report = records.report(session, report_id)
            assert report is not None
            content = of_draft(report)
            answers = tuple(
                type(a)(a.element, a.self_assessment, texts.get(a.element[-1], a.narrative)) for a in content.answers
            )
            changed = ReportContent(answers=answers, summary=content.summary)
            reports.save(session, report, changed, seen_version=report.version, actor=actor, now=cast.clock.now())

    def test_are_shown_and_not_ticked(self, focal: FlaskClient, cast: Cast, back: str) -> None:
        page = focal.get(back).get_data(as_text=True)
        assert ticked(page) == {f"a:{cast.report_id('US', 'CS-03')}:CS-03.c:narrative"}
        assert "Site a." in page
        assert "File a." in page
        assert "1 line was changed on the site as well" in page
        assert "File b." not in page, "the two agree: there is nothing to decide"

    def test_all_without_conflict(self, focal: FlaskClient, cast: Cast, back: str) -> None:
        assert accept(focal, back).status_code == 303
        assert [narrative(cast, f"CS-03.{code}") for code in "abc"] == ["Site a.", "File b.", "File c."]
        assert "1 line waits" in focal.get("/workbooks").get_data(as_text=True)
        assert "File a." in focal.get(back).get_data(as_text=True)

    def test_the_files_side_can_be_chosen(self, focal: FlaskClient, cast: Cast, back: str) -> None:
        accept(focal, back, f"a:{cast.report_id('US', 'CS-03')}:CS-03.a:narrative")
        assert [narrative(cast, f"CS-03.{code}") for code in "abc"] == ["File a.", "File b.", ""]

    def test_a_report_that_moves_while_one_looks(self, focal: FlaskClient, cast: Cast, back: str) -> None:
        report_id = cast.report_id("US", "CS-03")
        seen = cast.version(report_id)
        self.write(cast, c="Site c.")
        line = f"a:{report_id}:CS-03.c:narrative"
        answer = accept(focal, back, line, **{f"version-{report_id}": f"{seen}"})
        page = answer.get_data(as_text=True)
        assert answer.status_code == 409
        assert "Nothing was accepted" in page
        assert "Site c." in page
        assert line in ticked(page), "what was ticked stays so"
        assert narrative(cast, "CS-03.c") == "Site c."

    def test_one_stale_report_holds_all_back(self, focal: FlaskClient, cast: Cast) -> None:
        book = Book(download(focal))
        book.put("answers", "CS-03.a", narrative="File.").put("answers", "CS-04.a", narrative="File.")
        back = send_back(focal, book.content()).location
        answer = accept(focal, back, **{f"version-{cast.report_id('US', 'CS-04')}": "99"})
        assert answer.status_code == 409
        assert narrative(cast, "CS-03.a") == ""

    def test_without_the_hidden_sheet_the_site_decides(self, focal: FlaskClient, cast: Cast) -> None:
        book = Book(download(focal))
        book.put("answers", "CS-03.a", narrative="File a.").put("answers", "CS-04.a", narrative="File.")
        book.book.remove(book.hidden)
        self.write(cast, a="Site a.")
        page = page_of(focal, send_back(focal, book.content()))
        assert ticked(page) == {f"a:{cast.report_id('US', 'CS-04')}:CS-04.a:narrative"}
        assert "Not known" in page

    def test_nothing_ticked(self, focal: FlaskClient, back: str) -> None:
        answer = send(focal, back, accept="ticked")
        assert answer.status_code == 422
        assert "Tick at least one line" in answer.get_data(as_text=True)


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

        answer = fill(focal, change)
        page = page_of(focal, answer)
        report_id = cast.report_id("US", "CS-03")
        assert ticked(page) == {f"a:{report_id}:CS-03.{part}:narrative" for part in "bc"}
        assert "data that identify a person" in page
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


class TestTraces:
    def test_history_and_audit_tell_without_the_text(self, any_cast: Cast, client: FlaskClient) -> None:
        any_cast.sign_in(client, FOCAL)
        answer = fill(client, lambda book: book.put("answers", "CS-03.a", narrative="Words of the ministry."))
        accept(client, answer.location)
        with any_cast.reading() as session:
            events = session.scalars(sa.select(AuditEntry).where(AuditEntry.event.like("workbook.%"))).all()
            told = {one.event: one.new for one in events}
            assert set(told) == {"workbook.made", "workbook.returned", "workbook.applied"}
            assert told["workbook.applied"] == {"accepted": 1, "left": 0, "reports": 1}
            assert "ministry" not in f"{[(one.old, one.new) for one in events]}"
            entry = session.scalars(sa.select(HistoryEntry).where(HistoryEntry.action == "from_workbook")).one()
            assert entry.details == {"lines": 1}
            kept = session.scalars(sa.select(WorkbookReturn)).one()
            assert "ministry" not in f"{kept.content}", "what was accepted is not kept twice"
        history = client.get(f"/commitments/{any_cast.commitment_id('US', 'CS-03')}").get_data(as_text=True)
        assert "accepted answers from a spreadsheet" in history
        any_cast.sign_in(client, "reviewer")
        history = client.get(f"/commitments/{any_cast.commitment_id('US', 'CS-03')}").get_data(as_text=True)
        assert "spreadsheet" not in history

    def test_forgotten_by_hand_or_by_the_clock(self, any_cast: Cast, client: FlaskClient) -> None:
        any_cast.sign_in(client, FOCAL)
        first = fill(client, lambda book: book.put("answers", "CS-03.a", narrative="One.")).location
        fill(client, lambda book: book.put("answers", "CS-03.a", narrative="Two."))
        assert send(client, f"{first}/discard").status_code == 303
        assert client.get(first).status_code == 404
        any_cast.clock.advance(days=29)
        run_job(any_cast.app, "upkeep")
        assert self.kept(any_cast) == 1
        any_cast.clock.advance(days=2)
        run_job(any_cast.app, "upkeep")
        assert self.kept(any_cast) == 0

    @staticmethod
    def kept(cast: Cast) -> int:
        with cast.reading() as session:
            return session.scalar(sa.select(sa.func.count()).select_from(WorkbookReturn)) or 0

    def test_reading_the_page_changes_nothing(self, focal: FlaskClient, cast: Cast) -> None:
        back = fill(focal, lambda book: book.put("answers", "CS-03.a", narrative="One.")).location
        before = cast.version(cast.report_id("US", "CS-03"))
        focal.get(back)
        assert cast.version(cast.report_id("US", "CS-03")) == before
        with cast.reading() as session:
            assert session.get_one(ProgressReport, cast.report_id("US", "CS-03")).started_at is None


def test_queries_do_not_grow_with_the_reports(cast: Cast, client: FlaskClient) -> None:
    counts = []
    for name in ("contributor.us", FOCAL):
        cast.sign_in(client, name)
        client.get("/workbooks/file.xlsx")
        with statements(cast.app) as found:
            client.get("/workbooks/file.xlsx")
        counts.append(len(found))
    assert counts[1] <= counts[0] + 3, counts
