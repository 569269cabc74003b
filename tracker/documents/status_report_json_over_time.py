"""Parts of the status report as JSON: indicators over time, and what changed."""

from __future__ import annotations

from typing import Any

from tracker.domain.ratios import SideBySide
from tracker.services.status_report_content import (
    Changes,
    IndicatorSeries,
    RatingChange,
    SeriesPoint,
)


def series(one: IndicatorSeries) -> dict[str, Any]:
    return {
        "commitment": one.provision,
        "code": one.code,
        "label": one.label,
        "type": one.data_type,
        "unit": one.unit or None,
        "category": one.category or None,
        "computed": one.computed,
        "values": [_point(point) for point in one.points],
    }


def _point(point: SeriesPoint) -> dict[str, Any]:
    return {
        "cycle": point.cycle_code,
        "value": point.value or None,
        "currency": point.currency or None,
        "not_available": point.not_available,
        "period_start": point.period_start.isoformat() if point.period_start else None,
        "period_end": point.period_end.isoformat() if point.period_end else None,
    }


def changes(found: Changes) -> dict[str, Any]:
    """Commitments by their codes."""
    return {
        "since": found.since.isoformat(),
        "since_number": found.since_number or None,
        "cycle_before": found.cycle_before,
        "reported": [code for code, _title in found.reported],
        "rated": [_rating(one) for one in found.rated],
        "rerated": [_rating(one) for one in found.rerated],
        "no_longer_rated": [code for code, _title in found.no_longer_rated],
        "commented": [code for code, _title in found.commented],
        "observed": [code for code, _title in found.observed],
        "extended": [
            {"commitment": one.code, "from": one.before.isoformat(), "to": one.until.isoformat()}
            for one in found.extended
        ],
        "joined": [code for code, _title in found.joined],
        "left": [code for code, _title in found.left],
        "figures": [
            {
                "commitment": one.code,
                "code": one.indicator,
                "category": one.category or None,
                "now": _point(one.now),
                "before": _point(one.before) if one.before else None,
            }
            for one in found.figures
        ],
        "budget": [
            {
                "commitment": one.code,
                "fiscal_year": one.now.fiscal_year,
                "stage": one.now.stage,
                "currency": one.now.currency,
                "now": _amounts(one.now),
                "before": _amounts(one.before) if one.before else None,
            }
            for one in found.money
        ],
        "evidence": [code for code, _title in found.evidenced],
    }


def _amounts(money: SideBySide) -> dict[str, Any]:
    return {"anti_trafficking": money.anti_trafficking, "anti_drug": money.anti_drug}


def _rating(one: RatingChange) -> dict[str, Any]:
    return {
        "commitment": one.code,
        "rating": one.rating.value,
        "strength": one.strength.value,
        "rating_before": one.before.value if one.before else None,
        "strength_before": one.strength_before.value if one.strength_before else None,
    }
