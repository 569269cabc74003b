"""A reviewer's questions about a report, and the party's answers: the file of the commitment, never public.

Asked without returning the report: it stays where it is in its life. People of the party and staff read them; a
contributor who was asked for parts only reads what is asked about those parts. Observers and the public never do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from tracker.domain.assignments import parts_of
from tracker.domain.errors import NotPermitted, Stale, Unmet, WrongState
from tracker.domain.policy import Actor, Permission, Subject, can
from tracker.domain.vocabulary import ReportState, Role, Visibility
from tracker.models import (
    Element,
    HistoryEntry,
    ProgressReport,
    Question,
    User,
)
from tracker.services import audit, history, question_mails, records
from tracker.services.personal_data import require_clean
from tracker.services.plain_rows import rows as plain

ASKED_IN = frozenset({ReportState.UNDER_REVIEW, ReportState.RATING_PROPOSED})
ANSWERED_IN = frozenset(
    {
        ReportState.SUBMITTED,
        ReportState.UNDER_REVIEW,
        ReportState.RATING_PROPOSED,
        ReportState.OPEN_FOR_COMMENT,
        ReportState.RETURNED,
    }
)
"""While the report is on its way. Once the rating is published, what was not answered stays so."""


@dataclass(frozen=True)
class Line:
    """A question as its readers see it. Names of staff are for staff, as in the history."""

    id: int
    report_id: int
    version: int
    element: str | None
    """The element's code; None: about the whole."""
    label: dict[str, str]
    revision: int
    text: str
    asked_at: datetime
    asked_by: str
    asked_by_id: int
    answer: str
    answered_at: datetime | None
    answered_by: str | None
    withdrawn_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.withdrawn_at is None


@dataclass(frozen=True)
class About:
    """An element that may be asked about."""

    code: str
    label: dict[str, str]
    is_whole: bool


def elements_of(report: ProgressReport) -> list[About]:
    """The elements this party answers, in order."""
    kind = report.commitment.party.kind
    return [About(e.code, e.label, e.is_whole) for e in report.commitment.provision.elements if e.is_owed_by(kind)]


def reads(actor: Actor | None, subject: Subject) -> bool:
    """Whether this person may read questions and answers of a report: its own party and staff."""
    if not can(actor, Permission.COMMITMENT_VIEW, subject) or actor is None:
        return False
    return actor.is_staff or actor.party_id == subject.party_id


def of_report(session: Session, report: ProgressReport, actor: Actor, *, now: datetime) -> list[Line]:
    """All questions of a report, oldest first, as far as this person may read them. One query."""
    if not reads(actor, records.subject_of(report, now=now)):
        return []
    rows = plain(session, _of_report(), {"report": report.id})
    parts = parts_of(report.commitment.assignments, actor.user_id) if actor.role is Role.CONTRIBUTOR else None
    return [
        Line(
            id=row.id,
            report_id=report.id,
            version=row.version,
            element=None if row.is_whole else row.code,
            label=row.label or {},
            revision=row.revision_number,
            text=row.text,
            asked_at=row.asked_at,
            asked_by=row.asked_by,
            asked_by_id=row.asked_by_id,
            answer=row.answer,
            answered_at=row.answered_at,
            answered_by=row.answered_by,
            withdrawn_at=row.withdrawn_at,
        )
        for row in rows
        if parts is None or row.element_id in parts
    ]


@cache
def _of_report() -> sa.Select:
    asker, answerer = aliased(User), aliased(User)
    return (
        sa.select(
            Question.id,
            Question.version,
            Question.element_id,
            Question.revision_number,
            Question.text,
            Question.asked_at,
            Question.asked_by_id,
            Question.answer,
            Question.answered_at,
            Question.withdrawn_at,
            Element.code,
            Element.label,
            Element.is_whole,
            asker.name.label("asked_by"),
            answerer.name.label("answered_by"),
        )
        .outerjoin(Element, Element.id == Question.element_id)
        .join(asker, asker.id == Question.asked_by_id)
        .outerjoin(answerer, answerer.id == Question.answered_by_id)
        .where(Question.report_id == sa.bindparam("report"))
        .order_by(Question.id)
    )


def ask(
    session: Session,
    report: ProgressReport,
    *,
    texts: Mapping[str, str],
    explanation: str = "",
    actor: Actor,
    now: datetime,
) -> list[Question]:
    """Ask about elements of the report: ``texts`` by the element's code, "" for the whole; empty texts ask nothing.

    Told to the party's focal points at once, in one mail. Raises NotPermitted, WrongState, Unmet.
    """
    if not can(actor, Permission.QUESTION_ASK, records.subject_of(report, now=now)):
        raise NotPermitted("ask")
    if report.state not in ASKED_IN:
        raise WrongState("ask", report.state.value)
    wanted = {code: text for code, text in texts.items() if text}
    if not wanted:
        raise Unmet(**{code or "whole": "required" for code in list(texts)[:1]})
    kind = report.commitment.party.kind
    elements = {e.code: e for e in report.commitment.provision.elements if e.is_owed_by(kind)}
    unknown = [code for code in wanted if code and code not in elements]
    if unknown:
        raise Unmet(**dict.fromkeys(unknown, "unknown"))
    explained = require_clean(explanation, **{code or "whole": text for code, text in wanted.items()})
    made = [
        Question(
            report_id=report.id,
            element_id=elements[code].id if code else None,
            revision_number=report.revision_number,
            text=text,
            asked_at=now,
            asked_by_id=actor.user_id,
        )
        for code, text in wanted.items()
    ]
    session.add_all(made)
    session.flush()
    entries = [
        _note(session, report, history.QUESTION_ASKED, {"question": q.id, "element": code, **explained}, actor, now)
        for q, code in zip(made, wanted, strict=True)
    ]
    question_mails.tell_party(session, report, list(wanted.items()), entries[0], actor, now)
    return made


def answer(
    session: Session,
    report: ProgressReport,
    question: Question,
    *,
    text: str,
    explanation: str = "",
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> None:
    """The party's answer, once. Whoever comes second gets Stale with both texts; the reviewer is told by mail."""
    _require_asked_of(report, question)
    if not can(actor, Permission.QUESTION_ANSWER, records.subject_of(report, now=now)):
        raise NotPermitted("answer")
    if question.version != seen_version or question.answered_at is not None or question.withdrawn_at is not None:
        raise Stale(theirs=question.answer, yours=text)
    if report.state not in ANSWERED_IN:
        raise WrongState("answer", report.state.value)
    if not text:
        raise Unmet(text="required")
    explained = require_clean(explanation, text=text)
    question.answer = text
    question.answered_at = now
    question.answered_by_id = actor.user_id
    session.flush()
    details = {"question": question.id, **explained}
    entry = _note(session, report, history.QUESTION_ANSWERED, details, actor, now)
    question_mails.tell_reviewers(session, report, question, entry, actor, now)


def withdraw(
    session: Session, report: ProgressReport, question: Question, *, seen_version: int, actor: Actor, now: datetime
) -> None:
    """The reviewer no longer asks: who asked, or who reviews the report now. It stays in the file as withdrawn."""
    _require_asked_of(report, question)
    if not can(actor, Permission.QUESTION_ASK, records.subject_of(report, now=now)):
        raise NotPermitted("withdraw")
    if actor.user_id not in (question.asked_by_id, report.reviewer_id):
        raise NotPermitted("withdraw")
    if question.version != seen_version or question.answered_at is not None or question.withdrawn_at is not None:
        raise Stale(theirs=question.answer)
    question.withdrawn_at = now
    session.flush()
    _note(session, report, history.QUESTION_WITHDRAWN, {"question": question.id}, actor, now)


def _require_asked_of(report: ProgressReport, question: Question) -> None:
    if question.report_id != report.id:
        raise ValueError("a question of another report")


def _note(
    session: Session, report: ProgressReport, action: str, details: dict[str, object], actor: Actor, now: datetime
) -> HistoryEntry:
    """An entry of the file and of the audit trail. The words stand with the question alone."""
    entry = HistoryEntry(
        commitment_id=report.commitment_id,
        report_id=report.id,
        party_id=report.party_id,
        at=now,
        action=action,
        actor_id=actor.user_id,
        actor_role=actor.role.value,
        visibility=Visibility.FILE,
        details=details,
    )
    session.add(entry)
    audit.record(
        session,
        f"question.{action.removeprefix('question_')}",
        now=now,
        actor=actor,
        party_id=report.party_id,
        internal=False,  # the party is told of it by mail
        about=("progress_report", report.id),
        new={"question": details["question"]},
    )
    session.flush()
    return entry
