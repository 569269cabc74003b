"""The scheduler: one process of its own that runs the timetable until it is told to end.

A second one refuses to run: on PostgreSQL a lock of the server on a connection of its own, which ends with the process;
on SQLite a lock on a file in the data folder. The jobs bear being run twice, so the lock spares work, not correctness.
"""

from __future__ import annotations

import fcntl
import logging
import os
import select
import signal
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC

import sqlalchemy as sa
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from config import Settings
from tracker.clock import Clock, SystemClock
from tracker.db import engine_options
from tracker.jobs import TIMETABLE, beat, run_job
from tracker.logs import log

NAME = "scheduler"
"""Its own heartbeat."""
BEAT_EVERY = 30.0
LOCK_KEY = 0x7261636B6572
"""One number for this purpose; the server keeps locks per database."""


class AnotherRuns(Exception):
    """There is a scheduler for this database already."""


class LockLost(Exception):
    """The connection that held the lock broke: end, and be started again."""


class Stop:
    """Told once that it is time to end, by ``set`` or by a signal, at any moment.

    Not ``threading.Event``: a signal that arrives just before ``wait`` falls asleep is heard only when it wakes up
    again. Here the signal itself writes a byte into a pipe, which ends the wait whenever it comes.
    """

    def __init__(self) -> None:
        self._told = False
        self._reads, self._writes = os.pipe()
        os.set_blocking(self._writes, False)
        weakref.finalize(self, _close, self._reads, self._writes)

    def listen(self, *numbers: int) -> None:
        """Be told by these signals. For the main thread."""
        for number in numbers:
            signal.signal(number, lambda *_: self.set())
        signal.set_wakeup_fd(self._writes)

    def set(self) -> None:
        self._told = True
        with suppress(BlockingIOError):
            os.write(self._writes, b".")

    def is_set(self) -> bool:
        return self._told

    def wait(self, seconds: float) -> bool:
        """Whether it was told, at once or within so many seconds."""
        if not self._told:
            select.select([self._reads], [], [], seconds)
        return self._told


def _close(*handles: int) -> None:
    for handle in handles:
        os.close(handle)


def serve(app: Flask) -> None:
    """Run the timetable until SIGTERM or Ctrl-C; the item in hand is finished. Raises AnotherRuns, LockLost."""
    stop = Stop()
    stop.listen(signal.SIGTERM, signal.SIGINT)
    keep_time(app, stop)


def keep_time(app: Flask, stop: Stop) -> None:
    """Run the timetable until ``stop``. Raises AnotherRuns, LockLost."""
    with only_one(app) as still_ours:
        scheduler = _scheduler(app, stop)
        scheduler.start()
        log.info("scheduler.started", jobs=len(TIMETABLE))
        try:
            while True:
                _beat(app)
                if stop.wait(BEAT_EVERY):
                    break
                if not still_ours():
                    raise LockLost
        finally:
            stop.set()
            scheduler.shutdown(wait=True)
            log.info("scheduler.ended")


def _scheduler(app: Flask, stop: Stop) -> BackgroundScheduler:
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = BackgroundScheduler(
        timezone=UTC,
        executors={"default": ThreadPoolExecutor(1), "apart": ThreadPoolExecutor(2)},
        # By default what was due while the process was down is dropped; here it runs, once.
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    begin = SystemClock().now()  # at once, so that what an outage left undone is made up for
    for job in TIMETABLE:
        scheduler.add_job(
            _tick,
            "interval",
            seconds=job.every.total_seconds(),
            args=(app, job.name, stop),
            id=job.name,
            executor="apart" if job.apart else "default",
            next_run_time=begin,
        )
    return scheduler


def _tick(app: Flask, name: str, stop: Stop) -> None:
    if stop.is_set():
        return
    try:
        run_job(app, name, stopping=stop.is_set)
    except Exception as error:
        log.error("job.failed", job=name, kind=type(error).__name__, exc_info=error)


def _beat(app: Flask) -> None:
    clock: Clock = app.extensions["tracker.clock"]
    try:
        with app.app_context():
            beat(NAME, clock.now(), ok=True)
    except sa.exc.SQLAlchemyError as error:
        log.error("scheduler.beat_failed", kind=type(error).__name__)


@contextmanager
def only_one(app: Flask) -> Iterator[Callable[[], bool]]:
    """Hold the lock of this database's scheduler; gives a function that says whether it still holds.

    Raises AnotherRuns.
    """
    settings: Settings = app.extensions["tracker.settings"]
    lock = _file_lock(settings) if settings.is_sqlite else _server_lock(settings)
    with lock as still_ours:
        yield still_ours


@contextmanager
def _file_lock(settings: Settings) -> Iterator[Callable[[], bool]]:
    with (settings.data_dir / "scheduler.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AnotherRuns from None
        yield lambda: True


@contextmanager
def _server_lock(settings: Settings) -> Iterator[Callable[[], bool]]:
    engine = sa.create_engine(engine_options(settings)["url"], poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if not connection.scalar(sa.select(sa.func.pg_try_advisory_lock(LOCK_KEY))):
            raise AnotherRuns

        def still_ours() -> bool:
            try:
                return connection.scalar(sa.select(1)) == 1
            except sa.exc.DBAPIError:
                return False

        yield still_ours
