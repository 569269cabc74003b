"""A report that says everything a report can say, a cycle after it, and a contributor asked for one element."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from tests.cast import Cast
from tests.support.worlds import kept
from tracker.domain.vocabulary import BudgetPurpose, BudgetStage, Rating
from tracker.models import Assignment, Element, User
from tracker.services import cycles, drafts, records, reports
from tracker.services.report_content import Answer, Budget, Evidence, IndicatorAnswer, ReportContent, of_draft

ELEMENTS = ("CS-03.a", "CS-03.b", "CS-03.c")
YEAR = {"period_start": date(2025, 1, 1), "period_end": date(2025, 12, 31)}
FIGURES = (
    IndicatorAnswer("CS-03-I1", "yes", **YEAR),
    IndicatorAnswer("CS-03-I2", "1500000.5", "USD", **YEAR, note="Of the ministry."),
    IndicatorAnswer("CS-03-I2", "500000", "USD", axis=2, category="prevention"),
    IndicatorAnswer("CS-03-I3", not_available=True, **YEAR),
)
MONEY = (
    Budget(BudgetPurpose.ANTI_TRAFFICKING, BudgetStage.ALLOCATED, "1500000.5", "USD", "2025", "A line of its own."),
    Budget(BudgetPurpose.ANTI_DRUG, BudgetStage.ALLOCATED, "36750012.25", "USD", "2025"),
)


def stored(cast: Cast, report_id: int) -> ReportContent:
    """The draft as it is now."""
    with cast.reading() as session:
        report = records.report(session, report_id)
        assert report is not None
        return of_draft(report)


def full(cast: Cast, report_id: int) -> ReportContent:
    """A report on CS-03 that uses every part."""
    return ReportContent(
        answers=tuple(Answer(a.element, Rating.LARGELY, "As before.") for a in stored(cast, report_id).answers),
        summary="On the whole.",
        evidence=(Evidence("An act", "https://example.org/act", date(2025, 2, 1), True, "es"),),
        indicators=FIGURES,
        budget=MONEY,
        obstacles="Few staff.",
        help_needed="Training.",
    )


def typed(cast: Cast, report_id: int, **more: str) -> dict[str, Any]:
    """The fields of a form that is opened now, with every part of it."""
    fields: dict[str, Any] = {"version": cast.version(report_id), "content": "1"}
    for code in ELEMENTS:
        fields |= {f"self_assessment-{code}": "not_implemented", f"narrative-{code}": "Typed."}
    for code in ("I1", "I2", "I3", "I5"):
        fields |= {f"indicator-CS-03-{code}-{part}": "" for part in ("from", "to", "note")}
    fields |= {f"budget-0-{part}": "" for part in ("year", "here", "drugs", "note")}
    fields |= {"budget-0-currency": "USD", "budget-0-stage": "allocated", "evidence-0-url": "", "evidence-0-title": ""}
    return fields | {"obstacles": "", "help_needed": "", "summary": ""} | more


def act(cast: Cast, report_id: int, verb: object, name: str, **more: object) -> None:
    """Call a service on the report as it is now."""
    actor = cast.actor(name)
    with cast.writing() as session:
        report = records.report(session, report_id)
        assert report is not None
        more.setdefault("seen_version", report.version)
        verb(session, report, actor=actor, now=cast.clock.now(), **more)  # type: ignore[operator]


@kept
def submitted_and_next_cycle(cast: Cast, state: str = "us") -> int:
    """The State submits CS-03 in full, a year passes, the cycle 2027 opens: the new report's id."""
    first = cast.report_id(state.upper(), "CS-03")
    act(cast, first, drafts.save, f"focal.{state}", content=full(cast, first))
    act(cast, first, reports.ask_approval, f"focal.{state}")
    act(cast, first, reports.submit, f"approver.{state}")
    cast.clock.advance(days=365)
    with cast.writing() as session:
        cycle = cycles.plan(
            session,
            cycles.CyclePlan(
                code="2027",
                title=dict.fromkeys(("en", "es", "pt", "fr"), "2027"),
                period_start=date(2026, 1, 1),
                period_end=date(2026, 12, 31),
                opens_on=date(2027, 3, 1),
                due_on=date(2027, 4, 30),
                closes_on=date(2027, 6, 30),
                comment_days=30,
            ),
            actor=None,
            now=cast.clock.now(),
        )
        cycles.open_cycle(session, cycle.id, now=cast.clock.now())
    return cast.report_id(state.upper(), "CS-03", "2027")


@kept
def ask_for_one_element(cast: Cast, element: str = "CS-03.b", state: str = "us") -> None:
    """The State's contributor, asked for all of CS-03 in the cast, is asked for one element of it only."""
    commitment = cast.commitment_id(state.upper(), "CS-03")
    with cast.writing() as session:
        user = session.scalars(sa.select(User.id).where(User.email == f"contributor.{state}@tracker.test")).one()
        part = session.scalars(sa.select(Element.id).where(Element.code == element)).one()
        session.execute(
            sa.update(Assignment)
            .where(Assignment.commitment_id == commitment, Assignment.user_id == user)
            .values(element_id=part)
        )
