"""Pages of visitors are kept while nothing public changed, and never for anybody who is signed in."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa

from tests.cast import Cast
from tests.support.queries import counted
from tracker.domain.vocabulary import ReportState
from tracker.models import Provision
from tracker.services import public_version

PAGES = ("/", "/states", "/states/br", "/provisions/CS-02", "/help")


@pytest.fixture
def settings_changes() -> dict[str, Any]:
    return {"page_cache": 60}


def rename(cast: Cast, title: str) -> None:
    """Behind the back of the services: what is kept does not know."""
    with cast.writing() as session:
        session.execute(sa.update(Provision).where(Provision.code == "CS-02").values(title={"en": title}))


def test_a_page_is_rendered_once(cast: Cast) -> None:
    visitor = cast.app.test_client()
    for path in PAGES:
        first = visitor.get(path)
        with counted(cast.app) as queries:
            second = visitor.get(path)
        assert second.data == first.data
        assert second.headers["ETag"] == first.headers["ETag"]
        assert second.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
        assert len(queries) == 1
        assert "Set-Cookie" not in second.headers


def test_what_the_reader_has_is_not_sent_again(cast: Cast) -> None:
    visitor = cast.app.test_client()
    first = visitor.get("/states/br")
    again = visitor.get("/states/br", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == "no-cache"
    other = visitor.get("/states/br", headers={"If-None-Match": first.headers["ETag"], "Accept-Language": "es"})
    assert other.status_code == 200


def test_languages_and_filters_are_pages_of_their_own(cast: Cast) -> None:
    visitor = cast.app.test_client()
    bodies = {visitor.get("/states/br", headers={"Accept-Language": code}).data for code in ("en", "es", "pt", "fr")}
    assert len(bodies) == 4
    odd = [
        visitor.get("/states/br", headers={"Accept-Language": said}) for said in ("fr;q=0, es;q=0.1", "x" * 9000, ";;,")
    ]
    assert [re.findall('<html lang="(..)"', page.text)[:1] for page in odd] == [["es"], ["en"], ["en"]]
    assert visitor.get("/provisions?pillar=prevention").data != visitor.get("/provisions").data
    told = cast.app.test_client().get("/states/br?lang=fr")
    again = cast.app.test_client().get("/states/br?lang=fr")
    assert told.data == again.data
    assert "lang=fr" in again.headers["Set-Cookie"]


def test_it_ends_with_its_time(cast: Cast) -> None:
    visitor = cast.app.test_client()
    before = visitor.get("/provisions/CS-02").data
    rename(cast, "Renamed")
    assert visitor.get("/provisions/CS-02").data == before
    cast.clock.advance(seconds=61)
    assert b"Renamed" in visitor.get("/provisions/CS-02").data


def test_what_becomes_public_ends_it_at_once(any_cast: Cast) -> None:
    cast = any_cast
    visitor = cast.app.test_client()
    before = visitor.get("/states/br").data
    cast.bring_to(cast.report_id("BR", "CS-02"), ReportState.PUBLISHED, "br")
    assert visitor.get("/states/br").data != before


def test_what_is_nobody_elses_business_does_not(cast: Cast) -> None:
    with cast.reading() as session:
        before = public_version.version(session)
    person = cast.app.test_client()
    cast.sign_in(person, "focal.br")
    person.get("/status-reports/br.json")
    with cast.reading() as session:
        assert public_version.version(session) == before


def test_who_is_signed_in_gets_the_own_page_and_leaves_none(cast: Cast) -> None:
    visitor = cast.app.test_client()
    public = visitor.get("/states/br")
    person = cast.app.test_client()
    cast.sign_in(person, "focal.br")
    own = person.get("/states/br?lang=en")
    assert b"Sign out" in own.data
    assert own.headers["Cache-Control"] == "no-store"
    assert "ETag" not in own.headers
    assert cast.app.test_client().get("/states/br").data == public.data


def test_what_is_about_one_person_or_moment_is_never_kept(cast: Cast) -> None:
    visitor = cast.app.test_client()
    for path in ("/sign-in", "/forgot-password", "/healthz"):
        assert "ETag" not in visitor.get(path).headers
    assert visitor.get("/states/xx").status_code == 404
    assert "ETag" not in visitor.get("/states/xx").headers


def test_a_status_report_is_worked_out_once_for_all_readers(any_cast: Cast) -> None:
    cast = any_cast
    person = cast.app.test_client()
    cast.sign_in(person, "focal.br")
    first = person.get("/status-reports/br?lang=en")
    with counted(cast.app) as queries:
        again = person.get("/status-reports/br?lang=en")
    assert "Sign out" in again.text
    assert again.headers["Cache-Control"] == "no-store"
    assert len(queries) == 2, "who asks, and whether anything public changed"
    assert first.text.split("<main")[1].split("csrf_token")[0] == again.text.split("<main")[1].split("csrf_token")[0]
    other = cast.app.test_client()
    cast.sign_in(other, "reviewer")
    assert "Invented focal" not in other.get("/status-reports/br?lang=en").text
    cast.bring_to(cast.report_id("BR", "CS-02"), ReportState.PUBLISHED, "br")
    assert person.get("/status-reports/br?lang=en").text != again.text


def test_a_search_is_worked_out_once_for_everybody_with_an_account(any_cast: Cast) -> None:
    cast = any_cast
    cast.bring_to(cast.report_id("BR", "CS-02"), ReportState.PUBLISHED, "br")
    person = cast.app.test_client()
    cast.sign_in(person, "focal.br")
    first = person.get("/search?q=CS-02&lang=en")
    with counted(cast.app) as queries:
        again = person.get("/search?q=CS-02&lang=en")
    assert len([one for one in queries if "search" in one]) == 0
    assert first.text.split("<main")[1].split("csrf_token")[0] == again.text.split("<main")[1].split("csrf_token")[0]
    other = {person.get(f"/search?q=CS-02{more}").text for more in ("&state=BR", "&in=all", "&kind=report", "&lang=fr")}
    assert len(other - {first.text}) == 4, "each question has an answer of its own"
    cast.bring_to(cast.report_id("GT", "CS-02"), ReportState.PUBLISHED, "gt")
    assert person.get("/search?q=CS-02&lang=en").text != again.text
