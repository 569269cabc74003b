"""The order in which the queue drains, what is kept for the mail of the day, and the second look at that mail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.support.clock import START
from tracker.db import db, transaction
from tracker.domain.vocabulary import MessageState, NoticeRhythm
from tracker.mail import outbox, queue
from tracker.mail.rendering import Rendered
from tracker.models import Message, User

MAIL = Rendered("Subject", "Text", "<p>Text</p>", "en")


def put(key: str, kind: str = "notice", to: str = "ana@tracker.test", **more: object) -> None:
    with transaction() as session:
        outbox.put(
            session,
            key=key,
            kind=kind,
            to_address=to,
            message=MAIL,
            **{"recipient_id": None, "now": START} | more,  # type: ignore[arg-type]
        )


def drained(now: datetime = START, **more: Callable[..., bool]) -> list[str]:
    found: list[str] = []
    while True:
        with transaction() as session:
            claimed = queue.claim(session, now=now, **more)  # type: ignore[arg-type]
            if claimed is None:
                return found
            found.append(claimed.key)


@pytest.mark.both_databases
def test_the_queue_drains_in_order_of_urgency_then_of_waiting(app: Flask, session: Session) -> None:
    put("status", "status_report")
    put("late", now=START - timedelta(minutes=1))
    put("day:1:2026-03-02", "reminder")
    put("first", now=START - timedelta(minutes=2))
    put("summary", "summary")
    put("overdue", "reminder", urgency=40)
    put("test", "test")
    put("invitation", "invitation")
    assert drained() == ["invitation", "test", "first", "late", "overdue", "day:1:2026-03-02", "summary", "status"]


def test_news_waits_for_the_mail_of_the_day_where_its_reader_wishes_it(any_cast: Cast) -> None:
    with any_cast.writing() as session:
        user = session.scalars(sa.select(User).where(User.email == "focal.br@tracker.test")).one()
        user.notice_rhythm = NoticeRhythm.DAILY
        other = session.scalars(sa.select(User).where(User.email == "focal.gt@tracker.test")).one()
        ids = (user.id, other.id)
        stop = f"http://tracker.test/mail/stop/{other.mail_key}/notices"
    with any_cast.reading():
        for kind in ("notice", "invitation", "reminder"):
            put(f"{kind}:1", kind, recipient_id=ids[0])
        put("notice:2", "notice", "Focal.GT@Tracker.test", recipient_id=ids[1], url="http://tracker.test/reports/1")
    with any_cast.reading() as session:
        rows = session.execute(
            sa.select(Message.key, Message.state, Message.domain, Message.url, Message.unsubscribe_url)
            .where(Message.recipient_id.in_(ids))
            .order_by(Message.id)
        ).all()
    assert [tuple(row) for row in rows] == [
        ("notice:1", MessageState.HELD, "tracker.test", "", ""),
        ("invitation:1", MessageState.QUEUED, "tracker.test", "", ""),
        ("reminder:1", MessageState.QUEUED, "tracker.test", "", ""),
        ("notice:2", MessageState.QUEUED, "tracker.test", "http://tracker.test/reports/1", stop),
    ]
    with any_cast.reading():
        assert drained() == ["invitation:1", "notice:2", "reminder:1"]


@pytest.mark.both_databases
class TestSecondLook:
    def test_what_tells_of_duties_is_looked_at_again(self, app: Flask, session: Session) -> None:
        put("invitation:1", "invitation")
        put("day:1:2026-03-02", "reminder")
        put("day:2:2026-03-02", "reminder")
        looked = []

        def revise(session: Session, message_id: int, *, now: datetime) -> bool:
            message = session.get_one(Message, message_id)
            looked.append(message.key)
            if message.key.startswith("day:1"):
                message.state = MessageState.WITHDRAWN
                return False
            message.text = "Less"
            return True

        with transaction() as session:
            assert queue.claim(session, now=START, revise=revise).key == "invitation:1"  # type: ignore[union-attr]
        with transaction() as session:
            second = queue.claim(session, now=START, revise=revise)
        assert second is not None
        assert (second.key, second.text) == ("day:2:2026-03-02", "Less")
        assert looked == ["day:1:2026-03-02", "day:2:2026-03-02"]
        assert drained(revise=revise) == []

    def test_one_that_cannot_be_looked_at_waits_and_holds_up_no_other(self, app: Flask, session: Session) -> None:
        put("day:1:2026-03-02", "reminder")
        put("day:2:2026-03-02", "reminder")

        def revise(session: Session, message_id: int, *, now: datetime) -> bool:
            message = session.get_one(Message, message_id)
            message.text = "half done"
            session.flush()
            if message.key.startswith("day:1"):
                raise ValueError("a fault")
            return True

        assert drained(revise=revise) == ["day:2:2026-03-02"]
        db.session.rollback()
        row = db.session.execute(sa.select(Message.state, Message.text, Message.last_error)).first()
        assert row == (MessageState.QUEUED, "Text", "it could not be brought up to date (ValueError)")
        assert drained(START + timedelta(minutes=2)) == ["day:1:2026-03-02"]
