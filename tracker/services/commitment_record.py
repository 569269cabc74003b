"""The page of one commitment: its reports over the cycles, as this reader may know them, and what was asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from tracker.domain.deadlines import days_left
from tracker.domain.policy import Actor
from tracker.domain.vocabulary import CommentOutcome, Rating, Strength
from tracker.models import (
    Assessment,
    Commitment,
    Element,
    Instrument,
    ProgressReport,
    ReportingCycle,
    ReportRevision,
)
from tracker.services.dashboard import last_day
from tracker.services.plain_rows import rows as plain
from tracker.services.standing import Reader, owed, reader_of, standing

PAGE = 10
"""Reports on a page: ten cycles, in practice ten years or more."""


@dataclass(frozen=True)
class Published:
    """The rating that everybody may read."""

    rating: Rating
    strength: Strength
    reasons: str
    strength_reason: str
    element_ratings: dict[str, str]
    """By the element's code, where the reviewer gave them."""
    comment: str
    outcome: CommentOutcome | None
    published_at: datetime | None


@dataclass(frozen=True)
class CycleReport:
    """One report of the commitment."""

    report_id: int
    cycle_title: dict[str, str]
    standing: str
    due_on: date
    days_left: int
    owed: bool
    """The party has still to give it."""
    overdue: bool
    on_time: bool | None
    self_assessment: Rating | None
    comment_until: date | None
    published: Published | None


@dataclass(frozen=True)
class Asked:
    """An element that this party owes."""

    code: str
    label: dict[str, str]
    is_whole: bool


@dataclass(frozen=True)
class Source:
    """The instrument that the provision comes from."""

    code: str
    title: dict[str, str]
    symbol: str | None
    reading_note: dict[str, str]


def reports(
    session: Session, commitment: Commitment, actor: Actor, *, number: int, now: datetime
) -> tuple[list[CycleReport], int]:
    """Page ``number`` (from 1) of the reports, newest cycle first, and how many there are. One query."""
    party = commitment.party
    reader = reader_of(actor, party.id, party.kind)
    values = {"commitment": commitment.id, "offset": (number - 1) * PAGE}
    rows = plain(session, _reports_for(reader), values).all()
    return [_report(row, reader, party.time_zone, now) for row in rows], rows[0].total if rows else 0


@cache
def _reports_for(reader: Reader) -> sa.Select:
    inside = reader in (Reader.INSIDE, Reader.RECORDER)
    said = ProgressReport.self_assessment if inside else ReportRevision.self_assessment
    every = aliased(ProgressReport)
    total = sa.select(sa.func.count()).where(every.commitment_id == sa.bindparam("commitment")).scalar_subquery()
    query = (
        sa.select(
            ProgressReport.id,
            ProgressReport.state,
            ProgressReport.due_on,
            ProgressReport.due_at,
            ProgressReport.submitted_at,
            ProgressReport.first_submitted_at,
            ProgressReport.on_time,
            ProgressReport.window_ends_at,
            ReportingCycle.title,
            said.label("self_assessment"),
            Assessment.rating,
            Assessment.strength,
            Assessment.reasons,
            Assessment.strength_reason,
            Assessment.element_ratings,
            Assessment.comment,
            Assessment.comment_outcome,
            Assessment.published_at,
            total.label("total"),
        )
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .outerjoin(Assessment, Assessment.id == ProgressReport.published_assessment_id)
        .where(ProgressReport.commitment_id == sa.bindparam("commitment"))
        .order_by(ProgressReport.opens_on.desc(), ProgressReport.cycle_id.desc())
        .limit(PAGE)
        .offset(sa.bindparam("offset"))
    )
    if inside:
        return query
    if reader is Reader.OUTSIDE:
        return query.outerjoin(ReportRevision, ReportRevision.id == Assessment.revision_id)
    newest = sa.and_(
        ReportRevision.report_id == ProgressReport.id,
        ReportRevision.number == ProgressReport.revision_number,
        ProgressReport.submitted_at.is_not(None),
    )
    return query.outerjoin(ReportRevision, newest)


def _report(row: sa.Row, reader: Reader, time_zone: str, now: datetime) -> CycleReport:
    still = owed(reader, row.state, row.first_submitted_at)
    window = row.window_ends_at if reader is not Reader.OUTSIDE else None
    return CycleReport(
        report_id=row.id,
        cycle_title=row.title,
        standing=standing(
            reader,
            row.state,
            submitted_at=row.submitted_at,
            first_submitted_at=row.first_submitted_at,
            published=row.rating is not None,
        ),
        due_on=row.due_on,
        days_left=days_left(row.due_on, now, time_zone),
        owed=still,
        overdue=still and row.due_at <= now,
        on_time=row.on_time,
        self_assessment=row.self_assessment,
        comment_until=last_day(window, time_zone) if window else None,
        published=Published(
            row.rating,
            row.strength,
            row.reasons,
            row.strength_reason,
            row.element_ratings,
            row.comment,
            row.comment_outcome,
            row.published_at,
        )
        if row.rating
        else None,
    )


def asked(session: Session, commitment: Commitment) -> tuple[Source, list[Asked]]:
    """The source, and the elements that this party owes. One query."""
    values = {"provision": commitment.provision_id, "instrument": commitment.provision.instrument_id}
    rows = plain(session, _asked(), values).all()
    kind = commitment.party.kind
    first = rows[0]
    return (
        Source(first.instrument, first.title, first.symbol, first.reading_note),
        [Asked(r.code, r.label, r.is_whole) for r in rows if r.code and kind.value in r.addressees],
    )


@cache
def _asked() -> sa.Select:
    return (
        sa.select(
            Element.code,
            Element.label,
            Element.is_whole,
            Element.addressees,
            Instrument.code.label("instrument"),
            Instrument.title,
            Instrument.symbol,
            Instrument.reading_note,
        )
        .select_from(Instrument)
        .outerjoin(Element, Element.provision_id == sa.bindparam("provision"))
        .where(Instrument.id == sa.bindparam("instrument"))
        .order_by(Element.position)
    )
