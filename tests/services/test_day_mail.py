"""One mail for each person and working day; looked at again before it leaves; nothing twice and nothing lost."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.cast import ASSIGNED, DUE_ON, Cast
from tests.services.test_reminders import MORNING, change, run, user
from tests.support.people import person_id
from tests.support.smtp import SmtpServer
from tracker.domain.vocabulary import (
    MessageState,
    NoticeRhythm,
    PartyKind,
    ReminderOutcome,
    ReminderRhythm,
    ReportState,
    Role,
    Rung,
)
from tracker.jobs import run_job
from tracker.models import (
    Assignment,
    Holiday,
    LadderStep,
    Message,
    ProgressReport,
    ReminderEntry,
    Subscription,
    User,
)
from tracker.services import day_mail, day_mail_revision, reminders, reports

pytestmark = pytest.mark.both_databases


@pytest.fixture
def stage(any_cast: Cast) -> Cast:
    change(any_cast, sa.update(Subscription).values(ended_at=any_cast.clock.now()))
    any_cast.clock.set(MORNING)
    return any_cast


def alone(cast: Cast, *names: str) -> None:
    """Nobody else is active."""
    change(cast, sa.update(User).where(~sa.or_(*[user(name) for name in names])).values(active=False))


def the_mails(cast: Cast, name: str) -> list[Message]:
    with cast.reading() as session:
        found = session.scalars(
            sa.select(Message)
            .where(Message.key.startswith("day:"), Message.recipient_id == person_id(session, name))
            .order_by(Message.id)
        ).all()
        for one in found:
            session.expunge(one)
        return list(found)


def entries(cast: Cast, name: str) -> Counter[tuple[date, int, ReminderOutcome]]:
    with cast.reading() as session:
        rows = session.execute(
            sa.select(ReminderEntry.due_on, ReminderEntry.day, ReminderEntry.outcome).where(
                ReminderEntry.user_id == person_id(session, name)
            )
        )
        return Counter((row.due_on, row.day, row.outcome) for row in rows)


def set_state(cast: Cast, state: ReportState, *codes: str, party: str = "US") -> None:
    ids = [cast.report_id(party, code) for code in codes]
    change(cast, sa.update(ProgressReport).where(ProgressReport.id.in_(ids)).values(state=state))


class TestWhen:
    def test_not_on_a_holiday_of_the_own_party(self, stage: Cast) -> None:
        alone(stage, "focal.us", "focal.br", "secretariat", "admin")
        with stage.writing() as session:
            session.add_all(
                Holiday(party_id=stage.party_id(code), day=day, name="Invented")
                for code, day in (("US", date(2026, 3, 31)), ("GS", date(2026, 3, 31)), ("GS", date(2026, 3, 30)))
            )
        stage.clock.set(datetime(2026, 3, 27, 15, tzinfo=UTC))
        assert sorted(run(stage)) == ["admin", "secretariat"], "on the last working day before; staff as the GS"
        stage.clock.set(datetime(2026, 3, 30, 15, tzinfo=UTC))
        assert run(stage) == ["focal.us"]
        stage.clock.set(MORNING)
        assert run(stage) == ["focal.br"]

    def test_at_the_own_hour(self, stage: Cast) -> None:
        alone(stage, "focal.us")
        change(stage, sa.update(User).where(user("focal.us")).values(mail_hour=12))
        assert run(stage) == []
        stage.clock.advance(hours=1)
        assert run(stage) == ["focal.us"], "15:00 UTC is eleven o'clock in New York"

    def test_once_a_week_but_what_presses(self, stage: Cast) -> None:
        alone(stage, "focal.us")
        change(stage, sa.update(User).values(reminder_rhythm=ReminderRhythm.WEEKLY))
        went = []
        for number in range(40):
            stage.clock.set(MORNING + timedelta(days=number))
            went += [stage.clock.now().date() for _name in run(stage)]
        assert went == [
            date(2026, 4, 6),
            date(2026, 4, 20),
            date(2026, 4, 27),
            date(2026, 4, 29),
            date(2026, 5, 1),
            date(2026, 5, 7),
        ]
        assert "once a week" in " ".join(the_mails(stage, "focal.us")[0].text.split())


class TestWho:
    def test_the_alternate_from_the_second_rung_on(self, stage: Cast) -> None:
        alone(stage, "focal.br", "alternate.br")
        assert run(stage) == ["focal.br"]
        stage.clock.set(datetime(2026, 5, 7, 15, tzinfo=UTC))
        assert sorted(run(stage)) == ["alternate.br", "focal.br"]

    @pytest.mark.parametrize(
        "unreachable", [{"active": False}, {"away_until": date(2026, 4, 3)}, {"bounced_at": MORNING}]
    )
    def test_the_alternate_where_no_main_one_can_be_told(self, stage: Cast, unreachable: dict[str, object]) -> None:
        alone(stage, "focal.br", "alternate.br")
        change(stage, sa.update(User).where(user("focal.br")).values(**unreachable))
        assert run(stage) == ["alternate.br"]

    def test_a_ladder_of_the_cycles_own(self, stage: Cast) -> None:
        with stage.reading() as session:
            cycle = session.scalars(sa.select(ProgressReport.cycle_id).limit(1)).one()
        with stage.writing() as session:
            session.add(LadderStep(cycle_id=cycle, party_kind=PartyKind.MEMBER_STATE, day=-29, rung=Rung.FOCAL_POINT))
        assert sorted(run(stage)) == ["admin", "admin2", "secretariat"]
        stage.clock.advance(days=1)
        assert "focal.us" in run(stage)

    def test_a_successor_is_told_of_the_latest_step_at_once(self, stage: Cast) -> None:
        alone(stage, "contributor.br", "focal.gt")
        assert "contributor.br" in run(stage)
        with stage.reading() as session:
            successor = person_id(session, "focal.gt")
        brazil = stage.party_id("BR")
        change(stage, sa.update(User).where(User.id == successor).values(role=Role.CONTRIBUTOR, party_id=brazil))
        change(stage, sa.update(Assignment).values(user_id=successor).where(
            Assignment.commitment_id == stage.commitment_id("BR", ASSIGNED)))  # fmt: skip
        stage.clock.set(datetime(2026, 4, 20, 15, tzinfo=UTC))
        assert run(stage) == ["focal.gt"]
        assert entries(stage, "focal.gt")[DUE_ON, -14, ReminderOutcome.SENT] == 1
        assert "contributor.br" not in run(stage)

    def test_the_approver_alone_where_it_awaits_approval(self, stage: Cast) -> None:
        alone(stage, "focal.us", "approver.us")
        set_state(stage, ReportState.AWAITING_APPROVAL, ASSIGNED)
        assert sorted(run(stage)) == ["approver.us", "focal.us"]
        assert entries(stage, "approver.us")[DUE_ON, -30, ReminderOutcome.SENT] == 1
        assert sum(entries(stage, "focal.us").values()) == 14


class TestTheLastLook:
    def revised(self, cast: Cast, message: Message) -> bool:
        with cast.writing() as session:
            return day_mail_revision.revise(session, message.id, now=cast.clock.now())

    def test_what_was_done_meanwhile_is_taken_out(self, stage: Cast) -> None:
        alone(stage, "focal.us")
        run(stage, leaves=False)
        before = the_mails(stage, "focal.us")[0]
        done = stage.report_id("US", ASSIGNED)
        set_state(stage, ReportState.SUBMITTED, ASSIGNED)
        assert self.revised(stage, before)
        after = the_mails(stage, "focal.us")[0]
        assert f"/reports/{done}\n" in before.text
        assert f"/reports/{done}\n" not in after.text
        assert after.subject == "14 reports are due on 30 April 2026"
        assert after.message_id == before.message_id
        found = entries(stage, "focal.us")
        assert found[DUE_ON, -30, ReminderOutcome.DONE] == 1
        assert found[DUE_ON, -30, ReminderOutcome.SENT] == 1
        assert found[DUE_ON, -30, ReminderOutcome.GROUPED] == 13

    def test_a_date_that_was_moved_is_not_told_of(self, stage: Cast) -> None:
        alone(stage, "focal.us")
        run(stage, leaves=False)
        report = stage.report_id("US", ASSIGNED)
        change(stage, sa.update(ProgressReport).where(ProgressReport.id == report).values(due_on=date(2026, 6, 1)))
        assert self.revised(stage, the_mails(stage, "focal.us")[0])
        assert f"/reports/{report}\n" not in the_mails(stage, "focal.us")[0].text
        assert entries(stage, "focal.us")[DUE_ON, -30, ReminderOutcome.EXTENDED] == 1

    def test_nothing_left_is_withdrawn(self, stage: Cast) -> None:
        alone(stage, "contributor.us")
        run(stage, leaves=False)
        set_state(stage, ReportState.SUBMITTED, ASSIGNED)
        assert not self.revised(stage, the_mails(stage, "contributor.us")[0])
        assert the_mails(stage, "contributor.us")[0].state is MessageState.WITHDRAWN
        assert entries(stage, "contributor.us") == {(DUE_ON, -30, ReminderOutcome.DONE): 1}

    def test_the_summary_in_it_stays(self, stage: Cast) -> None:
        """What is kept with the mail as plain data is put together anew, word for word."""
        change(stage, sa.update(Subscription).values(ended_at=None))
        stage.bring_to(stage.report_id("US", "CS-05"), ReportState.SUBMITTED, "us")
        stage.clock.set(datetime(2026, 4, 16, 15, tzinfo=UTC))
        run_job(stage.app, "reminders")
        before = the_mails(stage, "focal.us")[0]
        assert before.kind == "reminder"
        change(stage, sa.update(ProgressReport).values(state=ReportState.SUBMITTED))
        assert self.revised(stage, before)
        after = the_mails(stage, "focal.us")[0]
        assert after.kind == "summary"
        assert "still to be submitted:" not in after.text.split("Weekly summary")[0]
        summaries = [one.text.partition("What changed")[2].partition("\n-- \n")[0] for one in (before, after)]
        assert summaries[0] == summaries[1] != ""

    def test_nobody_who_left_is_told(self, stage: Cast) -> None:
        alone(stage, "focal.us")
        run(stage, leaves=False)
        change(stage, sa.update(User).values(active=False))
        assert not self.revised(stage, the_mails(stage, "focal.us")[0])

    def test_a_mail_that_leaves_days_later_counts_from_that_day(self, stage: Cast) -> None:
        alone(stage, "focal.us")
        run(stage, leaves=False)
        stage.clock.advance(days=2)
        assert self.revised(stage, the_mails(stage, "focal.us")[0])
        assert "28 days left" in the_mails(stage, "focal.us")[0].text

    def test_through_the_job(self, stage: Cast, smtp_server: SmtpServer) -> None:
        alone(stage, "focal.us", "contributor.us")
        run_job(stage.app, "reminders")
        set_state(stage, ReportState.SUBMITTED, ASSIGNED)
        run_job(stage.app, "deliver-mail")
        assert [m["To"] for m in smtp_server.messages] == ["focal.us@tracker.test"]
        assert smtp_server.messages[0]["Subject"] == "14 reports are due on 30 April 2026"


class TestUnsent:
    def test_its_items_go_with_the_next(self, stage: Cast) -> None:
        """No server took the first mail; one report was done meanwhile, the others go with the later step."""
        alone(stage, "focal.us")
        run(stage, leaves=False)
        set_state(stage, ReportState.SUBMITTED, ASSIGNED)
        stage.clock.set(datetime(2026, 4, 16, 15, tzinfo=UTC))
        assert run(stage) == ["focal.us"]
        first, second = the_mails(stage, "focal.us")
        assert (first.state, second.state) == (MessageState.WITHDRAWN, MessageState.SENT)
        found = entries(stage, "focal.us")
        assert found[DUE_ON, -14, ReminderOutcome.SENT] == 1
        assert found[DUE_ON, -14, ReminderOutcome.GROUPED] == 13
        assert found[DUE_ON, -30, ReminderOutcome.PASSED_OVER] == 14
        assert found[DUE_ON, -30, ReminderOutcome.DONE] == 1

    def test_nothing_new_leaves_it_where_it_is(self, stage: Cast) -> None:
        alone(stage, "focal.us")
        run(stage, leaves=False)
        stage.clock.advance(days=1)
        assert run(stage, leaves=False) == []
        assert [one.state for one in the_mails(stage, "focal.us")] == [MessageState.QUEUED]

    def test_what_a_server_may_have_taken_keeps_its_message_id(self, stage: Cast) -> None:
        alone(stage, "focal.us")
        run(stage, leaves=False)
        change(stage, sa.update(Message).values(attempts=1))
        stage.clock.set(datetime(2026, 4, 16, 15, tzinfo=UTC))
        assert run(stage, leaves=False) == ["focal.us"]
        assert [one.state for one in the_mails(stage, "focal.us")] == [MessageState.QUEUED] * 2


class TestNews:
    def keep(self, cast: Cast) -> None:
        alone(cast, "approver.us", "focal.us", "contributor.us")
        change(cast, sa.update(User).where(user("approver.us")).values(notice_rhythm=NoticeRhythm.DAILY))
        cast.clock.set(datetime(2026, 3, 10, 15, tzinfo=UTC))
        cast.bring_to(cast.report_id("US", ASSIGNED), ReportState.AWAITING_APPROVAL, "us")

    def compose(self, cast: Cast, name: str) -> Message | None:
        with cast.writing() as session:
            due = day_mail.due(session, cast.clock.now())
            who = person_id(session, name)
            assert (who in due) == day_mail.is_due(session, who, now=cast.clock.now())
            return day_mail.compose(session, who, now=cast.clock.now()) if who in due else None

    def test_it_goes_with_the_mail_of_the_day(self, stage: Cast) -> None:
        self.keep(stage)
        assert self.compose(stage, "approver.us") is not None
        mail = the_mails(stage, "approver.us")[0]
        with stage.reading() as session:
            kept = session.scalars(sa.select(Message).where(Message.within_id == mail.id)).one()
            assert kept.state is MessageState.GROUPED
            assert kept.subject in " ".join(mail.text.split())
        assert (mail.kind, mail.state) == ("notice", MessageState.QUEUED), "it leaves, and is kept for no other day"
        assert self.compose(stage, "approver.us") is None

    def test_none_about_what_the_reader_acted_on(self, stage: Cast) -> None:
        self.keep(stage)
        stage._step(stage.report_id("US", ASSIGNED), reports.submit, "approver.us")
        assert self.compose(stage, "approver.us") is None
        with stage.reading() as session:
            who = person_id(session, "approver.us")
            states = set(session.scalars(sa.select(Message.state).where(Message.recipient_id == who)))
        assert states <= {MessageState.WITHDRAWN}

    def test_queued_news_is_withdrawn_once_the_reader_acted(self, stage: Cast) -> None:
        self.keep(stage)
        with stage.writing() as session:
            notice = session.scalars(sa.select(Message.id).where(Message.state == MessageState.HELD)).one()
            assert day_mail_revision.revise(session, notice, now=stage.clock.now())
        stage._step(stage.report_id("US", ASSIGNED), reports.submit, "approver.us")
        with stage.writing() as session:
            assert not day_mail_revision.revise(session, notice, now=stage.clock.now())


class TestNeverTwice:
    def test_a_clock_that_jumps_a_day_ahead_and_back(self, stage: Cast) -> None:
        for jump in (timedelta(), timedelta(days=1), timedelta(), timedelta(days=1), timedelta(days=2)):
            stage.clock.set(MORNING + jump)
            run(stage)
        with stage.reading() as session:
            doubled = session.execute(
                sa.select(ReminderEntry.report_id, ReminderEntry.user_id)
                .group_by(ReminderEntry.report_id, ReminderEntry.user_id, ReminderEntry.day)
                .having(sa.func.count() > 1)
            ).all()
            told = Counter(session.scalars(sa.select(Message.to_address).where(Message.key.startswith("day:"))))
        assert doubled == []
        assert set(told.values()) == {1}

    def test_killed_before_the_end_nothing_is_lost(self, stage: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        alone(stage, "focal.us")
        written = reminders.write_down

        def dies(*arguments: object) -> None:
            written(*arguments)  # type: ignore[arg-type]
            raise KeyboardInterrupt

        monkeypatch.setattr(reminders, "write_down", dies)
        with pytest.raises(KeyboardInterrupt):
            run(stage)
        assert the_mails(stage, "focal.us") == []
        assert not entries(stage, "focal.us")
        monkeypatch.undo()
        assert run(stage) == ["focal.us"]

    def test_an_idle_tick_asks_little_whatever_the_number(self, stage: Cast) -> None:
        run(stage)
        few = _asked(stage)
        with stage.writing() as session:
            model = session.scalars(sa.select(User).where(user("focal.us"))).one()
            session.add_all(
                User(
                    email=f"more.{number}@tracker.test",
                    name="Invented",
                    role=Role.APPROVER,
                    party_id=model.party_id,
                    fs_uniquifier=f"more-{number}",
                    created_at=stage.clock.now(),
                )
                for number in range(60)
            )
        assert _asked(stage) == few <= 20


def _asked(cast: Cast) -> int:
    """How many statements a tick takes that has nothing to tell."""
    statements: list[str] = []
    with cast.reading() as session:
        engine = session.get_bind()

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            statements.append(statement)

        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            assert day_mail.due(session, cast.clock.now()) == []
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)
    return len(statements)
