"""The tables of the open data: their names, columns and meanings. What a reader of the files needs to know.

Codes, dates, ratings, counts and declared figures of indicators; no text written by reporters, reviewers or observers
(docs/publications.md). A name of a table or a column, once published, keeps its meaning; ``SCHEMA`` counts up where
one goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tracker.wording import N_

SCHEMA = "open-data/1"
LICENCE = "CC BY 4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"

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


KINDS: Mapping[Kind, str] = {
    Kind.CODE: N_("code"),
    Kind.TEXT: N_("text"),
    Kind.DATE: N_("date"),
    Kind.INTEGER: N_("whole number"),
    Kind.DECIMAL: N_("decimal number"),
    Kind.YES_NO: N_("true or false"),
    Kind.LIST: N_("list of codes"),
}


@dataclass(frozen=True)
class Column:
    name: str
    kind: Kind
    meaning: str
    """Marked with ``N_``."""


@dataclass(frozen=True)
class Shape:
    """A table without its rows."""

    name: str
    title: str
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Table:
    """``rows`` have the width and order of the columns; empty is None."""

    shape: Shape
    rows: tuple[tuple[Value, ...], ...]


def _names(of: str) -> tuple[Column, ...]:
    return tuple(Column(f"{of}_{code}", Kind.TEXT, meaning) for code, meaning in _NAMED[of].items())


_LANGUAGES = {"en": N_("in English"), "es": N_("in Spanish"), "pt": N_("in Portuguese"), "fr": N_("in French")}
_NAMED: Mapping[str, Mapping[str, str]] = {"name": _LANGUAGES, "title": _LANGUAGES, "label": _LANGUAGES}
_PARTY = Column("party", Kind.CODE, N_("the reporting party, as in parties.csv"))
_PROVISION = Column("provision", Kind.CODE, N_("the recommendation or mandate, as in provisions.csv"))
_CYCLE = Column("cycle", Kind.CODE, N_("the reporting cycle, as in cycles.csv"))
_PILLARS = Column("pillars", Kind.LIST, N_("pillars, as classified by the source or by the Secretariat"))

PARTIES = Shape(
    "parties",
    N_("Reporting parties: Member States, the General Secretariat, cooperation agencies"),
    (
        Column("party", Kind.CODE, N_("ISO 3166 alpha-2 code of a State; GS or ICA")),
        Column("iso3", Kind.CODE, N_("ISO 3166 alpha-3 code of a State")),
        Column("kind", Kind.CODE, N_("member_state, general_secretariat or cooperation_agencies")),
        Column("subregion", Kind.CODE, N_("part of the hemisphere")),
        Column("takes_part", Kind.YES_NO, N_("takes part in this follow-up on the day of the release")),
        *_names("name"),
    ),
)
INSTRUMENTS = Shape(
    "instruments",
    N_("Source documents"),
    (
        Column("instrument", Kind.CODE, N_("the source document")),
        Column("kind", Kind.CODE, N_("what kind of document it is")),
        Column("symbol", Kind.TEXT, N_("document symbol")),
        Column("document_date", Kind.DATE, N_("date of the document")),
        Column("is_paraphrase", Kind.YES_NO, N_("the source available is a paraphrase")),
        *_names("title"),
    ),
)
PROVISIONS = Shape(
    "provisions",
    N_("Recommendations and mandates"),
    (
        Column("provision", Kind.CODE, N_("the recommendation or mandate")),
        Column("instrument", Kind.CODE, N_("the document it stands in")),
        Column("number", Kind.TEXT, N_("its number in the document")),
        Column("kind", Kind.CODE, N_("recommendation, activity, mandate or assembly_provision")),
        Column("strength", Kind.CODE, N_("how it binds: recommended by civil society is no obligation of a State")),
        Column("is_scored", Kind.YES_NO, N_("false: shown and never rated")),
        Column("addressees", Kind.LIST, N_("kinds of party that owe it")),
        _PILLARS,
        Column("pillar_basis", Kind.CODE, N_("who classified it: source, ours or none")),
        Column("themes", Kind.LIST, N_("themes")),
        *_names("title"),
    ),
)
INDICATORS = Shape(
    "indicators",
    N_("Indicators: how progress is measured"),
    (
        Column("indicator", Kind.CODE, N_("the indicator")),
        _PROVISION,
        Column("kind", Kind.CODE, N_("structural, process or outcome")),
        Column("data_type", Kind.CODE, N_("type of its values")),
        Column("computed", Kind.YES_NO, N_("worked out from others, not declared")),
        Column("counts_persons", Kind.YES_NO, N_("a count of persons: one to four are not given")),
        *_names("label"),
    ),
)
CYCLES = Shape(
    "cycles",
    N_("Reporting cycles"),
    (
        Column("cycle", Kind.CODE, N_("the reporting cycle")),
        Column("period_start", Kind.DATE, N_("first day of the period reported on")),
        Column("period_end", Kind.DATE, N_("last day of the period reported on")),
        Column("opens_on", Kind.DATE, N_("day on which it opens")),
        Column("due_on", Kind.DATE, N_("day on which reports are due")),
        Column("closes_on", Kind.DATE, N_("last day on which a report may be submitted")),
        *_names("title"),
    ),
)
COMMITMENTS = Shape(
    "commitments",
    N_("Every commitment in every cycle: reported, rated, and what the three voices say"),
    (
        _PARTY,
        _PROVISION,
        _CYCLE,
        Column("due_on", Kind.DATE, N_("day on which the report was or is due")),
        Column(
            "stage",
            Kind.CODE,
            N_("not_due, not_reported (due and not reported; never the same as not implemented), in_review, …"),
        ),
        Column("reported_on", Kind.DATE, N_("day of the first submission; empty: not reported")),
        Column("on_time", Kind.YES_NO, N_("reported by the due date; empty: not reported")),
        Column("self_assessment", Kind.CODE, N_("how the party rates itself, in the revision that was rated")),
        Column("rating", Kind.CODE, N_("rating by the Secretariat; empty: none published")),
        Column("strength_of_evidence", Kind.CODE, N_("how well it is shown")),
        Column("comment", Kind.CODE, N_("how the right of reply ended: commented, waived or none_received")),
        Column("observers", Kind.LIST, N_("views of accredited observers, each once")),
        Column("voices_differ", Kind.YES_NO, N_("party, Secretariat and observers do not all say the same")),
        Column("published_on", Kind.DATE, N_("day on which the rating was published (UTC)")),
    ),
)
COVERAGE = Shape(
    "coverage",
    N_("Coverage and timeliness by party and cycle"),
    (
        _PARTY,
        _CYCLE,
        Column("owed", Kind.INTEGER, N_("commitments owed")),
        Column("reported", Kind.INTEGER, N_("of those owed: reported on")),
        Column("on_time", Kind.INTEGER, N_("of those reported on: by the due date")),
        Column("rated", Kind.INTEGER, N_("of those reported on: with a published rating")),
    ),
)
FIGURES = Shape(
    "figures",
    N_("Declared figures of indicators, of the whole (not by category)"),
    (
        _PARTY,
        _CYCLE,
        Column("indicator", Kind.CODE, N_("the indicator, as in indicators.csv")),
        Column("value", Kind.TEXT, N_("as declared; empty where not available, which is not zero")),
        Column("hidden", Kind.CODE, N_("in the place of a small count of persons: fewer than five, or not shown")),
        Column("currency", Kind.CODE, N_("ISO 4217")),
        Column("not_available", Kind.YES_NO, N_("the party says that there is no figure")),
        Column("period_start", Kind.DATE, N_("first day it speaks of")),
        Column("period_end", Kind.DATE, N_("last day it speaks of")),
    ),
)
BUDGET = Shape(
    "budget",
    N_("Declared budget lines, in the currency declared"),
    (
        _PARTY,
        _PROVISION,
        _CYCLE,
        Column("fiscal_year", Kind.TEXT, N_("2025 or 2024/2025; empty where it was written otherwise")),
        Column("stage", Kind.CODE, N_("allocated or executed")),
        Column("purpose", Kind.CODE, N_("anti_trafficking; anti_drug, asked for comparison")),
        Column("amount", Kind.DECIMAL, N_("amount")),
        Column("currency", Kind.CODE, N_("ISO 4217")),
    ),
)
ACTIVITIES = Shape(
    "activities",
    N_("Activities and programmes of the Secretariat"),
    (
        Column("activity", Kind.CODE, N_("the activity")),
        Column("is_programme", Kind.YES_NO, N_("a programme, not one event")),
        Column("type", Kind.CODE, N_("what it was")),
        Column("starts_on", Kind.DATE, N_("first day")),
        Column("ends_on", Kind.DATE, N_("last day")),
        Column("date_precision", Kind.CODE, N_("how exact the source is: day, month or year")),
        Column("date_uncertain", Kind.YES_NO, N_("the source is ambiguous")),
        Column("country", Kind.CODE, N_("where it took place: ISO 3166 alpha-2")),
        Column("states", Kind.LIST, N_("States named in its entry")),
        _PILLARS,
        *_names("title"),
    ),
)
SHAPES = (
    PARTIES, INSTRUMENTS, PROVISIONS, INDICATORS, CYCLES, COMMITMENTS, COVERAGE, FIGURES, BUDGET, ACTIVITIES,
)  # fmt: skip
