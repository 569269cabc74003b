"""The outbox in the browser: administrators read each mail as sent, and send again what did not arrive."""

from __future__ import annotations

from dataclasses import replace
from html import unescape

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import PEOPLE, Cast
from tests.support.sending import send, statements
from tracker.domain.vocabulary import MessageState
from tracker.mail import messages, outbox
from tracker.mail.rendering import Rendered
from tracker.models import AuditEntry, Message, User

ADMINISTRATORS = {"admin", "admin2"}
MAIL = Rendered("A <b>subject</b>", "Line one\n  indented & <i>typed</i>\n", "<p>Hi</p>", "es")
LINK = "http://tracker.test/reset/Ab_c-123.xyz~9"


def put(cast: Cast, key: str = "notice:1:1", kind: str = "notice", to: str = "focal.br", **changed: object) -> int:
    with cast.writing() as session:
        user = session.scalars(sa.select(User).where(User.email == f"{to}@tracker.test")).one()
        mail = changed.pop(
            "mail", Rendered("A <b>subject</b>", "Line one\n  indented & <i>typed</i>\n", "<p>Hi</p>", "es")
        )
        made = outbox.put(
            session,
            key=key,
            kind=kind,
            recipient_id=user.id,
            to_address=user.email,
            message=mail,  # type: ignore[arg-type]
            now=cast.clock.now(),
            attachments=[("relatório.pdf", "application/pdf", b"%PDF" * 1000)],
        )
        assert made is not None
        for name, value in changed.items():
            setattr(made, name, value)
        session.flush()
        return made.id


def stored(cast: Cast, message_id: int) -> Message:
    with cast.reading() as session:
        found = session.get_one(Message, message_id)
        session.expunge(found)
        return found


def test_for_administrators_only(cast: Cast, client: FlaskClient) -> None:
    number = put(cast, state=MessageState.FAILED)
    gets = ["/admin/mail", f"/admin/mail/{number}", f"/admin/mail/{number}/html"]
    again = f"/admin/mail/{number}/send-again"
    for address in gets:
        assert client.get(address).status_code == 302
    assert client.post(again).status_code in (400, 401, 403)
    for name in sorted(set(PEOPLE) - ADMINISTRATORS):
        cast.sign_in(client, name)
        for address in gets:
            assert client.get(address).status_code == 403, (name, address)
        assert send(client, again).status_code == 403, name
    cast.sign_in(client, "admin")
    assert client.post(again).status_code == 400
    assert stored(cast, number).state is MessageState.FAILED


def test_unknown_addresses(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "admin")
    for address in ("/admin/mail/999", "/admin/mail/0", "/admin/mail/x", "/admin/mail/99999999999999999",
                    "/admin/mail?page=2", "/admin/mail?page=x", "/admin/mail/999/html"):  # fmt: skip
        assert client.get(address).status_code == 404, address
    assert send(client, "/admin/mail/999/send-again").status_code == 404


class TestList:
    def test_filters(self, cast: Cast, client: FlaskClient) -> None:
        put(cast, "1", to="focal.br")
        put(cast, "2", "reminder", to="focal.gt", state=MessageState.FAILED, last_error="550 5.1.1 no such person")
        cast.sign_in(client, "admin")
        for query, shown, hidden in (
            ("", ["focal.br@", "focal.gt@", "550 5.1.1", "2 mails"], []),
            ("?state=failed", ["focal.gt@"], ["focal.br@"]),
            ("?kind=notice", ["focal.br@"], ["focal.gt@"]),
            ("?q=FOCAL.BR", ["focal.br@"], ["focal.gt@"]),
            ("?q=subject", ["focal.br@", "focal.gt@"], []),
            ("?q=100%25", ["No mail fits"], ["focal.br@"]),
            ("?q=%00%ED%A0%80", [], []),
            ("?state=nonsense&kind=nonsense", ["focal.br@", "focal.gt@"], []),
        ):
            page = client.get(f"/admin/mail{query}")
            assert page.status_code == 200, query
            assert all(text in page.text for text in shown), query
            assert not any(text in page.text for text in hidden), query

    def test_pages_of_fifty_with_a_fixed_number_of_queries(self, cast: Cast, client: FlaskClient) -> None:
        cast.sign_in(client, "admin")
        put(cast, "first")
        with statements(cast.app) as few:
            client.get("/admin/mail")
        for number in range(60):
            put(cast, f"more:{number}")
        with statements(cast.app) as many:
            page = client.get("/admin/mail")
        assert len(few) == len(many) <= 8
        assert page.text.count('href="/admin/mail/') == 50
        assert client.get("/admin/mail?page=2").text.count('<th scope="row"') == 11

    def test_says_that_no_server_is_set(self, cast: Cast, client: FlaskClient) -> None:
        cast.sign_in(client, "admin")
        assert "No mail server is set" in client.get("/admin/mail").text


class TestOne:
    def test_text_as_sent(self, cast: Cast, client: FlaskClient) -> None:
        number = put(cast)
        cast.sign_in(client, "admin")
        page = client.get(f"/admin/mail/{number}").text
        assert "Line one\n  indented & <i>typed</i>\n" in unescape(page)
        assert "<i>typed" not in page
        assert "<b>subject" not in page
        assert "relatório.pdf" in page
        assert unescape(page).count(stored(cast, number).message_id) == 1

    def test_html_is_shut_in(self, cast: Cast, client: FlaskClient) -> None:
        number = put(cast, mail=messages.password_reset("Ana", "es", LINK, 2))
        cast.sign_in(client, "admin")
        answer = client.get(f"/admin/mail/{number}/html")
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"

    def test_keys_are_shown_only_where_no_mail_leaves(self, cast: Cast, client: FlaskClient) -> None:
        number = put(cast, kind="password_reset", mail=messages.password_reset("Ana", "es", LINK, 2))
        cast.sign_in(client, "admin")
        assert LINK in client.get(f"/admin/mail/{number}").text
        settings = cast.app.extensions["tracker.settings"]
        cast.app.extensions["tracker.settings"] = replace(settings, smtp_url="smtp://127.0.0.1:25")
        for address in (f"/admin/mail/{number}", f"/admin/mail/{number}/html"):
            page = client.get(address).text
            assert "Ab_c" not in page
            assert "xyz" not in page
            assert "http://tracker.test/reset/••••" in page


class TestSendAgain:
    def again(self, client: FlaskClient, number: int, **fields: str) -> int:
        return send(client, f"/admin/mail/{number}/send-again", **fields).status_code

    def test_a_refused_one_goes_to_the_present_address_under_its_id(self, cast: Cast, client: FlaskClient) -> None:
        number = put(cast, state=MessageState.FAILED, attempts=12, last_error="550 no")
        before = stored(cast, number)
        with cast.writing() as session:
            session.execute(
                sa.update(User).where(User.email == "focal.br@tracker.test").values(email="right@tracker.test")
            )
        cast.sign_in(client, "admin")
        assert "right@tracker.test" in client.get(f"/admin/mail/{number}").text
        assert self.again(client, number) == 303
        after = stored(cast, number)
        assert (after.state, after.attempts, after.to_address) == (MessageState.QUEUED, 0, "right@tracker.test")
        assert after.message_id == before.message_id
        with cast.reading() as session:
            entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "mail.send_again")).one()
            assert entry.record_id == str(number)
            assert entry.new == {"state": "queued", "other_address": True, "kind": "notice"}

    def test_a_sent_one_asks_first(self, cast: Cast, client: FlaskClient) -> None:
        number = put(cast, state=MessageState.SENT, sent_at=cast.clock.now())
        cast.sign_in(client, "admin")
        assert self.again(client, number) == 422
        assert stored(cast, number).state is MessageState.SENT
        assert self.again(client, number, confirmed="yes") == 303
        assert stored(cast, number).state is MessageState.QUEUED

    def test_not_while_it_is_being_sent(self, cast: Cast, client: FlaskClient) -> None:
        number = put(cast, state=MessageState.SENDING, lease_until=cast.clock.now())
        cast.sign_in(client, "admin")
        assert self.again(client, number) == 409

    def test_not_to_somebody_whose_account_is_disabled(self, cast: Cast, client: FlaskClient) -> None:
        number = put(cast, state=MessageState.FAILED)
        with cast.writing() as session:
            session.execute(sa.update(User).where(User.email == "focal.br@tracker.test").values(active=False))
        cast.sign_in(client, "admin")
        assert self.again(client, number) == 422
        assert stored(cast, number).state is MessageState.FAILED


@pytest.mark.parametrize("language", ["en", "es", "pt", "fr"])
def test_every_state_in_every_language(app: Flask, cast: Cast, client: FlaskClient, language: str) -> None:
    cast.sign_in(client, "admin")
    for state in MessageState:
        number = put(cast, f"{state}", state=state, sent_at=cast.clock.now() if state == "sent" else None)
        assert client.get(f"/admin/mail/{number}?lang={language}").status_code == 200
    assert client.get("/admin/mail").status_code == 200
