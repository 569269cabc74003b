"""A progress report through the browser: write, save, ask for approval, submit, take back, answer a rating."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.report_scene import act, full
from tests.support.sending import send, statements
from tracker.domain.vocabulary import ReportState
from tracker.models import HistoryEntry, ProgressReport, ReportRevision
from tracker.services import drafts, records
from tracker.services.report_content import ReportContent, of_draft

ELEMENTS = ("CS-03.a", "CS-03.b", "CS-03.c")
HOSTILE = "<script>alert(1)</script> {{7*7}} \" ' </textarea> %(who)s"


def typed(cast: Cast, report_id: int, text: str = "Said.", elements: tuple[str, ...] = ELEMENTS) -> dict[str, Any]:
    """The fields of a form that is opened now and filled in."""
    fields: dict[str, Any] = {"version": cast.version(report_id), "content": "1", "summary": "On the whole."}
    for code in elements:
        fields |= {f"self_assessment-{code}": "partially_implemented", f"narrative-{code}": text}
    return fields | {
        "evidence-0-title": "An act",
        "evidence-0-url": "https://example.org/act",
        "evidence-0-speaks_of": "2025-06-01",
        "evidence-0-access": "restricted",
    }


def stored(cast: Cast, report_id: int) -> tuple[ReportState, ReportContent]:
    with cast.reading() as session:
        report = records.report(session, report_id)
        assert report is not None
        return report.state, of_draft(report)


def bare(cast: Cast, report_id: int) -> dict[str, Any]:
    """The field of a form that is one button."""
    return {"version": cast.version(report_id)}


@pytest.fixture
def report_id(any_cast: Cast) -> int:
    return any_cast.report_id("US", "CS-03")


class TestForm:
    def test_offers_what_the_role_may_do(self, any_cast: Cast, client: FlaskClient, report_id: int) -> None:
        any_cast.sign_in(client, "focal.us")
        text = client.get(f"/reports/{report_id}").get_data(as_text=True)
        assert "Save draft" in text
        assert "Save and ask for approval" in text
        assert "Save and submit" not in text
        assert text.count("No names or details of victims") >= len(ELEMENTS) + 1
        assert "Due by the end of 30 April 2026 (America/New York)" in text

    def test_keeps_everything_typed(self, any_cast: Cast, client: FlaskClient, report_id: int) -> None:
        any_cast.sign_in(client, "focal.us")
        answer = send(client, f"/reports/{report_id}", **typed(any_cast, report_id, "Ñandutí, Ñuble\r\nand more"))
        assert answer.status_code == 303
        state, content = stored(any_cast, report_id)
        assert state is ReportState.DRAFT
        assert [a.narrative for a in content.answers] == ["Ñandutí, Ñuble\nand more"] * 3
        assert content.summary == "On the whole."
        assert (content.evidence[0].url, content.evidence[0].is_public) == ("https://example.org/act", False)
        page = client.get(f"/reports/{report_id}").get_data(as_text=True)
        assert "Ñandutí, Ñuble\nand more</textarea>" in page
        assert 'value="https://example.org/act"' in page

    def test_shows_what_people_typed_as_text(self, any_cast: Cast, client: FlaskClient, report_id: int) -> None:
        any_cast.sign_in(client, "focal.us")
        fields = typed(any_cast, report_id, HOSTILE) | {"summary": HOSTILE, "evidence-0-title": HOSTILE}
        assert send(client, f"/reports/{report_id}", **fields).status_code == 303
        page = client.get(f"/reports/{report_id}").get_data(as_text=True)
        assert "<script>alert" not in page
        assert "{{7*7}}" in page
        assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 5

    def test_removes_a_link_that_was_emptied(self, any_cast: Cast, client: FlaskClient, report_id: int) -> None:
        any_cast.sign_in(client, "focal.us")
        send(client, f"/reports/{report_id}", **typed(any_cast, report_id))
        fields = typed(any_cast, report_id)
        fields |= {"evidence-0-title": "", "evidence-0-url": "", "evidence-0-speaks_of": ""}
        send(client, f"/reports/{report_id}", **fields)
        assert stored(any_cast, report_id)[1].evidence == ()

    @pytest.mark.parametrize(
        "wrong",
        [
            {"evidence-0-url": "javascript:alert(1)"},
            {"evidence-0-url": "https://user:secret@example.org/"},
            {"evidence-0-url": ""},
            {"evidence-0-title": ""},
            {"evidence-0-title": "x" * 201},
            {"evidence-0-speaks_of": "2025-13-45"},
            {"evidence-0-speaks_of": "٢٠٢٥-٠١-٠١"},
            {"evidence-0-access": "everyone"},
            {"self_assessment-CS-03.a": "insufficient_information"},
            {"self_assessment-CS-03.a": "wonderful"},
            {"narrative-CS-03.b": "NUL \x00 in it"},
            {"narrative-CS-03.b": "long " * 6000},
            {"summary": "x" * 20_001},
        ],
    )
    def test_says_at_the_field_what_is_wrong(
        self, any_cast: Cast, client: FlaskClient, report_id: int, wrong: dict[str, str]
    ) -> None:
        any_cast.sign_in(client, "focal.us")
        answer = send(client, f"/reports/{report_id}", **(typed(any_cast, report_id, "Kept as typed.") | wrong))
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert "There is a problem" in page
        assert f'href="#{next(iter(wrong))}"' in page
        assert f'id="{next(iter(wrong))}"' in page
        assert "Kept as typed." in page
        assert stored(any_cast, report_id)[1].summary == ""

    def test_a_lone_surrogate_is_no_server_error(self, any_cast: Cast, client: FlaskClient, report_id: int) -> None:
        any_cast.sign_in(client, "focal.us")
        fields = typed(any_cast, report_id)
        raw = "&".join(f"{k}={v}" for k, v in fields.items() if not k.startswith("narrative"))
        from tests.support.sending import token

        body = f"csrf_token={token(client)}&{raw}&narrative-CS-03.a=%ED%A0%80".encode()
        answer = client.post(f"/reports/{report_id}", data=body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code < 500

    def test_ignores_what_is_not_in_the_form(self, any_cast: Cast, client: FlaskClient, report_id: int) -> None:
        any_cast.sign_in(client, "focal.us")
        foreign = {"party_id": any_cast.party_id("BR"), "state": "published", "narrative-CS-04.a": "foreign"}
        fields = typed(any_cast, report_id) | foreign | {"on_time": "1", "reviewer_id": "1"}
        assert send(client, f"/reports/{report_id}", **fields).status_code == 303
        state, content = stored(any_cast, report_id)
        assert state is ReportState.DRAFT
        assert [a.element for a in content.answers] == list(ELEMENTS)
        with any_cast.reading() as session:
            report = session.get_one(ProgressReport, report_id)
            assert report.party_id == any_cast.party_id("US")
            assert (report.on_time, report.reviewer_id) == (None, None)

    def test_asks_to_explain_what_looks_like_personal_data(
        self, any_cast: Cast, client: FlaskClient, report_id: int
    ) -> None:
        any_cast.sign_in(client, "approver.us")
        any_cast.fill(report_id, "focal.us", "Victim Juana Ejemplo was helped.")
        answer = send(client, f"/reports/{report_id}/submit", **bare(any_cast, report_id))
        assert answer.status_code == 422
        any_cast.sign_in(client, "focal.us")
        page = client.get(f"/reports/{report_id}").get_data(as_text=True)
        assert "the name of a person" in page
        assert "Victim Juana Ejemplo" in page
        fields = typed(any_cast, report_id) | {"privacy_explanation": "An invented name."}
        assert send(client, f"/reports/{report_id}", **fields).status_code == 303
        assert stored(any_cast, report_id)[1].privacy_explanation == "An invented name."


class TestStale:
    def test_shows_both_texts_and_saves_over_only_when_told(
        self, any_cast: Cast, client: FlaskClient, report_id: int
    ) -> None:
        fields = typed(any_cast, report_id, "Mine <script>alert(2)</script>")
        any_cast.fill(report_id, "focal.us", "Theirs <script>alert(1)</script>")
        any_cast.sign_in(client, "contributor.us")
        answer = send(client, f"/reports/{report_id}", **fields)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 409
        assert "Theirs &lt;script&gt;" in page
        assert "Mine &lt;script&gt;" in page
        assert "<script>alert" not in page
        assert "Last saved by Invented focal.us" in page
        assert stored(any_cast, report_id)[1].answers[0].narrative.startswith("Theirs")
        again = fields | {"version": any_cast.version(report_id)}
        assert send(client, f"/reports/{report_id}", **again).status_code == 303
        assert stored(any_cast, report_id)[1].answers[0].narrative.startswith("Mine")

    def test_the_merge_page_carries_all_that_was_typed(
        self, any_cast: Cast, client: FlaskClient, report_id: int
    ) -> None:
        fields = typed(any_cast, report_id, "Mine.")
        any_cast.fill(report_id, "focal.us", "Theirs.")
        any_cast.sign_in(client, "focal.us")
        page = send(client, f"/reports/{report_id}", **fields).get_data(as_text=True)
        for code in ELEMENTS:
            assert f'name="narrative-{code}"' in page
            assert f'name="self_assessment-{code}" value="partially_implemented"' in page
        assert 'value="https://example.org/act"' in page
        assert 'name="summary"' in page

    def test_what_was_typed_comes_back_when_the_report_has_left(
        self, any_cast: Cast, client: FlaskClient, report_id: int
    ) -> None:
        fields = typed(any_cast, report_id, "Typed too late.")
        any_cast.bring_to(report_id, ReportState.SUBMITTED, "us")
        any_cast.sign_in(client, "focal.us")
        answer = send(client, f"/reports/{report_id}", **fields)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 409
        assert "Typed too late." in page
        assert "Save my version" not in page
        assert stored(any_cast, report_id)[1].answers[0].narrative == "An invented answer."

    def test_a_decision_falls_on_the_version_that_was_read(
        self, any_cast: Cast, client: FlaskClient, report_id: int
    ) -> None:
        any_cast.bring_to(report_id, ReportState.AWAITING_APPROVAL, "us")
        seen = bare(any_cast, report_id)
        any_cast.fill(report_id, "focal.us", "Changed after it was read.")
        any_cast.sign_in(client, "approver.us")
        assert send(client, f"/reports/{report_id}/submit", **seen).status_code == 409
        assert stored(any_cast, report_id)[0] is ReportState.AWAITING_APPROVAL

    def test_a_comment_that_came_too_late_is_given_back(
        self, any_cast: Cast, client: FlaskClient, report_id: int
    ) -> None:
        any_cast.bring_to(report_id, ReportState.OPEN_FOR_COMMENT, "us")
        seen = bare(any_cast, report_id)
        any_cast.sign_in(client, "focal.us")
        assert send(client, f"/reports/{report_id}/waive", **seen).status_code == 303
        answer = send(client, f"/reports/{report_id}/comment", **seen, comment="Our view <b>.")
        assert answer.status_code == 409
        assert "Our view &lt;b&gt;." in answer.get_data(as_text=True)

    def test_the_same_form_twice_is_saved_once(self, any_cast: Cast, client: FlaskClient, report_id: int) -> None:
        any_cast.sign_in(client, "focal.us")
        fields = typed(any_cast, report_id)
        assert [send(client, f"/reports/{report_id}", **fields).status_code for _n in range(3)] == [303] * 3
        assert any_cast.version(report_id) == fields["version"] + 1

    def test_the_same_step_twice_is_taken_once(self, any_cast: Cast, client: FlaskClient, report_id: int) -> None:
        any_cast.sign_in(client, "focal.us")
        fields = typed(any_cast, report_id)
        address = f"/reports/{report_id}/ask-approval"
        assert [send(client, address, **fields).status_code for _n in range(3)] == [303] * 3
        with any_cast.reading() as session:
            count = sa.select(sa.func.count()).where(
                HistoryEntry.report_id == report_id, HistoryEntry.action == "ask_approval"
            )
            assert session.scalar(count) == 1


class TestSteps:
    def test_all_the_way_to_the_rating(self, any_cast: Cast, client: FlaskClient, report_id: int) -> None:
        any_cast.sign_in(client, "contributor.us")
        answer = send(client, f"/reports/{report_id}/ask-approval", **typed(any_cast, report_id))
        assert (answer.status_code, answer.location) == (303, "/dashboard")
        any_cast.sign_in(client, "approver.us")
        assert "Approve and submit" in client.get(f"/reports/{report_id}").get_data(as_text=True)
        answer = send(client, f"/reports/{report_id}/submit", **bare(any_cast, report_id))
        assert answer.status_code == 303
        state, content = stored(any_cast, report_id)
        assert state is ReportState.SUBMITTED
        with any_cast.reading() as session:
            revision = session.scalars(sa.select(ReportRevision).where(ReportRevision.report_id == report_id)).one()
            assert ReportContent.from_json(revision.content) == content
            assert session.get_one(ProgressReport, report_id).on_time is True

    def test_an_unanswered_element_is_named_and_nothing_is_lost(
        self, any_cast: Cast, client: FlaskClient, report_id: int
    ) -> None:
        any_cast.sign_in(client, "focal.us")
        fields = typed(any_cast, report_id, "Only two.", ELEMENTS[:2])
        answer = send(client, f"/reports/{report_id}/ask-approval", **fields)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert 'href="#self_assessment-CS-03.c"' in page
        assert 'href="#narrative-CS-03.c"' in page
        assert page.count("Only two.</textarea>") == 2
        assert stored(any_cast, report_id)[0] is ReportState.DRAFT

    def test_refusal_needs_a_comment(self, any_cast: Cast, client: FlaskClient, report_id: int) -> None:
        any_cast.bring_to(report_id, ReportState.AWAITING_APPROVAL, "us")
        any_cast.sign_in(client, "approver.us")
        seen = bare(any_cast, report_id)
        assert send(client, f"/reports/{report_id}/refuse", **seen, comment=" ").status_code == 422
        assert send(client, f"/reports/{report_id}/refuse", **seen, comment="Say more.").status_code == 303
        any_cast.sign_in(client, "focal.us")
        page = client.get(f"/reports/{report_id}").get_data(as_text=True)
        assert "Approval refused" in page
        assert "Say more." in page

    def test_recall_before_the_review(self, any_cast: Cast, client: FlaskClient, report_id: int) -> None:
        any_cast.bring_to(report_id, ReportState.SUBMITTED, "us")
        any_cast.sign_in(client, "focal.us")
        assert "Take the report back" in client.get(f"/reports/{report_id}").get_data(as_text=True)
        assert send(client, f"/reports/{report_id}/recall", **bare(any_cast, report_id)).status_code == 303
        assert stored(any_cast, report_id)[0] is ReportState.DRAFT

    def test_no_recall_once_the_review_began(self, any_cast: Cast, client: FlaskClient, report_id: int) -> None:
        any_cast.bring_to(report_id, ReportState.UNDER_REVIEW, "us")
        any_cast.sign_in(client, "focal.us")
        assert "Take the report back" not in client.get(f"/reports/{report_id}").get_data(as_text=True)
        assert send(client, f"/reports/{report_id}/recall", **bare(any_cast, report_id)).status_code == 409

    def test_a_rating_not_confirmed_is_not_shown_to_the_state(
        self, any_cast: Cast, client: FlaskClient, report_id: int
    ) -> None:
        any_cast.bring_to(report_id, ReportState.RATING_PROPOSED, "us")
        any_cast.sign_in(client, "focal.us")
        for address in (f"/reports/{report_id}", f"/commitments/{any_cast.commitment_id('US', 'CS-03')}", "/dashboard"):
            page = client.get(address).get_data(as_text=True)
            assert "Invented reasons." not in page
            assert "Rating proposed" not in page

    def test_the_state_comments_and_it_is_published(self, any_cast: Cast, client: FlaskClient, report_id: int) -> None:
        any_cast.bring_to(report_id, ReportState.OPEN_FOR_COMMENT, "us")
        any_cast.sign_in(client, "approver.us")
        page = client.get(f"/reports/{report_id}").get_data(as_text=True)
        assert "Invented reasons." in page
        assert "until the end of 1 April 2026 (America/New York)" in page
        seen = bare(any_cast, report_id)
        assert send(client, f"/reports/{report_id}/comment", **seen, comment="").status_code == 422
        assert send(client, f"/reports/{report_id}/comment", **seen, comment="We see it so.").status_code == 303
        page = client.get(f"/reports/{report_id}").get_data(as_text=True)
        assert "We see it so." in page
        assert "Published" in page

    def test_nothing_can_be_edited_after_submission(self, any_cast: Cast, client: FlaskClient, report_id: int) -> None:
        any_cast.bring_to(report_id, ReportState.SUBMITTED, "us")
        any_cast.sign_in(client, "focal.us")
        assert "<textarea" not in client.get(f"/reports/{report_id}").get_data(as_text=True)
        assert send(client, f"/reports/{report_id}", **typed(any_cast, report_id)).status_code == 409


def test_queries_do_not_grow_with_the_answers(cast: Cast, client: FlaskClient, app: Flask) -> None:
    cast.sign_in(client, "focal.us")
    one = cast.report_id("US", "CS-03")
    counts = []
    for content in (ReportContent((), "Begun."), full(cast, one)):
        act(cast, one, drafts.save, "focal.us", content=content)
        with statements(app) as found:
            assert client.get(f"/reports/{one}").status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1] <= 11
