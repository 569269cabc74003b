"""The budget lines of a progress report as typed: a row for each fiscal year, currency and stage, the money against
trafficking in persons beside that against drug trafficking.
"""

from __future__ import annotations

from dataclasses import dataclass

from tracker.domain.measures import BadMeasure, DataType, in_groups, read_currency
from tracker.domain.measures import read as read_value
from tracker.domain.ratios import pairs
from tracker.domain.vocabulary import BudgetPurpose, BudgetStage
from tracker.models.base import LINE
from tracker.services.draft_rows import MOST_BUDGET
from tracker.services.report_content import Budget
from tracker.web.forms.report_problems import sentence
from tracker.web.forms.typed_text import Sent

LONGEST_AMOUNT = 40
LONGEST_YEAR = 20
BLANK_ROWS = 2
MOST_ROWS = MOST_BUDGET // 2
PARTS = ("year", "currency", "stage", "here", "drugs", "note")


@dataclass
class TypedMoney:
    year: str = ""
    currency: str = ""
    stage: str = BudgetStage.ALLOCATED.value
    here: str = ""
    """Against trafficking in persons."""
    drugs: str = ""
    """Against drug trafficking."""
    note: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.year or self.here or self.drugs or self.note)


def of(lines: tuple[Budget, ...]) -> list[TypedMoney]:
    """As stored."""
    rows = []
    for here, drugs in pairs(lines):
        one = here or drugs
        if one is None:
            continue
        rows.append(
            TypedMoney(
                one.fiscal_year,
                one.currency,
                one.stage.value,
                in_groups(DataType.MONEY, here.amount) if here else "",
                in_groups(DataType.MONEY, drugs.amount) if drugs else "",
                (here.note if here else "") or (drugs.note if drugs else ""),
            )
        )
    return rows


def read(sent: Sent, doubts: list[tuple[str, str]]) -> list[TypedMoney] | None:
    """As typed, without blank rows; None where the form had none. ``doubts``: (typed, read as) of amounts."""
    names = [f"budget-{n}" for n in range(MOST_ROWS + BLANK_ROWS) if f"budget-{n}-year" in sent]
    rows: list[TypedMoney] = []
    for name in names:
        at = f"budget-{len(rows)}"
        row = TypedMoney(
            sent.text(f"{name}-year", LONGEST_YEAR, multiline=False, at=f"{at}-year"),
            sent.text(f"{name}-currency", LONGEST_YEAR, multiline=False, at=f"{at}-currency").upper(),
            sent.raw(f"{name}-stage"),
            sent.text(f"{name}-here", LONGEST_AMOUNT, multiline=False, at=f"{at}-here"),
            sent.text(f"{name}-drugs", LONGEST_AMOUNT, multiline=False, at=f"{at}-drugs"),
            sent.text(f"{name}-note", LINE, multiline=False, at=f"{at}-note"),
        )
        if row.is_blank:
            for part in PARTS:
                sent.errors.pop(f"{at}-{part}", None)
            continue
        rows.append(row)
        _check(sent.errors, at, row, doubts)
    if len(rows) > MOST_ROWS:
        sent.errors.setdefault("budget", sentence("budget", "too_many"))
    return rows if names else None


def content(rows: list[TypedMoney]) -> tuple[Budget, ...]:
    """As the services take them. Only for rows without errors."""
    lines = []
    for row in rows:
        note = row.note
        for purpose, amount in ((BudgetPurpose.ANTI_TRAFFICKING, row.here), (BudgetPurpose.ANTI_DRUG, row.drugs)):
            if amount:
                value = read_value(DataType.MONEY, amount).value
                lines.append(Budget(purpose, BudgetStage(row.stage), value, row.currency, row.year, note))
                note = ""
    return tuple(lines)


def fields(rows: list[TypedMoney]) -> list[tuple[str, str]]:
    """The rows as a form sends them: for sending what was typed once more."""
    return [
        (f"budget-{n}-{part}", getattr(row, part)) for n, row in enumerate(rows or [TypedMoney()]) for part in PARTS
    ]


def with_blank_rows(rows: list[TypedMoney], currency: str) -> list[TypedMoney]:
    """The rows and some for more, in the currency used last."""
    used = rows[-1].currency if rows else currency
    room = min(1 if rows else BLANK_ROWS, MOST_ROWS - len(rows))
    return rows + [TypedMoney(currency=used) for _n in range(room)]


def _check(errors: dict[str, str], at: str, row: TypedMoney, doubts: list[tuple[str, str]]) -> None:
    def put(part: str, code: str) -> None:
        errors.setdefault(f"{at}-{part}", sentence(f"{at}-{part}", code))

    if not row.year:
        put("year", "no_year")
    try:
        row.currency = read_currency(row.currency)
    except BadMeasure as error:
        put("currency", error.code)
    if row.stage not in list(BudgetStage):
        row.stage = BudgetStage.ALLOCATED.value
        put("stage", "no_stage")
    if not row.here and not row.drugs:
        put("here", "no_amount")
    for part, amount in (("here", row.here), ("drugs", row.drugs)):
        if not amount:
            continue
        try:
            found = read_value(DataType.MONEY, amount)
        except BadMeasure as error:
            put(part, error.code)
            continue
        if found.doubtful:
            doubts.append((amount, found.value))
