"""The ladder of reminders: which step an item has reached for a reader, whether it is told, and when the next come.

Pure, and the rules of docs/mail.md: a ladder, a date, a calendar and what the ledger says go in. Nothing hangs on a
local midnight, which does not exist on the day the clocks change in Chile, Cuba or Paraguay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from tracker.domain.deadlines import ends_at, local_date, local_hour, zone
from tracker.domain.vocabulary import BY_HAND, ReminderRhythm, Rung
from tracker.domain.working_days import WorkCalendar

Ladder = tuple[tuple[int, Rung], ...]
"""Day and rung of each step, by day: days counted from the due date, negative before it."""

SHIPPED: Ladder = (
    (-30, Rung.FOCAL_POINT),
    (-14, Rung.FOCAL_POINT),
    (-7, Rung.FOCAL_POINT),
    (-1, Rung.FOCAL_POINT),
    (1, Rung.FOCAL_POINT),
    (7, Rung.ALTERNATE),
    (21, Rung.ALTERNATE),
)
"""The steps that go by mail of the ladder that is in force at first (migration 0004)."""
EARLIEST_HOUR = 7
"""The hour of a post that nobody holds, and of everybody at first."""
WEEKDAYS = WorkCalendar()
AT_ONCE_FROM = -1
"""From this day on even the weekly rhythm waits for nothing."""


@dataclass(frozen=True, slots=True)
class Reader:
    """When a person reads: the own clock and calendar, from which hour on, in which rhythm, away until when."""

    time_zone: str
    calendar: WorkCalendar = WEEKDAYS
    hour: int = EARLIEST_HOUR
    rhythm: ReminderRhythm = ReminderRhythm.EACH_STEP
    away_until: date | None = None
    bounced: bool = False

    @property
    def has_clock(self) -> bool:
        """Whether the time zone is one that this computer knows."""
        try:
            zone(self.time_zone)
        except (KeyError, ValueError, OSError):
            return False
        return True

    def is_away(self, day: date) -> bool:
        """Whether he or she said to be away on this day of the own calendar."""
        return self.away_until is not None and day <= self.away_until

    def can_be_told(self, day: date) -> bool:
        """Whether a mail of the day may be made for this day: a working day, not away, an address that takes mail."""
        return not self.bounced and not self.is_away(day) and self.calendar.is_working_day(day)

    def is_time(self, now: datetime) -> bool:
        """Whether the hour from which mail may leave has come today."""
        return local_hour(now, self.time_zone) >= self.hour

    def settled_day(self, now: datetime) -> date:
        """The last day whose hour has come."""
        today = local_date(now, self.time_zone)
        return today if self.is_time(now) else today - timedelta(days=1)

    def moment(self, day: date) -> datetime:
        """When the hour of this day comes, in UTC; where the clocks jump over it, when they have jumped."""
        return datetime.combine(day, time(self.hour), zone(self.time_zone)).astimezone(UTC)


def steps_for(ladder: Ladder, *, alternate: bool) -> tuple[int, ...]:
    """The days of the steps that go by mail to this reader, in order.

    ``alternate``: only the steps of the second rung; else those of the first two. The others are staff's.
    """
    wanted = {Rung.ALTERNATE} if alternate else set(Rung) - BY_HAND
    return tuple(sorted(day for day, rung in ladder if rung in wanted))


def sending_day(due_on: date, step: int, calendar: WorkCalendar) -> date:
    """The reader's day on which a step is told: never later than it counts before the date, never earlier after it."""
    day = due_on + timedelta(days=step)
    return calendar.on_or_before(day) if step <= 0 else calendar.on_or_after(day)


@lru_cache(maxsize=4096)
def sending_days(due_on: date, steps: tuple[int, ...], calendar: WorkCalendar) -> tuple[tuple[date, int], ...]:
    """Sending day and step of every step, in order. Kept: a whole cycle asks for the same few."""
    return tuple((sending_day(due_on, step, calendar), step) for step in steps)


def reached(due_on: date, steps: tuple[int, ...], today: date, calendar: WorkCalendar) -> int | None:
    """The last step whose sending day is ``today`` or earlier."""
    found = None
    for day, step in sending_days(due_on, steps, calendar):
        if day > today:
            break
        found = step
    return found


def to_tell(due_on: date, steps: tuple[int, ...], told: int | None, today: date, reader: Reader) -> int | None:
    """The step that this reader is told of on ``today``, a day on which he or she can be told; None: nothing.

    ``told`` is the latest step of this item in the ledger as sent or grouped.
    """
    step = reached(due_on, steps, today, reader.calendar)
    if step is None or (told is not None and told >= step):
        return None
    return step if _in_rhythm(step, today, reader) else None


def passed_over(steps: Iterable[int], step: int) -> tuple[int, ...]:
    """The steps before the one that is told: those that the ledger does not know yet are written down."""
    return tuple(earlier for earlier in steps if earlier < step)


def is_open(last_day: date, time_zone: str, now: datetime) -> bool:
    """Whether the last day of an item is not over yet, in the party's time zone."""
    return now < ends_at(last_day, time_zone)


def last_day(closes_on: date, due_on: date) -> date:
    """The day after which nothing can be submitted: an extension may reach past the end of the cycle."""
    return max(closes_on, due_on)


def foresee(
    due_on: date, steps: tuple[int, ...], told: int | None, reader: Reader, first: date, until: date
) -> Iterator[tuple[date, int]]:
    """The days from ``first`` to ``until`` on which this item will be told, with the step, if nothing is done.

    ``first`` is the first day for which a mail of the day may still be made. No day is walked that has no step.
    """
    days = sending_days(due_on, steps, reader.calendar)
    position = 0
    while position < len(days):
        day = _next_day(max(days[position][0], first), days[position][1], reader)
        # Where it waits (for a Monday, for somebody's return) a later step may be reached first.
        while position + 1 < len(days) and day is not None and days[position + 1][0] <= day:
            position += 1
            earliest = _next_day(max(days[position][0], first), days[position][1], reader)
            day = min(day, earliest) if earliest is not None else day
        if day is None or day > until:
            return
        step = days[position][1]
        if told is None or step > told:
            yield day, step
            told = step
        position += 1


def _next_day(day: date, step: int, reader: Reader) -> date | None:
    """The first day from ``day`` on, on which the reader can be told of this step."""
    if reader.bounced:
        return None
    if reader.away_until is not None:
        day = max(day, reader.away_until + timedelta(days=1))
    day = reader.calendar.on_or_after(day)
    if _in_rhythm(step, day, reader):
        return day
    for _week in range(53):
        day = day - timedelta(days=day.weekday()) + timedelta(days=7)
        first = reader.calendar.first_of_week(day)
        if first is not None:
            return first
    return None


def _in_rhythm(step: int, day: date, reader: Reader) -> bool:
    if reader.rhythm is ReminderRhythm.EACH_STEP or step >= AT_ONCE_FROM:
        return True
    return day == reader.calendar.first_of_week(day)


def is_before(step: int) -> bool:
    """Whether the step comes before the due date."""
    return step < 0
