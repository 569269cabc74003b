"""Working days: Monday to Friday, without the holidays of a party. Pure; dates are the reader's own (docs/mail.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)
SATURDAY = 5
LONGEST_BREAK = 366
"""Days that are looked at before a calendar counts as having no working day at all."""


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """On which days somebody works. ``holidays``: days on which he or she does not, beside Saturdays and Sundays."""

    holidays: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < SATURDAY and day not in self.holidays

    def on_or_before(self, day: date) -> date:
        """The last working day on or before ``day``; ``day`` itself where a whole year has none."""
        return self._nearest(day, -DAY)

    def on_or_after(self, day: date) -> date:
        """The first working day on or after ``day``; ``day`` itself where a whole year has none."""
        return self._nearest(day, DAY)

    def first_of_week(self, day: date) -> date | None:
        """The first working day of the week (from Monday on) that ``day`` is in; None where the week has none."""
        monday = day - timedelta(days=day.weekday())
        found = self.on_or_after(monday)
        return found if found < monday + timedelta(days=7) and self.is_working_day(found) else None

    def first_of_month(self, day: date) -> date:
        """The first working day of the month that ``day`` is in."""
        return self.on_or_after(day.replace(day=1))

    def first_of_quarter(self, day: date) -> date:
        """The first working day of the quarter that ``day`` is in; quarters begin in January, April, July, October."""
        return self.on_or_after(day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1))

    def _nearest(self, day: date, step: timedelta) -> date:
        looked_at = day
        for _number in range(LONGEST_BREAK):
            if self.is_working_day(looked_at):
                return looked_at
            looked_at += step
        return day
