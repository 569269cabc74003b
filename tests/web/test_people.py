"""Administrators keep the accounts; nobody else comes near them."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cast import PASSWORD, PEOPLE, Cast
from tests.web.test_account_profile import seen
from tests.web.test_account_sign_in import csrf, is_in, try_in
from tracker.db import db
from tracker.models import AuditEntry, Institution, Message, User

ADDRESSES = ["/admin", "/admin/people", "/admin/people/invite", "/admin/people/1"]
STEPS = [
    "/admin/people/invite",
    "/admin/people/{id}",
    *(f"/admin/people/{{id}}/{s}" for s in ("disable", "enable", "invite-again")),
]
NEW = {"email": "New.Person@Tracker.test", "name": "Ñusta Avaré", "role": "focal_point", "party_code": "BR"}


def user_id(cast: Cast, name: str) -> int:
    return cast.actor(name).user_id


def stored(cast: Cast, email: str) -> dict[str, Any]:
    with cast.reading() as session:
        row = session.execute(sa.select(User.__table__).where(User.email == email)).mappings().one()
        return dict(row)


def send(client: FlaskClient, path: str, **data: Any) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf(client, "/account"), **data})


@pytest.mark.parametrize("name", sorted(set(PEOPLE) - {"admin", "admin2"}))
def test_only_administrators(cast: Cast, client: FlaskClient, name: str) -> None:
    cast.sign_in(client, name)
    for address in ADDRESSES:
        assert client.get(address).status_code == 403, address
    target = user_id(cast, "focal.gt")
    for step in STEPS:
        assert send(client, step.format(id=target), **NEW).status_code == 403, step
    assert stored(cast, "focal.gt@tracker.test")["active"]


def test_nobody_signed_out(cast: Cast, client: FlaskClient) -> None:
    for address in ADDRESSES:
        assert client.get(address).status_code == 302
    for step in STEPS:
        assert client.post(step.format(id=user_id(cast, "focal.gt")), data=NEW).status_code == 401
    with cast.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(User)) == len(PEOPLE)


@pytest.fixture
def admin(any_cast: Cast, client: FlaskClient) -> FlaskClient:
    any_cast.sign_in(client, "admin")
    return client


def test_index_leads_to_each_subject(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "admin")
    page = client.get("/admin").text
    for subject in ("people", "cycles", "catalogue", "participation", "mail"):
        assert f'href="/admin/{subject}"' in page


class TestInviting:
    def test_from_invitation_to_work(self, any_cast: Cast, app: Flask, admin: FlaskClient) -> None:
        answer = send(admin, "/admin/people/invite", **NEW)
        assert (answer.status_code, answer.location) == (303, "/admin/people")
        user = stored(any_cast, "new.person@tracker.test")
        assert user["name"] == "Ñusta Avaré"
        assert user["party_id"] == any_cast.party_id("BR")
        assert (user["language"], user["time_zone"]) == ("pt", any_cast.actor("focal.br").time_zone)
        with any_cast.reading() as session:
            mail = session.scalars(sa.select(Message).where(Message.kind == "invitation")).one()
            assert (mail.to_address, mail.recipient_id) == ("new.person@tracker.test", user["id"])
            link = re.search(r"http://tracker\.test(/invitation/\S+)", mail.text)
        assert link
        person = app.test_client()
        data = {
            "csrf_token": csrf(person, link[1]),
            "new_password": "dez lhamas na chuva",
            "repeat_password": "dez lhamas na chuva",
        }
        assert person.post(link[1], data=data).status_code == 303
        assert try_in(person, "new.person@tracker.test", "dez lhamas na chuva").status_code == 303

    def test_fields_outside_the_form_count_for_nothing(self, any_cast: Cast, admin: FlaskClient) -> None:
        extra = {
            "password": PASSWORD,
            "id": "1",
            "active": "",
            "is_demonstration": "y",
            "party_id": "1",
            "user_id": "1",
        }
        assert send(admin, "/admin/people/invite", **NEW, **extra).status_code == 303
        user = stored(any_cast, "new.person@tracker.test")
        assert user["password"] is None
        assert user["active"]
        assert not user["is_demonstration"]
        assert user["party_id"] == any_cast.party_id("BR")

    @pytest.mark.parametrize(
        ("changed", "message"),
        [
            ({"email": "FOCAL.br@tracker.test"}, "Another account has this address"),
            ({"email": "no address"}, "Enter an e-mail address"),
            ({"email": "a@b.co\r\nBcc: x@y.co"}, "Enter an e-mail address"),
            ({"email": "é@tracker.test"}, "Enter an e-mail address"),
            ({"name": ""}, "Fill in “Name”"),
            ({"name": "x" * 201}, "too long"),
            ({"name": "a\x00b"}, "cannot be kept (U+0000)"),
            ({"role": ""}, "Choose “Role”"),
            ({"role": "god"}, "Choose one of the list for “Role”"),
            ({"party_code": ""}, "this role needs it"),
            ({"party_code": "GS"}, "Choose one of the list for “State”"),
            ({"role": "contributor"}, "this role needs it"),
            ({"role": "observer"}, "this role needs it"),
            ({"role": "observer", "organisation_id": "999"}, "Choose one of the list"),
            ({"time_zone": "Mars/Olympus"}, "Choose one of the list for “Time zone”"),
            ({"language": "xx"}, "Choose one of the list for “Language”"),
        ],
    )
    def test_refused_with_the_form(self, any_cast: Cast, admin: FlaskClient, changed: dict, message: str) -> None:
        answer = send(admin, "/admin/people/invite", **(NEW | changed))
        assert answer.status_code == 422
        assert message in answer.text
        assert changed.get("name", "Ñusta Avaré")[:1] in answer.text
        with any_cast.reading() as session:
            assert session.scalar(sa.select(sa.func.count()).select_from(User)) == len(PEOPLE)
            assert session.scalar(sa.select(sa.func.count()).select_from(Message)) == 0

    def test_contributor_of_a_new_institution(self, any_cast: Cast, admin: FlaskClient) -> None:
        data = NEW | {"role": "contributor", "institution_name": "Invented Institute"}
        assert send(admin, "/admin/people/invite", **data).status_code == 303
        with any_cast.reading() as session:
            made = session.scalars(sa.select(Institution).where(Institution.name == "Invented Institute")).one()
            assert made.party_id == any_cast.party_id("BR")
        assert stored(any_cast, "new.person@tracker.test")["institution_id"] == made.id

    def test_institution_of_another_state_is_refused(self, any_cast: Cast, admin: FlaskClient) -> None:
        with any_cast.reading() as session:
            foreign = session.scalars(
                sa.select(Institution.id).where(Institution.party_id == any_cast.party_id("GT"))
            ).one()
        answer = send(admin, "/admin/people/invite", **(NEW | {"role": "contributor", "institution_id": str(foreign)}))
        assert answer.status_code == 422
        assert "of another State" in answer.text

    def test_what_a_role_does_not_need_is_left_out(self, any_cast: Cast, admin: FlaskClient) -> None:
        data = NEW | {"role": "reviewer", "is_alternate": "y", "organisation_name": "Any", "institution_name": "Some"}
        assert send(admin, "/admin/people/invite", **data).status_code == 303
        user = stored(any_cast, "new.person@tracker.test")
        assert (user["party_id"], user["institution_id"], user["is_alternate"]) == (None, None, False)

    def test_secretariat_reporter_and_observer(self, any_cast: Cast, admin: FlaskClient) -> None:
        assert send(admin, "/admin/people/invite", **(NEW | {"role": "secretariat_reporter"})).status_code == 303
        assert stored(any_cast, "new.person@tracker.test")["party_id"] == any_cast.party_id("GS")
        data = NEW | {"email": "o@tracker.test", "role": "observer", "organisation_name": "A new organisation"}
        assert send(admin, "/admin/people/invite", **data).status_code == 303
        identifier = stored(any_cast, "o@tracker.test")["id"]
        page = admin.get(f"/admin/people/{identifier}").text
        assert re.search(r"<option[^>]*selected[^>]*>A new organisation", page)

    def test_again_kills_the_earlier_link(self, any_cast: Cast, client: FlaskClient, admin: FlaskClient) -> None:
        send(admin, "/admin/people/invite", **NEW)
        identifier = stored(any_cast, "new.person@tracker.test")["id"]
        assert send(admin, f"/admin/people/{identifier}/invite-again").status_code == 303
        with any_cast.reading() as session:
            texts = session.scalars(sa.select(Message.text).order_by(Message.id)).all()
        first, second = (re.search(r"(/invitation/\S+)", text)[1] for text in texts)  # type: ignore[index]
        assert client.get(first).status_code == 404
        assert client.get(second).status_code == 200

    def test_not_again_for_an_account_in_use(self, any_cast: Cast, admin: FlaskClient) -> None:
        assert send(admin, f"/admin/people/{user_id(any_cast, 'focal.br')}/invite-again").status_code == 409


class TestChanging:
    def test_a_new_role_counts_at_the_next_request(self, any_cast: Cast, app: Flask, admin: FlaskClient) -> None:
        other = app.test_client()
        any_cast.sign_in(other, "admin2")
        assert other.get("/admin/people").status_code == 200
        path = f"/admin/people/{user_id(any_cast, 'admin2')}"
        data = {"email": "admin2@tracker.test", "name": "Invented", "role": "reviewer", "seen": seen(admin, path)}
        assert send(admin, path, **data).status_code == 303
        assert other.get("/admin/people").status_code == 403
        with any_cast.reading() as session:
            entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "user.changed")).one()
            assert entry.old is not None
            assert entry.new is not None
            assert (entry.old["role"], entry.new["role"]) == ("administrator", "reviewer")

    def test_disabling_ends_everything_until_enabled(self, any_cast: Cast, app: Flask, admin: FlaskClient) -> None:
        other = app.test_client()
        try_in(other, "focal.br@tracker.test")
        path = f"/admin/people/{user_id(any_cast, 'focal.br')}"
        assert send(admin, f"{path}/disable").status_code == 303
        assert not is_in(other)
        assert try_in(app.test_client(), "focal.br@tracker.test").status_code == 422
        assert send(admin, f"{path}/enable").status_code == 303
        assert not is_in(other), "the old session stays ended"
        assert try_in(app.test_client(), "focal.br@tracker.test").status_code == 303
        with any_cast.reading() as session:
            events = set(session.scalars(sa.select(AuditEntry.event)))
        assert {"user.disabled", "user.enabled"} <= events

    def test_nobody_locks_himself_or_herself_out(self, any_cast: Cast, admin: FlaskClient) -> None:
        own = f"/admin/people/{user_id(any_cast, 'admin')}"
        assert send(admin, f"{own}/disable").status_code == 403
        answer = send(admin, own, email="admin@tracker.test", name="Me", role="reviewer")
        assert answer.status_code == 422
        assert "cannot give up your own role" in answer.text
        assert stored(any_cast, "admin@tracker.test")["active"]
        assert stored(any_cast, "admin@tracker.test")["role"] == "administrator"

    def test_address_of_another_account_is_refused(self, any_cast: Cast, admin: FlaskClient) -> None:
        data = {"email": "FOCAL.GT@tracker.test", "name": "x", "role": "focal_point", "party_code": "BR"}
        assert send(admin, f"/admin/people/{user_id(any_cast, 'focal.br')}", **data).status_code == 422
        assert stored(any_cast, "focal.br@tracker.test")["name"] == "Invented focal.br"

    @pytest.mark.parametrize("identifier", ["0", "999999", "99999999999", "-1", "٣", "1.0", "9" * 30])
    def test_unknown_ids(self, any_cast: Cast, admin: FlaskClient, identifier: str) -> None:
        assert admin.get(f"/admin/people/{identifier}").status_code == 404
        assert send(admin, f"/admin/people/{identifier}/disable").status_code == 404


class TestTwoAdministrators:
    """The second of two who edit one account is refused, sees both, and may save over what was seen."""

    @pytest.fixture
    def path(self, any_cast: Cast) -> str:
        return f"/admin/people/{user_id(any_cast, 'focal.br')}"

    @pytest.fixture
    def typed(self, any_cast: Cast, admin: FlaskClient, path: str) -> dict[str, Any]:
        """What the administrator typed into a page opened before a colleague changed the account."""
        mark = seen(admin, path)
        colleague = admin.application.test_client()
        any_cast.sign_in(colleague, "admin2")
        first = NEW | {"email": "focal.br@tracker.test", "name": "Theirs <b>", "is_alternate": "y"}
        assert send(colleague, path, **first, seen=seen(colleague, path)).status_code == 303
        return NEW | {"email": "focal.br@tracker.test", "name": "Ñusta & co", "seen": mark}

    def test_the_second_sees_both(self, any_cast: Cast, admin: FlaskClient, path: str, typed: dict) -> None:
        answer = send(admin, path, **typed)
        assert answer.status_code == 409
        assert "Theirs &lt;b&gt;" in answer.text
        assert 'value="Ñusta &amp; co"' in answer.text
        assert stored(any_cast, "focal.br@tracker.test")["name"] == "Theirs <b>"
        assert stored(any_cast, "focal.br@tracker.test")["is_alternate"]

    def test_saving_over_what_was_seen(self, any_cast: Cast, admin: FlaskClient, path: str, typed: dict) -> None:
        page = send(admin, path, **typed).text
        typed["seen"] = re.findall(r'name="seen"[^>]*value="(\w+)"', page)[0]
        assert send(admin, path, **typed).status_code == 303
        assert stored(any_cast, "focal.br@tracker.test")["name"] == "Ñusta & co"

    def test_without_a_mark_nothing_is_overwritten(
        self, any_cast: Cast, admin: FlaskClient, path: str, typed: dict
    ) -> None:
        del typed["seen"]
        assert send(admin, path, **typed).status_code == 409
        assert stored(any_cast, "focal.br@tracker.test")["name"] == "Theirs <b>"

    def test_what_the_person_changed_counts_too(self, any_cast: Cast, admin: FlaskClient) -> None:
        path = f"/admin/people/{user_id(any_cast, 'focal.gt')}"
        mark = seen(admin, path)
        person = admin.application.test_client()
        any_cast.sign_in(person, "focal.gt")
        own = {
            "name": "Her own name",
            "language": "es",
            "time_zone": "America/Guatemala",
            "seen": seen(person, "/account"),
        }
        assert send(person, "/account", **own).status_code == 303
        assert send(admin, path, **NEW, seen=mark).status_code == 409
        assert stored(any_cast, "focal.gt@tracker.test")["name"] == "Her own name"

    def test_signing_in_is_no_change_and_the_same_twice_is_none(self, any_cast: Cast, admin: FlaskClient) -> None:
        path = f"/admin/people/{user_id(any_cast, 'focal.br')}"
        typed = NEW | {"email": "focal.br@tracker.test", "seen": seen(admin, path)}
        try_in(admin.application.test_client(), "focal.br@tracker.test")
        assert send(admin, path, **typed).status_code == 303
        assert send(admin, path, **typed).status_code == 303


class TestList:
    @pytest.mark.parametrize(
        ("query", "shown", "hidden"),
        [
            ({"role": "approver"}, "approver.br", "focal.br"),
            ({"state": "gt"}, "focal.gt", "focal.br"),
            ({"q": "FOCAL.ht"}, "focal.ht", "focal.br"),
            ({"q": "100%_"}, "No account fits", "focal.br"),
            ({"account": "active"}, "focal.br", "No account fits"),
            ({"account": "invited"}, "No account fits", "focal.br"),
            ({"role": "nonsense", "account": "x", "state": "\x00", "q": "\ud800"}, "", ""),
        ],
    )
    def test_filters(self, any_cast: Cast, admin: FlaskClient, query: dict, shown: str, hidden: str) -> None:
        query = {k: v.encode("utf-8", "surrogatepass") for k, v in query.items()}
        answer = admin.get("/admin/people", query_string=query)
        assert answer.status_code == 200
        assert shown in answer.text
        assert not hidden or f"{hidden}@" not in answer.text

    @pytest.mark.parametrize("number", ["0", "-1", "2", "٢", "x", "1" * 30])
    def test_page_numbers(self, any_cast: Cast, admin: FlaskClient, number: str) -> None:
        assert admin.get("/admin/people", query_string={"page": number}).status_code == 404

    def test_as_many_queries_for_many_people(self, any_cast: Cast, app: Flask, admin: FlaskClient) -> None:
        with app.app_context():
            engine = db.engine
        counted: list[str] = []
        sa.event.listen(engine, "before_cursor_execute", lambda *a: counted.append(a[2]))
        admin.get("/admin/people")
        few = len(counted)
        with any_cast.writing() as session:
            session.add_all(
                User(
                    email=f"p{n}@tracker.test",
                    name=f"P{n}",
                    role="reviewer",
                    fs_uniquifier=f"u{n}",
                    created_at=any_cast.clock.now(),
                )
                for n in range(120)
            )
        counted.clear()
        page = admin.get("/admin/people?page=2").text
        assert len(counted) == few <= 6
        assert page.count('<th scope="row"') == 50
