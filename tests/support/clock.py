"""A clock that tests move."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tracker.clock import SetClock

START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
"""A Monday: noon in Brasília, ten in the morning in Washington."""


class MovableClock(SetClock):
    """Stands still until ``advance`` or ``set`` moves it."""

    def advance(self, **by: float) -> datetime:
        """Move on by ``days=``, ``hours=``, … Returns the new moment."""
        self.moment += timedelta(**by)
        return self.moment

    def set(self, moment: datetime) -> datetime:
        """Move to an aware moment. Returns it in UTC."""
        self.moment = moment.astimezone(UTC)
        return self.moment
