"""The person's own account: profile and change of password."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cast import PASSWORD, PEOPLE, Cast
from tests.web.test_account_sign_in import FOCAL, csrf, is_in, try_in
from tracker.domain.accounts import MOST_FAILURES
from tracker.models import AuditEntry, Message, User

NEW = "dez lhamas na chuva"
GOOD = {"name": "Avá Ñe'ẽ", "language": "es", "time_zone": "America/Asuncion"}


def seen(client: FlaskClient, path: str) -> str:
    """The mark that the page's form carries."""
    return re.findall(r'name="seen"[^>]*value="(\w+)"', client.get(path).text)[0]


def save(client: FlaskClient, **data: object) -> TestResponse:
    sent = {"csrf_token": csrf(client, "/account"), "seen": seen(client, "/account"), **data}
    return client.post("/account", data=sent)


def change(client: FlaskClient, present: str = PASSWORD, new: str = NEW) -> TestResponse:
    token = csrf(client, "/account/password")
    data = {"csrf_token": token, "present_password": present, "new_password": new, "repeat_password": new}
    return client.post("/account/password", data=data)


@pytest.mark.parametrize("name", PEOPLE)
def test_everybody_has_one(cast: Cast, client: FlaskClient, name: str) -> None:
    cast.sign_in(client, name)
    page = client.get("/account")
    assert page.status_code == 200
    assert f"{name}@tracker.test" in page.text
    assert client.get("/account/password").status_code == 200


def test_nobody_signed_out(cast: Cast, client: FlaskClient) -> None:
    for path in ("/account", "/account/password"):
        assert client.get(path).location.startswith("/sign-in?next=")
        assert client.post(path, data=GOOD).status_code == 401


def test_profile_is_kept(any_cast: Cast, client: FlaskClient) -> None:
    any_cast.sign_in(client, "focal.br")
    assert save(client, **GOOD).status_code == 303
    actor = any_cast.actor("focal.br")
    assert (actor.name, actor.language, actor.time_zone) == ("Avá Ñe'ẽ", "es", "America/Asuncion")
    with any_cast.reading() as session:
        entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "user.changed")).one()
        assert sorted(entry.new or {}) == ["language", "name", "time_zone"]


def test_what_an_administrator_changed_meanwhile_is_not_overwritten(any_cast: Cast, client: FlaskClient) -> None:
    any_cast.sign_in(client, "focal.us")
    mark = seen(client, "/account")
    with any_cast.writing() as session:
        session.execute(sa.update(User).where(User.email == "focal.us@tracker.test").values(name="Corrected <i>"))
    answer = save(client, **GOOD, seen=mark)
    assert answer.status_code == 409
    assert "Corrected &lt;i&gt;" in answer.text
    assert "Ñe&#39;ẽ" in answer.text
    assert any_cast.actor("focal.us").name == "Corrected <i>"
    again = re.findall(r'name="seen"[^>]*value="(\w+)"', answer.text)[0]
    assert save(client, **GOOD, seen=again).status_code == 303
    assert any_cast.actor("focal.us").name == GOOD["name"]
    assert save(client, **GOOD, seen="").status_code == 303, "the same again is no change"


def test_new_language_is_seen_at_once(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "focal.br")
    client.get("/account?lang=pt")
    answer = save(client, **GOOD)
    assert '<html lang="es"' in client.get(answer.location).text


def test_fields_outside_the_form_count_for_nothing(any_cast: Cast, client: FlaskClient) -> None:
    any_cast.sign_in(client, "contributor.br")
    before = any_cast.actor("contributor.br")
    extra = {
        "role": "administrator",
        "party_id": "1",
        "email": "x@tracker.test",
        "active": "",
        "id": "1",
        "password": "x",
    }
    assert save(client, **GOOD, **extra).status_code == 303
    after = any_cast.actor("contributor.br")
    assert (after.role, after.party_id, after.email) == (before.role, before.party_id, before.email)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"name": ""}, "Fill in “Name”"),
        ({"name": "x" * 201}, "too long: 201 characters"),
        ({"name": "a\x00\ufdd0"}, "cannot be kept (U+0000)"),
        ({"language": "de"}, "Choose one of the list for “Language”"),
        ({"time_zone": "Nowhere"}, "Choose one of the list for “Time zone”"),
        ({"time_zone": "../../etc/passwd"}, "Choose one of the list for “Time zone”"),
    ],
)
def test_refused_with_the_form(any_cast: Cast, client: FlaskClient, changed: dict[str, str], message: str) -> None:
    any_cast.sign_in(client, "focal.us")
    answer = save(client, **(GOOD | changed))
    assert answer.status_code == 422
    assert message in answer.text
    assert any_cast.actor("focal.us").name == "Invented focal.us"


@pytest.mark.parametrize("name", ["Ñandutĩ Jaguareté", "宋 محمد", "E\u0301lodie", "<b>&amp;\"'", "{{ 7*7 }}"])
def test_names_come_back_letter_for_letter(any_cast: Cast, client: FlaskClient, name: str) -> None:
    import unicodedata

    from markupsafe import escape

    any_cast.sign_in(client, "focal.us")
    assert save(client, **(GOOD | {"name": name})).status_code == 303
    kept = unicodedata.normalize("NFC", name)
    assert any_cast.actor("focal.us").name == kept
    assert f"<bdi>{escape(kept)}</bdi>" in client.get("/account?lang=en").text


def test_new_password_ends_the_other_sessions_only(any_cast: Cast, app: Flask, client: FlaskClient) -> None:
    other = app.test_client()
    try_in(other, FOCAL)
    try_in(client, FOCAL)
    copy = client.get_cookie("tracker", "tracker.test")
    assert copy is not None
    assert change(client).status_code == 303
    assert is_in(client)
    assert not is_in(other)
    assert try_in(app.test_client(), FOCAL, PASSWORD).status_code == 422
    assert try_in(app.test_client(), FOCAL, NEW).status_code == 303
    with any_cast.reading() as session:
        assert "password.changed" in set(session.scalars(sa.select(AuditEntry.event)))
        (told,) = session.scalars(sa.select(Message).where(Message.kind == "password_changed"))
        assert told.to_address == FOCAL
        assert "/forgot-password" in told.text
        assert NEW not in told.text + told.html


def test_the_present_one_is_asked_and_guessing_braked(any_cast: Cast, app: Flask, client: FlaskClient) -> None:
    any_cast.sign_in(client, "focal.br")
    statuses = [change(client, present="wrong").status_code for _ in range(MOST_FAILURES + 1)]
    assert statuses == [422] * MOST_FAILURES + [429]
    assert change(client).status_code == 429
    any_cast.clock.advance(minutes=16)
    assert change(client).status_code == 303


def test_weak_new_password_is_refused(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "focal.us")
    answer = change(client, new="short")
    assert answer.status_code == 422
    assert "15 characters or more" in answer.text
    assert change(client, new="Invented and something").status_code == 422, "the person's own name"
