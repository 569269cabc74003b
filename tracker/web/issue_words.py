"""Two issued reports side by side, in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from tracker import wording
from tracker.documents.status_report_words import STAGES
from tracker.domain.compliance import Share
from tracker.domain.differences import Piece
from tracker.services.issue_compare import Comparison, Field, Line, LineChange
from tracker.services.status_report_content import Stage
from tracker.wording import LABELS, N_, translate

CHANGES = {
    LineChange.NEW: N_("Only in the later report"),
    LineChange.GONE: N_("Only in the earlier report"),
    LineChange.CHANGED: N_("Changed"),
}
NOTHING = "–"


@dataclass(frozen=True)
class Row:
    """One row of the table. ``pieces`` where a text was changed: then it is shown as one, marked."""

    label: str
    before: str
    after: str
    pieces: tuple[Piece, ...]
    changed: bool


@dataclass(frozen=True)
class Part:
    code: str
    title: str
    change: str
    rows: list[Row]


@dataclass(frozen=True)
class Compared:
    figures: list[Row]
    lines: list[Part]
    states: list[Part]
    same: int
    is_empty: bool


def compared(found: Comparison, language: str) -> Compared:
    """The comparison as the page shows it."""
    return Compared(
        [_row(one, language) for one in found.figures],
        [_part(one, language) for one in found.lines],
        [_part(one, language) for one in found.states],
        found.same,
        found.is_empty,
    )


def said(value: Any, language: str) -> str:
    """A value of a report in words: a share as "n of m", a date in full, a word of a closed list."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return translate(N_("Yes") if value else N_("No"), language)
    if isinstance(value, Share):
        if not value.total:
            return NOTHING
        return translate(N_("%(count)s of %(total)s"), language) % {"count": value.count, "total": value.total}
    if isinstance(value, date):
        return wording.say_date(value, language)
    if isinstance(value, Stage):
        return translate(STAGES[value], language)
    return wording.label(value, language) if value in LABELS else str(value)


def _part(line: Line, language: str) -> Part:
    rows = [_row(one, language) for one in line.fields]
    return Part(line.code, line.title, translate(CHANGES[line.change], language), rows)


def _row(one: Field, language: str) -> Row:
    label = translate(one.label, language)
    if one.of:
        of = [said(part, language) if isinstance(part, StrEnum) else part for part in one.of]
        label = f"{label} ({', '.join(of)})"
    return Row(label, said(one.before, language), said(one.after, language), one.pieces, one.before != one.after)
