"""Two reporting cycles of one State with every kind of data, for tests of what a status report says over time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from tests import extension_scene, observation_scene
from tests.cast import Cast
from tests.status_scene import play, rate
from tests.support.worlds import kept
from tracker.domain.vocabulary import BudgetPurpose, BudgetStage, ExtensionDecision, Rating, ReportState, Strength
from tracker.models import ReportRevision
from tracker.services import cycles
from tracker.services.report_content import Budget, Evidence, IndicatorAnswer, ReportContent

FIRST, SECOND = "2026", "2027"
PEOPLE_CODE = "CS-02-I4"
"""An indicator that counts persons."""


@kept
def two_years(cast: Cast) -> None:
    """2026 as ``status_scene`` plays it, with an extension granted and one refused; then 2027, half reported."""
    for code, decision in (("CS-09", ExtensionDecision.GRANTED), ("WP-S-03", ExtensionDecision.REFUSED)):
        _report_id, request_id = extension_scene.asked(cast, code)
        extension_scene.decide(cast, "reviewer", [request_id], decision)
    observation_scene.decide(cast, observation_scene.write(cast, "BR", "CS-03"))
    play(cast)
    said(cast, "CS-03", FIRST, money("1000", "25000", "2025"), yes("yes"), amounts("1000"))
    said(cast, "CS-02", FIRST, (), people("7", "3", "4"))
    open_second(cast)
    for code in ("CS-03", "CS-02", "CS-01"):
        cast.bring_to(cast.report_id("BR", code, SECOND), ReportState.PUBLISHED)
    rate(cast, cast.report_id("BR", "CS-03", SECOND), Rating.PARTIALLY, Rating.LARGELY, Strength.CONFIRMED)
    said(cast, "CS-03", SECOND, money("2000", "50001", "2026") + money("10", None, "2025/26"), amounts("2000.5"))
    said(cast, "CS-02", SECOND, (), people("3", "1", "2"))
    cast.clock.advance(days=1)


@kept
def open_second(cast: Cast) -> None:
    plan = cycles.CyclePlan(
        code=SECOND,
        title=dict.fromkeys(("en", "es", "pt", "fr"), "Second"),
        period_start=date(2026, 1, 1),
        period_end=date(2026, 12, 31),
        opens_on=date(2027, 3, 1),
        due_on=date(2027, 4, 30),
        closes_on=date(2027, 6, 30),
    )
    cast.clock.advance(days=320)
    with cast.writing() as session:
        cycle = cycles.plan(session, plan, actor=None, now=cast.clock.now())
        cycles.open_cycle(session, cycle.id, now=cast.clock.now())


def money(here: str, drugs: str | None, year: str) -> tuple[Budget, ...]:
    lines = [Budget(BudgetPurpose.ANTI_TRAFFICKING, BudgetStage.EXECUTED, here, "BRL", year)]
    if drugs is not None:
        lines.append(Budget(BudgetPurpose.ANTI_DRUG, BudgetStage.EXECUTED, drugs, "BRL", year))
    return tuple(lines)


def yes(word: str) -> IndicatorAnswer:
    return IndicatorAnswer("CS-03-I1", word)


def amounts(here: str) -> IndicatorAnswer:
    return IndicatorAnswer("CS-03-I2", here, "BRL", period_start=date(2025, 1, 1), period_end=date(2025, 12, 31))


def people(*counts: str) -> tuple[IndicatorAnswer, ...]:
    """Of the whole, of women, of men."""
    whole, women, men = counts
    return (
        IndicatorAnswer(PEOPLE_CODE, whole, note="Typed beside."),
        IndicatorAnswer(PEOPLE_CODE, women, axis=1, category="women"),
        IndicatorAnswer(PEOPLE_CODE, men, axis=1, category="men"),
        IndicatorAnswer("CS-02-I1", not_available=True),
    )


def said(cast: Cast, code: str, cycle: str, budget: tuple[Budget, ...], *figures: object) -> None:
    """Let the rated submission of a report of Brazil declare this, with three pieces of evidence, one restricted."""
    answers: list[IndicatorAnswer] = []
    for one in figures:
        answers += one if isinstance(one, tuple) else [one]  # type: ignore[list-item]
    report_id = cast.report_id("BR", code, cycle)
    with cast.writing() as session:
        revision = session.scalars(
            sa.select(ReportRevision).where(ReportRevision.report_id == report_id).order_by(ReportRevision.number)
        ).all()[-1]
        content = ReportContent.from_json(revision.content)
        evidence = (
            Evidence(f"Act of {cycle}", "https://example.org/act", date(2025, 6, 1), True),
            Evidence("Restricted act", "https://example.org/restricted", None, False),
            Evidence("Survey", "https://example.org/survey", None, True),
        )
        revision.content = replace(content, indicators=tuple(answers), budget=budget, evidence=evidence).to_json()
