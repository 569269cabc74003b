"""What the public may know of each commitment in one cycle: one cell per report owed, the ground of every figure.

Public facts only. That a report came in, and when, is public at once. A rating, the State's self-assessment in the
revision that was rated, and accepted observations beside it are public once the rating is. Nothing is read from a
draft, a submission that was not rated, or an assessment in the making.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.compliance import Item, disagree
from tracker.domain.vocabulary import CommentOutcome, PartyKind, Rating, ReportState, Strength
from tracker.models import (
    Assessment,
    Commitment,
    Instrument,
    Observation,
    ProgressReport,
    Provision,
    ReportingCycle,
    ReportingParty,
    ReportRevision,
)
from tracker.services.observations import is_public
from tracker.services.plain_rows import rows
from tracker.services.status_report_content import Stage

_PR = ProgressReport


class Cell(NamedTuple):
    """One commitment in one cycle. ``rating`` and what follows it are None (or empty) until a rating is published."""

    party_id: int
    party_code: str
    party_kind: PartyKind
    provision_id: int
    provision_code: str
    instrument_code: str
    pillars: tuple[str, ...]
    """Codes; empty where the source names none."""
    themes: tuple[str, ...]
    cycle_code: str
    report_id: int
    commitment_id: int
    due_at: datetime
    """The end of the due date in the party's time zone."""
    reported_at: datetime | None
    """First submitted; None: not reported."""
    on_time: bool | None
    """Of the first submission; None: not reported."""
    stage: Stage
    self_assessment: Rating | None
    """In the revision that was rated."""
    rating: Rating | None
    strength: Strength | None
    comment_outcome: CommentOutcome | None
    published_at: datetime | None
    submitted_at: datetime | None
    """When the revision that was rated came in."""
    views: tuple[Rating, ...]
    """Of observers, published beside the rating; each view once, the oldest first."""
    due_on: date
    """On the party's own calendar."""

    @property
    def voices_differ(self) -> bool:
        """State, Secretariat and observers do not all say the same (``compliance.disagree``)."""
        return disagree(self.self_assessment, self.rating, *self.views)


# Provisions are read once, not once for each party that owes a report on them.
_PROVISIONS = sa.select(
    Provision.id, Provision.code, Instrument.code.label("instrument"), Provision.pillars, Provision.themes
).join(Instrument, Instrument.id == Provision.instrument_id)


def _word(column: Any) -> Any:
    """A word of a closed list as the database keeps it: thousands are read, and few of them differ."""
    return sa.type_coerce(column, sa.String)


_REPORTS = (
    sa.select(
        _PR.party_id,
        ReportingParty.code,
        _word(ReportingParty.kind),
        Commitment.provision_id,
        ReportingCycle.code,
        _PR.id,
        _PR.commitment_id,
        _PR.due_on,
        _PR.due_at,
        _PR.first_submitted_at,
        _PR.on_time,
        _word(_PR.state),
        _word(Assessment.rating),
        _word(Assessment.strength),
        _word(Assessment.comment_outcome),
        Assessment.published_at,
        _word(ReportRevision.self_assessment),
        ReportRevision.submitted_at,
    )
    .select_from(_PR)
    .join(Commitment, Commitment.id == _PR.commitment_id)
    .join(Provision, Provision.id == Commitment.provision_id)
    .join(ReportingParty, ReportingParty.id == _PR.party_id)
    .join(ReportingCycle, ReportingCycle.id == _PR.cycle_id)
    .outerjoin(Assessment, Assessment.id == _PR.published_assessment_id)
    .outerjoin(ReportRevision, ReportRevision.id == Assessment.revision_id)
    .where(_PR.cycle_id == sa.bindparam("cycle"))
    .order_by(_PR.party_id, Provision.position)
)
_VIEWS = (
    sa.select(Observation.report_id, Observation.view)
    .join(_PR, _PR.id == Observation.report_id)
    .join(Assessment, Assessment.id == _PR.published_assessment_id)
    .where(_PR.cycle_id == sa.bindparam("cycle"), is_public())
    .order_by(Observation.id)
)


def cells(session: Session, cycle_id: int, now: datetime) -> list[Cell]:
    """Every commitment owed in one cycle, by party and then in the order of the catalogue. Three queries.

    Who owes a report is in it, also those who never reported; who takes no part is not.
    """
    provisions = {row.id: _Provision(row) for row in rows(session, _PROVISIONS)}
    views: dict[int, tuple[Rating, ...]] = {}
    for report_id, view in rows(session, _VIEWS, {"cycle": cycle_id}):
        said = views.get(report_id, ())
        if view not in said:
            views[report_id] = (*said, view)
    found = rows(session, _REPORTS, {"cycle": cycle_id}).all()
    return [_cell(row, provisions, views, now) for row in found]


def cell_item(cell: Cell) -> Item:
    """What ``domain.compliance`` counts of a cell."""
    return Item(
        cell.party_id,
        cell.provision_code,
        cell.pillars,
        cell.reported_at is not None,
        bool(cell.on_time),
        cell.self_assessment,
        cell.rating,
        cell.strength,
    )


class _Provision:
    __slots__ = ("code", "instrument", "pillars", "themes")

    def __init__(self, row: Any) -> None:
        self.code: str = row.code
        self.instrument: str = row.instrument
        self.pillars = tuple(row.pillars)
        self.themes = tuple(row.themes)


_RATINGS: dict[str | None, Rating | None] = {None: None, **{one.value: one for one in Rating}}
_STRENGTHS: dict[str | None, Strength | None] = {None: None, **{one.value: one for one in Strength}}
_OUTCOMES: dict[str | None, CommentOutcome | None] = {None: None, **{one.value: one for one in CommentOutcome}}
_KINDS = {one.value: one for one in PartyKind}


def _cell(
    row: Any, provisions: Mapping[int, _Provision], views: Mapping[int, tuple[Rating, ...]], now: datetime
) -> Cell:
    (party_id, party, kind, provision_id, cycle, report_id, commitment_id, due_on, due_at, reported_at, on_time, state,
     rating, strength, outcome, published_at, own, submitted_at) = row  # fmt: skip
    provision = provisions[provision_id]
    return Cell(
        party_id,
        party,
        _KINDS[kind],
        provision_id,
        provision.code,
        provision.instrument,
        provision.pillars,
        provision.themes,
        cycle,
        report_id,
        commitment_id,
        due_at,
        reported_at,
        on_time if reported_at else None,
        _stage(reported_at, due_at, rating, state, now),
        _RATINGS[own],
        _RATINGS[rating],
        _STRENGTHS[strength],
        _OUTCOMES[outcome],
        published_at,
        submitted_at,
        views.get(report_id, ()),
        due_on,
    )


def _stage(reported_at: datetime | None, due_at: datetime, rating: str | None, state: str, now: datetime) -> Stage:
    """As ``services.status_reports`` says it of one party."""
    if reported_at is None:
        return Stage.NOT_REPORTED if now >= due_at else Stage.NOT_DUE
    if rating is not None:
        return Stage.PUBLISHED
    return Stage.OPEN_FOR_COMMENT if state == ReportState.OPEN_FOR_COMMENT else Stage.IN_REVIEW
