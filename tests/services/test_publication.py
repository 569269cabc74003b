"""The State's window for comment, and publication by the clock, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.support.worlds import kept
from tracker.domain.errors import NotPermitted, WrongState
from tracker.domain.vocabulary import CommentOutcome, Rating, ReportState, Strength
from tracker.domain.workflow import Action
from tracker.models import Assessment, HistoryEntry, ProgressReport, ReportingCycle, ReportingParty
from tracker.services import publication, reports, reviews
from tracker.services.transitions import perform

SECOND = timedelta(seconds=1)


@kept
def confirmed(cast: Cast, at: datetime, zone: str = "America/Sao_Paulo", days: int = 30) -> int:
    """A report of Brazil, confirmed at this moment in a party of that zone, with that many days for comment."""
    report_id = cast.report_id("BR", "CS-02")
    with cast.writing() as session:
        session.scalars(sa.select(ReportingParty).where(ReportingParty.code == "BR")).one().time_zone = zone
        session.scalars(sa.select(ReportingCycle)).one().comment_days = days
    cast.bring_to(report_id, ReportState.RATING_PROPOSED)
    cast.clock.set(at - timedelta(minutes=1))
    cast._step(report_id, reviews.confirm, "reviewer2")
    return report_id


def publish(cast: Cast, report_id: int, now: datetime) -> bool:
    with cast.writing() as session:
        return publication.publish_by_clock(session, report_id, now=now)


def over(cast: Cast, now: datetime) -> list[int]:
    with cast.reading() as session:
        return publication.windows_over(session, now=now)


WINDOWS = [
    # zone, confirmed at, days, the window ends at
    ("America/Sao_Paulo", datetime(2026, 5, 1, 15, 0, tzinfo=UTC), 30, datetime(2026, 6, 1, 3, 0, tzinfo=UTC)),
    # Late in the evening of 30 April in Brazil, though already May in UTC.
    ("America/Sao_Paulo", datetime(2026, 5, 1, 2, 30, tzinfo=UTC), 1, datetime(2026, 5, 2, 3, 0, tzinfo=UTC)),
    # Ends on a night when the clocks jump over midnight, forward and back.
    ("America/Santiago", datetime(2026, 8, 6, 15, 0, tzinfo=UTC), 30, datetime(2026, 9, 6, 4, 0, tzinfo=UTC)),
    ("America/Santiago", datetime(2026, 3, 15, 15, 0, tzinfo=UTC), 20, datetime(2026, 4, 5, 4, 0, tzinfo=UTC)),
    ("America/Havana", datetime(2026, 3, 6, 15, 0, tzinfo=UTC), 1, datetime(2026, 3, 8, 5, 0, tzinfo=UTC)),
    ("America/Havana", datetime(2026, 10, 30, 15, 0, tzinfo=UTC), 1, datetime(2026, 11, 1, 4, 0, tzinfo=UTC)),
    ("America/Asuncion", datetime(2026, 9, 29, 15, 0, tzinfo=UTC), 1, datetime(2026, 10, 1, 3, 0, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 3, 7, 15, 0, tzinfo=UTC), 1, datetime(2026, 3, 9, 4, 0, tzinfo=UTC)),
]


@pytest.mark.parametrize(("zone", "at", "days", "ends"), WINDOWS)
def test_at_midnight_there_and_not_before(any_cast: Cast, zone: str, at: datetime, days: int, ends: datetime) -> None:
    report_id = confirmed(any_cast, at, zone, days)
    with any_cast.reading() as session:
        assert session.get_one(ProgressReport, report_id).window_ends_at == ends
    assert over(any_cast, ends - SECOND) == []
    assert not publish(any_cast, report_id, ends - SECOND)
    assert over(any_cast, ends) == [report_id]
    assert publish(any_cast, report_id, ends)


def test_a_second_run_does_nothing(any_cast: Cast) -> None:
    report_id = confirmed(any_cast, datetime(2026, 5, 1, 15, tzinfo=UTC))
    later = datetime(2026, 7, 1, tzinfo=UTC)
    assert [publish(any_cast, report_id, later) for _ in range(3)] == [True, False, False]
    assert over(any_cast, later) == []
    with any_cast.reading() as session:
        report = session.get_one(ProgressReport, report_id)
        assert report.state is ReportState.PUBLISHED
        assert report.window_ends_at is None
        published = report.published_assessment
        assert published is not None
        assert published.comment_outcome is CommentOutcome.NONE_RECEIVED
        assert (published.published_at, published.comment, published.commented_by_id) == (later, "", None)
        entry = session.scalars(sa.select(HistoryEntry).where(HistoryEntry.action == "publish")).one()
        assert entry.actor_id is None


def test_after_a_long_outage_it_is_published_once(any_cast: Cast) -> None:
    report_id = confirmed(any_cast, datetime(2026, 5, 1, 15, tzinfo=UTC))
    assert over(any_cast, datetime(2030, 1, 1, tzinfo=UTC)) == [report_id]
    assert publish(any_cast, report_id, datetime(2030, 1, 1, tzinfo=UTC))


def test_a_states_answer_comes_before_the_clock(any_cast: Cast) -> None:
    report_id = confirmed(any_cast, datetime(2026, 5, 1, 15, tzinfo=UTC))
    any_cast._step(report_id, reports.waive, "focal.br")
    assert over(any_cast, datetime(2026, 7, 1, tzinfo=UTC)) == []
    assert not publish(any_cast, report_id, datetime(2026, 7, 1, tzinfo=UTC))
    with any_cast.reading() as session:
        published = session.get_one(ProgressReport, report_id).published_assessment
        assert published is not None
        assert published.comment_outcome is CommentOutcome.WAIVED


def test_the_answer_after_the_clock_comes_too_late(any_cast: Cast) -> None:
    report_id = confirmed(any_cast, datetime(2026, 5, 1, 15, tzinfo=UTC))
    assert publish(any_cast, report_id, datetime(2026, 7, 1, tzinfo=UTC))
    with pytest.raises(WrongState):
        any_cast._step(report_id, reports.comment, "focal.br", text="Too late.")


def test_one_item_does_not_touch_the_other(any_cast: Cast) -> None:
    first = confirmed(any_cast, datetime(2026, 5, 1, 15, tzinfo=UTC))
    second = any_cast.report_id("BR", "CS-04")
    any_cast.bring_to(second, ReportState.OPEN_FOR_COMMENT)
    later = datetime(2026, 8, 1, tzinfo=UTC)
    assert over(any_cast, later) == sorted([first, second])
    assert publish(any_cast, first, later)
    assert over(any_cast, later) == [second]


@pytest.mark.parametrize("state", [s for s in ReportState if s is not ReportState.OPEN_FOR_COMMENT])
def test_only_what_is_open_for_comment(any_cast: Cast, state: ReportState) -> None:
    report_id = any_cast.report_id("BR", "CS-02")
    any_cast.bring_to(report_id, state)
    assert not publish(any_cast, report_id, datetime(2030, 1, 1, tzinfo=UTC))
    with any_cast.reading() as session:
        assert session.get_one(ProgressReport, report_id).state is state


@pytest.mark.parametrize("report_id", [0, -1, 999_999, 10**30])
def test_what_is_not_there(any_cast: Cast, report_id: int) -> None:
    assert not publish(any_cast, report_id, datetime(2030, 1, 1, tzinfo=UTC))


def test_no_person_publishes_by_the_clocks_step(any_cast: Cast) -> None:
    report_id = confirmed(any_cast, datetime(2026, 5, 1, 15, tzinfo=UTC))

    def by_hand(session: Session, report: ProgressReport, **arguments: Any) -> None:
        perform(session, report, Action.PUBLISH, **arguments)

    with pytest.raises(NotPermitted):
        any_cast._step(report_id, by_hand, "admin")


class TestReopened:
    def test_the_published_version_stays_until_the_new_one(self, any_cast: Cast) -> None:
        report_id = any_cast.report_id("BR", "CS-02")
        any_cast.bring_to(report_id, ReportState.PUBLISHED)
        any_cast._step(report_id, reviews.reopen, "admin", reason="An error.")
        with any_cast.reading() as session:
            report = session.get_one(ProgressReport, report_id)
            first = report.published_assessment_id
            assert report.state is ReportState.UNDER_REVIEW
            assert report.reviewer_id == any_cast.actor("reviewer").user_id
        any_cast._step(
            report_id, reviews.propose, "reviewer", rating=Rating.NOT, strength=Strength.DECLARED_ONLY, reasons="Again."
        )
        any_cast._step(report_id, reviews.confirm, "admin")
        with any_cast.reading() as session:
            report = session.get_one(ProgressReport, report_id)
            assert report.published_assessment_id == first != report.assessment_id
        any_cast._step(report_id, reports.waive, "approver.br")
        with any_cast.reading() as session:
            report = session.get_one(ProgressReport, report_id)
            assert report.published_assessment_id == report.assessment_id != first
            numbers = list(
                session.scalars(
                    sa.select(Assessment.number).where(Assessment.report_id == report_id).order_by(Assessment.number)
                )
            )
            assert numbers == [1, 2]
            old = session.get_one(Assessment, first)
            assert old.published_at is not None


class TestTheDatabaseRepeatsTheRules:
    @pytest.mark.parametrize("wrong", ["same person", "unconfirmed"])
    def test_refuses(self, any_cast: Cast, wrong: str) -> None:
        report_id = any_cast.report_id("BR", "CS-02")
        any_cast.bring_to(report_id, ReportState.RATING_PROPOSED)
        me = any_cast.actor("reviewer").user_id
        values = {"confirmed_by_id": me} if wrong == "same person" else {"published_at": any_cast.clock.now()}
        with pytest.raises(IntegrityError), any_cast.writing() as session:
            session.execute(sa.update(Assessment).values(values))


def test_the_window_counts_whole_days_there(any_cast: Cast) -> None:
    report_id = confirmed(any_cast, datetime(2026, 5, 1, 15, tzinfo=UTC), days=30)
    with any_cast.reading() as session:
        entry = session.scalars(
            sa.select(HistoryEntry).where(HistoryEntry.report_id == report_id, HistoryEntry.action == "confirm")
        ).one()
        assert entry.details["comment_until"] == date(2026, 5, 31).isoformat()


def test_a_window_that_runs_keeps_its_length_when_the_cycles_is_changed(any_cast: Cast) -> None:
    """Whoever was told "until 31 May" has until 31 May."""
    at = datetime(2026, 5, 1, 15, 0, tzinfo=UTC)
    report_id = confirmed(any_cast, at, days=30)
    with any_cast.writing() as session:
        session.scalars(sa.select(ReportingCycle)).one().comment_days = 1
    ends = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
    assert over(any_cast, ends - SECOND) == []
    assert not publish(any_cast, report_id, ends - SECOND)
    with any_cast.reading() as session:
        entry = session.scalars(sa.select(HistoryEntry).where(HistoryEntry.action == "confirm")).one()
        assert entry.details["comment_until"] == "2026-05-31"
    assert publish(any_cast, report_id, ends)


@pytest.mark.parametrize("state", [ReportState.RATING_PROPOSED, ReportState.OPEN_FOR_COMMENT])
def test_the_state_reads_rating_and_reasons_before_anybody_outside(
    cast: Cast, client: FlaskClient, state: ReportState
) -> None:
    """A proposal not yet confirmed is the Secretariat's own; a confirmed one the State reads before the public."""
    report_id = cast.report_id("BR", "CS-02")
    cast.bring_to(report_id, state)
    cast.sign_in(client, "focal.br")
    page = client.get(f"/reports/{report_id}").get_data(as_text=True)
    assert ("Invented reasons." in page) is (state is ReportState.OPEN_FOR_COMMENT)
    other = cast.app.test_client()
    assert "Invented reasons." not in other.get("/states/br/CS-02").get_data(as_text=True)
    for name in ("observer", "focal.gt"):
        cast.sign_in(other, name)
        address = f"/commitments/{cast.commitment_id('BR', 'CS-02')}"
        assert "Invented reasons." not in other.get(address).get_data(as_text=True), name
