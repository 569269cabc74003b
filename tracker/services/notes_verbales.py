"""Notes verbales to Permanent Missions: numbered per year without gaps, frozen, kept with both their files.

The numbers are given out one at a time: whoever prepares a note holds the row of the General Secretariat until the
note is stored, so that two at once get two numbers, and what fails uses none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.deadlines import local_date
from tracker.domain.errors import NotVisible, Stale, Unmet, WrongState
from tracker.domain.policy import Actor
from tracker.domain.vocabulary import EscalationState, OfficeKind, PartyKind, Rung
from tracker.models import Escalation, NoteVerbale, Office, ReportingParty
from tracker.services import audit, escalations, offices, overdue
from tracker.services.history import NOTE_HANDED_OVER, NOTE_PREPARED
from tracker.services.note_content import NoteContent, NoteItem
from tracker.services.overdue import Overdue
from tracker.wording import pick

Render = Callable[[NoteContent], bytes]
HAND_OVER = "hand_over"


def prepare(
    session: Session,
    escalation_id: int,
    *,
    render_pdf: Render,
    render_docx: Render,
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> NoteVerbale:
    """Number the note, freeze what it says, make both files and keep them.

    The files are made inside the transaction, because the number stands in them: some tenths of a second.
    Raises NotPermitted; NotVisible; Stale; WrongState; Unmet(office="no_title", items="nothing_overdue").
    """
    case, items = escalations.to_write(
        session, escalation_id, Rung.MISSION, seen_version=seen_version, actor=actor, now=now
    )
    office = offices.of(session, case.party_id, OfficeKind.MISSION)
    if office is None:
        raise Unmet(office="no_title")
    today = _today(session, now, lock=True)
    last = session.scalar(sa.select(sa.func.max(NoteVerbale.sequence)).where(NoteVerbale.year == today.year)) or 0
    nobody = case.party_id in overdue.without_focal_point(session)
    content = _content(case, office, items, case.party.language, day=today, sequence=last + 1, nobody=nobody)
    pdf, docx = render_pdf(content), render_docx(content)
    note = NoteVerbale(
        escalation_id=case.id,
        year=content.year,
        sequence=content.sequence,
        language=content.language,
        content=content.to_json(),
        pdf=pdf,
        docx=docx,
        pdf_sha256=hashlib.sha256(pdf).hexdigest(),
        docx_sha256=hashlib.sha256(docx).hexdigest(),
        made_at=now,
        made_by_id=actor.user_id,
    )
    session.add(note)
    escalations.decided(case, EscalationState.SENT, actor=actor, now=now)
    session.flush()
    escalations.on_file(session, case, items, NOTE_PREPARED, {"number": content.number}, actor=actor, now=now)
    audit.record(
        session,
        "note_verbale.prepared",
        now=now,
        actor=actor,
        party_id=case.party_id,
        about=("note_verbale", note.id),
        new={"number": audit.Plain(content.number), "reports": len(items), "sha256": note.pdf_sha256},
    )
    return note


def hand_over(
    session: Session, escalation_id: int, *, on: date | None, seen: str, actor: Actor, now: datetime
) -> NoteVerbale:
    """Write down on which day the signed note left; a wrong day may be put right.

    ``seen``: the day that the form showed, "" for none. Raises NotPermitted; NotVisible; Stale; WrongState where no
    note was prepared; Unmet(on="required", "in_the_future" or "before_the_note").
    """
    case = escalations.get(session, escalation_id)
    case = escalations.locked(session, escalation_id, seen_version=case.version, actor=actor)
    note = of(session, case.id)
    if note is None:
        raise WrongState(HAND_OVER, case.state)
    if seen != str(note.handed_over_on or ""):
        raise Stale
    content = NoteContent.of_json(note.content)
    if on is None:
        raise Unmet(on="required")
    if on > _today(session, now):
        raise Unmet(on="in_the_future")
    if on < content.day:
        raise Unmet(on="before_the_note")
    before, note.handed_over_on = note.handed_over_on, on
    session.flush()
    # The reports that the note named, whatever became of them since.
    items = overdue.named(session, case.party_id, case.cycle_id, [one.code for one in content.items])
    details = {"number": content.number, "day": on.isoformat()}
    escalations.on_file(session, case, items, NOTE_HANDED_OVER, details, actor=actor, now=now)
    audit.record(
        session,
        "note_verbale.handed_over",
        now=now,
        actor=actor,
        party_id=case.party_id,
        about=("note_verbale", note.id),
        old={"day": before} if before else None,
        new={"number": audit.Plain(content.number), "day": on},
    )
    return note


def of(session: Session, escalation_id: int) -> NoteVerbale | None:
    """The note of this case, with its files; None where none was prepared."""
    return session.scalar(
        sa.select(NoteVerbale)
        .where(NoteVerbale.escalation_id == escalation_id)
        .execution_options(populate_existing=True)
    )


def file_of(session: Session, escalation_id: int, ending: str) -> tuple[int, str, bytes]:
    """(id of the note, file name, content) as it was prepared; ``ending`` is "pdf" or "docx". Raises NotVisible."""
    note = of(session, escalations.get(session, escalation_id).id)
    if note is None:
        raise NotVisible
    content = note.pdf if ending == "pdf" else note.docx
    return note.id, NoteContent.of_json(note.content).file_name(ending), content


def preview(
    session: Session, case: Escalation, office: Office | None, items: list[Overdue], language: str, *,
    nobody: bool, now: datetime,
) -> NoteContent:  # fmt: skip
    """The note as it would say, without a number."""
    return _content(case, office, items, language, day=_today(session, now), sequence=0, nobody=nobody)


def _content(
    case: Escalation,
    office: Office | None,
    items: list[Overdue],
    language: str,
    *,
    day: date,
    sequence: int,
    nobody: bool,
) -> NoteContent:
    return NoteContent(
        year=day.year,
        sequence=sequence,
        language=language,
        day=day,
        addressee=office.title if office else "–",
        address=office.address if office else "",
        party_code=case.party.code,
        party=pick(case.party.name, language),
        cycle=pick(case.cycle.title, language),
        closes_on=case.cycle.closes_on,
        nobody=nobody,
        items=tuple(
            NoteItem(
                code=one.code,
                title=pick(one.title, language),
                due_on=one.cycle_due_on,
                extended_to=one.due_on if one.due_on != one.cycle_due_on else None,
                days=one.days,
            )
            for one in items
        ),
    )


def _today(session: Session, now: datetime, *, lock: bool = False) -> date:
    """The date at the General Secretariat. ``lock``: nobody else numbers a note until this transaction ends."""
    zone = sa.select(ReportingParty.time_zone).where(ReportingParty.kind == PartyKind.GENERAL_SECRETARIAT)
    if lock:
        # Not as strong as an update of its key: rows that refer to the General Secretariat may still be written.
        zone = zone.with_for_update(key_share=True)
    return local_date(now, session.scalars(zone).one())
