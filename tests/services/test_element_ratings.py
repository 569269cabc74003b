"""Ratings by element: all or none, the stated rule, and a difference that is said, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.cast import ASSIGNED, Cast
from tests.support.sending import send
from tracker.domain.compliance import roll_up
from tracker.domain.errors import Unmet
from tracker.domain.vocabulary import Rating, ReportState, Strength
from tracker.models import Assessment, HistoryEntry
from tracker.services import disagreement, questions, reports, reviews

R = Rating
RATED: dict[str, Any] = {"strength": Strength.DOCUMENTED, "reasons": "Invented reasons."}


@pytest.mark.parametrize(
    ("elements", "comes_to"),
    [
        ([], None),
        ([R.IMPLEMENTED, None], None),
        ([R.IMPLEMENTED, R.NO_LONGER_APPLICABLE], R.IMPLEMENTED),
        ([R.IMPLEMENTED, R.LARGELY], R.LARGELY),
        ([R.NOT, R.NOT], R.NOT),
        ([R.NOT, R.IMPLEMENTED], R.PARTIALLY),
        ([R.INSUFFICIENT, R.INSUFFICIENT], R.INSUFFICIENT),
        ([R.INSUFFICIENT, R.IMPLEMENTED], R.INSUFFICIENT),
        ([R.INSUFFICIENT, R.NOT], R.INSUFFICIENT),
        ([R.INSUFFICIENT, R.PARTIALLY], R.PARTIALLY),
        ([R.INSUFFICIENT, R.NOT, R.LARGELY], R.PARTIALLY),
        ([R.INSUFFICIENT, R.NO_LONGER_APPLICABLE], R.INSUFFICIENT),
    ],
)
def test_the_stated_rule(elements: list[Rating | None], comes_to: Rating | None) -> None:
    assert roll_up(elements) is comes_to


def under_review(cast: Cast) -> tuple[int, list[str]]:
    report_id = cast.report_id("BR", ASSIGNED)
    cast.bring_to(report_id, ReportState.UNDER_REVIEW)
    with cast.reading() as session:
        return report_id, [e.code for e in questions.elements_of(cast._report(session, report_id))]


def test_all_or_none_and_only_what_this_party_answers(any_cast: Cast) -> None:
    report_id, codes = under_review(any_cast)
    for given, problems in (
        ({codes[0]: R.NOT}, dict.fromkeys(codes[1:], "all_or_none")),
        ({"CS-01.a": R.NOT}, {"CS-01.a": "unknown"}),
    ):
        with pytest.raises(Unmet) as refusal:
            any_cast._step(report_id, reviews.propose, "reviewer", rating=R.NOT, **RATED, element_ratings=given)
        assert refusal.value.problems == problems


def test_a_rating_other_than_the_elements_come_to_is_said_on_purpose(any_cast: Cast) -> None:
    report_id, codes = under_review(any_cast)
    given = {code: R.NOT if code == codes[0] else R.IMPLEMENTED for code in codes}
    proposal = {"rating": R.LARGELY, **RATED, "element_ratings": given}
    with pytest.raises(Unmet) as refusal:
        any_cast._step(report_id, reviews.propose, "reviewer", **proposal)
    assert refusal.value.problems == {"differs_on_purpose": "comes_to_partially_implemented"}
    any_cast._step(report_id, reviews.propose, "reviewer", **proposal, differs_on_purpose=True)
    with any_cast.reading() as session:
        kept = session.scalars(sa.select(Assessment)).one()
        assert kept.element_ratings == {code: one.value for code, one in given.items()}
        entry = session.scalars(sa.select(HistoryEntry).where(HistoryEntry.action == "propose")).one()
        assert entry.details["elements_come_to"] == "partially_implemented"


def test_without_ratings_by_element_nothing_is_asked(any_cast: Cast) -> None:
    report_id, _codes = under_review(any_cast)
    any_cast._step(report_id, reviews.propose, "reviewer", rating=R.NOT, **RATED)


def test_where_they_differ_is_counted_and_listed(any_cast: Cast, client: FlaskClient) -> None:
    """The cast's States say "partially" of each element, and are rated "largely" or as here."""
    same = any_cast.report_id("BR", "CS-02")
    any_cast.bring_to(same, ReportState.UNDER_REVIEW)
    any_cast._step(same, reviews.propose, "reviewer", rating=R.PARTIALLY, **RATED)
    any_cast._step(same, reviews.confirm, "reviewer2")
    any_cast._step(same, reports.waive, "focal.br")
    any_cast.bring_to(any_cast.report_id("BR", "CS-04"), ReportState.PUBLISHED)
    any_cast.bring_to(any_cast.report_id("BR", "CS-05"), ReportState.OPEN_FOR_COMMENT)
    with any_cast.reading() as session:
        cycle_id = any_cast._report(session, same).cycle_id
        found = disagreement.counted(session, cycle_id)
        assert (found.count, found.total) == (1, 2)
    for name in ("reviewer", "admin", "focal.br", "observer"):
        any_cast.sign_in(client, name)
        page = client.get("/commitments?differs=1").get_data(as_text=True)
        listed = [
            c for c in ("CS-02", "CS-04", "CS-05") if f'href="/commitments/{any_cast.commitment_id("BR", c)}"' in page
        ]
        assert listed == ["CS-04"], name
    assert client.get("/commitments?differs=2").status_code == 400
    any_cast.sign_in(client, "reviewer")
    assert "/commitments?differs=1" in client.get("/dashboard").get_data(as_text=True)


class TestForm:
    def test_what_the_elements_come_to_is_worked_out_before_anything_is_proposed(
        self, cast: Cast, client: FlaskClient
    ) -> None:
        report_id, codes = under_review(cast)
        cast.sign_in(client, "reviewer")
        fields = dict.fromkeys(codes, "not_implemented") | {codes[0]: "implemented", "reasons": "Half typed"}
        address, version = f"/reviews/{report_id}/propose", cast.version(report_id)
        page = send(client, address, version=version, preview="1", **fields)
        text = page.get_data(as_text=True)
        assert page.status_code == 200
        assert "The elements come to:</strong> Partially implemented" in text
        assert "Half typed" in text
        assert cast.version(report_id) == version
        whole = {**fields, "rating": "implemented", "strength": "documented"}
        refused = send(client, address, version=version, **whole)
        assert refused.status_code == 422
        assert "By the stated rule the elements come to another rating" in refused.get_data(as_text=True)
        assert send(client, address, version=version, **whole, differs_on_purpose="y").status_code == 303
        assert "Not implemented" in client.get(f"/reviews/{report_id}").get_data(as_text=True)

    def test_one_missing_is_named(self, cast: Cast, client: FlaskClient) -> None:
        report_id, codes = under_review(cast)
        cast.sign_in(client, "reviewer")
        fields = {codes[0]: "implemented", "rating": "implemented", "strength": "documented", "reasons": "x"}
        found = send(client, f"/reviews/{report_id}/propose", version=cast.version(report_id), **fields)
        assert found.status_code == 422
        assert "Rate all elements or none" in found.get_data(as_text=True)
