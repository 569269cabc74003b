"""The door, walked along the application's own list of addresses: nothing is open that was not meant to be."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter

from tests.cast import PEOPLE, Cast
from tests.support.sending import token
from tracker.domain.policy import RULES, Permission, Subject, can
from tracker.domain.vocabulary import PartyKind, Role
from tracker.web.access import ABOUT_A_RECORD, ACCESS, PUBLIC, public

PUBLIC_BY_NAME = {
    "calendar_feed.show",
    "mail_stop.show",
    "mail_stop.stop",
    "mail_stop.undo",
    "account.forgot",
    "account.forgot_send",
    "account.invitation",
    "account.reset",
    "account.sign_in",
    "account.sign_out",
    "catalogue.activities",
    "catalogue.activity",
    "open_data.file",
    "open_data.index",
    "open_data.latest",
    "open_data.release",
    "catalogue.library",
    "catalogue.provision",
    "catalogue.provisions",
    "channels.report",
    "compare.show",
    "feed.atom",
    "evidence.download",
    "figures.document",
    "figures.index",
    "figures.show",
    "good_practices.index",
    "good_practices.show",
    "health.healthz",
    "hemispheric.current",
    "hemispheric.document",
    "hemispheric.show",
    "health.readyz",
    "home.about",
    "home.accessibility",
    "home.favicon",
    "home.help",
    "home.help_page",
    "home.how_it_works",
    "home.index",
    "home.privacy",
    "home.robots",
    "instruments.index",
    "instruments.show",
    "pillars.index",
    "pillars.show",
    "sitemap.show",
    "issued_reports.differences",
    "issued_reports.document",
    "issued_reports.index",
    "issued_reports.show",
    "states.commitment",
    "search.show",
    "states.index",
    "states.show",
    "status_reports.document",
    "status_reports.show",
    "verify.ask",
    "verify.ask_against",
    "verify.check",
    "verify.check_against",
    "verify.index",
    "verify.show",
}
"""Whoever makes an address public says so here too."""
SAMPLE = {
    "issue_code": "2345-6789",
    "other_code": "2345-678B",
    "iso2": "br",
    "code": "CS-03",
    "format": "pdf",
    "token": "x" * 43,
    "lang": "es",
    "number": "1",
}
CHANGING = ("POST", "PUT", "PATCH", "DELETE")


def addresses(app: Flask) -> Iterator[tuple[str, str, set[str]]]:
    """Endpoint, an address of it, and its methods."""
    for rule in app.url_map.iter_rules():
        values = {name: SAMPLE.get(name, "1") for name in rule.arguments}
        for name, converter in rule._converters.items():
            if isinstance(converter, AnyConverter) and values[name] not in converter.items:
                values[name] = min(converter.items)
        with app.test_request_context():
            built = rule.build(values)
        assert built is not None, rule
        yield rule.endpoint, built[1], set(rule.methods or ())


def test_every_address_says_what_it_asks_for(app: Flask) -> None:
    for endpoint, view in app.view_functions.items():
        wanted = getattr(view, ACCESS, None)
        assert wanted is not None, f"{endpoint}: mark the view with @requires(Permission.X) or @public"
        assert wanted == PUBLIC or wanted in RULES, endpoint


def test_public_addresses_are_public_on_purpose(app: Flask) -> None:
    found = {endpoint for endpoint, view in app.view_functions.items() if getattr(view, ACCESS, None) == PUBLIC}
    assert found <= PUBLIC_BY_NAME, f"public, and not in the list: {found - PUBLIC_BY_NAME}"


def test_an_address_that_says_nothing_is_refused(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "open")
    assert app.test_client().get("/forgotten").status_code == 403


def test_a_visitor_is_shown_nothing_that_is_not_public(cast: Cast, client: FlaskClient) -> None:
    looked = 0
    for endpoint, path, methods in addresses(cast.app):
        if getattr(cast.app.view_functions[endpoint], ACCESS) == PUBLIC:
            continue
        looked += 1
        if "GET" in methods:
            answer = client.get(path)
            assert answer.status_code == 302, path
            assert answer.location.startswith("/sign-in?next="), path
        if "POST" in methods:
            assert client.post(path, data={"csrf_token": token(client)}).status_code == 401, path
    assert looked > 40


@pytest.mark.parametrize("method", CHANGING)
def test_no_change_without_a_token_of_this_session(cast: Cast, client: FlaskClient, method: str) -> None:
    other = cast.app.test_client()
    cast.sign_in(other, "admin2")
    foreign = token(other)[:-3] + "abc"
    cast.sign_in(client, "admin")
    for _endpoint, path, methods in addresses(cast.app):
        if "POST" not in methods:
            continue
        for sent in (
            {"data": {}},
            {"data": {"csrf_token": foreign}},
            {"json": {"csrf_token": "x"}},
            {"data": "csrf_token=x", "content_type": "text/plain"},
        ):
            answer = client.open(path, method=method, **sent)  # type: ignore[arg-type]
            assert 400 <= answer.status_code < 500, (method, path, answer.status_code)


@pytest.mark.parametrize("name", sorted(PEOPLE))
def test_pages_that_ask_for_a_role_are_for_that_role(cast: Cast, client: FlaskClient, name: str) -> None:
    cast.sign_in(client, name)
    actor = cast.actor(name)
    for endpoint, path, methods in addresses(cast.app):
        wanted = getattr(cast.app.view_functions[endpoint], ACCESS)
        if wanted == PUBLIC or wanted in ABOUT_A_RECORD or "GET" not in methods:
            continue
        status = client.get(path).status_code
        if can(actor, wanted):
            assert status in (200, 301, 302, 303, 404), (path, status)
        else:
            assert status == 403, (path, status)


def test_nobody_signed_in_may_nothing() -> None:
    subject = Subject(party_id=1, party_kind=PartyKind.MEMBER_STATE)
    assert not any(can(None, permission, subject) for permission in Permission)


def test_roles_are_all_in_the_cast() -> None:
    assert {role for role, _party in PEOPLE.values()} == set(Role)


def test_public_marks_a_view() -> None:
    assert getattr(public(lambda: "x"), ACCESS) == PUBLIC
