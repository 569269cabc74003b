"""The loop of the simulated year: people act, jobs run, the machine stands still for days, and dies at any point.

Beside it runs ``mail_reference``, which is told the facts before the jobs run and never looks at a mail.
"""

from __future__ import annotations

import gc
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from flask import Flask

from tests.support import mail_facts, mail_scene
from tests.support.clock import MovableClock
from tests.support.mail_acts import Acts
from tests.support.mail_reference import Reference
from tracker import jobs
from tracker.db import db, transaction
from tracker.domain.errors import DomainError
from tracker.mail.letters import Letter
from tracker.mail.queue import LEASE
from tracker.models import ReportingCycle

OUTAGES, LONGEST_OUTAGE = 30, 10
BEFORE = ("open-cycles", "publish", "participation")
MAIL = ("reminders", "summaries")
AGAIN_AFTER = LEASE + timedelta(minutes=1)
MINUTES = (*range(2, 18), *range(32, 48))
"""Of a tick: eleven minutes later it is the same hour everywhere, also where clocks stand half an hour apart."""


class Killed(BaseException):
    """The process was ended from outside."""


@dataclass(frozen=True)
class Accepted:
    """A mail that the server took."""

    letter: Letter
    at: datetime

    @cached_property
    def message_id(self) -> str:
        return self.letter["Message-ID"]


class Server:
    """Takes every mail. ``lose_reply``: after taking the next one our process dies before it hears of it."""

    def __init__(self, clock: MovableClock) -> None:
        self.clock = clock
        self.taken: list[Accepted] = []
        self.lose_reply = self.lost = 0

    def send(self, letter: Letter) -> None:
        self.taken.append(Accepted(letter, self.clock.now()))
        if self.lose_reply:
            self.lose_reply -= 1
            if not self.lose_reply:
                self.lost += 1
                raise Killed

    def close(self) -> None:
        """Nothing to close."""


class Year:
    """Everything that happens, from the first days of January on. The jobs run ``ticks`` times a day, at any hour."""

    def __init__(self, app: Flask, clock: MovableClock, seed: int, *, days: int, ticks: int) -> None:
        self.app, self.clock, self.days, self.ticks = app, clock, days, ticks
        self.rng = random.Random(seed)  # noqa: S311
        self.server = Server(clock)
        app.extensions["tracker.transport"] = self.server
        self.acts = Acts(self.rng)
        self.kills: dict[str, int] = {}
        """By job."""
        self.outages: set[int] = set()
        self._statements = self._last_entry = self._last_news = 0
        self._answered: set[int] = set()
        self._acted = self._delivers = True
        clock.set(mail_scene.BEGINS)
        with app.app_context(), transaction() as session:
            mail_scene.build(session, self.rng)
        with app.app_context():
            self.reference = Reference(mail_facts.read(db.session))
            sa.event.listen(db.engine, "before_cursor_execute", self._count)
            sa.event.listen(db.sessionmaker, "before_commit", self._count)
        self._plan_outages()

    def live(self) -> None:
        """From the first day to the last."""
        # A process is buried some two hundred times: what the tests before left behind is not looked through each time.
        gc.collect()
        gc.freeze()
        try:
            for day in range(self.days):
                self._day(day)
        finally:
            gc.unfreeze()

    def _day(self, day: int) -> None:
        moments = sorted(
            mail_scene.BEGINS + timedelta(days=day, hours=hour, minutes=self.rng.choice(MINUTES))
            for hour in self.rng.sample(range(24), self.ticks)
        )
        for number, moment in enumerate(moments):
            self._act_until(moment, 1 if day in self.outages else 2)
            if day not in self.outages:
                self.tick(moment, first=not number)

    def tick(self, moment: datetime, *, first: bool) -> None:
        """The jobs run; those that mails depend on once a day."""
        if first:
            # What they write into the history is no longer fresh when the mails are made.
            self.clock.set(moment - timedelta(minutes=5))
            for name in BEFORE:
                jobs.run_job(self.app, name)
            self._answer_new_cycles()
        self.clock.set(moment)
        if first or self._acted:
            self._learn()
            self._acted = False
        for name in MAIL:
            self._run(name, moment)
        self.reference.run(moment)
        if first:
            # Some days the mail server is away: what was made then waits, and may be overtaken by the next day's.
            self._delivers = self.rng.random() < 0.8
        if self._delivers:
            if self.rng.random() < 0.03:
                self.server.lose_reply = self.rng.randrange(1, 6)
            self._run("deliver-mail", moment)
            self.reference.deliver(moment)
        self.server.lose_reply = 0

    def _run(self, name: str, moment: datetime) -> None:
        """Run a job; sometimes it is killed at some statement, and the next process does it again later."""
        self._statements = self.rng.choice((3, 7, 12, 20, 35, 60, 100, 160)) if self.rng.random() < 0.1 else 0
        try:
            assert jobs.run_job(self.app, name).failed == 0
        except Killed:
            self.kills[name] = self.kills.get(name, 0) + 1
            self._statements = self.server.lose_reply = 0
            self._bury()
            self.clock.set(moment + AGAIN_AFTER)
            assert jobs.run_job(self.app, name).failed == 0
            self.clock.set(moment)
        self._statements = 0

    def _bury(self) -> None:
        """A process that is gone holds no connection, and no lock."""
        gc.collect()
        with self.app.app_context():
            db.engine.dispose()

    def _count(self, *_about: Any) -> None:
        if self._statements:
            self._statements -= 1
            if not self._statements:
                raise Killed

    def _act_until(self, moment: datetime, how_many: int) -> None:
        start = max(self.clock.now() + AGAIN_AFTER, moment - timedelta(hours=5))
        for _ in range(self.rng.randrange(how_many + 1)):
            start += (moment - start) * self.rng.random() * 0.5
            if start >= moment - timedelta(minutes=10):
                return
            self.clock.set(start)
            try:
                with self._writing() as session:
                    self.acts.one(session, start)
            except DomainError:
                continue
            self._acted = True
            self._hear()
            self._moved()

    @contextmanager
    def _writing(self) -> Iterator[Any]:
        with self.app.app_context(), transaction() as session:
            yield session

    def _answer_new_cycles(self) -> None:
        with self.app.app_context():
            opened = set(db.session.scalars(sa.select(ReportingCycle.id).where(ReportingCycle.opened_at.is_not(None))))
        for cycle_id in opened - self._answered:
            with self._writing() as session:
                mail_scene.answer_everything(session, cycle_id)
            self._answered.add(cycle_id)

    def _learn(self) -> None:
        """Tell the reference how things stand."""
        with self.app.app_context():
            self.reference.know(mail_facts.read(db.session))
        self._hear()

    def _hear(self) -> None:
        """Tell the reference what was written into the history, and what news was made of it."""
        with self.app.app_context():
            entries = mail_facts.entries(db.session, self._last_entry)
            news = mail_facts.news(db.session, self._last_news)
        for entry in entries:
            self.reference.wrote(entry)
            self._last_entry = entry.id
        for one in news:
            self.reference.happened(one)
            self._last_news = one.id

    def _moved(self) -> None:
        """A handover moves waiting news to the successor, in whose rhythm it goes on."""
        waiting = [n for n, state in self.reference.news.items() if state in ("held", "waiting")]
        with self.app.app_context():
            for one in mail_facts.news(db.session, min(waiting, default=self._last_news) - 1):
                if one.id in waiting and one.person != self.reference.reader_of(one.id):
                    self.reference.happened(one)

    def _plan_outages(self) -> None:
        """Thirty, of one to ten days, anywhere in the year but on its first day."""
        planned = 0
        while planned < OUTAGES * self.days // 360:
            start, length = self.rng.randrange(1, self.days), self.rng.randrange(1, LONGEST_OUTAGE + 1)
            self.outages |= set(range(start, min(self.days, start + length)))
            planned += 1
