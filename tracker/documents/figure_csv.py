"""A public figure as CSV: its table as seen, codes beside names, "n of m" as two columns."""

from __future__ import annotations

from tracker import wording
from tracker.documents import csv_file
from tracker.documents.figure_content import Column, Figure, Kind, Plain, Table, Value
from tracker.wording import N_

CODED = frozenset({"state", "party", "provision", "cycle"})
"""Columns of names whose code has a column of its own."""


def render(figure: Figure) -> bytes:
    """UTF-8 with a byte order mark; nothing in it runs as a formula."""
    table = figure.table
    return csv_file.write(head(table, figure.language), (line(table, row) for row in table.rows))


def head(table: Table, language: str) -> list[str]:
    """The names of the columns, in the language of the figure."""
    names = []
    for column in table.columns:
        names.append(column.label)
        if column.kind is Kind.SHARE:
            names.append(wording.translate(N_("%(label)s: of how many"), language) % {"label": column.label})
        elif column.key in CODED:
            names.append(wording.translate(N_("%(label)s: code"), language) % {"label": column.label})
    return names


def line(table: Table, row: tuple[Value, ...]) -> list[Plain]:
    """The cells of one line: words as read, counts as numbers, dates as year-month-day."""
    made: list[Plain] = []
    for column, value in zip(table.columns, row, strict=True):
        made += _cells(column, value)
    return made


def _cells(column: Column, value: Value) -> list[Plain]:
    plain = value.plain
    if isinstance(plain, tuple):
        return [plain[0], plain[1]]
    if column.kind is Kind.SHARE:
        return [None, None]
    if column.key in CODED:
        name = value.text.removeprefix(f"{plain} ") if isinstance(plain, str) else value.text
        return [name, plain]
    return [plain if column.kind in (Kind.NUMBER, Kind.DATE) else value.text]
