"""What Excel and LibreOffice make of what people type, read as what was meant."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest

from tracker.domain.cells import (
    ERROR,
    FORMULA,
    BadCell,
    Cell,
    read_currency,
    read_day,
    read_mark,
    read_measure,
    read_text,
    read_word,
)

# A spreadsheet knows no time zones.
MIDNIGHT, NINE = datetime.fromisoformat("2025-06-30"), datetime.fromisoformat("2025-06-30T09:00")
NO_WORDS: dict[str, str] = {}
YES_NO = {"yes": "yes", "si": "yes", "no": "no"}


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("  Two lines.\r\nHere. ", "Two lines.\nHere."),
        ("Excel_x000D_\nwrites so", "Excel\nwrites so"),
        (2025.0, "2025"),
        (2025, "2025"),
        (0.1 + 0.2, "0.3"),
        (None, ""),
        (MIDNIGHT, "2025-06-30"),
        ("=1+1", "=1+1"),
        ("ÑandeJára ñe’ẽ", "ÑandeJára ñe’ẽ"),
    ],
)
def test_text(raw: Any, kept: str) -> None:
    assert read_text(Cell(raw=raw), 100) == kept


@pytest.mark.parametrize(("raw", "code"), [("x" * 101, "too_long"), ("a\x00b", "unusable")])
def test_text_that_cannot_be_kept(raw: str, code: str) -> None:
    with pytest.raises(BadCell) as caught:
        read_text(Cell(raw=raw), 100)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "raw",
    ["2025-06-30", "30/6/2025", "30.06.2025", "6/30/2025", 45838, 45838.0, date(2025, 6, 30), NINE],
)
def test_dates(raw: Any) -> None:
    assert read_day(Cell(raw=raw)) == "2025-06-30"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("5/6/2025", "ambiguous_date"),
        ("5/6/25", "ambiguous_date"),
        ("31/2/2025", "no_date"),
        ("soon", "no_date"),
        (True, "no_date"),
        (time(9), "no_date"),
        (-3, "no_date"),
        (10**12, "no_date"),
        (float("nan"), "no_date"),
        ("1/1/0001", "no_date"),
    ],
)
def test_dates_that_are_none(raw: Any, code: str) -> None:
    with pytest.raises(BadCell) as caught:
        read_day(Cell(raw=raw))
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("kind", "raw", "percent", "kept"),
    [
        ("integer", 1234.0, False, "1234"),
        ("integer", "1.234", False, "1234"),
        ("money", 1.234, False, "1.234"),
        ("money", "1.234,50", False, "1234.5"),
        ("money", 1e15, False, "1000000000000000"),
        ("percentage", 0.45, True, "45"),
        ("percentage", 45, False, "45"),
        ("percentage", "45 %", False, "45"),
        ("percentage", 1 / 3 * 100, False, "33.333333"),
        ("number", 1234.567, False, "1234.567"),
        ("boolean", True, False, "yes"),
        ("boolean", 0, False, "no"),
        ("boolean", "Sí", False, "yes"),
        ("date", 45838, False, "2025-06-30"),
        ("integer", "", False, ""),
        ("integer", None, False, ""),
    ],
)
def test_measures(kind: str, raw: Any, percent: bool, kept: str) -> None:
    assert read_measure(Cell(raw=raw, percent=percent), kind, (), YES_NO) == kept


@pytest.mark.parametrize(
    ("kind", "raw", "code"),
    [
        ("integer", 1.5, "not_whole"),
        ("integer", -1, "negative"),
        ("integer", True, "no_number"),
        ("integer", MIDNIGHT, "no_number"),
        ("integer", 10**40, "too_large"),
        ("money", float("inf"), "too_large"),
        ("money", float("nan"), "too_large"),
        ("percentage", 101, "over_100"),
        ("boolean", "perhaps", "not_a_word"),
        ("number", "many", "no_number"),
    ],
)
def test_measures_that_are_none(kind: str, raw: Any, code: str) -> None:
    with pytest.raises(BadCell) as caught:
        read_measure(Cell(raw=raw), kind, (), YES_NO)
    assert caught.value.code == code


def test_choices_are_read_in_any_language_and_kept_in_english() -> None:
    words = {"parcialmente": "partial", "plenamente": "full", "full": "full"}
    assert read_measure(Cell(raw=" Plenamente. "), "choice", ("partial", "full"), words) == "full"
    several = read_measure(Cell(raw="full, Parcialmente;"), "multi_choice", ("partial", "full"), words)
    assert several == "partial; full"


def test_words_marks_and_currencies() -> None:
    assert read_word(Cell(raw="SÍ"), YES_NO) == "yes"
    assert read_word(Cell(), YES_NO) == ""
    assert [read_mark(Cell(raw=raw), YES_NO) for raw in ("x", "yes", True, 1, "no", "", None, False)] == [
        *[True] * 4,
        *[False] * 4,
    ]
    assert read_currency(Cell(raw=" gtq ")) == "GTQ"
    with pytest.raises(BadCell):
        read_currency(Cell(raw="XXX"))


@pytest.mark.parametrize("fault", [FORMULA, ERROR])
def test_a_faulty_cell_is_never_taken_for_an_empty_one(fault: str) -> None:
    cell = Cell("Answers!F3", fault=fault)
    assert not cell.is_blank
    for read in (
        lambda: read_text(cell, 10),
        lambda: read_day(cell),
        lambda: read_measure(cell, "money", (), NO_WORDS),
    ):
        with pytest.raises(BadCell) as caught:
            read()
        assert caught.value.code == fault
