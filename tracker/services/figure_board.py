"""What every public figure stands on: the cells of one cycle, narrowed by filters, with the names of everything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.deadlines import local_date
from tracker.domain.errors import NotVisible
from tracker.domain.vocabulary import PartyKind
from tracker.models import ReportingCycle
from tracker.services import catalogue_read, public_figures
from tracker.services.plain_rows import rows
from tracker.services.public_cells import Cell, cells
from tracker.services.public_figures import PartyCoverage

WINDOW = 12
"""Cycles side by side: on the slider, on the lines over time, in one table."""


@dataclass(frozen=True)
class Asked:
    """What a reader chose; codes as in the catalogue, States in capitals. Empty: everything."""

    cycle: str = ""
    pillar: str = ""
    theme: str = ""
    instrument: str = ""
    provision: str = ""
    state: str = ""
    subregion: str = ""

    def takes(self, cell: Cell, subregion: str | None) -> bool:
        return (
            (not self.pillar or self.pillar in cell.pillars)
            and (not self.theme or self.theme in cell.themes)
            and (not self.instrument or self.instrument == cell.instrument_code)
            and (not self.provision or self.provision == cell.provision_code)
            and (not self.state or self.state == cell.party_code)
            and (not self.subregion or self.subregion == subregion)
        )


@dataclass(frozen=True)
class Board:
    """Rows of the catalogue carry texts in four languages. ``cells`` are those that the filters leave."""

    asked: Asked
    as_of: datetime
    cycle: Any
    """The cycle asked for, or the one opened last; None before the first."""
    cycles: tuple[Any, ...]
    """Those around it, oldest first; ``WINDOW`` at most."""
    earlier: str
    later: str
    """A cycle before and after these; empty where there is none."""
    parties: tuple[PartyCoverage, ...]
    """Every party, in the order of the catalogue; their coverage is filled in only where ``is_counted``."""
    provisions: dict[str, Any]
    """By code, in the order of the catalogue."""
    words: catalogue_read.Words
    instruments: dict[str, Any]
    cells: tuple[Cell, ...] = field(default=())
    is_counted: bool = False
    """The database counted what each party owes in this cycle and what was reported; there are no cells."""

    @property
    def states(self) -> list[PartyCoverage]:
        return [p for p in self.parties if p.kind is PartyKind.MEMBER_STATE]

    @property
    def is_narrowed(self) -> bool:
        """Something was chosen beside the cycle."""
        return self.asked != Asked(cycle=self.asked.cycle)

    @property
    def narrowed_provisions(self) -> list[str]:
        """The codes of the provisions that the filters leave, whoever owes a report on them."""
        asked, instrument_of = self.asked, {row.id: code for code, row in self.instruments.items()}
        return [
            code
            for code, row in self.provisions.items()
            if (not asked.pillar or asked.pillar in row.pillars)
            and (not asked.theme or asked.theme in row.themes)
            and (not asked.instrument or asked.instrument == instrument_of[row.instrument_id])
            and (not asked.provision or asked.provision == code)
        ]

    @property
    def narrowed_parties(self) -> list[str]:
        """The codes of the parties that the filters leave."""
        asked = self.asked
        return [
            p.code
            for p in self.parties
            if (not asked.state or asked.state == p.code) and (not asked.subregion or asked.subregion == p.subregion)
        ]

    @property
    def is_empty(self) -> bool:
        """The filters leave nothing that anybody owes."""
        if not self.is_counted:
            return not self.cells
        region = self.asked.subregion
        return not any(p.coverage.owed for p in self.parties if not region or p.subregion == region)

    def at(self, party_code: str) -> list[Cell]:
        return self._by_party.get(party_code, [])

    @cached_property
    def _by_party(self) -> dict[str, list[Cell]]:
        found: dict[str, list[Cell]] = {}
        for cell in self.cells:
            found.setdefault(cell.party_code, []).append(cell)
        return found


_CYCLES = (
    sa.select(*public_figures.CYCLE)
    .where(ReportingCycle.opened_at.is_not(None))
    .order_by(ReportingCycle.opens_on.desc(), ReportingCycle.id.desc())
)
_NEWEST_CYCLES = _CYCLES.limit(WINDOW + 1)


def load(session: Session, asked: Asked, now: datetime, *, with_cells: bool = True, is_counted: bool = False) -> Board:
    """Everything a figure needs, with eight queries (five without cells). Raises NotVisible for an unknown cycle.

    ``is_counted``: instead of cells, the coverage of each party; for what is narrowed to a region at most.

    Without a cycle it is the one opened last. Other codes that nothing carries leave nothing.
    """
    opened = rows(session, _CYCLES if asked.cycle else _NEWEST_CYCLES).all()
    place = next((n for n, row in enumerate(opened) if row.code == asked.cycle), None) if asked.cycle else 0
    if place is None:
        raise NotVisible
    first = place - place % WINDOW
    window = opened[first : first + WINDOW]
    counted_in = opened[place].id if opened and is_counted else None
    board = Board(
        asked=asked,
        as_of=now.replace(second=0, microsecond=0),
        cycle=opened[place] if opened else None,
        cycles=tuple(reversed(window)),
        earlier=opened[first + WINDOW].code if len(opened) > first + WINDOW else "",
        later=opened[first - 1].code if first else "",
        parties=tuple(public_figures.parties(session, counted_in, today=local_date(now, "UTC"))),
        provisions={row.code: row for row in catalogue_read.provisions(session)},
        words=catalogue_read.words(session, "pillar", "theme", "subregion"),
        instruments={row.code: row for row in catalogue_read.instruments(session)},
        is_counted=is_counted,
    )
    if board.cycle is None or not with_cells or is_counted:
        return board
    return replace(board, cells=tuple(_taken(cells(session, board.cycle.id, now), board)))


def _taken(found: Iterable[Cell], board: Board) -> Iterable[Cell]:
    if not board.is_narrowed:
        return found
    regions = {p.code: p.subregion for p in board.parties}
    return (cell for cell in found if board.asked.takes(cell, regions.get(cell.party_code)))
