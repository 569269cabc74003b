"""From a report's content to the rows of a spreadsheet, and from changed rows back to content.

A line is what can be accepted by itself: one text or self-assessment, or the whole row of an indicator or a budget
line, whose cells only make sense together. Rows are found again by what they are about (which indicator, which
category, which amount as it was), never by their number: the report may have changed on the site meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from tracker.domain.measures import YES
from tracker.domain.vocabulary import BudgetPurpose, BudgetStage, Rating
from tracker.services.report_content import Answer, Budget, IndicatorAnswer, ReportContent
from tracker.services.workbook_content import ANSWERS, BUDGET, FIELDS, INDICATORS, LETTERS, WHOLE, Row

SHEET_OF = {letter: sheet for sheet, letter in LETTERS.items()}
BY_FIELD = (ANSWERS, WHOLE)
"""Sheets whose fields are accepted one by one."""
LARGEST_NUMBER = 999


@dataclass(frozen=True)
class Key:
    """The key of a row, taken apart."""

    sheet: str
    report_id: int
    about: str = ""
    """Code of the element or indicator."""
    number: int = 0

    def __str__(self) -> str:
        parts = [LETTERS[self.sheet], str(self.report_id)]
        if self.about:
            parts.append(self.about)
        if self.sheet in (INDICATORS, BUDGET):
            parts.append(str(self.number))
        return ":".join(parts)


def parse_key(text: str) -> Key | None:
    """None for anything that is no key."""
    letter, *parts = text.strip().split(":")
    sheet = SHEET_OF.get(letter)
    wanted = {ANSWERS: 2, INDICATORS: 3, BUDGET: 2, WHOLE: 1}
    if sheet is None or len(parts) != wanted[sheet]:
        return None
    report_id = _whole_number(parts[0])
    number = _whole_number(parts[-1]) if sheet in (INDICATORS, BUDGET) else 0
    if report_id is None or number is None or number > LARGEST_NUMBER:
        return None
    return Key(sheet, report_id, parts[1] if sheet in (ANSWERS, INDICATORS) else "", number)


def _whole_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


@dataclass(frozen=True)
class Line:
    """One line in which the file differs from what it was made from."""

    key: str
    field: str
    """"" where the whole row is one line."""
    place: str
    """Where it stands in the file: ``Answers!F12``."""
    was: Row | None
    """When the file was made; None where the file no longer tells."""
    says: Row

    @property
    def id(self) -> str:
        return f"{self.key}:{self.field}" if self.field else self.key

    @property
    def report_id(self) -> int:
        return self.about.report_id

    @property
    def about(self) -> Key:
        key = parse_key(self.key)
        assert key is not None  # noqa: S101  (a line is only made from a key that was read)
        return key

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Line:
        return cls(**plain)


def rows_of(report_id: int, content: ReportContent) -> dict[str, Row]:
    """What a report says, by the key of each row that is not empty."""
    rows: dict[str, Row] = {}
    for answer in content.answers:
        said = _filled(rating=answer.self_assessment, narrative=answer.narrative)
        rows[str(Key(ANSWERS, report_id, answer.element))] = said
    numbers: dict[str, int] = {}
    for value in content.indicators:
        number = 0
        if value.axis:
            number = numbers[value.indicator] = numbers.get(value.indicator, 0) + 1
        rows[str(Key(INDICATORS, report_id, value.indicator, number))] = indicator_row(value)
    for number, line in enumerate(content.budget, 1):
        rows[str(Key(BUDGET, report_id, number=number))] = budget_row(line)
    rows[str(Key(WHOLE, report_id))] = _filled(
        obstacles=content.obstacles, help_needed=content.help_needed, summary=content.summary
    )
    return {key: row for key, row in rows.items() if row}


def indicator_row(value: IndicatorAnswer) -> Row:
    return _filled(
        axis=str(value.axis) if value.axis else "",
        category=value.category,
        value=value.value,
        currency=value.currency,
        not_available=YES if value.not_available else "",
        **{"from": _iso(value.period_start), "to": _iso(value.period_end)},
        note=value.note,
    )


def budget_row(line: Budget) -> Row:
    return _filled(
        purpose=line.purpose,
        stage=line.stage,
        year=line.fiscal_year,
        amount=line.amount,
        currency=line.currency,
        note=line.note,
    )


def stored_now(content: ReportContent, line: Line) -> Row:
    """What the report says now where the line would change it."""
    key = line.about
    if key.sheet == INDICATORS:
        return _stored_value(content, line)
    if key.sheet == BUDGET:
        rows = [budget_row(one) for one in content.budget]
        if line.says and line.says in rows:
            return line.says
        return line.was if line.was and line.was in rows else {}
    rows_now = rows_of(key.report_id, content)
    row = rows_now.get(line.key, {})
    return {line.field: row[line.field]} if line.field in row else {}


def merge(content: ReportContent, lines: Iterable[Line]) -> ReportContent:
    """The content with these lines accepted. What is said anew is no longer "nothing changed"."""
    for line in lines:
        sheet = line.about.sheet
        if sheet == ANSWERS:
            content = _with_answer(content, line)
        elif sheet == WHOLE:
            content = _with_text(content, line)
        elif sheet == INDICATORS:
            content = _with_value(content, line)
        else:
            content = _with_budget(content, line)
        content = replace(content, nothing_changed=False)
    return content


def _with_answer(content: ReportContent, line: Line) -> ReportContent:
    text = line.says.get(line.field, "")
    changed = []
    for answer in content.answers:
        if answer.element == line.about.about:
            if line.field == "rating":
                answer = replace(answer, self_assessment=Rating(text) if text else None)
            else:
                answer = Answer(answer.element, answer.self_assessment, text)
        changed.append(answer)
    return replace(content, answers=tuple(changed))


def _with_text(content: ReportContent, line: Line) -> ReportContent:
    text = line.says.get(line.field, "")
    if line.field == "obstacles":
        return replace(content, obstacles=text)
    if line.field == "help_needed":
        return replace(content, help_needed=text)
    return replace(content, summary=text)


Category = tuple[str, int, str]


def category_of(code: str, row: Row) -> Category:
    """What an indicator's row is about: the indicator, which disaggregation, which category of it."""
    return code, int(row.get("axis", "0")), row.get("category", "")


def _stored_value(content: ReportContent, line: Line) -> Row:
    code = line.about.about
    now = {(v.indicator, v.axis, v.category): indicator_row(v) for v in content.indicators}
    before = now.get(category_of(code, line.was), {}) if line.was else {}
    if line.says:
        there = now.get(category_of(code, line.says))
        if there is not None:
            return there
    return before


def _with_value(content: ReportContent, line: Line) -> ReportContent:
    code = line.about.about
    replaced = {category_of(code, row) for row in (line.was, line.says) if row}
    kept: list[IndicatorAnswer] = []
    new = _value(code, line.says) if line.says else None
    for value in content.indicators:
        if (value.indicator, value.axis, value.category) in replaced:
            if new is not None:
                kept.append(new)
                new = None
        else:
            kept.append(value)
    if new is not None:
        after = [at for at, value in enumerate(kept, 1) if value.indicator == code]
        kept.insert(after[-1] if after and new.axis else _first_of(kept, code), new)
    return replace(content, indicators=tuple(kept))


def _first_of(kept: list[IndicatorAnswer], code: str) -> int:
    """Before the indicator's categories, or at the end."""
    return next((at for at, value in enumerate(kept) if value.indicator == code), len(kept))


def _value(code: str, row: Row) -> IndicatorAnswer:
    return IndicatorAnswer(
        indicator=code,
        value=row.get("value", ""),
        currency=row.get("currency", ""),
        not_available="not_available" in row,
        axis=int(row.get("axis", "0")),
        category=row.get("category", ""),
        period_start=_date(row.get("from")),
        period_end=_date(row.get("to")),
        note=row.get("note", ""),
    )


def _with_budget(content: ReportContent, line: Line) -> ReportContent:
    lines = list(content.budget)
    rows = [budget_row(one) for one in lines]
    at = rows.index(line.was) if line.was and line.was in rows else None
    if line.says and line.says in rows:
        return content
    if not line.says:
        if at is not None:
            del lines[at]
    elif at is not None:
        lines[at] = _budget(line.says)
    else:
        lines.append(_budget(line.says))
    return replace(content, budget=tuple(lines))


def _budget(row: Row) -> Budget:
    return Budget(
        BudgetPurpose(row["purpose"]),
        BudgetStage(row["stage"]),
        row["amount"],
        row["currency"],
        row["year"],
        row.get("note", ""),
    )


def part(row: Row | None, field: str) -> Row | None:
    """One field of a row, or the row where ``field`` is ""."""
    if row is None or not field:
        return row
    return {field: row[field]} if field in row else {}


def fields_of(sheet: str) -> tuple[str, ...]:
    """The lines that a row of this sheet makes: its fields, or one for all of them."""
    return FIELDS[sheet] if sheet in BY_FIELD else ("",)


def _filled(**values: str | None) -> Row:
    return {name: f"{value}" for name, value in values.items() if value}


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
