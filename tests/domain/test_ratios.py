"""Declared amounts set side by side: exactly, and only where they can be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tracker.domain.ratios import change_of, one_to, pairs, ratio_of, rounded, same_year, side_by_side
from tracker.domain.vocabulary import BudgetPurpose, BudgetStage

HERE, DRUGS = BudgetPurpose.ANTI_TRAFFICKING, BudgetPurpose.ANTI_DRUG
ALLOCATED, EXECUTED = BudgetStage.ALLOCATED, BudgetStage.EXECUTED


@dataclass(frozen=True)
class Line:
    purpose: BudgetPurpose
    stage: BudgetStage
    amount: str
    currency: str = "GTQ"
    fiscal_year: str = "2025"
    note: str = ""


@dataclass(frozen=True)
class Value:
    indicator: str
    value: str
    currency: str = "GTQ"
    not_available: bool = False
    axis: int = 0
    category: str = ""
    period_start: date | None = None
    period_end: date | None = None


def test_amounts_of_one_year_currency_and_stage_are_summed_and_set_side_by_side() -> None:
    found = side_by_side(
        [
            Line(HERE, ALLOCATED, "1000000.10"),
            Line(HERE, ALLOCATED, "0.2"),
            Line(DRUGS, ALLOCATED, "24500007.35"),
            Line(DRUGS, EXECUTED, "5"),
            Line(HERE, ALLOCATED, "7", currency="USD"),
            Line(HERE, EXECUTED, "1", fiscal_year="2024"),
        ]
    )
    shown = [(one.fiscal_year, one.currency, one.stage, one.anti_trafficking, one.anti_drug) for one in found]
    assert shown == [
        ("2025", "GTQ", ALLOCATED, "1000000.3", "24500007.35"),
        ("2025", "GTQ", EXECUTED, None, "5"),
        ("2025", "USD", ALLOCATED, "7", None),
        ("2024", "GTQ", EXECUTED, "1", None),
    ]
    assert [one.one_to for one in found] == ["24.5", None, None, None]


def test_one_fiscal_year_written_in_three_ways_is_one() -> None:
    assert same_year("2024-25") == same_year("2024/2025") == same_year(" 2024 \u2013 2025 ")
    (one,) = side_by_side(
        [Line(HERE, ALLOCATED, "1", fiscal_year="2024-25"), Line(DRUGS, ALLOCATED, "3", fiscal_year="2024/2025")]
    )
    assert (one.fiscal_year, one.one_to) == ("2024-25", "3")


def test_no_ratio_to_nothing() -> None:
    assert one_to("0", "5") is None
    assert one_to(None, "5") is None
    assert one_to("5", None) is None
    assert one_to("5", "0") == "0"


def test_a_ratio_shows_some_three_digits_of_the_exact_one() -> None:
    assert [rounded(Fraction(n, d)) for n, d in ((49, 2), (1, 3), (1000, 3), (99999, 100), (1, 800), (10, 1))] == [
        "24.5",
        "0.33",
        "333",
        "1000",
        "0.0013",
        "10",
    ]


def test_the_ratio_indicator_takes_the_same_currency_period_and_year_only() -> None:
    year = {"period_start": date(2025, 1, 1), "period_end": date(2025, 12, 31)}
    values = [
        Value("CS-03-I2", "100", **year),
        Value("CS-03-I3", "2450", **year),
        Value("CS-03-I2", "10", axis=1, category="2024"),
        Value("CS-03-I3", "30", axis=1, category="2024"),
        Value("CS-03-I2", "10", axis=1, category="2023"),
        Value("CS-03-I3", "30", axis=1, category="2023", currency="USD"),
        Value("CS-03-I2", "9", axis=2, category="prevention"),
    ]
    assert [(one.value, one.of) for one in ratio_of("CS-03-I4", values)] == [("24.5", ""), ("3", "2024")]
    apart = [Value("CS-03-I2", "100", **year), Value("CS-03-I3", "2450")]
    assert ratio_of("CS-03-I4", apart) == []
    missing = [Value("CS-03-I2", "100"), Value("CS-03-I3", "", not_available=True)]
    assert ratio_of("CS-03-I4", missing) == []


def test_the_change_from_the_year_before() -> None:
    now = [Value("CS-10-I1", "150", "USD"), Value("CS-10-I1", "5", "EUR")]
    then = [Value("CS-10-I1", "200", "USD"), Value("CS-10-I1", "0", "EUR")]
    assert [(one.value, one.of) for one in change_of("CS-10-I2", now, then)] == [("-25", "USD")]


def test_lines_stand_in_pairs_and_pair_the_same_way_again() -> None:
    here = Line(HERE, ALLOCATED, "1")
    noted, told = Line(HERE, EXECUTED, "2", note="Part of a line."), Line(DRUGS, EXECUTED, "3", note="All of it.")
    drugs, more = Line(DRUGS, ALLOCATED, "4", note="Estimate."), Line(HERE, ALLOCATED, "5")
    found = pairs([here, noted, more, told, drugs])
    assert found == [(here, drugs), (more, None), (noted, None), (None, told)]
    assert pairs([line for pair in found for line in pair if line]) == found
