"""What the page of a progress report shows to its own party: the draft, what was asked, what was said before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.measures import is_asked_of
from tracker.domain.policy import Actor
from tracker.domain.vocabulary import ReportState
from tracker.domain.workflow import Action
from tracker.models import (
    BudgetLine,
    Element,
    ElementAnswer,
    EvidenceLink,
    HistoryEntry,
    Indicator,
    IndicatorValue,
    ProgressReport,
    User,
)
from tracker.services import previous, report_fields
from tracker.services.drafts import may_say_nothing_changed
from tracker.services.measured import Measured, measured
from tracker.services.plain_rows import rows as plain
from tracker.services.previous import Previous
from tracker.services.report_content import Answer, Budget, Evidence, IndicatorAnswer, ReportContent
from tracker.services.report_parts import elements_for


@dataclass(frozen=True)
class Asked:
    """One element that this party owes, and this person answers."""

    code: str
    label: dict[str, str]
    fragment: str
    """The exact words of the source."""
    is_whole: bool


@dataclass(frozen=True)
class Questions:
    """What the form of a report asks this person."""

    elements: tuple[Asked, ...]
    indicators: tuple[Measured, ...]
    """Also those that are computed: they are shown."""
    asks_budget: bool
    whole: bool
    """False for a contributor who was asked for single elements: nothing but these is asked or shown."""
    period: tuple[date, date]
    """What the cycle is about; an indicator's period where the person gives no other."""


@dataclass(frozen=True)
class Reason:
    """Why the report came back."""

    action: Action
    """``RETURN`` (the Secretariat) or ``REFUSE`` (the national approver)."""
    comment: str
    at: datetime


@dataclass(frozen=True)
class Draft:
    """The live draft with what stands beside it, as far as this person may read it."""

    questions: Questions
    content: ReportContent
    previous: Previous | None
    reason: Reason | None
    """While the report is returned."""
    unconfirmed: tuple[str, ...]
    """Fields carried over and not confirmed (``services.report_fields``)."""
    may_say_nothing_changed: bool

    @property
    def asked(self) -> tuple[Asked, ...]:
        return self.questions.elements


_ANSWERS = (
    sa.select(
        Element.code,
        Element.label,
        Element.fragment,
        Element.is_whole,
        Element.addressees,
        ElementAnswer.self_assessment,
        ElementAnswer.narrative,
    )
    .outerjoin(
        ElementAnswer,
        sa.and_(ElementAnswer.element_id == Element.id, ElementAnswer.report_id == sa.bindparam("report")),
    )
    .where(Element.provision_id == sa.bindparam("provision"))
    .order_by(Element.position)
)
_LINKS = (
    sa.select(
        EvidenceLink.title, EvidenceLink.url, EvidenceLink.speaks_of, EvidenceLink.is_public, EvidenceLink.language
    )
    .where(EvidenceLink.report_id == sa.bindparam("report"))
    .order_by(EvidenceLink.position)
)
_VALUES = (
    sa.select(
        Indicator.code,
        IndicatorValue.value,
        IndicatorValue.currency,
        IndicatorValue.not_available,
        IndicatorValue.axis,
        IndicatorValue.category,
        IndicatorValue.period_start,
        IndicatorValue.period_end,
        IndicatorValue.note,
    )
    .join(Indicator, Indicator.id == IndicatorValue.indicator_id)
    .where(IndicatorValue.report_id == sa.bindparam("report"))
    .order_by(IndicatorValue.position)
)
_BUDGET = (
    sa.select(
        BudgetLine.purpose,
        BudgetLine.stage,
        BudgetLine.amount,
        BudgetLine.currency,
        BudgetLine.fiscal_year,
        BudgetLine.note,
    )
    .where(BudgetLine.report_id == sa.bindparam("report"))
    .order_by(BudgetLine.position)
)


def questions(session: Session, report: ProgressReport, actor: Actor) -> Questions:
    """What the form asks this person. Two queries."""
    return _questions(session, report, elements_for(report, actor))[0]


def draft(session: Session, report: ProgressReport, actor: Actor) -> Draft:
    """The live draft, for people of the party only (``REPORT_VIEW_DRAFT``). Seven queries at most.

    Who was asked for single elements gets these, of this cycle and the one before, and nothing else.
    """
    mine = elements_for(report, actor)
    asked, answers = _questions(session, report, mine)
    content = _whole(session, report, answers) if asked.whole else ReportContent(answers)
    found = previous.before(session, report)
    if found and not asked.whole:
        found = replace(
            found,
            content=report_fields.limited(found.content, mine),
            to_carry=report_fields.limited(found.to_carry, mine),
        )
    return Draft(
        questions=asked,
        content=content,
        previous=found,
        reason=_reason(session, report) if report.state is ReportState.RETURNED else None,
        unconfirmed=tuple(n for n in report.unconfirmed if report_fields.says(content, n)),
        may_say_nothing_changed=asked.whole and may_say_nothing_changed(content, found),
    )


def _questions(
    session: Session, report: ProgressReport, mine: frozenset[str] | None
) -> tuple[Questions, tuple[Answer, ...]]:
    kind, provision, whole = report.commitment.party.kind, report.commitment.provision, mine is None
    values = {"report": report.id, "provision": provision.id}
    rows = [
        row
        for row in plain(session, _ANSWERS, values)
        if kind.value in row.addressees and (mine is None or row.code in mine)
    ]
    indicators = [i for i in measured(session, provision.id) if is_asked_of(i.code, kind)] if whole else []
    asked = Questions(
        elements=tuple(Asked(r.code, r.label, r.fragment, r.is_whole) for r in rows),
        indicators=tuple(indicators),
        asks_budget=whole and provision.asks_budget,
        whole=whole,
        period=(report.cycle.period_start, report.cycle.period_end),
    )
    return asked, tuple(Answer(r.code, r.self_assessment, r.narrative or "") for r in rows)


def _whole(session: Session, report: ProgressReport, answers: tuple[Answer, ...]) -> ReportContent:
    """The content beyond the answers, from plain rows: what ``report_content.of_draft`` makes of objects.

    Without evidence kept in versions, which has its own page part.
    """
    if report.started_at is None:
        return ReportContent(answers)
    values = {"report": report.id}
    lines = plain(session, _BUDGET, values) if report.commitment.provision.asks_budget else ()
    return ReportContent(
        answers=answers,
        summary=report.summary,
        evidence=tuple(Evidence(*row) for row in plain(session, _LINKS, values)),
        privacy_explanation=report.privacy_explanation,
        indicators=tuple(IndicatorAnswer(*row) for row in plain(session, _VALUES, values)),
        budget=tuple(Budget(*row) for row in lines),
        obstacles=report.obstacles,
        help_needed=report.help_needed,
        nothing_changed=report.nothing_changed,
    )


def _reason(session: Session, report: ProgressReport) -> Reason | None:
    row = session.execute(
        sa.select(HistoryEntry.action, HistoryEntry.comment, HistoryEntry.at)
        .where(
            HistoryEntry.report_id == report.id,
            HistoryEntry.action.in_([Action.RETURN.value, Action.REFUSE.value]),
        )
        .order_by(HistoryEntry.id.desc())
        .limit(1)
    ).one_or_none()
    return Reason(Action(row.action), row.comment, row.at) if row else None


def last_editor(session: Session, report: ProgressReport) -> str | None:
    """The name of who saved the draft last, for people of the same party."""
    if report.edited_by_id is None:
        return None
    return session.scalar(sa.select(User.name).where(User.id == report.edited_by_id))


def is_done_already(
    session: Session, report: ProgressReport, action: Action, actor: Actor, comment: str | None
) -> bool:
    """Whether this very step was this person's own last one on the report: a form that was sent twice."""
    row = session.execute(
        sa.select(HistoryEntry.action, HistoryEntry.actor_id, HistoryEntry.comment)
        .where(HistoryEntry.report_id == report.id)
        .order_by(HistoryEntry.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None or row.action != action or row.actor_id != actor.user_id:
        return False
    said = {row.comment, report.assessment.comment if report.assessment else ""}
    return comment is None or comment in said
