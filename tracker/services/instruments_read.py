"""Reading the source documents: what each is and where its text comes from, its provisions and its context.

And the pillars: which provisions serve each, as the source or this catalogue classifies them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.compliance import Figures, figures
from tracker.models import ContextStatement, Instrument, Provision
from tracker.services.plain_rows import rows
from tracker.services.public_cells import Cell, cell_item, cells

_PROVISION_COUNTS = (
    sa.select(
        Provision.instrument_id,
        sa.func.count().label("provisions"),
        sa.func.count(sa.case((Provision.is_scored.is_(True), 1))).label("scored"),
    )
    .group_by(Provision.instrument_id)
    .subquery()
)
_CONTEXT_COUNTS = (
    sa.select(ContextStatement.instrument_id, sa.func.count().label("statements"))
    .group_by(ContextStatement.instrument_id)
    .subquery()
)
_LISTED = (
    sa.select(
        Instrument.code,
        Instrument.kind,
        Instrument.title,
        Instrument.symbol,
        Instrument.document_date,
        Instrument.period_start_year,
        Instrument.period_end_year,
        Instrument.is_paraphrase,
        Instrument.reading_note,
        sa.func.coalesce(_PROVISION_COUNTS.c.provisions, 0).label("provisions"),
        sa.func.coalesce(_PROVISION_COUNTS.c.scored, 0).label("scored"),
        sa.func.coalesce(_CONTEXT_COUNTS.c.statements, 0).label("statements"),
    )
    .outerjoin(_PROVISION_COUNTS, _PROVISION_COUNTS.c.instrument_id == Instrument.id)
    .outerjoin(_CONTEXT_COUNTS, _CONTEXT_COUNTS.c.instrument_id == Instrument.id)
    .order_by(Instrument.position)
)


def listing(session: Session) -> Sequence[sa.Row]:
    """The source documents in order, each with how many provisions (and scored ones) and statements it holds."""
    return rows(session, _LISTED).all()


_INSTRUMENT = sa.select(
    Instrument.id,
    Instrument.code,
    Instrument.kind,
    Instrument.title,
    Instrument.symbol,
    Instrument.document_date,
    Instrument.period_start_year,
    Instrument.period_end_year,
    Instrument.original_language,
    Instrument.is_paraphrase,
    Instrument.reading_note,
    Instrument.facts,
).where(sa.func.upper(Instrument.code) == sa.bindparam("code"))


def instrument(session: Session, code: str) -> sa.Row | None:
    """One source document with its facts; ``code`` in capitals."""
    return rows(session, _INSTRUMENT, {"code": code}).one_or_none()


_CONTEXT = (
    sa.select(
        ContextStatement.code,
        ContextStatement.kind,
        ContextStatement.number,
        ContextStatement.section,
        ContextStatement.text,
        ContextStatement.text_status,
    )
    .where(ContextStatement.instrument_id == sa.bindparam("instrument"))
    .order_by(ContextStatement.position)
)


def context(session: Session, instrument_id: int) -> list[tuple[str, list[sa.Row]]]:
    """Challenges, statements and the like of a document, by kind in the order of the document: never scored."""
    kinds: dict[str, list[sa.Row]] = {}
    for row in rows(session, _CONTEXT, {"instrument": instrument_id}):
        kinds.setdefault(row.kind, []).append(row)
    return list(kinds.items())


@dataclass(frozen=True, slots=True)
class PillarFigures:
    """The figures of the commitments that serve one pillar in one cycle, and those of each of its provisions."""

    whole: Figures
    by_provision: dict[str, Figures]


def figures_of_pillars(
    session: Session, cycle_id: int, pillars: Iterable[str], *, now: datetime
) -> dict[str, PillarFigures]:
    """By pillar. A commitment that serves several counts in each. Three queries."""
    owed = cells(session, cycle_id, now)
    return {pillar: _figures([cell for cell in owed if pillar in cell.pillars]) for pillar in pillars}


def _figures(owed: Sequence[Cell]) -> PillarFigures:
    by_provision: dict[str, list[Cell]] = {}
    for cell in owed:
        by_provision.setdefault(cell.provision_code, []).append(cell)
    return PillarFigures(
        figures(map(cell_item, owed)), {code: figures(map(cell_item, own)) for code, own in by_provision.items()}
    )
