"""What search engines, previews and readers of feeds get: well-formed, absolute, escaped, in the language asked for."""

from __future__ import annotations

import re
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tracker.domain.vocabulary import PublicationKind, PublicationState, ReportState
from tracker.models import DataRelease, IssuedReport, ReportingCycle, ReportingParty

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def feed(client: FlaskClient, query: str = "") -> ET.Element:
    answer = client.get(f"/feed.atom{query}")
    assert answer.status_code == 200
    assert answer.mimetype == "application/atom+xml"
    return ET.fromstring(answer.get_data())  # noqa: S314 (of our own)


def text(element: ET.Element, name: str) -> str:
    found = element.find(f"{ATOM}{name}")
    assert found is not None, name
    return found.text or ""


def test_an_empty_feed_stays_the_same(cast: Cast, client: FlaskClient) -> None:
    first = client.get("/feed.atom").get_data()
    cast.clock.advance(days=3)
    assert client.get("/feed.atom").get_data() == first
    assert b"<entry>" not in first


def test_the_feed_tells_of_ratings_and_open_data(cast: Cast, client: FlaskClient) -> None:
    report_id = cast.report_id("BR", "CS-02")
    cast.bring_to(report_id, ReportState.PUBLISHED)
    cast.bring_to(cast.report_id("GT", "CS-02"), ReportState.OPEN_FOR_COMMENT, "gt")
    with cast.writing() as session:
        party = session.query(ReportingParty).filter_by(code="BR").one()
        party.name = {**party.name, "es": "Bra<b>sil & </b>"}
        now = cast.clock.now()
        session.add(DataRelease(version="2026.1", as_of=now, digest="0" * 64, looked_at=now, seen_version=0))
    root = feed(client, "?lang=es")
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "es"
    entries = root.findall(f"{ATOM}entry")
    assert len(entries) == 2
    ids = [text(entry, "id") for entry in entries]
    assert len(set(ids)) == 2
    assert all(one.startswith("tag:tracker.test,2026:") for one in [*ids, text(root, "id")])
    assert MOMENT.fullmatch(text(root, "updated"))
    assert text(root, "updated") == max(text(entry, "updated") for entry in entries)
    rated = next(entry for entry in entries if "rating/BR/CS-02/2026/" in text(entry, "id"))
    assert text(rated, "title").startswith("Bra<b>sil & </b>, CS-02: ")
    link = rated.find(f"{ATOM}link")
    assert link is not None
    assert link.get("href") == "http://tracker.test/states/br/CS-02?cycle=2026&lang=es"
    assert client.get(link.get("href", "")).status_code == 200
    author = root.find(f"{ATOM}author")
    assert author is not None
    assert text(author, "name")
    assert {text(entry, "id") for entry in feed(client, "?lang=es").findall(f"{ATOM}entry")} == set(ids)


def issue(cast: Cast, sequence: int, code: str, state: PublicationState) -> None:
    with cast.writing() as session:
        now = cast.clock.now()
        ended = state is not PublicationState.ISSUED
        session.add(
            IssuedReport(
                kind=PublicationKind.STATUS_REPORT,
                subject="br-2026",
                party_id=session.query(ReportingParty.id).filter_by(code="BR").scalar(),
                cycle_id=session.query(ReportingCycle.id).scalar(),
                is_as_of_date=False,
                as_of=now,
                year=2026,
                sequence=sequence,
                code=code,
                state=state,
                issued_at=now,
                ready_at=None if state is PublicationState.PREPARING else now,
                ended_at=now + timedelta(hours=1) if ended else None,
            )
        )


def test_issued_reports_stand_on_home_state_and_feed(cast: Cast, client: FlaskClient) -> None:
    issue(cast, 1, "2345-6789", PublicationState.WITHDRAWN)
    issue(cast, 2, "BCDF-GHJK", PublicationState.ISSUED)
    issue(cast, 3, "MNPQ-RSTV", PublicationState.PREPARING)
    home, state = (client.get(path).get_data(as_text=True) for path in ("/", "/states/br"))
    assert "SR 2/2026" in home
    assert "SR 1/2026" not in home
    assert 'href="/status-reports/bcdf-ghjk"' in state
    assert "<strong>Was withdrawn</strong>" in state.split("SR 1/2026")[1].split("</li>")[0]
    assert "MNPQ-RSTV" not in home + state + client.get("/feed.atom").get_data(as_text=True)
    titles = {text(entry, "id").split("/")[1]: text(entry, "title") for entry in feed(client).findall(f"{ATOM}entry")}
    assert titles["BCDF-GHJK"].startswith("SR 2/2026: Brazil, ")
    assert titles["2345-6789"].startswith("Withdrawn: SR 1/2026: Brazil, ")
    page = client.get("/sitemap.xml").get_data(as_text=True)
    assert "/status-reports/bcdf-ghjk<" in page
    assert "2345-6789" not in page


def test_the_sitemap_names_public_pages_in_every_language(cast: Cast, client: FlaskClient) -> None:
    answer = client.get("/sitemap.xml")
    assert answer.mimetype == "application/xml"
    root = ET.fromstring(answer.get_data())  # noqa: S314 (of our own)
    places = [url.findtext(f"{MAP}loc") or "" for url in root.findall(f"{MAP}url")]
    assert len(places) == len(set(places)) > 120
    assert all(place.startswith("http://tracker.test/") for place in places)
    known = [p for p in places if cast.app.url_map.bind("tracker.test").test(p.removeprefix("http://tracker.test"))]
    for place in known:
        assert client.get(place).status_code == 200, place
    one = root.find(f"{MAP}url")
    assert one is not None
    assert [link.get("hreflang") for link in one][1:] == ["en", "es", "pt", "fr", "x-default"]


def head(client: FlaskClient, path: str) -> str:
    return client.get(path).get_data(as_text=True).split("</head>")[0]


def test_the_head_names_the_address_its_languages_and_the_feed(cast: Cast, client: FlaskClient) -> None:
    page = head(client, "/states/br?cycle=2026&differ=1&lang=pt")
    assert '<link rel="canonical" href="http://tracker.test/states/br?cycle=2026&amp;lang=pt">' in page
    assert 'hreflang="x-default" href="http://tracker.test/states/br?cycle=2026&amp;differ=1">' in page
    assert 'hreflang="fr" href="http://tracker.test/states/br?cycle=2026&amp;differ=1&amp;lang=fr">' in page
    assert 'type="application/atom+xml"' in page
    assert '<link rel="canonical" href="http://tracker.test/states/br">' in head(client, "/states/br")
    narrowed = head(client, "/library?q=UN&page=1")
    assert '<link rel="canonical" href="http://tracker.test/library">' in narrowed  # the whole list may be shorter


def test_a_preview_says_title_description_and_picture(cast: Cast, client: FlaskClient) -> None:
    page = head(client, "/provisions/CS-02")
    assert '<meta property="og:title" content="CS-02: ' in page
    assert '<meta name="description" content="States must assume' in page
    picture = re.findall(r'property="og:image" content="http://tracker.test(/static/[^"]+)"', page)
    with client.get(picture[0]) as answer:
        assert answer.status_code == 200
        assert answer.mimetype == "image/png"
    assert "og:title" not in head(client, "/no/such/page")


def test_nothing_in_the_head_comes_from_the_request_s_host_or_query(cast: Cast, client: FlaskClient) -> None:
    page = client.get(
        '/provisions?theme="><script>alert(1)</script>&lang=xx', headers={"Host": "evil.example"}
    ).get_data(as_text=True)
    assert "evil.example" not in page
    assert "<script>alert" not in page


def test_pages_for_people_with_an_account_have_no_preview(cast: Cast, client: FlaskClient) -> None:
    assert "canonical" not in head(client, "/sign-in")
    cast.sign_in(client, "focal.br")
    assert "og:title" not in head(client, "/dashboard")
    assert "canonical" not in head(client, "/dashboard")


@pytest.mark.parametrize("name", ["admin", "focal.br"])
def test_signed_in_people_reach_the_public_pages_from_the_footer(cast: Cast, client: FlaskClient, name: str) -> None:
    cast.sign_in(client, name)
    footer = client.get("/account").get_data(as_text=True).split("<footer")[1]
    for href in ("/provisions", "/states", "/figures", "/good-practices", "/library", "/search", "/report-a-case"):
        assert f'href="{href}"' in footer


def test_visitors_menu(app: Flask, client: FlaskClient) -> None:
    page = client.get("/about").get_data(as_text=True)
    hrefs = re.findall(r'<a class="govuk-service-navigation__link" href="([^"]+)"', page)
    assert hrefs == ["/provisions", "/states", "/figures", "/activities", "/library", "/search"]
