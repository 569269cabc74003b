"""Notes inside the Secretariat about a report. No page, mail, export or history of anybody else holds one.

They stand in a table of their own that only this module reads (``tests/web/test_notes_stay_inside.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.errors import NotPermitted, Unmet
from tracker.domain.policy import Actor, Permission, can
from tracker.models import InternalNote, ProgressReport, User
from tracker.services import audit, records
from tracker.services.personal_data import require_clean
from tracker.services.plain_rows import rows as plain


@dataclass(frozen=True)
class Line:
    id: int
    text: str
    at: datetime
    by: str


def write(
    session: Session,
    report: ProgressReport,
    *,
    text: str,
    explanation: str = "",
    actor: Actor,
    now: datetime,
) -> InternalNote:
    """Add a note. Notes are neither changed nor taken away. Raises NotPermitted, Unmet."""
    if not can(actor, Permission.NOTE_WRITE, records.subject_of(report, now=now)):
        raise NotPermitted("note")
    if not text:
        raise Unmet(note="required")
    explained = require_clean(explanation, note=text)
    note = InternalNote(report_id=report.id, text=text, at=now, by_id=actor.user_id)
    session.add(note)
    session.flush()
    # About the note, not about the report: a State that reads its own audit trail finds none of them.
    audit.record(session, "note.write", now=now, actor=actor, about=("internal_note", note.id), new=explained or None)
    return note


def of_report(session: Session, report: ProgressReport, actor: Actor, *, now: datetime) -> list[Line]:
    """All notes on a report, oldest first; nothing for anybody but staff. One query."""
    if not can(actor, Permission.NOTE_WRITE, records.subject_of(report, now=now)):
        return []
    return [Line(*row) for row in plain(session, _of_report(), {"report": report.id})]


@cache
def _of_report() -> sa.Select:
    return (
        sa.select(InternalNote.id, InternalNote.text, InternalNote.at, User.name)
        .join(User, User.id == InternalNote.by_id)
        .where(InternalNote.report_id == sa.bindparam("report"))
        .order_by(InternalNote.id)
    )
