"""What people and programs put into the cell of a spreadsheet, read as what was meant.

A cell is not what was typed: Excel and LibreOffice turn ``2025`` into 2025.0, ``30/6/2025`` into a date or a serial
number, ``45%`` into 0.45, ``yes`` of a drop-down stays a word of the language of the file. Nothing is guessed where it
can be read in two ways: then ``BadCell`` says so, and the line waits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite

from tracker.domain import measures
from tracker.domain.measures import NO, NUMERIC, YES, BadMeasure, DataType
from tracker.domain.text import UnusableText, clean, fold

Raw = str | int | float | bool | datetime | date | time | None

FORMULA, ERROR = "formula", "error"
"""Faults of a cell that no value can be read from: a formula without its result, and ``#NAME?`` and the like."""
PROBLEMS = (FORMULA, ERROR, "unusable", "too_long", "not_a_word", "ambiguous_date", *measures.PROBLEMS)
"""Every code that ``BadCell`` carries."""

_SERIAL_ZERO = date(1899, 12, 30)
_LARGEST_SERIAL = 109_574  # the end of 2199, as far as ``measures`` reads dates
_TOO_LARGE = 10**measures.MOST_DIGITS
_PARTS = re.compile(r"(\d{1,4})[./\-\u2013 ](\d{1,2})[./\-\u2013 ](\d{1,4})", re.ASCII)
_ESCAPED_RETURN = re.compile("_x000[dD]_")
_BETWEEN = re.compile(r"[;,\n]")


class BadCell(ValueError):
    """What stands in the cell cannot be taken; ``code`` is one of ``PROBLEMS``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Cell:
    """One cell as the file has it."""

    place: str = ""
    """Sheet and cell, as people find it: ``Answers!F12``."""
    raw: Raw = None
    percent: bool = False
    """Shown as a percentage: 0.45 is meant as 45."""
    fault: str = ""
    """``FORMULA`` or ``ERROR``."""

    @property
    def value(self) -> Raw:
        """What stands in it. Raises BadCell where nothing can be read."""
        if self.fault:
            raise BadCell(self.fault)
        return self.raw

    @property
    def is_blank(self) -> bool:
        return not self.fault and (self.raw is None or (isinstance(self.raw, str) and not self.raw.strip()))


def said(raw: Raw) -> str:
    """The content of a cell as a person would have typed it."""
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return YES if raw else NO
    if isinstance(raw, float):
        return _decimal(raw)
    if isinstance(raw, datetime):
        return (raw.date() if raw.time() == time() else raw).isoformat()
    if isinstance(raw, date | time):
        return raw.isoformat()
    return _ESCAPED_RETURN.sub("", str(raw))


def read_text(cell: Cell, longest: int, *, multiline: bool = True) -> str:
    """Free text, cleaned like the text of a form."""
    try:
        text = clean(said(cell.value), multiline=multiline)
    except UnusableText:
        raise BadCell("unusable") from None
    if len(text) > longest:
        raise BadCell("too_long")
    return text


def read_word(cell: Cell, words: Mapping[str, str]) -> str:
    """The value of a drop-down; "" where the cell is empty. ``words``: folded word of any language → value."""
    typed = fold(said(cell.value)).strip(" .")
    if not typed:
        return ""
    if typed not in words:
        raise BadCell("not_a_word")
    return words[typed]


def read_mark(cell: Cell, words: Mapping[str, str]) -> bool:
    """Whether something like "not available" was chosen, in the words of any language, or with a cross or a tick."""
    raw = cell.value
    if isinstance(raw, bool | int | float):
        return bool(raw)
    typed = fold(said(raw)).strip(" .")
    if not typed or words.get(typed) == NO:
        return False
    if typed in ("x", "✓", "✔") or typed in words:
        return True
    raise BadCell("not_a_word")


def read_day(cell: Cell) -> str:
    """A date as year-month-day; "" where the cell is empty."""
    raw = cell.value
    if isinstance(raw, datetime):
        return _day(raw.date())
    if isinstance(raw, date):
        return _day(raw)
    if isinstance(raw, bool | time):
        raise BadCell("no_date")
    if isinstance(raw, int | float):
        if not 1 <= raw <= _LARGEST_SERIAL:
            raise BadCell("no_date")
        return _day(_SERIAL_ZERO + timedelta(days=int(raw)))
    return _typed_day(said(raw).strip())


def read_measure(cell: Cell, data_type: str, choices: Sequence[str], words: Mapping[str, str]) -> str:
    """A typed value as it is kept (``domain.measures``); "" where the cell is empty.

    ``choices``: the English words of the indicator; ``words``: folded word of any language → English word, or yes/no.
    """
    kind = DataType(data_type)
    raw = cell.value
    if said(raw).strip() == "":
        return ""
    if kind in NUMERIC:
        typed = _number(raw, percent=cell.percent and kind is DataType.PERCENTAGE)
    elif kind is DataType.DATE:
        typed = read_day(cell)
    elif kind is DataType.BOOLEAN:
        typed = _yes_or_no(raw, words)
    elif kind is DataType.MULTI_CHOICE:
        parts = [fold(part).strip(" .") for part in _BETWEEN.split(said(raw))]
        typed = measures.BETWEEN_CHOICES.join(_known(part, words) for part in parts if part)
    else:
        typed = _known(fold(said(raw)).strip(" ."), words)
    try:
        return measures.read(data_type, typed, choices).value
    except BadMeasure as error:
        raise BadCell(error.code) from None


def read_amount(cell: Cell) -> str:
    """An amount of money as it is kept."""
    return read_measure(cell, DataType.MONEY, (), {})


def read_currency(cell: Cell) -> str:
    """A currency's code; "" where the cell is empty. ``USD – …`` of a list is read by its first word."""
    typed = said(cell.value).strip()
    if not typed:
        return ""
    try:
        return measures.read_currency(typed.split()[0])
    except BadMeasure as error:
        raise BadCell(error.code) from None


def _number(raw: Raw, *, percent: bool) -> str:
    if isinstance(raw, bool | date | time):
        raise BadCell("no_number")
    if not isinstance(raw, int | float):
        return said(raw).strip()
    if not -_TOO_LARGE < raw < _TOO_LARGE:
        raise BadCell("too_large")
    value = Decimal(_decimal(raw)) * (100 if percent else 1)
    # Binary fractions carry noise, and a formula's third has no end: what is kept stands on the page before it counts.
    value = round(value, measures.MOST_DECIMALS)
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return measures.for_input(DataType.MONEY, text)


def _decimal(number: float) -> str:
    """Fifteen digits, as spreadsheets keep; without exponent. ``1E999`` reads as infinity and stays so."""
    if not isfinite(number):
        return f"{number}"
    text = f"{Decimal(f'{number:.15g}'):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _yes_or_no(raw: Raw, words: Mapping[str, str]) -> str:
    if isinstance(raw, bool):
        return YES if raw else NO
    if isinstance(raw, int | float) and raw in (0, 1):
        return YES if raw else NO
    return _known(fold(said(raw)).strip(" ."), words)


def _known(word: str, words: Mapping[str, str]) -> str:
    if word not in words:
        raise BadCell("not_a_word")
    return words[word]


def _typed_day(text: str) -> str:
    """``2025-06-30``, ``30/6/2025``, ``30.06.2025``; ``5/6/2025`` has two meanings between Ottawa and Brasilia."""
    if not text:
        return ""
    found = _PARTS.fullmatch(text)
    if not found:
        raise BadCell("no_date")
    first, middle, last = (int(part) for part in found.groups())
    if len(found[1]) == 4:
        return _day(_date(first, middle, last))
    if len(found[3]) != 4:
        raise BadCell("ambiguous_date")
    if first <= 12 and middle <= 12 and first != middle:
        raise BadCell("ambiguous_date")
    return _day(_date(last, first, middle) if middle > 12 else _date(last, middle, first))


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise BadCell("no_date") from None


def _day(day: date) -> str:
    if not 1900 <= day.year <= 2199:
        raise BadCell("no_date")
    return day.isoformat()
