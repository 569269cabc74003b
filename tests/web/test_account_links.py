"""Forgotten passwords and invitations: one answer for everybody, links that work once and for a short time."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cast import PASSWORD, Cast
from tests.web.test_account_sign_in import FOCAL, csrf, is_in, try_in
from tracker.domain.accounts import MOST_RESETS
from tracker.domain.vocabulary import Role
from tracker.models import AuditEntry, Message, OneTimeLink, User
from tracker.services import people
from tracker.services.people import Details

NEW = "dez lhamas na chuva"


def ask(client: FlaskClient, email: str, **kwargs: object) -> TestResponse:
    data = {"csrf_token": csrf(client, "/forgot-password"), "email": email}
    return client.post("/forgot-password", data=data, **kwargs)


def links(cast: Cast, kind: str = "password_reset") -> list[str]:
    with cast.reading() as session:
        texts = session.scalars(sa.select(Message.text).where(Message.kind == kind).order_by(Message.id)).all()
    found = [re.search(r"http://tracker\.test(/(?:reset|invitation)/\S+)", text) for text in texts]
    return [match[1] for match in found if match]


def choose(client: FlaskClient, link: str, password: str = NEW, repeat: str | None = None) -> TestResponse:
    token = csrf(client, link)
    data = {"csrf_token": token, "new_password": password, "repeat_password": password if repeat is None else repeat}
    return client.post(link, data=data)


def invite(cast: Cast) -> str:
    with cast.writing() as session:
        people.invite(
            session,
            Details(email="new@tracker.test", name="New", role=Role.FOCAL_POINT, party_code="BR"),
            actor=None,
            base_url="http://tracker.test",
            now=cast.clock.now(),
        )
    return links(cast, "invitation")[-1]


def test_same_answer_for_every_address(any_cast: Cast, app: Flask) -> None:
    invite(any_cast)
    with any_cast.writing() as session:
        session.execute(sa.update(User).where(User.email == "focal.gt@tracker.test").values(active=False))
    addresses = (FOCAL, "nobody@tracker.test", "focal.gt@tracker.test", "new@tracker.test")
    answers = [ask(app.test_client(), address) for address in addresses]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    with any_cast.reading() as session:
        to = session.scalars(sa.select(Message.to_address).where(Message.kind == "password_reset")).all()
        entries = session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "password.reset_asked")).all()
    assert to == [FOCAL]
    assert len(entries) == len(addresses)
    assert "nobody" not in str([(e.new, e.old, e.record_id) for e in entries])


def test_whole_way(any_cast: Cast, app: Flask, client: FlaskClient) -> None:
    other = app.test_client()
    any_cast.sign_in(other, "focal.br")
    ask(client, " FOCAL.br@tracker.test")
    (link,) = links(any_cast)
    for _ in range(3):
        assert client.get(link).status_code == 200, "looking does not use it up"
    answer = choose(client, link)
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert "Your password is set" in client.get("/sign-in").text
    assert not is_in(other), "every session ends"
    assert try_in(app.test_client(), FOCAL, PASSWORD).status_code == 422
    assert try_in(client, FOCAL, NEW).status_code == 303
    assert client.get(link).status_code == 404
    with any_cast.reading() as session:
        told = session.scalars(sa.select(Message.to_address).where(Message.kind == "password_changed")).all()
    assert told == [FOCAL], "who did not do it hears of it"


def test_the_database_holds_no_link(any_cast: Cast, client: FlaskClient) -> None:
    ask(client, FOCAL)
    token = links(any_cast)[0].rpartition("/")[2]
    assert len(token) >= 43
    with any_cast.reading() as session:
        assert session.scalars(sa.select(OneTimeLink.token_hash)).one() != token
        assert token not in str([(e.new, e.old) for e in session.scalars(sa.select(AuditEntry))])


def test_links_are_built_from_the_configured_address(any_cast: Cast, client: FlaskClient) -> None:
    token = csrf(client, "/forgot-password")
    data = {"csrf_token": token, "email": FOCAL}
    client.post("/forgot-password", data=data, headers={"X-Forwarded-Host": "evil.example", "Host": "tracker.test"})
    with any_cast.reading() as session:
        mail = session.scalars(sa.select(Message)).one()
    assert "http://tracker.test/reset/" in mail.text
    assert "evil" not in mail.text + mail.html


def test_dead_after_two_hours(any_cast: Cast, client: FlaskClient) -> None:
    ask(client, FOCAL)
    (link,) = links(any_cast)
    any_cast.clock.advance(minutes=119)
    assert client.get(link).status_code == 200
    any_cast.clock.advance(minutes=1)
    assert client.get(link).status_code == 404


def test_dead_after_a_newer_one(any_cast: Cast, client: FlaskClient) -> None:
    ask(client, FOCAL)
    ask(client, FOCAL)
    first, second = links(any_cast)
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200


def test_dead_once_disabled(any_cast: Cast, client: FlaskClient) -> None:
    ask(client, FOCAL)
    with any_cast.writing() as session:
        session.execute(sa.update(User).where(User.email == FOCAL).values(active=False))
    assert client.get(links(any_cast)[0]).status_code == 404


def test_nobody_is_flooded(any_cast: Cast, client: FlaskClient) -> None:
    for _ in range(MOST_RESETS + 3):
        assert ask(client, FOCAL).status_code == 200
    assert len(links(any_cast)) == MOST_RESETS
    any_cast.clock.advance(hours=1)
    ask(client, FOCAL)
    assert len(links(any_cast)) == MOST_RESETS + 1


def test_a_reset_link_is_no_invitation_and_the_reverse(any_cast: Cast, client: FlaskClient) -> None:
    ask(client, FOCAL)
    assert client.get(links(any_cast)[0].replace("/reset/", "/invitation/")).status_code == 404
    assert client.get(invite(any_cast).replace("/invitation/", "/reset/")).status_code == 404


def test_invitation_lasts_seven_days_and_no_reset_revives_it(any_cast: Cast, client: FlaskClient) -> None:
    link = invite(any_cast)
    any_cast.clock.advance(days=6, hours=23)
    assert client.get(link).status_code == 200
    any_cast.clock.advance(hours=1)
    ask(client, "new@tracker.test")
    assert links(any_cast) == []
    assert client.get(link).status_code == 404


def test_invitation_without_an_actor_names_the_secretariat(any_cast: Cast) -> None:
    invite(any_cast)
    with any_cast.reading() as session:
        mail = session.scalars(sa.select(Message)).one()
    assert "http://tracker.test/invitation/" in mail.text
    assert mail.language == "pt"


@pytest.mark.parametrize("token", ["x", "%00", "%F0%9F%98%80", "a" * 5000, "..%2f..", "%ED%A0%80"])
def test_odd_links(any_cast: Cast, client: FlaskClient, token: str) -> None:
    assert client.get(f"/reset/{token}").status_code == 404
    assert client.get(f"/invitation/{token}").status_code == 404


@pytest.mark.parametrize(
    ("password", "repeat", "message"),
    [
        ("fourteen chars", None, "15 characters or more"),
        ("x1!y" * 50 + "z", None, "200 characters at most"),
        ("passwordpassword1", None, "among those that are guessed first"),
        ("qwertyuiopasdfgh", None, "row of keys"),
        ("ninety nine trata balloons", None, "word of this site"),
        ("focal points rule the waves", None, "word of this site"),
        (NEW, "dez lhamas no sol", "not the same"),
        ("", "", "Fill in “New password”"),
    ],
)
def test_refused_with_the_reason(cast: Cast, client: FlaskClient, password: str, repeat: str, message: str) -> None:
    ask(client, FOCAL)
    (link,) = links(cast)
    answer = choose(client, link, password, repeat)
    assert answer.status_code == 422
    assert message in answer.text
    assert choose(client, link).status_code == 303, "a refusal does not use the link up"


@pytest.mark.parametrize(
    "password", [NEW, "x" + " é😀ñ漢" * 16, "w" + "abcd efgh ijkm" * 5 + "yz", " leading and trailing blanks "]
)
def test_the_whole_password_counts(cast: Cast, app: Flask, client: FlaskClient, password: str) -> None:
    ask(client, FOCAL)
    assert choose(client, links(cast)[0], password).status_code == 303
    assert try_in(app.test_client(), FOCAL, password[:-1]).status_code == 422
    assert try_in(app.test_client(), FOCAL, password[:72] + "?").status_code == 422
    assert try_in(app.test_client(), FOCAL, password).status_code == 303


def test_expired_form_of_a_link(cast: Cast, client: FlaskClient) -> None:
    ask(client, FOCAL)
    answer = client.post(links(cast)[0], data={"csrf_token": "x", "new_password": NEW, "repeat_password": NEW})
    assert answer.status_code == 400
    assert NEW not in answer.text


def test_referrer_keeps_the_link_inside(cast: Cast, client: FlaskClient) -> None:
    ask(client, FOCAL)
    headers = client.get(links(cast)[0]).headers
    assert headers["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert "no-store" in headers["Cache-Control"] or "no-cache" in headers["Cache-Control"]
