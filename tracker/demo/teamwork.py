"""Parts with dates of their own, some late; and requests for a later due date: one waits, two are decided.

Written as rows, without a mail: what is told of lies in the past. The history goes on from its newest moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.demo.lives import Person
from tracker.demo.narratives import narratives
from tracker.demo.people import People
from tracker.demo.scripts import Team
from tracker.domain.deadlines import ends_at
from tracker.domain.vocabulary import ExtensionDecision, PartyKind, ReportState, Visibility
from tracker.models import (
    Assignment,
    Commitment,
    Element,
    Extension,
    HistoryEntry,
    ProgressReport,
    Provision,
    ReportingCycle,
    ReportingParty,
)
from tracker.services import history

LATE_BY = timedelta(days=3)
SOON = timedelta(days=9)
LONGER = timedelta(days=14)
REQUESTS: tuple[tuple[str, ExtensionDecision | None], ...] = (
    ("GT", None),
    ("PE", ExtensionDecision.GRANTED),
    ("BR", ExtensionDecision.REFUSED),
)
"""Whose first draft more time is asked for, and what is decided."""
REASONS = {
    "en": ("The figures of the year come in later than planned.", "The reason given holds."),
    "es": ("Las cifras del año llegan más tarde de lo previsto.", "El motivo es suficiente."),
    "pt": ("Os números do ano chegam mais tarde do que o previsto.", "O ciclo fecha em breve; o prazo fica como está."),
    "fr": ("Les chiffres de l'année arrivent plus tard que prévu.", "Le motif est suffisant."),
}


def write(session: Session, people: People, *, now: datetime) -> None:
    """Into the open cycle; before the ledgers of reminders, which look at the dates."""
    newest = session.scalar(sa.select(sa.func.max(HistoryEntry.at))) or now - timedelta(hours=1)
    moments = iter([newest + (now - newest) * step / 10 for step in range(1, 10)])
    _dates(session, now)
    for code, decision in REQUESTS:
        party = session.scalars(sa.select(ReportingParty).where(ReportingParty.code == code)).one()
        if party.id in people.teams:
            _request(session, party, people.teams[party.id], people, decision, now, next(moments))
    session.flush()


def _dates(session: Session, now: datetime) -> None:
    """Of each State's contributor the first open part has a date, in every third State one that has passed."""
    rows = session.execute(
        sa.select(Assignment, Commitment.party_id, ProgressReport.due_on, ReportingCycle.opens_on)
        .join(Commitment, Commitment.id == Assignment.commitment_id)
        .join(ProgressReport, ProgressReport.commitment_id == Commitment.id)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .where(
            ReportingCycle.closes_on >= now.date(),
            ProgressReport.state.in_([ReportState.DRAFT, ReportState.RETURNED]),
            ProgressReport.due_on >= now.date(),
        )
        .order_by(Commitment.party_id, Assignment.id)
    ).all()
    seen: set[int] = set()
    for assignment, party_id, due_on, opens_on in rows:
        if party_id in seen:
            continue
        seen.add(party_id)
        day = now.date() - LATE_BY if len(seen) % 3 == 1 else now.date() + SOON
        assignment.due_on = min(max(day, opens_on), due_on)
        element = _part(session, assignment.commitment_id)
        assignment.element_id = element.id if element else None
        _tell(session, assignment, element)


def _part(session: Session, commitment_id: int) -> Element | None:
    """The first element that a State answers by itself, where the provision has several."""
    found: Sequence[Element] = session.scalars(
        sa.select(Element)
        .join(Commitment, Commitment.provision_id == Element.provision_id)
        .where(Commitment.id == commitment_id, Element.is_whole.is_(False))
        .order_by(Element.position)
    ).all()
    owed = [one for one in found if one.is_owed_by(PartyKind.MEMBER_STATE)]
    return owed[0] if len(owed) > 1 else None


def _tell(session: Session, assignment: Assignment, element: Element | None) -> None:
    """As if it had been asked for like this from the start."""
    entry = session.scalars(
        sa.select(HistoryEntry).where(
            HistoryEntry.commitment_id == assignment.commitment_id, HistoryEntry.action == history.ASSIGNED
        )
    ).first()
    if entry is not None and assignment.due_on:
        more = {"element": element.code} if element else {}
        entry.details = {**entry.details, **more, "due_on": assignment.due_on.isoformat()}


def _request(
    session: Session,
    party: ReportingParty,
    team: Team,
    people: People,
    decision: ExtensionDecision | None,
    now: datetime,
    at: datetime,
) -> None:
    row = session.execute(
        sa.select(ProgressReport, ReportingCycle.closes_on)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .where(
            ProgressReport.party_id == party.id,
            ProgressReport.state == ReportState.DRAFT,
            ProgressReport.due_on < ReportingCycle.closes_on,
            ReportingCycle.closes_on > now.date(),
        )
        .order_by(Provision.position)
        .limit(1)
    ).one_or_none()
    if row is None:
        return
    report, closes_on = row
    until: date = min(report.due_on + LONGER, closes_on)
    mark = narratives(party.language).mark
    asked, decided = (f"{mark} {text}" for text in REASONS[party.language])
    extension = Extension(
        report_id=report.id,
        party_id=party.id,
        due_on=report.due_on,
        asked_until=until,
        reason=asked,
        asked_at=at,
        asked_by_id=team.focal.id,
    )
    session.add(extension)
    dates = {"due_on": report.due_on.isoformat(), "until": until.isoformat()}
    _entry(session, report, history.EXTENSION_ASKED, team.focal, at, asked, dates)
    if decision is None:
        return
    later = at + (now - at) / 20
    extension.decision, extension.decided_at, extension.decision_reason = decision, later, decided
    extension.decided_by_id = people.staff.reviewers[0].id
    reviewer = people.staff.reviewers[0]
    if decision is ExtensionDecision.GRANTED:
        extension.granted_until = until
        _entry(session, report, history.EXTENSION_GRANTED, reviewer, later, "", dates)
        values = {"due_on": until, "due_at": ends_at(until, party.time_zone)}
        session.execute(sa.update(ProgressReport).where(ProgressReport.id == report.id).values(values))
    else:
        _entry(session, report, history.EXTENSION_REFUSED, reviewer, later, decided, dates)


def _entry(
    session: Session,
    report: ProgressReport,
    action: str,
    person: Person,
    at: datetime,
    comment: str,
    details: dict[str, str],
) -> None:
    session.add(
        HistoryEntry(
            commitment_id=report.commitment_id,
            report_id=report.id,
            party_id=report.party_id,
            at=at,
            action=action,
            actor_id=person.id,
            actor_role=person.role.value,
            visibility=Visibility.PUBLIC if action == history.EXTENSION_GRANTED else Visibility.FILE,
            comment=comment,
            details=details,
        )
    )
    session.flush()
