"""Writing the rows of many reports at once, in the order of their moments, a transaction per cycle."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.demo.lives import Life, Row
from tracker.models import (
    Assessment,
    BudgetLine,
    Element,
    ElementAnswer,
    EvidenceLink,
    HistoryEntry,
    Indicator,
    IndicatorValue,
    ProgressReport,
    ReportRevision,
)

VALUE = ("value", "currency", "not_available", "axis", "category", "period_start", "period_end", "note")


def write(session: Session, cycle_id: int, lives: list[tuple[sa.Row, Life]]) -> None:
    """Write what the lives of one cycle's reports came to."""
    begun = [(report, life) for report, life in lives if life.report["version"] > 1]
    if not begun:
        return
    _update(session, [{"b_id": report.id, **life.report} for report, life in begun])
    _contents(session, begun)
    revision_ids = _revisions(session, begun)
    assessments = [
        {**_without_revision(row), "report_id": report.id, "revision_id": revision_ids[report.id, row["revision"]]}
        for report, life in begun
        for row in life.assessments
    ]
    _insert(session, Assessment, sorted(assessments, key=lambda row: row["proposed_at"]))
    _point_to_assessments(session, cycle_id)
    history = [
        {
            **row,
            "report_id": report.id,
            "commitment_id": report.commitment_id,
            "party_id": report.party_id,
        }
        for report, life in begun
        for row in life.history
    ]
    _insert(session, HistoryEntry, sorted(history, key=lambda row: row["at"]))


def _update(session: Session, values: list[Row]) -> None:
    table = ProgressReport.__table__
    changed: dict[str, Any] = {name: sa.bindparam(name) for name in values[0] if name != "b_id"}
    statement = sa.update(ProgressReport).where(table.c.id == sa.bindparam("b_id")).values(changed)
    session.connection().execute(statement, values)


def _contents(session: Session, begun: list[tuple[sa.Row, Life]]) -> None:
    element_ids: dict[str, int] = {row.code: row.id for row in session.execute(sa.select(Element.code, Element.id))}
    indicator_ids: dict[str, int] = {
        row.code: row.id for row in session.execute(sa.select(Indicator.code, Indicator.id))
    }
    answers, evidence, values, lines = [], [], [], []
    for report, life in begun:
        if life.content is None:
            continue
        answers += [
            {
                "report_id": report.id,
                "element_id": element_ids[answer.element],
                "self_assessment": answer.self_assessment,
                "narrative": answer.narrative,
            }
            for answer in life.content.answers
        ]
        evidence += [
            {
                "report_id": report.id,
                "position": position,
                "title": item.title,
                "url": item.url,
                "speaks_of": item.speaks_of,
                "is_public": item.is_public,
            }
            for position, item in enumerate(life.content.evidence)
        ]
        values += [
            {
                "report_id": report.id,
                "position": position,
                "indicator_id": indicator_ids[value.indicator],
                **{name: getattr(value, name) for name in VALUE},
            }
            for position, value in enumerate(life.content.indicators)
        ]
        lines += [
            {"report_id": report.id, "position": position, **vars(line)}
            for position, line in enumerate(life.content.budget)
        ]
    _insert(session, ElementAnswer, answers)
    _insert(session, EvidenceLink, evidence)
    _insert(session, IndicatorValue, values)
    _insert(session, BudgetLine, lines)


def _revisions(session: Session, begun: list[tuple[sa.Row, Life]]) -> dict[tuple[int, int], int]:
    """Insert the revisions; their ids by (report id, number)."""
    values = sorted(
        ({**row, "report_id": report.id} for report, life in begun for row in life.revisions),
        key=lambda row: row["submitted_at"],
    )
    _insert(session, ReportRevision, values)
    found = session.execute(
        sa.select(ReportRevision.report_id, ReportRevision.number, ReportRevision.id).where(
            ReportRevision.report_id.in_(
                sa.select(ProgressReport.id).where(ProgressReport.cycle_id == begun[0][0].cycle_id)
            )
        )
    )
    return {(row.report_id, row.number): row.id for row in found}


def _point_to_assessments(session: Session, cycle_id: int) -> None:
    """A report names its newest assessment and its newest published one."""
    newest = (
        sa.select(Assessment.id)
        .where(Assessment.report_id == ProgressReport.id)
        .order_by(Assessment.number.desc())
        .limit(1)
    )
    session.execute(
        sa.update(ProgressReport)
        .where(ProgressReport.cycle_id == cycle_id)
        .values(
            assessment_id=newest.scalar_subquery(),
            published_assessment_id=newest.where(Assessment.published_at.is_not(None)).scalar_subquery(),
        )
        .execution_options(synchronize_session=False)
    )


def _without_revision(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "revision"}


def _insert(session: Session, model: Any, values: list[Row]) -> None:
    if values:
        session.connection().execute(sa.insert(model.__table__), values)
