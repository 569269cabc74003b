"""What of a commitment a person was asked to answer: the whole of it, or single elements."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol


class Asked(Protocol):
    """A row that says who was asked for what: ``models.Assignment``, or plain columns of it."""

    @property
    def user_id(self) -> int: ...
    @property
    def element_id(self) -> int | None: ...


def parts_of(assignments: Iterable[Asked], user_id: int) -> frozenset[int] | None:
    """The ids of the elements that this contributor may read and answer; None: all of the commitment.

    Who was asked for the whole and for a part of it as well has the whole. Who was not asked has nothing (an empty
    set). Only contributors are bound by it: ask ``policy`` first who may read or write at all.
    """
    given = [one.element_id for one in assignments if one.user_id == user_id]
    if None in given:
        return None
    return frozenset(one for one in given if one is not None)


class PartState(StrEnum):
    """Where a part stands that somebody was asked for, while its report is with the party."""

    OPEN = "part_open"
    LATE = "part_late"
    READY = "part_ready"


def due_on(own: date | None, opens_on: date, report_due_on: date) -> date:
    """When a part is due: on its own date, else with its report.

    A date from before the cycle opened was meant for an earlier report and does not hold any more.
    """
    return own if own is not None and own >= opens_on else report_due_on


def is_ready(done_at: datetime | None, opened_at: datetime | None) -> bool:
    """Whether the part was handed in for this cycle: what was said before it opened was said of an earlier report."""
    return done_at is not None and opened_at is not None and done_at >= opened_at


def state(done: bool, due: date, today: date) -> PartState:
    """``today`` on the party's own calendar: a date ends with its day."""
    if done:
        return PartState.READY
    return PartState.LATE if due < today else PartState.OPEN


def latest_date(report_due_on: date, closes_on: date, today: date) -> date | None:
    """The last date of its own that a part may be given: the report's; once that has passed, the cycle's closing day.

    None where both have passed.
    """
    if report_due_on >= today:
        return report_due_on
    return closes_on if closes_on >= today else None
