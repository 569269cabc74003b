"""Migration 0004 with data: the ledger's steps become days, the weekly summary a subscription, and back again."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from tests.cast import DUE_ON, Cast
from tracker.db import db
from tracker.domain.vocabulary import MessageState, PartyKind, ReminderOutcome, Rung, SummaryRhythm, SummaryScope
from tracker.mail import outbox
from tracker.mail.rendering import Rendered
from tracker.migrate import alembic
from tracker.models import LadderStep, Message, ReminderEntry, Subscription, SummaryEntry, User

NOW = datetime(2026, 4, 2, 12, tzinfo=UTC)
MONDAY = date(2026, 3, 30)
pytestmark = pytest.mark.both_databases


@pytest.fixture
def old(cast: Cast) -> Cast:
    """The tables as the release before had them, with a ledger, two summaries, one of them switched off, and mails."""
    with cast.app.app_context():
        db.session.rollback()
        alembic.downgrade("0003")
    with cast.app.app_context(), db.engine.begin() as connection:
        run = connection.execute
        run(sa.text('UPDATE "user" SET weekly_summary = (1 = 0)'))
        focal, approver = (
            run(sa.text('SELECT id FROM "user" WHERE email = :e'), {"e": f"{name}@tracker.test"}).scalar_one()
            for name in ("focal.br", "approver.br")
        )
        run(sa.text('UPDATE "user" SET weekly_summary = (1 = 1) WHERE id = :id'), {"id": focal})
        for number, (kind, state) in enumerate((("reminder", "sent"), ("password_reset", "queued"))):
            run(
                sa.text(
                    "INSERT INTO message (key, kind, recipient_id, to_address, language, subject, text, html,"
                    " message_id, state, made_at, attempts, next_attempt_at, last_error, sent_at) VALUES"
                    " (:key, :kind, :who, 'Somebody@Mail.Tracker.Test', 'pt', 's', 't', 'h', :key, :state, :at, 0, :at,"
                    " '', CASE WHEN :went THEN :at END)"
                ).bindparams(sa.bindparam("at", type_=Message.made_at.type)),
                {
                    "key": f"old:{number}",
                    "kind": kind,
                    "who": focal,
                    "state": state,
                    "went": state == "sent",
                    "at": NOW,
                },
            )
        message = run(sa.text("SELECT id FROM message WHERE key = 'old:0'")).scalar_one()
        for step, told in (("before_30", None), ("before_14", message)):
            run(
                sa.text(
                    "INSERT INTO reminder_entry (report_id, due_on, step, user_id, at, message_id)"
                    " VALUES (:report, :due, :step, :who, :at, :told)"
                ).bindparams(sa.bindparam("due", type_=sa.Date()), sa.bindparam("at", type_=Message.made_at.type)),
                {
                    "report": cast.report_id("BR", "CS-03"),
                    "due": DUE_ON,
                    "step": step,
                    "who": focal,
                    "at": NOW,
                    "told": told,
                },
            )
        for who in (focal, approver):
            run(
                sa.text(
                    "INSERT INTO summary_entry (user_id, week, at, last_entry_id, message_id)"
                    " VALUES (:who, :week, :at, 17, NULL)"
                ).bindparams(sa.bindparam("week", type_=sa.Date()), sa.bindparam("at", type_=Message.made_at.type)),
                {"who": who, "week": MONDAY, "at": NOW},
            )
    return cast


def upgrade(cast: Cast) -> None:
    with cast.app.app_context():
        db.session.rollback()
        alembic.upgrade()
        assert alembic.compare_metadata() == []


def test_what_was_told_stays_told(old: Cast) -> None:
    upgrade(old)
    with old.reading() as session:
        told = [
            (row.day, row.outcome, row.due_on)
            for row in session.scalars(sa.select(ReminderEntry).order_by(ReminderEntry.day))
        ]
        assert told == [
            (-30, ReminderOutcome.PASSED_OVER, DUE_ON),
            (-14, ReminderOutcome.SENT, DUE_ON),
        ]
        taken = {session.get_one(User, one.user_id).email: one for one in session.scalars(sa.select(Subscription))}
        assert set(taken) == {"focal.br@tracker.test", "approver.br@tracker.test"}
        running = taken["focal.br@tracker.test"]
        assert (running.rhythm, running.scope) == (SummaryRhythm.WEEKLY, SummaryScope.OWN)
        assert running.ended_at is None
        assert taken["approver.br@tracker.test"].ended_at is not None, "who had switched it off gets none"
        entries = session.scalars(sa.select(SummaryEntry)).all()
        assert {(e.subscription_id, e.period, e.last_entry_id) for e in entries} == {
            (one.id, MONDAY, 17) for one in taken.values()
        }


def test_everybody_gets_a_key_and_mails_their_place_in_the_queue(old: Cast) -> None:
    upgrade(old)
    with old.reading() as session:
        keys = session.scalars(sa.select(User.mail_key)).all()
        assert len(set(keys)) == len(keys)
        assert all(len(key) >= 32 for key in keys)
        mails = {one.key: one for one in session.scalars(sa.select(Message))}
        assert {one.domain for one in mails.values()} == {"mail.tracker.test"}
        assert mails["old:0"].read_at == mails["old:0"].sent_at == NOW
        assert mails["old:1"].read_at is None
        assert mails["old:1"].urgency < mails["old:0"].urgency


def test_the_ladder_that_was_built_in_is_the_default(old: Cast) -> None:
    upgrade(old)
    with old.reading() as session:
        steps = session.scalars(sa.select(LadderStep).order_by(LadderStep.day)).all()
    assert {one.cycle_id for one in steps} == {None}
    by_kind = {kind: [one.day for one in steps if one.party_kind is kind] for kind in PartyKind}
    assert by_kind[PartyKind.GENERAL_SECRETARIAT] == [-30, -14, -7, -1, 1, 7, 21]
    assert by_kind[PartyKind.MEMBER_STATE] == [-30, -14, -7, -1, 1, 7, 21, 30, 45]
    assert {one.rung for one in steps if one.day > 21} == {Rung.AUTHORITY, Rung.MISSION}


def test_down_again_keeps_the_ledgers(old: Cast) -> None:
    upgrade(old)
    with old.writing() as session:
        subscription = session.scalars(sa.select(Subscription).where(Subscription.ended_at.is_(None))).one()
        session.add(
            SummaryEntry(
                subscription_id=subscription.id,
                user_id=subscription.user_id,
                period=date(2026, 4, 1),
                at=NOW,
                last_entry_id=20,
            )
        )
        held = outbox.put(
            session,
            key="held",
            kind="notice",
            recipient_id=subscription.user_id,
            to_address="x@tracker.test",
            message=Rendered("s", "t", "h", "en"),
            now=NOW,
        )
        assert held is not None
        held.state = MessageState.HELD
    with old.app.app_context():
        db.session.rollback()
        alembic.downgrade("0003")
        steps = db.session.scalars(sa.text("SELECT step FROM reminder_entry ORDER BY step")).all()
        assert steps == ["before_14", "before_30"]
        summaries = db.session.execute(
            sa.text("SELECT last_entry_id FROM summary_entry ORDER BY last_entry_id")
        ).scalars()
        assert list(summaries) == [17, 20], "one a week and person, the newest"
        taking = db.session.execute(sa.text('SELECT email FROM "user" WHERE weekly_summary')).scalars().all()
        assert taking == ["focal.br@tracker.test"]
        states = db.session.execute(sa.text("SELECT state FROM message WHERE key = 'held'")).scalars().all()
        assert states == ["queued"]
        db.session.rollback()
        alembic.upgrade()
        assert alembic.compare_metadata() == []
