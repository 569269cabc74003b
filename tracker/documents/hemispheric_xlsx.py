"""The hemispheric report as a workbook: a sheet for each part. What people typed is text, never a formula or link."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import xlsxwriter

from tracker.documents.hemispheric_sections import Section, method, sections
from tracker.documents.hemispheric_words import Words
from tracker.documents.status_report_tables import Table
from tracker.domain.compliance import Share
from tracker.services.hemispheric_content import HemisphericReport
from tracker.wording import N_

LONGEST_CELL = 32_000
"""A cell of a workbook holds 32,767 characters."""
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}
_SHEETS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (N_("Coverage"), ("coverage", "states", "not-reported", "extensions", "trend")),
    (N_("Ratings"), ("pillars", "themes", "strengths")),
    (N_("Recommendations and mandates"), ("instrument",)),
    (N_("General Secretariat"), ("mandates", "agencies")),
)
"""Name of a sheet, and the keys (or their beginnings) of the sections on it."""


def render(report: HemisphericReport) -> bytes:
    """The workbook. The same report gives the same bytes."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, _OPTIONS)
    words = Words(report)
    book.set_properties({"title": words.document_title, "created": report.as_of.replace(tzinfo=None)})
    formats = {
        "title": book.add_format({"bold": True, "font_size": 16, "font_color": "#10264a"}),
        "section": book.add_format({"bold": True, "font_size": 13, "font_color": "#10264a"}),
        "head": book.add_format(
            {"bold": True, "bg_color": "#10264a", "font_color": "#ffffff", "text_wrap": True, "valign": "top"}
        ),
        "bold": book.add_format({"bold": True, "font_color": "#10264a"}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
    }
    _summary(_sheet(book, words, N_("Summary")), words, formats)
    made = sections(words)
    for name, keys in _SHEETS:
        _parts(_sheet(book, words, name), words, [s for s in made if s.key.startswith(keys)], formats)
    _practices(_sheet(book, words, N_("Good practices")), words, formats)
    _method(_sheet(book, words, N_("Method and limits")), words, formats)
    book.close()
    return stream.getvalue()


def _sheet(book: Any, words: Words, name: str) -> Any:
    sheet = book.add_worksheet(words.say(name)[:31])
    sheet.set_column(0, 0, 52)
    sheet.set_column(1, 30, 15)
    return sheet


def _summary(sheet: Any, words: Words, formats: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 120)
    lines = [words.subject, words.named(words.say(N_("As of")), words.as_of), words.issue_note, words.verify_note]
    sheet.write_string(0, 0, words.title, formats["title"])
    for row, text in enumerate([line for line in lines if line] + ["", *words.summary()], 1):
        sheet.write_string(row, 0, text, formats["text"])


def _parts(sheet: Any, words: Words, parts: list[Section], formats: dict[str, Any]) -> None:
    row = 0
    for section in parts:
        sheet.write_string(row, 0, section.title, formats["section"])
        row += 1
        for text in section.text:
            sheet.write_string(row, 0, text)
            row += 1
        for listed in section.tables:
            row = _table(sheet, row, section.title, listed.table, words, formats)
        row += 1


def _table(sheet: Any, row: int, section: str, table: Table, words: Words, formats: dict[str, Any]) -> int:
    """Write a table; the row where the next may begin. A share takes three cells: count, of how many, percent."""
    if table.title != section:
        sheet.write_string(row, 0, table.title, formats["bold"])
        row += 1
    if not table.rows:
        sheet.write_string(row, 0, table.empty)
        return row + 2
    shares = {c for c in range(len(table.head)) if any(isinstance(line[c], Share) for line in table.values)}
    column = 0
    for place, text in enumerate(table.head):
        heads = [text, words.say(N_("Of")), "%"] if place in shares else [text]
        for head in heads:
            sheet.write_string(row, column, head, formats["head"])
            column += 1
    for line in table.values:
        row, column = row + 1, 0
        for place, value in enumerate(line):
            for cell in _cells(value, place in shares):
                if isinstance(cell, int):
                    sheet.write_number(row, column, cell)
                elif cell:
                    sheet.write_string(row, column, str(cell)[:LONGEST_CELL], formats["text"])
                column += 1
    if table.note:
        row += 1
        sheet.write_string(row, 0, table.note)
    return row + 2


def _cells(value: Any, is_share: bool) -> list[Any]:
    if isinstance(value, Share):
        return [value.count, value.total, "" if value.percent is None else value.percent]
    return [value, "", ""] if is_share else [value]


def _practices(sheet: Any, words: Words, formats: dict[str, Any]) -> None:
    say = words.say
    head = (
        (say(N_("State")), 26),
        (say(N_("Code")), 12),
        (say(N_("Title")), 40),
        (say(N_("Text")), 90),
        (say(N_("Language")), 12),
        (say(N_("Address")), 40),
        (say(N_("Shared on")), 18),
    )
    for column, (text, width) in enumerate(head):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, text, formats["head"])
    for row, one in enumerate(words.report.practices, 1):
        cells = (one.state, one.provision_code, one.title, one.text, one.language, one.url, words.date(one.shared_on))
        for column, cell in enumerate(cells):
            sheet.write_string(row, column, cell[:LONGEST_CELL], formats["text"])


def _method(sheet: Any, words: Words, formats: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 110)
    for row, note in enumerate(method(words)):
        sheet.write_string(row, 0, note.heading, formats["bold"])
        sheet.write_string(row, 1, note.text, formats["text"])
