"""The calendar at its private address: no cookie, 304 where nothing changed, 404 for every other key."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.cast import PEOPLE, Cast
from tests.services.test_calendar_feed import key
from tests.support.sending import send, statements
from tracker.models import User


def test_programs_ask_without_a_cookie(cast: Cast, client: FlaskClient) -> None:
    address = f"/calendar/{key(cast, 'focal.us')}.ics"
    first = client.get(address)
    assert first.status_code == 200
    assert first.content_type == "text/calendar; charset=utf-8"
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert first.headers["X-Robots-Tag"] == "noindex"
    assert "Set-Cookie" not in first.headers
    text = first.get_data(as_text=True)
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert "Report due: CS-03" in text
    for name in PEOPLE:
        assert f"Invented {name}" not in text
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.head(address).status_code == 200
    cast.clock.advance(days=1)
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    cast.clock.advance(days=150)
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_other_keys_are_not_there(cast: Cast, client: FlaskClient) -> None:
    found = key(cast, "focal.us")
    for other in ("x", found[:-1], found.swapcase(), "%00", "None", "."):
        assert client.get(f"/calendar/{other}.ics").status_code == 404, other
    assert client.get(f"/calendar/{found}").status_code == 404
    assert client.post(f"/calendar/{found}.ics").status_code == 405


def test_one_makes_renews_and_removes_the_own_address(cast: Cast, client: FlaskClient) -> None:
    for path in ("/account/mail/calendar", "/account/mail/calendar/remove"):
        assert send(client, path).status_code == 401
    cast.sign_in(client, "observer")
    assert "Make an address" in client.get("/account/mail").get_data(as_text=True)
    keys = []
    for _twice in range(2):
        assert send(client, "/account/mail/calendar").location.endswith("/account/mail#calendar")
        with cast.reading() as session:
            keys.append(session.get_one(User, cast.actor("observer").user_id).calendar_key)
        assert f"http://tracker.test/calendar/{keys[-1]}.ics" in client.get("/account/mail").get_data(as_text=True)
    visitor = cast.app.test_client()
    assert [visitor.get(f"/calendar/{one}.ics").status_code for one in keys] == [404, 200]
    assert send(client, "/account/mail/calendar/remove").status_code == 303
    assert visitor.get(f"/calendar/{keys[1]}.ics").status_code == 404


def test_a_constant_number_of_queries(cast: Cast, client: FlaskClient) -> None:
    few, many = key(cast, "contributor.us"), key(cast, "focal.us")
    counts = []
    for one in (few, many, few, many):
        with statements(cast.app) as asked:
            assert client.get(f"/calendar/{one}.ics").status_code == 200
        counts.append(len(asked))
    assert max(counts) <= 13, counts
