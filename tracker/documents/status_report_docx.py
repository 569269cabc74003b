"""The status report as a Word document: the sections of the PDF, block by block, and the same bytes again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from docx.enum.text import WD_BREAK
from docx.shared import Cm, Pt

from tracker.documents.qr import png
from tracker.documents.status_report_printed import Block, head, sections
from tracker.documents.status_report_words import Words
from tracker.documents.word import MUTED, NAVY, About, Word, run
from tracker.services.status_report_content import StatusReport

FONT = "Calibri"
MOST_LETTERS = 1_000_000
"""Of narratives, reasons and comments in one document, some 350 pages; beyond it each is shortened, and says so."""


def render(report: StatusReport) -> bytes:
    """The document. The same report gives the same bytes."""
    words = Words(report)
    return written(head(words), sections(words, MOST_LETTERS), report.language, report.as_of)


def written(about: dict[str, Any], parts: list[dict[str, Any]], language: str, as_of: datetime) -> bytes:
    """A document of a cover and sections of blocks, of whichever report."""
    word = Word(About(about["document_title"], about["publisher"], language, as_of), FONT)
    _cover(word, about)
    contents = word.document.add_paragraph()
    for part in parts:
        name = word.heading(part["title"], 1)
        line = contents.insert_paragraph_before()
        line.paragraph_format.space_after = Pt(3)
        word.to_heading(line, part["title"], name)
        for block in part["blocks"]:
            WRITE[block["kind"]](word, block, part["title"])
    # Contents end with their page.
    contents.add_run().add_break(WD_BREAK.PAGE)
    word.foot(about["footer"])
    return word.content()


def _cover(word: Word, about: dict[str, Any]) -> None:
    word.text(about["publisher"], size=12, bold=True, colour=NAVY, after=0)
    word.text(about["publisher_line"], size=9, colour=MUTED, after=120)
    word.text(about["title"], size=14, bold=True, colour="80600F", after=4)
    word.heading(about["name"], 0)
    if about["official_name"] and about["official_name"] != about["name"]:
        word.text(about["official_name"], size=13, colour=MUTED)
    word.text(about["subject"], size=12, bold=True, after=40)
    for label, value in about["cover"]:
        line = word.text("", after=4)
        run(line, f"{label}  ", size=9, colour=MUTED)
        run(line, value, size=11, bold=True, colour=NAVY)
    word.text(about["issue_note"], bold=True, colour=NAVY).paragraph_format.space_before = Pt(24)
    if about["verify_url"]:
        word.picture(png(about["verify_url"]), about["qr_alt"], Cm(3.2))
        word.text(about["verify_note"], size=9.5)
    for note in about["cover_notes"]:
        word.text(note, size=9, colour=MUTED)
    word.page_break()
    word.text(about["contents"], size=17, bold=True, colour=NAVY)


def _tiles(word: Word, block: Block, title: str) -> None:
    tiles = block["tiles"]
    values = [" · ".join(part for part in (tile["value"], tile["note"]) if part) for tile in tiles]
    word.table(title, [tile["label"] for tile in tiles], [values], [1] * len(tiles), size=10)


def _table(word: Word, block: Block, title: str) -> None:
    size = 8 if block["small"] else 9.5
    word.table(title, block["heads"], block["rows"], block["widths"], block["right"], size)


def _bars(word: Word, block: Block, title: str) -> None:
    """The parts of each bar in words; the picture stands in the PDF and on the page."""
    for row in block["rows"]:
        counted = [f"{key['label']} {count}" for key, count in zip(block["keys"], row["counts"], strict=True) if count]
        line = word.text("", after=2)
        run(line, row["label"], bold=True, colour=NAVY)
        run(line, f"  {row['total_text']}: {', '.join(counted)}")


def _list(word: Word, block: Block, title: str) -> None:
    for item in block["items"]:
        line = word.text("", after=4)
        line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Cm(2.2), Cm(-2.2)
        line.paragraph_format.tab_stops.add_tab_stop(Cm(2.2))
        run(line, f"{item['number']}\t", bold=True, colour=NAVY)
        run(line, f"{item['title']} ({item['date']}) " if item["date"] else f"{item['title']} ")
        word.to_web(line, item["where"], item["address"], size=9)


def _commitment(word: Word, c: Block, title: str) -> None:
    word.heading(f"{c['code']}  {c['title']}", 3)
    word.text(c["about"], size=9, colour=MUTED, keep=True)
    _label(word, c["asked_label"])
    word.text(c["asked"], italic=True, keep=True)
    if c["unofficial"]:
        word.text(c["unofficial"], size=8.5, colour=MUTED, keep=True)
    heads, values = zip(*c["facts"], strict=True)
    word.table(f"{c['code']} {c['title']}", heads, [values], (1.25, 1, 1, 1, 1), size=9)
    for part in c["parts"]:
        _label(word, part["label"])
        for one in part["texts"]:
            if one["head"]:
                word.text(one["head"], size=9.5, bold=True, colour="3C5378", keep=True, after=2)
            word.text(one["text"])
    if c["evidence"]:
        word.text(c["evidence"], size=9, colour=MUTED)


def _headed(word: Word, block: Block, title: str) -> None:
    line = word.text("")
    run(line, f"{block['head']}. ", bold=True, colour=NAVY)
    run(line, block["text"])


def _label(word: Word, text: str) -> None:
    word.text(text, size=9, bold=True, colour="80600F", keep=True, after=2)


def _note(word: Word, block: Block, title: str) -> None:
    word.text(block["text"], size=9, colour=MUTED)


WRITE: dict[str, Callable[[Word, Block, str], object]] = {
    "tiles": _tiles,
    "text": lambda word, block, title: word.text(block["text"]),
    "note": _note,
    "lead": lambda word, block, title: word.text(block["text"], size=9, colour=MUTED, keep=True),
    "finding": lambda word, block, title: word.text(block["text"], size=11.5, bold=True, colour="3C5378", keep=True),
    "head": lambda word, block, title: word.heading(block["text"], 2),
    "headed": _headed,
    "table": _table,
    "bars": _bars,
    "list": _list,
    "commitment": _commitment,
}
"""What writes each kind of block."""
