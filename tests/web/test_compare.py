"""The page that compares two states of a report, for each reader."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.cast import ASSIGNED, PEOPLE, Cast
from tests.services.test_compare import twice_submitted
from tracker.domain.vocabulary import ReportState
from tracker.services import reports

PARTY = {"focal.br", "alternate.br", "approver.br", "contributor.br"}
STAFF = {"reviewer", "reviewer2", "admin", "admin2"}


def test_the_changed_words_are_marked_for_eye_and_ear(cast: Cast, client: FlaskClient) -> None:
    report_id = twice_submitted(cast)
    cast.sign_in(client, "focal.br")
    page = client.get(f"/reports/{report_id}/compare?left=1&right=2&lang=en").get_data(as_text=True)
    assert '<del class="ct-diff__gone"><span class="govuk-visually-hidden"> Taken out: </span>An invented' in page
    assert '<ins class="ct-diff__new"><span class="govuk-visually-hidden"> Added: </span>A second' in page
    assert "How to read this" in page
    assert "Show what stayed the same" in page
    same = client.get(f"/reports/{report_id}/compare?left=2&right=2").get_data(as_text=True)
    assert "Nothing differs between the two." in same


@pytest.mark.parametrize("lang", ["en", "es", "pt", "fr"])
def test_in_four_languages(cast: Cast, client: FlaskClient, lang: str) -> None:
    report_id = twice_submitted(cast)
    cast.sign_in(client, "reviewer")
    assert client.get(f"/reports/{report_id}/compare?lang={lang}").status_code == 200


def test_the_door_for_each_person(cast: Cast, client: FlaskClient) -> None:
    report_id = twice_submitted(cast)
    address = f"/reports/{report_id}/compare"
    assert client.get(address).status_code == 404
    for name in sorted(PEOPLE):
        cast.sign_in(client, name)
        assert client.get(address).status_code == (200 if name in PARTY | STAFF else 404), name
    cast._step(report_id, reports.recall, "focal.br")
    cast.fill(report_id, "focal.br", "hush-draft")
    for name in sorted(PEOPLE):
        cast.sign_in(client, name)
        answer = client.get(f"{address}?left=1&right=draft")
        assert answer.status_code == (200 if name in PARTY else 404), name
        assert ("hush-draft" in answer.get_data(as_text=True)) is (name in PARTY), name


def test_odd_addresses(cast: Cast, client: FlaskClient) -> None:
    report_id = cast.report_id("BR", ASSIGNED)
    cast.bring_to(report_id, ReportState.PUBLISHED)
    assert client.get(f"/reports/{report_id}/compare").status_code == 200
    for odd in ("%00", "%ED%A0%80", "1'--", "x" * 3000, "-1", "last", "draft"):
        assert client.get(f"/reports/{report_id}/compare?left={odd}").status_code == 404, odd
    for address in ("/reports/0/compare", f"/reports/{10**30}/compare"):
        assert client.get(address).status_code == 404
    assert client.post(f"/reports/{report_id}/compare").status_code in (400, 405)
