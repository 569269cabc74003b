"""From one report to the next: the order of the queue, its filters, and who takes up what, on both databases."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from tests.cast import PEOPLE, Cast
from tests.services.test_questions import answer, ask
from tests.support.worlds import kept
from tracker.db import transaction
from tracker.domain.errors import NotPermitted
from tracker.domain.vocabulary import ReportState
from tracker.models import Commitment, ProgressReport
from tracker.services import reports, review_order, review_queue, reviews
from tracker.services.review_queue import Filters, Only, Tab

CODES = ("CS-05", "CS-02", "CS-08")


@kept
def three_waiting(cast: Cast) -> list[int]:
    made = []
    for code in CODES:
        made.append(cast.report_id("BR", code))
        cast.bring_to(made[-1], ReportState.SUBMITTED)
        cast.clock.advance(days=1)
    return made


def beside(cast: Cast, report_id: int, name: str, **filters: str) -> tuple[Tab, int | None, int | None] | None:
    actor = cast.actor(name)
    with cast.reading() as session:
        report = cast._report(session, report_id)
        found = review_order.neighbours(session, report, Filters(**filters), actor, now=cast.clock.now())
        return (found.tab, found.previous, found.next) if found else None


def claim(cast: Cast, name: str, **filters: str) -> int | None:
    actor = cast.actor(name)
    cast.clock.advance(minutes=1)
    with cast.writing() as session:
        taken = review_order.claim_next(session, Filters(**filters), actor=actor, now=cast.clock.now())
        return taken.id if taken else None


def listed(cast: Cast, name: str, tab: Tab, **filters: str) -> list[int]:
    actor = cast.actor(name)
    with cast.reading() as session:
        found = review_queue.queue(session, tab, Filters(**filters), page=1, actor=actor, now=cast.clock.now())
        assert found.counts[tab] == len(found.rows)
        return [row.report_id for row in found.rows]


class TestNeighbours:
    def test_in_the_order_of_waiting(self, any_cast: Cast) -> None:
        first, second, third = three_waiting(any_cast)
        assert listed(any_cast, "reviewer", Tab.WAITING) == [first, second, third]
        assert beside(any_cast, first, "reviewer") == (Tab.WAITING, None, second)
        assert beside(any_cast, second, "reviewer") == (Tab.WAITING, first, third)
        assert beside(any_cast, third, "reviewer") == (Tab.WAITING, second, None)
        assert beside(any_cast, second, "reviewer", party="GT") == (Tab.WAITING, None, None)

    @pytest.mark.parametrize("state", sorted(ReportState))
    def test_stands_where_the_queue_lists_it(self, any_cast: Cast, state: ReportState) -> None:
        report_id = any_cast.report_id("BR", "CS-02")
        any_cast.bring_to(report_id, state)
        for name in ("reviewer", "reviewer2", "admin"):
            found = beside(any_cast, report_id, name)
            tabs = [tab for tab in Tab if report_id in listed(any_cast, name, tab)]
            assert tabs == ([found[0]] if found else []), name

    def test_published_ones_newest_first(self, any_cast: Cast) -> None:
        made = [any_cast.report_id("BR", code) for code in CODES]
        for report_id in made:
            any_cast.bring_to(report_id, ReportState.PUBLISHED)
        older, middle, newer = made
        assert beside(any_cast, middle, "reviewer") == (Tab.PUBLISHED, newer, older)

    def test_closed_commitments_wait_for_nobody(self, any_cast: Cast) -> None:
        first, second, third = three_waiting(any_cast)
        with any_cast.writing() as session:
            commitment = session.get_one(ProgressReport, second).commitment_id
            session.get_one(Commitment, commitment).closed_at = any_cast.clock.now()
        assert listed(any_cast, "reviewer", Tab.WAITING) == [first, third]
        assert beside(any_cast, first, "reviewer") == (Tab.WAITING, None, third)
        assert [claim(any_cast, "reviewer") for _n in range(3)] == [first, third, None]


class TestFilters:
    def test_by_questions_and_resubmission(self, any_cast: Cast) -> None:
        first, second, third = (any_cast.report_id("BR", code) for code in CODES)
        for report_id in (first, second, third):
            any_cast.bring_to(report_id, ReportState.UNDER_REVIEW)
        ask(any_cast, first, {"": "One?"})
        answered = ask(any_cast, second, {"": "Two?"})
        answer(any_cast, answered, "Two.")
        assert listed(any_cast, "reviewer", Tab.MINE, only=Only.OPEN) == [first]
        assert listed(any_cast, "reviewer", Tab.MINE, only=Only.ANSWERED) == [second]
        ask(any_cast, second, {"": "Three?"})
        assert listed(any_cast, "reviewer", Tab.MINE, only=Only.ANSWERED) == []
        assert listed(any_cast, "reviewer2", Tab.COLLEAGUES, only=Only.MINE) == []
        due_on = any_cast.clock.now().date().replace(day=28)
        any_cast._step(third, reviews.return_, "reviewer", comment="More.", due_on=due_on)
        any_cast._step(third, reports.submit, "approver.br")
        assert listed(any_cast, "reviewer", Tab.WAITING, only=Only.RESUBMITTED) == [third]


class TestClaim:
    def test_the_longest_waiting_first_then_nothing(self, any_cast: Cast) -> None:
        waiting = three_waiting(any_cast)
        assert [claim(any_cast, "reviewer") for _n in range(4)] == [*waiting, None]
        with any_cast.reading() as session:
            states = {session.get_one(ProgressReport, one).state for one in waiting}
        assert states == {ReportState.UNDER_REVIEW}

    def test_under_the_filters_of_the_list(self, any_cast: Cast) -> None:
        three_waiting(any_cast)
        guatemala = any_cast.report_id("GT", "CS-02")
        any_cast.bring_to(guatemala, ReportState.SUBMITTED, "gt")
        assert claim(any_cast, "reviewer", party="GT") == guatemala
        assert claim(any_cast, "reviewer", party="GT") is None

    @pytest.mark.parametrize("name", sorted(set(PEOPLE) - {"reviewer", "reviewer2"}))
    def test_for_reviewers_only(self, cast: Cast, name: str) -> None:
        three_waiting(cast)
        with pytest.raises(NotPermitted):
            claim(cast, name)

    def test_two_at_once_get_different_ones(self, any_cast: Cast) -> None:
        waiting = three_waiting(any_cast)
        actors = [any_cast.actor("reviewer"), any_cast.actor("reviewer2")]
        together = threading.Barrier(2, timeout=20)
        taken: list[int | None] = []

        def one(n: int) -> None:
            with any_cast.app.app_context():
                together.wait()
                with transaction() as session:
                    report = review_order.claim_next(session, Filters(), actor=actors[n], now=any_cast.clock.now())
                    if session.get_bind().dialect.name == "postgresql":
                        together.wait()  # both hold their own before either commits
                    taken.append(report.id if report else None)

        threads = [threading.Thread(target=one, args=(n,)) for n in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert sorted(t for t in taken if t) == sorted(waiting[:2])
        with any_cast.reading() as session:
            reviewers = session.scalars(
                sa.select(ProgressReport.reviewer_id).where(ProgressReport.id.in_(waiting[:2]))
            ).all()
        assert set(reviewers) == {actor.user_id for actor in actors}
