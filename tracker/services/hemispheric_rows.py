"""The queries of a hemispheric report: columns, not entities, and as many of them whatever the data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.compliance import Item
from tracker.domain.vocabulary import ExtensionDecision, GoodPracticeState, PartyKind
from tracker.models import (
    Assessment,
    Classification,
    Commitment,
    Element,
    Extension,
    GoodPractice,
    Instrument,
    ProgressReport,
    Provision,
    ReportingCycle,
    ReportingParty,
    ReportRevision,
)
from tracker.services.plain_rows import rows
from tracker.wording import pick

MOST_CYCLES = 12
"""How many cycles a report links to and draws its trend from."""
_PR = ProgressReport
_FOREVER = datetime(9999, 1, 1, tzinfo=UTC)

_NEWEST = (ReportingCycle.opens_on.desc(), ReportingCycle.id.desc())
_CYCLES = (
    sa.select(
        ReportingCycle.id,
        ReportingCycle.code,
        ReportingCycle.title,
        ReportingCycle.period_start,
        ReportingCycle.period_end,
        ReportingCycle.opens_on,
        ReportingCycle.due_on,
        ReportingCycle.closes_on,
    )
    .where(ReportingCycle.opened_at.is_not(None))
    .order_by(sa.case((sa.func.lower(ReportingCycle.code) == sa.bindparam("wanted"), 0), else_=1), *_NEWEST)
    .limit(MOST_CYCLES)
)


def cycles(session: Session, wanted: str) -> Sequence[Any]:
    """Opened cycles: the one wanted first, then the newest."""
    return rows(session, _CYCLES, {"wanted": wanted.lower()}).all()


def newest_first(listed: Sequence[Any]) -> list[Any]:
    return sorted(listed, key=lambda c: (c.opens_on, c.id), reverse=True)


_PARTIES = sa.select(
    ReportingParty.id, ReportingParty.code, ReportingParty.kind, ReportingParty.name, ReportingParty.time_zone
)


def parties(session: Session) -> Sequence[Any]:
    return rows(session, _PARTIES).all()


_PROVISIONS = (
    sa.select(
        Provision.id,
        Provision.code,
        Provision.title,
        Provision.strength.label("bindingness"),
        Instrument.title.label("instrument"),
        Instrument.reading_note,
    )
    .join(Instrument, Instrument.id == Provision.instrument_id)
    .order_by(Provision.position)
)


def provisions(session: Session) -> Sequence[Any]:
    """Every provision with its instrument, in the order of the catalogue."""
    return rows(session, _PROVISIONS).all()


_ELEMENTS = (
    sa.select(Element.provision_id, Element.code, Element.addressees)
    .where(Element.is_whole.is_(False))
    .order_by(Element.position)
)


def elements(session: Session) -> dict[int, list[Any]]:
    """The parts of compound provisions, by provision."""
    found: dict[int, list[Any]] = {}
    for row in rows(session, _ELEMENTS):
        found.setdefault(row.provision_id, []).append(row)
    return found


def owed_parts(parts: Sequence[Any], kind: PartyKind) -> tuple[str, ...]:
    """Codes of the parts that this kind of party owes; none where it owes them all."""
    owed = tuple(row.code for row in parts if kind.value in row.addressees)
    return owed if len(owed) < len(parts) else ()


_CLASSIFICATIONS = (
    sa.select(Classification.axis, Classification.code, Classification.name)
    .where(Classification.axis.in_(["pillar", "theme"]))
    .order_by(Classification.position)
)


def classifications(session: Session, language: str) -> tuple[dict[str, str], dict[str, str]]:
    """The pillars and the themes: names by code, in their order."""
    found: dict[str, dict[str, str]] = {"pillar": {}, "theme": {}}
    for axis, code, name in rows(session, _CLASSIFICATIONS):
        found[axis][code] = pick(name, language)
    return found["pillar"], found["theme"]


_ALIKE = (
    _PR.cycle_id,
    _PR.first_submitted_at.is_not(None).label("reported"),
    sa.func.coalesce(_PR.on_time, sa.false()).label("on_time"),
    ReportRevision.self_assessment,
    Assessment.rating,
    Assessment.strength,
)
_ITEMS = (
    sa.select(*_ALIKE, sa.func.count().label("alike"))
    .select_from(_PR)
    .outerjoin(Assessment, Assessment.id == _PR.published_assessment_id)
    .outerjoin(ReportRevision, ReportRevision.id == Assessment.revision_id)
    .where(
        _PR.cycle_id.in_(sa.bindparam("cycles", expanding=True)),
        # Asked once, not for each report; the index of the figures begins with cycle and party.
        _PR.party_id.in_(sa.select(ReportingParty.id).where(ReportingParty.kind == PartyKind.MEMBER_STATE)),
    )
    .group_by(*(column.element if isinstance(column, sa.Label) else column for column in _ALIKE))
)


def items_by_cycle(session: Session, cycle_ids: list[int]) -> dict[int, list[Item]]:
    """What ``compliance.figures`` counts of the States' commitments, by cycle; the database counts those alike."""
    found: dict[int, list[Item]] = {}
    for cycle_id, reported, on_time, own, rating, strength, alike in rows(session, _ITEMS, {"cycles": cycle_ids}).all():
        item = Item(0, "", (), bool(reported), bool(reported and on_time), own, rating, strength, alike)
        found.setdefault(cycle_id, []).append(item)
    return found


_EXTENSIONS = (
    sa.select(
        _PR.party_id,
        ReportingParty.code.label("party_code"),
        Provision.code,
        sa.func.count().label("asked"),
        sa.func.sum(sa.case((Extension.decision == ExtensionDecision.GRANTED, 1), else_=0)).label("granted"),
    )
    .select_from(Extension)
    .join(_PR, _PR.id == Extension.report_id)
    .join(ReportingParty, ReportingParty.id == _PR.party_id)
    .join(Commitment, Commitment.id == _PR.commitment_id)
    .join(Provision, Provision.id == Commitment.provision_id)
    .where(_PR.cycle_id == sa.bindparam("cycle"))
    .group_by(_PR.party_id, ReportingParty.code, Provision.code, Provision.position)
    .order_by(Provision.position)
)


def extensions(session: Session, cycle_id: int) -> Sequence[Any]:
    """Later due dates asked for and granted, by party and provision."""
    return rows(session, _EXTENSIONS, {"cycle": cycle_id}).all()


_PRACTICES = (
    sa.select(
        GoodPractice.id,
        GoodPractice.party_id,
        Provision.code,
        Provision.title.label("provision"),
        GoodPractice.title,
        GoodPractice.text,
        GoodPractice.language,
        GoodPractice.url,
        GoodPractice.decided_at,
    )
    .join(Commitment, Commitment.id == GoodPractice.commitment_id)
    .join(Provision, Provision.id == Commitment.provision_id)
    .where(
        GoodPractice.state == GoodPracticeState.SHARED,
        GoodPractice.decided_at >= sa.bindparam("since"),
        GoodPractice.decided_at < sa.bindparam("until"),
    )
)


def practices(session: Session, since: date, until: date | None) -> Sequence[Any]:
    """What is shared and was agreed to from one day on and before another."""
    last = datetime.combine(until, time.min, UTC) if until else _FOREVER
    return rows(session, _PRACTICES, {"since": datetime.combine(since, time.min, UTC), "until": last}).all()
