"""Where to report a case: what everybody reads, and the administrators' forms."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.services.test_reporting_channels import enter
from tests.support.sending import token

TYPED = {
    "kind": "channel_hotline",
    "name": "Línea <b>inventada</b>",
    "phone": "000-0000",
    "url": "",
    "note_en": "Day and night",
    "note_es": "Día y noche",
    "checked_on": "2026-02-01",
}


def post(client: FlaskClient, path: str, **typed: str) -> tuple[int, str]:
    answer = client.post(path, data={**TYPED, "csrf_token": token(client), **typed})
    return answer.status_code, answer.get_data(as_text=True)


def test_where_nothing_is_entered_the_emergency_number_of_the_country_is_named(cast: Cast, client: FlaskClient) -> None:
    page = client.get("/report-a-case").get_data(as_text=True)
    assert "Call the police or the emergency number of the country" in page
    assert "<form" not in page
    assert "tel:" not in page
    assert page.count("<li>Brazil</li>") == 1
    assert 'href="/report-a-case"' in client.get("/").get_data(as_text=True)
    assert "emergency number of the country" in client.get("/states/br").get_data(as_text=True)


def test_entered_by_an_administrator_and_read_by_everybody(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "admin")
    assert post(client, "/admin/channels/br")[0] == 303
    visitor = cast.app.test_client()
    for path in ("/report-a-case", "/states/br"):
        page = visitor.get(f"{path}?lang=es").get_data(as_text=True)
        assert "Línea &lt;b&gt;inventada&lt;/b&gt;" in page
        assert 'href="tel:0000000"' in page
        assert "Día y noche" in page
    assert "inventada" not in visitor.get("/states/gt").get_data(as_text=True)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"phone": "call us"}, "Enter one telephone number"),
        ({"phone": ""}, "Enter a telephone number or a web address."),
        ({"url": "javascript:alert(1)"}, "Enter a full web address"),
        ({"checked_on": "2026-04-01"}, "cannot lie in the future"),
        ({"kind": "nothing"}, "Choose one of the list"),
        ({"name": ""}, "Fill in “Name”."),
        ({"note_en": "joana@example.org"}, "joana@example.org"),
    ],
)
def test_a_failed_form_says_why_and_keeps_what_was_typed(
    cast: Cast, client: FlaskClient, typed: dict[str, str], said: str
) -> None:
    cast.sign_in(client, "admin")
    status, page = post(client, "/admin/channels/br", **typed)
    assert status == 422
    assert said in page
    assert "Día y noche" in page


def test_changed_taken_away_and_stale(cast: Cast, client: FlaskClient) -> None:
    channel_id = enter(cast)
    cast.sign_in(client, "admin")
    path = f"/admin/channels/br/{channel_id}"
    assert "Day and night" in client.get(path).get_data(as_text=True)
    assert post(client, path, version="1", phone="000-0009")[0] == 303
    status, page = post(client, path, version="1", phone="000-0008")
    assert status == 409
    assert "000-0009" in page
    assert "000-0008" in page
    assert "Take this away?" in client.get(f"{path}/remove").get_data(as_text=True)
    assert post(client, f"{path}/remove", version="1")[0] == 409
    assert post(client, f"{path}/remove", version="2")[0] == 303
    assert client.get(path).status_code == 404
    assert "000-0009" not in client.get("/report-a-case").get_data(as_text=True)


def test_what_nobody_checked_for_a_year_is_marked_for_administrators_only(cast: Cast, client: FlaskClient) -> None:
    enter(cast)
    cast.clock.advance(days=400)
    assert "not checked for over a year" not in client.get("/report-a-case").get_data(as_text=True)
    cast.sign_in(client, "admin")
    for path in ("/admin/channels", "/admin/channels/br"):
        assert "not checked for over a year" in client.get(path).get_data(as_text=True)


@pytest.mark.parametrize(
    "path", ["/admin/channels/gs", "/admin/channels/xx", "/admin/channels/br/1", "/admin/channels/br/0"]
)
def test_unknown_ones_are_404(cast: Cast, client: FlaskClient, path: str) -> None:
    cast.sign_in(client, "admin")
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("name", ["reviewer", "focal.br", "approver.br", "observer"])
def test_nobody_else_comes_in(cast: Cast, client: FlaskClient, name: str) -> None:
    channel_id = enter(cast)
    cast.sign_in(client, name)
    for path in ("/admin/channels", "/admin/channels/br", f"/admin/channels/br/{channel_id}"):
        assert client.get(path).status_code == 403
    for path in ("/admin/channels/br", f"/admin/channels/br/{channel_id}", f"/admin/channels/br/{channel_id}/remove"):
        assert post(client, path, version="1")[0] == 403
