"""The rows of a draft: its content put into the catalogue's order, checked, and written into the tables."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal

from tracker.domain.compliance import roll_up
from tracker.domain.errors import Unmet
from tracker.domain.measures import CURRENCIES, DataType, is_canonical
from tracker.domain.ratios import pairs
from tracker.models import BudgetLine, ElementAnswer, EvidenceLink, Indicator, IndicatorValue, ProgressReport
from tracker.services.report_content import Budget, IndicatorAnswer, ReportContent

MOST_EVIDENCE = 50
MOST_BUDGET = 60
"""Budget lines of one report."""
MOST_ROWS = 30
"""Categories of one indicator."""


def in_order(
    report: ProgressReport, stored: ReportContent, content: ReportContent, elements: Collection[str] | None
) -> ReportContent:
    """Only what this party and person answers, in the catalogue's order; what is not given stays as stored.

    ``elements``: the only ones taken; None for who answers the whole. Indicators that are computed, or of another
    provision, are not looked at; nor budget lines where the provision asks for none.
    """
    given = {a.element: a for a in content.answers if elements is None or a.element in elements}
    answers = tuple(given.get(a.element, a) for a in stored.answers)
    if elements is not None:
        return replace(stored, answers=answers)
    order = {i.code: i.position for i in report.commitment.provision.indicators if _is_typed(i)}
    indicators = sorted(
        (v for v in content.indicators if v.indicator in order), key=lambda v: (order[v.indicator], v.axis)
    )
    budget = content.budget if report.commitment.provision.asks_budget else ()
    return replace(
        content,
        answers=answers,
        indicators=tuple(indicators),
        budget=tuple(line for pair in pairs(budget) for line in pair if line),
        attachments=stored.attachments,
        nothing_changed=stored.nothing_changed,
    )


def write(report: ProgressReport, content: ReportContent) -> None:
    """Write the content into the report's rows. Raises Unmet for values that are none of their indicator's."""
    by_code = {i.code: i for i in report.commitment.provision.indicators} if content.indicators else {}
    _check(content, by_code)
    _answers(report, content)
    _links(report, content)
    _indicators(report, content, by_code)
    _budget(report, content)
    report.summary, report.obstacles, report.help_needed = content.summary, content.obstacles, content.help_needed
    report.nothing_changed = content.nothing_changed
    report.privacy_explanation = content.privacy_explanation
    report.self_assessment = roll_up([a.self_assessment for a in content.answers])


def _is_typed(indicator: Indicator) -> bool:
    return not indicator.computed and indicator.data_type != DataType.RATIO


def _check(content: ReportContent, by_code: dict[str, Indicator]) -> None:
    problems: dict[str, str] = {}
    seen = set()
    for value in content.indicators:
        name = f"indicator-{value.indicator}"
        key = (value.indicator, value.axis, value.category)
        if key in seen:
            problems[name] = "twice"
        seen.add(key)
        problem = _fault(value, by_code[value.indicator])
        if problem:
            problems[name] = problem
    for code in by_code:
        if sum(1 for v in content.indicators if v.indicator == code and v.axis) > MOST_ROWS:
            problems[f"indicator-{code}"] = "too_many"
    if len(content.budget) > MOST_BUDGET:
        problems["budget"] = "too_many"
    if any(not _is_amount(line) for line in content.budget):
        problems["budget"] = "no_number"
    if problems:
        raise Unmet(**problems)


def _fault(value: IndicatorAnswer, indicator: Indicator) -> str:
    """A problem code; empty where the value can be kept."""
    choices = [one["en"] for one in indicator.choices]
    if value.not_available and value.value:
        return "value_and_not_available"
    if value.value and not is_canonical(indicator.data_type, value.value, choices):
        return "no_number"
    if value.value and indicator.data_type == DataType.MONEY and value.currency not in CURRENCIES:
        return "no_currency"
    if bool(value.axis) != bool(value.category) or not 0 <= value.axis <= len(indicator.disaggregation):
        return "no_category"
    if value.period_start and value.period_end and value.period_start > value.period_end:
        return "period"
    return ""


def _is_amount(line: Budget) -> bool:
    return (
        is_canonical(DataType.MONEY, line.amount)
        and Decimal(line.amount) >= 0
        and line.currency in CURRENCIES
        and bool(line.fiscal_year)
    )


def _answers(report: ProgressReport, content: ReportContent) -> None:
    ids = {e.code: e.id for e in report.commitment.provision.elements}
    existing = {a.element_id: a for a in report.answers}
    for answer in content.answers:
        row = existing.get(ids[answer.element])
        if row is None:
            row = ElementAnswer(element_id=ids[answer.element])
            report.answers.append(row)
        row.self_assessment = answer.self_assessment
        row.narrative = answer.narrative


def _links(report: ProgressReport, content: ReportContent) -> None:
    kept = report.evidence
    for position, item in enumerate(content.evidence[:MOST_EVIDENCE]):
        if position < len(kept):
            link = kept[position]
        else:
            link = EvidenceLink(position=position)
            report.evidence.append(link)
        link.position = position
        link.title, link.url = item.title, item.url
        link.speaks_of, link.is_public, link.language = item.speaks_of, item.is_public, item.language
    for link in kept[len(content.evidence) :]:
        report.evidence.remove(link)


def _indicators(report: ProgressReport, content: ReportContent, by_code: dict[str, Indicator]) -> None:
    # Rows are found by what they are of, never moved to another category: the unique key holds at every moment.
    existing = {(v.indicator_id, v.axis, v.category): v for v in report.indicator_values}
    kept = set()
    for position, value in enumerate(content.indicators):
        key = (by_code[value.indicator].id, value.axis, value.category)
        row = existing.get(key)
        if row is None:
            row = IndicatorValue(indicator_id=key[0], axis=value.axis, category=value.category)
            report.indicator_values.append(row)
        kept.add(key)
        row.position = position
        row.value, row.currency, row.not_available = value.value, value.currency, value.not_available
        row.period_start, row.period_end, row.note = value.period_start, value.period_end, value.note
    for key, row in existing.items():
        if key not in kept:
            report.indicator_values.remove(row)


def _budget(report: ProgressReport, content: ReportContent) -> None:
    kept = report.budget_lines
    for position, line in enumerate(content.budget):
        if position < len(kept):
            row = kept[position]
        else:
            row = BudgetLine(position=position)
            report.budget_lines.append(row)
        row.position = position
        row.purpose, row.stage, row.amount = line.purpose, line.stage, line.amount
        row.currency, row.fiscal_year, row.note = line.currency, line.fiscal_year, line.note
    for row in kept[len(content.budget) :]:
        report.budget_lines.remove(row)
