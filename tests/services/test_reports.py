"""Saving and submitting: nothing lost, nothing twice, and what the public gets of it."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.cast import Cast
from tracker.db import db, transaction
from tracker.domain.deadlines import ends_at
from tracker.domain.errors import DomainError, NotPermitted, Stale, Unmet, WrongState
from tracker.domain.vocabulary import Rating, ReportState
from tracker.models import AuditEntry, HistoryEntry, ProgressReport, ReportRevision
from tracker.services import records, reports
from tracker.services.report_content import Answer, Evidence, ReportContent, of_draft


@pytest.fixture
def report_id(any_cast: Cast) -> int:
    return any_cast.report_id("US", "CS-03")


def content(cast: Cast, report_id: int, text: str = "Said.") -> ReportContent:
    with cast.reading() as session:
        report = records.report(session, report_id)
        assert report is not None
        draft = of_draft(report)
    return replace(draft, answers=tuple(Answer(a.element, Rating.PARTIALLY, text) for a in draft.answers))


def act(cast: Cast, report_id: int, verb: object, name: str, **more: object) -> object:
    """Call a service on the report as it is now."""
    actor = cast.actor(name)
    with cast.writing() as session:
        report = records.report(session, report_id)
        assert report is not None
        more.setdefault("seen_version", report.version)
        return verb(session, report, actor=actor, now=cast.clock.now(), **more)  # type: ignore[operator]


class TestSave:
    def test_other_elements_are_ignored_and_missing_ones_stay(self, any_cast: Cast, report_id: int) -> None:
        act(any_cast, report_id, reports.save, "focal.us", content=content(any_cast, report_id, "First."))
        partly = ReportContent(
            answers=(Answer("CS-03.b", Rating.NOT, "Second."), Answer("CS-99.z", Rating.NOT, "Foreign.")),
        )
        act(any_cast, report_id, reports.save, "focal.us", content=partly)
        said = content(any_cast, report_id).answers
        assert [a.element for a in said] == ["CS-03.a", "CS-03.b", "CS-03.c"]
        with any_cast.reading() as session:
            report = records.report(session, report_id)
            assert report is not None
            assert [a.narrative for a in of_draft(report).answers] == ["First.", "Second.", "First."]
            assert report.self_assessment is Rating.PARTIALLY

    def test_a_stale_save_carries_both(self, any_cast: Cast, report_id: int) -> None:
        seen = any_cast.version(report_id)
        act(any_cast, report_id, reports.save, "focal.us", content=content(any_cast, report_id, "Theirs."))
        mine = content(any_cast, report_id, "Mine.")
        with pytest.raises(Stale) as caught:
            act(any_cast, report_id, reports.save, "contributor.us", content=mine, seen_version=seen)
        assert caught.value.theirs.answers[0].narrative == "Theirs."
        assert caught.value.yours == mine

    def test_who_may_not(self, any_cast: Cast, report_id: int) -> None:
        for name in ("approver.us", "focal.br", "reviewer", "admin", "observer", "secretariat", "contributor.br"):
            with pytest.raises(NotPermitted):
                act(any_cast, report_id, reports.save, name, content=content(any_cast, report_id))

    def test_not_once_it_left(self, any_cast: Cast, report_id: int) -> None:
        any_cast.bring_to(report_id, ReportState.SUBMITTED, "us")
        with pytest.raises(WrongState):
            act(any_cast, report_id, reports.save, "focal.us", content=content(any_cast, report_id))

    def test_the_audit_trail_holds_no_narrative(self, any_cast: Cast, report_id: int) -> None:
        act(any_cast, report_id, reports.save, "focal.us", content=content(any_cast, report_id, "A telling text."))
        with any_cast.reading() as session:
            entries = session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "report.save")).all()
        assert len(entries) == 1
        assert "telling" not in str((entries[0].old, entries[0].new))

    def test_links_grow_shrink_and_keep_their_order(self, any_cast: Cast, report_id: int) -> None:
        links = tuple(
            Evidence(f"Link {n}", f"https://example.org/{n}", date(2025, 1, n), n % 2 == 0) for n in range(1, 6)
        )
        for chosen in (links, links[1:3], links[::-1], ()):
            wanted = replace(content(any_cast, report_id), evidence=chosen)
            act(any_cast, report_id, reports.save, "focal.us", content=wanted)
            with any_cast.reading() as session:
                report = records.report(session, report_id)
                assert report is not None
                assert of_draft(report).evidence == chosen


def at_once(app: Flask, times: int, work: object) -> list[str]:
    """Run the same work in as many threads at the same moment; how each ended."""
    barrier, ended = threading.Barrier(times), []

    def one() -> None:
        barrier.wait()
        with app.app_context():
            try:
                work()  # type: ignore[operator]
                ended.append("done")
            except (DomainError, sa.orm.exc.StaleDataError) as error:
                ended.append(type(error).__name__)

    threads = [threading.Thread(target=one) for _n in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ended


class TestAtOnce:
    """The same form sent eight times at the same moment (SAFETY D6)."""

    def test_one_save(self, any_cast: Cast, app: Flask, report_id: int) -> None:
        seen, actor = any_cast.version(report_id), any_cast.actor("focal.us")
        wanted, now = content(any_cast, report_id), any_cast.clock.now()

        def save() -> None:
            with transaction() as session:
                report = records.report(session, report_id)
                assert report is not None
                reports.save(session, report, wanted, seen_version=seen, actor=actor, now=now)

        assert at_once(app, 8, save) == ["done"] * 8
        assert any_cast.version(report_id) == seen + 1
        with any_cast.reading() as session:
            saved = sa.select(sa.func.count()).where(AuditEntry.event == "report.save")
            assert session.scalar(saved) == 1

    def test_one_submission(self, any_cast: Cast, app: Flask, report_id: int) -> None:
        any_cast.bring_to(report_id, ReportState.AWAITING_APPROVAL, "us")
        seen, actor, now = any_cast.version(report_id), any_cast.actor("approver.us"), any_cast.clock.now()

        def submit() -> None:
            with transaction() as session:
                report = records.report(session, report_id)
                assert report is not None
                reports.submit(session, report, seen_version=seen, actor=actor, now=now)

        ended = at_once(app, 8, submit)
        assert ended.count("done") == 1
        with any_cast.reading() as session:
            count = sa.select(sa.func.count()).where(ReportRevision.report_id == report_id)
            assert session.scalar(count) == 1
            steps = sa.select(sa.func.count()).where(
                HistoryEntry.report_id == report_id, HistoryEntry.action == "submit"
            )
            assert session.scalar(steps) == 1
            db.session.rollback()


class TestSubmit:
    def test_freezes_what_was_said(self, any_cast: Cast, report_id: int) -> None:
        any_cast.bring_to(report_id, ReportState.RETURNED, "us")
        any_cast.fill(report_id, "focal.us", "Said again.")
        act(any_cast, report_id, reports.ask_approval, "focal.us")
        act(any_cast, report_id, reports.submit, "approver.us")
        with any_cast.reading() as session:
            revisions = session.scalars(
                sa.select(ReportRevision).where(ReportRevision.report_id == report_id).order_by(ReportRevision.number)
            ).all()
            kept = [ReportContent.from_json(r.content) for r in revisions]
            assert [r.number for r in revisions] == [1, 2]
            assert [c.answers[0].narrative for c in kept] == ["An invented answer.", "Said again."]
            assert [c.sha256() for c in kept] == [r.sha256 for r in revisions]

    def test_names_each_unanswered_field(self, any_cast: Cast, report_id: int) -> None:
        with pytest.raises(Unmet) as caught:
            act(any_cast, report_id, reports.ask_approval, "focal.us")
        assert set(caught.value.problems) == {
            f"{kind}-CS-03.{part}" for kind in ("self_assessment", "narrative") for part in "abc"
        }

    @pytest.mark.parametrize(("late_by", "on_time"), [(-1, True), (0, False)])
    def test_on_time_is_decided_at_midnight_of_the_state(
        self, any_cast: Cast, report_id: int, late_by: int, on_time: bool
    ) -> None:
        any_cast.bring_to(report_id, ReportState.AWAITING_APPROVAL, "us")
        any_cast.clock.set(ends_at(date(2026, 4, 30), "America/New_York") + timedelta(seconds=late_by))
        act(any_cast, report_id, reports.submit, "approver.us")
        with any_cast.reading() as session:
            assert session.get_one(ProgressReport, report_id).on_time is on_time

    def test_personal_data_must_be_explained(self, any_cast: Cast, report_id: int) -> None:
        doubtful = "Victim Juana Ejemplo was helped."
        any_cast.fill(report_id, "focal.us", doubtful)
        with pytest.raises(Unmet) as caught:
            act(any_cast, report_id, reports.submit, "approver.us")
        assert caught.value.problems == {"privacy_explanation": "required"}
        explained = replace(content(any_cast, report_id, doubtful), privacy_explanation="An invented name.")
        act(any_cast, report_id, reports.save, "focal.us", content=explained)
        act(any_cast, report_id, reports.submit, "approver.us")

    def test_the_public_gets_neither_restricted_links_nor_the_explanation(self, any_cast: Cast, report_id: int) -> None:
        any_cast.fill(report_id, "focal.us")
        with any_cast.reading() as session:
            report = records.report(session, report_id)
            assert report is not None
            public = replace(of_draft(report), privacy_explanation="Why.").for_the_public()
        assert [e.title for e in public.evidence] == ["An invented act"]
        assert public.privacy_explanation == ""


class TestRecall:
    def test_what_was_taken_back_is_not_reported(self, any_cast: Cast, report_id: int) -> None:
        any_cast.bring_to(report_id, ReportState.SUBMITTED, "us")
        act(any_cast, report_id, reports.recall, "focal.us")
        with any_cast.reading() as session:
            report = session.get_one(ProgressReport, report_id)
            assert (report.state, report.first_submitted_at, report.on_time) == (ReportState.DRAFT, None, None)
