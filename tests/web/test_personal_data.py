"""A comment that looks like data about a person comes back with what was found, and a field to explain it."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.support.sending import send
from tracker.domain.vocabulary import ReportState

TYPED = "Ask <b>mary@example.org</b> about it."
FOUND = "an e-mail address (“mary@example.org”)"
FIELD = 'name="explanation"'
STEPS: list[tuple[ReportState, str, str, dict[str, Any]]] = [
    (ReportState.AWAITING_APPROVAL, "approver.us", "/reports/{id}/refuse", {"comment": TYPED}),
    (ReportState.OPEN_FOR_COMMENT, "focal.us", "/reports/{id}/comment", {"comment": TYPED}),
    (ReportState.UNDER_REVIEW, "reviewer", "/reviews/{id}/return", {"comment": TYPED, "due_on": "2026-05-20"}),
    (
        ReportState.UNDER_REVIEW,
        "reviewer",
        "/reviews/{id}/propose",
        {"rating": "partially_implemented", "strength": "documented", "reasons": TYPED},
    ),
    (ReportState.RATING_PROPOSED, "reviewer2", "/reviews/{id}/send-back", {"comment": TYPED}),
    (ReportState.PUBLISHED, "admin", "/reviews/{id}/reopen", {"comment": TYPED}),
]


@pytest.mark.parametrize(("state", "person", "address", "fields"), STEPS)
def test_shown_at_the_field_and_accepted_once_explained(
    any_cast: Cast, client: FlaskClient, state: ReportState, person: str, address: str, fields: dict[str, Any]
) -> None:
    report_id = any_cast.report_id("US", "CS-02")
    any_cast.bring_to(report_id, state, "us")
    any_cast.sign_in(client, person)
    address = address.format(id=report_id)
    fields = {"version": any_cast.version(report_id), **fields}
    assert FIELD not in client.get(address.rpartition("/")[0]).text
    answer = send(client, address, **fields)
    assert answer.status_code == 422
    assert FOUND in unescape(answer.text)
    assert "Ask &lt;b&gt;mary@example.org&lt;/b&gt; about it." in answer.text
    assert FIELD in answer.text
    assert any_cast.version(report_id) == fields["version"]
    assert send(client, address, **fields, explanation="The address of <i>an office</i>.").status_code == 303
    any_cast.sign_in(client, person)
    page = client.get(f"/commitments/{any_cast.commitment_id('US', 'CS-02')}").text
    assert "Explained to the personal-data check: The address of &lt;i&gt;an office&lt;/i&gt;." in page


def test_the_explanation_is_read_by_nobody_outside(any_cast: Cast, client: FlaskClient) -> None:
    report_id = any_cast.report_id("US", "CS-02")
    any_cast.bring_to(report_id, ReportState.OPEN_FOR_COMMENT, "us")
    any_cast.sign_in(client, "focal.us")
    fields = {"version": any_cast.version(report_id), "comment": TYPED, "explanation": "what the public never reads"}
    assert send(client, f"/reports/{report_id}/comment", **fields).status_code == 303
    visitor = client.application.test_client()
    page = visitor.get("/states/us/CS-02").text
    assert "mary@example.org" in page
    assert "what the public never reads" not in page
    any_cast.sign_in(visitor, "observer")
    page = visitor.get(f"/commitments/{any_cast.commitment_id('US', 'CS-02')}").text
    assert "what the public never reads" not in page


def test_one_refusal_for_many(any_cast: Cast, client: FlaskClient) -> None:
    report_id = any_cast.report_id("US", "CS-02")
    any_cast.bring_to(report_id, ReportState.AWAITING_APPROVAL, "us")
    any_cast.sign_in(client, "approver.us")
    version = {f"version-{report_id}": any_cast.version(report_id), "report": report_id, "decision": "refuse"}
    answer = send(client, "/approvals", **version, comment=TYPED)
    assert answer.status_code == 422
    assert FOUND in unescape(answer.text)
    assert FIELD in answer.text
    assert "checked" in answer.text
    assert send(client, "/approvals", **version, comment=TYPED, explanation="An office.").status_code == 303
    assert "No report waits" in client.get("/approvals").text


def test_a_stale_comment_keeps_its_explanation(any_cast: Cast, client: FlaskClient) -> None:
    report_id = any_cast.report_id("US", "CS-02")
    any_cast.bring_to(report_id, ReportState.OPEN_FOR_COMMENT, "us")
    any_cast.sign_in(client, "focal.us")
    answer = send(client, f"/reports/{report_id}/comment", version=1, comment=TYPED, explanation="An office.")
    assert answer.status_code == 409
    assert FIELD in answer.text
    assert "An office." in answer.text


def test_the_desk_tells_the_history_as_the_commitment_does(any_cast: Cast, client: FlaskClient) -> None:
    report_id = any_cast.report_id("US", "CS-02")
    any_cast.bring_to(report_id, ReportState.OPEN_FOR_COMMENT, "us")
    any_cast.sign_in(client, "reviewer")
    pages = [client.get(f"/reviews/{report_id}").text]
    pages.append(client.get(f"/commitments/{any_cast.commitment_id('US', 'CS-02')}").text)
    for page in pages:
        assert "Invented reviewer (Reviewer) took up the review." in page
        assert "(Reviewer) confirmed the rating: Largely implemented" in page
