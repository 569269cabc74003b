"""What lies on a reviewer's desk: the newest submission and all that helps to judge it. Never the draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from tracker.domain.deadlines import last_day
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.vocabulary import CommentOutcome, Rating, Strength
from tracker.models import (
    Assessment,
    Element,
    ProgressReport,
    ReportingCycle,
    ReportRevision,
    User,
)
from tracker.services import notes, questions, records
from tracker.services.evidence_access import as_it_stands
from tracker.services.measured import Measured, measured
from tracker.services.plain_rows import rows as plain
from tracker.services.report_content import Evidence, ReportContent
from tracker.services.review_measures import OverCycles, over_cycles

SCHEMES = frozenset({"http", "https"})


@dataclass(frozen=True)
class Part:
    """One element with what was answered, now and in the last cycle with a published rating."""

    code: str
    label: dict[str, str]
    fragment: str
    is_whole: bool
    self_assessment: Rating | None
    narrative: str
    before: str


@dataclass(frozen=True)
class Submission:
    """The revision that lies before the Secretariat."""

    number: int
    submitted_at: object
    submitted_by: str | None
    self_assessment: Rating | None
    reviewer: str | None
    """The name of who reviews it."""
    content: ReportContent


@dataclass(frozen=True)
class Earlier:
    """What was published about the same commitment in the cycle before."""

    cycle: dict[str, str]
    report_id: int
    rating: Rating
    strength: Strength
    reasons: str
    comment: str
    comment_outcome: CommentOutcome | None
    content: ReportContent


@dataclass(frozen=True)
class Desk:
    parts: list[Part]
    submission: Submission | None
    assessments: list[sa.Row]
    """Newest first: what the page shows of each, with ``proposer``, ``confirmer`` (names), ``revision_number``."""
    earlier: Earlier | None
    reviewer: str | None
    comment_until: date | None
    questions: list[questions.Line]
    withdrawable: set[int]
    """Ids of the questions that this person may take back."""
    notes: list[notes.Line]
    measures: OverCycles | None
    indicators: dict[str, Measured]


def desk(session: Session, report: ProgressReport, actor: Actor, *, now: datetime) -> Desk:
    """Everything the page of one review shows beside the report itself; a constant number of queries."""
    submission = _submission(session, report)
    earlier = _earlier(session, report)
    asked = questions.of_report(session, report, actor, now=now)
    may_ask = can(actor, Permission.QUESTION_ASK, records.subject_of(report, now=now))
    measures = over_cycles(session, report)
    return Desk(
        parts=_parts(session, report, submission, earlier),
        submission=submission,
        assessments=list(plain(session, _assessments(), {"report": report.id})),
        earlier=earlier,
        reviewer=submission.reviewer if submission else None,
        comment_until=(
            last_day(report.window_ends_at, report.commitment.party.time_zone) if report.window_ends_at else None
        ),
        questions=asked,
        withdrawable={
            line.id
            for line in asked
            if may_ask and line.is_open and actor.user_id in (line.asked_by_id, report.reviewer_id)
        },
        notes=notes.of_report(session, report, actor, now=now),
        measures=measures,
        indicators={one.code: one for one in measured(session, report.commitment.provision_id)} if measures else {},
    )


def safe_link(evidence: Evidence) -> str | None:
    """The address of a piece of evidence where it may be followed: a web address and nothing else."""
    try:
        parts = urlsplit(evidence.url)
    except ValueError:
        return None
    return evidence.url if parts.scheme.lower() in SCHEMES and parts.hostname else None


def _submission(session: Session, report: ProgressReport) -> Submission | None:
    """The newest submission; what the State recalled is its own again."""
    if report.first_submitted_at is None:
        return None
    recalled = report.submitted_at is None
    values = {
        "report": report.id,
        "newest": report.revision_number - int(recalled),
        "reviewer": report.reviewer_id or 0,
    }
    row = plain(session, _newest_revision(), values).one_or_none()
    if row is None:
        return None
    return Submission(
        number=row.number,
        submitted_at=row.submitted_at,
        submitted_by=row.name,
        self_assessment=row.self_assessment,
        reviewer=row.reviewer,
        content=as_it_stands(session, ReportContent.from_json(row.content))[0],
    )


# Statements are put together once per process: that costs more than asking the database.
@cache
def _newest_revision() -> sa.Select:
    reviewer = aliased(User)
    return (
        sa.select(
            ReportRevision.number,
            ReportRevision.submitted_at,
            ReportRevision.self_assessment,
            ReportRevision.content,
            User.name,
            reviewer.name.label("reviewer"),
        )
        .outerjoin(User, User.id == ReportRevision.submitted_by_id)
        .outerjoin(reviewer, reviewer.id == sa.bindparam("reviewer", type_=sa.Integer))
        .where(
            ReportRevision.report_id == sa.bindparam("report"),
            ReportRevision.number <= sa.bindparam("newest", type_=sa.Integer),
        )
        .order_by(ReportRevision.number.desc())
        .limit(1)
    )


def _earlier(session: Session, report: ProgressReport) -> Earlier | None:
    values = {"commitment": report.commitment_id, "before": report.opens_on}
    row = plain(session, _published_before(), values).one_or_none()
    if row is None:
        return None
    return Earlier(
        cycle=row.title,
        report_id=row.id,
        rating=row.rating,
        strength=row.strength,
        reasons=row.reasons,
        comment=row.comment,
        comment_outcome=row.comment_outcome,
        content=as_it_stands(session, ReportContent.from_json(row.content))[0],
    )


@cache
def _published_before() -> sa.Select:
    return (
        sa.select(
            ProgressReport.id,
            ReportingCycle.title,
            Assessment.rating,
            Assessment.strength,
            Assessment.reasons,
            Assessment.comment,
            Assessment.comment_outcome,
            ReportRevision.content,
        )
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .join(Assessment, Assessment.id == ProgressReport.published_assessment_id)
        .join(ReportRevision, ReportRevision.id == Assessment.revision_id)
        .where(
            ProgressReport.commitment_id == sa.bindparam("commitment"),
            ProgressReport.opens_on < sa.bindparam("before"),
        )
        .order_by(ProgressReport.opens_on.desc())
        .limit(1)
    )


def _parts(
    session: Session, report: ProgressReport, submission: Submission | None, earlier: Earlier | None
) -> list[Part]:
    kind = report.commitment.party.kind.value
    given = {a.element: a for a in submission.content.answers} if submission else {}
    before = {a.element: a.narrative for a in earlier.content.answers} if earlier else {}
    found = []
    for row in plain(session, _elements(), {"provision": report.commitment.provision_id}):
        if kind not in row.addressees:
            continue
        answer = given.get(row.code)
        found.append(
            Part(
                code=row.code,
                label=row.label,
                fragment=row.fragment,
                is_whole=row.is_whole,
                self_assessment=answer.self_assessment if answer else None,
                narrative=answer.narrative if answer else "",
                before=before.get(row.code, ""),
            )
        )
    return found


@cache
def _elements() -> sa.Select:
    return (
        sa.select(Element.code, Element.label, Element.fragment, Element.is_whole, Element.addressees)
        .where(Element.provision_id == sa.bindparam("provision"))
        .order_by(Element.position)
    )


@cache
def _assessments() -> sa.Select:
    proposer, confirmer = aliased(User), aliased(User)
    return (
        sa.select(
            Assessment.id,
            Assessment.rating,
            Assessment.strength,
            Assessment.reasons,
            Assessment.strength_reason,
            Assessment.element_ratings,
            Assessment.proposed_at,
            Assessment.confirmed_at,
            Assessment.comment,
            Assessment.comment_outcome,
            Assessment.published_at,
            proposer.name.label("proposer"),
            confirmer.name.label("confirmer"),
            ReportRevision.number.label("revision_number"),
        )
        .join(ReportRevision, ReportRevision.id == Assessment.revision_id)
        .outerjoin(proposer, proposer.id == Assessment.proposed_by_id)
        .outerjoin(confirmer, confirmer.id == Assessment.confirmed_by_id)
        .where(Assessment.report_id == sa.bindparam("report"))
        .order_by(Assessment.number.desc())
    )
