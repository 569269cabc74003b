"""How often a person is told: own choices, absence, and the one-click addresses; on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.cast import Cast
from tests.services.test_inbox import put as put_message
from tracker.domain.errors import NotVisible, Stale, Unmet
from tracker.domain.vocabulary import MessageState, NoticeRhythm, ReminderRhythm
from tracker.models import AuditEntry, Message, Subscription, User
from tracker.services import accounts, handover, mail_settings, people

pytestmark = pytest.mark.both_databases
TODAY = date(2026, 3, 2)


def choose(cast: Cast, name: str, **changed: Any) -> None:
    actor, now = cast.actor(name), cast.clock.now()
    with cast.writing() as session:
        stored = mail_settings.stored(session, actor.user_id, now=now)
        wanted: dict[str, Any] = {
            "mail_hour": 7,
            "reminder_rhythm": ReminderRhythm.EACH_STEP,
            "notice_rhythm": NoticeRhythm.AT_ONCE,
            "away_until": None,
            "seen": accounts.mark(stored),
        }
        mail_settings.change(session, **{**wanted, **changed}, actor=actor, now=now)


def user(cast: Cast, name: str) -> User:
    with cast.reading() as session:
        found = session.scalars(sa.select(User).where(User.email == f"{name}@tracker.test")).one()
        session.expunge(found)
        return found


def put(cast: Cast, name: str, **values: Any) -> None:
    with cast.writing() as session:
        session.execute(sa.update(User).where(User.email == f"{name}@tracker.test").values(**values))


def events(cast: Cast, event: str) -> list[AuditEntry]:
    with cast.reading() as session:
        return list(session.scalars(sa.select(AuditEntry).where(AuditEntry.event == event)))


def problem(cast: Cast, name: str, **changed: Any) -> dict[str, str]:
    with pytest.raises(Unmet) as refused:
        choose(cast, name, **changed)
    return dict(refused.value.problems)


class TestChoices:
    def test_are_kept_and_traced(self, any_cast: Cast) -> None:
        weekly = ReminderRhythm.WEEKLY
        choose(any_cast, "focal.br", mail_hour=9, reminder_rhythm=weekly, notice_rhythm=NoticeRhythm.DAILY)
        kept = user(any_cast, "focal.br")
        assert (kept.mail_hour, kept.reminder_rhythm, kept.notice_rhythm) == (
            9,
            ReminderRhythm.WEEKLY,
            NoticeRhythm.DAILY,
        )
        [entry] = events(any_cast, "mail_settings.changed")
        assert entry.new == {"mail_hour": 9, "notice_rhythm": "notices_daily", "reminder_rhythm": "rhythm_weekly"}

    def test_the_same_again_changes_nothing(self, any_cast: Cast) -> None:
        choose(any_cast, "focal.br")
        assert events(any_cast, "mail_settings.changed") == []

    def test_the_second_of_two_windows_is_told(self, any_cast: Cast) -> None:
        with pytest.raises(Stale) as stale:
            choose(any_cast, "focal.br", mail_hour=9, seen="another")
        assert stale.value.theirs["mail_hour"] == "7"
        assert user(any_cast, "focal.br").mail_hour == 7

    @pytest.mark.parametrize("hour", [4, 21, 0, 23])
    def test_hours_of_the_night_are_refused(self, any_cast: Cast, hour: int) -> None:
        assert problem(any_cast, "focal.br", mail_hour=hour) == {"mail_hour": "hour"}

    def test_an_hour_from_before_may_stay(self, any_cast: Cast) -> None:
        put(any_cast, "focal.br", mail_hour=22)
        choose(any_cast, "focal.br", mail_hour=22, notice_rhythm=NoticeRhythm.DAILY)
        assert user(any_cast, "focal.br").notice_rhythm is NoticeRhythm.DAILY


class TestAway:
    def test_while_the_alternate_is_there(self, any_cast: Cast) -> None:
        choose(any_cast, "focal.br", away_until=TODAY + timedelta(days=60))
        assert user(any_cast, "focal.br").away_until == TODAY + timedelta(days=60)

    @pytest.mark.parametrize(("days", "said"), [(-1, "past"), (61, "too_long")])
    def test_a_day_that_cannot_be(self, any_cast: Cast, days: int, said: str) -> None:
        assert problem(any_cast, "focal.br", away_until=TODAY + timedelta(days=days)) == {"away_until": said}

    def test_today_is_counted_on_the_own_calendar(self, any_cast: Cast) -> None:
        put(any_cast, "focal.br", time_zone="Pacific/Kiritimati")  # already 3 March there
        assert problem(any_cast, "focal.br", away_until=TODAY) == {"away_until": "past"}

    @pytest.mark.parametrize(
        "alternate",
        [
            {"active": False},
            {"password": None},
            {"away_until": TODAY},
            {"bounced_at": "now"},
        ],
    )
    def test_not_where_nobody_else_could_be_reached(self, any_cast: Cast, alternate: dict[str, Any]) -> None:
        if "bounced_at" in alternate:
            alternate = {"bounced_at": any_cast.clock.now()}
        put(any_cast, "alternate.br", **alternate)
        assert problem(any_cast, "focal.br", away_until=TODAY) == {"away_until": "nobody_else"}

    def test_an_absence_that_is_over_hinders_nobody(self, any_cast: Cast) -> None:
        put(any_cast, "alternate.br", away_until=TODAY - timedelta(days=1))
        choose(any_cast, "focal.br", away_until=TODAY)

    @pytest.mark.parametrize("name", ["focal.gt", "contributor.br", "approver.br", "secretariat"])
    def test_the_only_one_of_a_role_stays(self, any_cast: Cast, name: str) -> None:
        assert problem(any_cast, name, away_until=TODAY) == {"away_until": "nobody_else"}

    @pytest.mark.parametrize("name", ["observer", "reviewer", "admin"])
    def test_who_has_no_dates_or_colleagues_may_go(self, any_cast: Cast, name: str) -> None:
        choose(any_cast, name, away_until=TODAY + timedelta(days=3))

    def test_an_end_is_shown_only_while_it_lasts(self, any_cast: Cast) -> None:
        put(any_cast, "focal.br", away_until=TODAY - timedelta(days=1))
        with any_cast.reading() as session:
            stored = mail_settings.stored(session, any_cast.actor("focal.br").user_id, now=any_cast.clock.now())
        assert stored["away_until"] == ""


class TestOneClick:
    def act(self, cast: Cast, key: str, what: str, verb: str = "stop") -> mail_settings.Switch:
        with cast.writing() as session:
            return getattr(mail_settings, verb)(session, key, what, now=cast.clock.now())

    @pytest.mark.parametrize(
        ("what", "field", "off", "on"),
        [
            ("reminders", "reminder_rhythm", ReminderRhythm.WEEKLY, ReminderRhythm.EACH_STEP),
            ("notices", "notice_rhythm", NoticeRhythm.DAILY, NoticeRhythm.AT_ONCE),
        ],
    )
    def test_makes_rarer_once_and_back(self, any_cast: Cast, what: str, field: str, off: str, on: str) -> None:
        key = user(any_cast, "focal.br").mail_key
        for _twice in range(2):
            assert self.act(any_cast, key, what).is_off
            assert getattr(user(any_cast, "focal.br"), field) == off
        assert len(events(any_cast, "mail.one_click")) == 1
        for _twice in range(2):
            assert not self.act(any_cast, key, what, "undo").is_off
        assert getattr(user(any_cast, "focal.br"), field) == on
        assert len(events(any_cast, "mail.one_click_undone")) == 1

    def test_ends_a_summary_and_begins_it_again(self, any_cast: Cast) -> None:
        me = user(any_cast, "focal.br")
        with any_cast.reading() as session:
            number = session.scalars(sa.select(Subscription.id).where(Subscription.user_id == me.id)).one()
        assert self.act(any_cast, me.mail_key, f"summary-{number}").is_off
        with any_cast.reading() as session:
            assert session.get_one(Subscription, number).ended_at == any_cast.clock.now()
        assert not self.act(any_cast, me.mail_key, f"summary-{number}", "undo").is_off
        self.act(any_cast, me.mail_key, f"summary-{number}")
        any_cast.clock.advance(days=31)
        late = self.act(any_cast, me.mail_key, f"summary-{number}", "undo")
        assert (late.is_off, late.can_undo) == (True, False)

    def test_what_is_not_known_is_not_there(self, any_cast: Cast) -> None:
        me, other = user(any_cast, "focal.br"), user(any_cast, "focal.gt")
        with any_cast.reading() as session:
            theirs = session.scalars(sa.select(Subscription.id).where(Subscription.user_id == other.id)).one()
        for key, what in (
            ("x" * 32, "reminders"),
            ("", "reminders"),
            (me.mail_key.swapcase(), "reminders"),
            (me.mail_key, "everything"),
            (me.mail_key, "summary"),
            (me.mail_key, "summary-0"),
            (me.mail_key, "summary-٣"),
            (me.mail_key, "summary-999999999999999999"),
            (me.mail_key, f"summary-{theirs}"),
            (me.mail_key, "reminders "),
        ):
            for verb in ("stop", "undo"):
                with pytest.raises(NotVisible):
                    self.act(any_cast, key, what, verb)
        assert events(any_cast, "mail.one_click") == []

    def test_mail_that_waits_gets_the_new_key(self, any_cast: Cast) -> None:
        actor, before = any_cast.actor("focal.br"), user(any_cast, "focal.br").mail_key
        address = f"http://tracker.test/mail/stop/{before}/notices"
        waiting = put_message(any_cast, unsubscribe_url=address, text=address, html=address)
        sent = put_message(any_cast, unsubscribe_url=address, state=MessageState.SENT)
        with any_cast.writing() as session:
            mail_settings.new_mail_key(session, actor=actor, now=any_cast.clock.now())
        after = user(any_cast, "focal.br").mail_key
        with any_cast.reading() as session:
            message = session.get_one(Message, waiting)
            for body in (message.unsubscribe_url, message.text, message.html):
                assert body == address.replace(before, after)
            assert session.get_one(Message, sent).unsubscribe_url == address

    def test_dies_with_a_new_key_a_handover_and_the_account(self, any_cast: Cast) -> None:
        actor, now = any_cast.actor("focal.br"), any_cast.clock.now()
        keys = [user(any_cast, "focal.br").mail_key]
        with any_cast.writing() as session:
            mail_settings.new_mail_key(session, actor=actor, now=now)
        keys.append(user(any_cast, "focal.br").mail_key)
        put(any_cast, "focal.br", calendar_key="an-invented-key")
        with any_cast.writing() as session:
            to = any_cast.actor("alternate.br").user_id
            handover.hand_over(session, actor.user_id, to, note="", actor=actor, now=now)
        keys.append(user(any_cast, "focal.br").mail_key)
        assert user(any_cast, "focal.br").calendar_key is None
        with any_cast.writing() as session:
            people.disable(session, actor.user_id, actor=any_cast.actor("admin"), now=now)
        keys.append(user(any_cast, "focal.br").mail_key)
        assert len(set(keys)) == 4
        for key in keys:
            with pytest.raises(NotVisible):
                self.act(any_cast, key, "reminders")
