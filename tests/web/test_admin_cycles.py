"""The administration of reporting cycles in the browser, and who is refused there."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.cast import CYCLE, PEOPLE, Cast
from tests.support.sending import send, statements
from tracker.models import AuditEntry, ProgressReport, ReportingCycle

FIELDS = {
    "code": "2027",
    "title_en": "Cycle 2027",
    "title_es": "Ciclo 2027",
    "title_pt": "Ciclo de 2027",
    "title_fr": "Cycle de 2027",
    "period_start": "2026-01-01",
    "period_end": "2026-12-31",
    "opens_on": "2027-03-01",
    "due_on": "2027-04-30",
    "closes_on": "2027-06-30",
    "comment_days": "30",
}
ADMINISTRATORS = {"admin", "admin2"}


def planned(cast: Cast, client: FlaskClient) -> str:
    """The address of a cycle planned in the browser; the administrator stays signed in."""
    cast.sign_in(client, "admin")
    answer = send(client, "/admin/cycles/new", **FIELDS)
    assert answer.status_code == 303
    return answer.location


def stored(cast: Cast, code: str = "2027") -> ReportingCycle | None:
    with cast.reading() as session:
        return session.scalar(sa.select(ReportingCycle).where(ReportingCycle.code == code))


def test_from_plan_to_open(cast: Cast, client: FlaskClient) -> None:
    address = planned(cast, client)
    page = client.get(address).get_data(as_text=True)
    assert "It makes 493 empty reports" in page
    assert "Planned" in client.get("/admin/cycles").get_data(as_text=True)
    cycle = stored(cast)
    assert cycle is not None
    answer = send(client, f"{address}/open", version=cycle.version)
    assert answer.status_code == 303
    page = client.get(address).get_data(as_text=True)
    assert "493 reports were made" in page
    assert "Open now" not in page
    again = send(client, f"{address}/open", version=cycle.version)
    assert again.status_code == 303
    assert "Nothing was made twice" in client.get(address).get_data(as_text=True)
    with cast.reading() as session:
        count = sa.select(sa.func.count()).where(ProgressReport.cycle_id == cycle.id)
        assert session.scalar(count) == 493
        opened = session.scalars(
            sa.select(AuditEntry).where(AuditEntry.event == "cycle.open", AuditEntry.record_id == str(cycle.id))
        ).one()
        assert opened.actor_id == cast.actor("admin").user_id


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": ""}, "code"),
        ({"code": CYCLE}, "code"),
        ({"code": "a b"}, "code"),
        ({"code": "x" * 21}, "code"),
        ({"title_fr": ""}, "title_fr"),
        ({"title_en": "x" * 201}, "title_en"),
        ({"title_pt": "a\0b"}, "title_pt"),
        ({"period_end": "2025-01-01"}, "period_end"),
        ({"due_on": "2027-02-01"}, "due_on"),
        ({"closes_on": "2027-04-01"}, "closes_on"),
        ({"opens_on": "soon"}, "opens_on"),
        ({"opens_on": "٢٠٢٧-٠٣-٠١"}, "opens_on"),
        ({"comment_days": "0"}, "comment_days"),
        ({"comment_days": "366"}, "comment_days"),
        ({"comment_days": "٣٠"}, "comment_days"),
        ({"comment_days": "9" * 5000}, "comment_days"),
        ({"comment_days": "\0"}, "comment_days"),
    ],
)
def test_errors_stand_beside_their_fields(cast: Cast, client: FlaskClient, wrong: dict[str, str], field: str) -> None:
    cast.sign_in(client, "admin")
    answer = send(client, "/admin/cycles/new", **FIELDS | wrong)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'href="#{field}"' in page
    assert f'id="{field}-error"' in page
    assert "Ciclo 2027" in page
    assert stored(cast) is None


def test_an_open_cycle_keeps_its_code(cast: Cast, client: FlaskClient) -> None:
    cycle = stored(cast, CYCLE)
    assert cycle is not None
    cast.sign_in(client, "admin")
    answer = send(client, f"/admin/cycles/{cycle.id}", **FIELDS | {"version": cycle.version})
    assert answer.status_code == 422
    assert "the cycle is open" in answer.get_data(as_text=True)


def test_a_stale_change_shows_both_texts(cast: Cast, client: FlaskClient) -> None:
    address = planned(cast, client)
    cycle = stored(cast)
    assert cycle is not None
    fields = FIELDS | {"version": cycle.version}
    assert send(client, address, **fields | {"title_en": "Theirs"}).status_code == 303
    answer = send(client, address, **fields | {"title_en": "<b>Mine</b>"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Theirs" in page
    assert "&lt;b&gt;Mine&lt;/b&gt;" in page
    assert "<b>Mine" not in page
    now = stored(cast)
    assert now is not None
    assert now.title["en"] == "Theirs"
    assert f'name="version" value="{now.version}"' in page
    assert send(client, f"{address}/open", version=cycle.version).status_code == 409


def test_unknown_cycles(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "admin")
    for address in ("/admin/cycles/999", "/admin/cycles/0", f"/admin/cycles/{10**17}", f"/admin/cycles/{10**40}"):
        assert client.get(address).status_code == 404
        assert send(client, address, **FIELDS).status_code == 404
        assert send(client, f"{address}/open", version=1).status_code == 404


def test_the_doors_are_for_administrators(cast: Cast, client: FlaskClient) -> None:
    number = 1
    doors = ["/admin/cycles", "/admin/cycles/new", f"/admin/cycles/{number}"]
    for address in doors:
        assert client.get(address).status_code == 302
    for name in sorted(set(PEOPLE) - ADMINISTRATORS):
        cast.sign_in(client, name)
        for address in doors:
            assert client.get(address).status_code == 403, (name, address)
        for address in ("/admin/cycles/new", f"/admin/cycles/{number}", f"/admin/cycles/{number}/open"):
            assert send(client, address, **FIELDS).status_code == 403, (name, address)
    assert stored(cast) is None
    cast.sign_in(client, "admin")
    assert client.post("/admin/cycles/new", data=FIELDS).status_code == 400
    assert stored(cast) is None


def test_queries_do_not_grow_and_all_languages_work(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "admin")
    with statements(cast.app) as one:
        client.get("/admin/cycles")
    address = planned(cast, client)
    with statements(cast.app) as two:
        client.get("/admin/cycles")
    assert len(one) == len(two) <= 3
    with statements(cast.app) as found:
        client.get(address)
    assert len(found) <= 6
    for lang in ("en", "es", "pt", "fr"):
        for page in ("/admin/cycles", "/admin/cycles/new", address):
            assert client.get(f"{page}?lang={lang}").status_code == 200
