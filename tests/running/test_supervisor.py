"""The supervisor: it starts both programs, replaces what dies, and ends in time (docs/operating.md)."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from config import Settings
from tests.house.source import ROOT
from tests.support.clock import START
from tests.support.databases import SECRET, Databases
from tests.support.smtp import free_port
from tracker.db import transaction
from tracker.domain.vocabulary import Role
from tracker.models import User
from tracker.supervisor import FIRST_PAUSE, LONGEST_PAUSE, Child

PRODUCTION = {
    "TRACKER_ENV": "production",
    "TRACKER_SMTP_URL": "smtp://127.0.0.1:2525",
    "TRACKER_BASE_URL": "https://tracker.example",
}


def until(true: Callable[[], bool], seconds: float = 30) -> bool:
    """Wait until something is true. Returns whether it became so in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.05)
    return true()


def children(pid: int) -> list[int]:
    """The processes that this one started and that still run."""
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def runs(pid: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


@dataclass
class Running:
    """A supervisor at work."""

    process: subprocess.Popen[str]
    port: int
    log: Path

    def child(self, word: str) -> int | None:
        for pid in children(self.process.pid):
            try:
                if word in Path(f"/proc/{pid}/cmdline").read_text():
                    return pid
            except FileNotFoundError:
                continue
        return None

    def status(self) -> int | None:
        """What ``/robots.txt`` answers; None where nothing does."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/robots.txt")
            return connection.getresponse().status
        except OSError:
            return None
        finally:
            connection.close()

    def all_processes(self) -> list[int]:
        found = [self.process.pid]
        for pid in found:
            found += children(pid)
        return found


def environment(settings: Settings, port: int, **changes: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "TRACKER_DATA_DIR": str(settings.data_dir),
        "TRACKER_DATABASE_URL": settings.database_url,
        "TRACKER_SECRET_KEY": SECRET,
        "TRACKER_PORT": str(port),
        **changes,
    }


@pytest.fixture
def start(settings: Settings, tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Starts ``serve`` on this test's database; what is left at the end of the test is killed."""
    started: list[Running] = []

    def go(**changes: str) -> Running:
        port = free_port()
        log = tmp_path / "log"
        with log.open("w") as stream:
            process = subprocess.Popen(
                (sys.executable, "-m", "tracker.supervisor", "serve"),
                cwd=ROOT,
                env=environment(settings, port, **changes),
                stdout=stream,
                stderr=stream,
                start_new_session=True,
                text=True,
            )
        running = Running(process, port, log)
        started.append(running)
        assert until(lambda: "Ready" in log.read_text() or process.poll() is not None)
        assert process.poll() is None, log.read_text()
        return running

    yield go
    for running in started:
        for pid in running.all_processes():
            if runs(pid):
                os.kill(pid, signal.SIGKILL)
        running.process.wait(10)


def test_the_dead_are_replaced_and_all_end_on_sigterm(start: Callable[..., Running]) -> None:
    running = start()
    web = running.child("gunicorn")
    assert web is not None
    assert until(lambda: len(children(web)) == 2)
    worker = children(web)[0]

    os.kill(worker, signal.SIGKILL)
    assert until(lambda: len(children(web)) == 2 and worker not in children(web))
    assert until(lambda: running.status() == 200)

    assert until(lambda: running.child("scheduler") is not None)
    scheduler = running.child("scheduler")
    assert scheduler is not None
    os.kill(scheduler, signal.SIGKILL)
    assert until(lambda: running.child("scheduler") not in (None, scheduler))
    assert "The scheduler ended" in running.log.read_text()
    assert running.status() == 200

    everybody = running.all_processes()
    begun = time.monotonic()
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(30) == 0
    assert time.monotonic() - begun < 30
    assert not [pid for pid in everybody if runs(pid)]


def test_a_request_at_work_is_finished_on_sigterm(start: Callable[..., Running]) -> None:
    running = start()
    body = b"email=a%40tracker.test&password=wrong"
    with socket.create_connection(("127.0.0.1", running.port), timeout=20) as visitor:
        visitor.sendall(
            b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s"
            % (running.port, len(body), body[:10])
        )
        time.sleep(0.5)
        running.process.send_signal(signal.SIGTERM)
        time.sleep(1)
        visitor.sendall(body[10:])
        assert visitor.recv(100).startswith(b"HTTP/1.1 ")
    assert running.process.wait(30) == 0


def test_nothing_is_left_when_the_supervisor_is_killed(start: Callable[..., Running]) -> None:
    running = start()
    everybody = running.all_processes()
    running.process.kill()
    assert until(lambda: not [pid for pid in everybody if runs(pid)]), "something still runs"


def refused(settings: Settings, port: int, mode: str = "serve", **changes: str) -> str:
    """The one sentence with which the supervisor refuses to start."""
    answer = subprocess.run(
        (sys.executable, "-m", "tracker.supervisor", mode),
        cwd=ROOT,
        env=environment(settings, port, **changes),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert answer.returncode == 2, answer.stderr
    assert "Traceback" not in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1
    return answer.stderr


def test_a_wrong_setting_is_named(settings: Settings) -> None:
    assert "TRACKER_WORKERS" in refused(settings, free_port(), TRACKER_WORKERS="none")


def test_a_missing_secret_in_production_is_named(settings: Settings) -> None:
    assert "TRACKER_SECRET_KEY" in refused(
        settings,
        free_port(),
        **PRODUCTION | {"TRACKER_SECRET_KEY": ""},
    )


def test_a_port_in_use_is_named(settings: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert "TRACKER_PORT" in refused(settings, taken.getsockname()[1])


def test_a_database_without_its_migrations_is_not_served(
    settings: Settings, databases: Databases, tmp_path: Path
) -> None:
    with databases.empty("sqlite", tmp_path / "empty") as url:
        assert "db upgrade" in refused(settings, free_port(), TRACKER_DATABASE_URL=url)


def test_a_database_out_of_reach_is_said_plainly(settings: Settings) -> None:
    url = f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/nothing"
    assert "TRACKER_DATABASE_URL" in refused(settings, free_port(), TRACKER_DATABASE_URL=url)


def test_run_loads_no_demonstration_into_production(settings: Settings) -> None:
    assert "make serve" in refused(
        settings,
        free_port(),
        "run",
        **PRODUCTION,
    )


class Program:
    """Stands in for a process that has ended with a status, or still runs."""

    def __init__(self, status: int | None) -> None:
        self.status = status

    def poll(self) -> int | None:
        return self.status


def test_pauses_grow_while_a_program_dies_at_once_and_begin_anew_once_it_lived() -> None:
    programs: list[Any] = []
    child = Child(lambda: programs.append(Program(1)) or programs[-1])  # type: ignore[func-returns-value]
    now, pauses = 0.0, []
    for _ in range(9):
        child.tend(now)
        assert child.tend(now) == 1
        pauses.append(child.pause)
        assert child.tend(now + child.pause - 0.01) is None
        assert child.process is None
        now += child.pause
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    child.tend(now)
    assert child.tend(now + LONGEST_PAUSE) == 1
    assert child.pause == FIRST_PAUSE


def test_a_folder_that_cannot_be_used_is_named(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    unusable = refused(settings, free_port(), TRACKER_DATA_DIR=str(tmp_path / "file" / "data"), TRACKER_SECRET_KEY="")
    assert "TRACKER_DATA_DIR" in unusable


def test_demonstration_accounts_are_not_served_in_production(app: Flask, settings: Settings) -> None:
    with app.app_context(), transaction() as session:
        session.add(
            User(
                email="ana@tracker.test",
                name="Ana",
                role=Role.ADMINISTRATOR,
                fs_uniquifier="ana",
                is_demonstration=True,
                created_at=START,
            )
        )
    assert "demonstration accounts" in refused(settings, free_port(), **PRODUCTION)
