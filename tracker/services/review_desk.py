"""What lies on a reviewer's desk: the newest submission and all that helps to judge it. Never the draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from tracker.domain.deadlines import last_day
from tracker.domain.vocabulary import Rating
from tracker.models import (
    Assessment,
    Element,
    ProgressReport,
    ReportingCycle,
    ReportRevision,
    User,
)
from tracker.services.report_content import Evidence, ReportContent

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
    content: ReportContent


@dataclass(frozen=True)
class Earlier:
    """What was published about the same commitment in the cycle before."""

    cycle: dict[str, str]
    report_id: int
    assessment: Assessment
    content: ReportContent


@dataclass(frozen=True)
class Desk:
    parts: list[Part]
    submission: Submission | None
    assessments: list[sa.Row]
    """Newest first: ``Assessment``, ``proposer``, ``confirmer`` (names), ``revision_number``."""
    earlier: Earlier | None
    reviewer: str | None
    comment_until: date | None


def desk(session: Session, report: ProgressReport) -> Desk:
    """Everything the page of one review shows beside the report itself; a constant number of queries."""
    submission = _submission(session, report)
    earlier = _earlier(session, report)
    return Desk(
        parts=_parts(session, report, submission, earlier),
        submission=submission,
        assessments=_assessments(session, report),
        earlier=earlier,
        reviewer=_name(session, report.reviewer_id),
        comment_until=(
            last_day(report.window_ends_at, report.commitment.party.time_zone) if report.window_ends_at else None
        ),
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
    row = session.execute(
        sa.select(ReportRevision, User.name)
        .outerjoin(User, User.id == ReportRevision.submitted_by_id)
        .where(
            ReportRevision.report_id == report.id,
            ReportRevision.number <= report.revision_number - int(recalled),
        )
        .order_by(ReportRevision.number.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    revision, name = row
    return Submission(
        number=revision.number,
        submitted_at=revision.submitted_at,
        submitted_by=name,
        self_assessment=revision.self_assessment,
        content=ReportContent.from_json(revision.content),
    )


def _earlier(session: Session, report: ProgressReport) -> Earlier | None:
    row = session.execute(
        sa.select(ProgressReport.id, ReportingCycle.title, Assessment, ReportRevision.content)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .join(Assessment, Assessment.id == ProgressReport.published_assessment_id)
        .join(ReportRevision, ReportRevision.id == Assessment.revision_id)
        .where(
            ProgressReport.commitment_id == report.commitment_id,
            ReportingCycle.period_start < report.cycle.period_start,
        )
        .order_by(ReportingCycle.period_start.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    report_id, title, assessment, content = row
    return Earlier(title, report_id, assessment, ReportContent.from_json(content))


def _parts(
    session: Session, report: ProgressReport, submission: Submission | None, earlier: Earlier | None
) -> list[Part]:
    kind = report.commitment.party.kind.value
    given = {a.element: a for a in submission.content.answers} if submission else {}
    before = {a.element: a.narrative for a in earlier.content.answers} if earlier else {}
    rows = session.execute(
        sa.select(Element.code, Element.label, Element.fragment, Element.is_whole, Element.addressees)
        .where(Element.provision_id == report.commitment.provision_id)
        .order_by(Element.position)
    )
    found = []
    for code, label, fragment, is_whole, addressees in rows:
        if kind not in addressees:
            continue
        answer = given.get(code)
        found.append(
            Part(
                code=code,
                label=label,
                fragment=fragment,
                is_whole=is_whole,
                self_assessment=answer.self_assessment if answer else None,
                narrative=answer.narrative if answer else "",
                before=before.get(code, ""),
            )
        )
    return found


def _assessments(session: Session, report: ProgressReport) -> list[sa.Row]:
    proposer, confirmer = aliased(User), aliased(User)
    return list(
        session.execute(
            sa.select(
                Assessment,
                proposer.name.label("proposer"),
                confirmer.name.label("confirmer"),
                ReportRevision.number.label("revision_number"),
            )
            .join(ReportRevision, ReportRevision.id == Assessment.revision_id)
            .outerjoin(proposer, proposer.id == Assessment.proposed_by_id)
            .outerjoin(confirmer, confirmer.id == Assessment.confirmed_by_id)
            .where(Assessment.report_id == report.id)
            .order_by(Assessment.number.desc())
        )
    )


def _name(session: Session, user_id: int | None) -> str | None:
    return session.scalar(sa.select(User.name).where(User.id == user_id)) if user_id else None
