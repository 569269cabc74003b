"""A public figure as a workbook: a sheet per table, and one that says what was chosen and how to read it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from tracker import wording
from tracker.documents import figure_csv
from tracker.documents.figure_content import Figure, Table
from tracker.wording import N_

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}


def render(figure: Figure, address: str) -> bytes:
    """``address``: of the page that shows the same. Texts are texts, never formulas or links."""
    import xlsxwriter  # loaded by the worker that is asked for a spreadsheet

    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, _OPTIONS)
    book.set_properties({"title": figure.title[:255], "created": figure.as_of.replace(tzinfo=None)})
    head = book.add_format({"bold": True, "bg_color": "#10264a", "font_color": "#ffffff", "text_wrap": True})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    for table in figure.tables:
        _sheet(book.add_worksheet(_name(table.caption)), table, figure.language, head, text)
    about = book.add_worksheet(_name(wording.translate(N_("How to read it"), figure.language)))
    about.set_column(0, 0, 30)
    about.set_column(1, 1, 90)
    moment = wording.say_moment(figure.as_of, figure.language, "UTC")
    lines = [
        (figure.heading, figure.title),
        *figure.scope,
        (wording.translate(N_("As of"), figure.language), moment),
        (wording.translate(N_("Address"), figure.language), address),
        *(("", sentence) for sentence in figure.reading),
    ]
    for row, (label, said) in enumerate(lines):
        about.write_string(row, 0, label, text)
        about.write_string(row, 1, said, text)
    book.close()
    return stream.getvalue()


def _sheet(sheet: Any, table: Table, language: str, head: Any, text: Any) -> None:
    names = figure_csv.head(table, language)
    for column, name in enumerate(names):
        sheet.write_string(0, column, name, head)
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, max(1, len(names) - 1), 18)
    for number, row in enumerate(table.rows, 1):
        for column, value in enumerate(figure_csv.line(table, row)):
            if isinstance(value, int):
                sheet.write_number(number, column, value)
            elif value:
                sheet.write_string(number, column, value, text)


def _name(caption: str) -> str:
    """As a sheet may be called."""
    return "".join(" " if c in "[]:*?/\\'" else c for c in caption)[:31].strip()
