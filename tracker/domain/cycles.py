"""Where a reporting cycle stands: derived from its dates, never stored."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,18}[A-Za-z0-9])?")
"""What a cycle's code looks like: it stands in addresses (``/status-reports/br-2026``)."""


class Stage(StrEnum):
    PLANNED = "planned"
    OPENING = "opening"
    """Its opening day has come; the clock opens it within minutes."""
    REPORTING = "reporting"
    """Reports are owed; the due date is still ahead."""
    AFTER_DUE = "after_due"
    """The due date is over; reports are still taken, as late."""
    CLOSED = "closed"


def stage(*, is_open: bool, opens_on: date, due_on: date, closes_on: date, today: date) -> Stage:
    """Where the cycle stands on this day. In a State the days end at midnight in its own time zone."""
    if not is_open:
        return Stage.PLANNED if today < opens_on else Stage.OPENING
    if today <= due_on:
        return Stage.REPORTING
    return Stage.AFTER_DUE if today <= closes_on else Stage.CLOSED
