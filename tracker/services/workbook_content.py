"""A State's open items as one spreadsheet, and a spreadsheet that came back: plain data.

A row of the spreadsheet is known by its key, which stands in a hidden column: ``a:<report>:<element>`` (an answer),
``i:<report>:<indicator>:<n>`` (an indicator: row 0 is the whole, the others one category of a disaggregation each),
``b:<report>:<n>`` (a budget line), ``w:<report>`` (of the whole report). What a row says is a dictionary from field to
canonical text that holds what is not empty: an empty row is ``{}``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from tracker.domain.cells import Cell
from tracker.domain.vocabulary import Role

Row = dict[str, str]
"""What one row says: field to canonical text, without what is empty."""
Texts = dict[str, str]
"""A text by language."""

ANSWERS, INDICATORS, BUDGET, WHOLE = "answers", "indicators", "budget", "whole"
SHEETS = (ANSWERS, INDICATORS, BUDGET, WHOLE)
LETTERS = {ANSWERS: "a", INDICATORS: "i", BUDGET: "b", WHOLE: "w"}
"""With which letter the keys of a sheet begin."""
FIELDS: dict[str, tuple[str, ...]] = {
    ANSWERS: ("rating", "narrative"),
    INDICATORS: ("axis", "category", "value", "currency", "not_available", "from", "to", "note"),
    BUDGET: ("purpose", "stage", "year", "amount", "currency", "note"),
    WHOLE: ("obstacles", "help_needed", "summary"),
}
"""What is filled in on each sheet, in the order of its columns."""
KEY = "key"
CODE = "code"
BLANK_CATEGORIES = 5
"""Empty rows for the categories of each indicator that is broken down."""
BLANK_BUDGET = 6


@dataclass(frozen=True)
class AnswerLine:
    """One element."""

    key: str
    code: str
    title: Texts
    """Of the provision."""
    label: Texts
    """Of the element; empty where it stands for the whole provision."""
    words: str
    """The exact words of the source, in English."""
    translation: Texts
    """The unofficial translation of the whole provision, where the element stands for it."""
    due_on: date
    cycle: Texts
    previous: str
    said: Row


@dataclass(frozen=True)
class IndicatorLine:
    """One indicator as a whole (``number`` 0), or one category of it."""

    key: str
    code: str
    cycle: Texts
    number: int
    label: Texts
    unit: Texts
    note: Texts
    data_type: str
    choices: tuple[Texts, ...]
    axes: tuple[Texts, ...]
    """The disaggregations, axis 1 first."""
    previous: str
    """Canonical value of the last cycle, for the whole."""
    previous_currency: str
    said: Row


@dataclass(frozen=True)
class BudgetLine:
    key: str
    code: str
    title: Texts
    cycle: Texts
    said: Row


@dataclass(frozen=True)
class WholeLine:
    """What is said of a report beyond its elements."""

    key: str
    code: str
    title: Texts
    due_on: date
    cycle: Texts
    said: Row


@dataclass(frozen=True)
class Seal:
    """What is signed: for whom, when and from what the spreadsheet was made."""

    party: str
    """Code of the party."""
    user_id: int
    language: str
    made_at: datetime
    reports: dict[int, tuple[int, str]]
    """Version and digest of the content of each report in it, by the report's id."""
    base_digest: str
    """Of ``Workbook.base``."""
    sheets: tuple[str, ...]


@dataclass(frozen=True)
class Workbook:
    """All that stands in the spreadsheet."""

    party: Texts
    person: str
    role: Role
    language: str
    made_at: datetime
    time_zone: str
    cycles: tuple[Texts, ...]
    answers: tuple[AnswerLine, ...]
    indicators: tuple[IndicatorLine, ...]
    budget: tuple[BudgetLine, ...]
    whole: tuple[WholeLine, ...]
    seal: Seal
    base: str
    """What each row said when the spreadsheet was made, as JSON: report id → row → field → text."""
    address: str = ""
    """Where to send it back."""

    @property
    def sheets(self) -> tuple[str, ...]:
        """The sheets to fill in that there are."""
        return tuple(name for name in SHEETS if getattr(self, name))

    @property
    def is_empty(self) -> bool:
        return not self.sheets


@dataclass(frozen=True)
class ReturnedRow:
    """A row of a spreadsheet that came back, unread."""

    sheet: str
    key: str
    code: str
    place: str
    """Sheet and row, as people find it: ``Answers!12``."""
    cells: dict[str, Cell]


@dataclass(frozen=True)
class ReturnedBook:
    """A spreadsheet that came back, unread."""

    seal: str
    """As it was written; "" where there is none."""
    base: str
    rows: tuple[ReturnedRow, ...] = ()
    sheets: dict[str, str] = field(default_factory=dict)
    """The sheets that were found, and what they are called in the file."""
    cut_off: tuple[str, ...] = ()
    """Sheets with more rows than are read."""
