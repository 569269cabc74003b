"""The shapes of what a status report shows in rows: the same for page, PDF, Word and workbook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tracker.domain.compliance import Share
from tracker.services.status_report_content import StatedAttachment

Value = str | int | Decimal | date | Share | None
"""What a cell stands for; None where there is nothing. A share is "18 of 20 (90%)": count, of, percent."""
NOTHING = "–"


@dataclass(frozen=True)
class PillarRow:
    """One row of the picture and of the table beside it."""

    label: str
    total: int
    counts: dict[str, int]
    """By rating, and ``UNRATED``; adds up to ``total``."""
    code: str = ""
    """Of the pillar or theme; empty where the source names none."""


@dataclass(frozen=True)
class Table:
    """A table as everybody shows it."""

    key: str
    """themes, trend, …: anchor of the section, and name for a sheet's formats."""
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    values: tuple[tuple[Value, ...], ...]
    numeric: frozenset[int] = frozenset()
    """Columns set to the right."""
    finding: str = ""
    """What the table shows, in one sentence, to stand above it."""
    note: str = ""
    """How to read it, to stand below it."""
    empty: str = ""
    """What stands in its place where there are no rows."""


@dataclass(frozen=True)
class EvidenceRow:
    """One line of the evidence list."""

    number: str
    """CS-03/1."""
    provision: str
    title: str
    date: str
    """That it speaks of, in words; empty where none was given."""
    where: str
    """Address, name of the file, or that it was erased."""
    url: str
    """What a click may open: an address of the web in plain letters, or nothing."""
    piece: StatedAttachment | None


@dataclass(frozen=True)
class SeriesGroup:
    """One indicator over time."""

    provision: str
    commitment: str
    """Title."""
    label: str
    """With unit and category."""
    computed: bool
    points: tuple[tuple[str, str, str], ...]
    """(cycle, period in words, value in words), oldest first."""
    finding: str
    """First and last value in one line."""
    numbers: tuple[tuple[str, Decimal], ...] = ()
    """(cycle, number), for a picture: all points are numbers of one currency; else empty."""
