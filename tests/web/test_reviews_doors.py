"""Who is refused at the doors of a review, and how: for every role, every step and every state."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.cast import PEOPLE, Cast
from tests.support.sending import send
from tracker.domain.vocabulary import Rating, ReportState, Strength
from tracker.models import AuditEntry, HistoryEntry, ProgressReport, User
from tracker.services import reports, reviews

FIELDS = {
    "rating": "largely_implemented",
    "strength": "documented",
    "reasons": "Typed reasons.",
    "comment": "An invented comment.",
    "due_on": "2026-06-01",
}
STEPS = {
    "take-up": ReportState.SUBMITTED,
    "take-over": ReportState.UNDER_REVIEW,
    "return": ReportState.UNDER_REVIEW,
    "propose": ReportState.UNDER_REVIEW,
    "send-back": ReportState.RATING_PROPOSED,
    "confirm": ReportState.RATING_PROPOSED,
    "reopen": ReportState.PUBLISHED,
}
ALLOWED = {
    "take-up": {"reviewer", "reviewer2"},
    "take-over": {"reviewer2"},
    "return": {"reviewer"},
    "propose": {"reviewer"},
    "send-back": {"reviewer2", "admin", "admin2"},
    "confirm": {"reviewer2", "admin", "admin2"},
    "reopen": {"admin", "admin2"},
}
"""Of a report of Brazil that ``reviewer`` has taken up and rated."""
SEES = {"focal.br", "alternate.br", "approver.br", "observer", "reviewer", "reviewer2", "admin", "admin2"}
STAFF = {"reviewer", "reviewer2", "admin", "admin2"}


def traces(cast: Cast, report_id: int) -> tuple[object, ...]:
    with cast.reading() as session:
        return (
            session.execute(
                sa.select(ProgressReport.state, ProgressReport.version).where(ProgressReport.id == report_id)
            ).one(),
            session.scalar(sa.select(sa.func.count()).select_from(HistoryEntry)),
        )


@pytest.mark.parametrize("step", STEPS)
def test_each_step_is_for_its_people_only(cast: Cast, client: FlaskClient, step: str) -> None:
    report_id = cast.report_id("BR", "CS-02")
    cast.bring_to(report_id, STEPS[step])
    before = traces(cast, report_id)
    address = f"/reviews/{report_id}/{step}"
    for name in sorted(set(PEOPLE) - ALLOWED[step]):
        cast.sign_in(client, name)
        answer = send(client, address, version=cast.version(report_id), **FIELDS)
        assert answer.status_code == (403 if name in SEES else 404), name
        if name not in STAFF:
            assert "Invented reasons" not in answer.get_data(as_text=True)
    assert traces(cast, report_id) == before
    with cast.reading() as session:
        refused = session.scalar(
            sa.select(sa.func.count()).select_from(AuditEntry).where(AuditEntry.event == "access.refused")
        )
        assert refused == len(set(PEOPLE) - ALLOWED[step])


@pytest.mark.parametrize("step", STEPS)
def test_its_people_can(cast: Cast, client: FlaskClient, step: str) -> None:
    for number, name in enumerate(sorted(ALLOWED[step])):
        report_id = cast.report_id("BR", f"CS-0{number + 2}")
        cast.bring_to(report_id, STEPS[step])
        cast.sign_in(client, name)
        answer = send(client, f"/reviews/{report_id}/{step}", version=cast.version(report_id), **FIELDS)
        assert answer.status_code == 303, name


@pytest.mark.parametrize("step", STEPS)
def test_no_step_from_another_state(cast: Cast, client: FlaskClient, step: str) -> None:
    report_id = cast.report_id("BR", "CS-02")
    wrong = ReportState.OPEN_FOR_COMMENT if step != "confirm" else ReportState.UNDER_REVIEW
    cast.bring_to(report_id, wrong)
    before = traces(cast, report_id)
    for name in sorted(ALLOWED[step]):
        cast.sign_in(client, name)
        answer = send(client, f"/reviews/{report_id}/{step}", version=cast.version(report_id), **FIELDS)
        assert answer.status_code in (409, 403), name
    assert traces(cast, report_id) == before


@pytest.mark.parametrize("address", ["/reviews", "/reviews?tab=mine", "/reviews/{}"])
def test_the_pages_are_for_the_secretariat(cast: Cast, client: FlaskClient, address: str) -> None:
    address = address.format(cast.report_id("BR", "CS-02"))
    assert client.get(address).status_code == 302
    for name in sorted(PEOPLE):
        cast.sign_in(client, name)
        assert client.get(address).status_code == (200 if name in STAFF else 403), name
    assert client.delete(address).status_code == 405


def test_without_a_token_or_a_session_nothing_happens(cast: Cast, client: FlaskClient) -> None:
    report_id = cast.report_id("BR", "CS-02")
    cast.bring_to(report_id, ReportState.SUBMITTED)
    before = traces(cast, report_id)
    address = f"/reviews/{report_id}/take-up"
    assert client.post(address, data={"version": cast.version(report_id)}).status_code in (400, 401)
    cast.sign_in(client, "reviewer")
    assert client.post(address, data={"version": cast.version(report_id)}).status_code == 400
    assert client.get(address).status_code == 405
    assert traces(cast, report_id) == before


class TestOwnParty:
    def test_nobody_reviews_his_or_her_own_party(self, cast: Cast, client: FlaskClient) -> None:
        brazil = cast.party_id("BR")
        report_id = cast.report_id("BR", "CS-02")
        cast.bring_to(report_id, ReportState.SUBMITTED)
        with cast.writing() as session:
            session.scalars(sa.select(User).where(User.email == "reviewer2@tracker.test")).one().party_id = brazil
        cast.sign_in(client, "reviewer2")
        page = client.get(f"/reviews/{report_id}").get_data(as_text=True)
        assert "Take up the review" not in page
        assert f'href="/reviews/{report_id}"' not in client.get("/reviews").get_data(as_text=True)
        answer = send(client, f"/reviews/{report_id}/take-up", version=cast.version(report_id))
        assert answer.status_code == 403
        cast._step(report_id, reviews.take_up, "reviewer")
        cast._step(
            report_id,
            reviews.propose,
            "reviewer",
            rating=Rating.NOT,
            strength=Strength.DECLARED_ONLY,
            reasons="Invented.",
        )
        assert "Confirm the rating" not in client.get(f"/reviews/{report_id}").get_data(as_text=True)
        answer = send(client, f"/reviews/{report_id}/confirm", version=cast.version(report_id))
        assert answer.status_code == 403

    def test_the_secretariats_own_go_the_same_way(self, cast: Cast, client: FlaskClient) -> None:
        report_id = cast.report_id("GS", "WP-G-01")
        cast.fill(report_id, "secretariat")
        cast._step(report_id, reports.submit, "secretariat")
        cast.sign_in(client, "secretariat")
        assert send(client, f"/reviews/{report_id}/take-up", version=cast.version(report_id)).status_code == 403
        cast.sign_in(client, "reviewer")
        assert send(client, f"/reviews/{report_id}/take-up", version=cast.version(report_id)).status_code == 303
        fields = {"version": cast.version(report_id), **FIELDS}
        assert send(client, f"/reviews/{report_id}/propose", **fields).status_code == 303
        assert send(client, f"/reviews/{report_id}/confirm", version=cast.version(report_id)).status_code == 403
        cast.sign_in(client, "admin")
        assert send(client, f"/reviews/{report_id}/confirm", version=cast.version(report_id)).status_code == 303

    def test_who_recorded_for_the_agencies_does_not_confirm(self, cast: Cast, client: FlaskClient) -> None:
        report_id = cast.report_id("ICA", "CS-10")
        cast.fill(report_id, "admin")
        cast._step(report_id, reports.submit, "admin2")
        cast._step(report_id, reviews.take_up, "reviewer")
        rated = {"rating": Rating.NOT, "strength": Strength.DECLARED_ONLY, "reasons": "Invented."}
        cast._step(report_id, reviews.propose, "reviewer", **rated)
        for author in ("admin", "admin2"):
            cast.sign_in(client, author)
            assert send(client, f"/reviews/{report_id}/confirm", version=cast.version(report_id)).status_code == 403
        cast.sign_in(client, "reviewer2")
        assert send(client, f"/reviews/{report_id}/confirm", version=cast.version(report_id)).status_code == 303
