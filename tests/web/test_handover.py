"""The pages of a handover, the briefing, who can answer today, and who is refused there."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.cast import PEOPLE, Cast
from tests.services.test_handover import newcomer
from tests.support.sending import send

FOCAL = {name for name in PEOPLE if name.startswith(("focal", "alternate"))}
ADMINS = {"admin", "admin2"}
BRIEFED = FOCAL | {name for name in PEOPLE if name.startswith(("approver", "contributor"))} | {"secretariat"}


@pytest.mark.both_databases
def test_a_focal_point_hands_a_contributors_work_over(cast: Cast, client: FlaskClient) -> None:
    after = newcomer(cast)
    cast.sign_in(client, "focal.br")
    before = cast.actor("contributor.br").user_id
    assert "Invented contributor.br" in client.get("/handover?lang=en").text
    page = client.get(f"/handover/{before}?lang=en").text
    assert "1 assignment, with its date" in page
    assert "Shut the predecessor" not in page
    done = send(client, f"/handover/{before}", successor=str(after), note="Ask the Ministry first.")
    assert (done.status_code, done.location) == (303, "/handover")


def test_what_was_typed_stays(cast: Cast, client: FlaskClient) -> None:
    newcomer(cast)
    cast.sign_in(client, "focal.br")
    before = cast.actor("contributor.br").user_id
    answer = send(client, f"/handover/{before}", successor="", note="Typed and kept.")
    assert answer.status_code == 422
    assert "Typed and kept." in answer.text
    nobody = send(client, f"/handover/{before}", successor=str(cast.actor("contributor.gt").user_id))
    assert nobody.status_code == 422
    suspicious = send(client, f"/handover/{before}", successor="", note="Ask witness Rosa Inventada.")
    assert "explanation" in suspicious.text


def test_nobody_in_the_same_role_is_said(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "focal.br")
    page = client.get(f"/handover/{cast.actor('approver.br').user_id}?lang=en").text
    assert "Nobody of your State is in the same role yet." in page


def test_the_administrator_sees_who_can_answer(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "admin")
    page = client.get("/admin/answering").text
    assert "Vacant" in page
    assert "Never signed in" in page
    assert client.get("/handover").location == "/admin/answering"
    assert "Shut the predecessor" in client.get(f"/handover/{cast.actor('focal.br').user_id}").text


def test_the_briefing_of_each_role(cast: Cast, client: FlaskClient) -> None:
    for who in sorted(BRIEFED):
        cast.sign_in(client, who)
        page = client.get("/briefing?lang=en")
        assert page.status_code == 200, who
        assert "Who is who" in page.text, who
        others = {name for name in PEOPLE if name.split(".")[-1] != who.split(".")[-1]} - {who}
        assert not any(f"{name}@tracker.test" in page.text for name in others), who


def test_who_is_refused(cast: Cast, client: FlaskClient) -> None:
    before = cast.actor("contributor.br").user_id
    for who in sorted(PEOPLE):
        cast.sign_in(client, who)
        own = who in ADMINS or who.endswith(".br")
        expected = 403 if who not in FOCAL | ADMINS else 200 if own else 404
        assert client.get(f"/handover/{before}").status_code == expected, who
        if expected != 200:
            assert send(client, f"/handover/{before}", successor="1").status_code == expected, who
        assert (client.get("/admin/answering").status_code == 200) == (who in ADMINS), who
        assert (client.get("/briefing").status_code == 200) == (who in BRIEFED), who
        assert client.get("/handover/999999").status_code == (404 if who in FOCAL | ADMINS else 403), who
