"""The draft: figures and money kept as declared, parts of it for who was asked for parts, and what is carried over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from tests.cast import Cast
from tests.report_scene import FIGURES, MONEY, act, ask_for_one_element, full, stored, submitted_and_next_cycle
from tracker.domain.errors import NotPermitted, Stale, Unmet
from tracker.domain.vocabulary import BudgetPurpose, BudgetStage, Rating
from tracker.models import (
    AuditEntry,
    ProgressReport,
    ReportRevision,
)
from tracker.services import drafts, reports
from tracker.services.report_content import Answer, Budget, IndicatorAnswer, ReportContent


@pytest.fixture
def report_id(any_cast: Cast) -> int:
    return any_cast.report_id("US", "CS-03")


def column(cast: Cast, report_id: int, name: str) -> Any:
    with cast.reading() as session:
        return getattr(session.get_one(ProgressReport, report_id), name)


class TestKept:
    def test_figures_money_obstacles_and_help_come_back_as_declared(self, any_cast: Cast, report_id: int) -> None:
        wanted = full(any_cast, report_id)
        act(any_cast, report_id, drafts.save, "focal.us", content=wanted)
        assert stored(any_cast, report_id) == wanted

    def test_they_grow_shrink_and_change(self, any_cast: Cast, report_id: int) -> None:
        more = replace(full(any_cast, report_id), indicators=FIGURES, budget=MONEY * 3)
        for indicators, budget in (
            (FIGURES, MONEY),
            (FIGURES[1:3], MONEY[1:]),
            (FIGURES[:1] + FIGURES[3:], ()),
            ((), MONEY),
        ):
            act(
                any_cast,
                report_id,
                drafts.save,
                "focal.us",
                content=replace(more, indicators=indicators, budget=budget),
            )
            found = stored(any_cast, report_id)
            assert (found.indicators, found.budget) == (indicators, budget)

    def test_the_catalogue_decides_the_order_and_what_there_is(self, any_cast: Cast, report_id: int) -> None:
        foreign = IndicatorAnswer("CS-04-I2", "3")
        computed = IndicatorAnswer("CS-03-I4", "24.5")
        mixed = replace(full(any_cast, report_id), indicators=(*FIGURES[::-1], foreign, computed))
        act(any_cast, report_id, drafts.save, "focal.us", content=mixed)
        assert stored(any_cast, report_id).indicators == FIGURES

    def test_no_budget_lines_where_the_provision_asks_for_none(self, any_cast: Cast) -> None:
        elsewhere = any_cast.report_id("US", "CS-04")
        act(any_cast, elsewhere, drafts.save, "focal.us", content=ReportContent((), "Said.", budget=MONEY))
        assert stored(any_cast, elsewhere).budget == ()

    @pytest.mark.parametrize(
        ("wrong", "field", "code"),
        [
            (IndicatorAnswer("CS-03-I1", "perhaps"), "indicator-CS-03-I1", "no_number"),
            (IndicatorAnswer("CS-03-I2", "1,5", "USD"), "indicator-CS-03-I2", "no_number"),
            (IndicatorAnswer("CS-03-I2", "1"), "indicator-CS-03-I2", "no_currency"),
            (IndicatorAnswer("CS-03-I2", "1", "ZZZ"), "indicator-CS-03-I2", "no_currency"),
            (IndicatorAnswer("CS-03-I5", "101"), "indicator-CS-03-I5", "no_number"),
            (IndicatorAnswer("CS-03-I1", "yes", not_available=True), "indicator-CS-03-I1", "value_and_not_available"),
            (IndicatorAnswer("CS-03-I1", "yes", axis=1, category="x"), "indicator-CS-03-I1", "no_category"),
            (IndicatorAnswer("CS-03-I2", "1", "USD", axis=1), "indicator-CS-03-I2", "no_category"),
        ],
    )
    def test_what_is_no_value_is_refused_at_its_field(
        self, any_cast: Cast, report_id: int, wrong: IndicatorAnswer, field: str, code: str
    ) -> None:
        with pytest.raises(Unmet) as refused:
            act(any_cast, report_id, drafts.save, "focal.us", content=ReportContent((), indicators=(wrong,)))
        assert refused.value.problems == {field: code}
        assert column(any_cast, report_id, "version") == 1

    def test_an_identifier_does_not_get_in(self, any_cast: Cast, report_id: int) -> None:
        said = replace(full(any_cast, report_id), obstacles="Write to juana.ejemplo@example.org about her case.")
        with pytest.raises(Unmet) as refused:
            act(any_cast, report_id, drafts.save, "focal.us", content=said)
        assert refused.value.problems == {"obstacles": "identifier"}
        assert stored(any_cast, report_id).obstacles == ""


class TestParts:
    """A contributor who was asked for one element."""

    @pytest.fixture
    def part(self, any_cast: Cast, report_id: int) -> int:
        ask_for_one_element(any_cast)
        return report_id

    def test_writes_that_element_and_nothing_else(self, any_cast: Cast, part: int) -> None:
        before = full(any_cast, part)
        act(any_cast, part, drafts.save, "focal.us", content=before)
        sly = ReportContent(
            answers=tuple(Answer(a.element, Rating.NOT, "Mine.") for a in before.answers),
            summary="Mine.",
            obstacles="Mine.",
            help_needed="Mine.",
            privacy_explanation="Mine.",
        )
        act(any_cast, part, drafts.save, "contributor.us", content=sly)
        mine = Answer("CS-03.b", Rating.NOT, "Mine.")
        wanted = replace(before, answers=(before.answers[0], mine, before.answers[2]))
        assert stored(any_cast, part) == wanted

    def test_cannot_say_that_nothing_changed_nor_hand_the_whole_on(self, any_cast: Cast, part: int) -> None:
        with pytest.raises(NotPermitted):
            act(any_cast, part, drafts.nothing_changed, "contributor.us")
        any_cast.fill(part, "focal.us")
        with pytest.raises(NotPermitted):
            act(any_cast, part, reports.ask_approval, "contributor.us")


class TestBefore:
    """A report of the next cycle, after one was submitted."""

    @pytest.fixture
    def second(self, any_cast: Cast) -> int:
        return submitted_and_next_cycle(any_cast)

    def test_one_field_comes_over_marked_until_confirmed(self, any_cast: Cast, second: int) -> None:
        act(any_cast, second, drafts.carry_over, "focal.us", field="narrative-CS-03.a")
        said = stored(any_cast, second).answers
        assert [a.narrative for a in said] == ["As before.", "", ""]
        assert column(any_cast, second, "unconfirmed") == ["narrative-CS-03.a"]
        act(
            any_cast, second, drafts.save, "focal.us", content=stored(any_cast, second), confirmed=["narrative-CS-03.a"]
        )
        assert column(any_cast, second, "unconfirmed") == []

    def test_a_changed_field_is_confirmed_by_that(self, any_cast: Cast, second: int) -> None:
        act(any_cast, second, drafts.carry_over, "focal.us", field=None)
        carried = stored(any_cast, second)
        assert "obstacles" in column(any_cast, second, "unconfirmed")
        act(any_cast, second, drafts.save, "focal.us", content=replace(carried, obstacles="Fewer staff."))
        left = column(any_cast, second, "unconfirmed")
        assert "obstacles" not in left
        assert "budget" in left

    def test_the_whole_comes_over_with_the_new_period_and_goes_nowhere_unconfirmed(
        self, any_cast: Cast, second: int
    ) -> None:
        act(any_cast, second, drafts.carry_over, "focal.us", field=None)
        said = stored(any_cast, second)
        assert (said.budget, said.obstacles, said.evidence[0].title) == (MONEY, "Few staff.", "An act")
        assert said.indicators[0] == replace(FIGURES[0], period_start=date(2026, 1, 1), period_end=date(2026, 12, 31))
        for verb in (reports.ask_approval, reports.submit):
            with pytest.raises(Unmet) as refused:
                act(any_cast, second, verb, "focal.us" if verb is reports.ask_approval else "approver.us")
            assert refused.value.problems["indicator-CS-03-I2"] == "unconfirmed"
            assert refused.value.problems["narrative-CS-03.c"] == "unconfirmed"

    def test_nothing_typed_is_overwritten(self, any_cast: Cast, second: int) -> None:
        own = ReportContent(
            (Answer("CS-03.a", Rating.NOT, "Typed now."),),
            obstacles="Typed too.",
            indicators=(IndicatorAnswer("CS-03-I1", "no"),),
            budget=(Budget(BudgetPurpose.ANTI_TRAFFICKING, BudgetStage.ALLOCATED, "7", "USD", "2026"),),
        )
        act(any_cast, second, drafts.save, "focal.us", content=own)
        act(any_cast, second, drafts.carry_over, "focal.us", field=None)
        said = stored(any_cast, second)
        assert said.answers[0] == Answer("CS-03.a", Rating.NOT, "Typed now.\n\nAs before.")
        assert said.obstacles == "Typed too.\n\nFew staff."
        assert said.indicators[0] == IndicatorAnswer("CS-03-I1", "no")
        assert {b.amount for b in said.budget} == {"7", "1500000.5", "36750012.25"}

    def test_nothing_changed_in_one_act_until_something_does(self, any_cast: Cast, second: int) -> None:
        act(any_cast, second, drafts.nothing_changed, "focal.us")
        said = stored(any_cast, second)
        assert said.nothing_changed
        assert said.budget == MONEY
        assert column(any_cast, second, "unconfirmed") == []
        act(any_cast, second, drafts.save, "focal.us", content=said)
        assert stored(any_cast, second).nothing_changed
        act(any_cast, second, reports.ask_approval, "focal.us")
        act(any_cast, second, reports.refuse, "approver.us", comment="Look again.")
        act(any_cast, second, drafts.save, "focal.us", content=replace(said, help_needed="More training."))
        assert not stored(any_cast, second).nothing_changed

    def test_the_revision_says_that_nothing_changed(self, any_cast: Cast, second: int) -> None:
        act(any_cast, second, drafts.nothing_changed, "focal.us")
        act(any_cast, second, reports.ask_approval, "focal.us")
        act(any_cast, second, reports.submit, "approver.us")
        with any_cast.reading() as session:
            kept = session.scalars(sa.select(ReportRevision).where(ReportRevision.report_id == second)).one()
            assert kept.content["nothing_changed"] is True
            assert ReportContent.from_json(kept.content).sha256() == kept.sha256

    def test_nothing_changed_never_throws_typed_text_away(self, any_cast: Cast, second: int) -> None:
        own = ReportContent((Answer("CS-03.a", None, "Typed now."),))
        act(any_cast, second, drafts.save, "focal.us", content=own)
        with pytest.raises(Unmet) as refused:
            act(any_cast, second, drafts.nothing_changed, "focal.us")
        assert refused.value.problems == {"nothing_changed": "differs"}
        assert stored(any_cast, second).answers[0].narrative == "Typed now."

    def test_save_is_never_told_that_nothing_changed(self, any_cast: Cast, second: int) -> None:
        said = replace(full(any_cast, second), nothing_changed=True)
        act(any_cast, second, drafts.save, "focal.us", content=said)
        assert not stored(any_cast, second).nothing_changed

    def test_who_may_not(self, any_cast: Cast, second: int) -> None:
        for name in ("approver.us", "focal.br", "reviewer", "admin", "observer", "secretariat", "contributor.br"):
            with pytest.raises(NotPermitted):
                act(any_cast, second, drafts.carry_over, name, field=None)
            with pytest.raises(NotPermitted):
                act(any_cast, second, drafts.nothing_changed, name)

    def test_on_an_old_version_nothing_is_copied(self, any_cast: Cast, second: int) -> None:
        act(any_cast, second, drafts.save, "focal.us", content=ReportContent((), "Theirs."))
        for verb, more in ((drafts.carry_over, {"field": None}), (drafts.nothing_changed, {})):
            with pytest.raises(Stale):
                act(any_cast, second, verb, "focal.us", seen_version=1, **more)

    def test_every_save_is_in_the_audit_trail(self, any_cast: Cast, second: int) -> None:
        act(any_cast, second, drafts.carry_over, "focal.us", field="budget")
        act(any_cast, second, drafts.save, "focal.us", content=stored(any_cast, second), confirmed=["budget"])
        with any_cast.reading() as session:
            mine = AuditEntry.record_id == str(second)
            told = sa.select(sa.func.count()).where(AuditEntry.event == "report.save", mine)
            assert session.scalar(told) == 2


def test_nothing_to_carry_in_the_first_cycle(any_cast: Cast, report_id: int) -> None:
    with pytest.raises(Unmet, match="nothing"):
        act(any_cast, report_id, drafts.carry_over, "focal.us", field=None)
    with pytest.raises(Unmet, match="nothing"):
        act(any_cast, report_id, drafts.nothing_changed, "focal.us")
    assert any_cast.version(report_id) == 1
