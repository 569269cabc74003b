"""Every door of commitments and reports, tried by every role, of the own State and of another, in every state.

What may be done stands here a second time, written out by hand, so that a slip in the policy or in a view shows.
"""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.support.sending import send
from tracker.domain.vocabulary import ReportState as S
from tracker.models import ProgressReport

OTHERS = ("focal.br", "approver.br", "contributor.br", "secretariat", "observer")
"""People who may not even know of a report of the United States."""
STAFF = ("reviewer", "reviewer2", "admin")
OWN = ("focal.us", "approver.us", "contributor.us")
ACTIONS = ("", "/ask-approval", "/submit", "/refuse", "/recall", "/comment", "/waive")

WITH_THE_STATE = (S.DRAFT, S.AWAITING_APPROVAL, S.RETURNED)
ALLOWED: dict[tuple[str, str], tuple[S, ...]] = {
    ("focal.us", ""): WITH_THE_STATE,
    ("contributor.us", ""): WITH_THE_STATE,
    ("focal.us", "/ask-approval"): (S.DRAFT, S.RETURNED),
    ("contributor.us", "/ask-approval"): (S.DRAFT, S.RETURNED),
    ("approver.us", "/submit"): WITH_THE_STATE,
    ("approver.us", "/refuse"): (S.AWAITING_APPROVAL,),
    ("focal.us", "/recall"): (S.SUBMITTED,),
    ("focal.us", "/comment"): (S.OPEN_FOR_COMMENT,),
    ("approver.us", "/comment"): (S.OPEN_FOR_COMMENT,),
    ("focal.us", "/waive"): (S.OPEN_FOR_COMMENT,),
    ("approver.us", "/waive"): (S.OPEN_FOR_COMMENT,),
}
"""Who may do what from where; where a role may do it at all, another state is 409, else it is 403."""


SECOND_CLICKS = {
    ("focal.us", "/ask-approval", S.AWAITING_APPROVAL),
    ("approver.us", "/submit", S.SUBMITTED),
}
"""The same step by the same person again: answered like the first, and nothing changes."""


def now(cast: Cast, report_id: int) -> tuple[S, int]:
    with cast.reading() as session:
        report = session.get_one(ProgressReport, report_id)
        return report.state, report.version


@pytest.fixture(params=list(S))
def state(request: pytest.FixtureRequest) -> S:
    return S(request.param)


class TestEveryDoor:
    def test_reading(self, cast: Cast, client: FlaskClient, state: S) -> None:
        report_id, commitment = cast.report_id("US", "CS-03"), cast.commitment_id("US", "CS-03")
        cast.bring_to(report_id, state, "us")
        for name in (*OTHERS, *STAFF, *OWN):
            cast.sign_in(client, name)
            expected = 404 if name in OTHERS else 302 if name in STAFF else 200
            assert client.get(f"/reports/{report_id}").status_code == expected, name
            assert client.get(f"/commitments/{commitment}").status_code == (404 if name in OTHERS else 200), name

    def test_nobody_else_changes_anything(self, cast: Cast, client: FlaskClient, state: S) -> None:
        report_id = cast.report_id("US", "CS-03")
        cast.bring_to(report_id, state, "us")
        before = now(cast, report_id)
        for name in (*OTHERS, *STAFF):
            cast.sign_in(client, name)
            for action in ACTIONS:
                answer = send(client, f"/reports/{report_id}{action}", version=before[1], content="1", comment="Mine.")
                assert answer.status_code == (404 if name in OTHERS else 403), (name, action)
        assert now(cast, report_id) == before

    @pytest.mark.parametrize("name", OWN)
    def test_the_own_people_do_what_the_table_allows(
        self, cast: Cast, client: FlaskClient, state: S, name: str
    ) -> None:
        report_id = cast.report_id("US", "CS-03")
        cast.bring_to(report_id, state, "us")
        before = now(cast, report_id)
        cast.sign_in(client, name)
        for action in ACTIONS:
            allowed = ALLOWED.get((name, action))
            if allowed is not None and state in allowed:
                continue
            fields = {"version": before[1], "comment": "Mine."}
            if name != "approver.us":
                fields["content"] = "1"
            answer = send(client, f"/reports/{report_id}{action}", **fields)
            wanted = 403 if allowed is None else 409
            if (name, action, state) in SECOND_CLICKS:
                wanted = 303
            assert answer.status_code == wanted, (name, action, state)
            assert now(cast, report_id) == before, (name, action, state)

    def test_an_approver_writes_nothing(self, cast: Cast, client: FlaskClient) -> None:
        report_id = cast.report_id("US", "CS-03")
        cast.bring_to(report_id, S.AWAITING_APPROVAL, "us")
        before = now(cast, report_id)
        cast.sign_in(client, "approver.us")
        fields = {"version": before[1], "content": "1", "narrative-CS-03.a": "Mine."}
        assert send(client, f"/reports/{report_id}/submit", **fields).status_code == 403
        assert now(cast, report_id) == before

    def test_buttons_are_the_table(self, cast: Cast, client: FlaskClient, state: S) -> None:
        report_id = cast.report_id("US", "CS-03")
        cast.bring_to(report_id, state, "us")
        for name in OWN:
            cast.sign_in(client, name)
            page = client.get(f"/reports/{report_id}").get_data(as_text=True)
            for action in ACTIONS[1:]:
                address = f'action="/reports/{report_id}{action}"'
                # Without the answers before the eyes an approver does not submit what nobody asked approval for.
                if (name, action) == ("approver.us", "/submit") and state is not S.AWAITING_APPROVAL:
                    assert address not in page
                    continue
                assert (address in page) == (state in ALLOWED.get((name, action), ())), (name, action, state)

    def test_signed_out(self, cast: Cast, client: FlaskClient) -> None:
        report_id = cast.report_id("US", "CS-03")
        for address in (f"/reports/{report_id}", f"/commitments/{cast.commitment_id('US', 'CS-03')}", "/approvals"):
            answer = client.get(address)
            assert answer.status_code == 302
            assert answer.location.startswith("/sign-in?next=")
        answer = client.post(f"/reports/{report_id}", data={"narrative-CS-03.a": "Typed before it ended."})
        assert answer.status_code == 401
        assert "Typed before it ended." in answer.get_data(as_text=True)

    def test_without_the_forms_token(self, cast: Cast, client: FlaskClient) -> None:
        report_id = cast.report_id("US", "CS-03")
        before = now(cast, report_id)
        cast.sign_in(client, "focal.us")
        for action in ACTIONS:
            assert client.post(f"/reports/{report_id}{action}", data={"version": "1"}).status_code == 400
        assert client.post("/approvals", data={"decision": "approve"}).status_code == 400
        assert client.put(f"/reports/{report_id}").status_code == 405
        assert now(cast, report_id) == before


class TestCycle:
    def test_a_closed_cycle_takes_no_first_submission(self, any_cast: Cast, client: FlaskClient) -> None:
        report_id = any_cast.report_id("US", "CS-03")
        any_cast.bring_to(report_id, S.AWAITING_APPROVAL, "us")
        any_cast.clock.advance(days=130)
        any_cast.sign_in(client, "approver.us")
        assert "Approve and submit" not in client.get(f"/reports/{report_id}").get_data(as_text=True)
        version = any_cast.version(report_id)
        assert send(client, f"/reports/{report_id}/submit", version=version).status_code == 403
        any_cast.sign_in(client, "focal.us")
        assert "<textarea" not in client.get(f"/reports/{report_id}").get_data(as_text=True)
        assert send(client, f"/reports/{report_id}", version=version, content="1").status_code == 403
