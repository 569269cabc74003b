"""When an organisation's accreditation for a State holds: from and until a day, both included, on the State's clock."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from tracker.domain.deadlines import local_date


class Standing(StrEnum):
    """Of one period. Derived from its dates, never stored."""

    NOT_BEGUN = "not_begun"
    HOLDS = "holds"
    OVER = "over"


def standing(starts_on: date | None, ends_on: date | None, now: datetime, time_zone: str) -> Standing:
    """Where the period stands now in the State's zone. None: from the beginning, until further notice."""
    today = local_date(now, time_zone)
    if starts_on is not None and today < starts_on:
        return Standing.NOT_BEGUN
    if ends_on is not None and today > ends_on:
        return Standing.OVER
    return Standing.HOLDS


def holds(starts_on: date | None, ends_on: date | None, now: datetime, time_zone: str) -> bool:
    """Whether the accreditation opens anything at this moment."""
    return standing(starts_on, ends_on, now, time_zone) is Standing.HOLDS


def overlap(one: tuple[date | None, date | None], other: tuple[date | None, date | None]) -> bool:
    """Whether two periods share a day."""
    return (one[1] is None or other[0] is None or other[0] <= one[1]) and (
        other[1] is None or one[0] is None or one[0] <= other[1]
    )
