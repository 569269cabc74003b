"""The status report as a workbook: a sheet for each part. What people typed is text, never a formula or link."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import xlsxwriter

from tracker.documents.status_report_declared import budget, figures
from tracker.documents.status_report_method import method
from tracker.documents.status_report_sheets import LONGEST_CELL, add, name_of, print_wide, row_of
from tracker.documents.status_report_tables import PillarRow
from tracker.documents.status_report_words import MISSING, RATINGS, STRENGTHS, Words
from tracker.services.status_report_content import CommitmentLine, Stage, Statement, StatusReport
from tracker.wording import N_

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}


def render(report: StatusReport) -> bytes:
    """The workbook. The same report gives the same figures as page and PDF."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, _OPTIONS)
    words = Words(report)
    book.set_properties(
        {
            "title": words.document_title,
            "subject": words.subject,
            "author": words.say(N_("Commitments Tracker")),
            "comments": words.issue_note,
            "created": report.as_of.replace(tzinfo=None),
        }
    )
    formats = {
        "title": book.add_format({"bold": True, "font_size": 16, "font_color": "#10264a"}),
        "head": book.add_format(
            {"bold": True, "bg_color": "#10264a", "font_color": "#ffffff", "text_wrap": True, "valign": "top"}
        ),
        "bold": book.add_format({"bold": True, "font_color": "#10264a"}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "plain": book.add_format({"valign": "top"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"}),
        "whole": book.add_format({"num_format": "#,##0", "valign": "top"}),
        "number": book.add_format({"num_format": "#,##0.00", "valign": "top"}),
    }
    _summary(book.add_worksheet(name_of(words.say(N_("Summary")))), words, formats)
    _commitments(book.add_worksheet(name_of(words.say(N_("Commitments")))), words, formats)
    for table in (
        words.trend_table(),
        words.budget_table(),
        words.series_table(),
        words.evidence_table(),
        words.extension_table(),
    ):
        add(book, table, words, formats)
    _changes(book.add_worksheet(name_of(words.say(N_("What changed")))), words, formats)
    _method(book.add_worksheet(name_of(words.say(N_("Method and limits")))), words, formats)
    book.close()
    return stream.getvalue()


def _summary(sheet: Any, words: Words, formats: dict[str, Any]) -> None:
    report, say = words.report, words.say
    sheet.set_column(0, 0, 46)
    sheet.set_column(1, 9, 15)
    sheet.write_string(0, 0, words.named(words.title, report.name), formats["title"])
    above = [words.official_name, words.subject, words.named(say(N_("As of")), words.as_of), words.issue_note]
    above += [note for note in (words.verify_note, words.replaces_note) if note]
    above += ["", *words.summary()]
    for row, text in enumerate(above, 1):
        sheet.write_string(row, 0, text)
    heads = [say(N_("Coverage and timeliness")), say(N_("Number")), say(N_("Of")), "%"]
    row = _table(sheet, len(above) + 2, formats, heads, _shares(words))
    stages: list[tuple[str, ...] | list[Any]] = [
        [words.stage(s), len(report.at(s))] for s in (*MISSING, Stage.PUBLISHED)
    ]
    asked, granted = report.extensions
    stages += [[say(N_("Later due dates asked for")), asked], [say(N_("Later due dates granted")), granted]]
    row = _table(sheet, row, formats, [say(N_("Where the commitments stand")), say(N_("Number"))], stages)
    whole = report.standing
    total = whole.reported.total
    pillars = _rated(words, words.pillar_rows())
    pillars.append([say(N_("All commitments")), *(whole.ratings[r] for r in RATINGS), total - whole.rated.count, total])
    row = _table(sheet, row, formats, _rated_heads(words, say(N_("Ratings by pillar"))), pillars)
    if report.themes:
        themes = _rated(words, words.theme_rows())
        row = _table(sheet, row, formats, _rated_heads(words, say(N_("Ratings by theme"))), themes)
    sheet.write_string(row - 1, 0, words.overlap)
    strengths = [[words.label(s), whole.strengths[s]] for s in STRENGTHS]
    _table(sheet, row + 1, formats, [say(N_("Strength of evidence")), say(N_("Ratings"))], strengths)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _rated_heads(words: Words, first: str) -> list[str]:
    return [first, *(label for _key, label in words.rating_keys()), words.say(N_("Commitments"))]


def _rated(words: Words, rows: list[PillarRow]) -> list[list[Any]]:
    return [[row.label, *(row.counts[key] for key, _label in words.rating_keys()), row.total] for row in rows]


def _shares(words: Words) -> list[list[Any]]:
    return [[label, s.count, s.total, "" if s.percent is None else s.percent] for label, s in words.tiles()]


def _table(sheet: Any, row: int, formats: dict[str, Any], head: list[str], rows: list[Any]) -> int:
    """Write a table; the row where the next may begin."""
    for column, text in enumerate(head):
        sheet.write_string(row, column, text, formats["head"])
    for number, cells in enumerate(rows, row + 1):
        for column, value in enumerate(cells):
            if isinstance(value, int):
                sheet.write_number(number, column, value)
            else:
                sheet.write_string(number, column, value)
    return row + len(rows) + 2


def _commitments(sheet: Any, words: Words, formats: dict[str, Any]) -> None:
    say = words.say
    head = [
        (say(N_("Code")), 11),
        (say(N_("Commitment")), 34),
        (say(N_("What was asked")), 48),
        (say(N_("Kind")), 22),
        (say(N_("Instrument")), 30),
        (say(N_("Pillars")), 22),
        (say(N_("Due on")), 12),
        (say(N_("Reported on")), 12),
        (say(N_("Reporting")), 24),
        (words.self_assessment, 22),
        (say(N_("Rating")), 22),
        (say(N_("Strength of evidence")), 22),
        (say(N_("Rated in the reporting cycle")), 14),
        (say(N_("Rating published on")), 14),
        (say(N_("Reasons for the rating")), 60),
        (words.comment, 60),
        (words.observers, 60),
        (words.statement, 60),
        (say(N_("Evidence made public")), 60),
        (say(N_("First due date")), 12),
        (say(N_("Extended to")), 12),
        (say(N_("Rating by element")), 40),
        (say(N_("Figures")), 60),
        (say(N_("Budget lines")), 60),
        (say(N_("Obstacles")), 40),
        (say(N_("Help asked for")), 40),
    ]
    for column, (text, width) in enumerate(head):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, text, formats["head"])
    for row, line in enumerate(words.report.lines, 1):
        for column, value in enumerate(_cells(words, line)):
            if value is None or value == "":
                sheet.write_blank(row, column, None, formats["text"])
            elif isinstance(value, str):
                sheet.write_string(row, column, value[:LONGEST_CELL], formats["text"])
            else:
                sheet.write_datetime(row, column, value, formats["date"])
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, len(words.report.lines), len(head) - 1)
    print_wide(sheet)


def _cells(words: Words, line: CommitmentLine) -> list[Any]:
    rating = line.rating
    pillars = ", ".join(p.name for p in words.report.pillars if p.code and p.code in line.pillars)
    unofficial = words.say(N_("Unofficial translation"))
    asked = f"{line.asked} ({unofficial})" if line.is_unofficial else line.asked
    cells: list[Any] = [
        line.code,
        line.title,
        asked,
        words.bindingness(line),
        line.instrument,
        pillars,
        line.due_on,
        line.reported_on,
        words.timeliness(line),
    ]
    extended = [line.extended_from, line.extended_to]
    if rating is None:
        return cells + [None] * 10 + [*extended, None] + [None] * 4
    said = rating.statement
    narratives = [(e.code, e.narrative) for e in said.elements] if said else []
    whole = [said.summary] if said and said.summary else []
    return [
        *cells,
        words.label(rating.self_assessment),
        words.label(rating.rating),
        words.label(rating.strength),
        rating.cycle_code,
        rating.published_on,
        "\n\n".join(text for text in (rating.reasons, rating.strength_reason) if text),
        rating.comment or words.outcome(rating),
        "\n\n".join(text if not head else f"{head}\n{text}" for head, text in words.observed(rating)),
        "\n\n".join([*(f"{code}: {text}" for code, text in narratives), *whole]),
        "\n".join(_evidence(words, said)) if said else None,
        *extended,
        words.by_element(rating),
        "\n".join(figures(words, said)) if said else None,
        "\n".join(budget(words, said)) if said else None,
        said.obstacles if said else None,
        said.help_needed if said else None,
    ]


def _evidence(words: Words, said: Statement) -> list[str]:
    """Public links and attachments, one line each."""
    found = [(title, on, url) for title, url, on in said.evidence]
    found += [(one.title, one.speaks_of, words.attached(one)) for one in said.attachments]
    return [f"{title} ({words.date(on)}) – {where}" if on else f"{title} – {where}" for title, on, where in found]


def _changes(sheet: Any, words: Words, formats: dict[str, Any]) -> None:
    """A line for each thing that changed; or that nothing did, or that there is nothing to compare with."""
    say = words.say
    for column, width in enumerate((36, 11, 60, 60)):
        sheet.set_column(column, column, width)
    heads = (say(N_("Change")), say(N_("Code")), say(N_("Commitment")), say(N_("What changed")))
    row_of(sheet, 0, heads, formats, "head")
    rows = [(group.heading, *item) for group in words.change_groups() for item in group.items]
    for number, row in enumerate(rows, 1):
        row_of(sheet, number, row, formats)
    told = words.change_sentences()
    for number, text in enumerate(told[:1] if rows else told, len(rows) + (2 if rows else 1)):
        sheet.write_string(number, 0, text, formats["plain"])
    sheet.freeze_panes(1, 1)
    print_wide(sheet)


def _method(sheet: Any, words: Words, formats: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 110)
    row = 0
    for note in method(words):
        sheet.write_string(row, 0, note.heading, formats["bold"])
        sheet.write_string(row, 1, note.text, formats["text"])
        row += 1
    notes = {line.instrument: line.reading_note for line in words.report.lines}
    for instrument, text in notes.items():
        sheet.write_string(row, 0, instrument, formats["text"])
        sheet.write_string(row, 1, text, formats["text"])
        row += 1
