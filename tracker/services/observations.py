"""Observations as they are read: who may read which, the queue of those that wait, what an organisation filed.

A draft is its organisation's alone. The Secretariat reads what was filed; the State what was accepted, all its people
who may see the commitment; everybody what was accepted before a rating was published, beside that rating.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from tracker.domain.errors import NotVisible
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.vocabulary import EvidenceKind, ObservationState, Rating, Role
from tracker.models import (
    Assessment,
    Commitment,
    Evidence,
    Observation,
    ObservationEvidence,
    Organisation,
    ProgressReport,
)
from tracker.services.plain_rows import rows as plain
from tracker.services.records import LARGEST_ID, subject_of_commitment

READ_BY_STAFF = (ObservationState.FILED, ObservationState.ACCEPTED, ObservationState.DECLINED)


@dataclass(frozen=True)
class Piece:
    """A piece of evidence beside an observation."""

    public_id: str
    kind: EvidenceKind
    title: str
    url: str
    speaks_of: date | None
    number: int
    """Of the file's version; 0 for a link."""
    is_public: bool


@dataclass(frozen=True)
class Shown:
    """An observation as one reader may read it."""

    id: int
    organisation: str
    website: str
    view: Rating | None
    text: str
    language: str
    state: ObservationState
    is_public: bool
    """Stands beside a published rating."""
    filed_at: datetime | None
    moderated_at: datetime | None
    reason: str
    """Why it was declined; for the Secretariat and the organisation."""
    evidence: tuple[Piece, ...]


class Reader(StrEnum):
    """From where somebody reads."""

    STAFF = "staff"
    STATE = "state"
    ORGANISATION = "organisation"
    PUBLIC = "public"


def reader_of(actor: Actor | None) -> Reader:
    if actor is None:
        return Reader.PUBLIC
    if actor.is_staff:
        return Reader.STAFF
    if actor.role is Role.OBSERVER:
        return Reader.ORGANISATION if actor.organisation_id is not None else Reader.PUBLIC
    return Reader.STATE


def is_public() -> sa.ColumnElement[bool]:
    """The condition, for statements that join the report and its published ``Assessment``.

    Only what was accepted before the publication: the State could read it before it answered. What is accepted later
    waits for the next publication of a rating of the same report.
    """
    return sa.and_(
        Observation.state == ObservationState.ACCEPTED,
        Assessment.published_at.is_not(None),
        Observation.moderated_at <= Assessment.published_at,
    )


def readable(reader: Reader) -> sa.ColumnElement[bool]:
    """The condition for one reader; binds ``own_party`` and ``own_organisation`` where it needs them."""
    if reader is Reader.STAFF:
        return Observation.state.in_(READ_BY_STAFF)
    if reader is Reader.STATE:
        own = sa.and_(
            Observation.state == ObservationState.ACCEPTED,
            Observation.party_id == sa.bindparam("own_party", type_=sa.Integer),
        )
        return sa.or_(own, is_public())
    if reader is Reader.ORGANISATION:
        return sa.or_(Observation.organisation_id == sa.bindparam("own_organisation"), is_public())
    return is_public()


def values_of(actor: Actor | None) -> dict[str, Any]:
    """The values that ``readable`` binds."""
    reader = reader_of(actor)
    if reader is Reader.STATE and actor is not None:
        return {"own_party": actor.party_id}
    if reader is Reader.ORGANISATION and actor is not None:
        return {"own_organisation": actor.organisation_id}
    return {}


def for_report(session: Session, report_id: int, reader: Actor | None) -> list[Shown]:
    """The observations on one report that this reader may read (None: the public), by organisation. Two queries."""
    return for_reports(session, [report_id], reader).get(report_id, [])


def for_reports(session: Session, report_ids: Sequence[int], reader: Actor | None) -> dict[int, list[Shown]]:
    """The same for several reports, by report. Two queries however many there are; that the reader may see the
    commitments is asked elsewhere. Restricted evidence is shown to its organisation and to the Secretariat only.
    """
    if not report_ids:
        return {}
    found = plain(session, _of_reports(reader_of(reader)), {"reports": list(report_ids), **values_of(reader)}).all()
    pieces = _pieces(session, [row.id for row in found])
    shown: dict[int, list[Shown]] = {}
    for row in found:
        inside = reader is not None and (
            reader.is_staff or (reader.organisation_id is not None and reader.organisation_id == row.organisation_id)
        )
        shown.setdefault(row.report_id, []).append(
            Shown(
                id=row.id,
                organisation=row.name,
                website=row.website,
                view=row.view,
                text=row.text,
                language=row.language,
                state=row.state,
                is_public=bool(row.public),
                filed_at=row.filed_at,
                moderated_at=row.moderated_at,
                reason=row.moderation_reason if inside else "",
                evidence=tuple(p for p in pieces.get(row.id, ()) if inside or p.is_public),
            )
        )
    return shown


@cache
def _of_reports(reader: Reader) -> sa.Select:
    return (
        sa.select(
            Observation.id,
            Observation.report_id,
            Observation.organisation_id,
            Observation.view,
            Observation.text,
            Observation.language,
            Observation.state,
            Observation.filed_at,
            Observation.moderated_at,
            Observation.moderation_reason,
            Organisation.name,
            Organisation.website,
            is_public().label("public"),
        )
        .join(Organisation, Organisation.id == Observation.organisation_id)
        .join(ProgressReport, ProgressReport.id == Observation.report_id)
        .outerjoin(Assessment, Assessment.id == ProgressReport.published_assessment_id)
        .where(Observation.report_id.in_(sa.bindparam("reports", expanding=True)), readable(reader))
        .order_by(Observation.report_id, Organisation.name, Observation.id)
    )


_PIECES = (
    sa.select(
        ObservationEvidence.observation_id,
        ObservationEvidence.number,
        Evidence.public_id,
        Evidence.kind,
        Evidence.title,
        Evidence.url,
        Evidence.speaks_of,
        sa.and_(
            Evidence.is_public,
            sa.or_(ObservationEvidence.is_public, Observation.state == ObservationState.DRAFT),
        ).label("is_public"),
    )
    .join(Evidence, Evidence.id == ObservationEvidence.evidence_id)
    .join(Observation, Observation.id == ObservationEvidence.observation_id)
    .where(ObservationEvidence.observation_id.in_(sa.bindparam("observations", expanding=True)))
    .order_by(ObservationEvidence.id)
)


def _pieces(session: Session, observation_ids: list[int]) -> dict[int, list[Piece]]:
    found: dict[int, list[Piece]] = {}
    if not observation_ids:
        return found
    for row in plain(session, _PIECES, {"observations": observation_ids}):
        piece = Piece(row.public_id, row.kind, row.title, row.url, row.speaks_of, row.number, row.is_public)
        found.setdefault(row.observation_id, []).append(piece)
    return found


def views_on(
    session: Session, cycle_id: int, commitment_ids: Sequence[int], reader: Actor | None
) -> dict[int, tuple[Rating, ...]]:
    """The views of accepted observations that this reader knows of, by commitment: for columns of lists. One query."""
    within = Reader.STAFF if reader is not None and reader.is_staff else reader_of(reader)
    values = {"cycle": cycle_id, "commitments": list(commitment_ids), **values_of(reader)}
    found: dict[int, list[Rating]] = {}
    for row in plain(session, _views(within), values):
        views = found.setdefault(row.commitment_id, [])
        if row.view not in views:
            views.append(row.view)
    return {commitment_id: tuple(views) for commitment_id, views in found.items()}


@cache
def _views(reader: Reader) -> sa.Select:
    return (
        sa.select(Observation.commitment_id, Observation.view)
        .join(ProgressReport, ProgressReport.id == Observation.report_id)
        .outerjoin(Assessment, Assessment.id == ProgressReport.published_assessment_id)
        .where(
            ProgressReport.cycle_id == sa.bindparam("cycle"),
            Observation.commitment_id.in_(sa.bindparam("commitments", expanding=True)),
            Observation.state == ObservationState.ACCEPTED,
            readable(reader),
        )
        .order_by(Observation.id)
    )


def get(session: Session, observation_id: int, actor: Actor) -> tuple[Observation, Shown]:
    """One observation for who may read it before the public does. Raises NotVisible.

    An organisation reads its own also when its accreditation is over.
    """
    record = None
    if 0 < observation_id <= LARGEST_ID:
        record = session.scalar(
            sa.select(Observation)
            .where(Observation.id == observation_id)
            .options(
                joinedload(Observation.organisation),
                joinedload(Observation.report).joinedload(ProgressReport.commitment).joinedload(Commitment.party),
                joinedload(Observation.report).joinedload(ProgressReport.commitment).joinedload(Commitment.provision),
                joinedload(Observation.report).joinedload(ProgressReport.cycle),
            )
            .execution_options(populate_existing=True)
        )
    if record is None:
        raise NotVisible
    shown = next((s for s in for_report(session, record.report_id, actor) if s.id == record.id), None)
    if shown is None:
        raise NotVisible
    own = actor.organisation_id is not None and actor.organisation_id == record.organisation_id
    if not own and not can(actor, Permission.COMMITMENT_VIEW, subject_of_commitment(record.report.commitment)):
        raise NotVisible
    return record, shown
