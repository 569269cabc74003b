"""A public figure as plain data: page, CSV, spreadsheet, JSON and SVG are made from it and from nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from tracker.documents.figure_drawing import Drawing

Plain = str | int | None


class Kind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    SHARE = "share"
    """ "n of m": two columns in a file."""
    DATE = "date"


class Column(NamedTuple):
    key: str
    """In files for programs."""
    label: str
    kind: Kind = Kind.TEXT


class Value(NamedTuple):
    """What stands in one place of a table."""

    text: str
    """As people read it."""
    plain: Plain | tuple[int, int] = None
    """For programs: a code, a count, an ISO date, (n, m) of a share; None: nothing there."""
    href: str = ""
    """An address of this site: the items behind the figure."""
    mark: str = ""
    """The key of a rating that is drawn before the word."""


Row = tuple[Value, ...]


@dataclass(frozen=True)
class Table:
    key: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


class StateOnMap(NamedTuple):
    slug: str
    name: str
    level: str
    """A key of the palette."""
    title: str
    """Name and figure in words."""
    href: str
    """The items behind it."""


@dataclass(frozen=True)
class Figure:
    """One figure, in one language, with the filters that were chosen."""

    name: str
    """As in its address: map, matrix, …"""
    language: str
    heading: str
    """What kind of figure it is."""
    title: str
    """The finding, in a sentence made of the figures."""
    scope: tuple[tuple[str, str], ...]
    """(label, value) of cycle and filters."""
    codes: tuple[tuple[str, str], ...]
    """The same for programs: (parameter, code)."""
    reading: tuple[str, ...]
    """How to read it."""
    as_of: datetime
    table: Table
    """As downloaded as CSV; the other formats hold those beside it too."""
    beside: tuple[Table, ...] = ()
    drawing: Drawing | None = None
    states: tuple[StateOnMap, ...] = ()
    """Of the map, which is drawn elsewhere; then ``legend`` is its."""
    legend: tuple[tuple[str, str], ...] = ()

    @property
    def is_empty(self) -> bool:
        """The filters leave nothing."""
        return not self.table.rows

    @property
    def tables(self) -> tuple[Table, ...]:
        return (self.table, *self.beside)

    def file_name(self, suffix: str) -> str:
        """figure-map-2026-es.csv; plain letters only."""
        parts = [self.name, *(code for _name, code in self.codes), self.language]
        said = "-".join("".join(c if c.isascii() and c.isalnum() else "-" for c in part) for part in parts)
        return f"figure-{said.lower()[:120]}.{suffix}"
