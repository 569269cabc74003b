"""The dashboard says what each role must do now, and until when."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.cast import PEOPLE, Cast
from tests.support.worlds import kept
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


class TestApprover:
    def test_is_sent_to_the_one_page(self, any_cast: Cast, client: FlaskClient) -> None:
        any_cast.bring_to(any_cast.report_id("US", "CS-02"), ReportState.AWAITING_APPROVAL, "us")
        any_cast.sign_in(client, "approver.us")
        text = client.get("/dashboard").get_data(as_text=True)
        assert 'href="/approvals"' in text
        assert "report to approve" in text
        assert "To report on" not in text


@kept
def much_waits(cast: Cast) -> None:
    cast.bring_to(cast.report_id("US", "CS-02"), ReportState.SUBMITTED, "us")
    cast.clock.advance(days=2)
    cast.bring_to(cast.report_id("BR", "CS-02"), ReportState.SUBMITTED, "br")
    cast.bring_to(cast.report_id("BR", "CS-03"), ReportState.UNDER_REVIEW, "br")
    cast.bring_to(cast.report_id("BR", "CS-04"), ReportState.RATING_PROPOSED, "br")


class TestStaff:
    @pytest.fixture
    def busy(self, any_cast: Cast) -> Cast:
        much_waits(any_cast)
        return any_cast

    def links(self, client: FlaskClient) -> list[str]:
        text = client.get("/dashboard").get_data(as_text=True)
        return [part.split('"')[0] for part in text.split('href="/reviews/')[1:]]

    def test_the_reviewer_finds_the_oldest_first_and_the_own_work(self, busy: Cast, client: FlaskClient) -> None:
        busy.sign_in(client, "reviewer")
        expected = [busy.report_id("US", "CS-02"), busy.report_id("BR", "CS-02"), busy.report_id("BR", "CS-03")]
        assert self.links(client) == [str(one) for one in expected]
        assert "The oldest since 2 March 2026" in client.get("/dashboard").get_data(as_text=True)

    def test_a_colleague_finds_the_proposal_to_confirm(self, busy: Cast, client: FlaskClient) -> None:
        busy.sign_in(client, "reviewer2")
        assert str(busy.report_id("BR", "CS-04")) in self.links(client)
        assert str(busy.report_id("BR", "CS-03")) not in self.links(client)

    def test_the_administrator_sees_what_is_lacking(self, busy: Cast, client: FlaskClient) -> None:
        busy.sign_in(client, "admin")
        text = client.get("/dashboard").get_data(as_text=True)
        assert "States without a focal point" in text
        assert "Peru" in text
        assert "Guatemala" not in text[text.index("States without a focal point") :]
        assert f"/reports/{busy.report_id('ICA', 'CS-10')}" in text
        assert "4</span> of 493" in text


class TestObserver:
    def test_sees_the_accredited_states_with_counts(self, any_cast: Cast, client: FlaskClient) -> None:
        any_cast.bring_to(any_cast.report_id("BR", "CS-02"), ReportState.PUBLISHED, "br")
        any_cast.bring_to(any_cast.report_id("BR", "CS-03"), ReportState.AWAITING_APPROVAL, "br")
        any_cast.sign_in(client, "observer")
        text = client.get("/dashboard").get_data(as_text=True)
        assert "Brazil" in text
        assert "Guatemala" in text
        assert "Haiti" not in text
        assert text.count("1 of 15") == 2
        assert text.count("0 of 15") == 2


def test_in_every_language(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "focal.us")
    for lang in ("en", "es", "pt", "fr"):
        for address in ("/dashboard", "/commitments", f"/reports/{cast.report_id('US', 'CS-03')}"):
            page = client.get(f"{address}?lang={lang}")
            assert page.status_code == 200
            assert f'<html lang="{lang}"' in page.get_data(as_text=True)
