"""The search page: every facet in the address, marked words escaped, ways back, nothing for robots."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.support.sending import token
from tracker.models import SavedView, SearchEntry
from tracker.services.search_sources import Kind, Made

SCRIPT = "<script>alert(1)</script> & “zxhostile” <b onclick=x>zxbold</b>"


@pytest.fixture
def world(cast: Cast) -> Cast:
    with cast.writing() as session:
        for number in range(25):
            made = Made(
                Kind.GOOD_PRACTICE, str(number), "es", f"Zxmany {SCRIPT}", f"zxmany {SCRIPT}", "/good-practices",
                is_only=True, parties=("BR", "GT") if number else ("BR",), year=2026, pillars=("prevention",),
                instrument="CSC-2012",
            )  # fmt: skip
            session.execute(sa.insert(SearchEntry).values(made.row()))
    return cast


def test_what_is_found_is_marked_and_escaped(world: Cast, client: FlaskClient) -> None:
    answer = client.get("/search?q=zxmany zxhostile&lang=en")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert '<meta name="robots" content="noindex">' in page
    assert "<script>alert(1)" not in page
    assert "<b onclick" not in page
    assert "<mark>Zxmany</mark> &lt;script&gt;" in page
    assert "“<mark>zxhostile</mark>”" in page
    assert "25 found" in page
    assert "in Spanish" in page
    assert page.count('class="ct-hits__title"') == 20
    assert re.search(r'value="GT"[^>]*>Guatemala \(24\)', page)
    second = client.get("/search?q=zxmany zxhostile&page=2").get_data(as_text=True)
    assert second.count('class="ct-hits__title"') == 5
    assert client.get("/search?q=zxmany&page=3").status_code == 404
    assert "cookie" not in {name.lower() for name in client.get("/search?q=zxmany").headers if name == "Set-Cookie"}


def test_facets_are_removed_one_by_one_and_nothing_is_a_dead_end(world: Cast, client: FlaskClient) -> None:
    page = client.get("/search?q=zxmany&state=gt&kind=good_practice&lang=en").get_data(as_text=True)
    assert "24 found" in page
    assert 'href="/search?q=zxmany&amp;kind=good_practice"' in page, "without the State"
    assert 'href="/search?q=zxmany&amp;state=gt"' in page, "without the kind"
    nothing = client.get("/search?q=zxmany&state=AR&year=1999&rating=odd&lang=en").get_data(as_text=True)
    assert "Nothing matches" in nothing
    for link in ("year=1999&amp;rating=odd", "state=AR&amp;rating=odd", "state=AR&amp;year=1999"):
        assert f'href="/search?q=zxmany&amp;{link}"' in nothing
    assert 'href="/search?q=zxmany"' in nothing
    elsewhere = client.get("/search?q=víctimas&kind=provision&lang=fr").get_data(as_text=True)
    assert 'in=all"' in elsewhere, "the way to the other languages"
    assert "There is no word" in client.get("/search?q=%2A%2A&lang=en").get_data(as_text=True)
    assert "Nothing matches" not in client.get("/search?lang=en").get_data(as_text=True)


@pytest.mark.parametrize("language", ["en", "es", "pt", "fr"])
def test_in_each_language(world: Cast, client: FlaskClient, language: str) -> None:
    page = client.get(f"/search?q=trata prevention prevencion&in=all&lang={language}")
    assert page.status_code == 200
    assert client.get(f"/search?state=BR&lang={language}").status_code == 200


def test_keeping_a_view(world: Cast, client: FlaskClient) -> None:
    assert "/views" not in client.get("/search?q=zxmany").get_data(as_text=True), "not for visitors"
    world.sign_in(client, "focal.br")
    for path in ("/search?q=zxmany", "/commitments"):
        assert 'action="/views"' in client.get(path).get_data(as_text=True), path
    sent = {"csrf_token": token(client), "name": "Mine <b>", "path": "/search", "query": "q=zxmany&state=BR&lang=fr"}
    answer = client.post("/views", data=sent)
    assert (answer.status_code, answer.location) == (303, "/search?q=zxmany&state=BR")
    page = client.get("/views").get_data(as_text=True)
    assert "Mine &lt;b&gt;" in page
    assert 'href="/search?q=zxmany&amp;state=BR"' in page
    again = client.post("/views", data=sent)
    assert again.status_code == 422
    assert 'value="q=zxmany&amp;state=BR&amp;lang=fr"' in again.get_data(as_text=True), "what was typed is kept"
    for path in ("https://example.org", "//example.org", "/admin/people"):
        assert client.post("/views", data={**sent, "name": "Other", "path": path}).status_code == 422, path
    with world.reading() as session:
        view_id = session.scalars(sa.select(SavedView.id)).one()
    stranger = world.app.test_client()
    world.sign_in(stranger, "approver.br")
    theirs = {"csrf_token": token(stranger), "name": "Taken"}
    assert stranger.get(f"/views/{view_id}").status_code == 404
    assert stranger.post(f"/views/{view_id}", data=theirs).status_code == 404
    assert stranger.post(f"/views/{view_id}/remove", data=theirs).status_code == 404
    assert "Mine" not in stranger.get("/views").get_data(as_text=True)
    assert client.get(f"/views/{view_id}").status_code == 200
    assert client.post(f"/views/{view_id}", data={**sent, "name": ""}).status_code == 422
    assert client.post(f"/views/{view_id}", data={**sent, "name": "New"}).status_code == 303
    assert client.post(f"/views/{view_id}/remove", data=sent).status_code == 303
    assert "New" not in client.get("/views").get_data(as_text=True).split("<main")[1].split("</main")[0]
