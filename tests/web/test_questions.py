"""Questions, answers and notes in the browser: each door for each role, both texts after a race, nothing lost."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.cast import ASSIGNED, PEOPLE, Cast
from tests.services.test_questions import TEXT, answer, ask, asked
from tests.support.sending import send
from tracker.domain.vocabulary import ReportState

STAFF = {"reviewer", "reviewer2", "admin", "admin2"}
PARTY = {"focal.br", "alternate.br", "approver.br", "contributor.br"}
SEES = STAFF | PARTY | {"observer"}


def page(client: FlaskClient, address: str) -> str:
    found = client.get(address)
    assert found.status_code == 200, (address, found.status_code)
    return found.get_data(as_text=True)


class TestDoors:
    @pytest.mark.parametrize(
        ("address", "allowed", "sees", "fields"),
        [
            ("/reviews/{report}/questions", {"reviewer", "reviewer2"}, SEES, {"whole": "Why?"}),
            ("/reviews/{report}/notes", STAFF, SEES, {"note": "A note."}),
            (
                "/questions/{question}/answer",
                {"focal.br", "alternate.br"},
                STAFF | PARTY,
                {"version": 1, "text": "So."},
            ),
            ("/questions/{question}/withdraw", {"reviewer"}, STAFF | PARTY, {"version": 1}),
        ],
    )
    def test_posting(
        self,
        cast: Cast,
        client: FlaskClient,
        address: str,
        allowed: set[str],
        sees: set[str],
        fields: dict[str, object],
    ) -> None:
        question = asked(cast)
        address = address.format(report=cast.report_id("BR", ASSIGNED), question=question)
        for name in sorted(set(PEOPLE) - allowed):
            cast.sign_in(client, name)
            found = send(client, address, **fields)
            assert found.status_code == (403 if name in sees else 404), (name, found.status_code)
        cast.sign_in(client, sorted(allowed)[0])
        assert send(client, address, **fields).status_code == 303
        assert client.get(address).status_code in (200, 403, 404, 405)

    def test_reading(self, cast: Cast, client: FlaskClient) -> None:
        question = asked(cast)
        report_id = cast.report_id("BR", ASSIGNED)
        for name in sorted(PEOPLE):
            cast.sign_in(client, name)
            found = client.get(f"/questions/{question}")
            assert found.status_code == (200 if name in STAFF | PARTY else 404), name
            assert (TEXT in found.get_data(as_text=True)) is (name in STAFF | PARTY), name
            listed = client.get("/questions?show=all")
            assert listed.status_code == (404 if name == "observer" else 200), name
            seen = PARTY | {"reviewer", "admin", "admin2"}
            assert (TEXT in listed.get_data(as_text=True)) is (name in seen), name
            if name in PARTY:
                assert TEXT in page(client, f"/reports/{report_id}")
        for address in ("/questions/0", f"/questions/{10**17}", "/questions?page=0"):
            assert client.get(address).status_code == 404, address


class TestAnswering:
    def test_on_the_page_of_the_report(self, cast: Cast, client: FlaskClient) -> None:
        question = asked(cast)
        report_id = cast.report_id("BR", ASSIGNED)
        cast.sign_in(client, "focal.br")
        assert "Send the answer" in page(client, f"/reports/{report_id}?lang=en")
        assert "/questions" in page(client, "/dashboard")
        found = send(client, f"/questions/{question}/answer", version=1, text="The statistical office.")
        assert found.location == f"/reports/{report_id}#questions"
        shown = page(client, f"/reports/{report_id}?lang=en")
        assert "The statistical office." in shown
        assert "Send the answer" not in shown
        cast.sign_in(client, "reviewer")
        assert "The statistical office." in page(client, f"/reviews/{report_id}")

    def test_what_was_typed_comes_back(self, cast: Cast, client: FlaskClient) -> None:
        question = asked(cast)
        cast.sign_in(client, "focal.br")
        found = send(client, f"/questions/{question}/answer", version=1, text="Write to maria.perez@example.org")
        assert found.status_code == 422
        assert "Write to maria.perez@example.org" in found.get_data(as_text=True)
        assert send(client, f"/questions/{question}/answer", version=1, text=" ").status_code == 422

    def test_two_at_once_see_both_texts(self, cast: Cast, client: FlaskClient) -> None:
        question = asked(cast)
        answer(cast, question, "The first answer.", "alternate.br")
        cast.sign_in(client, "focal.br")
        found = send(client, f"/questions/{question}/answer", version=1, text="The second answer.")
        shown = found.get_data(as_text=True)
        assert found.status_code == 409
        assert "The first answer." in shown
        assert "The second answer." in shown

    @pytest.mark.parametrize("lang", ["en", "es", "pt", "fr"])
    def test_in_four_languages(self, cast: Cast, client: FlaskClient, lang: str) -> None:
        question = asked(cast)
        cast.sign_in(client, "focal.br")
        for address in ("/questions", f"/questions/{question}", f"/reports/{cast.report_id('BR', ASSIGNED)}"):
            assert f'lang="{lang}"' in page(client, f"{address}?lang={lang}")


class TestAsking:
    def test_by_element_and_about_the_whole(self, cast: Cast, client: FlaskClient) -> None:
        report_id = cast.report_id("BR", ASSIGNED)
        cast.bring_to(report_id, ReportState.UNDER_REVIEW)
        cast.sign_in(client, "reviewer")
        assert f"/reviews/{report_id}/questions" in page(client, f"/reviews/{report_id}")
        shown = page(client, f"/reviews/{report_id}/questions")
        assert 'name="CS-03.a"' in shown
        assert 'name="whole"' in shown
        found = send(client, f"/reviews/{report_id}/questions", **{"CS-03.a": "Which law?", "whole": "Who pays?"})
        assert found.location == f"/reviews/{report_id}#questions"
        desk = page(client, f"/reviews/{report_id}")
        assert "Which law?" in desk
        assert "Who pays?" in desk
        assert "2 questions are still unanswered" in desk
        assert send(client, f"/reviews/{report_id}/questions").status_code == 422

    def test_when_the_report_has_gone_on_nothing_typed_is_lost(self, cast: Cast, client: FlaskClient) -> None:
        report_id = cast.report_id("BR", ASSIGNED)
        cast.bring_to(report_id, ReportState.PUBLISHED)
        cast.sign_in(client, "reviewer")
        found = send(client, f"/reviews/{report_id}/questions", whole="Who pays?")
        assert found.status_code == 409
        assert "Who pays?" in found.get_data(as_text=True)
        assert "without returning the report" not in page(client, f"/reviews/{report_id}")

    def test_a_question_may_be_withdrawn(self, cast: Cast, client: FlaskClient) -> None:
        question = asked(cast)
        cast.sign_in(client, "reviewer")
        assert send(client, f"/questions/{question}/withdraw", version=9).status_code == 409
        assert send(client, f"/questions/{question}/withdraw", version=1).status_code == 303
        assert "Withdrawn" in page(client, f"/reviews/{cast.report_id('BR', ASSIGNED)}")


class TestNotes:
    def test_kept_on_the_desk(self, cast: Cast, client: FlaskClient) -> None:
        report_id = cast.report_id("BR", ASSIGNED)
        cast.bring_to(report_id, ReportState.UNDER_REVIEW)
        cast.sign_in(client, "reviewer2")
        found = send(client, f"/reviews/{report_id}/notes", note="Ask a colleague <b>first</b>.")
        assert found.location == f"/reviews/{report_id}#notes"
        assert "Ask a colleague &lt;b&gt;first&lt;/b&gt;." in page(client, f"/reviews/{report_id}")
        assert send(client, f"/reviews/{report_id}/notes", note="").status_code == 422


class TestClaiming:
    def test_from_the_queue(self, cast: Cast, client: FlaskClient) -> None:
        first, second = cast.report_id("BR", "CS-02"), cast.report_id("BR", "CS-04")
        for report_id in (first, second):
            cast.bring_to(report_id, ReportState.SUBMITTED)
        cast.sign_in(client, "reviewer")
        shown = page(client, "/reviews")
        assert f'formaction="/reviews/{second}/take-up" name="version" value="{cast.version(second)}"' in shown
        assert "Take up the one that waits longest" in shown
        assert send(client, f"/reviews/{second}/take-up", version=cast.version(second)).status_code == 303
        assert send(client, "/reviews/next").location == f"/reviews/{first}"
        assert send(client, "/reviews/next").location == "/reviews"
        cast.sign_in(client, "admin")
        assert "Take up the one that waits longest" not in page(client, "/reviews")

    @pytest.mark.parametrize("name", sorted(set(PEOPLE) - {"reviewer", "reviewer2"}))
    def test_for_reviewers_only(self, cast: Cast, client: FlaskClient, name: str) -> None:
        report_id = cast.report_id("BR", "CS-02")
        cast.bring_to(report_id, ReportState.SUBMITTED)
        cast.sign_in(client, name)
        assert send(client, "/reviews/next").status_code == 403

    def test_from_one_to_the_next(self, cast: Cast, client: FlaskClient) -> None:
        first, second = cast.report_id("BR", "CS-02"), cast.report_id("BR", "CS-04")
        for report_id in (first, second):
            cast.bring_to(report_id, ReportState.SUBMITTED)
        cast.sign_in(client, "reviewer")
        shown = page(client, f"/reviews/{first}?state=br")
        assert f'rel="next" data-review-key="n j" href="/reviews/{second}?state=br"' in shown
        assert "First in the queue" in shown


def test_an_unanswered_question_does_not_stop_the_rating(cast: Cast, client: FlaskClient) -> None:
    question = asked(cast)
    report_id = cast.report_id("BR", ASSIGNED)
    cast.sign_in(client, "reviewer")
    rated = {"rating": "partially_implemented", "strength": "documented", "reasons": "Invented reasons."}
    assert send(client, f"/reviews/{report_id}/propose", version=cast.version(report_id), **rated).status_code == 303
    assert ask(cast, report_id, {"": "One more?"}, "reviewer2") > question
