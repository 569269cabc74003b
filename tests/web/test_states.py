"""The public pages of States, of the General Secretariat and of the cooperation agencies."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.escalation_scene import enter_office
from tracker.domain.vocabulary import OfficeKind, ReportState
from tracker.services import cycles

STATE = re.compile(r'<th scope="row" class="govuk-table__header"><a class="govuk-link" href="/states/(\w\w)">')


def test_all_35_states_stand_in_the_alphabet_of_the_reader(cast: Cast, client: FlaskClient) -> None:
    english = STATE.findall(client.get("/states?lang=en").get_data(as_text=True))
    assert len(english) == 35
    assert english[0] == "ag"
    french = STATE.findall(client.get("/states?lang=fr").get_data(as_text=True))
    assert len(french) == 35
    assert french.index("sv") < french.index("do")  # El Salvador, République dominicaine
    assert french.index("us") < french.index("gd")  # États-Unis stands among the E, before Grenade
    spanish = STATE.findall(client.get("/states?lang=es").get_data(as_text=True))
    assert spanish.index("mx") < spanish.index("ni")  # México


def test_those_that_do_not_take_part_are_shown_with_their_note(cast: Cast, client: FlaskClient) -> None:
    page = client.get("/states").get_data(as_text=True)
    assert page.count("No report is asked for") == 3
    assert "Article 143" in page
    for code in ("cu", "ni", "ve"):
        one = client.get(f"/states/{code}").get_data(as_text=True)
        assert "govuk-inset-text" in one
        assert "No report is asked for in this cycle" in one


def test_figures_stand_beside_each_state(cast: Cast, client: FlaskClient) -> None:
    cast.bring_to(cast.report_id("BR", "CS-02"), ReportState.PUBLISHED)
    row = client.get("/states").get_data(as_text=True).split('href="/states/br"')[1].split("</tr>")[0]
    assert "1 of 15" in row
    assert ">1 of 1</td>" in row


def test_a_state_shows_its_facts_as_far_as_they_are_known(cast: Cast, client: FlaskClient) -> None:
    barbados = client.get("/states/bb").get_data(as_text=True)
    assert "Bridgetown" in barbados
    assert "Ratification, 2014" in barbados
    assert "November 2014" not in barbados
    assert "only the year could be verified" in barbados
    brazil = client.get("/states/br").get_data(as_text=True)
    assert "Federative Republic of Brazil" in brazil
    assert "Ratification, 29 January 2004" in brazil
    assert "/status-reports/br.pdf" in brazil
    assert 'href="/activities/ACT-01"' in brazil


def test_the_others_that_report_have_pages_of_their_own(cast: Cast, client: FlaskClient) -> None:
    page = client.get("/states").get_data(as_text=True)
    assert 'href="/states/gs"' in page
    assert 'href="/states/ica"' in page
    secretariat = client.get("/states/gs").get_data(as_text=True)
    assert "WP-G-01" in secretariat
    assert "Palermo" not in secretariat


def test_a_page_leads_to_a_live_report_where_there_is_one(cast: Cast, client: FlaskClient) -> None:
    told = {}
    for party in ("br", "gs", "ica", "cu", "ve"):
        links = re.findall(r'href="(/status-reports/[^"]+)"', client.get(f"/states/{party}").get_data(as_text=True))
        assert all(client.get(link).status_code == 200 for link in links if not link.endswith(".pdf"))
        told[party] = bool(links)
    assert told == {"br": True, "gs": True, "ica": False, "cu": False, "ve": False}


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("/states/BR", "/states/br"),
        ("/states/BR?lang=fr", "/states/br?lang=fr"),
        ("/states/br/cs-02", "/states/br/CS-02"),
        ("/states/Br/Cs-02?cycle=2026", "/states/br/CS-02?cycle=2026"),
    ],
)
def test_a_code_has_one_spelling(cast: Cast, client: FlaskClient, asked: str, canonical: str) -> None:
    answer = client.get(asked)
    assert answer.status_code == 301
    assert answer.headers["Location"].endswith(canonical)


@pytest.mark.parametrize(
    "path",
    [
        "/states/xx",
        "/states/%00",
        "/states/b%C3%A9",
        "/states/br/XX-99",
        "/states/cu/CS-02",
        "/states/br/CS-10",
        "/states/br?page=0",
        "/states/br?page=2",
        "/states/br?page=-1",
        "/states/br?page=99999999999999999999",
        "/states/br?page=%D9%A1",
        "/states/br?cycle=1999",
        "/states/br/CS-02?cycle=1999",
        "/states/" + "x" * 5000,
    ],
)
def test_what_is_not_there_is_404_with_a_way_back(cast: Cast, client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert 'href="/"' in answer.get_data(as_text=True)


def test_an_earlier_cycle_is_read_again(cast: Cast, client: FlaskClient) -> None:
    cast.bring_to(cast.report_id("BR", "CS-02"), ReportState.PUBLISHED)
    open_another_cycle(cast)
    now = client.get("/states/br").get_data(as_text=True)
    assert "0 of 15" in now
    assert 'href="/states/br?cycle=2026"' in now
    earlier = client.get("/states/br?cycle=2026").get_data(as_text=True)
    assert "Largely implemented" in earlier
    assert 'href="/states/br/CS-02?cycle=2026"' in earlier
    newest = client.get("/states/br/CS-02").get_data(as_text=True)
    assert "Largely implemented" in newest  # the newest that was published
    assert 'href="/states/br/CS-02?cycle=2028"' in newest
    assert "No report has been received for this cycle" in client.get("/states/br/CS-02?cycle=2028").get_data(
        as_text=True
    )


def open_another_cycle(cast: Cast) -> None:
    with cast.writing() as session:
        cycle = cycles.plan(
            session,
            cycles.CyclePlan(
                code="2028",
                title=dict.fromkeys(("en", "es", "pt", "fr"), "2028"),
                period_start=date(2026, 1, 1),
                period_end=date(2027, 12, 31),
                opens_on=date(2028, 3, 1),
                due_on=date(2028, 4, 30),
                closes_on=date(2028, 6, 30),
            ),
            actor=None,
            now=cast.clock.now(),
        )
        cycles.open_cycle(session, cycle.id, now=cast.clock.now())


def test_without_a_cycle_a_state_owes_nothing_yet(catalogue_app: Flask, client: FlaskClient) -> None:
    assert "No reporting cycle is open yet" in client.get("/states").get_data(as_text=True)
    assert "No reporting cycle is open yet" in client.get("/states/br").get_data(as_text=True)


def test_the_national_authority_is_an_office_with_a_public_page_and_nothing_else(
    cast: Cast, client: FlaskClient
) -> None:
    assert "National authority" in client.get("/states/br").get_data(as_text=True)
    enter_office(cast, url="https://authority.example/")
    enter_office(cast, kind=OfficeKind.MISSION, email="mission@br.example")
    page = client.get("/states/br").get_data(as_text=True)
    assert 'href="https://authority.example/"' in page
    assert "Invented authority of BR" in page
    assert "@br.example" not in page
    assert "1 Invented Street" not in page
    assert "Permanente" not in page
