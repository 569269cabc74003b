"""The steps of a review by the services: what each needs, what it leaves behind, on both databases."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from tests.cast import Cast
from tracker.db import transaction
from tracker.domain.deadlines import ends_at
from tracker.domain.errors import NotPermitted, Stale, Unmet, WrongState
from tracker.domain.vocabulary import HIGH_RATINGS, Rating, ReportState, Strength, Visibility
from tracker.models import Assessment, AuditEntry, HistoryEntry, ProgressReport
from tracker.services import records, reports, reviews

RATED: dict[str, Any] = {
    "rating": Rating.PARTIALLY,
    "strength": Strength.DOCUMENTED,
    "reasons": "Invented reasons.",
}


def in_state(cast: Cast, state: ReportState, code: str = "CS-02") -> int:
    report_id = cast.report_id("BR", code)
    cast.bring_to(report_id, state)
    return report_id


def stored(cast: Cast, report_id: int) -> ProgressReport:
    with cast.reading() as session:
        report = records.report(session, report_id)
        assert report is not None
        return report


class TestReturn:
    def test_the_new_date_ends_in_the_states_zone(self, any_cast: Cast) -> None:
        report_id = in_state(any_cast, ReportState.UNDER_REVIEW)
        day = date(2026, 5, 20)
        any_cast._step(report_id, reviews.return_, "reviewer", comment="More, please.", due_on=day)
        report = stored(any_cast, report_id)
        assert report.state is ReportState.RETURNED
        assert report.due_at == ends_at(day, "America/Sao_Paulo")
        with any_cast.reading() as session:
            entry = session.scalars(sa.select(HistoryEntry).where(HistoryEntry.action == "return")).one()
            assert entry.details == {"due_on": "2026-05-20", "due_on_before": "2026-04-30"}
            assert entry.comment == "More, please."

    @pytest.mark.parametrize(
        ("comment", "ahead", "problems"),
        [
            ("", 10, {"comment": "required"}),
            ("x", None, {"due_on": "required"}),
            ("x", 0, {"due_on": "not_in_the_future"}),
            ("x", -1, {"due_on": "not_in_the_future"}),
            ("x", 367, {"due_on": "too_far"}),
            ("", None, {"comment": "required", "due_on": "required"}),
        ],
    )
    def test_needs(self, any_cast: Cast, comment: str, ahead: int | None, problems: dict[str, str]) -> None:
        report_id = in_state(any_cast, ReportState.UNDER_REVIEW)
        day = any_cast.clock.now().date() + timedelta(days=ahead) if ahead is not None else None
        with pytest.raises(Unmet) as refusal:
            any_cast._step(report_id, reviews.return_, "reviewer", comment=comment, due_on=day)
        assert refusal.value.problems == problems

    def test_today_is_the_states_today(self, any_cast: Cast) -> None:
        """At 01:00 UTC it is still the day before in Brazil."""
        report_id = in_state(any_cast, ReportState.UNDER_REVIEW)
        any_cast.clock.set(any_cast.clock.now().replace(day=10, hour=1))
        any_cast._step(report_id, reviews.return_, "reviewer", comment="x", due_on=date(2026, 3, 10))
        assert stored(any_cast, report_id).due_on == date(2026, 3, 10)

    def test_what_comes_back_is_a_new_revision_and_on_time_stands(self, any_cast: Cast) -> None:
        report_id = in_state(any_cast, ReportState.RETURNED)
        any_cast.clock.advance(days=300)
        with any_cast.writing() as session:
            session.get_one(ProgressReport, report_id).due_on = any_cast.clock.now().date() + timedelta(days=5)
        any_cast.fill(report_id, "focal.br", "A better answer.")
        any_cast._step(report_id, reports.submit, "approver.br")
        report = stored(any_cast, report_id)
        assert report.revision_number == 2
        assert report.on_time is True
        any_cast._step(report_id, reviews.take_up, "reviewer2")
        any_cast._step(report_id, reviews.propose, "reviewer2", **RATED)
        with any_cast.reading() as session:
            assert session.scalars(sa.select(Assessment)).one().revision.number == 2


class TestPropose:
    @pytest.mark.parametrize("rating", Rating)
    @pytest.mark.parametrize("strength", Strength)
    def test_a_reason_for_a_high_rating_on_declared_only(self, cast: Cast, rating: Rating, strength: Strength) -> None:
        report_id = in_state(cast, ReportState.UNDER_REVIEW)
        rated = {"rating": rating, "strength": strength, "reasons": "x"}
        if rating in HIGH_RATINGS and strength is Strength.DECLARED_ONLY:
            with pytest.raises(Unmet) as refusal:
                cast._step(report_id, reviews.propose, "reviewer", **rated)
            assert refusal.value.problems == {"strength_reason": "required"}
            rated["strength_reason"] = "y"
        cast._step(report_id, reviews.propose, "reviewer", **rated)
        assert stored(cast, report_id).state is ReportState.RATING_PROPOSED

    def test_needs_all_three(self, any_cast: Cast) -> None:
        report_id = in_state(any_cast, ReportState.UNDER_REVIEW)
        with pytest.raises(Unmet) as refusal:
            any_cast._step(report_id, reviews.propose, "reviewer", rating=None, strength=None, reasons="")
        assert refusal.value.problems == dict.fromkeys(("rating", "strength", "reasons"), "required")

    def test_a_proposal_sent_back_stays_in_the_file(self, any_cast: Cast) -> None:
        report_id = in_state(any_cast, ReportState.RATING_PROPOSED)
        with pytest.raises(Unmet):
            any_cast._step(report_id, reviews.send_back, "reviewer2", comment="")
        any_cast._step(report_id, reviews.send_back, "reviewer2", comment="Read the law.")
        any_cast._step(report_id, reviews.propose, "reviewer", **RATED)
        with any_cast.reading() as session:
            found = list(session.scalars(sa.select(Assessment).order_by(Assessment.number)))
            assert [(a.number, a.rating, a.confirmed_at) for a in found] == [
                (1, Rating.LARGELY, None),
                (2, Rating.PARTIALLY, None),
            ]
            assert stored(any_cast, report_id).assessment_id == found[1].id

    def test_what_is_not_confirmed_is_for_staff_only(self, any_cast: Cast) -> None:
        report_id = in_state(any_cast, ReportState.RATING_PROPOSED)
        any_cast._step(report_id, reviews.send_back, "reviewer2", comment="Read the law.")
        with any_cast.reading() as session:
            levels = dict.fromkeys(
                session.scalars(
                    sa.select(HistoryEntry.visibility).where(HistoryEntry.action.in_(["propose", "send_back"]))
                )
            )
            assert list(levels) == [Visibility.STAFF]


class TestConfirm:
    def test_the_proposer_cannot(self, any_cast: Cast) -> None:
        report_id = in_state(any_cast, ReportState.RATING_PROPOSED)
        for verb, more in ((reviews.confirm, {}), (reviews.send_back, {"comment": "x"})):
            with pytest.raises(NotPermitted):
                any_cast._step(report_id, verb, "reviewer", **more)

    @pytest.mark.parametrize("colleague", ["reviewer2", "admin"])
    def test_a_colleague_can(self, any_cast: Cast, colleague: str) -> None:
        report_id = in_state(any_cast, ReportState.RATING_PROPOSED)
        any_cast._step(report_id, reviews.confirm, colleague)
        report = stored(any_cast, report_id)
        assert report.state is ReportState.OPEN_FOR_COMMENT
        assert report.window_ends_at is not None

    def test_who_took_over_may_not_confirm_the_own_proposal(self, any_cast: Cast) -> None:
        report_id = in_state(any_cast, ReportState.UNDER_REVIEW)
        any_cast._step(report_id, reviews.take_over, "reviewer2")
        any_cast._step(report_id, reviews.propose, "reviewer2", **RATED)
        with pytest.raises(NotPermitted):
            any_cast._step(report_id, reviews.confirm, "reviewer2")
        any_cast._step(report_id, reviews.confirm, "reviewer")


class TestTakeOver:
    def test_leaves_a_trace(self, any_cast: Cast) -> None:
        report_id = in_state(any_cast, ReportState.UNDER_REVIEW)
        any_cast._step(report_id, reviews.take_over, "reviewer2")
        report = stored(any_cast, report_id)
        assert report.state is ReportState.UNDER_REVIEW
        assert report.reviewer_id == any_cast.actor("reviewer2").user_id
        with any_cast.reading() as session:
            entry = session.scalars(sa.select(HistoryEntry).where(HistoryEntry.action == "take_over")).one()
            assert entry.details == {"reviewer_before": any_cast.actor("reviewer").user_id}
            session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "report.take_over")).one()

    def test_the_earlier_reviewer_decides_no_more(self, any_cast: Cast) -> None:
        report_id = in_state(any_cast, ReportState.UNDER_REVIEW)
        any_cast._step(report_id, reviews.take_over, "reviewer2")
        with pytest.raises(NotPermitted):
            any_cast._step(report_id, reviews.propose, "reviewer", **RATED)

    def test_not_from_oneself_and_not_before_it_began(self, any_cast: Cast) -> None:
        report_id = in_state(any_cast, ReportState.UNDER_REVIEW)
        with pytest.raises(NotPermitted):
            any_cast._step(report_id, reviews.take_over, "reviewer")
        waiting = in_state(any_cast, ReportState.SUBMITTED, "CS-04")
        with pytest.raises(NotPermitted):
            any_cast._step(waiting, reviews.take_over, "reviewer2")


class TestReopen:
    def test_needs_a_reason_and_keeps_the_reviewer(self, any_cast: Cast) -> None:
        report_id = in_state(any_cast, ReportState.PUBLISHED)
        with pytest.raises(Unmet):
            any_cast._step(report_id, reviews.reopen, "admin", reason="")
        any_cast._step(report_id, reviews.reopen, "admin", reason="An error.")
        report = stored(any_cast, report_id)
        assert report.state is ReportState.UNDER_REVIEW
        assert report.published_assessment_id is not None
        any_cast._step(report_id, reviews.take_over, "reviewer2")

    def test_nobody_else_reopens(self, any_cast: Cast) -> None:
        report_id = in_state(any_cast, ReportState.PUBLISHED)
        for name in ("reviewer", "reviewer2", "focal.br", "approver.br"):
            with pytest.raises(NotPermitted):
                any_cast._step(report_id, reviews.reopen, name, reason="x")


class TestVersions:
    def test_a_decision_falls_on_the_version_seen(self, any_cast: Cast) -> None:
        report_id = in_state(any_cast, ReportState.SUBMITTED)
        seen = any_cast.version(report_id)
        any_cast._step(report_id, reports.recall, "focal.br")
        any_cast._step(report_id, reports.submit, "approver.br")

        def take_up_as_seen(session: Session, report: ProgressReport, **arguments: Any) -> None:
            reviews.take_up(session, report, **arguments | {"seen_version": seen})

        with pytest.raises(Stale):
            any_cast._step(report_id, take_up_as_seen, "reviewer")

    def test_of_two_at_once_one_takes_it_up(self, any_cast: Cast) -> None:
        report_id = in_state(any_cast, ReportState.SUBMITTED)
        seen = any_cast.version(report_id)
        actors = [any_cast.actor(name) for name in ("reviewer", "reviewer2") * 2]
        outcomes: list[str] = []
        gate = threading.Barrier(len(actors))

        def attempt(actor: Any) -> None:
            try:
                with any_cast.app.app_context():
                    gate.wait(10)
                    with transaction() as session:
                        report = records.report(session, report_id)
                        assert report is not None
                        reviews.take_up(session, report, seen_version=seen, actor=actor, now=any_cast.clock.now())
                outcomes.append("taken")
            except (Stale, StaleDataError, WrongState):
                outcomes.append("too late")

        threads = [threading.Thread(target=attempt, args=(actor,)) for actor in actors]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert sorted(outcomes) == ["taken", "too late", "too late", "too late"]
        with any_cast.reading() as session:
            taken = sa.select(sa.func.count()).where(HistoryEntry.action == "take_up")
            assert session.scalar(taken) == 1
