"""What was said about the reports under review: questions, answers, internal notes, ratings by element.

Written as rows, without mails and history: loading tells nobody anything about the past.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.demo.fates import ACCREDITED
from tracker.demo.people import People
from tracker.domain.compliance import roll_up
from tracker.domain.vocabulary import PartyKind, Rating, ReportState
from tracker.models import (
    Assessment,
    Commitment,
    Element,
    HistoryEntry,
    InternalNote,
    ProgressReport,
    Question,
    ReportingCycle,
    ReportingParty,
)

ASKED_ABOUT = 9
"""Reports under review with a question; every third of them has an answer too, every fourth a note."""
RATED_BY_ELEMENT = 80

QUESTIONS = {
    "en": "Which institution keeps the figures given here, and for which months do they stand?",
    "es": "¿Qué institución lleva las cifras que se dan aquí y a qué meses corresponden?",
    "pt": "Que instituição mantém os números aqui indicados e a que meses correspondem?",
    "fr": "Quelle institution tient les chiffres donnés ici et à quels mois se rapportent-ils ?",
}
ANSWERS = {
    "en": "The ministry's statistical unit. They stand for January to December; December is provisional.",
    "es": "La unidad de estadística del ministerio. Corresponden a enero a diciembre; diciembre es provisional.",
    "pt": "A unidade de estatística do ministério. Correspondem a janeiro a dezembro; dezembro é provisório.",
    "fr": "L’unité statistique du ministère. Ils vont de janvier à décembre ; décembre est provisoire.",
}
NOTE = "Compare with the figures of the year before: the series seems to have changed its definition."


def write(session: Session, people: People, *, now: datetime) -> None:
    """The reports are there already; whoever reviews them asked."""
    for number, report in enumerate(_under_review(session)):
        if number >= ASKED_ABOUT:
            break
        _ask(session, people, report, number, now)
    for assessment, report in _assessed(session):
        given = _by_element(_elements(session, report), assessment.rating)
        if given:
            assessment.element_ratings = {code: one.value for code, one in given.items()}
    session.flush()


def _under_review(session: Session) -> Sequence[Any]:
    return session.execute(
        sa.select(
            ProgressReport.id,
            ProgressReport.commitment_id,
            ProgressReport.party_id,
            ProgressReport.reviewer_id,
            ProgressReport.revision_number,
            ReportingParty.language,
            Commitment.provision_id,
            sa.select(sa.func.max(HistoryEntry.at))
            .where(HistoryEntry.report_id == ProgressReport.id)
            .scalar_subquery()
            .label("since"),
        )
        .join(ReportingParty, ReportingParty.id == ProgressReport.party_id)
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .where(
            ProgressReport.state == ReportState.UNDER_REVIEW,
            ReportingParty.kind == PartyKind.MEMBER_STATE,
            ProgressReport.reviewer_id.is_not(None),
        )
        .order_by(ProgressReport.opens_on.desc(), ReportingParty.code.in_(ACCREDITED).desc(), ProgressReport.id)
        .limit(ASKED_ABOUT)
    ).all()


def _ask(session: Session, people: People, report: Any, number: int, now: datetime) -> None:
    """A question in the State's language, between the beginning of the review and now."""
    step = (now - report.since) / 4
    asked_at, answered_at = report.since + step, report.since + 2 * step
    answered = number % 3 == 2
    focal = people.teams[report.party_id].focal
    element = session.scalars(
        sa.select(Element.id)
        .where(Element.provision_id == report.provision_id, Element.is_whole.is_(False))
        .order_by(Element.position)
        .limit(1)
    ).one_or_none()
    question = Question(
        report_id=report.id,
        element_id=element,
        revision_number=report.revision_number,
        text=QUESTIONS[report.language],
        asked_at=asked_at,
        asked_by_id=report.reviewer_id,
        answer=ANSWERS[report.language] if answered else "",
        answered_at=answered_at if answered else None,
        answered_by_id=focal.id if answered else None,
    )
    session.add(question)
    if number % 4 == 0:
        at = asked_at + timedelta(minutes=5)
        session.add(InternalNote(report_id=report.id, text=NOTE, at=min(at, now), by_id=report.reviewer_id))


def _assessed(session: Session) -> Sequence[Any]:
    """The newest assessments of commitments with parts."""
    has_parts = sa.exists().where(Element.provision_id == Commitment.provision_id, Element.is_whole.is_(False))
    return session.execute(
        sa.select(Assessment, ProgressReport)
        .join(ProgressReport, ProgressReport.id == Assessment.report_id)
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .where(has_parts, ReportingCycle.opened_at.is_not(None))
        .order_by(Assessment.proposed_at.desc(), Assessment.id)
        .limit(RATED_BY_ELEMENT)
    ).all()


def _elements(session: Session, report: ProgressReport) -> list[str]:
    kind = report.commitment.party.kind
    return [e.code for e in report.commitment.provision.elements if e.is_owed_by(kind) and not e.is_whole]


def _by_element(codes: list[str], whole: Rating) -> dict[str, Rating]:
    """Ratings that come to that of the whole by the stated rule."""
    first = {Rating.LARGELY: Rating.IMPLEMENTED, Rating.PARTIALLY: Rating.LARGELY}.get(whole, whole)
    given = dict(zip(codes, [first, *[whole] * (len(codes) - 1)], strict=True)) if codes else {}
    return given if roll_up(list(given.values())) is whole else {}
