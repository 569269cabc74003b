"""How pages say what a returned spreadsheet holds: each line in words, what is wrong where, why a file is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tracker import wording
from tracker.domain.differences import Piece, compare
from tracker.domain.measures import BETWEEN_CHOICES, DataType, parts_of_choice
from tracker.models import Indicator
from tracker.services.workbook_content import ANSWERS, BUDGET, INDICATORS, WHOLE, Row
from tracker.services.workbook_lines import Line
from tracker.services.workbook_parse import Problem
from tracker.services.workbook_return import BLOCKED, CONFLICT, Compared
from tracker.services.workbooks import Item
from tracker.web.forms.evidence import FILE_PROBLEMS
from tracker.web.languages import choose
from tracker.web.languages import gettext as _
from tracker.wording import N_

MARKED_FROM = 60
"""Characters: shorter texts are read as they are."""
REFUSED: dict[str, str] = {
    "missing": N_("Choose the file that was filled in."),
    "too_large": N_("The file is larger than 5 MB. Take out pictures and whatever else was added, and send it again."),
    "save_as_xlsx": N_("Save the file as an Excel workbook (.xlsx) and send that. LibreOffice: File, Save As."),
    "type": N_("Save the file as an Excel workbook (.xlsx) and send that. LibreOffice: File, Save As."),
    "not_ours": N_(
        "This file was not made by this site, or its hidden part was lost or changed. Download a new one and copy"
        " the answers into it."
    ),
    "other_party": N_("This file was made for another State or body. Send one that was made for yours."),
}
"""Why a file is refused as a whole; other codes are those of evidence files."""
PROBLEMS: dict[str, str] = {
    "formula": N_("There is a formula without a result here. Type the value or text itself."),
    "error": N_("The cell shows an error. A text that begins with = is taken for a formula: begin with a letter."),
    "unusable": N_("The text holds a character that cannot be kept. Type it again."),
    "too_long": N_("This text is too long for the report."),
    "not_a_word": N_("Choose from the list of the cell."),
    "ambiguous_date": N_("This date can be read in two ways. Write it as year-month-day."),
    "no_date": N_("This is not a date. Write it as year-month-day."),
    "no_number": N_("This is not a number."),
    "ambiguous": N_("This number can be read in two ways. Write it without separators between thousands."),
    "not_whole": N_("A whole number is asked for."),
    "negative": N_("The number must not be below zero."),
    "over_100": N_("A percentage is at most 100."),
    "too_large": N_("The number is too large."),
    "too_precise": N_("The number has more than six decimals."),
    "no_choice": N_("Choose from the list of the cell."),
    "no_currency": N_("Choose a currency from the list: three letters."),
    "currency_missing": N_("Choose the currency of the amount."),
    "value_and_not_available": N_("There is a value, and “Not available” is chosen as well. Keep one of the two."),
    "period_order": N_("The period ends before it begins."),
    "category_missing": N_("Say which category the row is about."),
    "axis_missing": N_("Choose what the figure is broken down by."),
    "missing": N_("This cell is needed for a budget line."),
    "twice": N_("The same row stands in the file twice. This one was not taken."),
    "unknown_row": N_("This row is none of those that were in the file. Type into the rows that are there."),
    "not_open": N_("The report is no longer open for writing: it was submitted, or the reporting cycle is closed."),
    "not_yours": N_("This part is not assigned to you."),
    "too_many_lines": N_("The file holds more changes than can be compared at once. Send the rest in a second file."),
    "sheet_missing": N_("This sheet was not found in the file, or its hidden first row was deleted: %(sheet)s."),
    "identifier": N_(
        "The text holds data that identify a person, such as an e-mail address or an identity number. It was not kept:"
        " take them out and send the file again."
    ),
    "cut_off": N_("The sheet has more rows than are read. The last ones were not taken."),
}
"""Problem code to what is wrong and what to do. Those of ``cells.PROBLEMS`` that no cell can have are left out."""
WHY_BLOCKED: dict[str, str] = {
    "not_open": PROBLEMS["not_open"],
    "not_yours": PROBLEMS["not_yours"],
    "identifier": PROBLEMS["identifier"],
}
SHEETS = {ANSWERS: N_("Answers"), INDICATORS: N_("Indicators"), BUDGET: N_("Budget"), WHOLE: N_("Whole report")}
FIELDS: dict[str, str] = {
    "rating": N_("Self-assessment"),
    "narrative": N_("What was done"),
    "obstacles": N_("Obstacles"),
    "help_needed": N_("Help asked for"),
    "summary": N_("Of the whole"),
}


@dataclass(frozen=True)
class ShownLine:
    """One line of the difference in words."""

    id: str
    code: str
    """Of the element or indicator; empty for what is said of the whole report."""
    label: str
    place: str
    was: str
    stored: str
    says: str
    pieces: list[Piece]
    """A longer text with what is new and what is gone, against what is stored; empty where it is short or new."""
    can_be_chosen: bool
    chosen: bool
    is_conflict: bool
    was_is_known: bool
    note: str


def file_problem(code: str) -> str:
    """Why a file is refused."""
    sentence = REFUSED.get(code) or FILE_PROBLEMS.get(code) or FILE_PROBLEMS["damaged"]
    return _(sentence)


def problem(one: Problem) -> str:
    sentence = PROBLEMS.get(one.code) or PROBLEMS["not_a_word"]
    text = _(sentence)
    return text % {"sheet": _(SHEETS[one.about])} if one.code == "sheet_missing" else text


def lines_of(item: Item, lines: list[Compared], chosen: set[str] | None) -> list[ShownLine]:
    """``chosen``: what was ticked before; None: what meets no conflict."""
    return [_shown(item, one, chosen) for one in lines]


def _shown(item: Item, one: Compared, chosen: set[str] | None) -> ShownLine:
    line = one.line
    possible = one.status != BLOCKED
    ticked = one.status != CONFLICT if chosen is None else line.id in chosen
    stored, says = _said(item, line, one.stored), _said(item, line, line.says)
    long = line.field not in ("", "rating") and stored and len(says) > MARKED_FROM
    note = _(WHY_BLOCKED[one.reason]) if one.reason else ""
    if one.doubtful:
        note = _("This looks like data about a person. The report will ask you to explain it before it is submitted.")
    return ShownLine(
        id=line.id,
        code=line.about.about,
        label=_label(item, line),
        place=line.place,
        was=_said(item, line, line.was or {}),
        stored=stored,
        says=says,
        pieces=compare(stored, says) if long else [],
        can_be_chosen=possible,
        chosen=possible and ticked,
        is_conflict=one.status == CONFLICT,
        was_is_known=line.was is not None,
        note=note,
    )


def _label(item: Item, line: Line) -> str:
    key = line.about
    if key.sheet == ANSWERS:
        return _(FIELDS[line.field])
    if key.sheet == INDICATORS:
        return wording.pick(_indicator(item, line).label, choose())
    return _(FIELDS[line.field]) if line.field else _("Budget line")


def _indicator(item: Item, line: Line) -> Indicator:
    return next(one for one in item.report.commitment.provision.indicators if one.code == line.about.about)


def _said(item: Item, line: Line, row: Row) -> str:
    if not row:
        return ""
    if line.field == "rating":
        return wording.label(row["rating"], choose())
    if line.field:
        return row[line.field]
    return _budget(row) if line.about.sheet == BUDGET else _value(_indicator(item, line), row)


def _value(indicator: Indicator, row: Row) -> str:
    lang = choose()
    parts = []
    if "axis" in row:
        axis = wording.pick(indicator.disaggregation[int(row["axis"]) - 1], lang)
        named = _("%(label)s:") % {"label": axis}
        parts.append(f"{named} {row.get('category', '')}")
    value = _("Not available") if "not_available" in row else _measure(indicator, row.get("value", ""))
    parts.append(f"{value} {row.get('currency', '')}".strip())
    if "from" in row or "to" in row:
        parts.append(f"{_day(row.get('from'))} – {_day(row.get('to'))}")
    parts.append(row.get("note", ""))
    return "\n".join(part for part in parts if part)


def _measure(indicator: Indicator, value: str) -> str:
    if indicator.data_type == DataType.BOOLEAN:
        return {"yes": _("Yes"), "no": _("No")}.get(value, value)
    if indicator.data_type == DataType.DATE:
        return _day(value)
    texts: Mapping[str, str] = {one["en"]: wording.pick(one, choose()) for one in indicator.choices}
    if texts:
        return BETWEEN_CHOICES.join(texts.get(part, part) for part in parts_of_choice(value))
    return value


def _budget(row: Row) -> str:
    lang = choose()
    words = [wording.label(row["purpose"], lang), wording.label(row["stage"], lang), row["year"]]
    return "\n".join(
        part for part in (" · ".join(words), f"{row['amount']} {row['currency']}", row.get("note")) if part
    )


def _day(text: str | None) -> str:
    return wording.say_date(date.fromisoformat(text), choose()) if text else ""


def not_accepted(problems: Mapping[str, str]) -> str:
    """Why lines were not accepted."""
    if "lines" in problems:
        return _("Tick at least one line that can be accepted.")
    if "too_many" in problems.values():
        return _("Nothing was accepted: an indicator or the budget would have more rows than a report can hold.")
    return _("Nothing was accepted: one of the values does not fit its indicator any longer. Download a new file.")
