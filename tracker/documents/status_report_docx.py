"""The status report as a Word document: the sections of the PDF, block by block, and the same bytes again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from docx.shared import Cm

from tracker.documents.qr import png
from tracker.documents.report_look import BIG, FACTS, FIGURES, LONG_NAME, REPORT, SMALL_FIGURES, TILES
from tracker.documents.status_report_printed import Block, head, sections
from tracker.documents.status_report_words import Words
from tracker.documents.word import TAB, About, Word, run
from tracker.services.status_report_content import StatusReport

MOST_LETTERS = 1_000_000
"""Of narratives, reasons and comments in one document, some 350 pages; beyond it each is shortened, and says so."""
LONGEST_WHOLE, LONGEST_OF_LINES = 13, 6
"""Rows up to which a table is kept on one page: of one line each, as in the PDF, and of several."""


def render(report: StatusReport) -> bytes:
    """The document. The same report gives the same bytes."""
    words = Words(report)
    return written(head(words), sections(words, MOST_LETTERS), report.language, report.as_of)


def written(about: dict[str, Any], parts: list[dict[str, Any]], language: str, as_of: datetime) -> bytes:
    """A document of a cover and sections of blocks, of whichever report."""
    word = Word(About(about["document_title"], about["publisher"], language, as_of), REPORT)
    _cover(word, about)
    word.contents(about["contents"])
    for number, part in enumerate(parts):
        word.heading(part["title"], 1, page_break=number == 0)
        for block in part["blocks"]:
            WRITE[block["kind"]](word, block, part["title"])
    word.foot(about["footer"])
    return word.content()


def _cover(word: Word, about: dict[str, Any]) -> None:
    word.text("CoverPublisher", about["publisher"])
    word.text("CoverLine", about["publisher_line"])
    word.text("CoverKind", about["title"])
    word.paragraph("Title", run(about["name"], look="" if len(about["name"]) <= LONG_NAME else BIG))
    if about["official_name"] and about["official_name"] != about["name"]:
        word.text("CoverOfficial", about["official_name"])
    word.text("CoverSubject", about["subject"])
    for label, value in about["cover"]:
        word.paragraph("Fact", run(label, "Quiet"), TAB, run(value, "FactValue"))
    word.text("IssueNote", about["issue_note"])
    if about["verify_url"]:
        address = about["verify_url"]
        word.picture("Picture", png(address), about["qr_alt"], Cm(2.7), address)
        word.text("CoverNote", about["verify_note"])
    for note in about["cover_notes"]:
        word.text("CoverNote", note)


def _tiles(word: Word, block: Block, title: str) -> None:
    tiles = block["tiles"]
    values = ["\n".join(part for part in (tile["value"], tile["note"]) if part) for tile in tiles]
    heads = [tile["label"] for tile in tiles]
    word.table(title, heads, [values], [1] * len(tiles), TILES)


def _table(word: Word, block: Block, title: str) -> None:
    look = SMALL_FIGURES if block["small"] else FIGURES
    is_whole = len(block["rows"]) <= (LONGEST_WHOLE if all(block["single"]) else LONGEST_OF_LINES)
    word.table(title, block["heads"], block["rows"], block["widths"], look, right=block["right"], keep=is_whole)


def _bars(word: Word, block: Block, title: str) -> None:
    """The parts of each bar in words; the picture stands in the PDF and on the page."""
    for row in block["rows"]:
        counted = [f"{key['label']} {count}" for key, count in zip(block["keys"], row["counts"], strict=True) if count]
        word.paragraph("Bar", run(row["label"], "Strong"), run(f"  {row['total_text']}: {', '.join(counted)}"))


def _list(word: Word, block: Block, title: str) -> None:
    for item in block["items"]:
        named = f"{item['title']} ({item['date']}) " if item["date"] else f"{item['title']} "
        where = word.to_web(item["where"], item["address"])
        word.paragraph("Evidence", run(item["number"], "Strong"), TAB, run(named), where)


def _commitment(word: Word, c: Block, title: str) -> None:
    word.heading(f"{c['code']}  {c['title']}", 3)
    word.text("Note", c["about"], keep=True)
    word.text("Label", c["asked_label"])
    word.text("Asked", c["asked"])
    word.text("Note", c["unofficial"], keep=True)
    heads, values = zip(*c["facts"], strict=True)
    word.table(f"{c['code']} {c['title']}", heads, [values], (1.25, 1, 1, 1, 1), FACTS)
    for part in c["parts"]:
        word.text("Label", part["label"])
        for one in part["texts"]:
            word.text("Subhead", one["head"])
            word.text("Normal", one["text"])
    word.text("Note", c["evidence"])


def _headed(word: Word, block: Block, title: str) -> None:
    word.paragraph("Normal", run(f"{block['head']}. ", "Strong"), run(block["text"]))


def _in(style: str) -> Callable[[Word, Block, str], object]:
    return lambda word, block, _title: word.text(style, block["text"])


WRITE: dict[str, Callable[[Word, Block, str], object]] = {
    "tiles": _tiles,
    "text": _in("Normal"),
    "note": _in("Note"),
    "lead": _in("Lead"),
    "finding": _in("Finding"),
    "head": lambda word, block, _title: word.heading(block["text"], 2),
    "headed": _headed,
    "table": _table,
    "bars": _bars,
    "list": _list,
    "commitment": _commitment,
}
"""What writes each kind of block."""
