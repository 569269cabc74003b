"""Cases beyond the focal points: offices, the job, the clicks of staff."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from tests.cast import Cast
from tests.support.worlds import kept
from tracker.documents import note_verbale_docx, note_verbale_pdf
from tracker.domain.vocabulary import OfficeKind, Rung
from tracker.jobs import run_job
from tracker.models import Escalation, HistoryEntry, Message, ReportingParty
from tracker.services import escalations, notes_verbales, offices

AUTHORITY, MISSION = Rung.AUTHORITY, Rung.MISSION
MONTH_OVER = datetime(2026, 5, 30, 15, tzinfo=UTC)
"""30 days after the due date of the cast's cycle."""
LATER_STILL = datetime(2026, 6, 14, 15, tzinfo=UTC)
"""45 days after it."""
MISSIONS = {
    "BR": "Missão Permanente do Brasil junto à OEA",
    "GT": "Misión Permanente de Guatemala ante la OEA",
    "US": "Permanent Mission of the United States to the OAS",
    "HT": "Mission permanente d’Haïti auprès de l’OEA",
}


@kept
def run(cast: Cast, at: datetime | None = None) -> int:
    """The job at this moment; how many cases were opened or lapsed."""
    if at is not None:
        cast.clock.set(at)
    return run_job(cast.app, "escalations").done


def case(cast: Cast, party: str = "BR", rung: Rung = AUTHORITY) -> Escalation | None:
    with cast.reading() as session:
        return session.scalar(
            sa.select(Escalation)
            .join(ReportingParty, ReportingParty.id == Escalation.party_id)
            .where(ReportingParty.code == party, Escalation.rung == rung)
        )


def case_id(cast: Cast, party: str = "BR", rung: Rung = AUTHORITY) -> int:
    found = case(cast, party, rung)
    assert found is not None
    return found.id


def version(cast: Cast, escalation_id: int) -> int:
    with cast.reading() as session:
        return session.scalars(sa.select(Escalation.version).where(Escalation.id == escalation_id)).one()


@kept
def enter_office(cast: Cast, party: str = "BR", kind: OfficeKind = OfficeKind.AUTHORITY, **said: Any) -> None:
    """An invented office of a State."""
    title = MISSIONS[party] if kind is OfficeKind.MISSION else f"Invented authority of {party}"
    values = {"title": title, "email": f"office@{party.lower()}.example", "address": "1 Invented Street\nA City"} | said
    actor = cast.actor("admin")
    with cast.writing() as session:
        there = offices.of(session, offices.state(session, party).id, kind)
        seen = there.version if there else 0
        offices.save(
            session, offices.state(session, party), kind, **values, seen_version=seen, actor=actor, now=cast.clock.now()
        )


def write(cast: Cast, escalation_id: int, name: str = "reviewer", seen: int | None = None) -> None:
    actor, known = cast.actor(name), version(cast, escalation_id) if seen is None else seen
    with cast.writing() as session:
        escalations.write(session, escalation_id, seen_version=known, actor=actor, now=cast.clock.now())


def dismiss(cast: Cast, escalation_id: int, reason: str = "They asked for a week.", name: str = "reviewer") -> None:
    actor, known = cast.actor(name), version(cast, escalation_id)
    with cast.writing() as session:
        escalations.dismiss(
            session, escalation_id, reason=reason, seen_version=known, actor=actor, now=cast.clock.now()
        )


def prepare(cast: Cast, escalation_id: int, name: str = "reviewer", seen: int | None = None) -> str:
    """The number of the note that is prepared."""
    actor, known = cast.actor(name), version(cast, escalation_id) if seen is None else seen
    with cast.writing() as session:
        note = notes_verbales.prepare(
            session,
            escalation_id,
            render_pdf=note_verbale_pdf.render,
            render_docx=note_verbale_docx.render,
            seen_version=known,
            actor=actor,
            now=cast.clock.now(),
        )
        return f"NV {note.sequence}/{note.year}"


def mails(cast: Cast) -> list[Message]:
    """The letters that were put, by id."""
    with cast.reading() as session:
        return list(session.scalars(sa.select(Message).where(Message.kind == "escalation").order_by(Message.id)))


def entries(cast: Cast, action: str) -> list[HistoryEntry]:
    with cast.reading() as session:
        return list(session.scalars(sa.select(HistoryEntry).where(HistoryEntry.action == action)))
