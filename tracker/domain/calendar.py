"""The calendar of a person as plain data: whole days with something to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Event:
    """Something on one whole day. ``uid`` stays the same however often the day moves."""

    uid: str
    day: date
    title: str
    url: str
    sequence: int
    """Grows with every change of what the event is about."""
    changed_at: datetime | None


@dataclass(frozen=True)
class Feed:
    """A calendar in its reader's language."""

    name: str
    language: str
    events: tuple[Event, ...]
    """By day and title."""
