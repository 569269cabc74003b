"""Sheets of a status report: any table of ``Words`` with numbers as numbers, days as days, the rest as text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from tracker.documents.status_report_tables import Table, Value
from tracker.documents.status_report_words import Words
from tracker.domain.compliance import Share
from tracker.wording import N_

LONGEST_CELL = 32_000
"""A cell of a workbook holds 32,767 characters."""
LONGEST_NAME = 31
MOST_DIGITS = 15
"""A spreadsheet keeps this many digits of a number; a longer one is written as text."""
WIDTHS: dict[str, tuple[int, ...]] = {
    "trend": (18, 12, 12, 12, 16, 16, 16, 16, 16, 16),
    "series": (11, 60, 16, 40, 22, 10),
    "budget": (14, 11, 22, 10, 26, 26, 12),
    "evidence": (12, 60, 20, 70),
    "extensions": (11, 50, 12, 12, 12, 16, 16),
}
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\']")

Formats = dict[str, Any]


def name_of(title: str) -> str:
    """The title as the name of a sheet."""
    return _NOT_IN_A_NAME.sub(" ", title)[:LONGEST_NAME].strip()


def add(book: Any, table: Table, words: Words, formats: Formats) -> None:
    """A sheet with this table: heads frozen, a filter over them; what stands in place of no rows, below."""
    sheet = book.add_worksheet(name_of(table.title))
    shares = {i for row in table.values for i, value in enumerate(row) if isinstance(value, Share)}
    heads: list[str] = []
    for column, (text, width) in enumerate(zip(table.head, WIDTHS[table.key], strict=True)):
        parts = [text]
        if column in shares:
            parts += [words.named(text, words.say(N_("Of"))), words.named(text, "%")]
        for part in parts:
            sheet.set_column(len(heads), len(heads), width)
            heads.append(part)
    row_of(sheet, 0, heads, formats, "head")
    for number, row in enumerate(table.values, 1):
        cells = [cell for i, value in enumerate(row) for cell in (_parts(value) if i in shares else (value,))]
        row_of(sheet, number, cells, formats)
    sheet.freeze_panes(1, 1)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(heads) - 1)
    elif table.empty:
        cell(sheet, 1, 0, table.empty, formats, "plain")
    print_wide(sheet)


def row_of(sheet: Any, row: int, values: Sequence[Value], formats: Formats, look: str = "text") -> None:
    for column, value in enumerate(values):
        cell(sheet, row, column, value, formats, look)


def cell(sheet: Any, row: int, column: int, value: Value, formats: Formats, look: str = "text") -> None:
    """One cell by the kind of its value. Text is never a formula, a link or a number."""
    if value is None or value == "":
        sheet.write_blank(row, column, None, formats[look])
    elif isinstance(value, str):
        sheet.write_string(row, column, value[:LONGEST_CELL], formats[look])
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, formats["date"])
    elif isinstance(value, Share):
        cell(sheet, row, column, f"{value.count}/{value.total}", formats, look)
    elif isinstance(value, Decimal) and len(value.as_tuple().digits) > MOST_DIGITS:
        sheet.write_string(row, column, str(value), formats[look])
    else:
        whole = value == int(value)
        sheet.write_number(row, column, value, formats["whole" if whole else "number"])


def print_wide(sheet: Any) -> None:
    """On paper: landscape, as wide as the page, the heads on each page."""
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _parts(value: Value) -> tuple[Value, ...]:
    if isinstance(value, Share):
        return value.count, value.total, value.percent
    return None, None, None
