"""The list of commitments, the page of one, and who was asked to answer it."""

from __future__ import annotations

import re
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import joinedload, selectinload

from tests.cast import PEOPLE, Cast
from tests.support.sending import send, statements
from tests.support.worlds import kept
from tracker.domain.policy import Permission, can
from tracker.domain.vocabulary import PartyKind, ReportState, Role
from tracker.models import Commitment, ReportingParty
from tracker.services import commitments, cycles, records
from tracker.services.commitments import Filters
from tracker.services.standing import CHOICES, reader_in_lists, visible_commitments

LINK = re.compile(r'href="/commitments/(\d+)"')
STATES = list(ReportState)


def listed(client: FlaskClient, query: str = "") -> list[int]:
    """The commitments on a page of the list, in order."""
    page = client.get(f"/commitments?{query}")
    assert page.status_code == 200
    return [int(one) for one in LINK.findall(page.get_data(as_text=True))]


@kept
def vary(cast: Cast) -> None:
    for code, state in zip([f"CS-0{n}" for n in range(1, 9)], STATES, strict=True):
        cast.bring_to(cast.report_id("US", code), state, "us")


@pytest.fixture
def varied(any_cast: Cast) -> Cast:
    """One commitment of the United States in each state; the others are drafts."""
    vary(any_cast)
    return any_cast


class TestVisibility:
    """Lists and single records agree for every role and State (SAFETY A5)."""

    @pytest.mark.parametrize("name", PEOPLE)
    def test_list_and_policy_agree(self, any_cast: Cast, name: str) -> None:
        actor = any_cast.actor(name)
        with any_cast.reading() as session:
            by_list = set(session.scalars(sa.select(Commitment.id).where(visible_commitments(actor))))
            every = session.scalars(
                sa.select(Commitment).options(joinedload(Commitment.party), selectinload(Commitment.assignments))
            )
            by_policy = {
                c.id for c in every if can(actor, Permission.COMMITMENT_VIEW, records.subject_of_commitment(c))
            }
        assert by_list == by_policy
        expected = {Role.CONTRIBUTOR: 1, Role.FOCAL_POINT: 15, Role.APPROVER: 15, Role.OBSERVER: 30}
        assert len(by_list) == expected.get(actor.role, 12 if name == "secretariat" else 493)

    @pytest.mark.parametrize("name", ["focal.us", "contributor.us", "observer", "reviewer", "admin", "secretariat"])
    def test_pages_of_the_list_open_and_others_do_not(self, cast: Cast, client: FlaskClient, name: str) -> None:
        cast.sign_in(client, name)
        shown = set(listed(client))
        for code, provision in (("US", "CS-03"), ("US", "CS-04"), ("BR", "CS-03"), ("HT", "CS-03"), ("GS", "CS-01")):
            one = cast.commitment_id(code, provision)
            with cast.reading() as session:
                visible = session.scalar(
                    sa.select(Commitment.id).where(Commitment.id == one, visible_commitments(cast.actor(name)))
                )
            assert client.get(f"/commitments/{one}").status_code == (200 if visible else 404)
            assert visible or one not in shown


class TestFilters:
    @pytest.mark.parametrize("name", ["focal.us", "approver.us", "contributor.us", "reviewer", "admin", "observer"])
    def test_each_state_of_the_filter_is_what_the_lines_say(self, varied: Cast, name: str) -> None:
        """The filters share out the list: each line is found under its own state and under no other."""
        actor = varied.actor(name)
        now = varied.clock.now()
        with varied.reading() as session:
            choices = commitments.choices(session, actor)
            cycle_id = choices.cycle_ids["2026"]
            found = {}
            for choice in CHOICES[reader_in_lists(actor)]:
                party = "us" if choices.parties and actor.role is not Role.OBSERVER else ""
                asked = Filters(standing=choice, party=party)
                page = commitments.listing(session, actor, asked, cycle_id=cycle_id, number=1, now=now)
                assert {line.standing for line in page.lines} <= {choice}
                found[choice] = page.total
            whole = commitments.listing(session, actor, Filters(party=party), cycle_id=cycle_id, number=1, now=now)
        assert sum(found.values()) == whole.total

    def test_staff_do_not_learn_of_drafts_and_approvals(self, varied: Cast, client: FlaskClient) -> None:
        varied.sign_in(client, "reviewer")
        page = client.get("/commitments?party=us").get_data(as_text=True)
        lines = page[page.index("<tbody") :]
        assert "Awaiting approval" not in lines
        assert "Draft" not in lines
        assert lines.count("Not submitted") == 9

    def test_a_refusal_inside_the_state_stays_inside(self, any_cast: Cast, client: FlaskClient) -> None:
        report_id = any_cast.report_id("US", "CS-02")
        any_cast.bring_to(report_id, ReportState.AWAITING_APPROVAL, "us")
        any_cast.sign_in(client, "approver.us")
        send(client, f"/reports/{report_id}/refuse", version=any_cast.version(report_id), comment="Not yet.")
        any_cast.sign_in(client, "reviewer")
        page = client.get(f"/commitments/{any_cast.commitment_id('US', 'CS-02')}").get_data(as_text=True)
        assert "Not submitted" in page
        assert "Not yet." not in page
        assert "Returned" not in page[page.index("<h1") :]

    def test_by_pillar_instrument_and_assigned(self, any_cast: Cast, client: FlaskClient) -> None:
        any_cast.sign_in(client, "focal.us")
        assert len(listed(client, "instrument=WP-2010-2012")) == 6
        assert len(listed(client, "instrument=CSC-2012")) == 9
        by_pillar = [len(listed(client, f"pillar={code}")) for code in ("prevention", "protection", "prosecution")]
        assert all(0 < n < 15 for n in by_pillar)
        assert len(listed(client, "assigned=nobody")) == 14
        options = re.findall(r'<option value="(i\d+)"', client.get("/commitments").get_data(as_text=True))
        assert [any_cast.commitment_id("US", "CS-03")] == listed(client, f"assigned={options[0]}")

    def test_by_due_date(self, varied: Cast, client: FlaskClient) -> None:
        varied.sign_in(client, "focal.us")
        owed = 15 - 5  # submitted, under review, proposed, open for comment, published
        assert len(listed(client, "due=later")) == owed - 1  # one came back with 20 days
        assert len(listed(client, "due=month")) == 1
        assert listed(client, "due=week") == listed(client, "due=overdue") == []
        varied.clock.advance(days=55)
        varied.sign_in(client, "focal.us")
        assert len(listed(client, "due=week")) == owed - 1
        varied.clock.advance(days=10)
        varied.sign_in(client, "focal.us")
        assert len(listed(client, "due=overdue")) == owed
        assert "Overdue" in client.get("/commitments").get_data(as_text=True)

    @pytest.mark.parametrize(
        "query",
        [
            "pillar=nothing",
            "instrument=%27%20OR%201=1",
            "state=rating_proposed",
            "due=yesterday",
            "assigned=i999999",
            "assigned=u%D9%A1",
            "party=br",
            "cycle=1999",
            "state=%00",
            "pillar=%ED%A0%80",
            "cycle=" + "9" * 5000,
        ],
    )
    def test_an_unknown_choice_is_said_and_can_be_cleared(
        self, any_cast: Cast, client: FlaskClient, query: str
    ) -> None:
        any_cast.sign_in(client, "focal.us")
        page = client.get(f"/commitments?{query}")
        assert page.status_code == 400
        text = page.get_data(as_text=True)
        assert "Clear the filters" in text
        assert not LINK.findall(text)


class TestPages:
    def test_fifty_a_page_in_one_order(self, any_cast: Cast, client: FlaskClient) -> None:
        any_cast.sign_in(client, "reviewer")
        pages = [listed(client, f"page={n}") for n in range(1, 11)]
        assert [len(p) for p in pages] == [50] * 9 + [43]
        assert len({one for page in pages for one in page}) == 493

    @pytest.mark.parametrize("page", ["0", "-1", "11", "1000001", "x", "", "1e3", "٢", "9" * 40, "%00"])
    def test_other_pages_are_not_there(self, any_cast: Cast, client: FlaskClient, page: str) -> None:
        any_cast.sign_in(client, "reviewer")
        assert client.get(f"/commitments?page={page}").status_code == 404

    @pytest.mark.parametrize("address", ["0", "-1", "999999", "9" * 18, "9" * 40, "01", "٢", "x", "1.0"])
    def test_odd_numbers_are_not_there(self, any_cast: Cast, client: FlaskClient, address: str) -> None:
        any_cast.sign_in(client, "reviewer")
        assert client.get(f"/commitments/{address}").status_code == 404
        assert client.get(f"/reports/{address}").status_code == 404


class TestOne:
    def test_tells_the_history_by_who_may_know_names(self, any_cast: Cast, client: FlaskClient) -> None:
        any_cast.bring_to(any_cast.report_id("BR", "CS-03"), ReportState.PUBLISHED, "br")
        address = f"/commitments/{any_cast.commitment_id('BR', 'CS-03')}?lang=en"
        told = {}
        for name in ("focal.br", "reviewer", "observer"):
            any_cast.sign_in(client, name)
            told[name] = client.get(address).get_data(as_text=True)
        assert "Invented focal.br (Focal point) asked for approval." in told["focal.br"]
        assert "Invented approver.br (National approver) submitted revision 1." in told["focal.br"]
        assert "The Secretariat (Reviewer) took up the review." in told["focal.br"]
        assert "Invented reviewer" not in told["focal.br"]
        assert "Invented reviewer (Reviewer) took up the review." in told["reviewer"]
        assert "asked for approval" not in told["reviewer"]
        assert "Brazil (Focal point) commented on the rating" in told["observer"]
        assert "Invented focal.br" not in told["observer"]
        assert "took up the review" not in told["observer"]
        for page in told.values():
            assert "Invented reasons." in page
            assert "An invented comment of the State." in page

    def test_the_observer_reads_what_is_published_and_nothing_else(self, varied: Cast, client: FlaskClient) -> None:
        varied.bring_to(varied.report_id("BR", "CS-03"), ReportState.OPEN_FOR_COMMENT, "br")
        varied.sign_in(client, "observer")
        page = client.get(f"/commitments/{varied.commitment_id('BR', 'CS-03')}").get_data(as_text=True)
        assert "Invented reasons." not in page
        assert "An invented answer." not in page
        assert "Reported" in page
        assert "Open for comment" not in page

    def test_shows_the_exact_words_beside_a_translation(self, cast: Cast, client: FlaskClient) -> None:
        cast.sign_in(client, "focal.br")
        page = client.get(f"/commitments/{cast.commitment_id('BR', 'CS-03')}?lang=pt").get_data(as_text=True)
        assert '<div class="govuk-details__text ct-prose" lang="en">' in page
        assert 'class="ct-provision ct-prose" lang="pt"' in page


@pytest.mark.parametrize("name", ["focal.us", "contributor.us", "approver.us", "reviewer", "admin", "observer"])
def test_queries_do_not_grow_with_the_cycles(cast: Cast, client: FlaskClient, app: Flask, name: str) -> None:
    """The number of queries is the same with one cycle and with four."""
    addresses = ("/dashboard", "/commitments", f"/commitments/{cast.commitment_id('US', 'CS-03')}")
    cast.sign_in(client, name)

    def count() -> dict[str, int]:
        found = {}
        for address in addresses:
            with statements(app) as made:
                client.get(address)
            found[address] = len(made)
        return found

    first = count()
    for year in (2027, 2028, 2029):
        with cast.writing() as session:
            plan = cycles.CyclePlan(
                code=str(year),
                title={lang: str(year) for lang in ("en", "es", "pt", "fr")},
                period_start=date(year - 1, 1, 1),
                period_end=date(year - 1, 12, 31),
                opens_on=date(year, 3, 1),
                due_on=date(year, 4, 30),
                closes_on=date(year, 6, 30),
            )
            cycle = cycles.plan(session, plan, actor=None, now=cast.clock.now())
            cycles.open_cycle(session, cycle.id, now=cast.clock.now())
    assert count() == first
    assert max(first.values()) <= 10


def test_the_agencies_are_recorded_by_administrators(cast: Cast, client: FlaskClient) -> None:
    with cast.reading() as session:
        kind = (
            sa.select(Commitment.id).join(ReportingParty).where(ReportingParty.kind == PartyKind.COOPERATION_AGENCIES)
        )
        commitment = session.scalars(kind).one()
    report_id = cast.report_id("ICA", "CS-10")
    cast.sign_in(client, "admin")
    assert "Save and submit" in client.get(f"/reports/{report_id}").get_data(as_text=True)
    assert client.get(f"/commitments/{commitment}").status_code == 200
    cast.sign_in(client, "reviewer")
    answer = client.get(f"/reports/{report_id}")
    assert (answer.status_code, answer.location) == (302, f"/reviews/{report_id}")
