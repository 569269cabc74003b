"""Subscriptions: who may choose what, made, changed, stopped, handed over; and what each of them then tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.cast import Cast
from tests.services.test_summaries import MONDAY, run
from tracker.domain.errors import NotVisible, Stale, Unmet
from tracker.domain.subscriptions import following, is_open, next_day, period
from tracker.domain.vocabulary import MessageState, ReportState, Role, SummaryRhythm, SummaryScope
from tracker.domain.working_days import WorkCalendar
from tracker.models import (
    Accreditation,
    AuditEntry,
    Holiday,
    Message,
    MessageAttachment,
    Subscription,
    SummaryEntry,
    User,
)
from tracker.services import handover, reports, subscriptions, summaries, summary_due
from tracker.services.subscriptions import Wanted

R, S = SummaryRhythm, SummaryScope
MONTHLY_OWN = Wanted(R.MONTHLY, S.OWN)


def make(cast: Cast, name: str, wanted: Wanted, **more: Any) -> int:
    actor = cast.actor(name)
    with cast.writing() as session:
        return subscriptions.make(session, replace(wanted, **more), actor=actor, now=cast.clock.now()).id


def only(cast: Cast, name: str, wanted: Wanted, **more: Any) -> int:
    """The only subscription there is of anybody."""
    with cast.writing() as session:
        session.execute(sa.update(Subscription).values(ended_at=cast.clock.now()))
    return make(cast, name, wanted, **more)


def refused(cast: Cast, name: str, wanted: Wanted) -> dict[str, str]:
    with pytest.raises(Unmet) as error:
        make(cast, name, wanted)
    return error.value.problems


class TestPeriods:
    def test_first_days(self) -> None:
        day = date(2026, 11, 18)
        assert [period(rhythm, day) for rhythm in R] == [date(2026, 11, 16), date(2026, 11, 1), date(2026, 10, 1), day]
        assert following(R.MONTHLY, date(2026, 12, 1)) == date(2027, 1, 1)
        assert following(R.QUARTERLY, date(2026, 10, 1)) == date(2027, 1, 1)

    def test_the_next_one_is_on_a_working_day(self) -> None:
        free = WorkCalendar(frozenset({date(2027, 1, 1)}))
        made = date(2026, 12, 10)
        assert next_day(R.MONTHLY, made, None, made, free) == date(2027, 1, 4), "a holiday and a week-end"
        assert next_day(R.WEEKLY, made, None, made, free) == date(2026, 12, 14)
        assert next_day(R.WEEKLY, date(2026, 12, 16), date(2026, 12, 7), made, free) == date(2026, 12, 16), (
            "made up for"
        )
        assert next_day(R.AT_PUBLICATION, made, None, made, free) is None

    def test_a_changed_rhythm_brings_none_a_second_time(self) -> None:
        told = date(2026, 11, 16)
        assert not is_open(R.MONTHLY, date(2026, 11, 20), told, told)
        assert is_open(R.MONTHLY, date(2026, 12, 1), told, told)


class TestChoosing:
    def test_each_role_what_it_may_open(self, any_cast: Cast) -> None:
        assert refused(any_cast, "focal.br", Wanted(R.MONTHLY, S.STATES, ("BR",))) == {"scope": "unknown"}
        assert refused(any_cast, "observer", Wanted(R.MONTHLY, S.STATES, ("BR", "US"))) == {"states": "unknown"}
        assert refused(any_cast, "admin", Wanted(R.MONTHLY, S.STATES, ("XX",))) == {"states": "unknown"}
        assert refused(any_cast, "admin", Wanted(R.MONTHLY, S.STATES)) == {"states": "required"}
        assert refused(any_cast, "admin", Wanted(R.MONTHLY, S.INSTRUMENT)) == {"instrument": "required"}
        assert refused(any_cast, "admin", Wanted(R.MONTHLY, S.INSTRUMENT, (), "none")) == {"instrument": "unknown"}
        make(any_cast, "observer", Wanted(R.MONTHLY, S.STATES, ("BR", "GT")))
        make(any_cast, "reviewer", Wanted(R.MONTHLY, S.STATES, ("US", "BR")))
        with any_cast.reading() as session:
            entries = session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "subscription.make")).all()
        assert [entry.actor_id for entry in entries] == [
            any_cast.actor(name).user_id for name in ("observer", "reviewer")
        ]

    def test_no_two_equal_ones_and_ten_at_most(self, any_cast: Cast) -> None:
        assert refused(any_cast, "focal.br", Wanted(R.WEEKLY, S.OWN, when_empty=True)) == {"scope": "equal"}
        assert refused(any_cast, "admin", Wanted(R.WEEKLY, S.EVERYTHING)) == {"scope": "equal"}
        for code in ("AR", "BO", "BR", "CL", "CO", "CR", "DO", "EC", "GT"):
            make(any_cast, "admin", Wanted(R.WEEKLY, S.STATES, (code,)))
        assert refused(any_cast, "admin", MONTHLY_OWN) == {"subscription": "too_many"}

    def test_what_the_scope_does_not_ask_for_counts_for_nothing(self, cast: Cast) -> None:
        number = make(cast, "focal.br", MONTHLY_OWN, states=("US",), instrument="whatever")
        with cast.reading() as session:
            one = session.get_one(Subscription, number)
            assert (one.party_ids, one.instrument_id) == ([], None)

    def test_a_status_report_is_about_a_few_states(self, cast: Cast) -> None:
        everything = Wanted(R.MONTHLY, S.EVERYTHING, attach_report=True)
        assert refused(cast, "admin", everything) == {"attach_report": "no_state"}
        six = Wanted(R.MONTHLY, S.STATES, ("AR", "BO", "BR", "CL", "CO", "CR"), attach_report=True)
        assert refused(cast, "admin", six) == {"attach_report": "too_many_states"}
        make(cast, "focal.br", MONTHLY_OWN, attach_report=True)

    def test_changed_over_what_was_seen(self, any_cast: Cast) -> None:
        number = make(any_cast, "focal.br", MONTHLY_OWN)
        actor, now = any_cast.actor("focal.br"), any_cast.clock.now()
        quarterly = replace(MONTHLY_OWN, rhythm=R.QUARTERLY)

        def change(wanted: Wanted, seen: int, name: str = "focal.br") -> None:
            with any_cast.writing() as session:
                subscriptions.change(session, number, wanted, seen_version=seen, actor=any_cast.actor(name), now=now)

        change(MONTHLY_OWN, 99)  # nothing to change
        change(quarterly, 1)
        with pytest.raises(Stale) as stale:
            change(replace(MONTHLY_OWN, when_empty=True), 1)
        assert stale.value.theirs == quarterly
        with pytest.raises(NotVisible):
            change(MONTHLY_OWN, 2, "admin")
        with any_cast.reading() as session:
            assert subscriptions.get(session, number, actor=actor).version == 2

    def test_stopped_by_its_owner_or_by_one_click_and_by_nobody_else(self, any_cast: Cast) -> None:
        first, second = (make(any_cast, "focal.br", replace(MONTHLY_OWN, rhythm=r)) for r in (R.MONTHLY, R.QUARTERLY))
        for name in ("admin", "focal.us", "alternate.br"):
            with any_cast.writing() as session, pytest.raises(NotVisible):
                subscriptions.stop(session, first, actor=any_cast.actor(name), now=any_cast.clock.now())
        for _time in range(2):
            with any_cast.writing() as session:
                subscriptions.stop(session, first, actor=any_cast.actor("focal.br"), now=any_cast.clock.now())
                subscriptions.stop(session, second, actor=None, now=any_cast.clock.now())
        with any_cast.reading() as session:
            stops = sa.select(sa.func.count()).where(AuditEntry.event == "subscription.stop")
            assert session.scalar(stops) == 2
            left = subscriptions.listing(session, any_cast.actor("focal.br"), now=any_cast.clock.now())
        assert [line.rhythm for line in left] == [R.WEEKLY]

    def test_taken_back_only_where_no_equal_one_was_taken_meanwhile(self, cast: Cast) -> None:
        number = make(cast, "focal.br", MONTHLY_OWN)
        with cast.writing() as session:
            subscriptions.stop(session, number, actor=None, now=cast.clock.now())
            subscriptions.resume(session, number, now=cast.clock.now())
            assert session.get_one(Subscription, number).ended_at is None
            subscriptions.stop(session, number, actor=None, now=cast.clock.now())
        make(cast, "focal.br", MONTHLY_OWN)
        with cast.writing() as session:
            subscriptions.resume(session, number, now=cast.clock.now())
            assert session.get_one(Subscription, number).ended_at is not None


def test_a_handover_gives_the_running_ones_to_the_successor(any_cast: Cast) -> None:
    number = make(any_cast, "focal.br", MONTHLY_OWN)
    any_cast.bring_to(any_cast.report_id("BR", "CS-03"), ReportState.SUBMITTED)
    before, after = any_cast.actor("focal.br"), any_cast.actor("alternate.br")
    with any_cast.writing() as session:
        act = handover.hand_over(
            session, before.user_id, after.user_id, note="", actor=before, now=any_cast.clock.now()
        )
        assert act.moved["subscriptions"] == 1, "the weekly one the successor takes already"
    with any_cast.reading() as session:
        assert subscriptions.listing(session, before, now=any_cast.clock.now()) == []
        assert session.get_one(Subscription, number).user_id == after.user_id
    with any_cast.writing() as session:
        session.execute(sa.update(Subscription).where(Subscription.rhythm == R.WEEKLY).values(ended_at=MONDAY))
    told = run(any_cast, datetime(2026, 4, 1, 15, tzinfo=UTC))
    assert f"/summary-{number}" in told["alternate.br"].text
    assert "CS-03" in told["alternate.br"].text
    assert "focal.br" not in told


class TestTelling:
    def test_states_and_instruments_narrow_what_is_told(self, any_cast: Cast) -> None:
        only(any_cast, "reviewer2", Wanted(R.WEEKLY, S.STATES, ("US",)))
        with any_cast.reading() as session:
            code = session.execute(
                sa.text(
                    "SELECT i.code FROM instrument i JOIN provision p ON p.instrument_id = i.id WHERE p.code = 'CS-03'"
                )
            ).scalar_one()
        make(any_cast, "secretariat", Wanted(R.WEEKLY, S.INSTRUMENT, (), code))
        make(any_cast, "focal.us", Wanted(R.WEEKLY, S.INSTRUMENT, (), code))
        any_cast.bring_to(any_cast.report_id("US", "CS-03"), ReportState.SUBMITTED, "us")
        any_cast.bring_to(any_cast.report_id("BR", "CS-04"), ReportState.SUBMITTED, "br")
        told = run(any_cast, MONDAY)
        assert set(told) == {"reviewer2", "focal.us"}
        changed = told["reviewer2"].text.partition("What changed")[2]
        assert "CS-03" in changed
        assert "CS-04" not in changed
        assert "1 of 15 commitments reported" in " ".join(told["reviewer2"].text.split())

    def test_what_is_lost_is_shown_no_more(self, any_cast: Cast) -> None:
        """Scope and role are looked up at each sending."""
        only(any_cast, "observer", Wanted(R.WEEKLY, S.STATES, ("BR", "GT")))
        any_cast.bring_to(any_cast.report_id("GT", "CS-03"), ReportState.PUBLISHED, "gt")
        any_cast.bring_to(any_cast.report_id("BR", "CS-03"), ReportState.PUBLISHED, "br")
        with any_cast.writing() as session:
            lost = sa.update(Accreditation).where(Accreditation.party_id == any_cast.party_id("GT"))
            session.execute(lost.values(ends_on=date(2026, 3, 4)))
        told = run(any_cast, MONDAY)["observer"]
        assert "Brazil" in told.text
        assert "Guatemala" not in told.text + told.subject

    def test_staff_that_became_a_focal_point_sees_the_own_state_only(self, any_cast: Cast) -> None:
        only(any_cast, "reviewer2", Wanted(R.WEEKLY, S.EVERYTHING, when_empty=True))
        any_cast.bring_to(any_cast.report_id("BR", "CS-03"), ReportState.SUBMITTED, "br")
        with any_cast.writing() as session:
            user = session.scalars(sa.select(User).where(User.email == "reviewer2@tracker.test")).one()
            user.role, user.party_id = Role.FOCAL_POINT, any_cast.party_id("US")
        told = run(any_cast, MONDAY)["reviewer2"].text
        assert "Nothing changed." in told
        assert "Weekly summary: United States" in told

    def test_monthly_and_quarterly_on_the_first_working_day(self, any_cast: Cast) -> None:
        only(any_cast, "focal.us", MONTHLY_OWN)
        make(any_cast, "focal.us", Wanted(R.QUARTERLY, S.OWN))
        any_cast.bring_to(any_cast.report_id("US", "CS-03"), ReportState.SUBMITTED, "us")
        with any_cast.writing() as session:
            session.add(Holiday(party_id=any_cast.party_id("US"), day=date(2026, 4, 1), name="Invented"))
        assert run(any_cast, datetime(2026, 3, 31, 15, tzinfo=UTC)) == {}
        assert run(any_cast, datetime(2026, 4, 1, 15, tzinfo=UTC)) == {}, "a holiday"
        told = run(any_cast, datetime(2026, 4, 2, 15, tzinfo=UTC))["focal.us"]
        text = " ".join(told.text.split())
        assert "Monthly summary: United States" in text
        assert "What stands under “Monthly summary: United States" not in text, "the second is silent: all is told"
        any_cast.bring_to(any_cast.report_id("US", "CS-04"), ReportState.SUBMITTED, "us")
        assert "CS-04" in run(any_cast, datetime(2026, 5, 1, 15, tzinfo=UTC))["focal.us"].text
        run(any_cast, datetime(2026, 6, 1, 15, tzinfo=UTC))
        assert "CS-04" in run(any_cast, datetime(2026, 7, 1, 15, tzinfo=UTC))["focal.us"].text, "quarterly tells it too"

    def test_the_second_of_a_day_says_where_the_rest_stands(self, any_cast: Cast) -> None:
        only(any_cast, "reviewer2", Wanted(R.WEEKLY, S.STATES, ("US",)))
        make(any_cast, "reviewer2", Wanted(R.WEEKLY, S.EVERYTHING))
        any_cast.bring_to(any_cast.report_id("US", "CS-03"), ReportState.SUBMITTED, "us")
        any_cast.bring_to(any_cast.report_id("BR", "CS-04"), ReportState.SUBMITTED, "br")
        text = run(any_cast, MONDAY)["reviewer2"].text
        first, _heading, second = text.partition("Weekly summary: all States")
        assert "CS-04" in second
        assert "CS-03" not in second
        assert "What stands under “Weekly summary: United States" in " ".join(second.split())
        assert "What waits for you" in first
        assert "What waits for you" not in second

    def test_at_publication_waits_for_one(self, any_cast: Cast) -> None:
        only(any_cast, "observer", Wanted(R.AT_PUBLICATION, S.OWN))
        make(any_cast, "contributor.br", Wanted(R.AT_PUBLICATION, S.OWN))
        make(any_cast, "focal.us", Wanted(R.AT_PUBLICATION, S.OWN))
        report = any_cast.report_id("BR", "CS-03")
        any_cast.bring_to(report, ReportState.OPEN_FOR_COMMENT, "br")
        assert run(any_cast, datetime(2026, 3, 5, 15, tzinfo=UTC)) == {}
        any_cast.clock.set(datetime(2026, 3, 6, 20, tzinfo=UTC))
        any_cast._step(report, reports.comment, "focal.br", text="An invented comment.")
        assert run(any_cast, datetime(2026, 3, 7, 15, tzinfo=UTC)) == {}, "not on a Saturday"
        told = run(any_cast, MONDAY)
        assert set(told) == {"observer", "contributor.br"}
        assert run(any_cast, MONDAY + timedelta(days=1)) == {}, "told once"
        any_cast.bring_to(any_cast.report_id("BR", "CS-05"), ReportState.PUBLISHED, "br")
        assert set(run(any_cast, MONDAY + timedelta(days=2))) == {"observer"}, "not asked for by the contributor"

    def test_away_bouncing_or_withdrawn_is_told_later(self, any_cast: Cast) -> None:
        only(any_cast, "focal.us", Wanted(R.WEEKLY, S.OWN))
        any_cast.bring_to(any_cast.report_id("US", "CS-03"), ReportState.SUBMITTED, "us")
        mine = sa.update(User).where(User.email == "focal.us@tracker.test")
        with any_cast.writing() as session:
            session.execute(mine.values(away_until=MONDAY.date()))
        assert run(any_cast, MONDAY) == {}
        with any_cast.writing() as session:
            session.execute(mine.values(bounced_at=MONDAY))
        assert run(any_cast, MONDAY + timedelta(days=1)) == {}
        with any_cast.writing() as session:
            session.execute(mine.values(bounced_at=None))
        assert "CS-03" in run(any_cast, MONDAY + timedelta(days=2))["focal.us"].text
        assert run(any_cast, MONDAY + timedelta(days=3)) == {}
        with any_cast.writing() as session:
            session.execute(sa.update(Message).values(state=MessageState.WITHDRAWN))
        again = run(any_cast, MONDAY + timedelta(days=4))["focal.us"].text
        assert "CS-03" in again.partition("What changed")[2], "it never left"
        with any_cast.reading() as session:
            assert len(session.scalars(sa.select(SummaryEntry)).all()) == 1

    def test_nothing_changed_is_said_where_it_is_wanted(self, any_cast: Cast) -> None:
        only(any_cast, "focal.us", Wanted(R.WEEKLY, S.OWN, when_empty=True))
        told = run(any_cast, MONDAY)["focal.us"]
        assert "Nothing changed." in told.text
        assert told.subject == "15 reports wait for you; nothing changed"
        again = run(any_cast, MONDAY + timedelta(days=7))["focal.us"].text
        assert "15 items that earlier summaries told still wait" in " ".join(again.split())
        assert "of 15 commitments" not in again, "the figures are those of the last summary"

    def test_the_status_report_comes_along(self, cast: Cast) -> None:
        only(cast, "reviewer", Wanted(R.WEEKLY, S.STATES, ("BR", "US", "CU"), attach_report=True))
        cast.bring_to(cast.report_id("US", "CS-03"), ReportState.SUBMITTED, "us")
        cast.clock.set(MONDAY)
        with cast.reading() as session:
            user = session.scalars(sa.select(User).where(User.email == "reviewer@tracker.test")).one()
            (one,) = summaries.contribution(session, user, now=MONDAY, render=lambda report: report.name.encode())
            assert one.section is not None
            names = [(name, content) for name, _kind, content in one.section.attachments]
        assert [content for _name, content in names] == [b"Brazil", b"United States"], "Cuba owes nothing"
        assert all(name.endswith(".pdf") for name, _content in names)
        assert not cast_attachments(cast)

    def test_one_statement_more_or_less_for_everybody(self, any_cast: Cast) -> None:
        """The number of queries does not depend on the number of people."""
        for name in ("observer", "contributor.br", "reviewer"):
            make(any_cast, name, Wanted(R.AT_PUBLICATION, S.OWN))
        any_cast.bring_to(any_cast.report_id("BR", "CS-03"), ReportState.PUBLISHED, "br")
        any_cast.clock.set(MONDAY)
        with any_cast.reading() as session:
            count = 0

            def counting(*_: object) -> None:
                nonlocal count
                count += 1

            sa.event.listen(session.get_bind(), "before_cursor_execute", counting)
            found = summary_due.due(session, MONDAY)
            sa.event.remove(session.get_bind(), "before_cursor_execute", counting)
        assert len(found) > 20
        assert count <= 6


def cast_attachments(cast: Cast) -> int:
    with cast.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(MessageAttachment)) or 0
