"""One page, one decision, for many reports at once: the national approver's page."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.support.sending import send, statements
from tests.web.test_evidence import check
from tests.web.test_evidence import send as send_file
from tracker.domain.vocabulary import ReportState
from tracker.models import ProgressReport


def stored(cast: Cast, report_id: int) -> ReportState:
    with cast.reading() as session:
        return session.get_one(ProgressReport, report_id).state


class TestApprovals:
    def test_one_decision_for_many(self, any_cast: Cast, client: FlaskClient) -> None:
        ids = [any_cast.report_id("US", code) for code in ("CS-02", "CS-03", "CS-04")]
        for one in ids:
            any_cast.bring_to(one, ReportState.AWAITING_APPROVAL, "us")
        any_cast.sign_in(client, "approver.us")
        page = client.get("/approvals").get_data(as_text=True)
        assert page.count('name="report"') == 3
        assert page.count("An invented answer.") >= 3
        versions = {f"version-{one}": any_cast.version(one) for one in ids}
        answer = send(client, "/approvals", decision="approve", report=ids, **versions)
        assert answer.status_code == 303
        assert [stored(any_cast, one) for one in ids] == [ReportState.SUBMITTED] * 3

    def test_the_files_of_each_report_are_named_with_as_many_queries(self, cast: Cast, client: FlaskClient) -> None:
        ids = [cast.report_id("US", code) for code in ("CS-02", "CS-03", "CS-04")]
        cast.sign_in(client, "focal.us")
        for number, one in enumerate(ids):
            send_file(client, f"/evidence/new?report={one}", name=f"{number:032x}", title=f"An annex {number}")
        check(cast)
        cast.bring_to(ids[0], ReportState.AWAITING_APPROVAL, "us")
        cast.sign_in(client, "approver.us")
        client.get("/approvals")
        with statements(cast.app) as first:
            page = client.get("/approvals").text
        assert ("An annex 0" in page, "An annex 1" in page) == (True, False)
        for one in ids[1:]:
            cast.bring_to(one, ReportState.AWAITING_APPROVAL, "us")
        cast.sign_in(client, "approver.us")
        client.get("/approvals")
        with statements(cast.app) as then:
            page = client.get("/approvals").text
        assert all(f"An annex {number}" in page for number in range(3))
        assert len(then) == len(first)

    def test_one_bad_item_does_not_block_the_others(self, any_cast: Cast, client: FlaskClient) -> None:
        good, changed, gone = (any_cast.report_id("US", code) for code in ("CS-02", "CS-03", "CS-04"))
        for one in (good, changed, gone):
            any_cast.bring_to(one, ReportState.AWAITING_APPROVAL, "us")
        versions = {f"version-{one}": any_cast.version(one) for one in (good, changed, gone)}
        any_cast.fill(changed, "focal.us", "Changed since.")
        any_cast.sign_in(client, "approver.us")
        send(client, f"/reports/{gone}/refuse", version=any_cast.version(gone), comment="No.")
        answer = send(client, "/approvals", decision="approve", report=[changed, gone, good], **versions)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert stored(any_cast, good) is ReportState.SUBMITTED
        assert stored(any_cast, changed) is ReportState.AWAITING_APPROVAL
        assert stored(any_cast, gone) is ReportState.RETURNED
        assert "It was changed after you opened this page." in page
        assert "It no longer waits for your approval." in page

    def test_refuse_many_with_one_comment(self, any_cast: Cast, client: FlaskClient) -> None:
        one = any_cast.report_id("US", "CS-02")
        any_cast.bring_to(one, ReportState.AWAITING_APPROVAL, "us")
        any_cast.sign_in(client, "approver.us")
        version = {f"version-{one}": any_cast.version(one)}
        assert send(client, "/approvals", decision="refuse", report=[one], **version).status_code == 422
        answer = send(client, "/approvals", decision="refuse", report=[one], comment="Say more.", **version)
        assert answer.status_code == 303
        assert stored(any_cast, one) is ReportState.RETURNED

    @pytest.mark.parametrize("fields", [{}, {"decision": "approve"}, {"decision": "burn", "report": "1"}])
    def test_says_what_is_missing(self, any_cast: Cast, client: FlaskClient, fields: dict[str, str]) -> None:
        any_cast.sign_in(client, "approver.us")
        assert send(client, "/approvals", **fields).status_code == 422

    def test_another_states_report_stops_it_before_anything_happens(self, any_cast: Cast, client: FlaskClient) -> None:
        own, foreign = any_cast.report_id("US", "CS-02"), any_cast.report_id("BR", "CS-02")
        any_cast.bring_to(own, ReportState.AWAITING_APPROVAL, "us")
        any_cast.bring_to(foreign, ReportState.AWAITING_APPROVAL, "br")
        any_cast.sign_in(client, "approver.us")
        versions = {f"version-{one}": any_cast.version(one) for one in (own, foreign)}
        answer = send(client, "/approvals", decision="approve", report=[own, foreign], **versions)
        assert answer.status_code == 404
        assert stored(any_cast, own) is ReportState.AWAITING_APPROVAL
        assert stored(any_cast, foreign) is ReportState.AWAITING_APPROVAL

    @pytest.mark.parametrize("name", ["focal.us", "contributor.us", "reviewer", "admin", "observer", "secretariat"])
    def test_only_the_approver(self, any_cast: Cast, client: FlaskClient, name: str) -> None:
        any_cast.sign_in(client, name)
        assert client.get("/approvals").status_code == 403
        assert send(client, "/approvals", decision="approve", report="1").status_code == 403
