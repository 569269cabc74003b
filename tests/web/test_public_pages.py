"""The front door and the pages that explain, as a visitor sees them."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tracker.db import db
from tracker.domain.vocabulary import ReportState

PAGES = [
    "/",
    "/about",
    "/help",
    "/accessibility",
    "/privacy",
    "/states",
    "/states/br",
    "/states/gs",
    "/states/ica",
    "/states/cu",
    "/states/br/CS-02",
    "/provisions",
    "/provisions/CS-01",
    "/provisions/GA-2010-01",
    "/activities",
    "/activities/ACT-22",
    "/activities/PRG-01",
    "/library",
    "/instruments",
    "/instruments/CSC-2012",
    "/instruments/ATIP-STRATEGY",
    "/pillars",
    "/pillars/protection",
    "/how-it-works",
    "/report-a-case",
]
MISSION = (
    "The OAS must be equipped with appropriate mechanisms for verifying compliance with the agreements reached at"
    " these Meetings of National Authorities on Trafficking in Persons"
)


@pytest.mark.parametrize("language", ["en", "es", "pt", "fr"])
@pytest.mark.parametrize("path", PAGES)
def test_every_public_page_opens_in_every_language(cast: Cast, client: FlaskClient, path: str, language: str) -> None:
    answer = client.get(f"{path}?lang={language}")
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", PAGES)
def test_a_visitor_gets_no_cookie(cast: Cast, client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.headers.getlist("Set-Cookie") == []
    assert answer.headers["Cache-Control"] == "no-cache"


def test_every_page_is_small_without_its_map(demo_app: Flask, client: FlaskClient) -> None:
    for path in PAGES:
        page = client.get(f"{path}?lang=pt").get_data(as_text=True)
        without = re.sub(r'<svg class="ct-map__drawing".*?</svg>', "", page, flags=re.DOTALL)
        assert len(without.encode()) < 150_000, path


def test_the_words_of_closed_lists_follow_each_reader(cast: Cast, client: FlaskClient) -> None:
    said = {lang: client.get(f"/about?lang={lang}").get_data(as_text=True) for lang in ("es", "fr", "en")}
    words = {"es": "Cumplido parcialmente", "fr": "Partiellement mis en œuvre", "en": "Partially implemented"}
    for lang, word in words.items():
        assert word in said[lang]
        assert not [other for other in words.values() if other != word and other in said[lang]]


def test_only_the_choice_of_a_language_is_remembered(cast: Cast, client: FlaskClient) -> None:
    answer = client.get("/states?lang=fr")
    assert [cookie.split("=")[0] for cookie in answer.headers.getlist("Set-Cookie")] == ["lang"]
    assert '<html lang="fr"' in client.get("/states").get_data(as_text=True)


def test_home_before_the_first_cycle_says_so(catalogue_app: Flask, client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)
    assert MISSION in page
    assert "No reporting cycle is open yet" in page
    assert "Nothing has been published yet" in page
    assert page.count('href="/provisions/CS-') >= 10


def test_home_on_an_empty_database_opens(app: Flask, client: FlaskClient) -> None:
    assert client.get("/").status_code == 200
    assert client.get("/states").status_code == 200
    assert client.get("/provisions").status_code == 200


def test_home_gives_figures_with_their_denominators(cast: Cast, client: FlaskClient) -> None:
    cast.bring_to(cast.report_id("BR", "CS-02"), ReportState.PUBLISHED)
    cast.bring_to(cast.report_id("BR", "CS-03"), ReportState.SUBMITTED)
    page = " ".join(client.get("/").get_data(as_text=True).split())
    assert '<span class="ct-stat__n">1</span> of 32' in page
    assert '<span class="ct-stat__n">2</span> of 493' in page
    assert '<span class="ct-stat__n">1</span> of 2' in page
    assert "Brazil: 2 of 15 commitments reported on" in page
    assert "Cuba: no report is asked for" in page
    assert 'href="/states/br/CS-02"' in page


def test_home_quotes_the_mission_in_the_reader_s_language_and_says_whose_translation_it_is(
    cast: Cast, client: FlaskClient
) -> None:
    page = client.get("/?lang=es").get_data(as_text=True)
    assert "Es preciso dotar a la OEA de mecanismos adecuados para verificar el cumplimiento" in page
    assert "ct-unofficial" in page
    assert MISSION in page
    assert "ct-unofficial" not in client.get("/?lang=en").get_data(as_text=True)


def test_the_links_to_other_languages_keep_what_was_asked(cast: Cast, client: FlaskClient) -> None:
    page = client.get('/provisions?instrument=CSC-2012&theme="><script>').get_data(as_text=True)
    assert "/provisions?instrument=CSC-2012&amp;theme=%22%3E%3Cscript%3E&amp;lang=fr" in page
    assert "<script>" not in page


def test_a_demonstration_is_kept_out_of_search(client: FlaskClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    assert "Disallow: /\n" in answer.get_data(as_text=True)
    assert client.get("/favicon.ico").status_code == 302


def test_help_has_no_form_and_no_telephone_number(cast: Cast, client: FlaskClient) -> None:
    page = client.get("/help").get_data(as_text=True)
    assert 'id="report"' in page
    assert "<form" not in page
    assert "tel:" not in page


def test_the_menu_marks_the_part_of_the_site(cast: Cast, client: FlaskClient) -> None:
    page = client.get("/states/br/CS-02").get_data(as_text=True)
    assert 'href="/states" aria-current="true"' in page
    assert page.count('aria-current="true"') == 2  # the menu's, and the language's


def test_frame_follows_language_and_person(cast: Cast, client: FlaskClient) -> None:
    """What is kept between requests never crosses from one reader to another."""
    other = cast.app.test_client()
    cast.sign_in(other, "admin")
    for _ in range(2):
        mine, theirs = client.get("/about").get_data(as_text=True), other.get("/about").get_data(as_text=True)
        assert 'href="/sign-in"' in mine
        assert 'href="/admin"' not in mine
        assert "Invented admin" not in mine
        assert 'href="/admin"' in theirs
        assert "Invented admin" in theirs
        assert "/about?lang=fr" in mine
        assert "/help?lang=fr" in client.get("/help").get_data(as_text=True)


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/", 7),
        ("/states", 5),
        ("/states/br", 12),
        ("/states/br/CS-02", 11),
        ("/provisions", 5),
        ("/provisions/CS-01", 10),
        ("/instruments/CSC-2012", 5),
        ("/pillars", 9),
        ("/pillars/protection", 9),
        ("/activities", 5),
        ("/library", 6),
        ("/report-a-case", 2),
        ("/feed.atom", 4),
        ("/sitemap.xml", 8),
    ],
)
def test_pages_ask_the_database_a_fixed_number_of_times(cast: Cast, client: FlaskClient, path: str, most: int) -> None:
    cast.bring_to(cast.report_id("BR", "CS-02"), ReportState.PUBLISHED)
    asked: list[str] = []
    with cast.app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    client.get(path)
    assert 0 < len([one for one in asked if one != "BEGIN"]) <= most, asked
