"""A comment that looks like data about a person comes back with what was found, and a field to explain it."""

from __future__ import annotations

import logging
import re
from html import unescape
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.support.sending import send
from tracker.domain.vocabulary import ReportState
from tracker.models import AuditEntry, Message

TYPED = "Ask <b>the office</b> at +1 202 555 0143 about it."
FOUND = "a telephone number (“<bdi>Ask <b>the office</b> at <mark>+1 202 555 0143</mark> about it.</bdi>”)"
IDENTIFIER = "Ask <b>mary@example.org</b> about it."
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
    assert "Ask &lt;b&gt;the office&lt;/b&gt; at +1 202 555 0143 about it." in answer.text
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
    assert "+1 202 555 0143" in page
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


@pytest.mark.parametrize(("state", "person", "address", "fields"), STEPS)
def test_an_identifier_cannot_be_explained_away(
    cast: Cast, client: FlaskClient, state: ReportState, person: str, address: str, fields: dict[str, Any]
) -> None:
    report_id = cast.report_id("US", "CS-02")
    cast.bring_to(report_id, state, "us")
    cast.sign_in(client, person)
    typed = {name: IDENTIFIER if value == TYPED else value for name, value in fields.items()}
    version = cast.version(report_id)
    answer = send(client, address.format(id=report_id), version=version, **typed, explanation="An office.")
    assert answer.status_code == 422
    assert "This must be taken out, and cannot be explained: an e-mail address" in answer.text
    assert "<mark>mary@example.org</mark>" in answer.text
    assert "Ask &lt;b&gt;mary@example.org&lt;/b&gt; about it." in answer.text
    assert cast.version(report_id) == version


def test_the_explanation_may_hold_no_identifier_itself(cast: Cast, client: FlaskClient) -> None:
    report_id = cast.report_id("US", "CS-02")
    cast.bring_to(report_id, ReportState.OPEN_FOR_COMMENT, "us")
    cast.sign_in(client, "focal.us")
    fields = {"version": cast.version(report_id), "comment": TYPED, "explanation": "It is ana@example.com."}
    answer = send(client, f"/reports/{report_id}/comment", **fields)
    assert answer.status_code == 422
    assert "<mark>ana@example.com</mark>" in answer.text


def test_a_report_keeps_what_is_doubtful_and_refuses_what_is_certain(cast: Cast, client: FlaskClient) -> None:
    report_id = cast.report_id("US", "CS-02")
    cast.sign_in(client, "focal.us")
    page = client.get(f"/reports/{report_id}").text
    element = re.findall(r'name="narrative-([^"]+)"', page)[0]
    fields = {"content": "1", f"self_assessment-{element}": "partially_implemented"}
    doubtful = {**fields, "version": cast.version(report_id), f"narrative-{element}": TYPED}
    assert send(client, f"/reports/{report_id}", **doubtful).status_code == 303
    page = client.get(f"/reports/{report_id}").text
    assert "<mark>+1 202 555 0143</mark>" in page
    assert 'name="privacy_explanation"' in page
    certain = {**doubtful, "version": cast.version(report_id), f"narrative-{element}": IDENTIFIER}
    answer = send(client, f"/reports/{report_id}", **certain)
    assert answer.status_code == 422
    assert "<mark>mary@example.org</mark>" in answer.text
    assert f'href="#narrative-{element}"' in answer.text
    assert "Ask &lt;b&gt;mary@example.org&lt;/b&gt; about it.</textarea>" in answer.text
    assert "+1 202 555 0143" in client.get(f"/reports/{report_id}").text, "the draft stays as it was saved"


def test_the_reviewer_sees_the_passages_with_their_explanation(cast: Cast, client: FlaskClient) -> None:
    report_id = cast.report_id("US", "CS-02")
    cast.fill(report_id, "focal.us", TYPED)
    cast.sign_in(client, "focal.us")
    fields = {"content": "1", "privacy_explanation": "The number of <i>an office</i>."}
    answer = send(client, f"/reports/{report_id}/ask-approval", version=cast.version(report_id), **fields)
    assert answer.status_code == 303
    cast.sign_in(client, "approver.us")
    assert send(client, f"/reports/{report_id}/submit", version=cast.version(report_id)).status_code == 303
    cast.sign_in(client, "reviewer")
    page = client.get(f"/reviews/{report_id}").text
    assert "What was explained to the personal-data check" in page
    assert "Ask &lt;b&gt;the office&lt;/b&gt; at <mark>+1 202 555 0143</mark> about it." in page
    assert "The number of &lt;i&gt;an office&lt;/i&gt;." in page


def test_what_was_found_reaches_no_log_no_mail_and_no_audit_entry(
    any_cast: Cast, client: FlaskClient, capfd: pytest.CaptureFixture[str]
) -> None:
    secret = "zacarias.invented@example.com"
    report_id = any_cast.report_id("US", "CS-02")
    any_cast.bring_to(report_id, ReportState.AWAITING_APPROVAL, "us")
    any_cast.sign_in(client, "approver.us")
    handler = Everything()
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        for text, why in ((secret, ""), (f"tel. 555 123 4567 {secret}", "An office."), ("tel. 555 123 4567", "")):
            fields = {"version": any_cast.version(report_id), "comment": text, "explanation": why}
            assert send(client, f"/reports/{report_id}/refuse", **fields).status_code == 422
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    written = capfd.readouterr()
    with any_cast.reading() as session:
        audit = str([(e.event, e.old, e.new) for e in session.scalars(sa.select(AuditEntry))])
        mail = str([(m.subject, m.text, m.html) for m in session.scalars(sa.select(Message))])
    for kept in (audit, mail, written.out, written.err, *handler.lines):
        assert "zacarias" not in kept
        assert "555 123" not in kept


class Everything(logging.Handler):
    """Keeps every line that any logger writes, with its arguments and traceback."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record) + repr(record.args) + repr(record.__dict__.get("exc_text")))
