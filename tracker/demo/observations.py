"""What the organisation of the demonstration observed: in every state, on States it is accredited for.

Written as rows, without mails and history: loading tells nobody anything about the past.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.demo.fates import ACCREDITED, dice
from tracker.demo.narratives import narratives
from tracker.demo.people import DOMAIN, ORGANISATION
from tracker.domain.vocabulary import SCALE, EvidenceKind, ObservationState, Rating
from tracker.models import (
    Assessment,
    Commitment,
    Evidence,
    Observation,
    ObservationEvidence,
    Organisation,
    ProgressReport,
    Provision,
    ReportingCycle,
    ReportingParty,
    User,
)

S = ObservationState
NEWEST_CYCLES = 2
PUBLISHED_IN_A_CYCLE = 4
"""Observations per State and cycle that stand beside a published rating."""
WAITING = (S.FILED, S.ACCEPTED, S.DRAFT, S.DECLINED, S.FILED, S.WITHDRAWN, S.ACCEPTED)
"""What became of those on reports of the open cycle without a published rating."""
VIEWS = (Rating.PARTIALLY, Rating.NOT, Rating.LARGELY, Rating.PARTIALLY, Rating.INSUFFICIENT)


def write(session: Session, *, now: datetime) -> int:
    """Make the observations; how many. The reports are there already."""
    organisation = session.scalars(sa.select(Organisation).where(Organisation.name == ORGANISATION)).one()
    people = {
        row.email.removesuffix(f"@{DOMAIN}"): row.id
        for row in session.execute(sa.select(User.id, User.email).where(User.is_demonstration))
    }
    made = 0
    for one in _planned(_reports(session), now):
        report, state, view, at = one
        made += 1
        texts = narratives(report.language)
        said = texts.said(dice("observation", report.party, report.code, str(report.cycle_id)), "observation")
        decided = state in (S.ACCEPTED, S.DECLINED)
        record = Observation(
            commitment_id=report.commitment_id,
            report_id=report.id,
            party_id=report.party_id,
            organisation_id=organisation.id,
            state=state,
            view=view,
            text=said,
            language=report.language,
            created_at=at - timedelta(days=3),
            edited_at=at,
            edited_by_id=people["observer"],
            filed_at=None if state is S.DRAFT else at,
            filed_by_id=None if state is S.DRAFT else people["observer"],
            moderated_at=at + timedelta(days=2) if decided else None,
            moderated_by_id=people["reviewer"] if decided else None,
            moderation_reason=narratives("en").said(dice("declined"), "decline") if state is S.DECLINED else "",
        )
        session.add(record)
        name = hashlib.sha256(f"{report.party}{report.code}{report.cycle_id}".encode()).hexdigest()[:32]
        piece = Evidence(
            public_id=name,
            organisation_id=organisation.id,
            kind=EvidenceKind.LINK,
            title=texts.evidence(dice("observed", report.party, report.code), 1)[0],
            url=f"https://organisation.{DOMAIN}/{report.party.lower()}/{report.code.lower()}",
            language=report.language,
            created_at=at - timedelta(days=3),
            created_by_id=people["observer"],
        )
        record.attached.append(ObservationEvidence(evidence=piece, is_public=True))
    session.flush()
    return made


def _reports(session: Session) -> Sequence[Any]:
    newest = sa.select(ReportingCycle.id).order_by(ReportingCycle.opens_on.desc()).limit(NEWEST_CYCLES)
    return session.execute(
        sa.select(
            ProgressReport.id,
            ProgressReport.commitment_id,
            ProgressReport.party_id,
            ProgressReport.cycle_id,
            ReportingCycle.opened_at,
            ReportingCycle.closes_on,
            ReportingParty.code.label("party"),
            ReportingParty.language,
            Provision.code,
            Assessment.rating,
            Assessment.published_at,
        )
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .join(ReportingParty, ReportingParty.id == ProgressReport.party_id)
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .outerjoin(Assessment, Assessment.id == ProgressReport.published_assessment_id)
        .where(ReportingParty.code.in_(ACCREDITED), ReportingCycle.id.in_(newest.scalar_subquery()))
        .order_by(ReportingParty.code, ReportingCycle.opens_on, Provision.position)
    ).all()


def _planned(reports: Sequence[Any], now: datetime) -> Iterator[tuple[Any, ObservationState, Rating, datetime]]:
    """Which reports are observed, what became of each, the organisation's view, and when it was filed."""
    published: dict[tuple[str, int], int] = {}
    waiting: dict[str, int] = {}
    for number, report in enumerate(reports):
        view = VIEWS[number % len(VIEWS)]
        agreed = report.rating if report.rating in (*SCALE, Rating.INSUFFICIENT) else view
        if report.published_at is not None:
            key = (report.party, report.cycle_id)
            published[key] = published.get(key, 0) + 1
            at = max(report.opened_at + timedelta(days=1), report.published_at - timedelta(days=12))
            if published[key] <= PUBLISHED_IN_A_CYCLE and at + timedelta(days=2) < report.published_at:
                yield report, S.ACCEPTED, agreed if number % 3 == 0 else view, at
        elif report.closes_on >= now.date():
            waiting[report.party] = waiting.get(report.party, 0) + 1
            if waiting[report.party] <= len(WAITING):
                state = WAITING[waiting[report.party] - 1]
                yield report, state, view, now - timedelta(days=4, hours=3 * number % 40)
