"""What is put into the outbox: once per key, in the transaction of its cause, under one Message-ID for ever."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.support.clock import START
from tracker.db import db, transaction
from tracker.mail import links, outbox
from tracker.mail.rendering import Rendered
from tracker.models import Message, MessageAttachment

MAIL = Rendered("Subject", "Text\n", "<p>Text</p>", "es")


def put(session: Session, key: str = "reset:1", **changed: object) -> Message | None:
    given = {"recipient_id": None, "to_address": "ana@tracker.test", "message": MAIL, "now": START} | changed
    return outbox.put(session, key=key, kind="password_reset", **given)  # type: ignore[arg-type]


def count(table: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


@pytest.mark.usefixtures("any_app")
class TestPut:
    def test_keeps_the_mail_as_rendered(self, session: Session) -> None:
        with transaction():
            made = put(session, attachments=[("report.pdf", "application/pdf", b"%PDF")])
            assert made is not None
        stored = session.scalars(sa.select(Message)).one()
        assert (stored.subject, stored.text, stored.html, stored.language) == ("Subject", "Text\n", "<p>Text</p>", "es")
        assert stored.state == "queued"
        assert stored.next_attempt_at == START
        assert [(a.file_name, a.content) for a in stored.attachments] == [("report.pdf", b"%PDF")]

    def test_a_second_mail_for_the_same_cause_is_none_and_breaks_nothing(self, session: Session) -> None:
        with transaction():
            assert put(session) is not None
        with transaction():
            assert put(session, "reset:2") is not None
            assert put(session) is None
            assert put(session, "reset:3", attachments=[("a.txt", "text/plain", b"a")]) is not None
        assert count(Message) == 3
        assert count(MessageAttachment) == 1

    def test_a_cause_undone_leaves_no_mail(self, session: Session) -> None:
        def cause_that_fails() -> None:
            with transaction():
                put(session)
                raise RuntimeError

        with pytest.raises(RuntimeError):
            cause_that_fails()
        assert count(Message) == 0

    def test_message_ids_differ_by_cause_and_moment(self, session: Session) -> None:
        with transaction():
            made = [put(session), put(session, "reset:2")]
        ids = {m.message_id for m in made if m} | {outbox.message_id("reset:1", START + timedelta(1), "tracker.test")}
        assert len(ids) == 3
        assert all(i.startswith("<") and i.endswith("@tracker.test>") for i in ids)


def test_two_at_the_same_time_make_one_mail(any_app: Flask) -> None:
    ready, made = threading.Barrier(4), []

    def one() -> None:
        with any_app.app_context():
            ready.wait()
            with transaction() as session:
                found = put(session)
                made.append(found is not None)

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [False, False, False, True]
    with any_app.app_context():
        assert count(Message) == 1


def test_a_session_from_elsewhere_knows_no_site() -> None:
    with pytest.raises(LookupError):
        links.site(Session())
