"""The page of one case: what is overdue, what was told before, and the letter or note as it would go."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tracker.documents.note_verbale_words import Words
from tracker.domain.escalations import WRITABLE
from tracker.domain.vocabulary import EscalationState, OfficeKind, Rung
from tracker.mail.rendering import Rendered
from tracker.models import Escalation
from tracker.services import escalation_lists, escalations, notes_verbales, offices, overdue
from tracker.services.note_content import NoteContent
from tracker.services.overdue import Overdue

OFFICE = {Rung.AUTHORITY: OfficeKind.AUTHORITY, Rung.MISSION: OfficeKind.MISSION}


def of(session: Session, case: Escalation, language: str, *, now: datetime) -> dict[str, Any]:
    """What the template shows. ``language``: the reader's; previews are in it and in the State's."""
    items = overdue.items(session, case.party_id, case.cycle_id, now=now)
    nobody = case.party_id in overdue.without_focal_point(session)
    office = offices.of(session, case.party_id, OFFICE[case.rung])
    note = notes_verbales.of(session, case.id) if case.rung is Rung.MISSION else None
    can_write = case.state in WRITABLE and bool(items)
    letters: list[Rendered] = []
    notes: list[Words] = []
    if can_write:
        languages = list(dict.fromkeys([case.party.language, language]))
        letters, notes = _previews(session, case, office, items, languages, nobody=nobody, now=now)
    return {
        "case": case,
        "party": case.party,
        "cycle": case.cycle,
        "items": items,
        "nobody": nobody,
        "office": office,
        "told": escalation_lists.told(session, [one.report_id for one in items]) if items else [],
        "mail": escalation_lists.mail_of(session, case.id),
        "note": note,
        "note_words": Words(NoteContent.of_json(note.content)) if note else None,
        "letters": letters,
        "notes": notes,
        "can_write": can_write,
        "waits": case.state is EscalationState.WAITING,
        "decider": escalation_lists.name_of(session, case.decided_by_id),
    }


def _previews(
    session: Session,
    case: Escalation,
    office: Any,
    items: list[Overdue],
    languages: list[str],
    *,
    nobody: bool,
    now: datetime,
) -> tuple[list[Rendered], list[Words]]:
    if case.rung is Rung.AUTHORITY:
        return [escalations.letter(session, case, office, items, one, nobody=nobody) for one in languages], []
    said = [notes_verbales.preview(session, case, office, items, one, nobody=nobody, now=now) for one in languages]
    return [], [Words(one) for one in said]
