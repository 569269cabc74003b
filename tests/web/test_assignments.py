"""The pages about who was asked for what: asking, changing, handing in, and who sees which part."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.assignment_scene import OWN, assign, colleague, element, hand_in, rows, user_id, write
from tests.cast import PEOPLE, Cast
from tests.support.sending import send, statements
from tracker.domain.vocabulary import Role
from tracker.models import Assignment, AuditEntry, HistoryEntry

FOCAL = {"focal.br", "alternate.br"}


def asked_of(cast: Cast, party: str, code: str) -> list[int]:
    """The users asked for this commitment or parts of it."""
    commitment = cast.commitment_id(party, code)
    with cast.reading() as session:
        return list(session.scalars(sa.select(Assignment.user_id).where(Assignment.commitment_id == commitment)))


class TestAsking:
    def test_several_people_and_parts_in_one_act(self, any_cast: Cast, client: FlaskClient) -> None:
        first, second = user_id(any_cast, "contributor.br"), colleague(any_cast)
        any_cast.sign_in(client, "alternate.br")
        commitment, whole = any_cast.commitment_id("BR", "CS-05"), any_cast.commitment_id("BR", "CS-02")
        part = f"{commitment}-{element(any_cast, 'CS-05.a')}"
        page = client.get(f"/assignments/new?commitment={whole}").get_data(as_text=True)
        assert f'value="{whole}" checked' in page
        assert f'value="{part}"' in page
        sent = {"user": [first, second], "part": [whole, part], "due_on": "2026-04-10"}
        answer = send(client, "/assignments/new", **sent)
        assert (answer.status_code, answer.location) == (303, "/assignments")
        listed = client.get("/assignments").get_data(as_text=True)
        assert "CS-05.a" in listed
        assert "Invented Police" in listed
        assert {r.due_on for r in rows(any_cast, second)} == {OWN}
        assert send(client, "/assignments/new", **sent).status_code == 303, "asked twice is asked once"
        assert len(rows(any_cast, second)) == 2
        with any_cast.reading() as session:
            entries = list(session.scalars(sa.select(HistoryEntry.action)))
            assert entries.count("assigned") == 4
            assert session.scalar(sa.select(AuditEntry.id).where(AuditEntry.event == "commitment.assigned"))

    def test_nothing_is_done_where_one_part_is_impossible(self, cast: Cast, client: FlaskClient) -> None:
        who = user_id(cast, "contributor.us")
        cast.sign_in(client, "focal.us")
        sent = {"user": who, "part": cast.commitment_id("US", "CS-04"), "due_on": "2026-05-04"}
        answer = send(client, "/assignments/new", **sent)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert "The date is after the due date of the report." in page
        assert 'value="2026-05-04"' in page
        assert asked_of(cast, "US", "CS-04") == []

    @pytest.mark.parametrize(
        ("fields", "told"),
        [
            ({"part": "own"}, "Choose at least one contributor."),
            ({"user": "own"}, "Choose at least one commitment or part."),
            ({"user": "٢", "part": "own"}, "Choose at least one contributor."),
            ({"user": "contributor.br", "part": "own"}, "This is no active contributor of your State."),
            ({"user": "approver.us", "part": "own"}, "This is no active contributor of your State."),
            ({"user": "own", "part": "own", "due_on": "soon"}, "as year-month-day"),
        ],
    )
    def test_says_what_is_missing(self, cast: Cast, client: FlaskClient, fields: dict[str, str], told: str) -> None:
        own = {"user": user_id(cast, "contributor.us"), "part": cast.commitment_id("US", "CS-04")}
        sent = {
            name: own[name] if value == "own" else user_id(cast, value) if value in PEOPLE else value
            for name, value in fields.items()
        }
        cast.sign_in(client, "focal.us")
        answer = send(client, "/assignments/new", **sent)
        assert answer.status_code == 422
        assert told in answer.get_data(as_text=True)
        assert asked_of(cast, "US", "CS-04") == []

    def test_refused_to_everybody_else(self, cast: Cast, client: FlaskClient) -> None:
        who, commitment = user_id(cast, "contributor.br"), cast.commitment_id("BR", "CS-04")
        (given,) = rows(cast, who)
        for name, (role, _party) in PEOPLE.items():
            if name in FOCAL:
                continue
            cast.sign_in(client, name)
            focal = role is Role.FOCAL_POINT
            assert send(client, "/assignments/new", user=who, part=commitment).status_code == (404 if focal else 403)
            assert client.get("/assignments/new").status_code == (200 if focal else 403), name
            assert client.get(f"/assignments/{given.id}").status_code == (404 if focal else 403), name
            for act in ("date", "remove", "ask-again"):
                status = send(client, f"/assignments/{given.id}/{act}", due_on="2026-04-10").status_code
                assert status == (404 if focal else 403), (name, act)
        assert asked_of(cast, "BR", "CS-04") == []
        assert [r.due_on for r in rows(cast, who)] == [None]


class TestChanging:
    def test_another_date_then_taken_back(self, any_cast: Cast, client: FlaskClient) -> None:
        (given,) = rows(any_cast, user_id(any_cast, "contributor.us"))
        address = f"/assignments/{given.id}"
        any_cast.sign_in(client, "focal.us")
        assert client.get(address).status_code == 200
        assert send(client, f"{address}/date", due_on="2026-04-10").status_code == 303
        assert [r.due_on for r in rows(any_cast, given.user_id)] == [OWN]
        answer = send(client, f"{address}/date", due_on="2026-06-10")
        assert answer.status_code == 422
        assert "The date is after the due date of the report." in answer.get_data(as_text=True)
        assert [send(client, f"{address}/remove").status_code for _click in range(2)] == [303, 303]
        any_cast.sign_in(client, "contributor.us")
        report_id = any_cast.report_id("US", "CS-03")
        assert client.get(f"/commitments/{given.commitment_id}").status_code == 404
        assert client.get(f"/reports/{report_id}").status_code == 404
        assert send(client, f"/reports/{report_id}", version=1, content="1").status_code == 404

    def test_the_secretariat_does_not_read_who_was_asked(self, cast: Cast, client: FlaskClient) -> None:
        cast.sign_in(client, "reviewer")
        address = f"/commitments/{cast.commitment_id('US', 'CS-03')}"
        assert "contributor.us" not in client.get(address).get_data(as_text=True)


class TestHandingIn:
    def test_ready_and_asked_again(self, any_cast: Cast, client: FlaskClient) -> None:
        report_id = any_cast.report_id("US", "CS-03")
        any_cast.sign_in(client, "contributor.us")
        address = f"/reports/{report_id}/hand-in"
        assert "Save and say that my part is ready" in client.get(f"/reports/{report_id}").get_data(as_text=True)
        answer = send(client, address, version=any_cast.version(report_id))
        assert answer.status_code == 422, "nothing is answered yet"
        assert "There is a problem" in answer.get_data(as_text=True)
        write(any_cast, report_id, "contributor.us", "Done.")
        version = any_cast.version(report_id)
        assert send(client, address, version=version - 1).status_code == 409
        assert [send(client, address, version=version).status_code for _click in range(2)] == [303, 303]
        (given,) = rows(any_cast, user_id(any_cast, "contributor.us"))
        assert given.done_at is not None
        any_cast.sign_in(client, "focal.us")
        assert "Ask for the part again" in client.get(f"/assignments/{given.id}").get_data(as_text=True)
        assert send(client, f"/assignments/{given.id}/ask-again").status_code == 303
        assert [r.done_at for r in rows(any_cast, given.user_id)] == [None]

    def test_refused_to_everybody_else(self, cast: Cast, client: FlaskClient) -> None:
        report_id = cast.report_id("BR", "CS-03")
        write(cast, report_id, "contributor.br", "Done.")
        for name, (role, party) in PEOPLE.items():
            if name == "contributor.br":
                continue
            cast.sign_in(client, name)
            sees = party == "BR" or role in (Role.REVIEWER, Role.ADMINISTRATOR, Role.OBSERVER)
            answer = send(client, f"/reports/{report_id}/hand-in", version=cast.version(report_id))
            assert answer.status_code == (403 if sees else 404), name
        assert [r.done_at for r in rows(cast, user_id(cast, "contributor.br"))] == [None]


class TestReading:
    def test_a_contributor_sees_the_own_parts_only(self, cast: Cast, client: FlaskClient) -> None:
        other = colleague(cast)
        assign(cast, ["CS-02", "CS-05.a"], [other], OWN)
        cast.sign_in(client, "contributor.br")
        page = client.get(f"/assignments?person={other}").get_data(as_text=True)
        assert "CS-03" in page
        assert "CS-05.a" not in page
        assert "Invented second" not in page

    def test_the_list_asks_the_database_as_often_with_more_in_it(self, cast: Cast, client: FlaskClient) -> None:
        cast.sign_in(client, "focal.br")
        client.get("/assignments")
        with statements(cast.app) as few:
            client.get("/assignments")
        assign(cast, ["CS-02", "CS-04", "CS-05.a", "CS-05.b"], [user_id(cast, "contributor.br"), colleague(cast)], OWN)
        with statements(cast.app) as many:
            client.get("/assignments")
        assert len(many) == len(few) <= 8

    def test_other_elements_drafts_are_hidden_from_who_has_one_element(self, cast: Cast, client: FlaskClient) -> None:
        """Commitment, report, its comparisons and the status report: nothing of the other elements' draft."""
        colleague(cast)
        assign(cast, ["CS-03.b"], [user_id(cast, "second.br")])
        report_id, commitment = cast.report_id("BR", "CS-03"), cast.commitment_id("BR", "CS-03")
        write(cast, report_id, "focal.br", "hush of the other elements")
        write(cast, report_id, "second.br", "words of the own element")
        hand_in(cast, report_id, "second.br")
        cast.sign_in(client, "second.br")
        addresses = [
            f"/commitments/{commitment}",
            f"/reports/{report_id}",
            f"/reports/{report_id}/compare",
            f"/reports/{report_id}/evidence",
            "/dashboard",
            "/assignments",
            "/commitments",
            "/evidence",
            "/status-reports/br-2026",
            "/states/br/CS-03",
        ]
        for address in addresses:
            answer = client.get(address, follow_redirects=True)
            assert answer.status_code in (200, 403, 404), address
            assert "hush of the other elements" not in answer.get_data(as_text=True), address
        assert "words of the own element" in client.get(f"/reports/{report_id}").get_data(as_text=True)
