"""What the open data are made of, as plain data: tables with their columns, and what stands in them.

Codes, dates, ratings, counts and declared figures of indicators; no text written by reporters, reviewers or observers
(docs/publications.md). A name of a table or a column, once published, keeps its meaning; ``SCHEMA`` counts up where
one goes. What each means is said in ``documents.open_data_words``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SCHEMA = "open-data/1"

Value = str | int | bool | tuple[str, ...] | None


class Kind(StrEnum):
    """What stands in a column."""

    CODE = "code"
    """Stable; never translated."""
    TEXT = "text"
    DATE = "date"
    """YYYY-MM-DD, on the party's own calendar; of activities YYYY or YYYY-MM where the day is not known."""
    INTEGER = "integer"
    DECIMAL = "decimal"
    """With a point, as declared, never rounded."""
    YES_NO = "yes_no"
    """true or false."""
    LIST = "list"
    """Codes with a semicolon between them in CSV, an array in JSON."""


@dataclass(frozen=True)
class Column:
    name: str
    kind: Kind


@dataclass(frozen=True)
class Shape:
    """A table without its rows."""

    name: str
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Table:
    """``rows`` have the width and order of the columns; empty is None."""

    shape: Shape
    rows: tuple[tuple[Value, ...], ...]


def _shape(name: str, *columns: tuple[Kind, str]) -> Shape:
    """Columns of one kind after the other, their names with blanks between."""
    return Shape(name, tuple(Column(one, kind) for kind, names in columns for one in names.split()))


PARTIES = _shape(
    "parties",
    (Kind.CODE, "party iso3 kind subregion"),
    (Kind.YES_NO, "takes_part"),
    (Kind.TEXT, "name_en name_es name_pt name_fr"),
)
INSTRUMENTS = _shape(
    "instruments",
    (Kind.CODE, "instrument kind"),
    (Kind.TEXT, "symbol"),
    (Kind.DATE, "document_date"),
    (Kind.YES_NO, "is_paraphrase"),
    (Kind.TEXT, "title_en title_es title_pt title_fr"),
)
PROVISIONS = _shape(
    "provisions",
    (Kind.CODE, "provision instrument"),
    (Kind.TEXT, "number"),
    (Kind.CODE, "kind strength"),
    (Kind.YES_NO, "is_scored"),
    (Kind.LIST, "addressees pillars"),
    (Kind.CODE, "pillar_basis"),
    (Kind.LIST, "themes"),
    (Kind.TEXT, "title_en title_es title_pt title_fr"),
)
INDICATORS = _shape(
    "indicators",
    (Kind.CODE, "indicator provision kind data_type"),
    (Kind.YES_NO, "computed counts_persons"),
    (Kind.TEXT, "label_en label_es label_pt label_fr"),
)
CYCLES = _shape(
    "cycles",
    (Kind.CODE, "cycle"),
    (Kind.DATE, "period_start period_end opens_on due_on closes_on"),
    (Kind.TEXT, "title_en title_es title_pt title_fr"),
)
COMMITMENTS = _shape(
    "commitments",
    (Kind.CODE, "party provision cycle"),
    (Kind.DATE, "due_on"),
    (Kind.CODE, "stage"),
    (Kind.DATE, "reported_on"),
    (Kind.YES_NO, "on_time"),
    (Kind.CODE, "self_assessment rating strength_of_evidence comment"),
    (Kind.LIST, "observers"),
    (Kind.YES_NO, "voices_differ"),
    (Kind.DATE, "published_on"),
)
COVERAGE = _shape(
    "coverage",
    (Kind.CODE, "party cycle"),
    (Kind.INTEGER, "owed reported on_time rated"),
)
FIGURES = _shape(
    "figures",
    (Kind.CODE, "party cycle indicator"),
    (Kind.TEXT, "value"),
    (Kind.CODE, "hidden currency"),
    (Kind.YES_NO, "not_available"),
    (Kind.DATE, "period_start period_end"),
)
BUDGET = _shape(
    "budget",
    (Kind.CODE, "party provision cycle"),
    (Kind.TEXT, "fiscal_year"),
    (Kind.CODE, "stage purpose"),
    (Kind.DECIMAL, "amount"),
    (Kind.CODE, "currency"),
)
ACTIVITIES = _shape(
    "activities",
    (Kind.CODE, "activity"),
    (Kind.YES_NO, "is_programme"),
    (Kind.CODE, "type"),
    (Kind.DATE, "starts_on ends_on"),
    (Kind.CODE, "date_precision"),
    (Kind.YES_NO, "date_uncertain"),
    (Kind.CODE, "country"),
    (Kind.LIST, "states pillars"),
    (Kind.TEXT, "title_en title_es title_pt title_fr"),
)
SHAPES = (
    PARTIES, INSTRUMENTS, PROVISIONS, INDICATORS, CYCLES, COMMITMENTS, COVERAGE, FIGURES, BUDGET, ACTIVITIES,
)  # fmt: skip
