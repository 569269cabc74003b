"""Typed values: what people type for an indicator or a budget line, read into canonical text, with its bounds.

Canonical text is what is stored and compared: ``"yes"``/``"no"``, ``"1234"``, ``"1234.5"`` (a point, no groups, no
zeros at the end), ``"2025-06-30"``, an English choice of the catalogue, several of them joined by ``"; "`` in the
catalogue's order. "Not available" is no value and has a field of its own: it is never zero.

People write numbers as their country does, whatever language they read: ``1.234,5``, ``1 234,5``, ``1,234.5`` and
``1'234.50`` are all one number. One separator before exactly three digits (``1,234``) can be read in two ways: it
is decided by what is measured (thousands for counts and money, decimals for percentages), and ``Reading.doubtful``
says so, so that the page can tell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from tracker.domain.vocabulary import PartyKind


class DataType(StrEnum):
    """The types of the catalogue's indicators."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    NUMBER = "number"
    MONEY = "money"
    PERCENTAGE = "percentage"
    RATIO = "ratio"
    """Computed, never typed."""
    DATE = "date"
    CHOICE = "choice"
    MULTI_CHOICE = "multi_choice"


NUMERIC = frozenset({DataType.INTEGER, DataType.NUMBER, DataType.MONEY, DataType.PERCENTAGE})
YES, NO = "yes", "no"
BETWEEN_CHOICES = "; "
MOST_DIGITS = 18
"""Before the decimal mark."""
MOST_DECIMALS = 6
MOST_PERCENT = 100
LARGE = 5
"""Figures from which thousands are parted for the eye."""

CURRENCIES: tuple[str, ...] = (
    *("ARS", "BBD", "BOB", "BRL", "BSD", "BZD", "CAD", "CLP", "COP", "CRC", "CUP", "DOP", "EUR", "GTQ", "GYD"),
    *("HNL", "HTG", "JMD", "MXN", "NIO", "PAB", "PEN", "PYG", "SRD", "TTD", "USD", "UYU", "VES", "XCD"),
)
"""ISO 4217: the currencies of the 35 Member States, and the euro."""

ONLY_OF: dict[str, PartyKind] = {
    "CS-01-I1": PartyKind.GENERAL_SECRETARIAT,
    "CS-01-I2": PartyKind.GENERAL_SECRETARIAT,
    "CS-01-I3": PartyKind.MEMBER_STATE,
}
"""Indicators that measure what one kind of party does, where the provision speaks of two.

Recommendation 1 of 2012: the mechanism (element a) is the General Secretariat's, the contribution (b) the States'.
"""

PROBLEMS = (
    "required",
    "no_number",
    "ambiguous",
    "not_whole",
    "negative",
    "over_100",
    "too_large",
    "too_precise",
    "no_date",
    "no_choice",
    "no_currency",
    "computed",
)
"""Every code that ``BadMeasure`` carries."""


class BadMeasure(ValueError):
    """What was typed is no value of this type; ``code`` is one of ``PROBLEMS``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Reading:
    """A value as it will be kept."""

    value: str
    doubtful: bool = False
    """It could have been read in another way (``1,234``): the page shows how it was read."""


def is_asked_of(indicator: str, kind: PartyKind) -> bool:
    """Whether this kind of party is asked for the indicator, among those of a provision that it owes."""
    return ONLY_OF.get(indicator, kind) == kind


def read(data_type: str, text: str, choices: Sequence[str] = ()) -> Reading:
    """What was typed, as it will be kept. ``choices``: the English words of the indicator's choices.

    Raises BadMeasure. Empty text is "required": whether a value must be given at all is not decided here.
    """
    kind = DataType(data_type)
    text = text.strip()
    if not text:
        raise BadMeasure("required")
    if kind in NUMERIC:
        return _number(kind, text)
    if kind is DataType.RATIO:
        raise BadMeasure("computed")
    if kind is DataType.BOOLEAN:
        return Reading(_one_of(text, (YES, NO)))
    if kind is DataType.DATE:
        return Reading(_day(text))
    if kind is DataType.CHOICE:
        return Reading(_one_of(text, choices))
    chosen = {_one_of(part.strip(), choices) for part in text.split(BETWEEN_CHOICES.strip()) if part.strip()}
    if not chosen:
        raise BadMeasure("required")
    return Reading(BETWEEN_CHOICES.join(one for one in choices if one in chosen))


def is_canonical(data_type: str, value: str, choices: Sequence[str] = ()) -> bool:
    """Whether the text is a value of this type just as it is kept: what a service checks before it stores."""
    try:
        return read(data_type, for_input(data_type, value), choices).value == value
    except BadMeasure:
        return False


def for_input(data_type: str, value: str) -> str:
    """Canonical text as it stands in a field: typed once more it gives the same value, whatever the type.

    (``"1.234"`` would be read as 1234 where money is asked for; with a zero more it cannot be.)
    """
    if data_type in NUMERIC and _ONE_MARK.fullmatch(value):
        return f"{value}0"
    return value


def in_groups(data_type: str, value: str) -> str:
    """Like ``for_input``, with blanks between the thousands of a large number: the one mark that has one meaning."""
    text = for_input(data_type, value)
    whole, mark, decimals = text.partition(".")
    if data_type not in NUMERIC or len(whole) < LARGE:
        return text
    return f"{int(whole):,}".replace(",", " ") + mark + decimals


def read_currency(text: str) -> str:
    """The code in capital letters. Raises BadMeasure("no_currency")."""
    code = text.strip().upper()
    if code not in CURRENCIES:
        raise BadMeasure("no_currency")
    return code


def parts_of_choice(value: str) -> tuple[str, ...]:
    """The choices that a canonical value of several holds."""
    return tuple(value.split(BETWEEN_CHOICES)) if value else ()


_ONE_MARK = re.compile(r"-?[1-9]\d{0,2}\.\d{3}")
_GROUP_MARKS = re.compile("[\u0020\u00a0\u2007\u2009\u202f'\u2019]")
_DIGITS = re.compile(r"\d+", re.ASCII)


def _number(kind: DataType, text: str) -> Reading:
    if kind is DataType.PERCENTAGE:
        text = text.removesuffix("%").rstrip(" \u00a0\u202f")
    negative = text[:1] in ("-", "\u2212")
    whole, decimals, doubtful = _split(kind, text[1:] if negative else text)
    if len(whole.lstrip("0")) > MOST_DIGITS:
        raise BadMeasure("too_large")
    decimals = decimals.rstrip("0")
    if len(decimals) > MOST_DECIMALS:
        raise BadMeasure("too_precise")
    value = (whole.lstrip("0") or "0") + (f".{decimals}" if decimals else "")
    if negative and Decimal(value) != 0:
        if kind is not DataType.NUMBER:
            raise BadMeasure("negative")
        value = f"-{value}"
    if kind is DataType.INTEGER and decimals:
        raise BadMeasure("not_whole")
    if kind is DataType.PERCENTAGE and Decimal(value) > MOST_PERCENT:
        raise BadMeasure("over_100")
    return Reading(value, doubtful)


def _split(kind: DataType, text: str) -> tuple[str, str, bool]:
    """Digits before and after the decimal mark, and whether it could be read otherwise."""
    apostrophe = "'" in text or "\u2019" in text
    text = _GROUP_MARKS.sub("_", text)
    used = [mark for mark in ".," if mark in text]
    if len(used) == 2:
        decimal = max(used, key=text.rindex)
        group = used[1 - used.index(decimal)]
        whole, decimals = _around(text, decimal)
        if "_" in whole and group != ",":
            raise BadMeasure("no_number")
        return _joined(whole.replace(group, "_")), _plain(decimals), False
    if not used:
        return _joined(text), "", False
    mark = used[0]
    if text.count(mark) > 1:
        if "_" in text:
            raise BadMeasure("no_number")
        return _joined(text.replace(mark, "_")), "", False
    whole, decimals = _around(text, mark)
    # Before an apostrophe stand the millions in some countries (1'234,567), the thousands in others.
    one_group = 0 < len(whole) <= 3 and not whole.startswith("0")
    two_ways = len(decimals) == 3 and (apostrophe or (one_group and "_" not in whole))
    if not two_ways:
        return (_joined(whole) if whole else "0"), _plain(decimals), False
    if kind is DataType.NUMBER:
        raise BadMeasure("ambiguous")
    if kind is DataType.PERCENTAGE:
        return _joined(whole), _plain(decimals), True
    return _joined(f"{whole}_{decimals}"), "", True


def _around(text: str, mark: str) -> tuple[str, str]:
    if text.count(mark) != 1:
        raise BadMeasure("no_number")
    whole, _mark, decimals = text.partition(mark)
    return whole, decimals


def _joined(text: str) -> str:
    """Groups of three, the first of one to three digits; or digits only."""
    first, *others = text.split("_")
    if others and (len(first) > 3 or any(len(one) != 3 for one in others)):
        raise BadMeasure("no_number")
    return "".join(_plain(one) for one in (first, *others))


def _plain(text: str) -> str:
    if not _DIGITS.fullmatch(text):
        raise BadMeasure("no_number")
    return text


def _one_of(text: str, choices: Sequence[str]) -> str:
    if text not in choices:
        raise BadMeasure("no_choice")
    return text


def _day(text: str) -> str:
    if len(text) != 10 or not text.isascii():
        raise BadMeasure("no_date")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadMeasure("no_date") from None
    if not 1900 <= day.year <= 2199:
        raise BadMeasure("no_date")
    return day.isoformat()
