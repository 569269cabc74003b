"""The dashboard says what each role must do now, and until when."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.cast import PEOPLE, Cast
from tracker.domain.vocabulary import ReportState


@pytest.mark.parametrize("name", [n for n in PEOPLE if not n.endswith((".gt", ".us", ".ht"))])
def test_everybody_has_a_dashboard(cast: Cast, client: FlaskClient, name: str) -> None:
    cast.sign_in(client, name)
    assert client.get("/dashboard").status_code == 200
    assert client.get("/commitments").status_code == 200


def test_visitors_sign_in_first(cast: Cast, client: FlaskClient) -> None:
    answer = client.get("/dashboard")
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in?next=")


class TestFocalPoint:
    @pytest.fixture
    def text(self, any_cast: Cast, client: FlaskClient) -> str:
        any_cast.bring_to(any_cast.report_id("US", "CS-02"), ReportState.RETURNED, "us")
        any_cast.bring_to(any_cast.report_id("US", "CS-04"), ReportState.OPEN_FOR_COMMENT, "us")
        any_cast.bring_to(any_cast.report_id("US", "CS-05"), ReportState.AWAITING_APPROVAL, "us")
        any_cast.sign_in(client, "focal.us")
        return client.get("/dashboard").get_data(as_text=True)

    def test_shows_why_a_report_was_returned_before_the_drafts(self, text: str) -> None:
        assert text.index("Please say more.") < text.index("To report on")

    def test_says_until_when(self, text: str) -> None:
        assert "Comment until the end of 1 April 2026" in text
        assert "Due 30 April 2026" in text
        assert "59 days left" in text
        assert "Dates end at midnight in America/New York" in text

    def test_counts_with_the_denominator(self, text: str) -> None:
        assert text.count("2</span> of 15") >= 1

    def test_says_who_was_asked(self, text: str) -> None:
        assert "Invented Ministry of US" in text


class TestContributor:
    def test_sees_only_what_is_assigned(self, any_cast: Cast, client: FlaskClient) -> None:
        any_cast.sign_in(client, "contributor.us")
        text = client.get("/dashboard").get_data(as_text=True)
        assert text.count('href="/reports/') == 1
        assert f"/reports/{any_cast.report_id('US', 'CS-03')}" in text
