"""Mails a second: put into the outbox, delivered from it, and sent by a bare smtplib loop to the same server."""

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
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path

from bench import data
from bench.servers import HOST, free_port
from tracker import create_app
from tracker.db import db, transaction
from tracker.mail import outbox
from tracker.mail.delivery import SmtpTransport, deliver
from tracker.mail.messages.reminders import Reminded, reminder
from tracker.mail.rendering import Rendered

COUNT = 300
LINES = 6
"""Reports in the reminder that is measured."""


@dataclass(frozen=True)
class Rates:
    """Mails a second."""

    put: float
    delivered: float
    bare: float
    """Built and sent over one connection by smtplib, nothing else."""


def rates() -> Rates:
    """On a copy of the demonstration at scale 1."""
    with tempfile.TemporaryDirectory() as folder, _sink() as port:
        source = data.settings(1)
        copy = Path(folder) / "tracker.sqlite3"
        shutil.copyfile(source.data_dir / "tracker.sqlite3", copy)
        settings = replace(source, data_dir=Path(folder), database_url=f"sqlite:///{copy}")
        app = create_app(settings)
        with app.app_context():
            put = COUNT / _put()
            delivered = COUNT / _deliver(port)
            db.engine.dispose()
        return Rates(put, delivered, COUNT / _bare(port))


def _letter(number: int) -> Rendered:
    lines = [
        Reminded(
            f"CS-0{n}", f"An invented commitment {number}", f"http://localhost/reports/{n}", date(2026, 4, 30), n, "UTC"
        )
        for n in range(1, LINES + 1)
    ]
    return reminder(
        "Invented person", "es", lines, dashboard_url="http://localhost/d", account_url="http://localhost/a"
    )


def _put() -> float:
    now = datetime.now(UTC)
    _letter(0)
    begun = time.perf_counter()
    for number in range(COUNT):
        with transaction() as session:
            outbox.put(
                session,
                key=f"bench:{number}",
                kind="reminder",
                recipient_id=None,
                to_address="somebody@tracker.example",
                message=_letter(number),
                now=now,
            )
    return time.perf_counter() - begun


def _deliver(port: int) -> float:
    begun = time.perf_counter()
    result = deliver(
        transaction,
        SmtpTransport(f"smtp://{HOST}:{port}"),
        mail_from="tracker@tracker.example",
        clock=lambda: datetime.now(UTC),
    )
    if result.sent != COUNT:
        raise SystemExit(f"{result.sent} of {COUNT} mails were delivered.")
    return time.perf_counter() - begun


def _bare(port: int) -> float:
    letter = _letter(0)
    begun = time.perf_counter()
    with smtplib.SMTP(HOST, port) as connection:
        for number in range(COUNT):
            message = EmailMessage()
            message["From"], message["To"] = "tracker@tracker.example", "somebody@tracker.example"
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
