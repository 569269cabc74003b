"""The commands: what they print, what they refuse in one sentence, and that again changes nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from config import Settings
from tests.cast import Cast
from tests.support.smtp import SmtpServer
from tracker.db import db
from tracker.jobs import TIMETABLE
from tracker.models import Message, Provision, User

MORNING = datetime(2026, 3, 31, 15, tzinfo=UTC)


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=list(words))


def refused(result: Result, said: str) -> None:
    assert result.exit_code in (1, 2), result.output
    assert said in result.output
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_every_command_of_the_contract_is_there(app: Flask) -> None:
    for words in (
        ["db", "upgrade"], ["catalogue", "load"], ["demo", "load"], ["scheduler"], ["jobs", "list"], ["jobs", "run"],
        ["mail", "plan"], ["mail", "list"], ["mail", "deliver"], ["status-report"], ["user", "invite"],
    ):  # fmt: skip
        with app.app_context():
            assert run(app, *words, "--help").exit_code == 0, words


def test_catalogue_twice(any_app: Flask) -> None:
    assert "new: 28 provisions" in run(any_app, "catalogue", "load").output
    again = run(any_app, "catalogue", "load")
    assert again.output == "The catalogue is up to date.\n"
    with any_app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Provision)) == 28


def test_a_scale_that_does_not_exist(app: Flask) -> None:
    refused(run(app, "demo", "load", "--scale", "0"), "from 1 to")
    refused(run(app, "demo", "load", "--scale", "many"), "not a valid integer")


class TestJobs:
    def test_list(self, app: Flask) -> None:
        lines = run(app, "jobs", "list").output.splitlines()
        assert [line.split()[0] for line in lines] == [job.name for job in TIMETABLE]

    def test_run_at_a_moment(self, any_cast: Cast) -> None:
        assert "reminders: 0 done" in run(any_cast.app, "jobs", "run", "reminders").output
        at = ("jobs", "run", "reminders", "--at", "2026-03-31T15:00+00:00")
        assert "reminders: 11 done, 0 failed" in run(any_cast.app, *at).output
        assert "reminders: 0 done, 0 failed" in run(any_cast.app, *at).output
        with any_cast.reading() as session:
            assert set(session.scalars(sa.select(Message.made_at))) == {MORNING}

    def test_a_moment_without_zone_is_utc(self, cast: Cast) -> None:
        assert "11 done" in run(cast.app, "jobs", "run", "reminders", "--at", "2026-03-31 15:00").output

    def test_refusals(self, app: Flask) -> None:
        refused(run(app, "jobs", "run", "nothing"), "There is no job 'nothing'")
        refused(run(app, "jobs", "run", "reminders", "--at", "tomorrow"), "is no moment")


class TestMail:
    def test_list_is_a_line_per_message(self, any_cast: Cast) -> None:
        assert run(any_cast.app, "mail", "list").output == ""
        run(any_cast.app, "jobs", "run", "reminders", "--at", MORNING.isoformat())
        lines = run(any_cast.app, "mail", "list").output.splitlines()
        assert len(lines) == 11
        line = next(line for line in lines if "focal.us" in line)
        assert line.split() == [
            "queued", "2026-03-31", "15:00", "focal.us@tracker.test", "15", "reports", "are", "due", "on", "30",
            "April", "2026",
        ]  # fmt: skip
        assert len(run(any_cast.app, "mail", "list", "--limit", "2").output.splitlines()) == 2

    def test_deliver(self, any_cast: Cast, smtp_server: SmtpServer) -> None:
        any_cast.clock.set(MORNING)
        run(any_cast.app, "jobs", "run", "reminders")
        assert run(any_cast.app, "mail", "deliver").output.splitlines()[-1] == "11 sent, 0 waiting"
        assert run(any_cast.app, "mail", "deliver").output.splitlines()[-1] == "0 sent, 0 waiting"
        assert len(smtp_server.received) == 11

    def test_deliver_without_a_server(self, app: Flask) -> None:
        assert "TRACKER_SMTP_URL is not set" in run(app, "mail", "deliver").output

    def test_plan_writes_nothing(self, any_cast: Cast) -> None:
        output = run(any_cast.app, "mail", "plan", "--days", "30").output
        assert "2026-03-31 focal.us@tracker.test" in output
        assert "15 due,   0 overdue: US CS-01, US CS-02" in output
        reminders = [line for line in output.splitlines() if " reminder " in line]
        assert len(reminders) == 11
        assert output.splitlines()[-1].startswith(f"{len(output.splitlines()) - 1} mails in the coming 30 days")
        with any_cast.reading() as session:
            assert session.scalar(sa.select(sa.func.count()).select_from(Message)) == 0
        refused(run(any_cast.app, "mail", "plan", "--days", "-1"), "not in the range")


class TestStatusReport:
    def test_formats(self, any_cast: Cast, tmp_path: Path) -> None:
        for form, begins in (("pdf", b"%PDF-"), ("xlsx", b"PK"), ("json", b"{")):
            path = tmp_path / f"br.{form}"
            result = run(any_cast.app, "status-report", "br", "--cycle", "2026", "--format", form, "-o", str(path))
            assert result.exit_code == 0, result.output
            assert path.read_bytes().startswith(begins)
        assert json.loads((tmp_path / "br.json").read_text("utf-8"))

    def test_refusals(self, cast: Cast, tmp_path: Path) -> None:
        refused(run(cast.app, "status-report", "XX"), "There is no such record.")
        refused(run(cast.app, "status-report", "BR", "--cycle", "1999"), "There is no such record.")
        refused(run(cast.app, "status-report", "BR", "--format", "doc"), "is not one of")
        refused(run(cast.app, "status-report", "BR", "-o", str(tmp_path / "none" / "x.pdf")), "cannot be written")


class TestInvite:
    def test_the_first_administrator(self, any_catalogue_app: Flask) -> None:
        words = ("user", "invite", "Ana@Tracker.test", "--name", "Ana", "--role", "administrator")
        assert run(any_catalogue_app, *words).exit_code == 0
        with any_catalogue_app.app_context():
            user = db.session.scalars(sa.select(User)).one()
            assert (user.email, user.role.value, user.password) == ("ana@tracker.test", "administrator", None)
            mail = db.session.scalars(sa.select(Message)).one()
            assert "http://tracker.test/invitation/" in mail.text
        refused(run(any_catalogue_app, *words), "Not done: email")

    def test_refusals(self, catalogue_app: Flask) -> None:
        invite = ("user", "invite", "a@b.test", "--name", "Ana", "--role")
        refused(run(catalogue_app, *invite, "focal_point"), "party code")
        refused(run(catalogue_app, *invite, "king"), "is not one of")
        refused(run(catalogue_app, "user", "invite", "no address", "--name", "A", "--role", "reviewer"), "email")


@pytest.mark.parametrize("words", [["mail", "list"], ["jobs", "run", "reminders"], ["catalogue", "load"]])
def test_an_empty_database_is_said_plainly(settings: Settings, words: list[str]) -> None:
    database = f"sqlite:///{settings.data_dir}/fresh.sqlite3"
    environment = {
        **os.environ,
        "TRACKER_DATA_DIR": str(settings.data_dir),
        "TRACKER_DATABASE_URL": database,
        "TRACKER_SECRET_KEY": settings.secret_key,
    }
    flask = [sys.executable, "-m", "flask", "--app", "tracker"]
    result = subprocess.run([*flask, *words], env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "db upgrade" in result.stderr
    assert "Traceback" not in result.stderr
    if words == ["mail", "list"]:
        upgraded = subprocess.run(
            [*flask, "db", "upgrade"], env=environment, capture_output=True, text=True, check=True
        )
        assert "INFO" not in upgraded.stderr
        assert subprocess.run([*flask, *words], env=environment, check=False).returncode == 0


def test_a_wrong_setting_ends_a_command_with_its_sentence() -> None:
    environment = os.environ | {"TRACKER_PORT": "abc"}
    ended = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "tracker", "jobs", "list"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.strip() == "TRACKER_PORT must be a whole number from 1 to 65535, not 'abc'."
