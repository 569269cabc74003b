"""Many reports handed on at once: for approval, or to the Secretariat; each by itself, with what stands in its way."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.support.sending import send, statements
from tracker.domain.vocabulary import ReportState
from tracker.models import ProgressReport, ReportingParty


def state(cast: Cast, report_id: int) -> ReportState:
    with cast.reading() as session:
        return session.get_one(ProgressReport, report_id).state


def without_approval(cast: Cast, code: str = "US") -> None:
    with cast.writing() as session:
        session.execute(sa.update(ReportingParty).where(ReportingParty.code == code).values(approval_required=False))


class TestSubmissions:
    def test_approval_asked_for_many_and_one_bad_item_blocks_no_other(
        self, any_cast: Cast, client: FlaskClient
    ) -> None:
        good, changed, empty = (any_cast.report_id("US", code) for code in ("CS-02", "CS-03", "CS-04"))
        for one in (good, changed):
            any_cast.fill(one, "focal.us")
        any_cast.sign_in(client, "focal.us")
        page = client.get("/submissions").get_data(as_text=True)
        assert "Ask for approval of the chosen reports" in page
        assert page.count('name="report"') == 2, "only what is complete can be chosen"
        assert f'name="report" value="{good}"' in page
        assert page.count("Not answered: ") == 13
        assert "Not answered: CS-05.a" in page
        versions = {f"version-{one}": any_cast.version(one) for one in (good, changed, empty)}
        any_cast.fill(changed, "focal.us", "Changed since.")
        answer = send(client, "/submissions", report=[changed, empty, good], **versions)
        told = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert state(any_cast, good) is ReportState.AWAITING_APPROVAL
        assert state(any_cast, changed) is state(any_cast, empty) is ReportState.DRAFT
        assert "An answer is missing." in told
        assert "It was changed after you opened this page." in told

    def test_submitted_at_once_where_no_approval_is_asked_for(self, any_cast: Cast, client: FlaskClient) -> None:
        without_approval(any_cast)
        ids = [any_cast.report_id("US", code) for code in ("CS-02", "CS-03")]
        for one in ids:
            any_cast.fill(one, "focal.us")
        any_cast.sign_in(client, "focal.us")
        versions = {f"version-{one}": any_cast.version(one) for one in ids}
        answer = send(client, "/submissions", report=ids, **versions)
        assert (answer.status_code, answer.location) == (303, "/submissions")
        assert [state(any_cast, one) for one in ids] == [ReportState.SUBMITTED] * 2

    def test_what_the_check_finds_is_told_before(self, cast: Cast, client: FlaskClient) -> None:
        without_approval(cast)
        report_id = cast.report_id("US", "CS-02")
        cast.fill(report_id, "focal.us", "The victim Maria Lopez was helped.")
        cast.sign_in(client, "focal.us")
        page = client.get("/submissions").get_data(as_text=True)
        assert 'name="report"' not in page
        assert "The personal-data check found something that is not explained." in page

    def test_the_secretariats_own_reports(self, cast: Cast, client: FlaskClient) -> None:
        cast.sign_in(client, "secretariat")
        assert client.get("/submissions").get_data(as_text=True).count("Not answered: ") == 12

    def test_another_states_report_stops_it_before_anything_happens(self, cast: Cast, client: FlaskClient) -> None:
        own, foreign = cast.report_id("US", "CS-02"), cast.report_id("BR", "CS-02")
        cast.fill(own, "focal.us")
        cast.fill(foreign, "focal.br")
        cast.sign_in(client, "focal.us")
        versions = {f"version-{one}": cast.version(one) for one in (own, foreign)}
        assert send(client, "/submissions", report=[own, foreign], **versions).status_code == 404
        assert state(cast, own) is ReportState.DRAFT
        assert send(client, "/submissions").status_code == 422

    @pytest.mark.parametrize("name", ["contributor.us", "approver.us", "reviewer", "admin", "observer"])
    def test_refused_to_everybody_else(self, cast: Cast, client: FlaskClient, name: str) -> None:
        cast.sign_in(client, name)
        assert client.get("/submissions").status_code == 403
        assert send(client, "/submissions", report=cast.report_id("US", "CS-02")).status_code == 403

    def test_as_many_queries_with_more_written(self, cast: Cast, client: FlaskClient) -> None:
        cast.sign_in(client, "focal.us")
        cast.fill(cast.report_id("US", "CS-02"), "focal.us")
        client.get("/submissions")
        with statements(cast.app) as few:
            client.get("/submissions")
        for code in ("CS-03", "CS-04", "CS-05"):
            cast.fill(cast.report_id("US", code), "focal.us")
        with statements(cast.app) as many:
            client.get("/submissions")
        assert len(many) == len(few)
