"""A State's open items as a spreadsheet: the structure is locked, the white cells are to be filled in.

Every text is written as text, never as a formula or a link. Row keys stand in a hidden column, names of fields in a
hidden row, the signature and what the rows said in a hidden sheet; the signature also in the document's properties,
so that a copy that lost one still has the other. Protection has no password: it keeps from slips, not from people.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import xlsxwriter

from tracker import wording
from tracker.documents import workbook_phrases as phrases
from tracker.documents.workbook_cells import HIDDEN_SHEET, Inputs
from tracker.domain.measures import BETWEEN_CHOICES, DataType, parts_of_choice
from tracker.services.workbook_content import (
    ANSWERS,
    BUDGET,
    CODE,
    INDICATORS,
    KEY,
    WHOLE,
    AnswerLine,
    BudgetLine,
    IndicatorLine,
    WholeLine,
    Workbook,
)

SEAL_PROPERTY = "tracker_seal_"
LONGEST_PROPERTY = 250
LONGEST_CELL = 32_000
"""A cell holds 32,767 characters."""
MARK = "tracker:"
"""Before the sheet's name in its hidden first cell."""
FIRST_ROW = 2
"""Below the names of the fields and the headings; rows count from 0."""
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}
_MAY = {"format_rows": True, "format_columns": True}
"""On a protected sheet: without it a row does not grow with its text."""
_A4 = 9
LINE_HEIGHT, HIGHEST_ROW = 15.0, 405.0
"""In points. LibreOffice does not fit a row to its text on opening, so its height is set."""
LEAST_LINES = {ANSWERS: 5, INDICATORS: 1, BUDGET: 2, WHOLE: 5}
"""Room to write."""
SHORT = 30
"""Of an indicator's name in the rows for its categories."""


def render(workbook: Workbook, seal: str) -> bytes:
    """The spreadsheet; ``seal`` is the signed ``Workbook.seal``."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, _OPTIONS)
    writer = _Writer(book, workbook)
    title = writer.say(phrases.TITLE)
    book.set_properties({"title": title, "created": workbook.made_at.replace(tzinfo=None)})
    for number, part in enumerate(_parts(seal, LONGEST_PROPERTY), 1):
        book.set_custom_property(f"{SEAL_PROPERTY}{number:02}", part, "text")
    writer.instructions()
    for name, lines in _sheets(workbook):
        writer.sheet(name, lines)
    writer.hidden(seal)
    book.close()
    return stream.getvalue()


def file_name(workbook: Workbook) -> str:
    """ASCII, with the day: an older file is told from a newer one."""
    return f"commitments-{workbook.seal.party.lower()}-{workbook.made_at:%Y-%m-%d}.xlsx"


def _sheets(workbook: Workbook) -> list[tuple[str, tuple[Any, ...]]]:
    every = ((ANSWERS, workbook.answers), (INDICATORS, workbook.indicators), (BUDGET, workbook.budget))
    return [(name, lines) for name, lines in (*every, (WHOLE, workbook.whole)) if lines]


def _parts(text: str, length: int) -> list[str]:
    return [text[at : at + length] for at in range(0, len(text), length)]


class _Writer:
    """Writes the sheets of one workbook."""

    def __init__(self, book: Any, workbook: Workbook) -> None:
        self.book = book
        self.workbook = workbook
        self.lang = workbook.language
        make = book.add_format
        cell = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#9fb0c8", "font_size": 10}
        self.title = make({"bold": True, "font_size": 16, "font_color": "#10264a"})
        self.bold = make({"bold": True, "font_color": "#10264a", "valign": "top", "text_wrap": True})
        self.plain = make({"text_wrap": True, "valign": "top"})
        self.head = make(cell | {"bold": True, "bg_color": "#10264a", "font_color": "#ffffff"})
        self.asked = make(cell | {"bg_color": "#e8eef7"})
        self.code = make(cell | {"bg_color": "#e8eef7", "bold": True})
        self.day = make(cell | {"bg_color": "#e8eef7", "num_format": "yyyy-mm-dd", "align": "left"})
        self.inputs = Inputs(book, self.say, self.lang, cell)

    def say(self, text: str) -> str:
        return wording.translate(text, self.lang)

    def named(self, label: str, text: str) -> str:
        """ "Label: text", with the colon as the language sets it."""
        named = self.say(phrases.NAMED) % {"label": self.say(label)}
        return f"{named} {text}"

    def pick(self, texts: dict[str, str]) -> str:
        return wording.pick(texts, self.lang)

    def about(self, title: dict[str, str], cycle: dict[str, str]) -> str:
        """The title, with its cycle where the file holds several: the same commitment stands there twice then."""
        said = self.pick(title)
        return f"{said} ({self.pick(cycle)})" if len(self.workbook.cycles) > 1 else said

    def instructions(self) -> None:
        sheet = self.book.add_worksheet(self._sheet_name(phrases.INSTRUCTIONS))
        _page(sheet)
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 5)
        sheet.set_column(1, 1, 34)
        sheet.set_column(2, 2, 74)
        sheet.write_string(0, 0, self.named(phrases.TITLE, self.pick(self.workbook.party)), self.title)
        row = 2
        for number, step in enumerate(phrases.STEPS, 1):
            sheet.write_string(row, 0, f"{number}.", self.bold)
            # Two merged cells do not grow with their text: the height is set by its length.
            sheet.merge_range(row, 1, row, 2, "", self.plain)
            sheet.write_string(row, 1, self.say(step), self.plain)
            sheet.set_row(row, LINE_HEIGHT * _lines_of(self.say(step), 124) + 3)
            row += 1
        row += 1
        for head, text in self._facts():
            sheet.write_string(row, 1, self.say(head), self.bold)
            sheet.write_string(row, 2, text, self.plain)
            row += 1
        row += 1
        sheet.write_string(row, 1, self.say(phrases.SHEETS_HERE), self.bold)
        for name, lines in _sheets(self.workbook):
            row += 1
            sheet.write_string(row, 1, self.say(phrases.SHEET_NAMES[name]), self.plain)
            sheet.write_string(row, 2, f"{len(lines)} {self.say(phrases.COUNTS[name])}", self.plain)
        sheet.protect("", _MAY)

    def _facts(self) -> list[tuple[str, str]]:
        workbook = self.workbook
        made_at = wording.say_moment(workbook.made_at, self.lang, workbook.time_zone)
        role = wording.label(workbook.role, self.lang)
        return [
            (phrases.MADE_FOR, self.pick(workbook.party)),
            (phrases.MADE_BY, f"{workbook.person} ({role})"),
            (phrases.MADE_AT, made_at),
            (phrases.COVERS, ", ".join(self.pick(title) for title in workbook.cycles)),
            (phrases.SEND_BACK, workbook.address),
        ]

    def _sheet_name(self, text: str) -> str:
        return self.say(text)[:31]

    def sheet(self, name: str, lines: tuple[Any, ...]) -> None:
        sheet = self.book.add_worksheet(self._sheet_name(phrases.SHEET_NAMES[name]))
        heads = phrases.HEADS[name]
        _page(sheet)
        sheet.repeat_rows(1)
        sheet.set_header(f"&L{_plain(self.pick(self.workbook.party))}&R&A")
        sheet.set_column(0, 0, None, None, {"hidden": True})
        sheet.set_row(0, None, None, {"hidden": True})
        sheet.write_string(0, 0, f"{MARK}{name}")
        for column, (field, head) in enumerate(heads.items(), 1):
            sheet.set_column(column, column, phrases.WIDTHS[name][field])
            sheet.write_string(0, column, field)
            sheet.write_string(1, column, self.say(head), self.head)
        write: dict[str, Callable[..., None]] = {
            ANSWERS: self._answer,
            INDICATORS: self._indicator,
            BUDGET: self._budget,
            WHOLE: self._whole,
        }
        longest = max(_lines_of(self.say(head), phrases.WIDTHS[name][field]) for field, head in heads.items())
        sheet.set_row(1, LINE_HEIGHT * longest + 3)
        columns = {field: column for column, field in enumerate((KEY, *heads))}
        for row, line in enumerate(lines, FIRST_ROW):
            sheet.write_string(row, columns[KEY], line.key)
            sheet.write_string(row, columns[CODE], line.code, self.code)
            at = _Row(sheet, row, columns, phrases.WIDTHS[name])
            write[name](at, line)
            sheet.set_row(row, min(HIGHEST_ROW, LINE_HEIGHT * max(at.lines, LEAST_LINES[name]) + 3))
        self.inputs.finish(sheet)
        sheet.freeze_panes(FIRST_ROW, 2)
        sheet.protect("", _MAY)

    def _answer(self, row: _Row, line: AnswerLine) -> None:
        parts = [self.about(line.title, line.cycle), self.pick(line.label)]
        if translated := line.translation.get(self.lang, ""):
            parts.append(self.named(phrases.UNOFFICIAL, translated))
        words = self.named(phrases.EXACT_WORDS if self.lang == "en" else phrases.EXACT_WORDS_IN_ENGLISH, line.words)
        self._text(row, "asked", "\n\n".join(part for part in (*parts, words if line.words else "") if part))
        row.sheet.write_datetime(row.number, row.columns["due"], line.due_on, self.day)
        self._text(row, "previous", line.previous)
        rating = line.said.get("rating", "")
        self.inputs.rating(*row.at("rating"), rating)
        said = line.said.get("narrative", "")
        self.inputs.long_text(*row.at("narrative", said), said, phrases.HELP[ANSWERS, "narrative"])

    def _indicator(self, row: _Row, line: IndicatorLine) -> None:
        asked = [self.about(line.label, line.cycle)]
        if line.number == 0:
            asked += [self.pick(line.unit), self.pick(line.note)]
        elif len(asked[0]) > SHORT:
            asked = [f"{asked[0][:SHORT].rstrip()} …"]
        self._text(row, "asked", "\n".join(part for part in asked if part))
        self._text(row, "previous", self._measured(line, line.previous, line.previous_currency))
        said, put = line.said, self.inputs
        if line.number == 0:
            self._text(row, "axis", self.say(phrases.TOTAL))
            self._text(row, "category", "")
        else:
            put.axis(*row.at("axis"), said.get("axis", "" if len(line.axes) > 1 else "1"), line.axes)
            put.short_text(*row.at("category"), said.get("category", ""), phrases.HELP[INDICATORS, "category"])
        put.value(*row.at("value"), said.get("value", ""), line.data_type, line.choices)
        if line.data_type == DataType.MONEY:
            put.currency(*row.at("currency"), said.get("currency", ""))
        else:
            self._text(row, "currency", "")
        put.not_available(*row.at("not_available"), "not_available" in said)
        for name in ("from", "to"):
            put.day(*row.at(name), said.get(name, ""), phrases.HELP[INDICATORS, name])
        put.short_text(*row.at("note"), said.get("note", ""), phrases.HELP[INDICATORS, "note"])

    def _measured(self, line: IndicatorLine, value: str, currency: str) -> str:
        """A canonical value in the reader's words."""
        if line.data_type == DataType.BOOLEAN:
            return self.inputs.yes_or_no(value)
        if line.data_type in (DataType.CHOICE, DataType.MULTI_CHOICE):
            texts = {choice["en"]: self.pick(choice) for choice in line.choices}
            return BETWEEN_CHOICES.join(texts.get(one, one) for one in parts_of_choice(value))
        return f"{value} {currency}".strip()

    def _budget(self, row: _Row, line: BudgetLine) -> None:
        said, put = line.said, self.inputs
        self._text(row, "asked", self.about(line.title, line.cycle))
        put.purpose(*row.at("purpose"), said.get("purpose", ""))
        put.stage(*row.at("stage"), said.get("stage", ""))
        put.short_text(*row.at("year"), said.get("year", ""), phrases.HELP[BUDGET, "year"])
        put.amount(*row.at("amount"), said.get("amount", ""))
        put.currency(*row.at("currency"), said.get("currency", ""))
        put.short_text(*row.at("note"), said.get("note", ""), phrases.HELP[BUDGET, "note"])

    def _whole(self, row: _Row, line: WholeLine) -> None:
        self._text(row, "asked", self.about(line.title, line.cycle))
        row.sheet.write_datetime(row.number, row.columns["due"], line.due_on, self.day)
        for name in ("obstacles", "help_needed", "summary"):
            said = line.said.get(name, "")
            self.inputs.long_text(*row.at(name, said), said, phrases.HELP[WHOLE, name])

    def _text(self, row: _Row, field: str, text: str) -> None:
        sheet, number, column = row.at(field, text)
        if text:
            sheet.write_string(number, column, text[:LONGEST_CELL], self.asked)
        else:
            sheet.write_blank(number, column, None, self.asked)

    def hidden(self, seal: str) -> None:
        """The signature and what the rows said; the words of the drop-downs stand beside them."""
        sheet = self.book.add_worksheet(HIDDEN_SHEET)
        for column, text in enumerate((seal, self.workbook.base)):
            for row, part in enumerate(_parts(text, LONGEST_CELL // 2)):
                sheet.write_string(row, column, part)
        self.inputs.write_lists(sheet)
        sheet.protect("", {})
        sheet.very_hidden()


class _Row:
    """Where a row stands, and how many lines its longest text takes."""

    def __init__(self, sheet: Any, number: int, columns: dict[str, int], widths: dict[str, float]) -> None:
        self.sheet = sheet
        self.number = number
        self.columns = columns
        self.widths = widths
        self.lines = 1

    def at(self, field: str, text: str = "") -> tuple[Any, int, int]:
        """The cell of a field that will hold this text."""
        if text:
            self.lines = max(self.lines, _lines_of(text, self.widths[field]))
        return self.sheet, self.number, self.columns[field]


def _lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a column, some more than less."""
    return sum(max(1, -(-len(part) // int(width * 1.1))) for part in text.split("\n"))


def _page(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.set_footer("&R&P / &N")


def _plain(text: str) -> str:
    """For a page's header, where & begins a code."""
    return text.replace("&", "&&")
