"""The clock: asked once per request or job; below the doors the moment is an argument called ``now``."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Protocol

ZONE_DATA_YEARS = 1
"""Zone data of a year longer ago than this are old: States change their clocks at short notice."""


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


def use_own_zone_data() -> str:
    """Take time zones from the pinned package, whatever the machine has; the version, such as ``2026.6``."""
    zoneinfo.reset_tzpath(to=())
    zoneinfo.ZoneInfo.clear_cache()
    return version("tzdata")


def is_old_zone_data(data_version: str, now: datetime) -> bool:
    """Whether deadlines may be wrong because a State changed its clocks since these data were made."""
    return now.year - int(data_version.partition(".")[0]) > ZONE_DATA_YEARS
