"""The ladders in the browser: lines without scripts, a preview that saves nothing, stale edits, who is refused."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.cast import CYCLE, PEOPLE, Cast
from tests.support.sending import send
from tracker.domain.vocabulary import PartyKind, Rung
from tracker.models import ReportingCycle
from tracker.services import ladder
from tracker.services.ladder import Ladders

DEFAULT = "/admin/ladders/member_state"
KIND = PartyKind.MEMBER_STATE
TWO = ((-5, Rung.FOCAL_POINT), (3, Rung.ALTERNATE))


def lines(*steps: tuple[str, str, str]) -> dict[str, str]:
    """The fields of a form with these lines: days, side, rung."""
    return {
        f"step-{number}-{part}": value
        for number, step in enumerate(steps)
        for part, value in zip(("days", "side", "rung"), step, strict=True)
    }


SHORT = lines(("3", "after", "rung_alternate"), ("", "before", "rung_focal_point"), ("5", "before", "rung_focal_point"))


def ladders(cast: Cast) -> Ladders:
    with cast.reading() as session:
        return ladder.in_force(session)


def own(cast: Cast) -> str:
    with cast.reading() as session:
        cycle = session.scalars(sa.select(ReportingCycle.id).where(ReportingCycle.code == CYCLE)).one()
    return f"{DEFAULT}/{cycle}"


def seen(cast: Cast) -> str:
    return ladders(cast).seen(None, KIND)


def test_lines_are_changed_in_one_form(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "admin")
    assert "30 days before the due date" in client.get("/admin/ladders").get_data(as_text=True)
    page = client.get(DEFAULT).get_data(as_text=True)
    assert 'name="step-8-days" inputmode="numeric" maxlength="5" value="45"' in page
    assert "Another step (optional)" in page
    answer = send(client, DEFAULT, seen=seen(cast), **SHORT)
    assert (answer.status_code, answer.location) == (303, DEFAULT)
    assert ladders(cast).of(None, KIND) == TWO


def test_more_lines_and_the_preview_keep_what_is_typed(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "admin")
    for door in ("lines", "what-if"):
        answer = send(client, f"{DEFAULT}/{door}", seen=seen(cast), **SHORT)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 200
        assert 'id="step-1-days" name="step-1-days" inputmode="numeric" maxlength="5" value="5"' in page
        assert 'id="step-4-days"' in page
    assert "Nothing is saved yet." in page
    assert "mails fall away" in page
    assert len(ladders(cast).of(None, KIND)) == 9


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Enter at least one step."),
        (lines(("x", "after", "rung_alternate")), "whole number from 0 to 365"),
        (lines(("²", "after", "rung_alternate")), "whole number from 0 to 365"),
        (lines(("366", "after", "rung_alternate")), "whole number from 0 to 365"),
        (lines(("3", "beside", "rung_alternate")), "before or after the due date"),
        (lines(("3", "after", "focal_point")), "whom the step turns to"),
        (lines(("3", "after", "rung_alternate"), ("3", "after", "rung_alternate")), "another step on this day"),
        (lines(("3", "before", "rung_permanent_mission")), "only after the due date"),
    ],
)
@pytest.mark.parametrize("door", ["", "/what-if"])
def test_what_is_wrong_is_said_beside_the_line(
    cast: Cast, client: FlaskClient, typed: dict[str, str], said: str, door: str
) -> None:
    cast.sign_in(client, "admin")
    answer = send(client, DEFAULT + door, seen=seen(cast), **typed)
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)


def test_offices_only_for_states(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "admin")
    address = "/admin/ladders/general_secretariat"
    assert "rung_permanent_mission" not in client.get(address).get_data(as_text=True)
    typed: dict[str, Any] = lines(("3", "after", "rung_head_of_authority"))
    answer = send(client, address, seen=ladders(cast).seen(None, PartyKind.GENERAL_SECRETARIAT), **typed)
    assert answer.status_code == 422
    assert "Only Member States" in answer.get_data(as_text=True)


def test_a_stale_edit_shows_both(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "admin")
    before = seen(cast)
    send(client, DEFAULT, seen=before, **SHORT)
    typed = lines(("8", "after", "rung_alternate"))
    for door in ("", "/what-if"):
        answer = send(client, DEFAULT + door, seen=before, **typed)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 409
        assert "5 days before the due date" in page
        assert 'value="8"' in page
        assert f'value="{seen(cast)}"' in page
    assert send(client, DEFAULT, seen=seen(cast), **typed).status_code == 303


def test_a_cycle_gets_its_own_and_gives_it_back(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "admin")
    address = own(cast)
    assert "goes by the default ladder" in client.get(address).get_data(as_text=True)
    assert send(client, f"{address}/own").status_code == 303
    page = client.get(address).get_data(as_text=True)
    assert "Back to the default" in page
    mark = ladders(cast).seen(int(address.rpartition("/")[2]), KIND)
    assert send(client, address, seen=mark, **SHORT).status_code == 303
    assert "-5 · +3" in client.get("/admin/ladders").get_data(as_text=True)
    assert send(client, f"{address}/default", seen=mark).status_code == 409
    mark = ladders(cast).seen(int(address.rpartition("/")[2]), KIND)
    assert send(client, f"{address}/default", seen=mark).status_code == 303
    assert "goes by the default ladder" in client.get(address).get_data(as_text=True)


def test_what_is_not_there(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "admin")
    for address in ("/admin/ladders/nobody", f"{DEFAULT}/4711", f"{DEFAULT}/0"):
        assert client.get(address).status_code == 404
        assert send(client, address, seen="", **SHORT).status_code in (404, 405)


@pytest.mark.parametrize("name", sorted(PEOPLE.keys() - {"admin", "admin2"}))
def test_only_administrators(cast: Cast, client: FlaskClient, name: str) -> None:
    cast.sign_in(client, name)
    address = own(cast)
    for door in ("/admin/ladders", DEFAULT, address):
        assert client.get(door).status_code == 403
    for door in (DEFAULT, f"{DEFAULT}/what-if", f"{DEFAULT}/lines", f"{address}/own", f"{address}/default"):
        assert send(client, door, seen=seen(cast), **SHORT).status_code == 403
    assert len(ladders(cast).of(None, KIND)) == 9


def test_visitors_are_sent_to_sign_in(cast: Cast, client: FlaskClient) -> None:
    assert client.get(DEFAULT).status_code == 302
    assert "/sign-in" in client.get(DEFAULT).location
