"""The cells to fill in: unlocked, white, each with its help, its list or its check, and its value as it stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from tracker import wording
from tracker.documents import workbook_phrases as phrases
from tracker.domain.measures import BETWEEN_CHOICES, CURRENCIES, YES, DataType, parts_of_choice
from tracker.domain.vocabulary import SELF_RATINGS, BudgetPurpose, BudgetStage
from tracker.services.workbook_content import ANSWERS, BUDGET, INDICATORS, Texts
from tracker.wording import N_

HIDDEN_SHEET = "tracker"
LISTS_FROM = 2
"""Column of the hidden sheet where the words of the drop-downs begin; before it stand signature and first content."""
LONGEST_HELP = 255
LONGEST_TEXT = 20_000
MOST_EXACT_DIGITS = 15
"""A number of a spreadsheet keeps fifteen digits: a longer one is written as text."""
YES_WORD, NO_WORD, NOT_AVAILABLE = N_("Yes"), N_("No"), N_("Not available")


class Inputs:
    """Writes cells to fill in. ``cell``: what all of them look like."""

    def __init__(self, book: Any, say: Callable[[str], str], lang: str, cell: dict[str, Any]) -> None:
        self.say = say
        self.lang = lang
        # Without locking; as text, so that a line that begins with = or - stays what it is.
        self.text = book.add_format(cell | {"locked": False, "num_format": "@"})
        self.number = book.add_format(cell | {"locked": False, "align": "right"})
        self.date = book.add_format(cell | {"locked": False, "num_format": "yyyy-mm-dd", "align": "left"})
        self.grouped = book.add_format(cell | {"locked": False, "num_format": "#,##0.00####", "align": "right"})
        self._lists: dict[tuple[str, ...], int] = {}
        """The words of each drop-down, and which column of the hidden sheet holds them."""
        self._checks: dict[tuple[tuple[str, Any], ...], list[tuple[int, int]]] = {}
        """Help and check of the cells of one sheet, and the cells they are for."""

    def finish(self, sheet: Any) -> None:
        """Write the help and checks of a sheet: once for all cells that have the same."""
        for check, cells in self._checks.items():
            row, column = cells[0]
            ranges = " ".join(_ranges(cells))
            sheet.data_validation(row, column, row, column, dict(check) | {"multi_range": ranges})
        self._checks.clear()

    def _check(self, row: int, column: int, check: dict[str, Any]) -> None:
        self._checks.setdefault(tuple(check.items()), []).append((row, column))

    def write_lists(self, sheet: Any) -> None:
        for words, number in self._lists.items():
            for row, word in enumerate(words):
                sheet.write_string(row, LISTS_FROM + number, word)

    def rating(self, sheet: Any, row: int, column: int, value: str) -> None:
        words = {rating.value: wording.label(rating, self.lang) for rating in SELF_RATINGS}
        self._choice(sheet, row, column, words, value, phrases.HELP[ANSWERS, "rating"])

    def purpose(self, sheet: Any, row: int, column: int, value: str) -> None:
        words = {one.value: wording.label(one, self.lang) for one in BudgetPurpose}
        self._choice(sheet, row, column, words, value, phrases.HELP[BUDGET, "purpose"])

    def stage(self, sheet: Any, row: int, column: int, value: str) -> None:
        words = {one.value: wording.label(one, self.lang) for one in BudgetStage}
        self._choice(sheet, row, column, words, value, phrases.HELP[BUDGET, "stage"])

    def axis(self, sheet: Any, row: int, column: int, value: str, axes: tuple[Texts, ...]) -> None:
        words = {f"{number}": wording.pick(axis, self.lang) for number, axis in enumerate(axes, 1)}
        self._choice(sheet, row, column, words, value, phrases.HELP[INDICATORS, "axis"])

    def currency(self, sheet: Any, row: int, column: int, value: str) -> None:
        self._choice(sheet, row, column, {code: code for code in CURRENCIES}, value, phrases.CURRENCY_HELP)

    def not_available(self, sheet: Any, row: int, column: int, chosen: bool) -> None:
        words = {YES: self.say(NOT_AVAILABLE)}
        self._choice(sheet, row, column, words, YES if chosen else "", phrases.HELP[INDICATORS, "not_available"])

    def long_text(self, sheet: Any, row: int, column: int, text: str, help_text: str) -> None:
        """A narrative, with the reminder of what must not stand in it."""
        self._write_text(sheet, row, column, text)
        self._check(
            row,
            column,
            {"validate": "length", "criteria": "<=", "value": LONGEST_TEXT}
            | self._help(f"{self.say(help_text)} {self.say(phrases.NO_NAMES)}")
            | self._refusal(phrases.TOO_LONG, "stop"),
        )

    def short_text(self, sheet: Any, row: int, column: int, text: str, help_text: str) -> None:
        self._write_text(sheet, row, column, text)
        self._check(row, column, {"validate": "any"} | self._help(self.say(help_text)))

    def amount(self, sheet: Any, row: int, column: int, value: str) -> None:
        self._figure(sheet, row, column, value, phrases.HELP[BUDGET, "amount"], DataType.MONEY)

    def day(self, sheet: Any, row: int, column: int, value: str, help_text: str) -> None:
        if value:
            sheet.write_datetime(row, column, date.fromisoformat(value), self.date)
        else:
            sheet.write_blank(row, column, None, self.date)
        check = {"validate": "date", "criteria": "between", "minimum": date(1900, 1, 1), "maximum": date(2199, 12, 31)}
        self._check(row, column, check | self._help(self.say(help_text)) | self._refusal(phrases.WRONG_DATE))

    def value(self, sheet: Any, row: int, column: int, value: str, data_type: str, choices: tuple[Texts, ...]) -> None:
        """The value of an indicator, by its type."""
        help_text = phrases.VALUE_HELP[data_type]
        words = {choice["en"]: wording.pick(choice, self.lang) for choice in choices}
        if data_type == DataType.BOOLEAN:
            self._choice(sheet, row, column, {word: self.yes_or_no(word) for word in ("yes", "no")}, value, help_text)
        elif data_type == DataType.CHOICE:
            self._choice(sheet, row, column, words, value, help_text)
        elif data_type == DataType.MULTI_CHOICE:
            said = BETWEEN_CHOICES.join(words.get(one, one) for one in parts_of_choice(value))
            self._write_text(sheet, row, column, said)
            listed = f"{self.say(help_text)} {BETWEEN_CHOICES.join(words.values())}"
            self._check(row, column, {"validate": "any"} | self._help(listed))
        elif data_type == DataType.DATE:
            self.day(sheet, row, column, value, help_text)
        else:
            self._figure(sheet, row, column, value, help_text, data_type)

    def yes_or_no(self, value: str) -> str:
        return self.say({"yes": YES_WORD, "no": NO_WORD}.get(value, ""))

    def _figure(self, sheet: Any, row: int, column: int, value: str, help_text: str, data_type: str) -> None:
        shape = self.grouped if data_type == DataType.MONEY else self.number
        if len(value.replace(".", "").lstrip("-0")) > MOST_EXACT_DIGITS:
            self._write_text(sheet, row, column, value)
        elif value:
            sheet.write_number(row, column, float(value), shape)
        else:
            sheet.write_blank(row, column, None, shape)
        # A warning that can be passed over: "1.234,5" is read on return, whatever the program makes of it here.
        check: dict[str, Any] = {"validate": "decimal", "criteria": ">=", "value": 0}
        if data_type == DataType.PERCENTAGE:
            check = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100}
        elif data_type == DataType.NUMBER:
            check = {"validate": "decimal", "criteria": "between", "minimum": -1e18, "maximum": 1e18}
        self._check(row, column, check | self._help(self.say(help_text)) | self._refusal(phrases.WRONG_NUMBER))

    def _choice(self, sheet: Any, row: int, column: int, words: dict[str, str], value: str, help_text: str) -> None:
        """A drop-down; its words stand on the hidden sheet, because a list in the cell ends at 255 characters."""
        self._write_text(sheet, row, column, words.get(value, value))
        number = self._lists.setdefault(tuple(words.values()), len(self._lists))
        letter = _letter(LISTS_FROM + number)
        check = {"validate": "list", "source": f"={HIDDEN_SHEET}!${letter}$1:${letter}${len(words)}"}
        self._check(
            row,
            column,
            check | self._help(self.say(help_text)) | self._refusal(phrases.WRONG_CHOICE, "stop"),
        )

    def _write_text(self, sheet: Any, row: int, column: int, text: str) -> None:
        if text:
            sheet.write_string(row, column, text, self.text)
        else:
            sheet.write_blank(row, column, None, self.text)

    def _help(self, text: str) -> dict[str, Any]:
        return {"input_message": text[:LONGEST_HELP]}

    def _refusal(self, text: str, kind: str = "warning") -> dict[str, Any]:
        return {"error_message": self.say(text)[:LONGEST_HELP], "error_type": kind}


def _ranges(cells: list[tuple[int, int]]) -> list[str]:
    """Cells (row, column, from 0) as a spreadsheet names them, those below each other put together."""
    found: list[list[int]] = []
    for row, column in sorted(cells, key=lambda cell: (cell[1], cell[0])):
        if found and found[-1][0] == column and found[-1][2] == row - 1:
            found[-1][2] = row
        else:
            found.append([column, row, row])
    return [f"{_letter(column)}{first + 1}:{_letter(column)}{last + 1}" for column, first, last in found]


def _letter(column: int) -> str:
    """The name of a column: 0 is A."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
