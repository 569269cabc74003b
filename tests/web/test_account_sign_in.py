"""Signing in and out: the same answer for every wrong try, the brake, and cookies that are worth nothing afterwards."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cast import PASSWORD, Cast
from tracker.domain.accounts import MOST_FAILURES
from tracker.models import AuditEntry, SignInAttempt, SignInSession, User

FOCAL = "focal.br@tracker.test"


def csrf(client: FlaskClient, path: str = "/sign-in") -> str:
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', client.get(path).text)
    assert found, f"no form on {path}"
    return found[1]


def try_in(client: FlaskClient, email: str, password: str = PASSWORD, **more: str) -> TestResponse:
    return client.post("/sign-in", data={"csrf_token": csrf(client), "email": email, "password": password, **more})


def is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def without_tokens(page: str) -> str:
    return re.sub(r'value="[^"]*"', "", page)


def test_right_password_opens_the_dashboard(cast: Cast, client: FlaskClient) -> None:
    answer = try_in(client, " Focal.BR@Tracker.test ")
    assert (answer.status_code, answer.location) == (303, "/dashboard")
    assert is_in(client)


def test_the_cookie_changes_and_old_contents_go(cast: Cast, client: FlaskClient) -> None:
    token = csrf(client)
    before = client.get_cookie("tracker", "tracker.test")
    with client.session_transaction() as cookie:
        cookie["left"] = "by somebody"
    try_in(client, FOCAL)
    after = client.get_cookie("tracker", "tracker.test")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    with client.session_transaction() as cookie:
        assert "left" not in cookie
        assert cookie.permanent
    assert client.post("/sign-out", data={"csrf_token": token}).status_code == 400
    assert is_in(client)


def test_cookie_can_only_travel_with_the_site(cast: Cast, client: FlaskClient) -> None:
    header = next(h for h in try_in(client, FOCAL).headers.getlist("Set-Cookie") if h.startswith("tracker="))
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    assert "Path=/" in header


class TestHttps:
    @pytest.fixture
    def settings_changes(self) -> dict[str, object]:
        return {"base_url": "https://tracker.test"}

    def test_cookie_is_bound_to_host_and_tls(self, cast: Cast, client: FlaskClient) -> None:
        cookies = client.get("/sign-in").headers.getlist("Set-Cookie")
        header = next(h for h in cookies if h.startswith("__Host-tracker="))
        assert "Secure" in header
        assert "Domain" not in header

    def test_signing_in(self, cast: Cast, client: FlaskClient) -> None:
        data = {"csrf_token": csrf(client), "email": FOCAL, "password": PASSWORD}
        for referrer, status in ((None, 400), ("https://evil.example/", 400), ("https://tracker.test/sign-in", 303)):
            headers = {"Referer": referrer} if referrer else {}
            assert client.post("/sign-in", data=data, headers=headers).status_code == status
        assert is_in(client)


class TestNothingTold:
    @pytest.fixture
    def answers(self, any_cast: Cast, app: Flask) -> dict[str, TestResponse]:
        with any_cast.writing() as session:
            people = {u.email: u for u in session.scalars(sa.select(User))}
            people["focal.gt@tracker.test"].active = False
            people["focal.us@tracker.test"].password = None
        return {
            kind: try_in(app.test_client(), email, password)
            for kind, email, password in (
                ("wrong", FOCAL, "not the password of anybody"),
                ("unknown", "nobody@tracker.test", PASSWORD),
                ("disabled", "focal.gt@tracker.test", PASSWORD),
                ("not accepted", "focal.us@tracker.test", PASSWORD),
                ("no address", "Robert'); DROP TABLE", PASSWORD),
            )
        }

    def test_same_page_and_status(self, answers: dict[str, TestResponse]) -> None:
        assert {answer.status_code for answer in answers.values()} == {422}
        assert len({without_tokens(answer.text) for answer in answers.values()}) == 1

    def test_same_work(self, any_cast: Cast, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        from tracker.services import passwords

        hashes = []
        real = passwords._HASHER.verify
        monkeypatch.setattr(type(passwords._HASHER), "verify", lambda self, *a: (hashes.append(len(a[1])), real(*a))[1])
        for email in (FOCAL, "nobody@tracker.test"):
            try_in(app.test_client(), email, "not the password of anybody")
        assert len(hashes) == 2

    def test_trail_holds_neither_password_nor_unknown_address(
        self, any_cast: Cast, answers: dict[str, TestResponse]
    ) -> None:
        with any_cast.reading() as session:
            entries = session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "sign_in.failed")).all()
            assert len(entries) == len(answers)
            assert all(entry.source_address == "127.0.0.1" and not entry.new for entry in entries)
            assert sum(1 for entry in entries if entry.record_id is None) == 2


def test_form_keeps_the_address_never_the_password(cast: Cast, client: FlaskClient) -> None:
    page = try_in(client, FOCAL, "wrong but mine").text
    assert FOCAL in page
    assert "wrong but mine" not in page
    assert "do not go together" in page


@pytest.mark.parametrize("email", [FOCAL, "nobody@tracker.test"])
def test_brake_for_known_and_unknown_alike(any_cast: Cast, app: Flask, email: str) -> None:
    statuses = [try_in(app.test_client(), email, "wrong").status_code for _ in range(MOST_FAILURES + 1)]
    assert statuses == [422] * MOST_FAILURES + [429]
    assert try_in(app.test_client(), email).status_code == 429, "also with the right password"
    assert try_in(app.test_client(), "approver.br@tracker.test").status_code == 303, "nobody else waits"
    any_cast.clock.advance(minutes=15, seconds=1)
    assert try_in(app.test_client(), email).status_code == (303 if email == FOCAL else 422)


def test_success_forgets_failures(cast: Cast, client: FlaskClient) -> None:
    for _ in range(MOST_FAILURES - 1):
        try_in(client, FOCAL, "wrong")
    try_in(client, FOCAL)
    with cast.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(SignInAttempt)) == 0


def test_sign_out_kills_every_copy_of_the_cookie(cast: Cast, app: Flask, client: FlaskClient) -> None:
    try_in(client, FOCAL)
    stolen = client.get_cookie("tracker", "tracker.test")
    assert stolen is not None
    thief = app.test_client()
    thief.set_cookie("tracker", stolen.value, domain="tracker.test")
    assert is_in(thief)
    answer = client.post("/sign-out", data={"csrf_token": csrf(client, "/account")})
    assert (answer.status_code, answer.location) == (303, "/")
    assert not is_in(client)
    assert not is_in(thief)


def test_signing_in_again_ends_the_earlier_session_of_this_browser(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "focal.br")
    token = csrf(client, "/account")
    client.post("/sign-in", data={"csrf_token": token, "email": "approver.br@tracker.test", "password": PASSWORD})
    with cast.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).where(SignInSession.ended_at.is_(None))) == 1


@pytest.mark.parametrize(
    "change", [{"active": False}, {"role": "approver"}, {"fs_uniquifier": "another"}], ids=["disabled", "role", "reset"]
)
def test_a_changed_account_counts_at_the_next_request(cast: Cast, client: FlaskClient, change: dict) -> None:
    cast.sign_in(client, "admin")
    assert client.get("/admin/people").status_code == 200
    with cast.writing() as session:
        user = session.scalars(sa.select(User).where(User.email == "admin@tracker.test")).one()
        user.party_id = cast_party(session)
        for name, value in change.items():
            setattr(user, name, value)
    assert client.get("/admin/people").status_code in (302, 403)


def cast_party(session: sa.orm.Session) -> int:
    from tracker.models import ReportingParty

    return session.scalars(sa.select(ReportingParty.id).where(ReportingParty.code == "BR")).one()


def test_idle_limit(cast: Cast, client: FlaskClient) -> None:
    try_in(client, FOCAL)
    for _ in range(3):
        cast.clock.advance(minutes=110)
        assert is_in(client)
    cast.clock.advance(minutes=121)
    assert not is_in(client)


def test_absolute_limit(cast: Cast, client: FlaskClient) -> None:
    try_in(client, FOCAL)
    begun = cast.clock.now()
    while cast.clock.now() < begun + timedelta(hours=11):
        cast.clock.advance(hours=1)
        assert is_in(client)
    cast.clock.advance(hours=1)
    assert not is_in(client)


HOSTILE = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "evil.example",
    " //evil.example",
    "/\t/evil.example",
    "/\r\nLocation: https://evil.example",
    "/\x00/evil.example",
    "http:///evil.example",
    "//evil.example\\@tracker.test",
    "/" + "a" * 3000,
]


@pytest.mark.parametrize("target", HOSTILE)
def test_next_leads_only_inside(cast: Cast, client: FlaskClient, target: str) -> None:
    answer = try_in(client, FOCAL, next=target)
    assert (answer.status_code, answer.location) == (303, "/dashboard")
    again = client.get("/sign-in", query_string={"next": target})
    assert again.location == "/dashboard"


@pytest.mark.parametrize("target", ["/%09/evil.example", "/%5Cevil.example", "/account?a=1&b=%2F%2Fx"])
def test_next_is_never_decoded_into_another_host(cast: Cast, client: FlaskClient, target: str) -> None:
    assert try_in(client, FOCAL, next=target).location == target


def test_signed_out_page_comes_back_after_signing_in(cast: Cast, client: FlaskClient) -> None:
    answer = client.get("/account?a=b")
    assert answer.status_code == 302
    assert answer.location == "/sign-in?next=%2Faccount%3Fa%3Db"
    assert try_in(client, FOCAL, next="/account?a=b").location == "/account?a=b"


class TestForgery:
    def test_signing_in_and_out_need_the_token(self, cast: Cast, client: FlaskClient) -> None:
        data = {"email": FOCAL, "password": PASSWORD}
        assert client.post("/sign-in", data=data).status_code == 400
        assert client.post("/sign-in", json=data).status_code == 400
        assert client.post("/sign-in", data=data, content_type="text/plain").status_code == 400
        assert not is_in(client)
        try_in(client, FOCAL)
        assert client.post("/sign-out").status_code == 400
        assert is_in(client)

    def test_a_token_of_another_session_is_refused(self, cast: Cast, app: Flask, client: FlaskClient) -> None:
        foreign = csrf(app.test_client())
        csrf(client)
        data = {"csrf_token": foreign, "email": FOCAL, "password": PASSWORD}
        answer = client.post("/sign-in", data=data)
        assert answer.status_code == 400
        assert "open for too long" in answer.text

    @pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
    def test_other_methods(self, cast: Cast, client: FlaskClient, method: str) -> None:
        cast.sign_in(client, "focal.br")
        assert client.open("/account", method=method).status_code in (400, 405)


ODD = [
    "\x00",
    "a\x00b",
    "\ud800".encode("utf-8", "surrogatepass"),
    "\u202eevil",
    "\ufdd0",
    "Ñandú 😀",
    "x" * 30_000,
    "",
]


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_odd_input_never_breaks(any_cast: Cast, client: FlaskClient, text: str | bytes) -> None:
    token = csrf(client)
    for data in ({"email": text, "password": text}, {"email": FOCAL, "password": text}, {"email": text}):
        assert client.post("/sign-in", data={"csrf_token": token, **data}).status_code == 422


def test_too_large_a_body_is_refused(cast: Cast, client: FlaskClient) -> None:
    data = {"csrf_token": csrf(client), "email": FOCAL, "password": "x" * 3_000_000}
    assert client.post("/sign-in", data=data).status_code == 413
    assert client.post("/account", data={"name": "x" * 3_000_000}).status_code == 413


def test_ten_thousand_fields_are_refused(cast: Cast, client: FlaskClient) -> None:
    part = '--b\r\nContent-Disposition: form-data; name="f{}"\r\n\r\nx\r\n'
    bodies = {
        "application/x-www-form-urlencoded": "&".join(f"f{n}=x" for n in range(10_000)),
        "multipart/form-data; boundary=b": "".join(part.format(n) for n in range(10_000)) + "--b--\r\n",
    }
    for content_type, body in bodies.items():
        for path in ("/sign-in", "/account", "/forgot-password"):
            assert client.post(path, data=body.encode(), content_type=content_type).status_code == 413
