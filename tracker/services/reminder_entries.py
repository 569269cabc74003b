"""Writing the ledger of reminders: one row for each report, date, step and person, whatever is run twice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tracker.domain.vocabulary import ReminderOutcome
from tracker.models import ReminderEntry

Row = dict[str, Any]


def row(
    report_id: int,
    due_on: date,
    day: int,
    user_id: int | None,
    outcome: ReminderOutcome,
    now: datetime,
    message_id: int | None = None,
) -> Row:
    """A row of the ledger, as plain data. ``user_id`` None: nobody holds the post."""
    return {
        "report_id": report_id,
        "due_on": due_on,
        "day": day,
        "user_id": user_id,
        "outcome": outcome,
        "at": now,
        "message_id": message_id,
    }


def add(session: Session, entries: Iterable[Row]) -> None:
    """Write down what is not in the ledger yet; what stands there stays."""
    _write(session, _insert(session).on_conflict_do_nothing(), list(entries))


def bring_up_to_date(session: Session, entries: Iterable[Row]) -> None:
    """Write down what a mail names now, over what stood there of a step that was not told before."""
    insert = _insert(session)
    key = [ReminderEntry.report_id, ReminderEntry.due_on, ReminderEntry.day, ReminderEntry.user_id]
    new = insert.excluded
    changed = {"outcome": new.outcome, "at": new.at, "message_id": new.message_id}
    _write(session, insert.on_conflict_do_update(index_elements=key, set_=changed), list(entries))


def _insert(session: Session) -> Any:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return insert(ReminderEntry.__table__)  # type: ignore[arg-type]


def _write(session: Session, statement: sa.Insert, entries: list[Row]) -> None:
    if entries:
        # In this order everywhere, so that two writers wait for each other and do not lock each other out.
        entries.sort(key=lambda e: (e["report_id"], e["due_on"], e["day"], e["user_id"] or 0))
        session.flush()
        session.connection().execute(statement, entries)
