"""A later due date: asked for, decided, told, counted; nobody decides on his or her own, nothing vanishes."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from tests.cast import DUE_ON, PEOPLE, Cast
from tests.extension_scene import (
    GRANTED,
    LATER,
    REASON,
    REFUSED,
    ask,
    asked,
    decide,
    entries,
    mails,
    report_of,
    stored,
    to_whom,
    withdraw,
)
from tests.services.test_reminders import run as run_reminders
from tracker.db import transaction
from tracker.domain.deadlines import ends_at
from tracker.domain.errors import NotPermitted, Unmet, WrongState
from tracker.domain.vocabulary import ExtensionDecision, PartyKind, ReportState, Role, Visibility
from tracker.domain.workflow import WITH_THE_PARTY
from tracker.models import (
    AuditEntry,
    Extension,
    ProgressReport,
    ReminderEntry,
    ReportingCycle,
    ReportingParty,
    User,
)
from tracker.services import cycles, extensions, records, reports


class TestAsking:
    def test_asked_with_reason_and_date(self, any_cast: Cast) -> None:
        report_id, extension_id = asked(any_cast)
        found = stored(any_cast, extension_id)
        assert (found.due_on, found.asked_until, found.reason) == (DUE_ON, LATER, REASON)
        assert found.decision is None
        assert entries(any_cast, report_id) == [("extension_asked", Visibility.FILE)]
        assert report_of(any_cast, report_id).due_on == DUE_ON

    def test_staff_is_told_once_for_many(self, any_cast: Cast) -> None:
        ids = [any_cast.report_id("BR", code) for code in ("CS-02", "CS-03", "CS-04")]
        ask(any_cast, "alternate.br", ids)
        found = mails(any_cast)
        assert to_whom(found) == {"admin", "admin2", "reviewer", "reviewer2"}
        assert len(found) == 4
        text = found[0].text
        assert found[0].subject == "Extension asked for: Brazil"
        assert "Brazil asks for a later due date for 3 reports." in text
        assert "the end of 15 May 2026 (time in America/Sao Paulo)" in " ".join(text.split())
        assert f"> {REASON}" in text
        assert "http://tracker.test/extensions" in text
        for code in ("CS-02", "CS-03", "CS-04"):
            assert code in text

    def test_eight_posts_make_one_request(self, any_cast: Cast) -> None:
        report_id = any_cast.report_id("BR", "CS-03")
        problems: list[str] = []
        actor = any_cast.actor("focal.br")

        def post() -> None:
            with any_cast.app.app_context(), transaction() as session:
                report = records.report(session, report_id)
                assert report is not None
                made = extensions.ask(
                    session, [report], until=LATER, reason=REASON, actor=actor, now=any_cast.clock.now()
                )
                problems.extend(o.problem for o in made)

        threads = [threading.Thread(target=post) for _ in range(8)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert problems == [""] * 8
        with any_cast.reading() as session:
            assert session.scalar(sa.select(sa.func.count()).select_from(Extension)) == 1
        assert len(mails(any_cast)) == 4

    def test_one_undecided_request_at_a_time(self, any_cast: Cast) -> None:
        report_id, _extension_id = asked(any_cast)
        other = any_cast.report_id("BR", "CS-04")
        made = ask(any_cast, "alternate.br", [report_id, other], until=date(2026, 5, 20))
        assert {o.report_id: o.problem for o in made} == {report_id: "asked_already", other: ""}

    def test_the_date(self, cast: Cast) -> None:
        report_id = cast.report_id("BR", "CS-03")
        for until, problem in (
            (date(2026, 3, 2), "past"),
            (date(2026, 4, 29), "not_later"),
            (DUE_ON, "not_later"),
            (date(2026, 7, 1), "after_closing"),
            (date(2026, 6, 30), ""),
        ):
            assert [o.problem for o in ask(cast, "focal.br", [report_id], until=until)] == [problem], until

    def test_after_the_due_date_on_the_states_own_calendar(self, any_cast: Cast) -> None:
        report_id = any_cast.report_id("BR", "CS-03")
        any_cast.clock.set(datetime(2026, 5, 11, 2, 30, tzinfo=UTC))  # still the tenth in Brazil
        assert [o.problem for o in ask(any_cast, "focal.br", [report_id], until=date(2026, 5, 10))] == ["past"]
        assert [o.problem for o in ask(any_cast, "focal.br", [report_id], until=date(2026, 5, 11))] == [""]

    def test_only_while_the_report_is_with_the_party(self, cast: Cast) -> None:
        for number, state in enumerate(ReportState, 1):
            report_id = cast.report_id("BR", f"CS-0{number}")
            cast.bring_to(report_id, state)
            expected = "" if state in WITH_THE_PARTY else "not_with_the_party"
            until = date(2026, 5, 20)
            assert [o.problem for o in ask(cast, "focal.br", [report_id], until=until)] == [expected], state

    def test_not_once_the_cycle_is_closed(self, cast: Cast) -> None:
        cast.clock.set(datetime(2026, 7, 2, tzinfo=UTC))
        made = ask(cast, "focal.br", [cast.report_id("BR", "CS-03")], until=date(2026, 7, 20))
        assert [o.problem for o in made] == ["cycle_closed"]

    def test_what_must_be_there(self, cast: Cast) -> None:
        report_id = cast.report_id("BR", "CS-03")
        with pytest.raises(Unmet) as told:
            ask(cast, "focal.br", [report_id], until=None, reason="")
        assert told.value.problems == {"until": "required", "reason": "required"}
        with pytest.raises(Unmet) as told:
            ask(cast, "focal.br", [])
        assert told.value.problems == {"reports": "required"}

    def test_the_personal_data_guard_looks_at_the_reason(self, cast: Cast) -> None:
        report_id = cast.report_id("BR", "CS-03")
        with pytest.raises(Unmet) as told:
            ask(cast, "focal.br", [report_id], reason="Write to maria.silva@example.org about it.")
        assert set(told.value.problems) == {"reason"}

    def test_nobody_else_asks(self, cast: Cast) -> None:
        report_id = cast.report_id("BR", "CS-03")
        for name in sorted(set(PEOPLE) - {"focal.br", "alternate.br"}):
            with pytest.raises(NotPermitted):
                ask(cast, name, [report_id])
        with cast.reading() as session:
            assert session.scalar(sa.select(sa.func.count()).select_from(Extension)) == 0


class TestDeciding:
    def test_granted_as_asked(self, any_cast: Cast) -> None:
        report_id, extension_id = asked(any_cast)
        version = any_cast.version(report_id)
        assert [o.problem for o in decide(any_cast, "reviewer", [extension_id])] == [""]
        found, report = stored(any_cast, extension_id), report_of(any_cast, report_id)
        assert (found.decision, found.granted_until, found.due_on) == (GRANTED, LATER, DUE_ON)
        assert report.due_on == LATER
        assert report.due_at == ends_at(LATER, "America/Sao_Paulo")
        assert report.version == version, "somebody who is writing must not meet a conflict"
        assert entries(any_cast, report_id)[-1] == ("extension_granted", Visibility.PUBLIC)

    def test_granted_until_another_day(self, any_cast: Cast) -> None:
        report_id, extension_id = asked(any_cast)
        decide(any_cast, "admin", [extension_id], until=date(2026, 5, 8))
        assert report_of(any_cast, report_id).due_on == date(2026, 5, 8)
        text = " ".join(mails(any_cast)[-1].text.split())
        assert "8 de maio de 2026" in text or "8 May 2026" in text

    def test_refused(self, cast: Cast) -> None:
        report_id, extension_id = asked(cast)
        decide(cast, "reviewer", [extension_id], REFUSED)
        assert report_of(cast, report_id).due_on == DUE_ON
        assert stored(cast, extension_id).granted_until is None
        assert entries(cast, report_id)[-1] == ("extension_refused", Visibility.FILE)

    def test_the_state_is_told_once_for_many(self, any_cast: Cast) -> None:
        _r1, one = asked(any_cast, "CS-03", "us")
        _r2, two = asked(any_cast, "CS-04", "us")
        _r3, other = asked(any_cast, "CS-04", "gt")
        before = len(mails(any_cast))
        decide(any_cast, "reviewer", [one, two, other])
        found = mails(any_cast)[before:]
        assert sorted(one.to_address.partition("@")[0] for one in found) == ["focal.gt", "focal.us"]
        mail = next(m for m in found if m.to_address.startswith("focal.us"))
        assert mail.subject == "Extension granted: CS-03, CS-04"
        assert mail.text.count("New due date: 15 May 2026, instead of 30 April 2026.") == 2
        assert "> Because." in mail.text
        assert "Dates end at midnight, time in America/New York." in mail.text
        assert "http://tracker.test/extensions" in mail.text

    def test_a_later_request_after_a_decision(self, cast: Cast) -> None:
        report_id, extension_id = asked(cast)
        decide(cast, "reviewer", [extension_id])
        assert [o.problem for o in ask(cast, "focal.br", [report_id], until=date(2026, 6, 1))] == [""]

    def test_decided_once(self, any_cast: Cast) -> None:
        _report_id, extension_id = asked(any_cast)
        assert [o.problem for o in decide(any_cast, "reviewer", [extension_id])] == [""]
        assert [o.problem for o in decide(any_cast, "reviewer", [extension_id])] == [""], "a second click"
        assert [o.problem for o in decide(any_cast, "reviewer2", [extension_id], REFUSED)] == ["decided_already"]
        assert stored(any_cast, extension_id).decision is GRANTED

    def test_the_date_granted(self, cast: Cast) -> None:
        report_id, extension_id = asked(cast)
        for until, problem in ((date(2026, 7, 1), "after_closing"), (DUE_ON, "not_later")):
            assert [o.problem for o in decide(cast, "reviewer", [extension_id], until=until)] == [problem]
        assert report_of(cast, report_id).due_on == DUE_ON

    def test_a_date_that_has_passed_meanwhile_is_not_granted(self, any_cast: Cast) -> None:
        _report_id, extension_id = asked(any_cast)
        any_cast.clock.set(datetime(2026, 5, 20, tzinfo=UTC))
        assert [o.problem for o in decide(any_cast, "reviewer", [extension_id])] == ["past"]
        assert [o.problem for o in decide(any_cast, "reviewer", [extension_id], until=date(2026, 6, 1))] == [""]

    def test_nobody_decides_on_what_he_or_she_asked_for(self, any_cast: Cast) -> None:
        with any_cast.reading() as session:
            report_id = session.scalars(
                sa.select(ProgressReport.id)
                .join(ReportingParty, ReportingParty.id == ProgressReport.party_id)
                .where(ReportingParty.kind == PartyKind.COOPERATION_AGENCIES)
            ).one()
        assert [o.problem for o in ask(any_cast, "admin", [report_id])] == [""]
        with any_cast.reading() as session:
            extension_id = session.scalars(sa.select(Extension.id)).one()
        with pytest.raises(NotPermitted):
            decide(any_cast, "admin", [extension_id])
        assert [o.problem for o in decide(any_cast, "admin2", [extension_id])] == [""]

    def test_only_staff_decides(self, cast: Cast) -> None:
        report_id, extension_id = asked(cast)
        for name, (role, _party) in PEOPLE.items():
            if role in (Role.REVIEWER, Role.ADMINISTRATOR):
                continue
            with pytest.raises(NotPermitted):
                decide(cast, name, [extension_id])
        assert report_of(cast, report_id).due_on == DUE_ON

    def test_everything_is_in_the_audit_trail(self, cast: Cast) -> None:
        _report_id, extension_id = asked(cast)
        decide(cast, "reviewer", [extension_id])
        with cast.reading() as session:
            events = session.scalars(sa.select(AuditEntry.event).where(AuditEntry.event.like("extension.%")))
            assert list(events) == ["extension.ask", "extension.granted"]


class TestTakingBackAndLapsing:
    def test_taken_back_and_asked_again(self, any_cast: Cast) -> None:
        report_id, extension_id = asked(any_cast)
        for _click in range(2):
            withdraw(any_cast, "alternate.br", extension_id)
        assert stored(any_cast, extension_id).decision is ExtensionDecision.WITHDRAWN
        assert [e for e, _v in entries(any_cast, report_id)] == ["extension_asked", "extension_withdrawn"]
        assert [o.problem for o in ask(any_cast, "focal.br", [report_id])] == [""]

    def test_not_after_the_decision(self, cast: Cast) -> None:
        _report_id, extension_id = asked(cast)
        decide(cast, "reviewer", [extension_id])
        with pytest.raises(WrongState):
            withdraw(cast, "focal.br", extension_id)

    def test_nobody_else_takes_it_back(self, cast: Cast) -> None:
        _report_id, extension_id = asked(cast)
        for name in sorted(set(PEOPLE) - {"focal.br", "alternate.br"}):
            with pytest.raises(NotPermitted):
                withdraw(cast, name, extension_id)
        assert stored(cast, extension_id).decision is None

    def test_a_submission_overtakes_the_request(self, any_cast: Cast) -> None:
        report_id, extension_id = asked(any_cast)
        any_cast.bring_to(report_id, ReportState.SUBMITTED)
        found = stored(any_cast, extension_id)
        assert found.decision is ExtensionDecision.LAPSED
        assert found.decided_by_id is None
        assert [e for e, _v in entries(any_cast, report_id)][-2:] == ["extension_lapsed", "submit"]
        assert [o.problem for o in decide(any_cast, "reviewer", [extension_id], REFUSED)] == ["decided_already"]


class TestWhatFollowsTheNewDate:
    def test_on_time_is_decided_by_the_new_date(self, any_cast: Cast) -> None:
        extended, extension_id = asked(any_cast)
        plain = any_cast.report_id("BR", "CS-04")
        decide(any_cast, "reviewer", [extension_id])
        any_cast.clock.set(datetime(2026, 5, 10, 15, tzinfo=UTC))
        for one in (extended, plain):
            any_cast.bring_to(one, ReportState.SUBMITTED)
        assert report_of(any_cast, extended).on_time is True
        assert report_of(any_cast, plain).on_time is False

    def test_the_ladder_of_reminders_begins_again(self, any_cast: Cast) -> None:
        with any_cast.writing() as session:
            session.execute(sa.update(User).where(User.email != "focal.us@tracker.test").values(active=False))
            session.execute(sa.update(User).where(User.email == "reviewer@tracker.test").values(active=True))
        any_cast.clock.set(datetime(2026, 4, 23, 15, tzinfo=UTC))
        assert run_reminders(any_cast) == ["focal.us"]
        report_id, extension_id = asked(any_cast, "CS-03", "us")
        decide(any_cast, "reviewer", [extension_id])
        told: dict[date, set[date]] = {}
        for day in range(24, 31):
            any_cast.clock.set(datetime(2026, 4, day, 15, tzinfo=UTC))
            run_reminders(any_cast)
        any_cast.clock.set(datetime(2026, 5, 1, 15, tzinfo=UTC))
        run_reminders(any_cast)
        any_cast.clock.set(datetime(2026, 5, 8, 15, tzinfo=UTC))
        run_reminders(any_cast)
        with any_cast.reading() as session:
            rows = session.execute(
                sa.select(ReminderEntry.due_on, ReminderEntry.day, ReminderEntry.at).where(
                    ReminderEntry.report_id == report_id
                )
            ).all()
        for row in rows:
            told.setdefault(row.due_on, set()).add(row.at.date())
        assert told[DUE_ON] == {date(2026, 4, 23)}, "nothing about the old date once it moved"
        assert told[LATER] == {date(2026, 4, 24), date(2026, 5, 1), date(2026, 5, 8)}

    def test_a_new_due_date_of_the_cycle_takes_nothing_away_and_gives_what_is_later(self, any_cast: Cast) -> None:
        near, near_id = asked(any_cast, "CS-03")
        far, far_id = asked(any_cast, "CS-04")
        decide(any_cast, "reviewer", [near_id], until=date(2026, 5, 5))
        decide(any_cast, "reviewer", [far_id], until=date(2026, 6, 15))
        admin = any_cast.actor("admin")
        with any_cast.writing() as session:
            cycle = session.scalars(sa.select(ReportingCycle)).one()
            wanted = cycles.CyclePlan(
                cycle.code, cycle.title, cycle.period_start, cycle.period_end, cycle.opens_on,
                date(2026, 5, 31), cycle.closes_on, cycle.comment_days,
            )  # fmt: skip
            cycles.change(session, cycle, wanted, seen_version=cycle.version, actor=admin, now=any_cast.clock.now())
        assert report_of(any_cast, near).due_on == date(2026, 5, 31)
        assert report_of(any_cast, far).due_on == date(2026, 6, 15)

    def test_a_submission_at_the_moment_of_the_grant_counts_by_one_of_the_two_dates(self, any_cast: Cast) -> None:
        report_id, extension_id = asked(any_cast)
        any_cast.bring_to(report_id, ReportState.AWAITING_APPROVAL)
        any_cast.clock.set(datetime(2026, 5, 2, 15, tzinfo=UTC))
        version, approver = any_cast.version(report_id), any_cast.actor("approver.br")
        with any_cast.app.app_context(), transaction() as session:
            report = records.report(session, report_id)
            assert report is not None
            reports.submit(session, report, seen_version=version, actor=approver, now=any_cast.clock.now())
        assert [o.problem for o in decide(any_cast, "reviewer", [extension_id])] == ["decided_already"]
        assert report_of(any_cast, report_id).on_time is False
