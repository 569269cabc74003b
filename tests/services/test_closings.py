"""Closing the follow-up of a commitment and taking it up again, on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.cast import Cast
from tracker.domain.errors import NotPermitted, Unmet, WrongState
from tracker.domain.policy import Permission, can
from tracker.domain.vocabulary import ClosingKind, ReportState, Visibility
from tracker.models import Closing, Commitment, HistoryEntry, Message, ProgressReport
from tracker.services import approvals, closings, cycles, dashboard, records

AFTER_THE_CYCLE = {"days": 200}


def close(cast: Cast, code: str = "CS-04", who: str = "admin", **said: Any) -> None:
    commitment_id = cast.commitment_id("BR", code)
    wanted: dict[str, Any] = {"kind": ClosingKind.OVERTAKEN, "successor": "", "reason": "An invented reason."} | said
    with cast.writing() as session:
        commitment = records.commitment(session, commitment_id)
        assert commitment is not None
        closings.close(session, commitment, **wanted, actor=cast.actor(who), now=cast.clock.now())


def follow(cast: Cast, code: str = "CS-04", who: str = "admin", reason: str = "It is asked for again.") -> None:
    commitment_id = cast.commitment_id("BR", code)
    with cast.writing() as session:
        commitment = records.commitment(session, commitment_id)
        assert commitment is not None
        closings.follow_again(session, commitment, reason=reason, actor=cast.actor(who), now=cast.clock.now())


def next_cycle(cast: Cast, code: str) -> int:
    today = cast.clock.now().date()
    with cast.writing() as session:
        cycle = cycles.plan(
            session,
            cycles.CyclePlan(
                code=code,
                title=dict.fromkeys(("en", "es", "pt", "fr"), code),
                period_start=today - timedelta(days=100),
                period_end=today - timedelta(days=1),
                opens_on=today,
                due_on=today + timedelta(days=30),
                closes_on=today + timedelta(days=60),
                comment_days=30,
            ),
            actor=None,
            now=cast.clock.now(),
        )
        return cycles.open_cycle(session, cycle.id, now=cast.clock.now())


def test_what_is_owed_is_finished_first(any_cast: Cast) -> None:
    with pytest.raises(Unmet) as refused:
        close(any_cast)
    assert refused.value.problems == {"commitment": "report_open"}
    any_cast.bring_to(any_cast.report_id("BR", "CS-04"), ReportState.OPEN_FOR_COMMENT)
    any_cast.clock.advance(**AFTER_THE_CYCLE)
    with pytest.raises(Unmet) as refused:
        close(any_cast)
    assert refused.value.problems == {"commitment": "report_open"}


def test_an_unanswered_report_of_a_cycle_that_is_over_does_not_stand_in_the_way(any_cast: Cast) -> None:
    any_cast.clock.advance(**AFTER_THE_CYCLE)
    close(any_cast)
    commitment_id = any_cast.commitment_id("BR", "CS-04")
    with any_cast.reading() as session:
        row = closings.newest(session, commitment_id)
        assert row is not None
        assert (row.kind, row.reason, row.by) == (
            ClosingKind.OVERTAKEN, "An invented reason.", "Invented admin",
        )  # fmt: skip
        entry = session.scalars(
            sa.select(HistoryEntry).where(HistoryEntry.commitment_id == commitment_id, HistoryEntry.action == "closed")
        ).one()
        assert entry.visibility is Visibility.PUBLIC
        told = set(session.scalars(sa.select(Message.to_address).where(Message.key.startswith("closing:"))))
    assert told == {"focal.br@tracker.test", "alternate.br@tracker.test"}


def test_no_new_reports_until_it_is_followed_again(any_cast: Cast) -> None:
    any_cast.clock.advance(**AFTER_THE_CYCLE)
    close(any_cast)
    assert next_cycle(any_cast, "2027") == 492
    any_cast.clock.advance(**AFTER_THE_CYCLE)
    follow(any_cast)
    with any_cast.reading() as session:
        today = any_cast.clock.now().date()
        assert sum(one.reports for one in cycles.expected(session, today)) == 493
    assert next_cycle(any_cast, "2028") == 493
    with any_cast.reading() as session:
        acts = session.scalars(sa.select(Closing.kind).order_by(Closing.id)).all()
    assert acts == [ClosingKind.OVERTAKEN, None]


def test_a_closed_commitment_is_read_and_not_changed(any_cast: Cast) -> None:
    report_id = any_cast.report_id("BR", "CS-04")
    any_cast.bring_to(report_id, ReportState.PUBLISHED)
    close(any_cast)
    with any_cast.reading() as session:
        report = session.get_one(ProgressReport, report_id)
        subject = records.subject_of(report, now=any_cast.clock.now())
    admin, focal = any_cast.actor("admin"), any_cast.actor("focal.br")
    assert not can(admin, Permission.REVIEW_REOPEN, subject)
    assert not can(focal, Permission.REPORT_EDIT, subject)
    assert can(focal, Permission.COMMITMENT_VIEW, subject)


def test_fulfilled_rests_on_a_published_rating(any_cast: Cast) -> None:
    any_cast.bring_to(any_cast.report_id("BR", "CS-04"), ReportState.PUBLISHED)
    with pytest.raises(Unmet) as refused:
        close(any_cast, kind=ClosingKind.FULFILLED)
    assert refused.value.problems == {"kind": "not_implemented"}


@pytest.mark.parametrize(
    ("said", "problems"),
    [
        ({"kind": None}, {"kind": "required"}),
        ({"reason": ""}, {"reason": "required"}),
        ({"kind": ClosingKind.MERGED}, {"successor": "required"}),
        ({"kind": ClosingKind.SUPERSEDED, "successor": "CS-04"}, {"successor": "unknown"}),
        ({"kind": ClosingKind.SUPERSEDED, "successor": "GA-2003-1"}, {"successor": "unknown"}),
        ({"kind": ClosingKind.OVERTAKEN, "successor": "CS-05"}, {"successor": "not_for_this_kind"}),
        ({"reason": "Ask witness Rosa Inventada about it."}, {"reason": "personal_data"}),
    ],
)
def test_what_is_missing_is_said(cast: Cast, said: dict[str, Any], problems: dict[str, str]) -> None:
    cast.clock.advance(**AFTER_THE_CYCLE)
    with pytest.raises(Unmet) as refused:
        close(cast, **said)
    assert refused.value.problems == problems


def test_a_successor_is_named_and_cannot_be_closed_itself(any_cast: Cast) -> None:
    any_cast.clock.advance(**AFTER_THE_CYCLE)
    close(any_cast, kind=ClosingKind.MERGED, successor="CS-05")
    with pytest.raises(Unmet) as refused:
        close(any_cast, "CS-06", kind=ClosingKind.SUPERSEDED, successor="CS-04")
    assert refused.value.problems == {"successor": "unknown"}
    with any_cast.reading() as session:
        row = closings.newest(session, any_cast.commitment_id("BR", "CS-04"))
        assert row is not None
        assert row.successor_code == "CS-05"


def test_the_second_of_two_is_told_and_changes_nothing(any_cast: Cast) -> None:
    any_cast.clock.advance(**AFTER_THE_CYCLE)
    close(any_cast)
    with pytest.raises(WrongState):
        close(any_cast, who="admin2", reason="Another invented reason.")
    follow(any_cast)
    with pytest.raises(WrongState):
        follow(any_cast, who="admin2")
    with any_cast.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Closing)) == 2


@pytest.mark.parametrize("who", ["focal.br", "approver.br", "reviewer", "observer", "secretariat", "contributor.br"])
def test_only_administrators(cast: Cast, who: str) -> None:
    cast.clock.advance(**AFTER_THE_CYCLE)
    with pytest.raises(NotPermitted):
        close(cast, who=who)
    with cast.reading() as session:
        assert not session.scalar(sa.select(sa.func.count(Commitment.closed_at)))


def test_the_list_for_several_parties_agrees_with_the_rule_for_one(any_cast: Cast) -> None:
    any_cast.bring_to(any_cast.report_id("BR", "CS-04"), ReportState.PUBLISHED)
    with any_cast.reading() as session:
        commitment = records.commitment(session, any_cast.commitment_id("BR", "CS-04"))
        assert commitment is not None
        listed = closings.candidates(session, commitment.provision_id, now=any_cast.clock.now())
        alone = {
            one.commitment_id: closings.obstacle(
                session, session.get_one(Commitment, one.commitment_id), None, now=any_cast.clock.now()
            )
            for one in listed
        }
    assert {one.commitment_id: one.problem for one in listed} == alone
    assert [one.commitment_id for one in listed if one.problem is None] == [commitment.id]
    assert date(2026, 4, 30) > any_cast.clock.now().date()


def test_nobody_is_asked_to_do_anything_about_a_closed_commitment(any_cast: Cast) -> None:
    any_cast.bring_to(any_cast.report_id("BR", "CS-04"), ReportState.AWAITING_APPROVAL)
    any_cast.clock.advance(**AFTER_THE_CYCLE)

    def listed() -> tuple[set[str], set[str]]:
        with any_cast.reading() as session:
            approver = any_cast.actor("approver.br")
            desk = dashboard.party_desk(session, approver, cycles.current(session), now=any_cast.clock.now())
            assert desk is not None
            return {one.code for one in approvals.waiting(session, approver)}, {one.code for one in desk.to_approve}

    assert listed() == ({"CS-04"}, {"CS-04"})
    close(any_cast)
    assert listed() == (set(), set())
