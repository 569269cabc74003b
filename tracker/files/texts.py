"""The text of a file, place by place, for the personal-data check: bounded in pages, rows and characters."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from defusedxml.ElementTree import iterparse

MOST_CHARACTERS = 2_000_000
LONGEST_PASSAGE = 20_000
MOST_ROWS = 50_000
MOST_COLUMNS = 200
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WORD_PARTS = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml")
Passage = tuple[str, str]
"""(place, text). Places: ``page:3``, ``paragraph:12``, ``row:Sheet!4``, ``line:7``."""


def bounded(passages: Iterator[Passage]) -> tuple[list[Passage], bool]:
    """The passages up to ``MOST_CHARACTERS``, and whether there were more."""
    kept: list[Passage] = []
    total = 0
    for place, text in passages:
        text = text.strip()
        if not text:
            continue
        if total + len(text) > MOST_CHARACTERS:
            return kept, True
        total += len(text)
        kept.extend((place, text[at : at + LONGEST_PASSAGE]) for at in range(0, len(text), LONGEST_PASSAGE))
    return kept, False


def of_word(path: Path) -> Iterator[Passage]:
    """Paragraphs of body, tables, text boxes, headers, footers, notes and comments, in the order of the file."""
    with zipfile.ZipFile(path) as package:
        names = [name for name in package.namelist() if _WORD_PARTS.fullmatch(name)]
        for name in sorted(names, key=lambda name: (name != "word/document.xml", name)):
            with package.open(name) as part:
                yield from _paragraphs(part)


def _paragraphs(part: object) -> Iterator[Passage]:
    number = 0
    said: list[str] = []
    for _event, element in iterparse(part, events=("end",), forbid_dtd=True):
        if element.tag in (f"{_W}t", f"{_W}delText"):
            said.append(element.text or "")
        elif element.tag in (f"{_W}tab", f"{_W}br", f"{_W}tc"):
            said.append(" ")
        elif element.tag == f"{_W}p":
            number += 1
            yield f"paragraph:{number}", "".join(said)
            said = []
            element.clear()


def of_excel(path: Path) -> Iterator[Passage]:
    """Row by row with the heading of each column before its value: a number alone tells nothing."""
    import openpyxl  # only here: it would double the time that the process for every other kind of file takes

    with path.open("rb") as stream:  # by its name openpyxl would ask for an ending
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            rows = sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS, max_row=MOST_ROWS)
            yield from _table(f"{sheet.title}!", (["" if c is None else str(c) for c in row] for row in rows))


def of_csv(path: Path) -> Iterator[Passage]:
    text = _decoded(path)
    try:
        dialect: type[csv.Dialect] = csv.Sniffer().sniff(text[:4096], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel
    yield from _table("", islice(csv.reader(io.StringIO(text), dialect), MOST_ROWS))


def _table(sheet: str, rows: Iterator[list[str]]) -> Iterator[Passage]:
    heads: Sequence[str] | None = None
    for number, cells in enumerate(rows, 1):
        if not any(cells):
            continue
        if heads is None:
            heads = cells
            yield f"row:{sheet}{number}", "; ".join(cell for cell in cells if cell)
            continue
        named = (
            f"{heads[at]} {cell}" if at < len(heads) and heads[at] else cell for at, cell in enumerate(cells) if cell
        )
        yield f"row:{sheet}{number}", "; ".join(named)


def of_text(path: Path) -> Iterator[Passage]:
    for number, line in enumerate(_decoded(path).splitlines(), 1):
        yield f"line:{number}", line


def _decoded(path: Path) -> str:
    raw = path.read_bytes()
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")
