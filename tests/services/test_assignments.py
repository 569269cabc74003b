"""Parts for contributors: who asks whom for what by when, what is ready, who is late; and what a new cycle changes."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from tests.assignment_scene import OWN, assign, colleague, element, hand_in, listed, mails, rows, user_id, write
from tests.cast import DUE_ON, PEOPLE, Cast
from tests.services.test_reminders import run as run_reminders
from tracker.domain.assignments import PartState
from tracker.domain.errors import NotPermitted, Unmet, WrongState
from tracker.domain.vocabulary import ReportState
from tracker.models import Assignment, HistoryEntry, Message, ProgressReport, ReminderEntry, User
from tracker.services import assignment_lists, assignments, cycles, records
from tracker.services.assignments import Part


class TestAsking:
    def test_several_parts_of_several_people_in_one_act_with_one_mail_each(self, any_cast: Cast) -> None:
        first, second = user_id(any_cast, "contributor.br"), colleague(any_cast)
        made = assign(any_cast, ["CS-02", "CS-05.a", "CS-05.b"], [first, second], OWN)
        assert [(r.code, r.outcome) for r in made] == [
            ("CS-02", "asked"),
            ("CS-05.a", "asked"),
            ("CS-05.b", "asked"),
        ] * 2
        assert len(rows(any_cast, second)) == 3
        assert {r.due_on for r in rows(any_cast, second)} == {OWN}
        found = mails(any_cast)
        assert [m.to_address for m in found] == ["contributor.br@tracker.test", "second.br@tracker.test"]
        assert found[0].language == "pt"
        text = found[0].text
        for code in ("CS-02", "CS-05.a", "CS-05.b"):
            assert code in text
        assert text.count("10 de abril de 2026") == 3
        assert "America/Sao Paulo" in text
        assert "http://tracker.test/assignments" in text

    def test_the_words_of_the_mail(self, cast: Cast) -> None:
        assign(cast, ["CS-02"], [user_id(cast, "contributor.us")], name="focal.us", party="US")
        (mail,) = mails(cast)
        assert mail.subject == "You are asked to answer: CS-02"
        assert "Your focal point asks you to answer 1 part of your State's progress reports:" in " ".join(
            mail.text.split()
        )
        assert "Due on 30 April 2026." in mail.text
        assert f"http://tracker.test/reports/{cast.report_id('US', 'CS-02')}" in mail.text

    def test_asked_twice_changes_nothing_and_a_new_date_is_set(self, any_cast: Cast) -> None:
        who = user_id(any_cast, "contributor.br")
        assert [r.outcome for r in assign(any_cast, ["CS-02"], [who])] == ["asked"]
        assert [r.outcome for r in assign(any_cast, ["CS-02"], [who])] == ["already"]
        assert [r.outcome for r in assign(any_cast, ["CS-02"], [who], OWN)] == ["dated"]
        assert len(mails(any_cast)) == 2

    def test_the_whole_takes_the_place_of_elements_and_covers_them(self, any_cast: Cast) -> None:
        who = colleague(any_cast)
        assign(any_cast, ["CS-03.a", "CS-03.b"], [who])
        assert [r.outcome for r in assign(any_cast, ["CS-03"], [who])] == ["asked"]
        assert [r.element_id for r in rows(any_cast, who)] == [None]
        assert [r.problem for r in assign(any_cast, ["CS-03.a"], [who])] == ["whole_already"]

    def test_all_or_nothing(self, any_cast: Cast) -> None:
        who, foreign = colleague(any_cast), user_id(any_cast, "contributor.gt")
        made = assign(any_cast, ["CS-02", "CS-04"], [who, foreign])
        assert [r.problem for r in made] == ["", "", "unknown_user", "unknown_user"]
        assert rows(any_cast, who) == []
        assert mails(any_cast) == []

    def test_what_is_no_part(self, cast: Cast) -> None:
        who, actor = colleague(cast), cast.actor("focal.br")
        cases = [("CS-02", "CS-03.a"), ("CS-01", "CS-01.a")]  # of another provision; addressed to the Secretariat
        with cast.writing() as session:
            for provision, code in cases:
                commitment = records.commitment(session, cast.commitment_id("BR", provision))
                part = Part(commitment, element(cast, code))  # type: ignore[arg-type]
                made = assignments.assign(session, [part], [who], actor=actor, now=cast.clock.now())
                assert [r.problem for r in made] == ["unknown_part"]
        for parts, users in (([], [who]), (["CS-02"], [])):
            with pytest.raises(Unmet):
                assign(cast, parts, users)

    def test_the_date(self, cast: Cast) -> None:
        who = user_id(cast, "contributor.br")

        def problem(day: date, code: str = "CS-02") -> str:
            return assign(cast, [code], [who], day)[0].problem

        assert problem(date(2026, 3, 1)) == "past"
        assert problem(date(2026, 5, 1)) == "after_due"
        cast.bring_to(cast.report_id("BR", "CS-04"), ReportState.SUBMITTED)
        assert problem(OWN, "CS-04") == "no_open_report"
        cast.clock.set(datetime(2026, 5, 6, 2, tzinfo=UTC))  # the fifth in Brazil; the report is overdue
        assert problem(date(2026, 5, 4)) == "past"
        assert problem(date(2026, 7, 1)) == "after_due", "not after the cycle closes"
        assert problem(date(2026, 5, 5)) == ""
        assert problem(DUE_ON, "CS-05") == "past"

    def test_only_the_states_focal_points(self, cast: Cast) -> None:
        who = user_id(cast, "contributor.br")
        for name in sorted(set(PEOPLE) - {"focal.br", "alternate.br"}):
            with pytest.raises(NotPermitted):
                assign(cast, ["CS-02"], [who], name=name)
        assert [r.outcome for r in assign(cast, ["CS-02"], [who], name="alternate.br")] == ["asked"]


class TestChangingAndTakingBack:
    def act(self, cast: Cast, verb: object, name: str = "alternate.br", **more: object) -> object:
        actor = cast.actor(name)
        with cast.writing() as session:
            row = session.scalars(sa.select(Assignment).where(Assignment.user_id == self.who)).one()
            return verb(session, row, actor=actor, now=cast.clock.now(), **more)  # type: ignore[operator]

    def test_another_date_is_told(self, any_cast: Cast) -> None:
        self.who = colleague(any_cast)
        assign(any_cast, ["CS-03.a"], [self.who])
        assert self.act(any_cast, assignments.set_date, due_on=OWN) is True
        assert self.act(any_cast, assignments.set_date, due_on=OWN) is False
        assert len(mails(any_cast)) == 2
        assert "10 de abril de 2026" in mails(any_cast)[1].text
        with pytest.raises(Unmet) as told:
            self.act(any_cast, assignments.set_date, due_on=date(2026, 5, 20))
        assert told.value.problems == {"due_on": "after_due"}
        self.act(any_cast, assignments.set_date, due_on=None)
        assert rows(any_cast, self.who)[0].due_on is None

    def test_taken_back_what_was_written_stays(self, any_cast: Cast) -> None:
        self.who = colleague(any_cast)
        assign(any_cast, ["CS-03"], [self.who])
        report_id = any_cast.report_id("BR", "CS-03")
        write(any_cast, report_id, "contributor.br", "Written by the ministry.")
        self.act(any_cast, assignments.remove)
        assert rows(any_cast, self.who) == []
        with any_cast.reading() as session:
            assert {a.narrative for a in session.get_one(ProgressReport, report_id).answers} == {
                "Written by the ministry."
            }
        told = mails(any_cast)[-1]
        assert "CS-03" in told.subject
        assert (told.recipient_id, told.kind) == (self.who, "assignment")

    def test_nobody_else(self, cast: Cast) -> None:
        self.who = colleague(cast)
        assign(cast, ["CS-03"], [self.who])
        for name in sorted(set(PEOPLE) - {"focal.br", "alternate.br"}):
            for verb, more in (
                (assignments.remove, {}),
                (assignments.ask_again, {}),
                (assignments.set_date, {"due_on": OWN}),
            ):
                with pytest.raises(NotPermitted):
                    self.act(cast, verb, name, **more)
        assert len(rows(cast, self.who)) == 1


class TestReady:
    def test_the_focal_points_are_told_once(self, any_cast: Cast) -> None:
        report_id = any_cast.report_id("BR", "CS-03")
        write(any_cast, report_id, "contributor.br", "Done.")
        assert hand_in(any_cast, report_id) is True
        assert hand_in(any_cast, report_id) is False
        found = mails(any_cast)
        assert sorted(m.to_address for m in found) == ["alternate.br@tracker.test", "focal.br@tracker.test"]
        assert "Invented contributor.br (Invented Ministry of BR)" in " ".join(found[0].text.split())
        assert listed(any_cast, "focal.br") == [("CS-03", PartState.READY)]

    def test_of_single_elements_only_these_must_be_answered(self, any_cast: Cast) -> None:
        who = colleague(any_cast)
        assign(any_cast, ["CS-03.a"], [who])
        report_id = any_cast.report_id("BR", "CS-03")
        with pytest.raises(Unmet) as told:
            hand_in(any_cast, report_id, "second.br")
        assert set(told.value.problems) == {"self_assessment-CS-03.a", "narrative-CS-03.a"}
        write(any_cast, report_id, "second.br", "Only mine is taken.")
        assert hand_in(any_cast, report_id, "second.br") is True
        with any_cast.reading() as session:
            said = {a.element.code: a.narrative for a in session.get_one(ProgressReport, report_id).answers}
        assert {code for code, text in said.items() if text} == {"CS-03.a"}
        assert "Parte: CS-03.a" in mails(any_cast)[-1].text or "Part: CS-03.a" in mails(any_cast)[-1].text

    def test_going_on_writing_takes_it_back(self, any_cast: Cast) -> None:
        report_id = any_cast.report_id("BR", "CS-03")
        write(any_cast, report_id, "contributor.br", "Done.")
        hand_in(any_cast, report_id)
        write(any_cast, report_id, "focal.br", "The focal point's own words.")
        assert listed(any_cast, "focal.br") == [("CS-03", PartState.READY)]
        write(any_cast, report_id, "contributor.br", "Not quite.")
        assert listed(any_cast, "focal.br") == [("CS-03", PartState.OPEN)]
        with any_cast.reading() as session:
            actions = list(session.scalars(sa.select(HistoryEntry.action).order_by(HistoryEntry.id)))
        assert actions[-2:] == ["part_ready", "part_changed"]

    def test_asked_again(self, any_cast: Cast) -> None:
        report_id = any_cast.report_id("BR", "CS-03")
        write(any_cast, report_id, "contributor.br", "Done.")
        hand_in(any_cast, report_id)
        actor = any_cast.actor("focal.br")
        with any_cast.writing() as session:
            row = session.scalars(
                sa.select(Assignment).where(Assignment.user_id == user_id(any_cast, "contributor.br"))
            )
            assert assignments.ask_again(session, row.one(), actor=actor, now=any_cast.clock.now()) is True
        assert mails(any_cast)[-1].to_address == "contributor.br@tracker.test"
        assert hand_in(any_cast, report_id) is True

    def test_refused_to_everybody_else_and_once_it_left_the_state(self, cast: Cast) -> None:
        report_id = cast.report_id("BR", "CS-03")
        for name in sorted(set(PEOPLE) - {"contributor.br"}):
            with pytest.raises(NotPermitted):
                hand_in(cast, report_id, name)
        cast.bring_to(report_id, ReportState.SUBMITTED)
        with pytest.raises(WrongState):
            hand_in(cast, report_id)

    def test_a_new_cycle_begins_open(self, any_cast: Cast) -> None:
        report_id = any_cast.report_id("BR", "CS-03")
        assign(any_cast, ["CS-03"], [user_id(any_cast, "contributor.br")], OWN)
        write(any_cast, report_id, "contributor.br", "Done.")
        hand_in(any_cast, report_id)
        any_cast.clock.set(datetime(2027, 3, 1, 15, tzinfo=UTC))
        with any_cast.writing() as session:
            cycle = cycles.plan(
                session,
                cycles.CyclePlan(
                    "2027", {"en": "2027"}, date(2026, 1, 1), date(2026, 12, 31),
                    date(2027, 3, 1), date(2027, 4, 30), date(2027, 6, 30),
                ),
                actor=None,
                now=any_cast.clock.now(),
            )  # fmt: skip
            cycles.open_cycle(session, cycle.id, now=any_cast.clock.now())
        actor = any_cast.actor("focal.br")
        with any_cast.reading() as session:
            (line,) = assignment_lists.parts(session, actor, now=any_cast.clock.now()).lines
        assert (line.state, line.due_on, line.has_own_date) == (PartState.OPEN, date(2027, 4, 30), False)
        with any_cast.reading() as session:
            commitment = records.commitment(session, any_cast.commitment_id("BR", "CS-03"))
            assert commitment is not None
            (given,) = assignment_lists.of_commitment(session, commitment, now=any_cast.clock.now())
        assert (given.state, given.due_on, given.own_date) == (PartState.OPEN, date(2027, 4, 30), None)


class TestWhoIsLate:
    def test_counted_and_listed_on_the_states_calendar(self, any_cast: Cast) -> None:
        who = colleague(any_cast)
        assign(any_cast, ["CS-02", "CS-05.a"], [who], OWN)
        assign(any_cast, ["CS-04"], [who])
        any_cast.clock.set(datetime(2026, 4, 11, 2, 59, tzinfo=UTC))  # the last minute of the tenth in Brazil
        assert dict(listed(any_cast, "focal.br")) == dict.fromkeys(
            ("CS-02", "CS-03", "CS-04", "CS-05.a"), PartState.OPEN
        )
        any_cast.clock.set(datetime(2026, 4, 11, 3, 0, tzinfo=UTC))
        found = listed(any_cast, "alternate.br")
        assert found[:2] == [("CS-02", PartState.LATE), ("CS-05.a", PartState.LATE)]
        assert listed(any_cast, "focal.br", state=PartState.LATE) == found[:2]
        assert listed(any_cast, "focal.br", person=user_id(any_cast, "contributor.br")) == [("CS-03", PartState.OPEN)]
        assert len(listed(any_cast, "contributor.br", person=who)) == 1, "a contributor sees the own ones only"
        assert listed(any_cast, "focal.gt") == [("CS-03", PartState.OPEN)]
        with any_cast.reading() as session:
            counted = assignment_lists.tally(session, any_cast.actor("focal.br"), now=any_cast.clock.now())
            for code, _state in found:
                commitment = records.commitment(session, any_cast.commitment_id("BR", code.partition(".")[0]))
                assert commitment is not None
                given = assignment_lists.of_commitment(session, commitment, now=any_cast.clock.now())
                assert {(g.code or code, g.state) for g in given} <= set(found), "the SQL and the rules agree"
        assert (counted.late, counted.open, counted.ready) == (2, 2, 0)

    def test_what_was_submitted_is_no_open_item(self, any_cast: Cast) -> None:
        any_cast.bring_to(any_cast.report_id("BR", "CS-03"), ReportState.SUBMITTED)
        assert listed(any_cast, "focal.br") == []


class TestReminders:
    def test_they_follow_the_own_date_and_stop_when_it_is_ready(self, any_cast: Cast) -> None:
        with any_cast.writing() as session:
            session.execute(sa.update(User).where(User.email.not_like("contributor.br%")).values(active=False))
            session.execute(sa.update(User).where(User.email.like("focal.br%")).values(active=True))
        who = user_id(any_cast, "contributor.br")
        assign(any_cast, ["CS-03"], [who], OWN)
        assign(any_cast, ["CS-05.a", "CS-05.b"], [who], OWN)
        told = []
        for moment in (datetime(2026, m, d, 15, tzinfo=UTC) for m, d in ((4, 3), (4, 4), (4, 9), (4, 13))):
            any_cast.clock.set(moment)
            told.append("contributor.br" in run_reminders(any_cast))
        assert told == [True, False, True, True]
        with any_cast.reading() as session:
            found = session.scalars(
                sa.select(Message).where(Message.kind == "reminder", Message.recipient_id == who).order_by(Message.id)
            ).all()
            text = found[-1].text
            days = set(session.scalars(sa.select(ReminderEntry.due_on).where(ReminderEntry.user_id == who)))
        assert "CS-03" in text
        assert "CS-05" in text
        assert text.count("/reports/") == 2, "two elements with one date are one line"
        assert days == {OWN}
        report_id = any_cast.report_id("BR", "CS-03")
        write(any_cast, report_id, "contributor.br", "Done.")
        hand_in(any_cast, report_id)
        any_cast.clock.set(datetime(2026, 4, 17, 15, tzinfo=UTC))
        run_reminders(any_cast)
        with any_cast.reading() as session:
            last = session.scalars(
                sa.select(Message).where(Message.kind == "reminder", Message.recipient_id == who).order_by(Message.id)
            ).all()[-1]
            assert "CS-03" not in last.text
            assert "CS-05" in last.text
            focal = session.scalars(
                sa.select(ReminderEntry.due_on).where(ReminderEntry.user_id == user_id(any_cast, "focal.br"))
            )
            assert set(focal) == {DUE_ON}, "the focal point is reminded of the report's own date"
