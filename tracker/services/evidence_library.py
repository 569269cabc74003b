"""What the pages of evidence show: the library with where each piece is used, one piece, what a report has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.policy import Actor
from tracker.domain.vocabulary import FileState
from tracker.models import (
    Commitment,
    Evidence,
    EvidenceVersion,
    Organisation,
    ProgressReport,
    Provision,
    ReportEvidence,
    ReportingCycle,
    ReportingParty,
    ReportRevision,
    RevisionEvidence,
    User,
)
from tracker.services.evidence_access import Reach, listed
from tracker.services.plain_rows import rows as plain

PAGE = 50
MOST_USES = 200
"""Reports named on the page of one piece."""


@dataclass(frozen=True)
class Use:
    """A report that names the piece: as a draft, or in a submission (then with the version it named)."""

    report_id: int
    commitment_id: int
    code: str
    title: dict[str, str]
    cycle_title: dict[str, str]
    draft: bool
    revision: int
    number: int
    is_public: bool
    """As it was submitted; of a draft True."""


@dataclass(frozen=True)
class Version:
    """One version of a file, as its page shows it."""

    number: int
    file_name: str
    media_type: str
    size: int
    sha256: str
    state: FileState
    scan: str
    problem: str
    findings: list[list[str]]
    explanation: str
    uploaded_at: datetime
    uploaded_by: str
    purged_at: datetime | None
    purge_reason: str


_NEWEST = (
    sa.select(EvidenceVersion.evidence_id, sa.func.max(EvidenceVersion.number).label("number"))
    .group_by(EvidenceVersion.evidence_id)
    .subquery()
)


def _listing() -> sa.Select:
    return (
        sa.select(
            Evidence.id,
            Evidence.public_id,
            Evidence.kind,
            Evidence.title,
            Evidence.url,
            Evidence.language,
            Evidence.speaks_of,
            Evidence.is_public,
            Evidence.created_at,
            EvidenceVersion.number,
            EvidenceVersion.file_name,
            EvidenceVersion.media_type,
            EvidenceVersion.size,
            EvidenceVersion.state,
            EvidenceVersion.problem,
            EvidenceVersion.scan,
            EvidenceVersion.findings,
        )
        .outerjoin(_NEWEST, _NEWEST.c.evidence_id == Evidence.id)
        .outerjoin(
            EvidenceVersion,
            sa.and_(EvidenceVersion.evidence_id == Evidence.id, EvidenceVersion.number == _NEWEST.c.number),
        )
    )


def library(session: Session, actor: Actor, *, words: str = "", number: int = 1) -> tuple[list[sa.Row[Any]], int]:
    """One page of the pieces this person may see, the newest first, each with its newest version; how many in all."""
    conditions = _sought(actor, words)
    total = session.scalar(sa.select(sa.func.count()).select_from(Evidence).where(*conditions)) or 0
    rows = session.execute(
        _listing()
        .add_columns(ReportingParty.name.label("party_name"), Organisation.name.label("organisation"))
        .outerjoin(ReportingParty, ReportingParty.id == Evidence.party_id)
        .outerjoin(Organisation, Organisation.id == Evidence.organisation_id)
        .where(*conditions)
        .order_by(Evidence.id.desc())
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    )
    return list(rows), total


def choosable(session: Session, actor: Actor, report: ProgressReport, *, words: str = "") -> list[sa.Row[Any]]:
    """The party's pieces that are not yet attached to this report; the newest ``PAGE`` of them."""
    beside = sa.and_(ReportEvidence.report_id == report.id, ReportEvidence.evidence_id == Evidence.id)
    attached = sa.exists().where(beside).correlate(Evidence)
    rows = session.execute(
        _listing()
        .where(*_sought(actor, words), Evidence.party_id == report.party_id, ~attached)
        .order_by(Evidence.id.desc())
        .limit(PAGE)
    )
    return list(rows)


def _sought(actor: Actor, words: str) -> list[sa.ColumnElement[bool]]:
    return [listed(actor), *(Evidence.title.icontains(word, autoescape=True) for word in words.split()[:10])]


_ATTACHED = (
    _listing()
    .join(ReportEvidence, ReportEvidence.evidence_id == Evidence.id)
    .where(ReportEvidence.report_id == sa.bindparam("report"))
    .order_by(ReportEvidence.id)
)


def of_report(session: Session, report_id: int) -> list[sa.Row[Any]]:
    """What is attached to the draft of a report, each with its newest version. For people of the party only."""
    return list(plain(session, _ATTACHED, {"report": report_id}))


_OF_REPORTS = (
    _listing()
    .add_columns(ReportEvidence.report_id)
    .join(ReportEvidence, ReportEvidence.evidence_id == Evidence.id)
    .where(ReportEvidence.report_id.in_(sa.bindparam("reports", expanding=True)))
    .order_by(ReportEvidence.id)
)


def of_reports(session: Session, report_ids: Iterable[int]) -> list[sa.Row[Any]]:
    """``of_report`` for many drafts at once, each row with its ``report_id``. One query."""
    return list(plain(session, _OF_REPORTS, {"reports": list(report_ids)}))


def uses(session: Session, found: Iterable[int], actor: Actor) -> dict[int, list[Use]]:
    """Where each piece is used, by its id. Drafts are told to the own party only, and submissions to who reads them.

    Two queries, whatever the number of pieces.
    """
    ids = list(found)
    listed_uses: dict[int, list[Use]] = {one: [] for one in ids}
    if not ids:
        return listed_uses
    told = _about_the_report().where(
        RevisionEvidence.evidence_id.in_(ids), ProgressReport.revision_number == ReportRevision.number
    )
    drafts = _about_the_draft().where(ReportEvidence.evidence_id.in_(ids))
    if not actor.is_staff:
        told = told.where(ProgressReport.party_id == actor.party_id)
        drafts = drafts.where(ProgressReport.party_id == actor.party_id)
    submitted: set[tuple[int, int]] = set()
    for row in session.execute(told.limit(MOST_USES * len(ids))):
        submitted.add((row.evidence_id, row.report_id))
        listed_uses[row.evidence_id].append(_use(row, draft=False))
    if not actor.is_staff:
        for row in session.execute(drafts.limit(MOST_USES * len(ids))):
            if (row.evidence_id, row.report_id) not in submitted:
                listed_uses[row.evidence_id].append(_use(row, draft=True))
    return listed_uses


def _use(row: sa.Row[Any], *, draft: bool) -> Use:
    return Use(
        row.report_id,
        row.commitment_id,
        row.code,
        row.title,
        row.cycle_title,
        draft,
        0 if draft else row.revision,
        0 if draft else row.number,
        draft or row.is_public,
    )


_OF_THE_REPORT = (
    ProgressReport.id.label("report_id"),
    ProgressReport.commitment_id,
    Provision.code,
    Provision.title,
    ReportingCycle.title.label("cycle_title"),
)


def _about_the_report() -> sa.Select:
    return (
        sa.select(
            RevisionEvidence.evidence_id,
            RevisionEvidence.number,
            RevisionEvidence.is_public,
            ReportRevision.number.label("revision"),
            *_OF_THE_REPORT,
        )
        .join(ReportRevision, ReportRevision.id == RevisionEvidence.revision_id)
        .join(ProgressReport, ProgressReport.id == ReportRevision.report_id)
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .order_by(ProgressReport.opens_on.desc(), Provision.code)
    )


def _about_the_draft() -> sa.Select:
    return (
        sa.select(ReportEvidence.evidence_id, *_OF_THE_REPORT)
        .join(ProgressReport, ProgressReport.id == ReportEvidence.report_id)
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .order_by(ProgressReport.opens_on.desc(), Provision.code)
    )


def versions(session: Session, found: Evidence, within: Reach, *, own: bool) -> list[Version]:
    """The versions of a piece that this person may read, the newest first. ``own``: also who sent them."""
    rows = session.execute(
        sa.select(EvidenceVersion, User.name.label("uploader"))
        .join(User, User.id == EvidenceVersion.uploaded_by_id)
        .where(EvidenceVersion.evidence_id == found.id)
        .order_by(EvidenceVersion.number.desc())
    )
    return [
        Version(
            number=v.number,
            file_name=v.file_name,
            media_type=v.media_type,
            size=v.size,
            sha256=v.sha256,
            state=v.state,
            scan=v.scan,
            problem=v.problem,
            findings=v.findings,
            explanation=v.explanation,
            uploaded_at=v.uploaded_at,
            uploaded_by=uploader if own else "",
            purged_at=v.purged_at,
            purge_reason=v.purge_reason,
        )
        for v, uploader in rows
        if within.takes_in(v.number)
    ]


def of_revision(session: Session, revision_id: int) -> list[sa.Row[Any]]:
    """The files that a submission names, each with what the check found: for the review desk."""
    return list(plain(session, _OF_REVISION, {"revision": revision_id}))


_OF_REVISION = (
    sa.select(
        Evidence.public_id,
        Evidence.kind,
        Evidence.title,
        Evidence.url,
        Evidence.language,
        Evidence.speaks_of,
        Evidence.is_public,
        Evidence.explanation.label("name_explanation"),
        EvidenceVersion.number,
        EvidenceVersion.file_name,
        EvidenceVersion.media_type,
        EvidenceVersion.size,
        EvidenceVersion.sha256,
        EvidenceVersion.state,
        EvidenceVersion.scan,
        EvidenceVersion.problem,
        EvidenceVersion.findings,
        EvidenceVersion.explanation,
    )
    .select_from(RevisionEvidence)
    .join(Evidence, Evidence.id == RevisionEvidence.evidence_id)
    .outerjoin(
        EvidenceVersion,
        sa.and_(
            EvidenceVersion.evidence_id == RevisionEvidence.evidence_id,
            EvidenceVersion.number == RevisionEvidence.number,
        ),
    )
    .where(RevisionEvidence.revision_id == sa.bindparam("revision"))
    .order_by(RevisionEvidence.id)
)
