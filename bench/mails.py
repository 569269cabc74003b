"""Mails: 10,000 people found who are to be reminded, their mails put into the outbox, and sent from it.

Beside the last stands a bare smtplib loop that builds and sends the same letters over one connection to the same
server and keeps no account of them.
"""

from __future__ import annotations

import contextlib
import shutil
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import sqlalchemy as sa

from bench import data
from bench.servers import HOST, free_port
from config import LANGUAGES
from tracker import create_app
from tracker.db import db, transaction
from tracker.domain.vocabulary import MessageState, PartyKind, Role
from tracker.mail.delivery import SmtpTransport, deliver
from tracker.models import Message, ReportingCycle, ReportingParty, User
from tracker.services import day_mail

COUNT = 10_000
SENDER = "tracker@tracker.example"


@dataclass(frozen=True)
class Rates:
    """What was measured; rates are mails a second."""

    count: int
    seconds_planning: float
    """Until it was known who of them gets a mail."""
    put: float
    delivered: float
    bare: float
    """Built and sent over one connection by smtplib, nothing else."""


def rates(count: int = COUNT) -> Rates:
    """On a copy of the demonstration at scale 1, with so many invented focal points more."""
    with tempfile.TemporaryDirectory() as folder, _sink() as port:
        source = data.settings(1)
        copy = Path(folder) / "tracker.sqlite3"
        shutil.copyfile(source.data_dir / "tracker.sqlite3", copy)
        settings = replace(source, data_dir=Path(folder), database_url=f"sqlite:///{copy}")
        app = create_app(settings)
        with app.app_context():
            now = _populate(count)
            begun = time.perf_counter()
            people = day_mail.due(db.session, now)
            planning = time.perf_counter() - begun
            put = _put(people, now)
            made = _made()
            delivered = _deliver(port, now, made)
            bare = _bare(port, made)
            db.engine.dispose()
        return Rates(made, planning, made / put, made / delivered, made / bare)


def _populate(count: int) -> datetime:
    """Focal points in four languages, evenly over the States; returns a morning on which each is to be reminded."""
    with transaction() as session:
        # What the demonstration left in the queue is not measured.
        session.execute(sa.update(Message).values(state=MessageState.SENT))
        due_on = session.scalars(
            sa.select(ReportingCycle.due_on)
            .where(ReportingCycle.opened_at.is_not(None))
            .order_by(ReportingCycle.due_on.desc())
        ).first()
        assert due_on is not None  # noqa: S101  (the demonstration has an open cycle)
        states = session.execute(
            sa.select(ReportingParty.id, ReportingParty.time_zone).where(ReportingParty.kind == PartyKind.MEMBER_STATE)
        ).all()
        session.execute(
            sa.insert(User),
            [
                {
                    "email": f"bench{number}@tracker.example",
                    "name": f"Invented person {number}",
                    "role": Role.FOCAL_POINT,
                    "party_id": states[number % len(states)].id,
                    "time_zone": states[number % len(states)].time_zone,
                    "language": LANGUAGES[number % len(LANGUAGES)],
                    "fs_uniquifier": f"bench{number}",
                    "created_at": datetime.now(UTC),
                }
                for number in range(count)
            ],
        )
    day = due_on - timedelta(days=1)
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return datetime(day.year, day.month, day.day, 18, tzinfo=UTC)


def _put(people: list[int], now: datetime) -> float:
    begun = time.perf_counter()
    for user_id in people:
        with transaction() as session:
            day_mail.compose(session, user_id, now=now)
    return time.perf_counter() - begun


def _made() -> int:
    db.session.rollback()
    return (
        db.session.scalar(sa.select(sa.func.count()).select_from(Message).where(Message.state == MessageState.QUEUED))
        or 0
    )


def _deliver(port: int, now: datetime, made: int) -> float:
    begun = time.perf_counter()
    result = deliver(
        transaction, SmtpTransport(f"smtp://{HOST}:{port}"), mail_from=SENDER, clock=lambda: now, limit=made
    )
    if result.sent != made:
        raise SystemExit(f"{result.sent} of {made} mails were delivered.")
    return time.perf_counter() - begun


def _bare(port: int, made: int) -> float:
    letter = db.session.execute(
        sa.select(Message.subject, Message.text, Message.html).order_by(Message.id.desc()).limit(1)
    ).one()
    begun = time.perf_counter()
    with smtplib.SMTP(HOST, port) as connection:
        for number in range(made):
            message = EmailMessage()
            message["From"], message["To"] = SENDER, "somebody@tracker.example"
            message["Subject"] = f"{letter.subject} {number}"
            message.set_content(letter.text)
            message.add_alternative(letter.html, subtype="html")
            connection.send_message(message)
    return time.perf_counter() - begun


@contextlib.contextmanager
def _sink() -> Iterator[int]:
    port = free_port()
    process = subprocess.Popen((sys.executable, "-m", "bench.sink", str(port)), cwd=data.ROOT)  # noqa: S603
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=5):
                break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(10)


if __name__ == "__main__":
    data.prepare(1)
    print(rates(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT))
