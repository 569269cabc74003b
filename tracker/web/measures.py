"""Figures on pages: filters that put declared values together and say them in the reader's language.

``templates/macros/measures.html`` draws with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import Flask

from tracker import wording
from tracker.domain.measures import DataType
from tracker.domain.ratios import Computed, SideBySide, side_by_side
from tracker.services import measured
from tracker.services.measured import Measured, Shown
from tracker.services.report_content import Budget, IndicatorAnswer
from tracker.web.languages import choose


def in_words(answer: IndicatorAnswer, indicator: Measured) -> str:
    """A value as people read it; empty where none was given."""
    return wording.say_measure(
        indicator.data_type, answer.value, choose(), currency=answer.currency, choices=indicator.choices
    )


def _computed(one: Computed, indicator: Measured) -> str:
    said = wording.say_measure(indicator.data_type, one.value, choose())
    return f"{said} ({one.of})" if one.of else said


def _choices(indicator: Measured) -> list[tuple[str, str]]:
    """(what is kept, what is read) of each choice."""
    return [(one["en"], wording.pick(one, choose())) for one in indicator.choices]


def _axes_numbered(indicator: Measured) -> list[tuple[str, str]]:
    """(number, name) of each breakdown."""
    return [(str(number), wording.pick(one, choose())) for number, one in enumerate(indicator.axes, 1)]


def _axes_said(indicator: Measured) -> str:
    return "; ".join(wording.pick(one, choose()) for one in indicator.axes)


def _shown(
    indicators: Sequence[Measured], values: Iterable[IndicatorAnswer], before: Iterable[IndicatorAnswer] = ()
) -> list[Shown]:
    return measured.shown(indicators, values, before)


def _side_by_side(lines: Iterable[Budget]) -> list[SideBySide]:
    return side_by_side(lines)


def init_app(app: Flask) -> None:
    """Filters of templates."""
    app.jinja_env.filters.update(
        choices=_choices,
        axes_numbered=_axes_numbered,
        axes_said=_axes_said,
        shown=_shown,
        in_words=in_words,
        computed=_computed,
        side_by_side=_side_by_side,
        money=lambda amount, currency: wording.say_money(amount, currency, choose()),
        one_to=lambda value: wording.say_measure(DataType.RATIO, value, choose()),
    )
