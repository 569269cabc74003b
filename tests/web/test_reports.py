"""A progress report through the browser: write, save, ask for approval, submit, take back, answer a rating."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cast import Cast
from tracker.domain.vocabulary import ReportState
from tracker.models import ProgressReport

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def send(client: FlaskClient, address: str, fields: dict[str, Any] | None = None) -> TestResponse:
    """Send a form with the token of this session."""
    page = client.get("/commitments").get_data(as_text=True)
    found = TOKEN.search(page)
    assert found, "no token on the page"
    return client.post(address, data={"csrf_token": html.unescape(found[1]), **(fields or {})})


def typed(cast: Cast, report_id: int, elements: tuple[str, ...] = ("CS-03.a", "CS-03.b", "CS-03.c"), text: str = "Said.") -> dict[str, Any]:
    """The fields of a form that is opened now and filled in."""
    fields: dict[str, Any] = {"version": cast.version(report_id), "content": "1", "summary": "On the whole."}
    for code in elements:
        fields[f"self_assessment-{code}"] = "partially_implemented"
        fields[f"narrative-{code}"] = text
    fields |= {"evidence-0-title": "Act", "evidence-0-url": "https://example.org/act"}
    return fields | {"evidence-0-speaks_of": "2025-06-01", "evidence-0-access": "restricted"}


def report(cast: Cast, report_id: int) -> ProgressReport:
    with cast.reading() as session:
        found = session.get_one(ProgressReport, report_id)
        _ = found.answers, found.evidence, found.revisions
        session.expunge_all()
        return found


@pytest.fixture
def elements(cast: Cast) -> tuple[str, ...]:
    return ("CS-03.a", "CS-03.b", "CS-03.c")


class TestForm:
    def test_shows_the_form_to_the_focal_point(self, cast: Cast, client: FlaskClient) -> None:
        cast.sign_in(client, "focal.us")
        page = client.get(f"/reports/{cast.report_id('US', 'CS-03')}")
        text = page.get_data(as_text=True)
        assert page.status_code == 200
        assert "Save draft" in text
        assert "Save and ask for approval" in text
        assert "Save and submit" not in text
        assert "No names or details of victims" in text
