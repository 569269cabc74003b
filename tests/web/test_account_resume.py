"""What was typed before the session ended comes back after signing in, is read, and is sent by one button."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.cast import PASSWORD, Cast
from tests.web.test_account_sign_in import csrf, try_in
from tracker.models import User
from tracker.web.resume import field_label

TARGET = "/admin/people/invite"
LONG = '«Ñandú» 😀 ירושלים\r\nsecond line & <b>bold</b> "quoted"\r\n' + "x" * 15_000
TYPED: dict[str, Any] = {
    "email": "kept@tracker.test",
    "name": "Ñusta <script>alert(1)</script> Avaré",
    "role": "observer",
    "organisation_name": "Ñandú & <b>sons</b>",
    "institution_name": "",
    "version": "7",
}


class Form(HTMLParser):
    """The fields of the page's form that goes to ``action``, as a browser would send them."""

    def __init__(self, page: str, action: str) -> None:
        super().__init__()
        self.action, self.inside, self.fields = action, False, list[tuple[str, str]]()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = dict(attrs)
        if tag == "form":
            self.inside = a.get("action") == self.action
        if self.inside and tag == "input" and a.get("name"):
            self.fields.append((str(a["name"]), a.get("value") or ""))

    def data(self, **changed: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, value in self.fields:
            found.setdefault(name, []).append(value)
        return found | {name: [value] for name, value in changed.items()}


@pytest.fixture
def typing(cast: Cast, client: FlaskClient) -> FlaskClient:
    """An administrator who is filling in the form when the session ends."""
    cast.sign_in(client, "admin")
    return client


def test_kept_through_signing_in_and_sent_once_read(cast: Cast, typing: FlaskClient) -> None:
    token = csrf(typing, TARGET)
    cast.clock.advance(hours=3)
    refused = typing.post(TARGET, data={"csrf_token": token, **TYPED})
    assert refused.status_code == 401
    assert "What you typed is kept" in refused.text
    assert "<script>alert" not in refused.text
    form = Form(refused.text, "/sign-in")

    wrong = typing.post("/sign-in", data=form.data(email="admin@tracker.test", password="wrong"))
    assert wrong.status_code == 422
    form = Form(wrong.text, "/sign-in")

    offered = typing.post("/sign-in", data=form.data(email="admin@tracker.test", password=PASSWORD))
    assert offered.status_code == 200
    for readable in ("Name", "Ñusta &lt;script&gt;", "kept@tracker.test", "Observer"):
        assert readable in offered.text
    assert offered.text.index("kept@tracker.test") < offered.text.index("Observer")
    with cast.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).where(User.email == "kept@tracker.test")) == 0

    form = Form(offered.text, TARGET)
    sent = form.data()
    assert sent["organisation_name"] == [TYPED["organisation_name"]]
    assert sent["version"] == ["7"]
    assert sent["institution_name"] == [""]
    assert sent["csrf_token"] != [token]
    assert typing.post(TARGET, data=sent).status_code == 303
    with cast.reading() as session:
        assert session.scalars(sa.select(User.name).where(User.email == "kept@tracker.test")).one() == TYPED["name"]


def test_long_text_letter_for_letter(cast: Cast, client: FlaskClient) -> None:
    refused = client.post("/account", data={"name": LONG, "time_zone": "UTC"})
    form = Form(refused.text, "/sign-in")
    offered = client.post("/sign-in", data=form.data(email="focal.br@tracker.test", password=PASSWORD))
    assert Form(offered.text, "/account").data()["name"] == [LONG]


def test_token_of_an_older_session(cast: Cast, typing: FlaskClient) -> None:
    """Signed in again in another tab: the form of the first tab is offered at once."""
    token = csrf(typing, TARGET)
    typing.post("/sign-out", data={"csrf_token": token})
    try_in(typing, "admin@tracker.test")
    answer = typing.post(TARGET, data={"csrf_token": token, **TYPED})
    assert answer.status_code == 400
    assert "kept@tracker.test" in answer.text
    assert typing.post(TARGET, data=Form(answer.text, TARGET).data()).status_code == 303


def test_passwords_and_tokens_are_never_kept(cast: Cast, client: FlaskClient) -> None:
    typed = {
        "csrf_token": "old-token",
        "present_password": "s3cret-a",
        "new_password": "s3cret-b",
        "repeat_password": "s3cret-b",
    }
    page = client.post("/account/password", data=typed)
    assert page.status_code == 401
    assert "s3cret" not in page.text
    assert "old-token" not in page.text


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}]
)
def test_what_another_site_sent_is_not_offered(cast: Cast, typing: FlaskClient, headers: dict[str, str]) -> None:
    for wanted in (400, 401):
        answer = typing.post(TARGET, data=TYPED, headers=headers)
        assert answer.status_code == wanted
        assert "kept@tracker.test" not in answer.text
        typing.delete_cookie("tracker", domain="tracker.test")


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/account", "//evil.example/account", "/dashboard", "/sign-out", "/nowhere", "", "/\\e"],
)
def test_kept_text_goes_only_where_changes_are_sent(cast: Cast, client: FlaskClient, target: str) -> None:
    data = {"csrf_token": csrf(client), "email": "focal.br@tracker.test", "password": PASSWORD}
    answer = client.post("/sign-in", data=data | {"kept_target": target, "kept.name": "x"})
    assert (answer.status_code, answer.location) == (303, "/dashboard")


def test_a_body_too_large_is_refused_as_such(cast: Cast, client: FlaskClient) -> None:
    assert client.post("/account", data={"name": "x" * 3_000_000}).status_code == 413


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("narrative-CS-03.a", "Narrative CS-03.a"),
        ("self_assessment-CS-01.b", "Self-assessment CS-01.b"),
        ("some_thing", "Some thing"),
    ],
)
def test_fields_are_called_by_words(cast: Cast, name: str, label: str) -> None:
    with cast.app.test_request_context():
        assert field_label(name) == label
