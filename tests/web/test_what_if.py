"""The button beside "Save" on four forms: what is typed stays, nothing is saved, and who may not save may not look."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.cast import CYCLE, PEOPLE, Cast
from tests.extension_scene import asked
from tests.services.test_what_if import everything
from tests.support.sending import send
from tests.web.test_admin_cycles import FIELDS
from tracker.models import Participation, ReportingCycle
from tracker.services import ladder

NEW = "/admin/cycles/new/what-if"
LEAVE = "/admin/participation/br/end/what-if"
DECIDE = "/extensions/decide/what-if"
LADDER = "/admin/ladders/member_state/what-if"
NOTHING_SAVED = "Nothing is saved yet."


def cycle_fields(cast: Cast, **changes: Any) -> tuple[str, dict[str, Any]]:
    """The address and the fields of the open cycle's form as stored, but for the changes."""
    with cast.reading() as session:
        cycle = session.scalars(sa.select(ReportingCycle).where(ReportingCycle.code == CYCLE)).one()
        fields = {name: getattr(cycle, name) for name in FIELDS if not name.startswith("title")}
        titles = {f"title_{lang}": title for lang, title in cycle.title.items()}
        return f"/admin/cycles/{cycle.id}/what-if", {**fields, **titles, "version": cycle.version, **changes}


def period(cast: Cast) -> int:
    with cast.reading() as session:
        wanted = sa.select(Participation.id).where(Participation.party_id == cast.party_id("BR"))
        return session.scalars(wanted.order_by(Participation.id.desc())).first() or 0


def doors(cast: Cast) -> dict[str, dict[str, Any]]:
    """Every preview with fields that could be saved."""
    _report, request = asked(cast)
    address, fields = cycle_fields(cast, due_on="2026-05-20")
    with cast.reading() as session:
        seen = ladder.in_force(session).seen(None, "member_state")  # type: ignore[arg-type]
    return {
        address: fields,
        NEW: {**FIELDS, "opens_on": "2026-03-15", "due_on": "2026-04-20", "closes_on": "2026-05-20"},
        LEAVE: {"last_day": "2026-04-20", "reason": "An invented note.", "version": period(cast)},
        DECIDE: {"request": request, "decision": "as_asked", "reason": "An invented reason."},
        LADDER: {"seen": seen, "step-0-days": 9, "step-0-side": "before", "step-0-rung": "rung_focal_point"},
    }


def test_the_difference_is_shown_and_nothing_is_saved(cast: Cast, client: FlaskClient) -> None:
    found = doors(cast)
    cast.sign_in(client, "admin")
    before = everything(cast)
    for address, fields in found.items():
        answer = send(client, address, **fields)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 200, address
        assert NOTHING_SAVED in page, address
        assert "No mail changes." not in page, address
        for name, value in fields.items():
            if name not in ("version", "seen", "request", "decision") and not name.startswith("step-0-s"):
                assert str(value) in page, (address, name)
    assert everything(cast) == before


def test_what_is_saved_afterwards_is_what_was_shown(cast: Cast, client: FlaskClient) -> None:
    address, fields = cycle_fields(cast, due_on="2026-05-20")
    cast.sign_in(client, "admin")
    assert "mails move to another day" in send(client, address, **fields).get_data(as_text=True)
    assert send(client, address.removesuffix("/what-if"), **fields).status_code == 303
    _address, again = cycle_fields(cast)
    assert "No mail changes." in send(client, address, **again).get_data(as_text=True)


@pytest.mark.parametrize(
    ("door", "change", "status"),
    [
        (NEW, {"due_on": "2020-01-01"}, 422),
        (NEW, {"code": CYCLE}, 422),
        (NEW, {"title_en": ""}, 422),
        (LEAVE, {"last_day": "1900-01-01"}, 422),
        (LEAVE, {"reason": ""}, 422),
        (LEAVE, {"version": 4711}, 409),
        (DECIDE, {"reason": ""}, 422),
        (DECIDE, {"request": 4711}, 404),
        (DECIDE, {"decision": "other_day", "until": "2026-12-31"}, 422),
    ],
)
def test_what_could_not_be_saved_is_refused_alike(
    cast: Cast, client: FlaskClient, door: str, change: dict[str, Any], status: int
) -> None:
    fields = doors(cast)[door]
    cast.sign_in(client, "admin")
    before = everything(cast)
    answer = send(client, door, **{**fields, **change})
    assert answer.status_code == status
    assert NOTHING_SAVED not in answer.get_data(as_text=True)
    # A refusal is written into the audit trail, as everywhere.
    ignored = ("audit_entry", "audit_head")
    assert {k: v for k, v in everything(cast).items() if k not in ignored} == {
        k: v for k, v in before.items() if k not in ignored
    }


@pytest.mark.parametrize("name", sorted(PEOPLE.keys() - {"admin", "admin2"}))
def test_who_may_not_save_may_not_look(cast: Cast, client: FlaskClient, name: str) -> None:
    found = doors(cast)
    cast.sign_in(client, name)
    for address, fields in found.items():
        if address == DECIDE and name.startswith("reviewer"):
            assert send(client, address, **fields).status_code == 200
            continue
        answer = send(client, address, **fields)
        assert answer.status_code in (403, 404), address
        assert NOTHING_SAVED not in answer.get_data(as_text=True)
