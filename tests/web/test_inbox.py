"""The inbox in the browser: each person's own, a GET marks nothing, and a button leads inside this site only."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests.cast import PEOPLE, Cast
from tests.services.test_inbox import put
from tests.support.sending import send, statements
from tracker.domain.vocabulary import MessageState
from tracker.models import Message


def is_read(cast: Cast, number: int) -> bool:
    with cast.reading() as session:
        return session.get_one(Message, number).read_at is not None


def unread_in_header(client: FlaskClient) -> str:
    found = re.search(r'href="/inbox">Inbox( \((\d+\+?)<span)?', client.get("/account").get_data(as_text=True))
    assert found
    return found[2] or ""


def test_everybody_has_an_inbox_and_a_visitor_none(cast: Cast, client: FlaskClient) -> None:
    for address in ("/inbox", "/inbox/1", "/inbox/1/files/1"):
        assert client.get(address).location.startswith("/sign-in?next=")
    for name in PEOPLE:
        cast.sign_in(client, name)
        page = client.get("/inbox?lang=en")
        assert page.status_code == 200, name
        assert "No messages yet" in page.get_data(as_text=True)


def test_the_number_in_the_header(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "focal.us")
    assert unread_in_header(client) == ""
    first = put(cast, "focal.us")
    put(cast, "focal.us", kind="invitation")
    put(cast, "focal.us", state=MessageState.WITHDRAWN)
    put(cast, "focal.gt")
    assert unread_in_header(client) == "1"
    assert send(client, f"/inbox/{first}/read").status_code == 303
    assert unread_in_header(client) == ""


def test_counted_no_further_than_99(cast: Cast, client: FlaskClient) -> None:
    for number in range(101):
        put(cast, "focal.us", key=f"many:{number}")
    cast.sign_in(client, "focal.us")
    assert unread_in_header(client) == "99+"
    page = client.get("/inbox?page=3").get_data(as_text=True)
    assert page.count('<th scope="row"') == 1
    assert client.get("/inbox?page=4").status_code == 404


def test_a_page_asks_as_often_whatever_there_is(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "focal.us")
    put(cast, "focal.us")
    client.get("/inbox")
    with statements(cast.app) as few:
        client.get("/inbox")
    for _number in range(20):
        put(cast, "focal.us")
    with statements(cast.app) as many:
        client.get("/inbox")
    assert len(many) == len(few) <= 4


def test_a_message_is_shown_safely_and_stays_unread(cast: Cast, client: FlaskClient) -> None:
    number = put(cast, "focal.us", url="http://tracker.test/dashboard")
    with cast.writing() as session:
        session.get_one(
            Message, number
        ).text = "Dear you,\n\n<script>alert(1)</script> http://tracker.test/reports/1\nhttps://example.org/a"
    cast.sign_in(client, "focal.us")
    page = client.get(f"/inbox/{number}").get_data(as_text=True)
    assert "<script>alert" not in page
    assert '<a class="govuk-link" href="/reports/1" rel="noopener noreferrer">' in page
    assert 'href="https://example.org/a"' in page
    assert "relatório.pdf" in page
    assert not is_read(cast, number)


def test_the_button_marks_and_leads_inside(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "focal.us")
    inside = put(cast, "focal.us", url="http://tracker.test/reports/1?x=1")
    outside = put(cast, "focal.us", url="https://evil.example/reports/1")
    assert send(client, f"/inbox/{inside}/open").location == "/reports/1?x=1"
    assert send(client, f"/inbox/{outside}/open").location == f"/inbox/{outside}"
    assert is_read(cast, inside)
    assert "Open what it is about" not in client.get(f"/inbox/{outside}").get_data(as_text=True)


def test_unread_again_and_all_at_once(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "focal.us")
    first, second = put(cast, "focal.us"), put(cast, "focal.us")
    send(client, "/inbox/read", up_to=str(second))
    assert is_read(cast, first)
    assert is_read(cast, second)
    send(client, f"/inbox/{first}/unread")
    assert not is_read(cast, first)
    for odd in ("", "x", "-1", "9" * 30, "٣"):
        assert send(client, "/inbox/read", up_to=odd).status_code == 303
    assert not is_read(cast, first)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (MessageState.FAILED, "This did not reach your address focal.us@tracker.test."),
        (MessageState.HELD, "kept for the mail of the day"),
        (MessageState.WITHDRAWN, "This was not sent"),
        (MessageState.QUEUED, "On its way to your address"),
    ],
)
def test_what_became_of_it_in_plain_words(cast: Cast, client: FlaskClient, state: MessageState, said: str) -> None:
    number = put(cast, "focal.us", state=state)
    cast.sign_in(client, "focal.us")
    assert said in client.get(f"/inbox/{number}").get_data(as_text=True)


@pytest.mark.parametrize("name", ["focal.gt", "alternate.br", "admin", "reviewer", "observer"])
def test_another_persons_message_is_not_there(cast: Cast, client: FlaskClient, name: str) -> None:
    number = put(cast, "focal.br")
    secret = put(cast, name, kind="password_reset")
    cast.sign_in(client, name)
    for one in (number, secret):
        assert client.get(f"/inbox/{one}").status_code == 404
        assert client.get(f"/inbox/{one}/files/1").status_code == 404
        for verb in ("read", "unread", "open"):
            assert send(client, f"/inbox/{one}/{verb}").status_code == 404
    assert not is_read(cast, number)


def test_a_file_is_given_to_keep(cast: Cast, client: FlaskClient) -> None:
    number = put(cast, "focal.us")
    cast.sign_in(client, "focal.us")
    answer = client.get(f"/inbox/{number}/files/1")
    assert answer.data == b"%PDF"
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert client.get(f"/inbox/{number}/files/2").status_code == 404


def test_filters_that_do_not_exist_count_as_none(cast: Cast, client: FlaskClient) -> None:
    number = put(cast, "focal.us")
    cast.sign_in(client, "focal.us")
    for query in ("unread=maybe", "kind=%00", "kind=password_reset", "kind=x'or'1"):
        assert f"/inbox/{number}" in client.get(f"/inbox?{query}").get_data(as_text=True), query
    assert "No message fits" in client.get("/inbox?kind=summary").get_data(as_text=True)
