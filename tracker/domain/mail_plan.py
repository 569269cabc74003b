"""What the system will send, as plain data: one planned mail, and the items it tells of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """A duty that a planned mail will name. ``day`` is the step: days after ``due_on``, negative before it."""

    report_id: int
    party_code: str
    code: str
    due_on: date
    day: int


@dataclass(frozen=True, slots=True)
class PlannedMail:
    """One mail that will leave if nothing is done meanwhile.

    ``day`` is the date on the reader's own calendar, ``at`` the moment (UTC). ``user_id`` is None where the reader has
    no account: a letter to an office. ``kind`` is the kind of the message, ``reason`` a word of the closed list of
    reasons (``services.mail_plan.REASONS``).
    """

    day: date
    at: datetime
    user_id: int | None
    name: str
    email: str
    kind: str
    reason: str
    items: tuple[PlannedItem, ...] = ()
