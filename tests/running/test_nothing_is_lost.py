"""What was answered as saved is there after kill -9 of the whole server, at any moment (SAFETY D1)."""

from __future__ import annotations

import http.client
import os
import re
import signal
import threading
from collections.abc import Callable
from datetime import date
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from tests.cast import PASSWORD, Cast
from tests.running.test_supervisor import Running, start  # noqa: F401  (a fixture)
from tracker.models import ReportingCycle
from tracker.services import records
from tracker.services.report_content import of_draft

KILLED_AFTER = 8
"""Saves that were acknowledged before the server is killed."""


class Visitor:
    """A browser of the simplest kind: one connection, one cookie."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        self.cookie = ""

    def ask(self, method: str, path: str, **fields: str) -> tuple[int, str]:
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request(method, path, urlencode(fields) if fields else None, headers)
        answer = self.connection.getresponse()
        for name, value in answer.getheaders():
            if name == "Set-Cookie" and value.startswith("tracker="):
                self.cookie = value.split(";")[0]
        return answer.status, answer.read().decode()

    def fields(self, path: str) -> dict[str, str]:
        _status, page = self.ask("GET", path)
        found = dict(re.findall(r'<input[^>]*name="(csrf_token|version)"[^>]*value="([^"]*)"', page))
        assert "csrf_token" in found, page[:500]
        return found

    def sign_in(self, email: str) -> None:
        status, page = self.ask("POST", "/sign-in", email=email, password=PASSWORD, **self.fields("/sign-in"))
        assert status == 303, page[:500]


@pytest.mark.both_databases
def test_no_save_that_was_acknowledged_is_lost(
    cast: Cast,
    start: Callable[..., Running],  # noqa: F811
) -> None:
    report_id = cast.report_id("BR", "CS-06")
    path = f"/reports/{report_id}"
    with cast.writing() as session:
        # The server lives by the clock of the machine: its cycle must be open whenever this test runs.
        session.execute(sa.update(ReportingCycle).values(closes_on=date(2999, 12, 31)))
    running = start()
    visitor = Visitor(running.port)
    visitor.sign_in("focal.br@tracker.test")
    acknowledged: list[int] = []
    enough = threading.Event()

    def type_away() -> None:
        number = 0
        try:
            while not enough.is_set() or number < 1000:
                number += 1
                told = {"content": "1", "summary": f"Sentence {number}."}
                status, _page = visitor.ask("POST", path, **told, **visitor.fields(path))
                if status in (302, 303):
                    acknowledged.append(number)
                if len(acknowledged) >= KILLED_AFTER:
                    enough.set()
        except (OSError, http.client.HTTPException):
            enough.set()
        finally:
            visitor.connection.close()

    typing = threading.Thread(target=type_away, daemon=True)
    typing.start()
    assert enough.wait(60)
    for pid in reversed(running.all_processes()):
        os.kill(pid, signal.SIGKILL)
    typing.join(30)
    assert len(acknowledged) >= KILLED_AFTER

    with cast.reading() as session:
        report = records.report(session, report_id)
        assert report is not None
        said = of_draft(report).summary
    # The last one answered, or the one that was on its way when the server died.
    assert said in {f"Sentence {n}." for n in (acknowledged[-1], acknowledged[-1] + 1)}
