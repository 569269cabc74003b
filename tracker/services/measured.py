"""The indicators of a provision as forms, pages and documents need them, and what was said of each, put together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.measures import DataType
from tracker.domain.ratios import CHANGES, RATIOS, Computed, change_of, ratio_of
from tracker.models import Indicator
from tracker.services.plain_rows import rows
from tracker.services.report_content import IndicatorAnswer

Texts = dict[str, str]
"""A text by language."""


@dataclass(frozen=True)
class Measured:
    """One indicator."""

    code: str
    label: Texts
    data_type: str
    """A value of ``domain.measures.DataType``."""
    unit: Texts | None
    choices: tuple[Texts, ...]
    axes: tuple[Texts, ...]
    """What it is broken down by; axis 1 is the first."""
    computed: bool
    note: Texts | None
    counts_persons: bool = False

    @property
    def is_typed(self) -> bool:
        """Typed by people; the others follow from what was typed."""
        return not self.computed and self.data_type != DataType.RATIO

    @property
    def choice_codes(self) -> tuple[str, ...]:
        """What ``domain.measures`` takes as choices: the English words."""
        return tuple(one["en"] for one in self.choices)


@dataclass(frozen=True)
class Shown:
    """An indicator with what is said of it."""

    indicator: Measured
    whole: IndicatorAnswer | None
    rows: tuple[IndicatorAnswer, ...] = ()
    """By category, in the order of the axes."""
    computed: tuple[Computed, ...] = ()


MEASURED = (Indicator.code, Indicator.label, Indicator.data_type, Indicator.unit, Indicator.choices,
            Indicator.disaggregation, Indicator.computed, Indicator.note, Indicator.counts_persons)  # fmt: skip
"""The columns that ``of_row`` reads."""
_MEASURED = sa.select(*MEASURED).where(Indicator.provision_id == sa.bindparam("provision")).order_by(Indicator.position)


def measured(session: Session, provision_id: int) -> list[Measured]:
    """The indicators of a provision, in order. One query."""
    found = rows(session, _MEASURED, {"provision": provision_id})
    return [of_row(row) for row in found]


_COUNTING = sa.select(Indicator.code).where(Indicator.counts_persons)


def counting_persons(session: Session) -> frozenset[str]:
    """Codes of the indicators that count persons (``ReportContent.for_the_public``). One query."""
    return frozenset(row.code for row in rows(session, _COUNTING, {}))


def of_row(row: sa.Row | Indicator) -> Measured:
    """From the columns of ``Indicator``."""
    return Measured(
        row.code,
        row.label,
        row.data_type,
        row.unit,
        tuple(row.choices),
        tuple(row.disaggregation),
        row.computed,
        row.note,
        row.counts_persons,
    )


def shown(
    indicators: Sequence[Measured], values: Iterable[IndicatorAnswer], before: Iterable[IndicatorAnswer] = ()
) -> list[Shown]:
    """What there is to show: indicators with a value, a note or a computed figure, in the catalogue's order.

    ``before``: what was said in the cycle before, for the change from one to the other.
    """
    values, before = tuple(values), tuple(before)
    by_code: dict[str, list[IndicatorAnswer]] = {}
    for value in values:
        by_code.setdefault(value.indicator, []).append(value)
    found = []
    for one in indicators:
        mine = by_code.get(one.code, ())
        whole = next((v for v in mine if v.axis == 0), None)
        parts = tuple(v for v in mine if v.axis)
        made = _computed(one.code, values, before) if not one.is_typed else ()
        if whole or parts or made:
            found.append(Shown(one, whole, parts, made))
    return found


def _computed(
    code: str, values: tuple[IndicatorAnswer, ...], before: tuple[IndicatorAnswer, ...]
) -> tuple[Computed, ...]:
    if code in RATIOS:
        return tuple(ratio_of(code, values))
    return tuple(change_of(code, values, before)) if code in CHANGES else ()
