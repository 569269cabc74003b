"""Saving a report while people type: the rules of the button, answered in words."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.report_scene import stored, typed
from tests.support.sending import send
from tracker.domain.vocabulary import ReportState


@pytest.fixture
def report_id(cast: Cast, client: FlaskClient) -> int:
    cast.sign_in(client, "focal.us")
    return cast.report_id("US", "CS-03")


class TestAutosave:
    def test_saves_by_the_same_rules_and_counts_on(self, cast: Cast, client: FlaskClient, report_id: int) -> None:
        fields = typed(cast, report_id, obstacles="While typing.")
        answer = send(client, f"/reports/{report_id}/autosave", **fields)
        assert (answer.status_code, answer.json) == (200, {"version": 2, "unconfirmed": [], "said": "Saved 10:00"})
        answer = send(client, f"/reports/{report_id}/autosave", **(fields | {"version": 2, "obstacles": "And on."}))
        assert answer.json is not None
        assert answer.json["version"] == 3
        assert stored(cast, report_id).obstacles == "And on."

    def test_says_which_fields_need_attention(self, cast: Cast, client: FlaskClient, report_id: int) -> None:
        wrong = typed(cast, report_id, **{"indicator-CS-03-I5-value": "some"})
        answer = send(client, f"/reports/{report_id}/autosave", **wrong)
        assert answer.status_code == 422
        assert answer.json is not None
        assert list(answer.json["fields"]) == ["indicator-CS-03-I5-value"]
        assert "Not saved yet: 1 field needs your attention." in answer.json["said"]
        personal = typed(cast, report_id, obstacles="Write to juana.ejemplo@example.org.")
        answer = send(client, f"/reports/{report_id}/autosave", **personal)
        assert answer.status_code == 422
        assert answer.json is not None
        assert list(answer.json["fields"]) == ["obstacles"]

    def test_two_tabs_are_told_apart(self, cast: Cast, client: FlaskClient, report_id: int) -> None:
        fields = typed(cast, report_id)
        assert send(client, f"/reports/{report_id}/autosave", **fields).status_code == 200
        answer = send(client, f"/reports/{report_id}/autosave", **(fields | {"obstacles": "Other tab."}))
        assert answer.status_code == 409
        assert answer.json is not None
        assert "Save draft" in answer.json["said"]
        assert stored(cast, report_id).obstacles == ""

    def test_is_told_when_the_report_has_left(self, cast: Cast, client: FlaskClient, report_id: int) -> None:
        fields = typed(cast, report_id)
        cast.bring_to(report_id, ReportState.SUBMITTED, "us")
        assert send(client, f"/reports/{report_id}/autosave", **fields).status_code == 409

    def test_is_told_in_ones_own_language_that_one_was_signed_out(
        self, cast: Cast, client: FlaskClient, report_id: int
    ) -> None:
        fields = typed(cast, report_id)
        with client.session_transaction() as cookie:
            cookie.clear()
        answer = client.post(f"/reports/{report_id}/autosave", data=fields)
        assert answer.status_code == 401
        assert answer.json is not None
        assert "signed out" in answer.json["said"]

    @pytest.mark.parametrize(
        ("name", "status"),
        [
            ("approver.us", 403),
            ("focal.br", 404),
            ("contributor.br", 404),
            ("reviewer", 403),
            ("admin", 403),
            ("observer", 404),
            ("secretariat", 404),
        ],
    )
    def test_refuses_everybody_else(
        self, cast: Cast, client: FlaskClient, report_id: int, name: str, status: int
    ) -> None:
        cast.sign_in(client, name)
        fields = typed(cast, report_id, obstacles="Not mine.")
        assert send(client, f"/reports/{report_id}/autosave", **fields).status_code == status
        assert stored(cast, report_id).obstacles == ""

    def test_asks_for_the_token(self, cast: Cast, client: FlaskClient, report_id: int) -> None:
        assert client.post(f"/reports/{report_id}/autosave", data=typed(cast, report_id)).status_code == 400
        assert cast.version(report_id) == 1
