"""Delivery to a real SMTP server that behaves badly: nothing is lost, nothing goes twice after a 250."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from config import Settings
from tests.support.clock import START, MovableClock
from tests.support.network import ALLOWED_SMTP
from tests.support.smtp import SmtpServer, free_port
from tracker import wording
from tracker.db import db, transaction
from tracker.mail import outbox, queue
from tracker.mail.delivery import Delivered, SmtpTransport, Unreachable, deliver
from tracker.mail.letters import Letter, Unwritable, compose
from tracker.mail.queue import LEASE, PAUSES, Claimed
from tracker.mail.rendering import SENDER, Rendered
from tracker.models import MailPause, Message

MAIL = Rendered("Señal de São Tomé", "Texto: çãé\n", "<p>Texto: çãé</p>", "pt")


def put(count: int = 1, to: str = "{n}@tracker.test") -> None:
    with transaction() as session:
        for n in range(1, count + 1):
            outbox.put(
                session,
                key=f"notice:{n}:{to}",
                kind="notice",
                recipient_id=None,
                to_address=to.format(n=n),
                message=MAIL,
                now=START,
                attachments=[("relatório.pdf", "application/pdf", b"%PDF-1.7")] if n == 1 else [],
            )


def states() -> list[tuple[str, str, int]]:
    db.session.rollback()
    rows = db.session.execute(sa.select(Message.to_address, Message.state, Message.attempts).order_by(Message.id))
    return [(address.partition("@")[0], state.value, attempts) for address, state, attempts in rows]


def only(column: sa.orm.InstrumentedAttribute) -> object:
    db.session.rollback()
    return db.session.scalars(sa.select(column)).one()


Run = Callable[..., Delivered]


@pytest.fixture
def run(any_app: Flask, session: Session, smtp_server: SmtpServer, clock: MovableClock) -> Run:
    """Deliver what is due now, with little patience for silence."""

    def go(timeout: float = 5.0, **given: object) -> Delivered:
        return deliver(
            transaction,
            SmtpTransport(smtp_server.url, timeout=timeout),
            mail_from="tracker@tracker.test",
            clock=clock.now,
            **given,  # type: ignore[arg-type]
        )

    return go


def test_a_message_arrives_as_it_was_put(run: Run, smtp_server: SmtpServer) -> None:
    put()
    assert run() == Delivered(sent=1)
    assert states() == [("1", "sent", 1)]
    (message,) = smtp_server.messages
    assert message["Subject"] == "Señal de São Tomé"
    assert message["To"] == "1@tracker.test"
    assert message["From"].addresses[0].addr_spec == "tracker@tracker.test"
    assert message["From"].addresses[0].display_name == wording.translate(SENDER, "pt")
    assert message["Message-ID"] == only(Message.message_id)
    assert message["Date"] == "Mon, 02 Mar 2026 15:00:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    text, html, attachment = [part for part in message.walk() if not part.is_multipart()]
    assert text.get_content() == "Texto: çãé\n"
    assert "<p>Texto: çãé</p>" in html.get_content()
    assert (attachment.get_filename(), attachment.get_content()) == ("relatório.pdf", b"%PDF-1.7")
    assert run() == Delivered()
    assert len(smtp_server.received) == 1


def test_many_go_over_one_connection(run: Run, smtp_server: SmtpServer) -> None:
    put(30)
    assert run() == Delivered(sent=30)
    assert [stage for stage, _a in smtp_server.tries].count("EHLO") == 1
    assert len({one["Message-ID"] for one in smtp_server.messages}) == 30


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
def test_not_now_is_tried_again_after_a_pause(
    run: Run, smtp_server: SmtpServer, clock: MovableClock, stage: str
) -> None:
    put()
    smtp_server.answer(stage, "450 4.2.0 later")
    assert run() == Delivered(later=1)
    assert states() == [("1", "queued", 1)]
    assert "450" in str(only(Message.last_error))
    assert run() == Delivered()
    clock.advance(minutes=1)
    assert run() == Delivered(sent=1)
    assert len(smtp_server.received) == 1
    assert only(Message.last_error) == ""


def test_pauses_grow_for_days_and_then_staff_decide(run: Run, smtp_server: SmtpServer, clock: MovableClock) -> None:
    put()
    smtp_server.answer("RCPT", "450 4.2.0 greylisted", times=None)
    tried = []
    while states()[0][1] == "queued":
        assert run().later == 1
        tried.append(clock.now())
        clock.set(only(Message.next_attempt_at) - timedelta(seconds=1))  # type: ignore[operator]
        assert run() == Delivered()
        clock.advance(seconds=1)
    gaps = [after - before for before, after in pairwise(tried)]
    assert gaps == list(PAUSES)
    assert gaps == sorted(gaps)
    assert timedelta(days=4) < tried[-1] - tried[0] < timedelta(days=6)
    assert states() == [("1", "failed", len(PAUSES) + 1)]


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
def test_never_is_not_tried_again(run: Run, smtp_server: SmtpServer, clock: MovableClock, stage: str) -> None:
    put(2)
    smtp_server.answer(stage, "550 5.1.1 no such person")
    assert run() == Delivered(sent=1, refused=1)
    assert states() == [("1", "failed", 1), ("2", "sent", 1)]
    clock.advance(days=30)
    assert run() == Delivered()


def test_a_refused_recipient_that_is_returned_and_not_raised_counts(
    run: Run, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    put()
    monkeypatch.setattr("smtplib.SMTP.sendmail", lambda *_a, **_k: {"1@tracker.test": (550, b"no")})
    assert run() == Delivered(refused=1)
    assert states() == [("1", "failed", 1)]


@pytest.mark.parametrize(
    "address", ["no address", "a@b@c", "", "a\nBcc: x@y.test", "<a@b.test", "ana@", "\ud800@x.test"]
)
def test_a_bad_address_fails_alone(run: Run, smtp_server: SmtpServer, address: str) -> None:
    put()
    put(1, "good@tracker.test")
    with transaction() as session:
        if address.isprintable():
            session.execute(sa.update(Message).where(Message.to_address == "1@tracker.test").values(to_address=address))
    if not address.isprintable():
        with pytest.raises(Unwritable):
            compose(claimed(address), "tracker@tracker.test")
        return
    assert run() == Delivered(sent=1, refused=1)
    assert sorted(s for _n, s, _a in states()) == ["failed", "sent"]
    assert [m["To"] for m in smtp_server.messages] == ["good@tracker.test"]


def claimed(address: str, **changed: object) -> Claimed:
    one = Claimed(1, START, 1, "<a@b>", address, "Subject", "text", "<p>html</p>", "en", START, ())
    return replace(one, **changed)  # type: ignore[arg-type]


def test_a_subject_cannot_add_a_header() -> None:
    with pytest.raises(Unwritable):
        compose(claimed("a@b.test", subject="Due\r\nBcc: x@y.test"), "tracker@tracker.test")


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
def test_a_hang_up_is_tried_again(run: Run, smtp_server: SmtpServer, clock: MovableClock, stage: str) -> None:
    put()
    smtp_server.disconnect(stage)
    assert run() == Delivered(later=1)
    clock.advance(minutes=1)
    assert run() == Delivered(sent=1)
    assert len(smtp_server.received) == 1


def test_silence_in_the_middle_is_tried_again(run: Run, smtp_server: SmtpServer, clock: MovableClock) -> None:
    put()
    smtp_server.hang("DATA", 2)
    assert run(0.3) == Delivered(later=1)
    assert only(Message.last_error) == "the mail server did not answer in time"
    clock.advance(minutes=1)
    assert run() == Delivered(sent=1)


def test_a_server_that_hangs_up_on_everyone_is_left_alone(run: Run, smtp_server: SmtpServer) -> None:
    put(10)
    smtp_server.disconnect("MAIL", times=None)
    assert run() == Delivered(later=2, stopped=True)
    assert [s for _n, s, a in states()].count("queued") == 10
    assert sum(a for _n, _s, a in states()) == 2


def test_enough_for_one_connection_is_not_the_message_s_fault(run: Run, smtp_server: SmtpServer) -> None:
    put(3)
    smtp_server.answer("MAIL", "421 4.7.0 too many messages", address="nobody")
    assert run() == Delivered(sent=3)
    put(2, "more{n}@tracker.test")
    transport = SmtpTransport(smtp_server.url, timeout=5)
    first = compose(claimed("b@tracker.test"), "a@tracker.test")
    transport.send(first)
    smtp_server.answer("MAIL", "421 4.7.0 too many messages")
    transport.send(first)
    transport.close()
    assert len(smtp_server.received) == 5


def test_reply_lost_goes_again_under_the_same_id(run: Run, smtp_server: SmtpServer, clock: MovableClock) -> None:
    put()
    smtp_server.lose_reply()
    assert run() == Delivered(later=1)
    clock.advance(minutes=1)
    assert run() == Delivered(sent=1)
    assert run() == Delivered()
    first, second = smtp_server.messages
    assert first["Message-ID"] == second["Message-ID"]


class TestServerDown:
    def test_the_batch_stops_and_no_try_is_burnt(self, any_app: Flask, session: Session, clock: MovableClock) -> None:
        port = free_port()
        ALLOWED_SMTP.add(port)
        put(3)
        begun, tried = clock.now(), []
        while clock.now() < begun + timedelta(hours=3):
            outcome = deliver(
                transaction,
                SmtpTransport(f"smtp://127.0.0.1:{port}", timeout=1),
                mail_from="tracker@tracker.test",
                clock=clock.now,
            )
            assert outcome in (Delivered(stopped=True), Delivered())
            if outcome.stopped:
                tried.append(clock.now() - begun)
            clock.advance(minutes=5)
        # Five minutes, a quarter, an hour, three hours.
        assert tried == [timedelta(minutes=m) for m in (0, 5, 20, 80)]
        ALLOWED_SMTP.discard(port)
        assert [(s, a) for _n, s, a in states()] == [("queued", 0)] * 3

    def test_it_comes_back(self, run: Run, smtp_server: SmtpServer, clock: MovableClock) -> None:
        put(2)
        smtp_server.disconnect("EHLO", times=None)
        assert run(2.0).sent == 0
        smtp_server.forget_plans()
        clock.advance(minutes=4)
        assert run() == Delivered()
        clock.advance(minutes=1)
        assert run() == Delivered(sent=2)
        assert db.session.scalar(sa.select(sa.func.count()).select_from(MailPause)) == 0


class TestCrash:
    def test_a_message_caught_being_sent_is_taken_up_after_the_lease(
        self, run: Run, smtp_server: SmtpServer, clock: MovableClock, settings: Settings
    ) -> None:
        put(2)
        program = (
            "import os, signal, sys\n"
            "from datetime import datetime\n"
            "from config import Settings\n"
            "from pathlib import Path\n"
            "from tracker import create_app\n"
            "from tracker.db import transaction\n"
            "from tracker.mail.delivery import deliver\n"
            "class Killed:\n"
            "    def send(self, message):\n"
            "        os.kill(os.getpid(), signal.SIGKILL)\n"
            "    def close(self):\n"
            "        pass\n"
            "app = create_app(Settings(data_dir=Path(sys.argv[1]), database_url=sys.argv[2], secret_key='x' * 40))\n"
            "now = datetime.fromisoformat(sys.argv[3])\n"
            "with app.app_context():\n"
            "    deliver(transaction, Killed(), mail_from='tracker@tracker.test', clock=lambda: now)\n"
        )
        arguments = [str(settings.data_dir), settings.database_url, clock.now().isoformat()]
        died = subprocess.run(
            [sys.executable, "-c", program, *arguments], check=False, timeout=60, env={**os.environ, "PYTHONPATH": "."}
        )
        assert died.returncode == -signal.SIGKILL
        assert states() == [("1", "sending", 1), ("2", "queued", 0)]
        assert run() == Delivered(sent=1)
        clock.advance(seconds=LEASE.total_seconds() - 1)
        assert run() == Delivered()
        clock.advance(seconds=1)
        assert run() == Delivered(sent=1)
        assert states() == [("1", "sent", 2), ("2", "sent", 1)]
        assert len(smtp_server.received) == 2

    def test_a_run_that_was_overtaken_undoes_nothing(self, any_app: Flask, session: Session) -> None:
        put()
        with transaction():
            slow = queue.claim(session, now=START)
        with transaction():
            quick = queue.claim(session, now=START + LEASE)
        assert slow is not None
        assert quick is not None
        assert slow.message_id == quick.message_id
        with transaction():
            queue.mark_sent(session, quick, START + LEASE)
        with transaction():
            queue.mark_later(session, slow, START + LEASE, "450")
            queue.mark_refused(session, slow, START + LEASE, "550")
            queue.put_back(session, slow, START + LEASE, "down")
        assert states() == [("1", "sent", 2)]


def test_told_to_end_the_one_in_hand_is_finished(any_app: Flask, session: Session, clock: MovableClock) -> None:
    put(5)
    sent: list[str] = []

    class Taking:
        def send(self, message: Letter) -> None:
            sent.append(message["To"])

        def close(self) -> None:
            sent.append("closed")

    outcome = deliver(
        transaction,
        Taking(),
        mail_from="tracker@tracker.test",
        clock=clock.now,
        stopping=lambda: len(sent) >= 2,
    )
    assert outcome == Delivered(sent=2, stopped=True)
    assert [s for _n, s, _a in states()] == ["sent", "sent", "queued", "queued", "queued"]
    assert sent[-1] == "closed"


def test_no_transaction_is_open_while_a_message_is_on_its_way(
    any_app: Flask, session: Session, clock: MovableClock
) -> None:
    put()
    seen = []

    class Looking:
        def send(self, message: Letter) -> None:
            seen.append(session.in_transaction())

        def close(self) -> None:
            pass

    deliver(transaction, Looking(), mail_from="tracker@tracker.test", clock=clock.now)
    assert seen == [False]


def test_three_at_the_same_time_send_each_once(any_app: Flask, smtp_server: SmtpServer, clock: MovableClock) -> None:
    with any_app.app_context():
        put(60)
    ready, outcomes = threading.Barrier(3), []

    def one() -> None:
        with any_app.app_context():
            ready.wait()
            transport = SmtpTransport(smtp_server.url, timeout=5)
            outcomes.append(deliver(transaction, transport, mail_from="t@tracker.test", clock=clock.now))

    threads = [threading.Thread(target=one) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(outcome.sent for outcome in outcomes) == 60
    assert len(smtp_server.received) == 60
    assert len({one["Message-ID"] for one in smtp_server.messages}) == 60


def test_silent_at_the_door_is_unreachable(smtp_server: SmtpServer) -> None:
    smtp_server.hang("EHLO", 2)
    with pytest.raises(Unreachable):
        SmtpTransport(smtp_server.url, timeout=0.3).send(compose(claimed("a@b.test"), "t@tracker.test"))
