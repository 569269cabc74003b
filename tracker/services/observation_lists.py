"""Lists of observations: the Secretariat's queue, and what an organisation filed with what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.vocabulary import ObservationState
from tracker.models import (
    Assessment,
    Commitment,
    Observation,
    Organisation,
    ProgressReport,
    Provision,
    ReportingCycle,
    ReportingParty,
)
from tracker.services.observations import READ_BY_STAFF, is_public
from tracker.services.plain_rows import rows as plain

PAGE = 50
DECIDED = (ObservationState.ACCEPTED, ObservationState.DECLINED)


class Tab(StrEnum):
    WAITING = "waiting"
    DECIDED = "decided"


@dataclass(frozen=True)
class Queue:
    """One page of the observations that wait or were decided, and how many there are of each."""

    rows: list[sa.Row[Any]]
    counts: dict[Tab, int]


def queue(session: Session, tab: Tab, *, party_code: str = "", number: int) -> Queue:
    """What was filed: waiting longest first, or decided, newest first. Two queries."""
    values = {"party": party_code, "offset": (number - 1) * PAGE}
    counts = plain(session, _counts(bool(party_code)), values).one()
    found = plain(session, _queue(tab, bool(party_code)), values).all()
    return Queue(list(found), {Tab.WAITING: counts.waiting, Tab.DECIDED: counts.decided})


def waiting(session: Session) -> int:
    """How many wait for the Secretariat. One query."""
    return int(plain(session, _WAITING).scalar_one())


_WAITING = sa.select(sa.func.count()).where(Observation.state == ObservationState.FILED)


def states_with_observations(session: Session) -> list[sa.Row[Any]]:
    """(code, name) of the States on which something was filed."""
    return list(plain(session, _STATES))


_STATES = (
    sa.select(ReportingParty.code, ReportingParty.name)
    .where(
        ReportingParty.id.in_(
            sa.select(Observation.party_id).where(Observation.state.in_(READ_BY_STAFF)).scalar_subquery()
        )
    )
    .order_by(ReportingParty.code)
)


@cache
def _counts(of_one_party: bool) -> sa.Select:
    filed = Observation.state == ObservationState.FILED
    query = sa.select(
        sa.func.count(sa.case((filed, 1))).label("waiting"),
        sa.func.count(sa.case((Observation.state.in_(DECIDED), 1))).label("decided"),
    ).join(ReportingParty, ReportingParty.id == Observation.party_id)
    return query.where(ReportingParty.code == sa.bindparam("party")) if of_one_party else query


@cache
def _queue(tab: Tab, of_one_party: bool) -> sa.Select:
    query = (
        sa.select(
            Observation.id,
            Observation.state,
            Observation.view,
            Observation.filed_at,
            Observation.moderated_at,
            Organisation.name.label("organisation"),
            ReportingParty.name.label("party_name"),
            Provision.code,
            Provision.title,
            ReportingCycle.title.label("cycle_title"),
        )
        .join(Organisation, Organisation.id == Observation.organisation_id)
        .join(ReportingParty, ReportingParty.id == Observation.party_id)
        .join(Commitment, Commitment.id == Observation.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .join(ProgressReport, ProgressReport.id == Observation.report_id)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .limit(PAGE)
        .offset(sa.bindparam("offset"))
    )
    if of_one_party:
        query = query.where(ReportingParty.code == sa.bindparam("party"))
    if tab is Tab.WAITING:
        return query.where(Observation.state == ObservationState.FILED).order_by(Observation.filed_at, Observation.id)
    return query.where(Observation.state.in_(DECIDED)).order_by(Observation.moderated_at.desc(), Observation.id.desc())


def of_organisation(session: Session, organisation_id: int, *, number: int) -> tuple[list[sa.Row[Any]], int]:
    """What the organisation wrote and what became of each, newest first, and how many there are. Two queries."""
    values = {"organisation": organisation_id, "offset": (number - 1) * PAGE}
    total = plain(session, _OWN_TOTAL, {"organisation": organisation_id}).scalar_one()
    return list(plain(session, _OWN, values)), total


_OWN_TOTAL = sa.select(sa.func.count()).where(Observation.organisation_id == sa.bindparam("organisation"))
_OWN = (
    sa.select(
        Observation.id,
        Observation.commitment_id,
        Observation.state,
        Observation.view,
        Observation.edited_at,
        Observation.moderation_reason,
        ReportingParty.name.label("party_name"),
        ReportingParty.code.label("party_code"),
        Provision.code,
        Provision.title,
        ReportingCycle.title.label("cycle_title"),
        ReportingCycle.code.label("cycle_code"),
        Assessment.rating,
        is_public().label("public"),
    )
    .join(ReportingParty, ReportingParty.id == Observation.party_id)
    .join(Commitment, Commitment.id == Observation.commitment_id)
    .join(Provision, Provision.id == Commitment.provision_id)
    .join(ProgressReport, ProgressReport.id == Observation.report_id)
    .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
    .outerjoin(Assessment, Assessment.id == ProgressReport.published_assessment_id)
    .where(Observation.organisation_id == sa.bindparam("organisation"))
    .order_by(Observation.edited_at.desc(), Observation.id.desc())
    .limit(PAGE)
    .offset(sa.bindparam("offset"))
)
