"""Invented figures, budget lines, obstacles and requests for help, for a part of the reports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.demo.narratives import Narratives
from tracker.domain.measures import BETWEEN_CHOICES, NO, YES, DataType
from tracker.domain.vocabulary import BudgetPurpose, BudgetStage
from tracker.models import Indicator, Provision
from tracker.services.measured import Measured, of_row
from tracker.services.report_content import Budget, IndicatorAnswer

HAVE_FIGURES, HAVE_OBSTACLES, HAVE_REQUESTS = 0.7, 0.35, 0.25
"""How many reports say something of each."""
NOT_COUNTED = 0.12
"""How many figures are not available."""
CURRENCIES = {
    **dict.fromkeys(("AG", "DM", "GD", "KN", "LC", "VC"), "XCD"),
    **{"AR": "ARS", "BB": "BBD", "BO": "BOB", "BR": "BRL", "BS": "BSD", "BZ": "BZD", "CA": "CAD", "CL": "CLP"},
    **{"CO": "COP", "CR": "CRC", "DO": "DOP", "GT": "GTQ", "GY": "GYD", "HN": "HNL", "HT": "HTG", "JM": "JMD"},
    **{"MX": "MXN", "PA": "PAB", "PE": "PEN", "PY": "PYG", "SR": "SRD", "TT": "TTD", "UY": "UYU"},
}
"""Others report in US dollars."""
WOMEN_AND_MEN = {
    "en": ("women", "men"),
    "es": ("mujeres", "hombres"),
    "pt": ("mulheres", "homens"),
    "fr": ("femmes", "hommes"),
}


@dataclass(frozen=True)
class Asked:
    """What the provision of a report asks for beyond the answers."""

    indicators: tuple[Measured, ...]
    budget: bool


def asked(session: Session) -> dict[str, Asked]:
    """By the code of the provision."""
    indicators: dict[str, list[Measured]] = {}
    for row in session.scalars(sa.select(Indicator).order_by(Indicator.provision_id, Indicator.position)):
        indicators.setdefault(row.provision.code, []).append(of_row(row))
    provisions = session.execute(sa.select(Provision.code, Provision.asks_budget))
    return {code: Asked(tuple(indicators.get(code, ())), budget) for code, budget in provisions}


def declared(
    rng: Random, wanted: Asked, texts: Narratives, party: str, language: str, period: tuple[date, date]
) -> dict[str, Any]:
    """The parts of a ``ReportContent`` that this report has, in the order in which the services keep them."""
    made: dict[str, Any] = {}
    currency = CURRENCIES.get(party, "USD")
    if rng.random() < HAVE_FIGURES:
        made["indicators"] = tuple(_figures(rng, wanted.indicators, currency, language, period))
        if wanted.budget:
            made["budget"] = tuple(_budget(rng, made["indicators"], currency, str(period[1].year)))
    if rng.random() < HAVE_OBSTACLES:
        made["obstacles"] = texts.said(rng, "obstacles")
    if rng.random() < HAVE_REQUESTS:
        made["help_needed"] = texts.said(rng, "help_needed")
    return made


def _figures(
    rng: Random, indicators: tuple[Measured, ...], currency: str, language: str, period: tuple[date, date]
) -> Iterator[IndicatorAnswer]:
    spent = rng.randint(20, 900) * 10_000
    for one in indicators:
        if not one.is_typed:
            continue
        said: dict[str, Any] = {"period_start": period[0], "period_end": period[1]}
        if rng.random() < NOT_COUNTED:
            yield IndicatorAnswer(one.code, not_available=True, **said)
            continue
        if one.data_type == DataType.MONEY:
            amount = spent * rng.randint(15, 60) if one.code == "CS-03-I3" else spent
            yield IndicatorAnswer(one.code, str(amount), currency, **said)
            continue
        value = _value(rng, one, period)
        yield IndicatorAnswer(one.code, value, **said)
        axes = [axis["en"] for axis in one.axes]
        if one.data_type == DataType.INTEGER and "sex" in axes:
            first = int(value) * 3 // 4
            for category, count in zip(WOMEN_AND_MEN[language], (first, int(value) - first), strict=True):
                yield IndicatorAnswer(one.code, str(count), axis=axes.index("sex") + 1, category=category)


def _value(rng: Random, one: Measured, period: tuple[date, date]) -> str:
    match one.data_type:
        case DataType.BOOLEAN:
            return rng.choice((YES, YES, NO))
        case DataType.CHOICE:
            return rng.choice(one.choice_codes)
        case DataType.MULTI_CHOICE:
            chosen = rng.sample(one.choice_codes, rng.randint(1, len(one.choice_codes)))
            return BETWEEN_CHOICES.join(code for code in one.choice_codes if code in chosen)
        case DataType.DATE:
            return (period[1] - timedelta(days=rng.randint(10, 300))).isoformat()
        case DataType.PERCENTAGE:
            return str(rng.randint(5, 98))
    # Also counts that the public must not see.
    return str(rng.randint(1, 15) if rng.random() < 0.3 else rng.randint(16, 420))


def _budget(rng: Random, figures: tuple[IndicatorAnswer, ...], currency: str, year: str) -> Iterator[Budget]:
    """The amounts and the share executed are those of the indicators, where these are available."""
    said = {one.indicator: int(one.value) for one in figures if one.value.isdigit()}
    here = said.get("CS-03-I2", 2_400_000)
    drugs = said.get("CS-03-I3", here * rng.randint(15, 60))
    executed = said.get("CS-03-I5", rng.randint(55, 99))
    for stage, share in ((BudgetStage.ALLOCATED, 100), (BudgetStage.EXECUTED, executed)):
        yield Budget(BudgetPurpose.ANTI_TRAFFICKING, stage, str(here * share // 100), currency, year)
        yield Budget(BudgetPurpose.ANTI_DRUG, stage, str(drugs * share // 100), currency, year)
