"""What the page of a progress report shows to its own party: the draft, what was asked, what was said before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.policy import Actor
from tracker.domain.vocabulary import Rating, ReportState
from tracker.domain.workflow import Action
from tracker.models import (
    Assessment,
    Element,
    ElementAnswer,
    EvidenceLink,
    HistoryEntry,
    ProgressReport,
    ReportingCycle,
    ReportRevision,
    User,
)
from tracker.services.plain_rows import rows as plain
from tracker.services.report_content import Answer, Evidence, ReportContent


@dataclass(frozen=True)
class Asked:
    """One element that this party owes."""

    code: str
    label: dict[str, str]
    fragment: str
    """The exact words of the source."""
    is_whole: bool


@dataclass(frozen=True)
class Previous:
    """What was published about this commitment in an earlier cycle."""

    cycle_title: dict[str, str]
    rating: Rating
    content: ReportContent

    def narrative(self, element: str) -> str:
        return next((a.narrative for a in self.content.answers if a.element == element), "")


@dataclass(frozen=True)
class Reason:
    """Why the report came back."""

    action: Action
    """``RETURN`` (the Secretariat) or ``REFUSE`` (the national approver)."""
    comment: str
    at: datetime


@dataclass(frozen=True)
class Draft:
    """The live draft with what stands beside it."""

    asked: list[Asked]
    content: ReportContent
    previous: Previous | None
    reason: Reason | None
    """While the report is returned."""


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
    sa.select(EvidenceLink.title, EvidenceLink.url, EvidenceLink.speaks_of, EvidenceLink.is_public)
    .where(EvidenceLink.report_id == sa.bindparam("report"))
    .order_by(EvidenceLink.position)
)
_PREVIOUS = (
    sa.select(ReportingCycle.title, Assessment.rating, ReportRevision.content)
    .select_from(ProgressReport)
    .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
    .join(Assessment, Assessment.id == ProgressReport.published_assessment_id)
    .join(ReportRevision, ReportRevision.id == Assessment.revision_id)
    .where(
        ProgressReport.commitment_id == sa.bindparam("commitment"),
        ProgressReport.opens_on < sa.bindparam("before", type_=sa.Date),
    )
    .order_by(ProgressReport.opens_on.desc())
    .limit(1)
)


def draft(session: Session, report: ProgressReport) -> Draft:
    """The live draft, for people of the party only (``REPORT_VIEW_DRAFT``). Four queries at most."""
    kind = report.commitment.party.kind
    values = {"report": report.id, "provision": report.commitment.provision_id}
    rows = [row for row in plain(session, _ANSWERS, values) if kind.value in row.addressees]
    links = plain(session, _LINKS, {"report": report.id})
    return Draft(
        asked=[Asked(r.code, r.label, r.fragment, r.is_whole) for r in rows],
        content=ReportContent(
            answers=tuple(Answer(r.code, r.self_assessment, r.narrative or "") for r in rows),
            summary=report.summary,
            evidence=tuple(Evidence(r.title, r.url, r.speaks_of, r.is_public) for r in links),
            privacy_explanation=report.privacy_explanation,
        ),
        previous=_previous(session, report),
        reason=_reason(session, report) if report.state is ReportState.RETURNED else None,
    )


def _previous(session: Session, report: ProgressReport) -> Previous | None:
    values = {"commitment": report.commitment_id, "before": report.opens_on}
    row = plain(session, _PREVIOUS, values).one_or_none()
    return Previous(row.title, row.rating, ReportContent.from_json(row.content)) if row else None


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
