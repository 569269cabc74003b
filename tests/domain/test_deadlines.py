"""Deadlines are dates that end at midnight in the party's own zone, also where the clocks jump over midnight."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tracker.domain.deadlines import days_left, ends_at, is_overdue, last_day, local_date, local_hour

SECOND = timedelta(seconds=1)

CHANGES = [
    # Chile: spring forward at midnight (00:00 is 01:00), autumn back at midnight (24:00 is 23:00).
    ("America/Santiago", date(2026, 9, 5), datetime(2026, 9, 6, 4, 0, tzinfo=UTC)),
    ("America/Santiago", date(2026, 4, 4), datetime(2026, 4, 5, 4, 0, tzinfo=UTC)),
    # Cuba: spring forward at midnight, autumn back at one o'clock, so midnight comes twice: the first one ends the day.
    ("America/Havana", date(2026, 3, 7), datetime(2026, 3, 8, 5, 0, tzinfo=UTC)),
    ("America/Havana", date(2026, 10, 31), datetime(2026, 11, 1, 4, 0, tzinfo=UTC)),
    # Paraguay: at midnight, until it kept its summer time for good in October 2024.
    ("America/Asuncion", date(2023, 9, 30), datetime(2023, 10, 1, 4, 0, tzinfo=UTC)),
    ("America/Asuncion", date(2024, 3, 23), datetime(2024, 3, 24, 4, 0, tzinfo=UTC)),
    ("America/Asuncion", date(2026, 9, 30), datetime(2026, 10, 1, 3, 0, tzinfo=UTC)),
    # Without change, and change at another hour.
    ("America/Lima", date(2026, 4, 30), datetime(2026, 5, 1, 5, 0, tzinfo=UTC)),
    ("America/New_York", date(2026, 3, 7), datetime(2026, 3, 8, 5, 0, tzinfo=UTC)),
    ("America/New_York", date(2026, 3, 8), datetime(2026, 3, 9, 4, 0, tzinfo=UTC)),
    ("America/St_Johns", date(2026, 7, 1), datetime(2026, 7, 2, 2, 30, tzinfo=UTC)),
    ("UTC", date(2026, 12, 31), datetime(2027, 1, 1, tzinfo=UTC)),
]


@pytest.mark.parametrize(("zone", "day", "end"), CHANGES)
def test_a_day_ends_when_the_next_begins_there(zone: str, day: date, end: datetime) -> None:
    assert ends_at(day, zone) == end
    assert ends_at(day, zone).tzinfo is UTC
    assert local_date(end - SECOND, zone) == day
    assert local_date(end, zone) == day + timedelta(days=1)


@pytest.mark.parametrize(("zone", "day", "end"), CHANGES)
def test_last_day_is_the_reverse(zone: str, day: date, end: datetime) -> None:
    assert last_day(end, zone) == day


@pytest.mark.parametrize("zone", ["America/Santiago", "America/Havana", "America/Asuncion", "America/Bogota"])
def test_days_follow_each_other_without_gap_for_years(zone: str) -> None:
    day, before = date(2022, 12, 31), ends_at(date(2022, 12, 30), zone)
    while day < date(2028, 1, 1):
        end = ends_at(day, zone)
        assert timedelta(hours=23) <= end - before <= timedelta(hours=25)
        assert last_day(end, zone) == day
        before, day = end, day + timedelta(days=1)


@pytest.mark.parametrize(("zone", "day", "end"), CHANGES)
def test_overdue_begins_with_the_next_day(zone: str, day: date, end: datetime) -> None:
    assert not is_overdue(day, end - SECOND, zone)
    assert is_overdue(day, end, zone)
    assert days_left(day, end - SECOND, zone) == 0
    assert days_left(day, end, zone) == -1
    assert days_left(day + timedelta(days=30), end - SECOND, zone) == 30


def test_the_hour_on_the_wall() -> None:
    moment = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
    assert local_hour(moment, "America/New_York") == 10
    assert local_hour(moment, "America/Sao_Paulo") == 12
    assert local_hour(moment.astimezone(ZoneInfo("Asia/Tokyo")), "America/Lima") == 10
