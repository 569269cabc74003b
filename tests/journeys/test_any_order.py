"""Several people do anything to a report in any order: the rules of the workflow hold after every step.

Each example takes a report of its own. What somebody tries is legal or not: by role, by State, by version, by what is
missing. ``MAY`` says once more, apart from the policy, who may do what. TRACKER_TEST_EXAMPLES=500 looks further, by
another chance each time.
"""

from __future__ import annotations

import itertools
import os
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy.orm import Session

from tests.cast import ASSIGNED, Cast
from tests.journeys.acts import Acts
from tests.support.clock import START
from tracker.domain.errors import DomainError
from tracker.domain.vocabulary import CommentOutcome, ObservationState
from tracker.domain.vocabulary import ReportState as S
from tracker.domain.workflow import TRANSITIONS, Action
from tracker.models import (
    Assessment,
    AuditEntry,
    AuditHead,
    Base,
    HistoryEntry,
    Message,
    Observation,
    ProgressReport,
    ReportingCycle,
    ReportRevision,
)
from tracker.services import (
    audit_verify,
    records,
)
from tracker.services.report_content import ReportContent, of_draft

EXAMPLES = int(os.environ.get("TRACKER_TEST_EXAMPLES", "0"))
STEPS = 25
PEOPLE = (
    *("focal.br", "alternate.br", "approver.br", "contributor.br", "focal.gt", "approver.gt", "secretariat"),
    *("reviewer", "reviewer2", "admin", "observer", "clock"),
)
WRITERS, SPEAKERS = {"focal.br", "alternate.br", "contributor.br"}, {"focal.br", "alternate.br"}
REVIEWERS, STAFF = {"reviewer", "reviewer2"}, {"reviewer", "reviewer2", "admin"}
MAY: dict[str, set[str]] = {
    "save": WRITERS,
    "ask_approval": WRITERS,
    "submit": {"approver.br"},
    "refuse": {"approver.br"},
    "recall": SPEAKERS,
    "take_up": REVIEWERS,
    "take_over": REVIEWERS,
    "return": REVIEWERS,
    "propose": REVIEWERS,
    "send_back": STAFF,
    "confirm": STAFF,
    "comment": SPEAKERS | {"approver.br"},
    "waive": SPEAKERS | {"approver.br"},
    "publish": {"clock"},
    "reopen": {"admin"},
    "ask_extension": SPEAKERS,
    "decide_extension": STAFF,
    "ask_question": REVIEWERS,
    "answer_question": SPEAKERS,
    "write_note": STAFF,
    "observe": {"observer"},
    "moderate": STAFF,
}
LIKELY: dict[S, tuple[str, ...]] = {
    S.DRAFT: ("save", "ask_approval", "submit", "ask_extension", "decide_extension"),
    S.AWAITING_APPROVAL: ("save", "submit", "refuse"),
    S.RETURNED: ("save", "ask_approval", "submit", "answer_question"),
    S.SUBMITTED: ("take_up", "take_up", "recall", "observe"),
    S.UNDER_REVIEW: (
        "propose",
        "propose",
        "return",
        "take_over",
        "ask_question",
        "answer_question",
        "observe",
        "moderate",
    ),
    S.RATING_PROPOSED: ("confirm", "confirm", "send_back", "moderate"),
    S.OPEN_FOR_COMMENT: ("comment", "waive", "publish"),
    S.PUBLISHED: ("reopen", "observe", "moderate"),
}
USUAL = (
    *(("save", "focal.br"), ("ask_approval", "focal.br"), ("submit", "approver.br"), ("take_up", "reviewer")),
    *(("propose", "reviewer"), ("confirm", "reviewer2"), ("waive", "focal.br")),
)
USUAL_STATES = {"save": S.DRAFT} | {act: TRANSITIONS[Action(act)].target for act, _who in USUAL[1:]}
WITHOUT_HISTORY = {"save", "write_note"}
"""What leaves an entry of the audit trail only: drafts are not told in the history, notes are the Secretariat's."""
TEXTS = st.text("abcñáõ'\"<&>\n\\%_ لاগ😀", min_size=1, max_size=40).map(lambda text: f"x{text}x")
TABLES = [t for t in Base.metadata.sorted_tables if "report_id" in t.c]
_cycles = itertools.count(1)


def fresh_report(cast: Cast) -> int:
    """An empty draft of Brazil in a cycle of its own: as many as examples are tried, and tried again."""
    with cast.writing() as session:
        like = session.get_one(ProgressReport, cast.report_id("BR", ASSIGNED))
        values = {c.name: getattr(like.cycle, c.name) for c in ReportingCycle.__table__.c if c.name != "id"}
        cycle = ReportingCycle(**{**values, "code": f"2026-{next(_cycles)}"})
        session.add(cycle)
        session.flush()
        same = {name: getattr(like, name) for name in ("commitment_id", "party_id", "opens_on", "due_on", "due_at")}
        report = ProgressReport(cycle_id=cycle.id, **same)
        session.add(report)
        session.flush()
        return report.id


def digest(session: Session, report_id: int) -> dict[str, Any]:
    """Everything stored about the report, and how far trail, history and outbox reach."""
    found: dict[str, Any] = {}
    report = ProgressReport.__table__
    found["progress_report"] = session.execute(sa.select(report).where(report.c.id == report_id)).all()
    for table in TABLES:
        key = list(table.primary_key)
        found[table.name] = session.execute(sa.select(table).where(table.c.report_id == report_id).order_by(*key)).all()
    found["audit"] = session.scalar(sa.select(AuditHead.number))
    found["mail"] = session.scalar(sa.select(sa.func.count()).select_from(Message))
    return found


class AnyOrder(RuleBasedStateMachine, Acts):
    """One report of Brazil, and what must be true of it."""

    def __init__(self) -> None:
        super().__init__()
        cast = self.cast
        cast.clock.set(START)
        self.report_id = fresh_report(cast)
        self.seen = self._read(lambda s: digest(s, self.report_id))
        self.said = None
        self.revisions: list[tuple[int, dict[str, Any], str]] = []
        self.window: datetime | None = None

    def _read(self, ask: Any) -> Any:
        with self.cast.reading() as session:
            return ask(session)

    @property
    def state(self) -> S:
        found: S = self.seen["progress_report"][0].state
        return found

    @initialize(far=st.integers(0, len(USUAL)))
    def as_usual(self, far: int) -> None:
        """The example begins somewhere on the usual way."""
        for act, who in USUAL[:far]:
            self._try(act, who, "said as usual", stale=False, lacking=False)
            assert self.state is USUAL_STATES[act], f"{act} by {who} was refused"

    @rule(days=st.sampled_from((0, 1, 3, 10, 31)), hours=st.integers(0, 23))
    def time_passes(self, days: int, hours: int) -> None:
        self.cast.clock.advance(days=days, hours=hours)

    @rule(data=st.data(), text=TEXTS)
    def likely(self, data: st.DataObject, text: str) -> None:
        """What may well be done now, by somebody who may do it: so that examples get far."""
        act = data.draw(st.sampled_from(LIKELY[self.state]))
        if act == "publish":
            self.cast.clock.advance(days=data.draw(st.sampled_from((1, 20, 31))))
        self._try(act, data.draw(st.sampled_from(sorted(MAY[act]))), text, stale=False, lacking=False)

    @rule(
        act=st.sampled_from(sorted(MAY)),
        who=st.sampled_from(PEOPLE),
        text=TEXTS,
        stale=st.sampled_from((False, False, True)),
        lacking=st.sampled_from((False, False, False, True)),
    )
    def anything(self, act: str, who: str, text: str, stale: bool, lacking: bool) -> None:
        self._try(act, who, text, stale=stale, lacking=lacking)

    def _try(self, act: str, who: str, text: str, *, stale: bool, lacking: bool) -> None:
        self.cast.clock.advance(minutes=1)
        before = self.seen
        refused: DomainError | None = None
        try:
            with self.cast.writing() as session:
                report = records.report(session, self.report_id)
                assert report is not None
                state = report.state
                version = report.version - stale
                getattr(self, f"_{act}")(session, report, who, "" if lacking else text, version)
        except DomainError as error:
            refused = error
        after = self.seen = self._read(lambda s: digest(s, self.report_id))
        if refused is not None:
            assert after == before, f"{act} by {who} was refused ({refused!r}) and changed something"
            return
        if after == before:
            return
        assert who in MAY[act], f"{who} was let {act}"
        assert after["audit"] > before["audit"], f"{act} by {who} left no entry of the audit trail"
        if act not in WITHOUT_HISTORY and not (act == "observe" and lacking):
            assert len(after["history_entry"]) > len(before["history_entry"]), f"{act} left no history"
        self._by_the_right_person(act, who, before["progress_report"][0])
        self._moved_by_the_table(act, state)
        if stale and act in {action.value for action in Action} - {"publish"}:
            pytest.fail(f"{act} fell on a version that was not seen")
        self._remember(act, text)

    def _by_the_right_person(self, act: str, who: str, before: sa.Row[Any]) -> None:
        """Who may by role may not always: it depends on who did what before."""
        acted = None if who == "clock" else self.actors[who].user_id
        if act in ("return", "propose"):
            assert acted == before.reviewer_id, f"{who} did what is the reviewer's: {act}"
        if act in ("take_up", "take_over"):
            assert acted != before.reviewer_id or act == "take_up", f"{who} took over from nobody else"
        if act in ("confirm", "send_back"):
            with self.cast.reading() as session:
                proposed = session.get_one(Assessment, before.assessment_id).proposed_by_id
            assert acted != proposed, f"{who} decided on the own proposal: {act}"
        if act == "publish":
            assert before.window_ends_at is not None
            assert self.cast.clock.now() >= before.window_ends_at, "published before the window ended"

    def _moved_by_the_table(self, act: str, before: S) -> None:
        actions = {action.value: action for action in Action}
        if act not in actions:
            assert self.state is before, f"{act} is no step of the workflow and moved the report"
            return
        step = TRANSITIONS[actions[act]]
        assert before in step.sources, f"{act} started from {before}"
        assert self.state is step.target

    def _remember(self, act: str, text: str) -> None:
        with self.cast.reading() as session:
            report = records.report(session, self.report_id)
            assert report is not None
            if act == "submit":
                newest = report.revisions[-1]
                self.revisions.append((newest.number, newest.content, newest.sha256))
                assert self.said is not None
                assert ReportContent.from_json(newest.content) == self.said
            if act == "confirm":
                self.window = report.window_ends_at
            if act == "comment":
                assert report.assessment is not None
                assert report.assessment.comment == text

    # What must be true whatever was done.

    @invariant()
    def nothing_that_was_saved_is_lost(self) -> None:
        with self.cast.reading() as session:
            report = records.report(session, self.report_id)
            assert report is not None
            if self.said is not None:
                assert of_draft(report) == self.said
            found = session.scalars(
                sa.select(ReportRevision).where(ReportRevision.report_id == report.id).order_by(ReportRevision.number)
            )
            assert [(r.number, r.content, r.sha256) for r in found] == self.revisions

    @invariant()
    def what_is_public_was_confirmed_by_another_and_answered(self) -> None:
        with self.cast.reading() as session:
            report = session.get_one(ProgressReport, self.report_id)
            if report.state is S.PUBLISHED:
                assert report.published_assessment_id == report.assessment_id is not None
            published = session.scalars(
                sa.select(Assessment).where(Assessment.report_id == report.id, Assessment.published_at.is_not(None))
            ).all()
            assert (report.published_assessment_id is None) == (not published)
            for one in published:
                assert one.published_at is not None
                assert one.confirmed_at is not None
                assert one.confirmed_by_id not in (None, one.proposed_by_id)
                assert one.comment_outcome is not None
                assert bool(one.comment) == (one.comment_outcome is CommentOutcome.COMMENTED)
            if published and published[-1].comment_outcome is CommentOutcome.NONE_RECEIVED and self.window:
                assert published[-1].published_at >= self.window  # type: ignore[operator]
            for seen in session.scalars(sa.select(Observation).where(Observation.report_id == report.id)):
                assert (seen.moderated_by_id is not None) == (
                    seen.state in (ObservationState.ACCEPTED, ObservationState.DECLINED)
                ) or seen.state is ObservationState.DRAFT

    @invariant()
    def the_history_leads_from_state_to_state(self) -> None:
        with self.cast.reading() as session:
            state = S.DRAFT.value
            for entry in session.scalars(
                sa.select(HistoryEntry).where(HistoryEntry.report_id == self.report_id).order_by(HistoryEntry.id)
            ):
                if entry.to_state is not None:
                    assert entry.from_state == state
                    state = entry.to_state
        assert self.state.value == state

    def teardown(self) -> None:
        verdict = self._read(audit_verify.verify)
        assert verdict.broken is None
        assert verdict.number == self._read(lambda s: s.scalar(sa.select(sa.func.count()).select_from(AuditEntry)))


@pytest.mark.both_databases
def test_people_in_any_order(cast: Cast) -> None:
    AnyOrder.cast = cast
    AnyOrder.actors = {name: cast.actor(name) for name in PEOPLE if name != "clock"}
    run_state_machine_as_test(
        AnyOrder,
        settings=settings(
            max_examples=EXAMPLES or 6,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=not EXAMPLES,
            database=None,
            print_blob=False,
            # Making a failure smaller takes minutes: only where somebody waits for it.
            phases=[Phase.generate, *([Phase.shrink] if EXAMPLES else [])],
            suppress_health_check=list(HealthCheck),
        ),
    )
