"""All that waits for the national approver: one page, one decision, for many reports at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.errors import NotPermitted
from tracker.domain.policy import Actor, Permission
from tracker.domain.vocabulary import Rating, ReportState, Role
from tracker.models import (
    BudgetLine,
    Commitment,
    Element,
    ElementAnswer,
    EvidenceLink,
    Indicator,
    IndicatorValue,
    ProgressReport,
    Provision,
    ReportingCycle,
    ReportingParty,
    User,
)
from tracker.services import evidence_library
from tracker.services.measured import Measured, of_row
from tracker.services.report_content import Budget, Evidence, IndicatorAnswer

MOST = 200
"""Reports on the page; a State owes some 15 a cycle."""


@dataclass
class Waiting:
    """One report that waits, with all it says."""

    report_id: int
    version: int
    code: str
    title: dict[str, str]
    cycle_title: dict[str, str]
    due_on: date
    self_assessment: Rating | None
    summary: str
    privacy_explanation: str
    editor: str | None
    answers: list[tuple[str, dict[str, str], Rating | None, str]]
    """(element, its label, self-assessment, narrative) in the catalogue's order."""
    evidence: list[Evidence]
    attached: list[sa.Row[Any]]
    """Files and links of the library (``services.evidence_library``), each with its newest version."""
    obstacles: str
    help_needed: str
    nothing_changed: bool
    measured: list[Measured]
    """The provision's indicators."""
    indicators: list[IndicatorAnswer]
    budget: list[Budget]


def require_approver(session: Session, actor: Actor) -> None:
    """Raises NotPermitted for whoever never approves: one query at most."""
    if actor.role is Role.APPROVER:
        return
    if actor.role is Role.FOCAL_POINT:
        required = session.scalar(
            sa.select(ReportingParty.approval_required).where(ReportingParty.id == actor.party_id)
        )
        if required is False:
            return
    raise NotPermitted(Permission.REPORT_APPROVE)


def waiting(session: Session, actor: Actor) -> list[Waiting]:
    """The reports of the approver's own State that wait, by due date. Eight queries at most. Raises NotPermitted."""
    require_approver(session, actor)
    rows = session.execute(
        sa.select(
            ProgressReport.id,
            ProgressReport.version,
            ProgressReport.due_on,
            ProgressReport.self_assessment,
            ProgressReport.summary,
            ProgressReport.privacy_explanation,
            ProgressReport.obstacles,
            ProgressReport.help_needed,
            ProgressReport.nothing_changed,
            Provision.id.label("provision_id"),
            Provision.code,
            Provision.title,
            ReportingCycle.title.label("cycle_title"),
            User.name.label("editor"),
        )
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .outerjoin(User, User.id == ProgressReport.edited_by_id)
        .where(
            ProgressReport.party_id == actor.party_id,
            ProgressReport.state == ReportState.AWAITING_APPROVAL,
            Commitment.is_followed,
        )
        .order_by(ProgressReport.due_on, Provision.position, ProgressReport.id)
        .limit(MOST)
    ).all()
    found = {
        r.id: Waiting(
            report_id=r.id,
            version=r.version,
            code=r.code,
            title=r.title,
            cycle_title=r.cycle_title,
            due_on=r.due_on,
            self_assessment=r.self_assessment,
            summary=r.summary,
            privacy_explanation=r.privacy_explanation,
            editor=r.editor,
            answers=[],
            evidence=[],
            attached=[],
            obstacles=r.obstacles,
            help_needed=r.help_needed,
            nothing_changed=r.nothing_changed,
            measured=[],
            indicators=[],
            budget=[],
        )
        for r in rows
    }
    if not found:
        return []
    for answer in session.execute(
        sa.select(
            ElementAnswer.report_id,
            Element.code,
            Element.label,
            ElementAnswer.self_assessment,
            ElementAnswer.narrative,
        )
        .join(Element, Element.id == ElementAnswer.element_id)
        .where(ElementAnswer.report_id.in_(found))
        .order_by(Element.position)
    ):
        found[answer.report_id].answers.append((answer.code, answer.label, answer.self_assessment, answer.narrative))
    for link in session.execute(
        sa.select(
            EvidenceLink.report_id,
            EvidenceLink.title,
            EvidenceLink.url,
            EvidenceLink.speaks_of,
            EvidenceLink.is_public,
            EvidenceLink.language,
        )
        .where(EvidenceLink.report_id.in_(found))
        .order_by(EvidenceLink.position)
    ):
        found[link.report_id].evidence.append(Evidence(*link[1:]))
    for piece in evidence_library.of_reports(session, found):
        found[piece.report_id].attached.append(piece)
    _figures(session, found, {r.id: r.provision_id for r in rows})
    return list(found.values())


def _figures(session: Session, found: dict[int, Waiting], provisions: dict[int, int]) -> None:
    """What each report says in figures and money. Three queries, whatever their number."""
    indicators = session.scalars(
        sa.select(Indicator).where(Indicator.provision_id.in_(provisions.values())).order_by(Indicator.position)
    ).all()
    for report_id, provision_id in provisions.items():
        found[report_id].measured = [of_row(one) for one in indicators if one.provision_id == provision_id]
    codes = {one.id: one.code for one in indicators}
    values: Iterable[Any] = session.execute(
        sa.select(
            IndicatorValue.report_id,
            IndicatorValue.indicator_id,
            IndicatorValue.value,
            IndicatorValue.currency,
            IndicatorValue.not_available,
            IndicatorValue.axis,
            IndicatorValue.category,
            IndicatorValue.period_start,
            IndicatorValue.period_end,
            IndicatorValue.note,
        )
        .where(IndicatorValue.report_id.in_(found))
        .order_by(IndicatorValue.position)
    )
    for value in values:
        found[value.report_id].indicators.append(IndicatorAnswer(codes[value.indicator_id], *value[2:]))
    for line in session.execute(
        sa.select(
            BudgetLine.report_id,
            BudgetLine.purpose,
            BudgetLine.stage,
            BudgetLine.amount,
            BudgetLine.currency,
            BudgetLine.fiscal_year,
            BudgetLine.note,
        )
        .where(BudgetLine.report_id.in_(found))
        .order_by(BudgetLine.position)
    ):
        found[line.report_id].budget.append(Budget(*line[1:]))
