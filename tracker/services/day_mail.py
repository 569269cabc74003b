"""The mail of the day: at most one for each person and working day, grouped from what is due (docs/mail.md)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from tracker.models import Message


def due(session: Session, now: datetime) -> list[int]:
    """Everybody who has a mail of the day to get now, by id: a constant number of queries, whatever the number."""
    raise NotImplementedError


def is_due(session: Session, user_id: int, *, now: datetime) -> bool:
    """Whether ``compose`` would put a mail, or write a ledger, for this person now. Writes nothing."""
    raise NotImplementedError


def compose(session: Session, user_id: int, *, now: datetime) -> Message | None:
    """Put the one mail of today for this person, with its ledgers; None where nothing is to be told."""
    raise NotImplementedError
