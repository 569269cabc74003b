"""The clock: asked once per request or job; below the doors the moment is an argument called ``now``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, aware, in UTC."""


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class SetClock:
    """A clock that stands at a given moment: for ``jobs run --at`` and for tests."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment
