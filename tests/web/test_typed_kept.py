"""What was typed and then refused is on the page that says so: to read and to copy, and sent nowhere by it."""

from __future__ import annotations

import inspect
import re
from html import unescape
from types import ModuleType
from typing import Any

import pytest
import wtforms
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from tests.cast import Cast
from tests.support.sending import send, token
from tracker.services import drafts
from tracker.web import resume
from tracker.web.forms import account, admin_catalogue, admin_cycles, admin_people

TEXT = 'An answer of «Ñandú» & <script>alert("1")</script>\n</textarea><b>second line</b>'
SENTENCE = "What you typed is not lost: copy it from here."


def areas(page: str) -> list[str]:
    """The texts of the read-only fields."""
    return [unescape(t) for t in re.findall(r"<textarea[^>]* readonly>\n(.*?)</textarea>", page, re.S)]


@pytest.fixture
def draft(any_cast: Cast, client: FlaskClient) -> tuple[str, dict[str, Any]]:
    """A contributor's page of the assigned report and what is typed into it."""
    any_cast.sign_in(client, "contributor.us")
    report_id = any_cast.report_id("US", "CS-03")
    typed = {"version": any_cast.version(report_id), "content": "1", "summary": TEXT, "evidence-0-title": "An act"}
    return f"/reports/{report_id}", typed


def break_with(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise error

    monkeypatch.setattr(drafts, "save", fail)


class TestRefused:
    @pytest.mark.parametrize(
        ("address", "status"),
        [("/reports/{other}", 404), ("/reports/{own}/refuse", 403), ("/reviews/{own}/return", 403)],
    )
    def test_not_there_or_not_permitted(
        self, any_cast: Cast, client: FlaskClient, draft: tuple[str, dict], address: str, status: int
    ) -> None:
        address = address.format(other=any_cast.report_id("US", "CS-05"), own=any_cast.report_id("US", "CS-03"))
        answer = send(client, address, **draft[1])
        assert answer.status_code == status
        assert SENTENCE in answer.text
        assert areas(answer.text) == [TEXT, "An act"]
        assert "<script>alert" not in answer.text
        assert 'name="summary"' not in answer.text

    def test_the_cycle_closed_while_typing(self, any_cast: Cast, client: FlaskClient, draft: tuple[str, dict]) -> None:
        any_cast.clock.advance(days=200)
        any_cast.sign_in(client, "contributor.us")
        answer = send(client, draft[0], **draft[1])
        assert answer.status_code in (403, 409)
        assert TEXT in areas(answer.text)

    def test_the_service_failed(
        self, client: FlaskClient, draft: tuple[str, dict], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        break_with(monkeypatch, RuntimeError("no"))
        client.application.testing = False
        answer = send(client, draft[0], **draft[1])
        assert answer.status_code == 500
        assert areas(answer.text) == [TEXT, "An act"]

    def test_the_database_was_away(
        self, client: FlaskClient, draft: tuple[str, dict], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        break_with(monkeypatch, OperationalError("SELECT", {}, Exception("gone")))
        answer = send(client, draft[0], **draft[1])
        assert answer.status_code == 503
        assert areas(answer.text) == [TEXT, "An act"]

    def test_a_second_hand_on_one_key(
        self, client: FlaskClient, draft: tuple[str, dict], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from sqlalchemy.exc import IntegrityError

        break_with(monkeypatch, IntegrityError("INSERT", {}, Exception("taken")))
        answer = send(client, draft[0], **draft[1])
        assert answer.status_code == 409
        assert areas(answer.text) == [TEXT, "An act"]


class TestNothingToShow:
    def test_no_text_no_heading(self, any_cast: Cast, client: FlaskClient, draft: tuple[str, dict]) -> None:
        other = any_cast.report_id("US", "CS-05")
        answer = send(client, f"/reports/{other}", version=3, content="1", summary="  ")
        assert answer.status_code == 404
        assert "What you typed" not in answer.text
        assert "What you typed" not in client.get(f"/reports/{other}").text

    @pytest.mark.parametrize(
        "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}], ids=str
    )
    def test_of_another_site(
        self, any_cast: Cast, client: FlaskClient, draft: tuple[str, dict], headers: dict[str, str]
    ) -> None:
        other = any_cast.report_id("US", "CS-05")
        data = {"csrf_token": token(client), **draft[1]}
        answer = client.post(f"/reports/{other}", data=data, headers=headers)
        assert answer.status_code == 404
        assert TEXT not in unescape(answer.text)

    def test_too_large_to_be_read(self, client: FlaskClient, draft: tuple[str, dict]) -> None:
        most = client.application.config["MAX_CONTENT_LENGTH"]
        answer = send(client, draft[0], summary="x" * (most + 1))
        assert answer.status_code == 413
        assert SENTENCE not in answer.text

    def test_a_failure_while_reading_it_does_not_hide_the_page(
        self, any_cast: Cast, client: FlaskClient, draft: tuple[str, dict], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail() -> None:
            raise RuntimeError("no")

        monkeypatch.setattr(resume, "typed", fail)
        other = any_cast.report_id("US", "CS-05")
        assert send(client, f"/reports/{other}", **draft[1]).status_code == 404


@pytest.mark.parametrize("module", [account, admin_people, admin_cycles, admin_catalogue])
def test_no_password_is_ever_kept(module: ModuleType) -> None:
    forms = [f for _n, f in inspect.getmembers(module, inspect.isclass) if issubclass(f, wtforms.Form)]
    for form in forms:
        for name, field in vars(form).items():
            if isinstance(field, wtforms.fields.core.UnboundField) and issubclass(
                field.field_class, wtforms.PasswordField
            ):
                assert name in resume.NEVER_KEPT, name


def test_passwords_sent_under_their_names_are_not_shown(any_cast: Cast, client: FlaskClient) -> None:
    any_cast.sign_in(client, "observer")
    names = sorted(resume.NEVER_KEPT - {resume.KEPT_TARGET, "csrf_token"})
    answer = send(client, "/admin/people/invite", name="A name", **dict.fromkeys(names, "what nobody may read"))
    assert answer.status_code == 403
    assert "what nobody may read" not in answer.text
    assert areas(answer.text) == ["A name"]
