"""The reviewers' queue and desk, as people meet them in the browser."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.support.sending import send, statements
from tracker.domain.vocabulary import ReportState
from tracker.models import AuditEntry, HistoryEntry, ProgressReport, Provision, User
from tracker.services import reports, review_queue, reviews

CODES = [f"CS-{n:02}" for n in range(2, 10)]
SECRET = "what nobody outside may read"


def report_in(cast: Cast, state: ReportState, code: str = "CS-02") -> int:
    report_id = cast.report_id("BR", code)
    cast.bring_to(report_id, state)
    return report_id


def text_of(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)[:2000]
    return answer.get_data(as_text=True)


def state_of(cast: Cast, report_id: int) -> ReportState:
    with cast.reading() as session:
        return session.scalars(sa.select(ProgressReport.state).where(ProgressReport.id == report_id)).one()


class TestQueue:
    def test_longest_waiting_first_and_how_long(self, cast: Cast, client: FlaskClient) -> None:
        first = report_in(cast, ReportState.SUBMITTED, "CS-05")
        cast.clock.advance(days=12)
        second = report_in(cast, ReportState.SUBMITTED, "CS-02")
        cast.sign_in(client, "reviewer")
        page = text_of(client, "/reviews")
        assert page.index(f"/reviews/{first}") < page.index(f"/reviews/{second}")
        assert "12 days" in page
        assert "less than a day" in page

    @pytest.mark.parametrize(
        ("state", "person", "tab"),
        [
            (ReportState.SUBMITTED, "reviewer", "waiting"),
            (ReportState.UNDER_REVIEW, "reviewer", "mine"),
            (ReportState.UNDER_REVIEW, "reviewer2", "colleagues"),
            (ReportState.RATING_PROPOSED, "reviewer", "colleagues"),
            (ReportState.RATING_PROPOSED, "reviewer2", "confirm"),
            (ReportState.RATING_PROPOSED, "admin", "confirm"),
            (ReportState.OPEN_FOR_COMMENT, "reviewer", "comment"),
            (ReportState.PUBLISHED, "reviewer", "published"),
        ],
    )
    def test_each_report_stands_in_one_part(
        self, cast: Cast, client: FlaskClient, state: ReportState, person: str, tab: str
    ) -> None:
        report_id = report_in(cast, state)
        cast.sign_in(client, person)
        for part in review_queue.Tab:
            assert (f'href="/reviews/{report_id}"' in text_of(client, f"/reviews?tab={part}")) is (part == tab)

    @pytest.mark.parametrize("state", [ReportState.DRAFT, ReportState.AWAITING_APPROVAL, ReportState.RETURNED])
    def test_what_is_with_the_state_waits_for_nobody_here(
        self, cast: Cast, client: FlaskClient, state: ReportState
    ) -> None:
        report_id = report_in(cast, state)
        cast.sign_in(client, "reviewer")
        for part in review_queue.Tab:
            assert f'href="/reviews/{report_id}"' not in text_of(client, f"/reviews?tab={part}")

    def test_filters(self, cast: Cast, client: FlaskClient) -> None:
        brazil = report_in(cast, ReportState.SUBMITTED, "CS-02")
        guatemala = cast.report_id("GT", "CS-03")
        cast.bring_to(guatemala, ReportState.SUBMITTED, "gt")
        cast.sign_in(client, "reviewer")
        page = text_of(client, "/reviews?state=gt")
        assert f"/reviews/{guatemala}" in page
        assert f"/reviews/{brazil}" not in page
        assert f"/reviews/{brazil}" in text_of(client, "/reviews?cycle=2026")
        assert f"/reviews/{brazil}" not in text_of(client, "/reviews?cycle=2025")
        with cast.reading() as session:
            pillars = session.scalars(sa.select(Provision.pillars).where(Provision.code == "CS-02")).one()
        for pillar in ("prevention", "prosecution", "protection", "_", "%", "x"):
            listed = f'href="/reviews/{brazil}?' in text_of(client, f"/reviews?pillar={pillar}")
            assert listed is (pillar in pillars), pillar

    def test_unusual_addresses(self, cast: Cast, client: FlaskClient) -> None:
        cast.sign_in(client, "reviewer")
        for address in (
            "/reviews?tab=else",
            "/reviews?page=0",
            "/reviews?page=2",
            "/reviews?page=٣",
            f"/reviews?page={10**30}",
            "/reviews/0",
            f"/reviews/{10**17}",
            f"/reviews/{10**30}",
        ):
            assert client.get(address).status_code == 404, address
        for odd in ("%00", "%ED%A0%80", "'%22%3Cb%3E%25_", "x" * 3000):
            assert client.get(f"/reviews?state={odd}&pillar={odd}&cycle={odd}").status_code == 200

    def test_queries_do_not_grow_with_the_rows(self, cast: Cast, client: FlaskClient) -> None:
        cast.sign_in(client, "reviewer")
        with statements(cast.app) as empty:
            text_of(client, "/reviews")
        for code in CODES:
            report_in(cast, ReportState.SUBMITTED, code)
        with statements(cast.app) as full:
            text_of(client, "/reviews")
        assert len(full) == len(empty) <= 6

    def test_frozen_commitments_wait_for_nobody(self, cast: Cast, client: FlaskClient) -> None:
        report_id = report_in(cast, ReportState.SUBMITTED)
        with cast.writing() as session:
            session.get_one(ProgressReport, report_id).commitment.frozen_at = cast.clock.now()
        cast.sign_in(client, "reviewer")
        assert f'href="/reviews/{report_id}"' not in text_of(client, "/reviews")
        assert "Your decision" not in text_of(client, f"/reviews/{report_id}")


class TestDesk:
    def test_shows_the_submission_and_its_evidence(self, cast: Cast, client: FlaskClient) -> None:
        report_id = report_in(cast, ReportState.SUBMITTED)
        cast.sign_in(client, "reviewer")
        page = text_of(client, f"/reviews/{report_id}")
        assert "An invented answer." in page
        assert "An invented summary." in page
        link = re.search(r'<a[^>]*href="https://example.org/act"[^>]*>', page)
        assert link is not None
        assert 'rel="noopener noreferrer nofollow"' in link.group()
        assert "Restricted" in page
        assert "Take up the review" in page

    def test_never_shows_the_draft(self, cast: Cast, client: FlaskClient) -> None:
        report_id = report_in(cast, ReportState.DRAFT)
        cast.fill(report_id, "focal.br", SECRET)
        cast.sign_in(client, "reviewer")
        page = text_of(client, f"/reviews/{report_id}")
        assert SECRET not in page
        assert "Not submitted" in page

    def test_never_shows_what_was_changed_after_it_was_returned(self, cast: Cast, client: FlaskClient) -> None:
        report_id = report_in(cast, ReportState.RETURNED)
        cast.fill(report_id, "focal.br", SECRET)
        cast.sign_in(client, "reviewer")
        page = text_of(client, f"/reviews/{report_id}")
        assert SECRET not in page
        assert "An invented answer." in page

    def test_what_was_recalled_is_the_states_own_again(self, cast: Cast, client: FlaskClient) -> None:
        report_id = report_in(cast, ReportState.SUBMITTED)
        cast._step(report_id, reports.recall, "focal.br")
        cast.sign_in(client, "reviewer")
        assert "An invented answer." not in text_of(client, f"/reviews/{report_id}")

    def test_a_dangerous_link_is_text(self, cast: Cast, client: FlaskClient) -> None:
        report_id = report_in(cast, ReportState.SUBMITTED)
        with cast.writing() as session:
            report = session.get_one(ProgressReport, report_id)
            revision = report.revisions[-1]
            content = dict(revision.content)
            content["evidence"] = [
                {"title": "<b>x</b>", "url": "javascript:alert(1)", "speaks_of": None, "is_public": True},
                {"title": "y", "url": "http://[", "speaks_of": None, "is_public": True},
            ]
            revision.content = content
        cast.sign_in(client, "reviewer")
        page = text_of(client, f"/reviews/{report_id}")
        assert 'href="javascript' not in page
        assert "<b>x</b>" not in page

    def test_queries_are_few_and_do_not_grow(self, cast: Cast, client: FlaskClient) -> None:
        cast.sign_in(client, "reviewer")
        submitted = report_in(cast, ReportState.SUBMITTED, "CS-02")
        with statements(cast.app) as few:
            text_of(client, f"/reviews/{submitted}")
        proposed = report_in(cast, ReportState.RATING_PROPOSED, "CS-04")
        cast._step(proposed, reviews.send_back, "reviewer2", comment="Again, please.")
        with statements(cast.app) as many:
            text_of(client, f"/reviews/{proposed}")
        assert len(many) - len(few) <= 2  # the reviewer's name; the elements that may be rated
        assert len(many) <= 15

    def test_in_four_languages(self, cast: Cast, client: FlaskClient) -> None:
        report_id = report_in(cast, ReportState.RATING_PROPOSED)
        cast.sign_in(client, "reviewer2")
        for lang in ("en", "es", "pt", "fr"):
            assert f'lang="{lang}"' in text_of(client, f"/reviews/{report_id}?lang={lang}")
            text_of(client, f"/reviews?lang={lang}")


RATING = {"rating": "largely_implemented", "strength": "documented", "reasons": "Invented reasons."}


class TestSteps:
    def test_from_submission_to_the_window_for_comment(self, cast: Cast, client: FlaskClient) -> None:
        report_id = report_in(cast, ReportState.SUBMITTED)
        base = f"/reviews/{report_id}"
        cast.sign_in(client, "reviewer")
        answer = send(client, f"{base}/take-up", version=cast.version(report_id))
        assert answer.status_code == 303
        assert answer.location == base
        assert send(client, f"{base}/propose", version=cast.version(report_id), **RATING).status_code == 303
        assert state_of(cast, report_id) is ReportState.RATING_PROPOSED
        assert "Confirm the rating" not in text_of(client, base)
        cast.sign_in(client, "reviewer2")
        assert "Confirm the rating" in text_of(client, base)
        assert send(client, f"{base}/confirm", version=cast.version(report_id)).status_code == 303
        assert state_of(cast, report_id) is ReportState.OPEN_FOR_COMMENT
        assert "1 April 2026" in text_of(client, base)
        with cast.reading() as session:
            events = set(session.scalars(sa.select(AuditEntry.event).where(AuditEntry.record_id == str(report_id))))
        assert {"report.take_up", "report.propose", "report.confirm"} <= events

    def test_return_with_a_comment_and_a_new_date(self, cast: Cast, client: FlaskClient) -> None:
        report_id = report_in(cast, ReportState.UNDER_REVIEW)
        cast.sign_in(client, "reviewer")
        address, version = f"/reviews/{report_id}/return", cast.version(report_id)
        for day in ("", "2026-03-02", "2026-03-01", "1999-01-01", "2099-01-01", "tomorrow", "٢٠٢٦-٠٥-٠١"):
            answer = send(client, address, version=version, comment="Please say more.", due_on=day)
            assert answer.status_code == 422, day
            assert "Please say more." in answer.get_data(as_text=True)
            assert 'href="#due_on"' in answer.get_data(as_text=True)
        assert send(client, address, version=version, comment=" ", due_on="2026-05-20").status_code == 422
        assert send(client, address, version=version, comment="More.", due_on="2026-05-20").status_code == 303
        assert state_of(cast, report_id) is ReportState.RETURNED

    def test_a_high_rating_on_declared_only_asks_why(self, cast: Cast, client: FlaskClient) -> None:
        report_id = report_in(cast, ReportState.UNDER_REVIEW)
        cast.sign_in(client, "reviewer")
        address = f"/reviews/{report_id}/propose"
        wanted = {"version": cast.version(report_id), **RATING, "strength": "declared_only"}
        answer = send(client, address, **wanted)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert 'href="#strength_reason"' in page
        assert "Invented reasons." in page
        assert re.search(r'value="declared_only"[^>]*checked', page)
        assert send(client, address, **wanted, strength_reason="The law is public.").status_code == 303

    @pytest.mark.parametrize(
        "wrong",
        [
            {"rating": ""},
            {"rating": "excellent"},
            {"strength": "x"},
            {"reasons": ""},
            {"reasons": "a" * 20_001},
            {"reasons": "a\0b"},
            {"strength_reason": "b" * 20_001},
        ],
    )
    def test_bad_input_comes_back_with_the_form(self, cast: Cast, client: FlaskClient, wrong: dict[str, str]) -> None:
        report_id = report_in(cast, ReportState.UNDER_REVIEW)
        cast.sign_in(client, "reviewer")
        answer = send(client, f"/reviews/{report_id}/propose", version=cast.version(report_id), **{**RATING, **wrong})
        assert answer.status_code == 422
        assert f'href="#{next(iter(wrong))}' in answer.get_data(as_text=True)
        assert state_of(cast, report_id) is ReportState.UNDER_REVIEW

    def test_letters_of_all_kinds_come_back(self, cast: Cast, client: FlaskClient) -> None:
        words = "Ñandutí g̃uarani, Qhichwa ‘ama’, العربية, 🎗 <script>alert(1)</script> {{ 7*7 }}"
        report_id = report_in(cast, ReportState.UNDER_REVIEW)
        cast.sign_in(client, "reviewer")
        send(client, f"/reviews/{report_id}/propose", version=cast.version(report_id), **RATING | {"reasons": words})
        page = text_of(client, f"/reviews/{report_id}")
        assert "Ñandutí g̃uarani, Qhichwa ‘ama’, العربية, 🎗 &lt;script&gt;" in page
        assert "{{ 7*7 }}" in page
        assert "<script>alert" not in page

    def test_send_back_and_reopen_need_words(self, cast: Cast, client: FlaskClient) -> None:
        report_id = report_in(cast, ReportState.RATING_PROPOSED)
        cast.sign_in(client, "reviewer2")
        base = f"/reviews/{report_id}"
        assert send(client, f"{base}/send-back", version=cast.version(report_id)).status_code == 422
        answer = send(client, f"{base}/send-back", version=cast.version(report_id), comment="Read the law again.")
        assert answer.status_code == 303
        published = report_in(cast, ReportState.PUBLISHED, "CS-04")
        cast.sign_in(client, "admin")
        address = f"/reviews/{published}/reopen"
        assert send(client, address, version=cast.version(published)).status_code == 422
        assert send(client, address, version=cast.version(published), comment="An error.").status_code == 303
        assert state_of(cast, published) is ReportState.UNDER_REVIEW
        assert "Published rating" in text_of(client, f"/reviews/{published}")

    def test_a_colleague_takes_over(self, cast: Cast, client: FlaskClient) -> None:
        report_id = report_in(cast, ReportState.UNDER_REVIEW)
        with cast.writing() as session:
            session.scalars(sa.select(User).where(User.email == "reviewer@tracker.test")).one().active = False
        cast.sign_in(client, "reviewer2")
        assert "Take over from Invented reviewer" in text_of(client, f"/reviews/{report_id}")
        answer = send(client, f"/reviews/{report_id}/take-over", version=cast.version(report_id))
        assert answer.status_code == 303
        assert "Propose this rating" in text_of(client, f"/reviews/{report_id}")


class TestStale:
    def test_the_decision_falls_on_the_version_seen(self, cast: Cast, client: FlaskClient) -> None:
        report_id = report_in(cast, ReportState.UNDER_REVIEW)
        seen = cast.version(report_id)
        cast._step(report_id, reviews.take_over, "reviewer2")
        cast._step(report_id, reviews.take_over, "reviewer")
        cast.sign_in(client, "reviewer")
        answer = send(client, f"/reviews/{report_id}/propose", version=seen, **RATING | {"reasons": "<i>Typed</i>"})
        page = answer.get_data(as_text=True)
        assert answer.status_code == 409
        assert "&lt;i&gt;Typed&lt;/i&gt;" in page
        assert "<i>Typed" not in page
        assert "took the review over" in page
        assert f'name="version" value="{cast.version(report_id)}"' in page
        assert state_of(cast, report_id) is ReportState.UNDER_REVIEW

    def test_what_was_typed_comes_back_after_a_colleague_took_over(self, cast: Cast, client: FlaskClient) -> None:
        report_id = report_in(cast, ReportState.UNDER_REVIEW)
        seen = cast.version(report_id)
        cast._step(report_id, reviews.take_over, "reviewer2")
        cast.sign_in(client, "reviewer")
        answer = send(client, f"/reviews/{report_id}/propose", version=seen, **RATING)
        assert answer.status_code == 409
        assert "Invented reasons." in answer.get_data(as_text=True)

    def test_a_double_click_takes_one_step(self, cast: Cast, client: FlaskClient) -> None:
        report_id = report_in(cast, ReportState.SUBMITTED)
        cast.sign_in(client, "reviewer")
        fields = {"version": cast.version(report_id)}
        answers = [send(client, f"/reviews/{report_id}/take-up", **fields).status_code for _ in range(3)]
        assert answers == [303, 409, 409]
        with cast.reading() as session:
            taken = sa.select(sa.func.count()).where(
                HistoryEntry.report_id == report_id, HistoryEntry.action == "take_up"
            )
            assert session.scalar(taken) == 1

    @pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40, "\0"])
    def test_a_version_that_is_none_is_stale(self, cast: Cast, client: FlaskClient, version: str) -> None:
        report_id = report_in(cast, ReportState.SUBMITTED)
        cast.sign_in(client, "reviewer")
        assert send(client, f"/reviews/{report_id}/take-up", version=version).status_code == 409

    def test_after_the_session_ended_the_reasons_are_kept(self, cast: Cast, client: FlaskClient) -> None:
        report_id = report_in(cast, ReportState.UNDER_REVIEW)
        cast.sign_in(client, "reviewer")
        version = cast.version(report_id)
        cast.clock.advance(hours=13)
        answer = send(client, f"/reviews/{report_id}/propose", version=version, **RATING)
        assert answer.status_code == 401
        assert "Invented reasons." in answer.get_data(as_text=True)
