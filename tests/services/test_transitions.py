"""The one function that changes a state: permission, version, state, history and audit together or not at all."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.cast import Cast
from tracker.domain.errors import NotPermitted, Stale, WrongState
from tracker.domain.vocabulary import ReportState
from tracker.domain.workflow import TRANSITIONS, Action, may_start
from tracker.models import AuditEntry, HistoryEntry, ProgressReport
from tracker.services import records
from tracker.services.transitions import perform

WHO = {
    Action.ASK_APPROVAL: "focal.us",
    Action.SUBMIT: "approver.us",
    Action.REFUSE: "approver.us",
    Action.RECALL: "focal.us",
    Action.TAKE_UP: "reviewer2",
    Action.TAKE_OVER: "reviewer2",
    Action.RETURN: "reviewer",
    Action.PROPOSE: "reviewer",
    Action.SEND_BACK: "reviewer2",
    Action.CONFIRM: "reviewer2",
    Action.COMMENT: "focal.us",
    Action.WAIVE: "approver.us",
    Action.REOPEN: "admin",
}


def counted(cast: Cast, report_id: int) -> tuple[ReportState, int, int, int]:
    with cast.reading() as session:
        report = session.get_one(ProgressReport, report_id)
        history = session.scalar(sa.select(sa.func.count()).where(HistoryEntry.report_id == report_id))
        audit = session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))
        return report.state, report.version, history or 0, audit or 0


def attempt(cast: Cast, report_id: int, action: Action, name: str | None, seen: int | None = None) -> None:
    actor = cast.actor(name) if name else None
    with cast.writing() as session:
        report = records.report(session, report_id)
        assert report is not None
        perform(session, report, action, actor=actor, now=cast.clock.now(), seen_version=seen)


@pytest.fixture(params=list(ReportState))
def at(request: pytest.FixtureRequest, any_cast: Cast) -> tuple[int, ReportState]:
    report_id = any_cast.report_id("US", "CS-03")
    any_cast.bring_to(report_id, request.param, "us")
    return report_id, ReportState(request.param)


def test_each_step_starts_where_the_table_says_and_nowhere_else(any_cast: Cast, at: tuple[int, ReportState]) -> None:
    report_id, state = at
    before = counted(any_cast, report_id)
    for action, name in WHO.items():
        if may_start(action, state):
            continue
        with pytest.raises((WrongState, NotPermitted)):
            attempt(any_cast, report_id, action, name)
    assert counted(any_cast, report_id) == before


def test_nobody_but_the_clock_publishes_by_the_clock(any_cast: Cast, at: tuple[int, ReportState]) -> None:
    report_id, state = at
    before = counted(any_cast, report_id)
    for name in ("focal.us", "approver.us", "reviewer", "admin"):
        with pytest.raises((NotPermitted, WrongState)):
            attempt(any_cast, report_id, Action.PUBLISH, name)
    for action in WHO:
        with pytest.raises((NotPermitted, WrongState)):
            attempt(any_cast, report_id, action, None)
    assert counted(any_cast, report_id) == before


def test_a_step_leaves_one_trace_of_each_kind(any_cast: Cast) -> None:
    report_id = any_cast.report_id("US", "CS-03")
    state, version, history, audit = counted(any_cast, report_id)
    attempt(any_cast, report_id, Action.SUBMIT, "approver.us", version)
    assert counted(any_cast, report_id) == (ReportState.SUBMITTED, version + 1, history + 1, audit + 1)
    with any_cast.reading() as session:
        entry = session.scalars(sa.select(HistoryEntry).where(HistoryEntry.report_id == report_id)).one()
        assert (entry.from_state, entry.to_state) == (state.value, "submitted")
        assert (entry.visibility, entry.actor_role) == (TRANSITIONS[Action.SUBMIT].visibility, "approver")


def test_a_version_not_seen_is_refused(any_cast: Cast) -> None:
    report_id = any_cast.report_id("US", "CS-03")
    before = counted(any_cast, report_id)
    for seen in (0, before[1] - 1, before[1] + 1):
        with pytest.raises(Stale):
            attempt(any_cast, report_id, Action.SUBMIT, "approver.us", seen)
    assert counted(any_cast, report_id) == before
