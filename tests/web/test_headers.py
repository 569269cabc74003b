"""Headers of every answer (SAFETY B11 to B13): pages, refusals, documents, static files."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}
ASKED = (
    "/",
    "/states",
    "/sign-in",
    "/no/such/page",
    "/dashboard",
    "/healthz",
    "/robots.txt",
    "/status-reports/br.json",
)


@pytest.mark.parametrize("path", ASKED)
def test_every_answer_carries_them(cast: Cast, client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    for name, value in EVERYWHERE.items():
        assert headers.getlist(name) == [value], (path, name)
    policy = headers["Content-Security-Policy"]
    for rule in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert rule in policy
    assert "unsafe" not in policy
    assert "Strict-Transport-Security" not in headers


def test_static_files_are_not_guessed_at(client: FlaskClient) -> None:
    page = client.get("/sign-in").get_data(as_text=True)
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    with client.get(address) as answer:
        assert answer.status_code == 200
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "max-age=31536000" in answer.headers["Cache-Control"]


def test_what_needs_an_account_is_never_stored(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "focal.br")
    for path in ("/dashboard", "/commitments", "/account", "/"):
        assert client.get(path).headers["Cache-Control"] == "no-store", path


def test_a_visitor_gets_no_cookie(cast: Cast, client: FlaskClient) -> None:
    for path in ("/", "/states", "/states/br", "/provisions/CS-03", "/no/such/page"):
        assert "Set-Cookie" not in client.get(path).headers, path


class TestBehindTls:
    @pytest.fixture
    def settings_changes(self) -> dict[str, Any]:
        return {"base_url": "https://tracker.test"}

    def test_browsers_are_told_to_stay_with_it(self, app: Flask) -> None:
        headers = app.test_client().get("/sign-in", base_url="https://tracker.test").headers
        assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
        cookie = headers["Set-Cookie"]
        assert cookie.startswith("__Host-tracker=")
        for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
            assert part in cookie
        assert "Domain" not in cookie
