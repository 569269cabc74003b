"""Filling in offline: what comes back is compared line by line, and nothing is stored before it is accepted."""

from __future__ import annotations

from datetime import date

import pytest
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.support.sending import send
from tests.workbook_scene import Book, accept, download, fill, narrative, page_of, send_back, stored, ticked
from tracker.domain.vocabulary import Rating
from tracker.services import records, reports
from tracker.services.report_content import ReportContent, of_draft

FOCAL = "focal.us"


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
        assert send(focal, back, accept="clean").status_code == 303, "a second click"
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
