"""Working days: weekends and holidays, and the first ones of weeks, months and quarters."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tracker.domain.working_days import WorkCalendar

EASTER = WorkCalendar(frozenset({date(2026, 4, 2), date(2026, 4, 3), date(2026, 4, 6)}))
"""Maundy Thursday, Good Friday and Easter Monday of 2026."""


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [
        (date(2026, 4, 1), date(2026, 4, 1), date(2026, 4, 1)),
        (date(2026, 4, 2), date(2026, 4, 1), date(2026, 4, 7)),
        (date(2026, 4, 5), date(2026, 4, 1), date(2026, 4, 7)),
        (date(2026, 4, 6), date(2026, 4, 1), date(2026, 4, 7)),
        (date(2026, 4, 11), date(2026, 4, 10), date(2026, 4, 13)),
    ],
)
def test_the_nearest_working_days(day: date, before: date, after: date) -> None:
    assert EASTER.on_or_before(day) == before
    assert EASTER.on_or_after(day) == after
    assert EASTER.is_working_day(day) == (day == before)


def test_the_first_working_days_of_week_month_and_quarter() -> None:
    assert EASTER.first_of_week(date(2026, 4, 12)) == date(2026, 4, 7)
    assert WorkCalendar().first_of_week(date(2026, 4, 12)) == date(2026, 4, 6)
    assert WorkCalendar().first_of_month(date(2026, 8, 20)) == date(2026, 8, 3)
    assert WorkCalendar().first_of_quarter(date(2026, 12, 31)) == date(2026, 10, 1)
    assert WorkCalendar(frozenset({date(2026, 1, 1)})).first_of_quarter(date(2026, 3, 31)) == date(2026, 1, 2)


def test_a_week_of_holidays_has_no_first_working_day() -> None:
    monday = date(2026, 9, 14)
    week = WorkCalendar(frozenset(monday + timedelta(days=n) for n in range(5)))
    assert week.first_of_week(monday) is None
    assert week.on_or_before(date(2026, 9, 18)) == date(2026, 9, 11)


def test_a_calendar_without_any_working_day_ends() -> None:
    start = date(2026, 1, 1)
    never = WorkCalendar(frozenset(start + timedelta(days=n) for n in range(-800, 800)))
    assert never.on_or_after(start) == start
    assert never.on_or_before(start) == start
