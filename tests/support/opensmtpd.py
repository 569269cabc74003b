"""OpenSMTPD, the mail server of Debian, with mailboxes in a folder of the test."""

from __future__ import annotations

import os
import shutil
import smtplib
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.support import summary
from tests.support.network import ALLOWED_SMTP
from tests.support.smtp import free_port

DOMAIN = "tracker.test"
AWAY = "elsewhere.test"
"""Mail for this domain is handed on to another server."""
WITHIN = 10.0
"""Seconds in which what was taken must have been delivered."""
CONFIG = """\
table people file:{folder}/people
queue ttl 1h
listen on 127.0.0.1 port {port} hostname mail.{domain}
action "box" maildir "{folder}/boxes/%{{rcpt.user:lowercase}}" virtual <people>
action "away" relay host "smtp://127.0.0.1:{away_port}"
match from any for domain "{domain}" action "box"
match from any for domain "{away}" action "away"
"""


@dataclass
class MailServer:
    """A running server: where it listens, and what it delivered."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def maildir(self, name: str) -> Path:
        return self.folder / "boxes" / name

    def mailbox(self, name: str, *, count: int = 1) -> list[EmailMessage]:
        """What was delivered to ``name``, once there are ``count``, oldest first."""
        new = self.maildir(name) / "new"
        wait_until(lambda: new.is_dir() and len(list(new.iterdir())) >= count, f"{count} mails for {name}")
        found = sorted(new.iterdir(), key=lambda one: one.stat().st_mtime)
        return [message_from_bytes(one.read_bytes(), policy=policy.default) for one in found]


def wait_until(reached: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + WITHIN
    while not reached():
        assert time.monotonic() < until, f"not within {WITHIN:.0f} s: {what}"
        time.sleep(0.02)


def _lacking() -> str:
    if shutil.which("smtpd", path=f"{os.environ.get('PATH', '')}:/usr/sbin") is None:
        return "no smtpd (apt-get install opensmtpd)"
    if os.geteuid() != 0:
        return "smtpd runs as root only"
    try:
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect("/var/run/smtpd.sock")
    except OSError:
        return ""
    return "another smtpd is running on this machine"


@pytest.fixture
def mail_server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServer]:
    """The server with mailboxes for everybody of the cast; the fixture ``smtp_server`` gets what is for ``AWAY``."""
    reason = _lacking()
    if reason:
        summary.skip(request, "opensmtpd", reason)
    summary.note(request, "opensmtpd")
    from tests.cast import PEOPLE

    away = request.getfixturevalue("smtp_server")
    # Not below pytest's folder: the users under which the server works may not look into that.
    folder = Path(f"/tmp/tracker-opensmtpd-{os.getpid()}")  # noqa: S108
    folder.mkdir(mode=0o755)
    server = MailServer(folder, free_port())
    (folder / "boxes").mkdir()
    shutil.chown(folder / "boxes", "nobody")
    names = [*PEOPLE, "tracker"]
    (folder / "people").write_text("".join(f"{name}@{DOMAIN}: nobody\n" for name in names))
    (folder / "smtpd.conf").write_text(
        CONFIG.format(folder=folder, port=server.port, domain=DOMAIN, away=AWAY, away_port=away.port)
    )
    for path in (folder / "people", folder / "smtpd.conf"):
        path.chmod(0o644)
    log = (folder / "log").open("wb")
    process = subprocess.Popen(("/usr/sbin/smtpd", "-d", "-f", str(folder / "smtpd.conf")), stdout=log, stderr=log)
    ALLOWED_SMTP.add(server.port)
    try:
        wait_until(lambda: process.poll() is not None or _answers(server.port), "smtpd listens")
        assert process.poll() is None, (folder / "log").read_text("utf-8", "replace")
        yield server
    finally:
        process.terminate()
        process.wait(10)
        log.close()
        ALLOWED_SMTP.discard(server.port)
        shutil.rmtree(folder)


def _answers(port: int) -> bool:
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=1):
            return True
    except OSError:
        return False
