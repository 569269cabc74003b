"""Two states of a report side by side: revisions, the draft, and what was said in the cycle before.

Who may compare what is who may read what: people of the party its revisions and the draft; the Secretariat what lies
before it, never the draft and never what was taken back before anybody reviewed it; everybody else what is published.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.assignments import parts_of
from tracker.domain.errors import NotVisible
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.vocabulary import Role
from tracker.domain.workflow import Action
from tracker.models import (
    Assessment,
    Element,
    HistoryEntry,
    ProgressReport,
    ReportingCycle,
    ReportRevision,
)
from tracker.services import records
from tracker.services.evidence_access import as_it_stands
from tracker.services.measured import Measured, measured
from tracker.services.plain_rows import rows as plain
from tracker.services.report_content import ReportContent, of_draft

DRAFT, LAST = "draft", "last"
"""Names of what is no revision of this report: what stands in the form, and what was said in the cycle before."""


class Sight(StrEnum):
    """How much of a report somebody compares."""

    PARTY = "party"
    STAFF = "staff"
    PUBLIC = "public"


@dataclass(frozen=True)
class Version:
    """One state of a report that this reader may read."""

    key: str
    """``draft``, ``last`` or the number of a revision of this report."""
    number: int
    cycle: dict[str, str]
    submitted_at: datetime | None


@dataclass(frozen=True)
class Named:
    """An element."""

    code: str
    label: dict[str, str]
    is_whole: bool


@dataclass(frozen=True)
class Comparison:
    """``left`` is the earlier side. Contents hold nothing that this reader may not read."""

    versions: list[Version]
    """Everything that may be chosen, earliest first."""
    left: Version | None
    right: Version | None
    before: ReportContent | None
    after: ReportContent | None
    elements: list[Named]
    indicators: list[Measured]
    sight: Sight


def sight_of(report: ProgressReport, actor: Actor | None, *, now: datetime) -> Sight:
    """From where this person reads; who has no right of his or her own reads what is published."""
    subject = records.subject_of(report, now=now)
    if can(actor, Permission.REPORT_VIEW_DRAFT, subject):
        return Sight.PARTY
    return Sight.STAFF if actor is not None and actor.is_staff else Sight.PUBLIC


def comparison(
    session: Session, report: ProgressReport, actor: Actor | None, *, left: str, right: str, now: datetime
) -> Comparison:
    """The two sides asked for by key; empty keys stand for the newest and what came before it.

    Raises NotVisible where there is nothing this reader may read, or a key names nothing of it.
    """
    sight = sight_of(report, actor, now=now)
    found = _versions(session, report, sight)
    if not found:
        raise NotVisible
    versions = [version for version, _content in found]
    known = [version.key for version in versions]
    if len(versions) < 2:
        if left or right:
            raise NotVisible
        return Comparison(versions, None, None, None, None, [], [], sight)
    right = right or known[-1]
    if right not in known:
        raise NotVisible
    left = left or known[max(known.index(right) - 1, 0)]
    if left not in known:
        raise NotVisible
    elements, indicators, parts = _words(session, report, actor)
    contents = as_it_stands(session, *(found[known.index(key)][1] for key in (left, right)))
    sides = [_readable(content, sight, parts) for content in contents]
    return Comparison(
        versions,
        versions[known.index(left)],
        versions[known.index(right)],
        sides[0],
        sides[1],
        [one for one in elements if parts is None or one.code in parts],
        indicators,
        sight,
    )


def _versions(session: Session, report: ProgressReport, sight: Sight) -> list[tuple[Version, ReportContent]]:
    """Everything this reader may choose from, earliest first."""
    values = {"report": report.id, "commitment": report.commitment_id, "before": report.opens_on}
    found = []
    last = plain(session, _last(sight is Sight.PUBLIC), values).one_or_none()
    if last is not None:
        found.append((Version(LAST, last.number, last.title, last.submitted_at), _content(last.content)))
    if sight is Sight.PUBLIC:
        revisions = list(plain(session, _published(), values))
    else:
        revisions = list(plain(session, _revisions(), values))
    hidden = _taken_back(session, report) if sight is Sight.STAFF else frozenset()
    title = report.cycle.title
    for row in revisions:
        if row.number not in hidden:
            version = Version(str(row.number), row.number, title, row.submitted_at)
            found.append((version, _content(row.content)))
    if sight is Sight.PARTY:
        draft = of_draft(report)
        if report.started_at is not None and (not revisions or draft.to_json() != revisions[-1].content):
            found.append((Version(DRAFT, 0, title, None), draft))
    if sight is Sight.PUBLIC and not revisions:
        return []
    return found


def _content(plain_content: dict[str, Any]) -> ReportContent:
    return ReportContent.from_json(plain_content)


@cache
def _revisions() -> sa.Select:
    return (
        sa.select(ReportRevision.number, ReportRevision.submitted_at, ReportRevision.content)
        .where(ReportRevision.report_id == sa.bindparam("report"))
        .order_by(ReportRevision.number)
    )


@cache
def _published() -> sa.Select:
    return (
        sa.select(ReportRevision.number, ReportRevision.submitted_at, ReportRevision.content)
        .join(Assessment, Assessment.revision_id == ReportRevision.id)
        .join(ProgressReport, ProgressReport.published_assessment_id == Assessment.id)
        .where(ProgressReport.id == sa.bindparam("report"))
    )


@cache
def _last(published_only: bool) -> sa.Select:
    """The nearest earlier cycle in which something was published, else submitted."""
    given = ReportRevision.id == Assessment.revision_id
    if not published_only:
        newest = sa.and_(
            Assessment.id.is_(None),
            ProgressReport.submitted_at.is_not(None),
            ReportRevision.report_id == ProgressReport.id,
            ReportRevision.number == ProgressReport.revision_number,
        )
        given = sa.or_(given, newest)
    return (
        sa.select(
            ReportingCycle.title,
            ReportRevision.number,
            ReportRevision.submitted_at,
            ReportRevision.content,
        )
        .select_from(ProgressReport)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .outerjoin(Assessment, Assessment.id == ProgressReport.published_assessment_id)
        .join(ReportRevision, sa.and_(ReportRevision.report_id == ProgressReport.id, given))
        .where(
            ProgressReport.commitment_id == sa.bindparam("commitment"),
            ProgressReport.opens_on < sa.bindparam("before", type_=sa.Date),
        )
        .order_by(ProgressReport.opens_on.desc())
        .limit(1)
    )


def _taken_back(session: Session, report: ProgressReport) -> frozenset[int]:
    """Numbers of the revisions that the State took back before anybody reviewed them."""
    found = set()
    submitted = 0
    for row in plain(session, _submissions(), {"report": report.id}):
        if row.action == Action.SUBMIT:
            submitted = int(row.details.get("revision", 0))
        else:
            found.add(submitted)
    return frozenset(found)


@cache
def _submissions() -> sa.Select:
    return (
        sa.select(HistoryEntry.action, HistoryEntry.details)
        .where(
            HistoryEntry.report_id == sa.bindparam("report"),
            HistoryEntry.action.in_([Action.SUBMIT.value, Action.RECALL.value]),
        )
        .order_by(HistoryEntry.id)
    )


def _words(
    session: Session, report: ProgressReport, actor: Actor | None
) -> tuple[list[Named], list[Measured], frozenset[str] | None]:
    """Elements and indicators by code, and the codes of the elements this reader is bound to (None: all)."""
    rows = plain(session, _elements(), {"provision": report.commitment.provision_id}).all()
    elements = [Named(row.code, row.label, row.is_whole) for row in rows]
    parts = None
    if actor is not None and actor.role is Role.CONTRIBUTOR and actor.party_id == report.party_id:
        mine = parts_of(report.commitment.assignments, actor.user_id)
        # Who was not asked at all reads, like everybody, what is published.
        if mine:
            parts = frozenset(row.code for row in rows if row.id in mine)
    return elements, measured(session, report.commitment.provision_id), parts


@cache
def _elements() -> sa.Select:
    return (
        sa.select(Element.id, Element.code, Element.label, Element.is_whole)
        .where(Element.provision_id == sa.bindparam("provision"))
        .order_by(Element.position)
    )


def _readable(content: ReportContent, sight: Sight, parts: frozenset[str] | None) -> ReportContent:
    """Without what this reader may not read."""
    if sight is Sight.PUBLIC:
        content = content.for_the_public()  # without figures: those about few persons have a public form elsewhere
    if parts is None:
        return content
    return ReportContent(answers=tuple(a for a in content.answers if a.element in parts))
