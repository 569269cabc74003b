"""No address and no parameter gives a 5xx, a trace or a word of SQL, on either database (SAFETY C1, C2, C4, C5, E4)."""

from __future__ import annotations

import json

import pytest
import structlog
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.support.sending import token
from tests.web.test_doors import addresses
from tracker import logs

HOSTILE = (
    "0",
    "-1",
    "01",
    "٣",
    "9223372036854775808",
    "99999999999999999999999999",
    "1.5",
    "%00",
    "%ED%A0%80",
    "%EF%BF%BE",
    "' OR 1=1 --",
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "a" * 2000,
)
WORST = ("%00", "%ED%A0%80", "99999999999999999999999999", "' OR 1=1 --", "<script>alert(1)</script>")
PARAMETERS = (
    "page",
    "cycle",
    "party",
    "state",
    "pillar",
    "instrument",
    "theme",
    "q",
    "due",
    "assigned",
    "next",
    "lang",
)
PAGES = (
    *("/", "/states", "/states/br", "/states/br/CS-03", "/provisions", "/activities", "/library", "/commitments"),
    "/search",
)
STAFF_PAGES = ("/reviews", "/admin/people", "/admin/mail", "/commitments")
TELLTALE = ("Traceback", "sqlalchemy", "psycopg", "sqlite3", "SELECT ")


def browser(cast: Cast, name: str | None = None) -> FlaskClient:
    """A client whose pages are not kept for the HTML check: there are thousands, all alike."""
    client = FlaskClient(cast.app, cast.app.response_class)
    if name:
        cast.sign_in(client, name)
    return client


def refused_cleanly(answer: object, path: str) -> None:
    status = answer.status_code  # type: ignore[attr-defined]
    assert status < 500, (path, status)
    text = answer.get_data(as_text=True)  # type: ignore[attr-defined]
    assert not [word for word in TELLTALE if word in text], path
    assert "<script>alert(1)" not in text, path


@pytest.mark.both_databases
def test_hostile_addresses(cast: Cast) -> None:
    client = browser(cast, "admin")
    patterns = {rule.rule for rule in cast.app.url_map.iter_rules() if rule.arguments}
    assert patterns
    for pattern in sorted(patterns):
        for value in HOSTILE:
            path = "/".join(value if part.startswith("<") else part for part in pattern.split("/"))
            refused_cleanly(client.get(path), path)


@pytest.mark.both_databases
def test_hostile_parameters(cast: Cast) -> None:
    for client, pages in ((browser(cast), PAGES), (browser(cast, "admin"), STAFF_PAGES)):
        for path in pages:
            for name in PARAMETERS:
                for value in WORST:
                    refused_cleanly(client.get(f"{path}?{name}={value}"), f"{path}?{name}={value}")


@pytest.mark.both_databases
def test_every_form_refuses_rubbish(cast: Cast) -> None:
    client = browser(cast, "admin")
    names = (
        *("version", "email", "name", "role", "comment", "due_on", "rating", "strength", "reasons", "code", "title_en"),
        *("opens_on", "comment_days", "text", "title", "reason", "password", "language", "time_zone", "starts_on"),
    )
    for rubbish in ("\x00", "\ud800", "\ufffe", "9" * 40, "<script>alert(1)</script>", "x" * 30_000):
        data = {name: rubbish.encode("utf-8", "surrogatepass") for name in names} | {"csrf_token": token(client)}
        for endpoint, path, methods in addresses(cast.app):
            if "POST" in methods and not endpoint.startswith(("account.sign", "account.password", "account.change")):
                refused_cleanly(client.post(path, data=data), path)


def test_a_body_beyond_measure_is_refused_at_once(cast: Cast) -> None:
    client = browser(cast, "focal.br")
    path = f"/reports/{cast.report_id('BR', 'CS-03')}"
    answer = client.post(path, data={"csrf_token": token(client), "summary": "x" * 3_000_000})
    assert answer.status_code == 413


def test_a_line_break_makes_no_second_line_in_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    try:
        structlog.get_logger().info("name.seen", value='one\n{"event": "forged"}\r\x1b[31m')
    finally:
        structlog.reset_defaults()
    lines = capsys.readouterr().err.strip().split("\n")
    assert len(lines) == 1
    assert json.loads(lines[0])["event"] == "name.seen"
    assert "\x1b" not in lines[0]
