"""What is computed from declared figures, exactly and without a verdict: one amount to another, change over a year.

Amounts are only set against each other in the same currency, for the same fiscal year and at the same stage: nothing
is converted, nothing is estimated, and where one of the two is missing there is no ratio.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Protocol, TypeVar

from tracker.domain.vocabulary import BudgetPurpose, BudgetStage


class Line(Protocol):
    """A budget line: ``report_content.Budget``."""

    @property
    def purpose(self) -> BudgetPurpose: ...
    @property
    def stage(self) -> BudgetStage: ...
    @property
    def amount(self) -> str: ...
    @property
    def currency(self) -> str: ...
    @property
    def fiscal_year(self) -> str: ...
    @property
    def note(self) -> str: ...


L = TypeVar("L", bound=Line)


class Value(Protocol):
    """A value of an indicator: ``report_content.IndicatorAnswer``."""

    @property
    def indicator(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def currency(self) -> str: ...
    @property
    def not_available(self) -> bool: ...
    @property
    def axis(self) -> int: ...
    @property
    def category(self) -> str: ...
    @property
    def period_start(self) -> date | None: ...
    @property
    def period_end(self) -> date | None: ...


@dataclass(frozen=True)
class SideBySide:
    """The money of one fiscal year, currency and stage: canonical decimals, None where nothing was declared."""

    fiscal_year: str
    currency: str
    stage: BudgetStage
    anti_trafficking: str | None
    anti_drug: str | None

    @property
    def one_to(self) -> str | None:
        """Units against drug trafficking for one unit against trafficking in persons."""
        return one_to(self.anti_trafficking, self.anti_drug)


@dataclass(frozen=True)
class Computed:
    """A figure that follows from others. ``of``: the category or the currency it is for, where there are several."""

    value: str
    """Canonical decimal: of a ratio the right side of "1 : n", of a change the percentage, which may be negative."""
    of: str = ""


RATIOS: dict[str, tuple[str, str]] = {"CS-03-I4": ("CS-03-I2", "CS-03-I3")}
"""Computed indicator: the two it sets side by side."""
CHANGES: dict[str, str] = {"CS-10-I2": "CS-10-I1"}
"""Computed indicator: the one whose change from the year before it says."""


def one_to(first: str | None, second: str | None) -> str | None:
    """``second`` for one unit of ``first``, to some three significant digits; None without both, or without a first."""
    if first is None or second is None or Decimal(first) <= 0:
        return None
    return rounded(Fraction(second) / Fraction(first))


def rounded(exact: Fraction) -> str:
    """A canonical decimal with two decimals below ten, one below a hundred, none above."""
    size = abs(exact)
    places = 2 if size < 10 else 1 if size < 100 else 0
    if 0 < size < Fraction(1, 100):
        places = 4
    shifted = exact * 10**places
    nearest = Decimal(shifted.numerator) / Decimal(shifted.denominator)
    whole = nearest.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    text = format(whole.scaleb(-places), "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def side_by_side(lines: Iterable[Line]) -> list[SideBySide]:
    """Budget lines summed by fiscal year, currency and stage, newest year first.

    "2024-2025", "2024/25" and "2024/2025" are one fiscal year; it is shown as it was written first.
    """
    written: dict[str, str] = {}
    sums: dict[tuple[str, str, BudgetStage], dict[BudgetPurpose, Decimal]] = {}
    for line in lines:
        year = same_year(line.fiscal_year)
        written.setdefault(year, line.fiscal_year)
        both = sums.setdefault((year, line.currency, line.stage), {})
        both[line.purpose] = both.get(line.purpose, Decimal(0)) + Decimal(line.amount)
    stages = list(BudgetStage)
    order = sorted(sums, key=lambda key: (key[1], stages.index(key[2])))
    order.sort(key=lambda key: key[0], reverse=True)
    return [
        SideBySide(
            fiscal_year=written[year],
            currency=currency,
            stage=stage,
            anti_trafficking=_plain(sums[year, currency, stage].get(BudgetPurpose.ANTI_TRAFFICKING)),
            anti_drug=_plain(sums[year, currency, stage].get(BudgetPurpose.ANTI_DRUG)),
        )
        for year, currency, stage in order
    ]


def pairs(lines: Iterable[L]) -> list[tuple[L | None, L | None]]:
    """Each line against trafficking in persons beside one against drug trafficking, of one year, currency and stage.

    In the order in which each year, currency and stage came first. Two lines stay apart where each has a note of its
    own. What comes out, taken line by line, pairs the same way again.
    """
    rows: dict[tuple[str, str, BudgetStage], list[list[L | None]]] = {}
    for line in lines:
        side = 0 if line.purpose is BudgetPurpose.ANTI_TRAFFICKING else 1
        there = rows.setdefault((line.fiscal_year, line.currency, line.stage), [])
        for row in there:
            other = row[1 - side]
            if row[side] is None and other is not None and (not line.note or not other.note):
                row[side] = line
                break
        else:
            there.append([line, None] if side == 0 else [None, line])
    return [(row[0], row[1]) for there in rows.values() for row in there]


def same_year(text: str) -> str:
    """A key under which one fiscal year is found, however it was written."""
    found = re.fullmatch(r"(\d{4})\s*[-/\u2013]\s*(\d{2}|\d{4})", text.strip(), re.ASCII)
    if not found:
        return text.strip().casefold()
    first, second = found.groups()
    return f"{first}/{first[:2] + second if len(second) == 2 else second}"


def ratio_of(computed: str, values: Iterable[Value]) -> list[Computed]:
    """A ratio indicator from the two it names: of the whole for the same period, and by category where both give one.

    Nothing where currencies or periods differ.
    """
    first, second = RATIOS[computed]
    sides: dict[str, dict[tuple[object, ...], str]] = {first: {}, second: {}}
    for one in values:
        if one.indicator in sides and one.value and not one.not_available and one.axis <= 1:
            period = () if one.axis else (one.period_start, one.period_end)
            key = (one.currency, one.axis, same_year(one.category), *period)
            sides[one.indicator][key] = one.value
    found = []
    for key, amount in sides[first].items():
        value = one_to(amount, sides[second].get(key))
        if value is not None:
            found.append(Computed(value, str(key[2])))
    return found


def change_of(computed: str, values: Iterable[Value], before: Iterable[Value]) -> list[Computed]:
    """The change of a total from the one reported before, in percent, for each currency that both name."""
    of = CHANGES[computed]
    now, then = _totals(of, values), _totals(of, before)
    return [
        Computed(rounded((Fraction(amount) / Fraction(then[currency]) - 1) * 100), currency)
        for currency, amount in now.items()
        if currency in then and Decimal(then[currency]) > 0
    ]


def _totals(indicator: str, values: Iterable[Value]) -> dict[str, str]:
    return {
        one.currency: one.value
        for one in values
        if one.indicator == indicator and one.axis == 0 and one.value and not one.not_available
    }


def _plain(amount: Decimal | None) -> str | None:
    if amount is None:
        return None
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
