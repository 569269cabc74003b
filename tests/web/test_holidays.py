"""Holidays in the browser: entered by administrators, read by the party's people."""

from __future__ import annotations

from datetime import date

import pytest
from flask.testing import FlaskClient

from tests.cast import PEOPLE, Cast
from tests.services.test_holidays import add, days
from tests.support.sending import send

BRAZIL = "/admin/holidays/br"
SPECIAL = "2026-09-07 Independência\n2026-12-25 Natal <b>"


def test_one_day_many_days_next_year_and_away(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "admin")
    assert "Holidays" in client.get("/admin/holidays").get_data(as_text=True)
    assert "every day from Monday to Friday counts" in client.get(BRAZIL).get_data(as_text=True)
    assert send(client, BRAZIL, day="2026-11-15", name="República").status_code == 303
    assert send(client, f"{BRAZIL}/lines", lines=SPECIAL).status_code == 303
    page = client.get(BRAZIL).get_data(as_text=True)
    assert "3 days" in client.get(BRAZIL).get_data(as_text=True) or "Natal &lt;b&gt;" in page
    assert send(client, f"{BRAZIL}/copy", year="2026").status_code == 303
    assert len(days(cast)) == 6
    assert "Enter the same dates for 2028" in client.get(BRAZIL).get_data(as_text=True)
    holiday = client.get(BRAZIL).get_data(as_text=True).partition("/remove")[0].rpartition("/")[2]
    for _twice in range(2):
        assert send(client, f"{BRAZIL}/{holiday}/remove").status_code == 303
    assert len(days(cast)) == 5
    page = client.get("/admin/holidays").get_data(as_text=True)
    assert 'data-label="Days entered">5<' in page


def test_wrong_lines_are_named_and_kept(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "admin")
    answer = send(client, f"{BRAZIL}/lines", lines="2026-09-07 Independência\n7/9/2026 Independência\n2026-12-25")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Line 2 does not begin with a date" in page
    assert "Line 3 has a date and no name." in page
    assert "7/9/2026 Independência" in page
    assert days(cast) == {}
    many = "\n".join(f"line {number}" for number in range(60))
    assert "Further lines are wrong as well: 40." in send(client, f"{BRAZIL}/lines", lines=many).get_data(as_text=True)


@pytest.mark.parametrize(
    ("door", "fields", "said"),
    [
        ("", {"day": "", "name": "Natal"}, "Day"),
        ("", {"day": "2026-12-25", "name": ""}, "Name of the holiday"),
        ("", {"day": "1950-12-25", "name": "Natal"}, "is too far away"),
        ("", {"day": "2026-12-25", "name": "a" * 201}, "is too long"),
        ("", {"day": "2026-12-25", "name": "maria@ministry.example"}, "e-mail address"),
        ("/lines", {"lines": ""}, "Holidays, one in each line"),
        ("/copy", {"year": "2026"}, "No holidays are entered for that year"),
        ("/copy", {"year": "²026"}, "No holidays are entered for that year"),
    ],
)
def test_nonsense_is_refused_beside_the_field(
    cast: Cast, client: FlaskClient, door: str, fields: dict[str, str], said: str
) -> None:
    cast.sign_in(client, "admin")
    answer = send(client, BRAZIL + door, **fields)
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert days(cast) == {}


def test_a_name_that_looks_like_a_persons_can_be_explained(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "admin")
    typed = {"day": "2026-03-21", "name": "Day of the victim Maria Souza"}
    answer = send(client, BRAZIL, **typed)
    assert answer.status_code == 422
    assert 'name="explanation"' in answer.get_data(as_text=True)
    assert send(client, BRAZIL, **typed, explanation="An invented name of a day.").status_code == 303


def test_what_is_not_there(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "admin")
    for address in ("/admin/holidays/xx", "/admin/holidays/ica", "/admin/holidays/BR"):
        assert client.get(address).status_code == 404
    assert send(client, "/admin/holidays/xx", day="2026-12-25", name="Natal").status_code == 404


@pytest.mark.parametrize("name", sorted(PEOPLE.keys() - {"admin", "admin2"}))
def test_others_only_read_their_own(cast: Cast, client: FlaskClient, name: str) -> None:
    add(cast, (date(2026, 9, 7), "Independência"))
    cast.sign_in(client, name)
    page = client.get("/holidays")
    assert page.status_code == 200
    assert ("Independência" in page.get_data(as_text=True)) == name.endswith(".br")
    for address in ("/admin/holidays", BRAZIL):
        assert client.get(address).status_code == 403
    for door, fields in (
        ("", {"day": "2026-12-25", "name": "Natal"}),
        ("/lines", {"lines": SPECIAL}),
        ("/copy", {"year": "2026"}),
        ("/1/remove", {}),
    ):
        assert send(client, BRAZIL + door, **fields).status_code == 403
    assert len(days(cast)) == 1


def test_visitors_read_nothing(cast: Cast, client: FlaskClient) -> None:
    assert client.get("/holidays").status_code == 302
