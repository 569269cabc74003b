"""The spreadsheet as a document: what programs allow, in every language, and text that stays text."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from io import BytesIO

import openpyxl
import pytest

from config import LANGUAGES
from tests.workbook_scene import Book
from tracker import wording
from tracker.documents import workbook, workbook_read
from tracker.documents import workbook_phrases as phrases
from tracker.documents.workbook_cells import LONGEST_HELP
from tracker.domain.errors import Unmet
from tracker.domain.text import fold
from tracker.domain.vocabulary import SELF_RATINGS, BudgetPurpose, BudgetStage, Role
from tracker.services import workbook_words
from tracker.services.workbook_content import AnswerLine, BudgetLine, IndicatorLine, Seal, WholeLine, Workbook

AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
NASTY = '=HYPERLINK("http://example.org")\n+1\n@x\n<b>&amp;</b> _x000D_ 😀'


def texts(text: str) -> dict[str, str]:
    return dict.fromkeys(LANGUAGES, text)


def made(language: str = "en") -> Workbook:
    indicator = {
        "code": "CS-03-I2",
        "label": texts("A label"),
        "cycle": texts("2026"),
        "unit": texts("%"),
        "note": {},
        "axes": (texts("sex"), texts("year")),
        "previous": "",
        "previous_currency": "",
    }
    said = {"value": "12345678901234567.25", "currency": "USD", "from": "2025-01-01"}
    return Workbook(
        party=texts("Côte & Fils"),
        person=NASTY,
        role=Role.FOCAL_POINT,
        language=language,
        made_at=AT,
        time_zone="America/Lima",
        cycles=(texts("2026"),),
        answers=(
            AnswerLine(
                key="a:1:CS-03.a",
                code="CS-03.a",
                title=texts("Title"),
                label=texts(NASTY),
                words=NASTY,
                translation={},
                due_on=date(2026, 4, 30),
                cycle=texts("2026"),
                previous="=1+1",
                said={"rating": "implemented", "narrative": NASTY},
            ),
        ),
        indicators=(
            IndicatorLine(key="i:1:CS-03-I2:0", number=0, data_type="money", choices=(), said=said, **indicator),  # type: ignore[arg-type]
            IndicatorLine(
                key="i:1:CS-03-I2:1",
                number=1,
                data_type="multi_choice",
                choices=(texts("first"), texts("second")),
                said={"axis": "2", "category": "=2025", "value": "first; second"},
                **indicator,  # type: ignore[arg-type]
            ),
        ),
        budget=(BudgetLine("b:1:1", "CS-03", texts("Title"), texts("2026"), {"amount": "0.1", "year": "2025"}),),
        whole=(WholeLine("w:1", "CS-03", texts("Title"), date(2026, 4, 30), texts("2026"), {}),),
        seal=Seal("BR", 1, language, AT, {1: (1, "x")}, "", ("answers",)),
        base='{"1":{}}' + "é" * 40_000,
        address="https://tracker.test/workbooks",
    )


def test_what_people_typed_is_text() -> None:
    book = Book(workbook.render(made(), "seal"))
    for sheet in book.book.worksheets:
        assert not [c.coordinate for row in sheet.iter_rows() for c in row if c.data_type == "f" or c.hyperlink]
    assert book.cell("answers", "CS-03.a", "narrative").value == NASTY
    assert book.cell("answers", "CS-03.a", "previous").value == "=1+1"
    assert book.cell("indicators", "CS-03-I2", "category", 1).value == "=2025"


def test_what_is_written_is_read() -> None:
    seal = "s" * 3000
    given = made()
    back = workbook_read.read(BytesIO(workbook.render(given, seal)))
    assert (back.seal, back.base) == (seal, given.base)
    assert [row.key for row in back.rows] == ["a:1:CS-03.a", "i:1:CS-03-I2:0", "i:1:CS-03-I2:1", "b:1:1", "w:1"]
    whole = back.rows[1].cells
    assert whole["value"].raw == "12345678901234567.25", "more digits than a number of a spreadsheet keeps"
    assert whole["value"].place == "Indicators!G3"
    assert back.rows[3].cells["amount"].raw == 0.1


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_fits(language: str) -> None:
    book = Book(workbook.render(made(language), "seal"))
    titles = [sheet.title for sheet in book.book.worksheets]
    assert len(set(titles)) == 6
    for title in (phrases.INSTRUCTIONS, *phrases.SHEET_NAMES.values()):
        said = wording.translate(title, language)
        assert 0 < len(said) <= 31, said
        assert not re.search(r"[\[\]:*?/\\]|^'|'$", said), said
    helps = [*phrases.VALUE_HELP.values(), phrases.CURRENCY_HELP, phrases.WRONG_CHOICE, phrases.WRONG_NUMBER]
    for text in (*helps, phrases.WRONG_DATE, phrases.TOO_LONG):
        assert len(wording.translate(text, language)) <= LONGEST_HELP, text
    for text in phrases.HELP.values():
        assert (
            len(wording.translate(text, language)) + len(wording.translate(phrases.NO_NAMES, language)) < LONGEST_HELP
        )


def test_no_word_of_a_list_means_two_things() -> None:
    for members, found in (
        (SELF_RATINGS, workbook_words.ratings()),
        (tuple(BudgetPurpose), workbook_words.purposes()),
        (tuple(BudgetStage), workbook_words.stages()),
    ):
        for member in members:
            for language in LANGUAGES:
                assert found[fold(wording.label(member, language))] == member
    assert workbook_words.yes_or_no()[fold("não")] == "no"
    assert workbook_words.yes_or_no()[fold("Sí")] == "yes"


def test_a_results_of_a_formula_counts_and_none_is_an_error() -> None:
    given = Book(workbook.render(made(), "seal")).put("indicators", "CS-03-I2", value="=1+1")
    back = workbook_read.read(BytesIO(given.content()))
    assert back.rows[1].cells["value"].fault == "formula", "nothing has worked it out"
    given.put("indicators", "CS-03-I2", value="#NAME?")
    given.cell("indicators", "CS-03-I2", "value").data_type = "e"
    assert workbook_read.read(BytesIO(given.content())).rows[1].cells["value"].fault == "error"


def test_what_cannot_be_read_is_refused() -> None:
    stream = BytesIO()
    book = openpyxl.Workbook()
    book.active["A1"] = "tracker:answers"
    book.save(stream)
    assert workbook_read.read(BytesIO(stream.getvalue())).rows == ()
    broken = stream.getvalue().replace(b"xl/workbook.xml", b"xl/workbooX.xml")
    with pytest.raises(Unmet) as caught:
        workbook_read.read(BytesIO(broken))
    assert caught.value.problems == {"file": "damaged"}
