"""The indicators of a progress report as typed: a value of its type, its period, its categories, or "not available"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tracker.domain.measures import BETWEEN_CHOICES, BadMeasure, DataType, in_groups, parts_of_choice, read_currency
from tracker.domain.measures import read as read_value
from tracker.models.base import LINE, NAME
from tracker.services.draft_rows import MOST_ROWS
from tracker.services.measured import Measured
from tracker.services.report_content import IndicatorAnswer
from tracker.web.forms.report_problems import sentence
from tracker.web.forms.typed_text import Sent, as_day

BLANK_ROWS = 2
NOT_AVAILABLE = "na"
"""The radio beside yes and no, and beside the choices."""
RADIOS = frozenset({DataType.BOOLEAN, DataType.CHOICE})
LONGEST_VALUE = 60
LONGEST_CURRENCY = 20


@dataclass
class TypedCategory:
    axis: str = "1"
    category: str = ""
    value: str = ""
    currency: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.category or self.value)


@dataclass
class TypedFigure:
    """One indicator. ``value`` is what stands in its field; of radios the one chosen."""

    indicator: Measured
    value: str = ""
    currency: str = ""
    not_available: bool = False
    start: str = ""
    end: str = ""
    note: str = ""
    rows: list[TypedCategory] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"indicator-{self.indicator.code}"

    @property
    def chosen(self) -> tuple[str, ...]:
        """Of several choices those that are ticked."""
        return parts_of_choice(self.value)

    @property
    def says_something(self) -> bool:
        return bool(self.value or self.not_available or self.note)

    def with_blank_rows(self) -> list[TypedCategory]:
        """The categories and some rows for more; none where the indicator is not broken down."""
        if not self.indicator.axes:
            return []
        room = min(BLANK_ROWS, MOST_ROWS - len(self.rows))
        return self.rows + [TypedCategory(currency="") for _n in range(room)]


def of(indicator: Measured, values: Sequence[IndicatorAnswer], period: tuple[str, str], currency: str) -> TypedFigure:
    """As stored; an empty one has the cycle's period and the currency used elsewhere in the report."""
    kind = indicator.data_type
    mine = [v for v in values if v.indicator == indicator.code]
    whole = next((v for v in mine if not v.axis), None)
    figure = TypedFigure(indicator, start=period[0], end=period[1], currency=currency if kind == DataType.MONEY else "")
    if whole:
        figure.value = in_groups(kind, whole.value)
        figure.not_available = whole.not_available
        figure.currency = whole.currency or figure.currency
        figure.start = whole.period_start.isoformat() if whole.period_start else ""
        figure.end = whole.period_end.isoformat() if whole.period_end else ""
        figure.note = whole.note
    figure.rows = [TypedCategory(str(v.axis), v.category, in_groups(kind, v.value), v.currency) for v in mine if v.axis]
    return figure


def read(sent: Sent, indicator: Measured, doubts: list[tuple[str, str]]) -> TypedFigure | None:
    """As typed; None where the form did not have it. ``doubts``: (typed, read as)."""
    figure = TypedFigure(indicator)
    name, kind = figure.name, indicator.data_type
    if f"{name}-note" not in sent:
        return None
    figure.value = sent.text(f"{name}-value", LONGEST_VALUE, multiline=False)
    figure.not_available = f"{name}-na" in sent
    if kind in RADIOS and figure.value == NOT_AVAILABLE:
        figure.value, figure.not_available = "", True
    if kind == DataType.MULTI_CHOICE:
        figure.value = BETWEEN_CHOICES.join(c for c in indicator.choice_codes if c in sent.all(f"{name}-value"))
    figure.currency = _currency(sent, f"{name}-currency")
    figure.start, figure.end = sent.day(f"{name}-from"), sent.day(f"{name}-to")
    figure.note = sent.text(f"{name}-note", LINE, multiline=False)
    _check(sent, figure, doubts)
    for row in range(MOST_ROWS + BLANK_ROWS):
        if f"{name}-{row}-category" in sent:
            _read_row(sent, figure, row, doubts)
    return figure


def content(figures: Sequence[TypedFigure], stored: Sequence[IndicatorAnswer]) -> tuple[IndicatorAnswer, ...]:
    """As the services take them. Only for figures without errors.

    What the form does not show of a category (its own period and note, from a spreadsheet) stays as ``stored``.
    """
    kept = {(v.indicator, v.axis, v.category): v for v in stored}
    found = []
    for figure in figures:
        code, kind, choices = figure.indicator.code, figure.indicator.data_type, figure.indicator.choice_codes
        if figure.says_something:
            found.append(
                IndicatorAnswer(
                    code,
                    read_value(kind, figure.value, choices).value if figure.value else "",
                    figure.currency if kind == DataType.MONEY and figure.value else "",
                    figure.not_available,
                    period_start=as_day(figure.start),
                    period_end=as_day(figure.end),
                    note=figure.note,
                )
            )
        for row in figure.rows:
            old = kept.get((code, int(row.axis), row.category))
            found.append(
                IndicatorAnswer(
                    code,
                    read_value(kind, row.value, choices).value if row.value else "",
                    (row.currency or figure.currency) if kind == DataType.MONEY and row.value else "",
                    not row.value,
                    int(row.axis),
                    row.category,
                    old.period_start if old else None,
                    old.period_end if old else None,
                    old.note if old else "",
                )
            )
    return tuple(found)


def fields(figure: TypedFigure) -> list[tuple[str, str]]:
    """The figure as a form sends it: for sending what was typed once more."""
    name = figure.name
    several = figure.indicator.data_type == DataType.MULTI_CHOICE
    found = [(f"{name}-value", one) for one in (figure.chosen if several else (figure.value,)) if one]
    if figure.not_available:
        found.append((f"{name}-na", "1"))
    found += [(f"{name}-currency", figure.currency), (f"{name}-from", figure.start), (f"{name}-to", figure.end)]
    found.append((f"{name}-note", figure.note))
    for n, row in enumerate(figure.rows):
        found += [(f"{name}-{n}-{part}", getattr(row, part)) for part in ("axis", "category", "value", "currency")]
    return found


def _currency(sent: Sent, name: str, at: str = "") -> str:
    return sent.text(name, LONGEST_CURRENCY, multiline=False, at=at).upper()


def _check(sent: Sent, figure: TypedFigure, doubts: list[tuple[str, str]]) -> None:
    name = figure.name
    if figure.value and figure.not_available:
        _put(sent, f"{name}-value", "value_and_not_available")
    _check_value(sent, figure.indicator, f"{name}-value", figure.value, doubts)
    if figure.indicator.data_type == DataType.MONEY and figure.value:
        figure.currency = _checked_currency(sent, f"{name}-currency", figure.currency)
    if figure.start and figure.end and figure.start > figure.end:
        _put(sent, f"{name}-to", "period")


def _read_row(sent: Sent, figure: TypedFigure, number: int, doubts: list[tuple[str, str]]) -> None:
    name, at = f"{figure.name}-{number}", f"{figure.name}-{len(figure.rows)}"
    row = TypedCategory(
        sent.raw(f"{name}-axis") or "1",
        sent.text(f"{name}-category", NAME, multiline=False, at=f"{at}-category"),
        sent.text(f"{name}-value", LONGEST_VALUE, multiline=False, at=f"{at}-value"),
        _currency(sent, f"{name}-currency", f"{at}-currency"),
    )
    if row.is_blank:
        return
    figure.rows.append(row)
    if row.axis not in [str(n) for n in range(1, len(figure.indicator.axes) + 1)]:
        row.axis = "1"
        _put(sent, f"{at}-axis", "no_choice")
    if not row.category:
        _put(sent, f"{at}-category", "no_category")
    if any((r.axis, r.category) == (row.axis, row.category) for r in figure.rows[:-1]):
        _put(sent, f"{at}-category", "twice")
    if len(figure.rows) > MOST_ROWS:
        _put(sent, f"{at}-category", "too_many")
    _check_value(sent, figure.indicator, f"{at}-value", row.value, doubts)
    if figure.indicator.data_type == DataType.MONEY and row.value:
        row.currency = _checked_currency(sent, f"{at}-currency", row.currency or figure.currency)


def _check_value(sent: Sent, indicator: Measured, at: str, typed: str, doubts: list[tuple[str, str]]) -> None:
    if not typed:
        return
    try:
        found = read_value(indicator.data_type, typed, indicator.choice_codes)
    except BadMeasure as error:
        _put(sent, at, error.code)
        return
    if found.doubtful:
        doubts.append((typed, found.value))


def _checked_currency(sent: Sent, at: str, typed: str) -> str:
    try:
        return read_currency(typed)
    except BadMeasure as error:
        _put(sent, at, error.code)
        return typed


def _put(sent: Sent, at: str, code: str) -> None:
    sent.errors.setdefault(at, sentence(at, code))
