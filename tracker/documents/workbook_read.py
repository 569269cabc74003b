"""Reads a spreadsheet that came back, from Excel or LibreOffice, into plain cells. What they mean is asked elsewhere.

Sheets are known by the mark in their hidden first cell and columns by the names in the hidden first row, whatever the
sheets are called, wherever the columns stand and however the rows are sorted.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any, BinaryIO

import openpyxl
from openpyxl.utils import get_column_letter

from tracker.documents.workbook import MARK, SEAL_PROPERTY
from tracker.documents.workbook_cells import HIDDEN_SHEET
from tracker.domain.cells import ERROR, FORMULA, Cell
from tracker.domain.errors import Unmet
from tracker.services.workbook_content import CODE, FIELDS, ReturnedBook, ReturnedRow

MOST_ROWS = 3000
"""Of a sheet; ours have some hundred."""
MOST_COLUMNS = 30
MOST_PARTS = 500
MOST_SHEETS = 20
MOST_TAGS = 200_000
"""In the parts beside the sheets; ours have some five thousand."""
_FORMULA = re.compile(rb"<(\w+:)?f[\s>/]")


def read(stream: BinaryIO) -> ReturnedBook:
    """The rows of all sheets that are ours, the signature and what the rows said when the file was made.

    The file has passed ``services.workbook_return.check_file``. Raises Unmet(file="damaged") for what cannot be read.
    """
    try:
        with warnings.catch_warnings():
            # What openpyxl does not keep (a drop-down of a newer kind, a picture) is nothing that is read here.
            warnings.simplefilter("ignore")
            return _read(stream)
    except Exception:  # a broken file makes the library fail in whatever way: it is the file that is at fault
        raise Unmet(file="damaged") from None


def _read(stream: BinaryIO) -> ReturnedBook:
    formulas = _has_formulas(stream)
    stream.seek(0)
    typed = openpyxl.load_workbook(stream, read_only=True, data_only=False, keep_links=False)
    worked_out = typed
    if formulas:
        stream.seek(0)
        worked_out = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    try:
        rows: list[ReturnedRow] = []
        sheets: dict[str, str] = {}
        cut_off = []
        seal, base = "", ""
        for sheet, results in list(zip(typed.worksheets, worked_out.worksheets, strict=True))[:MOST_SHEETS]:
            lines = _lines(sheet, results)
            first = next(lines, [])
            name = _name(first)
            if name in FIELDS and name not in sheets:
                sheets[name] = sheet.title
                found = list(_rows(name, sheet.title, first, lines))
                rows += found[:MOST_ROWS]
                if len(found) > MOST_ROWS:
                    cut_off.append(name)
            elif sheet.title == HIDDEN_SHEET:
                seal, base = _hidden(first, lines)
        return ReturnedBook(_properties(typed) or seal, base, tuple(rows), sheets, tuple(cut_off))
    finally:
        typed.close()
        worked_out.close()


Pair = tuple[Any, Any]
"""A cell as typed, and as worked out."""


def _lines(sheet: Any, results: Any) -> Iterator[list[Pair]]:
    limits = {"max_row": MOST_ROWS + 10, "max_col": MOST_COLUMNS}
    # A file may claim to be smaller than it is: what it says of its size is not asked.
    sheet.reset_dimensions()
    results.reset_dimensions()
    if results is sheet:
        yield from ([(cell, cell) for cell in cells] for cells in sheet.iter_rows(**limits))
        return
    for cells, values in zip_longest(sheet.iter_rows(**limits), results.iter_rows(**limits), fillvalue=()):
        yield list(zip_longest(cells, values))


def _has_formulas(stream: BinaryIO) -> bool:
    """Ours have none, and a file without them is read once only.

    Raises ValueError where its texts and styles have more parts than are worth reading: half a million take minutes.
    """
    with zipfile.ZipFile(stream) as package:
        sheets = [name for name in package.namelist() if name.startswith("xl/worksheets/")]
        others = [name for name in package.namelist() if name.endswith(".xml") and name not in sheets]
        if sum(package.read(name).count(b"<") for name in others) > MOST_TAGS:
            raise ValueError("too many parts")
        return any(_FORMULA.search(package.read(name)) for name in sheets)


def _name(first: list[Pair]) -> str:
    mark = first[0][0].value if first and first[0][0] is not None else None
    return mark.removeprefix(MARK) if isinstance(mark, str) and mark.startswith(MARK) else ""


def _rows(name: str, title: str, first: list[Pair], lines: Iterator[list[Pair]]) -> Iterator[ReturnedRow]:
    columns = {f"{cell.value}": at for at, (cell, _result) in enumerate(first) if cell is not None and cell.value}
    for number, pairs in enumerate(lines, 2):
        if number == 2:  # the headings
            continue
        cells = {
            field: _cell(pairs[at] if at < len(pairs) else (None, None), f"{title}!{get_column_letter(at + 1)}{number}")
            for field in FIELDS[name]
            if (at := columns.get(field)) is not None
        }
        key = _text(pairs, 0)
        if key or any(not cell.is_blank for cell in cells.values()):
            yield ReturnedRow(name, key, _text(pairs, columns.get(CODE)), f"{title}!{number}", cells)


def _text(pairs: list[Pair], at: int | None) -> str:
    if at is None or at >= len(pairs) or pairs[at][0] is None:
        return ""
    value = pairs[at][0].value
    return value.strip()[:100] if isinstance(value, str) else ""


def _cell(pair: Pair, place: str) -> Cell:
    typed, result = pair
    if typed is None or typed.value is None:
        return Cell(place)
    percent = "%" in (typed.number_format or "")
    if typed.data_type == "f":
        if result is None or result.value is None:
            return Cell(place, fault=FORMULA)
        typed = result
    if typed.data_type == "e":
        return Cell(place, fault=ERROR)
    value = typed.value
    known = value if isinstance(value, str | int | float | bool) or hasattr(value, "isoformat") else f"{value}"
    return Cell(place, known, percent)


def _properties(book: Any) -> str:
    """The signature from the document's properties, which a copy of the sheets keeps."""
    parts = {one.name: one.value for one in book.custom_doc_props.props}
    found = ""
    for number in range(1, MOST_PARTS):
        part = parts.get(f"{SEAL_PROPERTY}{number:02}")
        if not isinstance(part, str):
            break
        found += part
    return found


def _hidden(first: list[Pair], lines: Iterator[list[Pair]]) -> tuple[str, str]:
    seal: list[str] = []
    base: list[str] = []
    for pairs in (first, *lines):
        for column, kept in enumerate((seal, base)):
            cell = pairs[column][0] if column < len(pairs) else None
            if cell is not None and isinstance(cell.value, str):
                kept.append(cell.value)
    return "".join(seal), "".join(base)
