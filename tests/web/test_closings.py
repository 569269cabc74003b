"""The pages that end the follow-up of a commitment, and who is refused there."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.cast import PEOPLE, Cast
from tests.support.sending import send
from tracker.domain.vocabulary import ReportState

ADMINS = {"admin", "admin2"}
SAID = {"kind": "overtaken", "reason": "An invented reason.", "successor": ""}


@pytest.fixture
def over(cast: Cast) -> Cast:
    """The cycle is over, so that commitments may be closed."""
    cast.clock.advance(days=200)
    return cast


@pytest.mark.both_databases
def test_closing_and_following_again(over: Cast, client: FlaskClient) -> None:
    over.sign_in(client, "admin")
    here = f"/commitments/{over.commitment_id('BR', 'CS-04')}"
    assert "Is the measure still valid?" in client.get(here).text
    answer = send(client, f"{here}/close", **SAID)
    assert (answer.status_code, answer.location) == (303, here)
    page = client.get(here).text
    assert "No longer followed: Overtaken by events" in page
    assert "closed the follow-up of this commitment" in page
    assert "An invented reason." in client.get("/states/br/CS-04").text
    assert "An invented reason." in client.get("/admin/closings").text
    again = send(client, f"{here}/follow-again", reason="It is asked for again.")
    assert again.status_code == 303
    assert "No longer followed:" not in client.get(here).text


def test_bad_input_keeps_what_was_typed(over: Cast, client: FlaskClient) -> None:
    over.sign_in(client, "admin")
    here = f"/commitments/{over.commitment_id('BR', 'CS-04')}"
    answer = send(client, f"{here}/close", kind="fulfilled", reason="Typed and kept.", successor="CS-05")
    assert answer.status_code == 422
    assert "Typed and kept." in answer.text
    assert "closed as fulfilled" in answer.text
    assert "superseded or merged" in answer.text
    assert send(client, f"{here}/close", kind="nonsense", reason="\x00", successor="NO").status_code == 422


def test_following_what_is_followed_shows_the_form_that_fits(over: Cast, client: FlaskClient) -> None:
    over.sign_in(client, "admin")
    here = f"/commitments/{over.commitment_id('BR', 'CS-04')}"
    for reason in ("It is asked for again.", "\x00", ""):
        answer = send(client, f"{here}/follow-again", reason=reason)
        assert answer.status_code == 409
        assert "Close the follow-up" in answer.text


def test_an_open_report_is_named_as_what_stands_in_the_way(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "admin")
    here = f"/commitments/{cast.commitment_id('BR', 'CS-04')}"
    answer = send(client, f"{here}/close", **SAID)
    assert answer.status_code == 422
    assert "It is finished first" in answer.text


@pytest.mark.both_databases
def test_the_second_of_two_sees_what_happened_and_the_own_words(over: Cast, client: FlaskClient) -> None:
    over.sign_in(client, "admin")
    here = f"/commitments/{over.commitment_id('BR', 'CS-04')}"
    send(client, f"{here}/close", **SAID)
    late = send(client, f"{here}/close", kind="merged", reason="My own words.", successor="CS-05")
    assert late.status_code == 409
    assert "Somebody changed this before you" in late.text
    assert "My own words." in late.text
    assert "An invented reason." in late.text


@pytest.mark.both_databases
def test_several_parties_at_once(cast: Cast, client: FlaskClient) -> None:
    for code, state in (("BR", "br"), ("GT", "gt")):
        cast.bring_to(cast.report_id(code, "CS-04"), ReportState.PUBLISHED, state)
    chosen = [cast.commitment_id(code, "CS-04") for code in ("BR", "GT")]
    owed = cast.commitment_id("US", "CS-04")
    cast.sign_in(client, "admin")
    page = client.get("/admin/closings/CS-04").text
    assert "Brazil" in page
    assert "Not now" in page
    refused = send(client, "/admin/closings/CS-04", commitment=[str(chosen[0]), str(owed)], **SAID)
    assert refused.status_code == 422
    assert "No longer followed:" not in client.get(f"/commitments/{chosen[0]}").text
    done = send(client, "/admin/closings/CS-04", commitment=[str(one) for one in chosen], **SAID)
    assert done.status_code == 303
    for one in chosen:
        assert "No longer followed:" in client.get(f"/commitments/{one}").text
    assert client.get("/admin/closings/NONE").status_code == 404


def test_everybody_else_is_refused(over: Cast, client: FlaskClient) -> None:
    here = f"/commitments/{over.commitment_id('BR', 'CS-04')}"
    for who in sorted(PEOPLE):
        over.sign_in(client, who)
        found = {
            client.get(f"{here}/close").status_code,
            client.get("/admin/closings").status_code,
            client.get("/admin/closings/CS-04").status_code,
        }
        assert found == ({200} if who in ADMINS else {403}), who
        if who not in ADMINS:
            assert send(client, f"{here}/close", **SAID).status_code == 403, who
            assert send(client, f"{here}/follow-again", reason="No.").status_code == 403, who
            assert send(client, "/admin/closings/CS-04", commitment="1", **SAID).status_code == 403, who
    over.sign_in(client, "admin")
    assert "No longer followed:" not in client.get(here).text


def test_a_stranger_is_sent_to_sign_in(client: FlaskClient, cast: Cast) -> None:
    here = f"/commitments/{cast.commitment_id('BR', 'CS-04')}/close"
    assert client.get(here).location.startswith("/sign-in")
    assert client.post(here).status_code in (302, 303, 401, 403)
