"""The fixtures keep what tests/README.md promises."""

from __future__ import annotations

import smtplib
import socket
from email.message import EmailMessage
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from config import Settings
from tests.support import html
from tests.support.clock import START, MovableClock
from tests.support.network import OutgoingConnection
from tests.support.smtp import SmtpServer
from tracker.db import db, transaction
from tracker.models import MemberState, User


def person(email: str) -> User:
    return User(email=email, name="Ana", role="administrator", fs_uniquifier=email, created_at=START, language="es")


@pytest.mark.parametrize("time", [1, 2])
def test_each_test_has_a_database_of_its_own(any_app: Flask, database: str, time: int) -> None:
    with any_app.app_context():
        assert db.engine.dialect.name == database
        assert db.session.scalar(sa.select(sa.func.count()).select_from(User)) == 0
        with transaction() as session:
            session.add(person("ana@tracker.test"))


def test_catalogue_is_there_when_asked_for(any_catalogue_app: Flask) -> None:
    with any_catalogue_app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(MemberState)) == 35


def test_clock_moves_only_when_told(app: Flask, clock: MovableClock) -> None:
    assert app.extensions["tracker.clock"].now() == START
    clock.advance(days=1, hours=2)
    assert (app.extensions["tracker.clock"].now() - START).total_seconds() == 26 * 3600


def test_nothing_leaves_this_machine(expected_outgoing: list[str]) -> None:
    with socket.socket() as probe, pytest.raises(OutgoingConnection):
        probe.connect(("192.0.2.1", 80))
    with pytest.raises(OutgoingConnection):
        smtplib.SMTP("127.0.0.1", 25)
    assert len(expected_outgoing) == 2
    expected_outgoing.clear()


def mail() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@tracker.test", "b@tracker.test", "Olá"
    message.set_content("São Tomé\n")
    return message


class TestSmtpServer:
    def send(self, server: SmtpServer) -> None:
        with smtplib.SMTP(server.host, server.port, timeout=5) as connection:
            connection.send_message(mail())

    def test_takes_mail(self, smtp_server: SmtpServer, settings: Settings) -> None:
        assert settings.smtp_url == smtp_server.url
        self.send(smtp_server)
        assert [one["Subject"] for one in smtp_server.messages] == ["Olá"]
        assert smtp_server.messages[0].get_content() == "São Tomé\n"

    def test_refuses_as_told_then_takes(self, smtp_server: SmtpServer) -> None:
        smtp_server.answer("RCPT", "450 4.2.0 later")
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            self.send(smtp_server)
        smtp_server.answer("DATA", "550 5.7.1 no")
        with pytest.raises(smtplib.SMTPDataError):
            self.send(smtp_server)
        self.send(smtp_server)
        assert len(smtp_server.received) == 1

    def test_hangs_up(self, smtp_server: SmtpServer) -> None:
        smtp_server.disconnect("DATA")
        with pytest.raises((smtplib.SMTPException, OSError)):
            self.send(smtp_server)
        assert smtp_server.received == []

    def test_loses_the_reply(self, smtp_server: SmtpServer) -> None:
        smtp_server.lose_reply()
        with pytest.raises((smtplib.SMTPException, OSError)):
            self.send(smtp_server)
        assert len(smtp_server.received) == 1

    def test_says_nothing(self, smtp_server: SmtpServer) -> None:
        smtp_server.hang("MAIL", 5)
        with smtplib.SMTP(smtp_server.host, smtp_server.port, timeout=0.3) as connection:
            with pytest.raises((smtplib.SMTPException, OSError)):
                connection.send_message(mail())
            connection.close()


def test_faults_of_html_are_found(tmp_path: Path) -> None:
    checker = html.checker()
    if isinstance(checker, str):
        pytest.skip(f"HTML checker: {checker}")
    good = "<!doctype html><html lang=en><head><title>Good</title></head><body>{}</body></html>"
    html.keep(tmp_path, "/good", good.format("<p>Good</p>"))
    html.keep(tmp_path, "/bad", good.format('<div required></div><p id="a"></p><p id="a"></p>'))
    found = html.faults(tmp_path)
    assert [fault for fault in found if "Duplicate ID" in fault and "/bad" in fault]
    assert [fault for fault in found if "required" in fault]
    assert not [fault for fault in found if "/good" in fault]


def test_pages_that_differ_in_a_token_only_are_kept_once(tmp_path: Path) -> None:
    for token in ("one", "two"):
        html.keep(tmp_path, "/", f'<script nonce="{token}"></script><input name="csrf_token" value="{token}">')
    assert len(list(tmp_path.glob("*.html"))) == 1
