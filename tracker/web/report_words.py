"""What stands in a field of a report, as text: for last cycle's value beside the field, and for two versions of one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tracker import wording
from tracker.services import report_fields
from tracker.services.measured import Measured
from tracker.services.reading import Draft
from tracker.services.report_content import Answer, Budget, Evidence, IndicatorAnswer
from tracker.web.forms.report_figures import TypedFigure
from tracker.web.forms.report_links import RESTRICTED, TypedLink
from tracker.web.forms.report_money import TypedMoney
from tracker.web.languages import choose
from tracker.web.languages import gettext as _
from tracker.web.measures import in_words


@dataclass(frozen=True)
class Before:
    """What was said in a field in the cycle before."""

    text: str
    rating: str = ""
    """Of an answer: the State's own, a key of ``wording.LABELS``."""
    may_carry: bool = True
    """False where the draft says the same already, or a value stands there that is not overwritten."""


def before(draft: Draft) -> dict[str, Before]:
    """By field, for everything that the last report said."""
    if draft.previous is None:
        return {}
    said, carried = draft.previous.content, draft.previous.to_carry
    indicators = {one.code: one for one in draft.questions.indicators}
    found = {}
    for name in report_fields.names(said):
        value = report_fields.value(said, name)
        code = name.removeprefix(report_fields.INDICATOR)
        if name.startswith(report_fields.INDICATOR) and (code not in indicators or not indicators[code].is_typed):
            continue
        may_carry = report_fields.carried(draft.content, carried, name) != draft.content
        if isinstance(value, Answer):
            found[name] = Before(value.narrative, value.self_assessment or "", may_carry)
        elif name.startswith(report_fields.INDICATOR):
            found[name] = Before(figures(value, indicators[code]), may_carry=may_carry)
        elif name == "budget":
            found[name] = Before("\n".join(_budget(one) for one in value), may_carry=may_carry)
        elif name == "evidence":
            found[name] = Before("\n".join(_evidence(one) for one in value), may_carry=may_carry)
        else:
            found[name] = Before(value, may_carry=may_carry)
    return found


def figures(values: Iterable[IndicatorAnswer], indicator: Measured) -> str:
    """All that is said of one indicator, a line for each category."""
    lines = []
    for one in values:
        said = _("Not available") if one.not_available else in_words(one, indicator)
        if one.axis:
            said = f"{one.category}: {said}"
        elif one.period_start and one.period_end:
            said = f"{said} ({_period(one.period_start.isoformat(), one.period_end.isoformat())})"
        lines.append(f"{said} · {one.note}" if one.note else said)
    return "\n".join(lines)


def rating(value: str) -> str:
    return wording.label(value, choose()) if value else _("Not answered")


def typed_figure(figure: TypedFigure) -> str:
    """As typed, a line for each category."""
    lines = []
    if figure.says_something:
        value = _("Not available") if figure.not_available and not figure.value else f"{figure.value} {figure.currency}"
        lines.append(_joined(value.strip(), _period(figure.start, figure.end), figure.note))
    for row in figure.rows:
        lines.append(f"{row.category}: " + (f"{row.value} {row.currency}".strip() or _("Not available")))
    return "\n".join(lines)


def typed_money(rows: Iterable[TypedMoney]) -> str:
    here, drugs = (wording.label(purpose, choose()) for purpose in ("anti_trafficking", "anti_drug"))
    return "\n".join(
        _joined(
            row.year,
            wording.label(row.stage, choose()),
            row.currency,
            f"{here}: {row.here}" if row.here else "",
            f"{drugs}: {row.drugs}" if row.drugs else "",
            row.note,
        )
        for row in rows
    )


def typed_links(links: Iterable[TypedLink]) -> str:
    return "\n".join(
        _joined(e.title, e.url, e.speaks_of, e.language, _("restricted") if e.access == RESTRICTED else "")
        for e in links
    )


def _budget(line: Budget) -> str:
    said = wording.say_money(line.amount, line.currency, choose())
    words = (wording.label(one, choose()) for one in (line.stage, line.purpose))
    return _joined(line.fiscal_year, *words, said, line.note)


def _evidence(one: Evidence) -> str:
    return _joined(one.title, one.url, wording.say_date(one.speaks_of, choose()) if one.speaks_of else "")


def _period(start: str, end: str) -> str:
    return f"{start} – {end}" if start and end else ""


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
