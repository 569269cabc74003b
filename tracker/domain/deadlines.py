"""Deadlines are dates that end at midnight in the party's own time zone. This is the one place that knows it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo


@cache
def zone(name: str) -> ZoneInfo:
    """The zone of this IANA name, read once: Python itself keeps eight, and there are more than thirty States.

    Raises ZoneInfoNotFoundError (a KeyError), ValueError for what is no name.
    """
    return ZoneInfo(name)


def ends_at(day: date, time_zone: str) -> datetime:
    """The first moment after ``day`` in ``time_zone``, in UTC: what happens before it is in time.

    Where the clocks jump over midnight (Chile, Cuba, Paraguay) the day ends when the next one begins.
    """
    midnight = datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone(time_zone))
    return midnight.astimezone(UTC)


def last_day(end: datetime, time_zone: str) -> date:
    """The day whose end this moment is there: the reverse of ``ends_at``."""
    return (end - timedelta(microseconds=1)).astimezone(zone(time_zone)).date()


def local_date(now: datetime, time_zone: str) -> date:
    """The date on the wall there."""
    return now.astimezone(zone(time_zone)).date()


def local_hour(now: datetime, time_zone: str) -> int:
    """The hour on the clock there, 0 to 23."""
    return now.astimezone(zone(time_zone)).hour


def days_left(due_on: date, now: datetime, time_zone: str) -> int:
    """Whole days to the due date there: 0 on the day itself, negative afterwards."""
    return (due_on - local_date(now, time_zone)).days


def is_overdue(due_on: date, now: datetime, time_zone: str) -> bool:
    """Whether the due date has ended there."""
    return now >= ends_at(due_on, time_zone)
