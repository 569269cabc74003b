"""Pauses for a server or domain that takes nothing, and limits for each minute: nothing lost, no try used up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.support.clock import START, MovableClock
from tests.support.smtp import SmtpServer
from tracker.db import db, transaction
from tracker.domain.vocabulary import MessageState
from tracker.mail import outbox
from tracker.mail.delivery import Delivered, SmtpTransport, deliver
from tracker.mail.limits import OUR_SERVER, SEVERAL, STEPS, PerMinute
from tracker.mail.rendering import Rendered
from tracker.models import MailPause, Message

MAIL = Rendered("Subject", "Text", "<p>Text</p>", "en")
Run = Callable[..., Delivered]


def put(count: int, domain: str = "one.test", **more: object) -> None:
    with transaction() as session:
        for number in range(count):
            outbox.put(
                session,
                key=f"notice:{number}:{domain}",
                kind="notice",
                recipient_id=None,
                to_address=f"p{number:02}@{domain}",
                message=MAIL,
                now=START,
            )


@pytest.fixture
def run(any_app: Flask, session: Session, smtp_server: SmtpServer, clock: MovableClock) -> Run:
    def go(**given: object) -> Delivered:
        transport = SmtpTransport(smtp_server.url, timeout=5)
        return deliver(
            transaction,
            transport,
            mail_from="t@tracker.test",
            clock=clock.now,
            **given,  # type: ignore[arg-type]
        )

    return go


def pauses() -> dict[str, tuple[int, timedelta]]:
    db.session.rollback()
    rows = db.session.execute(sa.select(MailPause.domain, MailPause.failures, MailPause.at, MailPause.until))
    return {row.domain: (row.failures, row.until - row.at) for row in rows}


def attempts() -> Counter[int]:
    db.session.rollback()
    return Counter(db.session.scalars(sa.select(Message.attempts)))


class TestPauses:
    def test_a_domain_that_takes_nothing_is_left_alone_longer_and_longer(
        self, run: Run, smtp_server: SmtpServer, clock: MovableClock
    ) -> None:
        put(20, "down.test")
        put(3, "well.test")
        for number in range(20):
            smtp_server.answer("RCPT", "451 4.4.1 later", address=f"p{number:02}@down.test", times=None)
        assert run() == Delivered(sent=3, later=SEVERAL)
        assert pauses() == {"down.test": (1, STEPS[0])}
        assert run() == Delivered()
        for step in (1, 2, 3, 4, 4):
            clock.set(db.session.scalars(sa.select(MailPause.until)).one())
            assert run().later == SEVERAL
            assert pauses()["down.test"][1] == STEPS[step]
        put(1, "other.test")
        assert run() == Delivered(sent=1)

    def test_the_first_success_ends_it(self, run: Run, smtp_server: SmtpServer, clock: MovableClock) -> None:
        put(7, "down.test")
        smtp_server.answer("RCPT", "451 4.4.1 later", times=SEVERAL)
        assert run().later == SEVERAL
        clock.advance(minutes=5)
        assert run() == Delivered(sent=7)
        assert pauses() == {}

    def test_a_greylisted_domain_gets_all_its_mail_in_time(
        self, run: Run, smtp_server: SmtpServer, clock: MovableClock
    ) -> None:
        smtp_server.greylist()
        put(12, "grey.test")
        put(1, "alone.test")
        until = clock.now() + timedelta(minutes=30)
        while clock.now() < until:
            run()
            clock.advance(minutes=1)
        assert len(smtp_server.received) == 13
        assert len({one["Message-ID"] for one in smtp_server.messages}) == 13
        assert pauses() == {}

    def test_one_address_that_is_told_to_come_back_pauses_nothing(self, run: Run, smtp_server: SmtpServer) -> None:
        put(10, "one.test")
        smtp_server.answer("RCPT", "451 4.7.1 greylisted", address="p03@one.test", times=None)
        assert run() == Delivered(sent=9, later=1)
        assert pauses() == {}

    @pytest.mark.parametrize("answer", ["451 4.3.0 later", "550 5.7.1 relaying denied"])
    def test_our_server_that_takes_nothing_from_us_burns_few(
        self, run: Run, smtp_server: SmtpServer, clock: MovableClock, answer: str
    ) -> None:
        for number in range(12):
            put(1, f"d{number}.test")
        smtp_server.answer("MAIL", answer, times=None)
        outcome = run()
        assert outcome.stopped
        assert outcome.later + outcome.refused == SEVERAL
        assert pauses() == {OUR_SERVER: (1, STEPS[0])}
        assert run() == Delivered()
        smtp_server.forget_plans()
        clock.advance(minutes=15)
        assert run().sent == 12 - outcome.refused
        assert pauses() == {}

    def test_unknown_people_are_nobodys_fault_but_theirs(self, run: Run, smtp_server: SmtpServer) -> None:
        put(10)
        smtp_server.answer("RCPT", "550 5.1.1 no such person", times=8)
        assert run() == Delivered(sent=2, refused=8)
        assert pauses() == {}

    def test_a_mail_put_during_a_pause_waits_for_its_end(
        self, run: Run, smtp_server: SmtpServer, clock: MovableClock
    ) -> None:
        put(SEVERAL, "down.test")
        smtp_server.answer("RCPT", "451 4.4.1 later", times=SEVERAL)
        run()
        clock.advance(minutes=2)
        with transaction() as session:
            outbox.put(session, key="new", kind="invitation", recipient_id=None, to_address="new@Down.test",
                       message=MAIL, now=clock.now())  # fmt: skip
        assert run() == Delivered()
        clock.advance(minutes=3)
        assert run() == Delivered(sent=SEVERAL + 1)


class TestPerMinute:
    def test_what_is_over_the_limit_waits_and_uses_up_no_try(
        self, run: Run, smtp_server: SmtpServer, clock: MovableClock
    ) -> None:
        put(25)
        limit = PerMinute(in_all=10)
        assert run(per_minute=limit) == Delivered(sent=10)
        assert attempts() == {1: 10, 0: 15}
        clock.advance(seconds=30)
        assert run(per_minute=limit) == Delivered()
        clock.advance(seconds=30)
        assert run(per_minute=limit) == Delivered(sent=10)
        clock.advance(minutes=1)
        assert run(per_minute=limit) == Delivered(sent=5)
        assert len(smtp_server.received) == 25

    def test_each_domain_has_its_own(self, run: Run, clock: MovableClock) -> None:
        put(8, "one.test")
        put(2, "two.test")
        limit = PerMinute(per_domain=3)
        assert run(per_minute=limit) == Delivered(sent=5)
        db.session.rollback()
        left = db.session.execute(
            sa.select(Message.domain, sa.func.count())
            .where(Message.state == MessageState.QUEUED)
            .group_by(Message.domain)
        )
        assert [tuple(row) for row in left] == [("one.test", 5)]
        clock.advance(minutes=1)
        assert run(per_minute=limit) == Delivered(sent=3)

    def test_refused_ones_count_too(self, run: Run, smtp_server: SmtpServer) -> None:
        put(6)
        smtp_server.answer("RCPT", "550 5.1.1 no such person", times=2)
        assert run(per_minute=PerMinute(in_all=4)) == Delivered(sent=2, refused=2)
