"""Indicators over time: what was declared in each cycle, as the public may read it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tracker import wording
from tracker.domain import small_counts
from tracker.services.measured import Measured, Shown, shown
from tracker.services.report_content import IndicatorAnswer, indicator_answers
from tracker.services.status_report_content import IndicatorSeries, SeriesPoint

Key = tuple[int, str, bool]
"""(axis, category, computed)."""


def series(history: Iterable[Any], indicators: dict[str, list[Measured]], language: str) -> tuple[IndicatorSeries, ...]:
    """From ``status_report_rows.history``: of the whole; by category where nothing was ever declared of the whole.

    Small counts of persons are hidden within each report, as everywhere; comparing cycles is beyond that rule
    (``domain.small_counts``).
    """
    by_provision: dict[str, list[Any]] = {}
    for row in history:
        by_provision.setdefault(row.provision, []).append(row)
    return tuple(
        one
        for provision, measured in indicators.items()
        for one in _of_provision(provision, measured, by_provision.get(provision, []), language)
    )


def _of_provision(
    provision: str, measured: Sequence[Measured], rows: Sequence[Any], language: str
) -> Iterable[IndicatorSeries]:
    counting = {one.code for one in measured if one.counts_persons}
    said: dict[str, list[tuple[str, Shown]]] = {one.code: [] for one in measured}
    before: tuple[IndicatorAnswer, ...] = ()
    for row in rows:
        answers = small_counts.for_the_public(indicator_answers(row.indicators or ()), counting)
        for one in shown(measured, answers, before):
            said[one.indicator.code].append((row.code, one))
        before = answers  # of the cycle just before; where nothing was published of it, no change is worked out
    for indicator in measured:
        yield from _of_indicator(provision, indicator, said[indicator.code], language)


def _of_indicator(
    provision: str, indicator: Measured, said: Sequence[tuple[str, Shown]], language: str
) -> Iterable[IndicatorSeries]:
    points: dict[Key, list[SeriesPoint]] = {}
    for cycle, one in said:
        for value in (one.whole, *one.rows):
            if value is not None:
                points.setdefault((value.axis, value.category, False), []).append(
                    _point(cycle, indicator, value, language)
                )
        for made in one.computed:
            words = wording.say_measure(indicator.data_type, made.value, language)
            points.setdefault((0, made.of, True), []).append(SeriesPoint(cycle, made.value, words))
    has_whole = any(not axis for axis, _category, _computed in points)
    for (axis, category, computed), found in sorted(points.items(), key=lambda pair: pair[0][0]):
        if axis and has_whole:
            continue
        yield IndicatorSeries(
            provision=provision,
            code=indicator.code,
            label=wording.pick(indicator.label, language),
            data_type=indicator.data_type,
            unit=wording.pick(indicator.unit, language),
            points=tuple(found),
            category=category,
            computed=computed,
        )


def _point(cycle: str, indicator: Measured, value: IndicatorAnswer, language: str) -> SeriesPoint:
    said = wording.say_measure(
        indicator.data_type, value.value, language, currency=value.currency, choices=indicator.choices
    )
    return SeriesPoint(
        cycle_code=cycle,
        value=value.value,
        said=said,
        currency=value.currency,
        not_available=value.not_available,
        period_start=value.period_start,
        period_end=value.period_end,
    )
