"""Faults around delivery: a full disk, kills at any point, a clock that jumps. Nothing is lost; what goes twice is the
one mail whose mark was lost, under the same Message-ID; administrators are told."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.cast import PEOPLE, Cast
from tests.support.clock import START, MovableClock
from tests.support.sending import send
from tests.support.smtp import SmtpServer
from tracker.db import db, transaction
from tracker.domain.errors import Unmet
from tracker.domain.vocabulary import MessageState
from tracker.jobs import run_job
from tracker.mail import outbox
from tracker.mail.delivery import Delivered, SmtpTransport, deliver
from tracker.mail.letters import Letter
from tracker.mail.queue import LEASE
from tracker.mail.rendering import Rendered
from tracker.models import Heartbeat, MailPause, Message
from tracker.services import mail_health

MAIL = Rendered("Subject", "Text", "<p>Text</p>", "en")


class Killed(BaseException):
    """The process is gone from here on."""


class Taking:
    """A server that takes everything; ``kill`` says, for each mail, where the process dies."""

    def __init__(self, kill: Iterator[str] | None = None) -> None:
        self.taken: list[str] = []
        self._kill = kill or iter(())

    def send(self, letter: Letter) -> None:
        where = next(self._kill, "")
        if where == "before":
            raise Killed
        self.taken.append(letter["Message-ID"])
        if where == "after":
            raise Killed

    def close(self) -> None:
        pass


def put(count: int, now: object = START) -> None:
    with transaction() as session:
        for number in range(count):
            outbox.put(
                session,
                key=f"day:{number}:2026-03-02",
                kind="reminder",
                recipient_id=None,
                to_address=f"p{number}@tracker.test",
                message=MAIL,
                now=now,  # type: ignore[arg-type]
            )


def states() -> Counter[str]:
    db.session.rollback()
    return Counter(state.value for state in db.session.scalars(sa.select(Message.state)))


def go(transport: object, clock: MovableClock, **more: object) -> Delivered:
    return deliver(
        more.pop("transaction", transaction),  # type: ignore[arg-type]
        transport,  # type: ignore[arg-type]
        mail_from="t@tracker.test",
        clock=clock.now,
        revise=lambda _session, _message, *, now: True,
    )


def test_a_disk_full_while_marking(any_app: Flask, session: Session, clock: MovableClock) -> None:
    put(5)
    commits = iter(range(100))

    @contextmanager
    def filling_up() -> Iterator[Session]:
        with transaction() as session:
            yield session
            if next(commits) >= 2:
                raise OSError(28, "No space left on device")

    server = Taking()
    for _run in range(3):
        with pytest.raises(OSError, match="No space left"):
            go(server, clock, transaction=filling_up)
        clock.advance(minutes=1)
    # While nothing can be written, nothing is sent either: two went, and of one of them that was not noted.
    assert len(server.taken) == 2
    assert states() == {"sent": 1, "sending": 1, "queued": 3}
    assert go(server, clock) == Delivered(sent=3)
    clock.advance(seconds=LEASE.total_seconds())
    assert go(server, clock) == Delivered(sent=1)
    copies = Counter(server.taken)
    assert sorted(copies.values()) == [1, 1, 1, 1, 2]


def test_killed_at_any_point_again_and_again(any_app: Flask, session: Session, clock: MovableClock) -> None:
    put(60)
    chance = random.Random(28)  # noqa: S311  (no secret hangs on it)
    plan = [chance.choice(["before", "after", "", "", ""]) for _mail in range(60)]
    server, lost = Taking(iter(plan)), plan.count("after")
    for _run in range(200):
        try:
            go(server, clock)
        except Killed:
            db.session.rollback()
        clock.advance(minutes=3)
    assert states() == {"sent": 60}
    copies = Counter(server.taken)
    assert len(copies) == 60
    assert sum(copies.values()) - 60 == lost
    assert max(copies.values()) <= 1 + lost


class TestAClockThatJumps:
    def test_what_a_run_of_tomorrow_left_behind_goes_today(
        self, any_app: Flask, session: Session, clock: MovableClock
    ) -> None:
        put(3)
        clock.advance(days=1)
        server = Taking(iter(["before"]))
        with pytest.raises(Killed):
            go(server, clock)
        with transaction() as s:
            s.add(MailPause(domain="tracker.test", until=clock.now() + timedelta(hours=6), said="", at=clock.now()))
            s.add(MailPause(domain="", until=clock.now() + timedelta(hours=6), said="", at=clock.now()))
        clock.set(START + timedelta(minutes=5))
        assert go(server, clock) == Delivered(sent=3)
        assert len(set(server.taken)) == len(server.taken) == 3

    def test_what_waits_for_a_moment_of_tomorrow_goes_today(
        self, any_app: Flask, session: Session, clock: MovableClock, smtp_server: SmtpServer
    ) -> None:
        put(1)
        smtp_server.answer("RCPT", "450 4.2.0 later", times=3)
        clock.advance(days=1)
        for _try in range(3):
            assert go(SmtpTransport(smtp_server.url, timeout=5), clock) == Delivered(later=1)
            clock.advance(minutes=15)
        with transaction() as s:
            outbox.put(s, key="tomorrow", kind="notice", recipient_id=None, to_address="a@tracker.test", message=MAIL,
                       now=clock.now())  # fmt: skip
        clock.set(START)
        assert go(SmtpTransport(smtp_server.url, timeout=5), clock) == Delivered(sent=2)
        assert go(SmtpTransport(smtp_server.url, timeout=5), clock) == Delivered()

    def test_a_jump_ahead_sends_nothing_twice(self, any_app: Flask, session: Session, clock: MovableClock) -> None:
        put(5)
        server = Taking()
        for jump in (1, -1, 1, -1):
            go(server, clock)
            clock.advance(days=jump)
        assert len(set(server.taken)) == len(server.taken) == 5


class TestAdministratorsAreTold:
    def test_of_a_server_that_is_down(self, cast: Cast, client: FlaskClient, smtp_server: SmtpServer) -> None:
        cast.sign_in(client, "admin")
        assert "Our mail server takes nothing" not in client.get("/admin/mail").text
        smtp_server.disconnect("EHLO", times=None)
        with cast.reading():
            put(2, now=cast.clock.now())
        for _try, minutes in enumerate((5, 15, 1)):
            run_job(cast.app, "deliver-mail", cast.clock.now())
            cast.clock.advance(minutes=minutes)
        with cast.reading() as session:
            found = mail_health.look(session, now=cast.clock.now())
        assert not found.well
        assert [(one.domain, one.failures, one.waiting) for one in found.pauses] == [("", 3, 2)]
        page = client.get("/admin/mail").text
        assert "Our mail server takes nothing" in page
        assert "Mail does not leave" in page
        with cast.writing() as session:
            session.add(Heartbeat(name="scheduler", at=cast.clock.now(), ok=True))
        answer = client.get("/readyz").json
        assert answer is not None
        assert answer["parts"]["mail_queue"] is False

        smtp_server.forget_plans()
        assert send(client, "/admin/mail/pause", domain="").status_code == 303
        assert run_job(cast.app, "deliver-mail", cast.clock.now()).done == 2
        assert "Mail leaves" in client.get("/admin/mail").text
        assert send(client, "/admin/mail/pause", domain="").status_code == 404

    def test_by_a_test_message_to_oneself(self, cast: Cast, client: FlaskClient, smtp_server: SmtpServer) -> None:
        cast.sign_in(client, "admin")
        answer = send(client, "/admin/mail/test")
        assert answer.status_code == 303
        assert "Queued" in client.get(answer.location).text or "Waiting" in client.get(answer.location).text
        run_job(cast.app, "deliver-mail", cast.clock.now())
        assert smtp_server.messages[0]["To"] == "admin@tracker.test"
        with cast.reading() as session:
            assert session.scalars(sa.select(Message.state)).one() is MessageState.SENT
        with pytest.raises(Unmet), cast.writing() as session:
            mail_health.send_test(session, actor=cast.actor("admin"), now=cast.clock.now())
        cast.clock.advance(minutes=2)
        assert send(client, "/admin/mail/test").status_code == 303

    def test_nobody_else_may_touch_it(self, cast: Cast, client: FlaskClient) -> None:
        for address in ("/admin/mail/test", "/admin/mail/pause"):
            assert client.post(address).status_code in (400, 401, 403)
        for name in sorted(set(PEOPLE) - {"admin", "admin2"}):
            cast.sign_in(client, name)
            for address in ("/admin/mail/test", "/admin/mail/pause"):
                assert send(client, address, domain="").status_code == 403, (name, address)
