"""The scheduler as a process: one only, quick to end, and it makes up for the time it was down."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from flask import Flask

from config import Settings
from tests.support.clock import START
from tests.support.smtp import SmtpServer
from tracker import jobs_scheduler
from tracker.db import db, transaction
from tracker.jobs_scheduler import AnotherRuns, LockLost, Stop, keep_time, only_one
from tracker.mail import outbox
from tracker.mail.rendering import Rendered
from tracker.models import Heartbeat, Message

PATIENCE = 40.0


@contextmanager
def scheduler(settings: Settings) -> Iterator[subprocess.Popen[str]]:
    environment = {
        **os.environ,
        "TRACKER_DATA_DIR": str(settings.data_dir),
        "TRACKER_DATABASE_URL": settings.database_url,
        "TRACKER_SECRET_KEY": settings.secret_key,
        "TRACKER_SMTP_URL": settings.smtp_url or "",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "tracker", "scheduler"],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def until(app: Flask, what: sa.Select, patience: float = PATIENCE) -> None:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        with app.app_context():
            if db.session.scalar(what):
                return
        time.sleep(0.1)
    raise AssertionError(f"not within {patience} s: {what}")


def put(app: Flask, count: int) -> None:
    with app.app_context(), transaction() as session:
        for n in range(count):
            outbox.put(
                session, key=f"notice:{n}", kind="notice", recipient_id=None, to_address=f"p{n}@tracker.test",
                message=Rendered("s", "t", "<p>h</p>", "en"), now=START,
            )  # fmt: skip


BEATS = sa.select(sa.func.count()).select_from(Heartbeat).where(Heartbeat.name == jobs_scheduler.NAME)
SENT = sa.select(sa.func.count()).select_from(Message).where(Message.state == "sent")


def test_a_second_one_refuses_and_the_first_ends_cleanly(
    any_app: Flask, settings: Settings, smtp_server: SmtpServer
) -> None:
    put(any_app, 3)
    with scheduler(settings) as first:
        until(any_app, BEATS)
        until(any_app, sa.select(SENT.scalar_subquery() == 3))
        with scheduler(settings) as second:
            _out, said = second.communicate(timeout=PATIENCE)
            assert second.returncode == 1
            assert "A scheduler runs for this database already" in said
            assert "Traceback" not in said
        begun = time.monotonic()
        first.send_signal(signal.SIGTERM)
        _out, said = first.communicate(timeout=30)
        assert first.returncode == 0, said
        assert time.monotonic() - begun < 25
        assert '"event": "scheduler.ended"' in said
    assert len(smtp_server.received) == 3


def test_killed_and_started_again_no_mail_goes_twice(
    any_app: Flask, settings: Settings, smtp_server: SmtpServer
) -> None:
    put(any_app, 40)
    with scheduler(settings) as first:
        until(any_app, sa.select(SENT.scalar_subquery() > 2))
        first.kill()
        first.wait()
    with scheduler(settings) as second:
        until(any_app, sa.select(SENT.scalar_subquery() >= 39))
        second.send_signal(signal.SIGTERM)
        second.communicate(timeout=30)
    ids = [one["Message-ID"] for one in smtp_server.messages]
    with any_app.app_context():
        sent = set(db.session.scalars(sa.select(Message.message_id).where(Message.state == "sent")))
    assert sent <= set(ids)
    # The one in hand when the process was killed may have been taken: then it waits for its lease, under its old id.
    assert len(ids) == len(set(ids)) <= 40


def test_ended_in_the_middle_of_a_mail_it_finishes_that_one(
    any_app: Flask, settings: Settings, smtp_server: SmtpServer
) -> None:
    put(any_app, 3)
    smtp_server.hang("DATA", 2)
    with scheduler(settings) as process:
        until(any_app, sa.select(sa.func.count()).select_from(Message).where(Message.state == "sending"))
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
        assert process.returncode == 0
    with any_app.app_context():
        states = sorted(s.value for s in db.session.scalars(sa.select(Message.state)))
    assert states == ["queued", "queued", "sent"]
    assert len(smtp_server.received) == 1


def test_a_signal_ends_the_wait_also_in_the_moment_it_begins() -> None:
    before = signal.getsignal(signal.SIGALRM)
    try:
        for number in range(1000):
            stop = Stop()
            stop.listen(signal.SIGALRM)
            signal.setitimer(signal.ITIMER_REAL, 1e-6 * (number % 50 + 1))
            begun = time.monotonic()
            assert stop.wait(60)
            assert stop.is_set()
            assert time.monotonic() - begun < 50
    finally:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGALRM, before)


class TestLock:
    def test_one_holds_it(self, any_app: Flask) -> None:
        with only_one(any_app) as still_ours:
            assert still_ours()
            with pytest.raises(AnotherRuns), only_one(any_app):
                pass
        with only_one(any_app):
            pass

    def test_a_lost_lock_ends_the_scheduler(self, any_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        @contextmanager
        def lost(_app: Flask) -> Iterator[object]:
            yield lambda: False

        monkeypatch.setattr(jobs_scheduler, "only_one", lost)
        monkeypatch.setattr(jobs_scheduler, "BEAT_EVERY", 0.1)
        stop = Stop()
        with pytest.raises(LockLost):
            keep_time(any_app, stop)
        assert stop.is_set()
