"""Reads the rows of a spreadsheet that came back: lines that differ from what it was made from, and what is wrong.

Nothing stops at the first mistake: each cell that cannot be taken becomes a ``Problem`` with sheet and cell, and the
other lines go on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from tracker.domain import cells
from tracker.domain.cells import BadCell, Cell
from tracker.domain.measures import YES, DataType
from tracker.domain.text import without_unusable
from tracker.models import Indicator
from tracker.models.base import LINE, NAME, TEXT
from tracker.services import workbook_words as words
from tracker.services.workbook_content import ANSWERS, BUDGET, FIELDS, INDICATORS, ReturnedRow, Row
from tracker.services.workbook_lines import BY_FIELD, Key, Line, category_of, fields_of, parse_key, part
from tracker.services.workbooks import Item

FISCAL_YEAR = 20
SHOWN = 120
"""Of what stands in a cell that cannot be taken, so many characters are told."""
FIRST_ADDED = 500
"""Rows without a key that belong to an indicator are numbered from here."""
MOST_LINES = 600


@dataclass(frozen=True)
class Problem:
    """Something in the file that cannot be taken."""

    place: str
    """``Indicators!F12``; "" where it is about the file."""
    code: str
    typed: str = ""
    about: str = ""
    """Code of the element, indicator or provision."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Problem:
        return cls(**plain)


@dataclass
class Reader:
    """Reads rows against what this person may answer now. ``base``: what each row said when the file was made."""

    items: Mapping[int, Item]
    base: Mapping[int, Mapping[str, Row] | None]
    """By report; None where the file no longer tells."""
    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)
    _categories: set[tuple[int, str, int, str]] = field(default_factory=set)
    _closed: set[tuple[int, str]] = field(default_factory=set)
    _added: int = FIRST_ADDED

    def read(self, rows: Iterable[ReturnedRow]) -> None:
        for row in rows:
            key = self._key(row)
            if key is None:
                continue
            said, wrong = self._said(row, key)
            if said is not None:
                self._compare(row, key, said, wrong)
        if len(self.lines) > MOST_LINES:
            self.problems.append(Problem(self.lines[MOST_LINES].place, "too_many_lines"))
            del self.lines[MOST_LINES:]

    def _key(self, row: ReturnedRow) -> Key | None:
        """Which row this is; None for an empty one and, with a problem, for one that is none of the file's."""
        blank = all(cell.is_blank for cell in row.cells.values())
        key = parse_key(row.key)
        if key is None and not row.key and not blank:
            key = self._by_code(row)
        if key is None or key.sheet != row.sheet or key.report_id not in self.items or not self._is_known(key):
            if row.key or not blank:
                self._wrong(Problem(row.place, "unknown_row", _shown(row.key or row.code), row.code))
            return None
        text = f"{key}"
        if text in self._seen:
            if key.sheet == INDICATORS and key.number:
                return self._another(key)
            if not blank:
                self._wrong(Problem(row.place, "twice", about=row.code))
            return None
        self._seen.add(text)
        return key

    def _is_known(self, key: Key) -> bool:
        """Whether the report has such a row at all; whether it is this person's is asked where it differs."""
        provision = self.items[key.report_id].report.commitment.provision
        if key.sheet == ANSWERS:
            return any(one.code == key.about for one in provision.elements)
        if key.sheet == INDICATORS:
            return any(one.code == key.about and not one.computed for one in provision.indicators)
        return key.sheet != BUDGET or provision.asks_budget

    def _by_code(self, row: ReturnedRow) -> Key | None:
        """A row that was put in by hand: known by its code, where only one report has it."""
        if row.sheet != INDICATORS:
            return None
        found = [i for i, item in self.items.items() if any(one.code == row.code for one in item.indicators)]
        return self._another(Key(INDICATORS, found[0], row.code)) if len(found) == 1 else None

    def _another(self, key: Key) -> Key:
        self._added += 1
        return Key(INDICATORS, key.report_id, key.about, self._added)

    def _said(self, row: ReturnedRow, key: Key) -> tuple[Row | None, frozenset[str]]:
        """What the row says, and the fields that could not be read; None where it can only be taken as a whole."""
        if key.sheet in BY_FIELD:
            return self._fields(row)
        before = len(self.problems)
        said = self._indicator(row, key) if key.sheet == INDICATORS else self._budget(row)
        return (said if len(self.problems) == before else None), frozenset()

    def _compare(self, row: ReturnedRow, key: Key, said: Row, wrong: frozenset[str]) -> None:
        base = self.base[key.report_id]
        was = None if base is None else base.get(f"{key}", {})
        item = self.items[key.report_id]
        for name in fields_of(key.sheet):
            if name in wrong or (name and name not in row.cells):
                continue
            says, before = part(said, name) or {}, part(was, name)
            if says == before or (before is None and not says):
                continue
            place = row.cells[name].place if name else row.place
            if not item.is_open or not item.answers(key):
                self._refuse(key, place, "not_open" if not item.is_open and item.elements else "not_yours", row.code)
                continue
            self.lines.append(Line(f"{key}", name, place, before, says))

    def _refuse(self, key: Key, place: str, code: str, about: str) -> None:
        """Told once for each report that is no longer open, for each row that is not this person's."""
        once = (key.report_id, "" if code == "not_open" else f"{key}")
        if once not in self._closed:
            self._closed.add(once)
            self._wrong(Problem(place, code, about=about))

    def _wrong(self, problem: Problem) -> None:
        if len(self.problems) < MOST_LINES:
            self.problems.append(problem)

    def _fields(self, row: ReturnedRow) -> tuple[Row, frozenset[str]]:
        said: Row = {}
        wrong = set()
        for name in FIELDS[row.sheet]:
            before = len(self.problems)
            if name == "rating":
                said[name] = self._take(row, name, lambda cell: cells.read_word(cell, words.ratings()))
            else:
                said[name] = self._take(row, name, lambda cell: cells.read_text(cell, TEXT))
            if len(self.problems) > before:
                wrong.add(name)
        return _filled(said), frozenset(wrong)

    def _indicator(self, row: ReturnedRow, key: Key) -> Row:
        indicator = next(
            one for one in self.items[key.report_id].report.commitment.provision.indicators if one.code == key.about
        )
        take = self._take
        absent = take(row, "not_available", lambda cell: _flag(cells.read_mark(cell, words.not_available())))
        value_cell = row.cells.get("value", Cell())
        if not value_cell.fault and words.is_not_available(cells.said(value_cell.raw)):
            absent, value = YES, ""
        else:
            value = take(row, "value", lambda cell: _measure(cell, indicator))
        said = {
            "value": value,
            "not_available": absent,
            "from": take(row, "from", cells.read_day),
            "to": take(row, "to", cells.read_day),
            "note": take(row, "note", lambda cell: cells.read_text(cell, LINE)),
        }
        if indicator.data_type == DataType.MONEY:
            said["currency"] = take(row, "currency", cells.read_currency)
        if key.number:
            said["category"] = take(row, "category", lambda cell: cells.read_text(cell, NAME, multiline=False))
            said["axis"] = take(row, "axis", lambda cell: cells.read_word(cell, words.axes_of(indicator)))
        filled = _filled(said)
        if filled.keys() <= {"axis"}:
            return {}
        if key.number and "axis" not in filled and len(indicator.disaggregation) == 1:
            filled["axis"] = "1"
        self._check_indicator(row, key, indicator, filled)
        return filled

    def _check_indicator(self, row: ReturnedRow, key: Key, indicator: Indicator, said: Row) -> None:
        if "value" in said and "not_available" in said:
            self._at(row, "not_available", "value_and_not_available")
        if indicator.data_type == DataType.MONEY and "value" in said and "currency" not in said:
            self._at(row, "currency", "currency_missing")
        if "from" in said and "to" in said and said["from"] > said["to"]:
            self._at(row, "to", "period_order")
        if not key.number:
            return
        if "category" not in said:
            self._at(row, "category", "category_missing")
        if "axis" not in said:
            self._at(row, "axis", "axis_missing")
        about = (key.report_id, *category_of(key.about, said))
        if about in self._categories:
            self._at(row, "category", "twice")
        self._categories.add(about)

    def _budget(self, row: ReturnedRow) -> Row:
        take = self._take
        said = {
            "purpose": take(row, "purpose", lambda cell: cells.read_word(cell, words.purposes())),
            "stage": take(row, "stage", lambda cell: cells.read_word(cell, words.stages())),
            "year": take(row, "year", lambda cell: cells.read_text(cell, FISCAL_YEAR, multiline=False)),
            "amount": take(row, "amount", cells.read_amount),
            "currency": take(row, "currency", cells.read_currency),
            "note": take(row, "note", lambda cell: cells.read_text(cell, LINE)),
        }
        filled = _filled(said)
        for name in FIELDS[BUDGET]:
            cell = row.cells.get(name)
            if filled and name != "note" and name not in filled and (cell is None or cell.is_blank):
                self._at(row, name, "missing")
        return filled

    def _take(self, row: ReturnedRow, name: str, read: Any) -> str:
        """The value of a cell; "" with a problem where it cannot be taken, and where the column is not there."""
        cell = row.cells.get(name)
        if cell is None:
            return ""
        try:
            value: str = read(cell)
        except BadCell as error:
            self._at(row, name, error.code)
            return ""
        return value

    def _at(self, row: ReturnedRow, name: str, code: str) -> None:
        cell = row.cells.get(name, Cell(row.place))
        typed = "" if cell.fault else _shown(cells.said(cell.raw))
        self._wrong(Problem(cell.place or row.place, code, typed, row.code))


def _measure(cell: Cell, indicator: Indicator) -> str:
    choices = [choice["en"] for choice in indicator.choices]
    return cells.read_measure(cell, indicator.data_type, choices, words.values_of(indicator))


def _flag(on: bool) -> str:
    return YES if on else ""


def _filled(values: Row) -> Row:
    return {name: text for name, text in values.items() if text}


def _shown(text: str) -> str:
    return without_unusable(text[: SHOWN + 1])[:SHOWN]
