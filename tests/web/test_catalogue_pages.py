"""The public pages of recommendations and mandates, of activities and of the library."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.cast import Cast
from tracker.db import db
from tracker.domain.vocabulary import ReportState
from tracker.models import Activity, Commitment, ProgressReport, Provision, ProvisionVersion


def listed(page: str, folder: str) -> list[str]:
    return re.findall(rf'<a class="govuk-link" href="/{folder}/([A-Z0-9-]+)"', page)


def test_provisions_are_grouped_by_instrument_with_its_reading_note(cast: Cast, client: FlaskClient) -> None:
    page = client.get("/provisions").get_data(as_text=True)
    codes = listed(page, "provisions")
    assert len(codes) == 28
    assert codes[:2] == ["CS-01", "CS-02"]
    assert "the document does not say that the meeting adopted them" in page
    assert "A paraphrase." in page
    assert "shown, not rated" in page


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("instrument=CSC-2012", 10),
        ("instrument=WP-2010-2012", 18),
        ("instrument=CSC-2012&pillar=protection", 4),
        ("theme=resources&instrument=CSC-2012", 3),
        ("theme=nothing", 0),
        ("pillar=%00", 28),
        ("pillar=%25", 28),
    ],
)
def test_filters_narrow_the_list(cast: Cast, client: FlaskClient, query: str, count: int) -> None:
    page = client.get(f"/provisions?{query}").get_data(as_text=True)
    found = listed(page, "provisions")
    assert len(found) == count
    if not count:
        assert "Nothing matches these filters" in page


def test_a_provision_tells_text_elements_indicators_and_whose_classification_it_is(
    cast: Cast, client: FlaskClient
) -> None:
    page = client.get("/provisions/CS-01").get_data(as_text=True)
    assert "Recommended by civil society" in page
    assert "RTP-III/doc.9/12 rev. 1" in page
    assert "7 November 2012" in page
    assert "CS-01.a" in page
    assert "Verification mechanism in place" in page
    assert "our classification" in page
    assert "ct-unofficial" not in page
    assert "Notes for staff" not in page


def test_a_translation_is_marked_and_the_source_is_one_click_away(cast: Cast, client: FlaskClient) -> None:
    page = client.get("/provisions/CS-02?lang=pt").get_data(as_text=True)
    assert '<blockquote class="ct-provision ct-prose" lang="pt">Os Estados devem assumir' in page
    source = page.split("ct-unofficial")[1]
    assert 'lang="en">States must assume their responsibilities' in source


def test_the_passage_stands_beside_a_paraphrase(cast: Cast, client: FlaskClient) -> None:
    page = client.get("/provisions/WP-S-02").get_data(as_text=True)
    assert "A paraphrase." in page
    assert "It recommends possible activities for member states to undertake" in page
    assert "Possible activity recommended to States" in page


def test_umbrella_provisions_say_why_they_are_not_rated(cast: Cast, client: FlaskClient) -> None:
    page = client.get("/provisions/GA-2010-01").get_data(as_text=True)
    assert "Why it is shown and not rated" in page
    assert "What has been reported" not in page


def test_who_owes_it_is_listed_alphabetically_with_the_denominator(cast: Cast, client: FlaskClient) -> None:
    page = client.get("/provisions/CS-02").get_data(as_text=True)
    assert "0 of 32" in page
    rows = re.findall(r'href="/states/(\w\w)/CS-02"', page)
    assert len(rows) == 32
    assert rows[:3] == ["ag", "ar", "bs"]
    assert re.findall(r'href="/states/(\w+)/CS-10"', client.get("/provisions/CS-10").get_data(as_text=True)) == ["ica"]


def test_staff_read_the_notes(cast: Cast, client: FlaskClient) -> None:
    for name, seen in (("reviewer", True), ("admin", True), ("focal.br", False), ("observer", False)):
        cast.sign_in(client, name)
        assert ("Notes for staff" in client.get("/provisions/CS-01").get_data(as_text=True)) is seen
        assert ("Notes for staff" in client.get("/instruments/CSC-2012").get_data(as_text=True)) is seen


def test_older_versions_are_shown_with_their_reasons(cast: Cast, client: FlaskClient) -> None:
    with cast.writing() as session:
        provision = session.query(Provision).filter_by(code="CS-02").one()
        older = provision.text["en"]
        provision.text = {**provision.text, "en": "A corrected text."}
        provision.version_number = 2
        session.add(
            ProvisionVersion(
                provision_id=provision.id,
                number=2,
                title=provision.title,
                text=provision.text,
                text_status=provision.text_status,
                reason="A word was copied wrongly.",
                made_at=cast.clock.now(),
            )
        )
    page = client.get("/provisions/CS-02").get_data(as_text=True)
    assert "A corrected text." in page
    assert "A word was copied wrongly." in page
    assert older in page.split("Versions of the text")[1]


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [("/provisions/cs-01", "/provisions/CS-01"), ("/activities/act-01", "/activities/ACT-01")],
)
def test_a_code_has_one_spelling(cast: Cast, client: FlaskClient, asked: str, canonical: str) -> None:
    answer = client.get(asked)
    assert answer.status_code == 301
    assert answer.headers["Location"].endswith(canonical)


@pytest.mark.parametrize("path", ["/provisions/XX-1", "/provisions/%00", "/provisions/%ED%A0%80", "/activities/ACT-99"])
def test_an_unknown_code_is_404_with_a_way_back(cast: Cast, client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert 'href="/"' in answer.get_data(as_text=True)


def test_activities_newest_first_with_filters(cast: Cast, client: FlaskClient) -> None:
    codes = listed(client.get("/activities").get_data(as_text=True), "activities")
    assert len(codes) == 45
    assert codes[0] == "ACT-01"
    assert codes[-1] == "PRG-03"
    in_2006 = listed(client.get("/activities?year=2006").get_data(as_text=True), "activities")
    assert 0 < len(in_2006) < 42
    in_chile = listed(client.get("/activities?state=cl").get_data(as_text=True), "activities")
    assert "ACT-21" in in_chile
    assert "Nothing matches these filters" in client.get("/activities?type=nothing").get_data(as_text=True)


def test_the_timeline_has_years_and_says_where_a_date_is_uncertain(cast: Cast, client: FlaskClient) -> None:
    page = client.get("/activities").get_data(as_text=True)
    assert re.findall(r'class="ct-timeline__label" id="(\w+)"', page) == ["y2007", "y2006", "y2005", "y2004", "undated"]
    with cast.reading() as session:
        uncertain = set(session.scalars(sa.select(Activity.code).where(Activity.date_uncertain)))
    marked = {
        re.findall(r"/activities/([A-Z0-9-]+)", line)[0]
        for line in page.split('<ol class="ct-timeline__list">', 1)[1].split("<li>")
        if "date uncertain" in line and "/activities/" in line
    }
    assert marked == uncertain
    assert uncertain
    assert "date uncertain" in client.get(f"/activities/{min(uncertain)}").get_data(as_text=True)
    assert '<time datetime="2007-12-05">5 December 2007</time>' in page
    assert '<time datetime="2005">2005</time>' in page


def test_the_map_says_the_same_as_the_list_beside_it(cast: Cast, client: FlaskClient) -> None:
    page = client.get("/activities").get_data(as_text=True)
    drawn = set(re.findall(r'class="ct-map__state" href="/activities\?state=(\w\w)"', page))
    listed_ = re.findall(r'<a class="govuk-link" href="/activities\?state=(\w\w)">[^<]+</a> <span>(\d+) \+ (\d+)', page)
    assert drawn == {code for code, _held, _elsewhere in listed_}
    with cast.reading() as session:
        found = session.execute(sa.select(Activity.country_iso2, Activity.state_iso2s)).all()
    for code, held, elsewhere in listed_:
        iso2 = code.upper()
        assert int(held) == sum(country == iso2 for country, _states in found), code
        assert int(elsewhere) == sum(iso2 in states and country != iso2 for country, states in found), code
    assert [code for code, _h, _e in listed_][:2] == ["ag", "ar"]


def test_activities_of_one_pillar(cast: Cast, client: FlaskClient) -> None:
    codes = listed(client.get("/activities?pillar=prosecution").get_data(as_text=True), "activities")
    assert "ACT-09" in codes
    assert "ACT-16" not in codes


def test_every_activity_opens(cast: Cast, client: FlaskClient) -> None:
    codes = listed(client.get("/activities").get_data(as_text=True), "activities")
    for code in codes:
        assert client.get(f"/activities/{code}").status_code == 200, code


def test_every_provision_opens(cast: Cast, client: FlaskClient) -> None:
    for code in listed(client.get("/provisions").get_data(as_text=True), "provisions"):
        assert client.get(f"/provisions/{code}?lang=es").status_code == 200, code


def test_the_library_holds_titles_and_says_that_it_holds_no_files(cast: Cast, client: FlaskClient) -> None:
    page = client.get("/library").get_data(as_text=True)
    assert "51 documents" in page
    assert "The files themselves are not held here" in page
    spanish = client.get("/library?language=es").get_data(as_text=True)
    assert "22 documents" in spanish
    assert "18 documents" in client.get("/library?kind=agenda").get_data(as_text=True)
    one = client.get("/library?activity=ACT-27").get_data(as_text=True)
    assert set(re.findall(r'<a class="govuk-link" href="/activities/([A-Z0-9-]+)"', one)) == {"ACT-27"}
    second = client.get("/library?page=2").get_data(as_text=True)
    assert "51 documents" in second
    assert second.count('<tr class="govuk-table__row">') == 2  # the heading, and the last document
    assert client.get("/library?page=3").status_code == 404
    assert 'action="/search"' in page


def test_an_instrument_tells_where_its_text_comes_from_and_what_is_never_rated(cast: Cast, client: FlaskClient) -> None:
    page = client.get("/instruments/CSC-2012").get_data(as_text=True)
    for said in ("RTP-III/doc.9/12 rev. 1", "Third Meeting of National Authorities", "Where this text comes from"):
        assert said in page
    assert listed(page, "provisions") == [f"CS-{number:02}" for number in range(1, 11)]
    assert page.count('<li id="') == 18
    assert "it is never rated" in page
    assert "A paraphrase." in client.get("/instruments/WP-2010-2012").get_data(as_text=True)
    assert "Focus efforts" in client.get("/instruments/ATIP-STRATEGY").get_data(as_text=True)
    assert client.get("/instruments/csc-2012").status_code == 301
    assert client.get("/instruments/XX").status_code == 404


def test_a_pillar_counts_what_serves_it(cast: Cast, client: FlaskClient) -> None:
    cast.bring_to(cast.report_id("BR", "CS-07"), ReportState.PUBLISHED)
    cast.bring_to(cast.report_id("GT", "CS-07"), ReportState.SUBMITTED, "gt")
    page = " ".join(client.get("/pillars/protection").get_data(as_text=True).split())
    line = page.split(">CS-07<")[1].split("</tr>")[0]
    assert "2 of 32" in line
    assert "1 of 1" in line
    with cast.reading() as session:
        serving = session.scalars(sa.select(Provision).where(Provision.is_scored)).all()
        codes = {one.code for one in serving if "protection" in one.pillars}
        owed = session.scalar(
            sa.select(sa.func.count())
            .select_from(ProgressReport)
            .join(Commitment, Commitment.id == ProgressReport.commitment_id)
            .join(Provision, Provision.id == Commitment.provision_id)
            .where(Provision.code.in_(codes))
        )
    assert f'<span class="ct-stat__n">2</span> of {owed}' in page
    assert "our classification" in page
    assert client.get("/pillars/Protection").status_code == 301
    assert client.get("/pillars/nothing").status_code == 404
    assert client.get("/pillars/protection?cycle=1999").status_code == 404


@pytest.mark.both_databases
def test_lists_are_the_same_on_both_databases(any_cast: Cast, client: FlaskClient) -> None:
    assert len(listed(client.get("/provisions?pillar=protection").get_data(as_text=True), "provisions")) > 5
    assert "ACT-21" in client.get("/activities?state=cl&year=2006").get_data(as_text=True)
    assert client.get("/states/br").status_code == 200
    assert client.get("/states/br/CS-02").status_code == 200
    assert client.get("/provisions/CS-01").status_code == 200
    assert "22 documents" in client.get("/library?language=es").get_data(as_text=True)
    assert client.get("/library?page=9").status_code == 404
    assert listed(client.get("/library?year=2006&activity=ACT-22").get_data(as_text=True), "activities")
    assert listed(client.get("/activities?pillar=prosecution&year=2007").get_data(as_text=True), "activities")
    for path in ("/", "/instruments", "/instruments/CSC-2012", "/pillars", "/pillars/protection", "/report-a-case"):
        assert client.get(path).status_code == 200, path
    for path in ("/feed.atom", "/sitemap.xml"):
        assert client.get(path).status_code == 200, path
    with any_cast.app.app_context():
        db.session.rollback()
