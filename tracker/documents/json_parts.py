"""What status reports and hemispheric reports say alike in JSON: shares, figures, the cycle, the trend, the issue."""

from __future__ import annotations

from typing import Any

from tracker.domain.compliance import Figures, Share
from tracker.services.status_report_content import CycleFacts, IssueFacts, TrendPoint


def share(found: Share) -> dict[str, int | None]:
    return {"count": found.count, "of": found.total, "percent": found.percent}


def figures(found: Figures) -> dict[str, Any]:
    return {
        "rated": share(found.rated),
        "by_rating": {rating.value: number for rating, number in found.ratings.items()},
        "by_strength": {strength.value: number for strength, number in found.strengths.items()},
        "differing": share(found.differing),
    }


def cycle(one: CycleFacts) -> dict[str, Any]:
    return {
        "code": one.code,
        "title": one.title,
        "period_start": one.period_start.isoformat(),
        "period_end": one.period_end.isoformat(),
        "opens_on": one.opens_on.isoformat(),
        "due_on": one.due_on.isoformat(),
        "closes_on": one.closes_on.isoformat(),
    }


def point(one: TrendPoint) -> dict[str, Any]:
    return {
        "cycle": one.code,
        "title": one.title,
        "due_on": one.due_on.isoformat(),
        "reported": share(one.figures.reported),
        "on_time": share(one.figures.on_time),
        **figures(one.figures),
    }


def issue(one: IssueFacts) -> dict[str, Any]:
    return {
        "number": one.number,
        "code": one.code,
        "issued_on": one.issued_on.isoformat(),
        "verify_url": one.verify_url,
        "replaces": one.replaces_number or None,
    }
