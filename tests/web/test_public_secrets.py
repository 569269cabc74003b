"""Nothing that is not published ever stands on a public page: every page, with reports in every state."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.support.worlds import kept
from tracker.domain.vocabulary import Rating, ReportState, Strength
from tracker.services import reports, reviews
from tracker.services.report_content import Answer, Evidence, ReportContent, of_draft
from tracker.web.access import ACCESS, PUBLIC

CODES = {
    ReportState.DRAFT: "CS-02",
    ReportState.AWAITING_APPROVAL: "CS-03",
    ReportState.SUBMITTED: "CS-04",
    ReportState.UNDER_REVIEW: "CS-05",
    ReportState.RETURNED: "CS-06",
    ReportState.RATING_PROPOSED: "CS-07",
    ReportState.OPEN_FOR_COMMENT: "CS-08",
    ReportState.PUBLISHED: "CS-09",
}
SECRET = re.compile(r"hush-[a-z_]+")
"""What a page must not show carries this mark; what it must show carries another."""


def mark(state: ReportState, what: str) -> str:
    return f"hush-{state.value}_{what}"


@pytest.fixture
def reports_in_every_state(cast: Cast) -> dict[ReportState, int]:
    return play(cast)


@kept
def play(cast: Cast) -> dict[ReportState, int]:
    """One report of Brazil in each state; all its texts are marked as secret but those of the published one."""
    made = {}
    for state, code in CODES.items():
        report_id = made[state] = cast.report_id("BR", code)
        published = state is ReportState.PUBLISHED
        write(cast, report_id, "open-answer" if published else mark(state, "answer"), mark(state, "restricted"))
        if state is ReportState.DRAFT:
            continue
        cast._step(report_id, reports.ask_approval, "focal.br")
        if state is ReportState.AWAITING_APPROVAL:
            continue
        cast._step(report_id, reports.submit, "approver.br")
        if state is ReportState.SUBMITTED:
            continue
        cast._step(report_id, reviews.take_up, "reviewer")
        if state is ReportState.UNDER_REVIEW:
            continue
        if state is ReportState.RETURNED:
            cast._step(
                report_id, reviews.return_, "reviewer", comment=mark(state, "question"), due_on=date(2026, 4, 20)
            )
            continue
        cast._step(
            report_id,
            reviews.propose,
            "reviewer",
            rating=Rating.LARGELY,
            strength=Strength.DOCUMENTED,
            reasons="open-reasons" if published else mark(state, "reasons"),
        )
        if state is ReportState.RATING_PROPOSED:
            continue
        cast._step(report_id, reviews.confirm, "reviewer2")
        if published:
            cast._step(report_id, reports.comment, "focal.br", text="open-comment")
    return made


def write(cast: Cast, report_id: int, text: str, restricted: str) -> None:
    actor = cast.actor("focal.br")
    with cast.writing() as session:
        report = cast._report(session, report_id)
        content = ReportContent(
            answers=tuple(Answer(a.element, Rating.PARTIALLY, text) for a in of_draft(report).answers),
            summary=text,
            evidence=(
                Evidence(f"{text} act", f"https://example.org/{text}", date(2025, 6, 1), True),
                Evidence(restricted, f"https://example.org/{restricted}", None, False),
            ),
            privacy_explanation=f"{restricted}_explanation",
        )
        reports.save(session, report, content, seen_version=report.version, actor=actor, now=cast.clock.now())


FIGURES = ("map", "matrix", "trend", "voices", "not-reported", "review-time")
SAMPLES = {
    "states.show": ["/states/br", "/states/br?cycle=2026", "/states/gs"],
    "states.commitment": [f"/states/br/{code}{more}" for code in CODES.values() for more in ("", "?cycle=2026")],
    "catalogue.provision": [f"/provisions/{code}" for code in CODES.values()],
    "catalogue.activity": ["/activities/ACT-01"],
    "instruments.show": ["/instruments/CSC-2012"],
    "pillars.show": ["/pillars/prevention"],
    "status_reports.show": ["/status-reports/br", "/status-reports/br-2026"],
    "status_reports.document": ["/status-reports/br.json"],
    "issued_reports.show": [],  # by a code: tests/web/test_issued_reports.py
    "issued_reports.document": [],
    "issued_reports.differences": [],
    "verify.show": [],  # by a code: tests/web/test_verify.py
    "verify.ask_against": [],
    "figures.show": [f"/figures/{name}" for name in FIGURES],
    "figures.document": [f"/figures/{name}.{format}" for name in FIGURES for format in ("csv", "json", "svg")],
    "compare.show": [],  # by number, and 404 for what is not published: tests/web/test_compare.py
    "evidence.download": [],  # a file, to whom its rule gives it: tests/web/test_evidence_doors.py
    "open_data.file": [],  # no text of people: tests/services/test_open_data.py
    "open_data.latest": [],
    "open_data.release": [],
    "good_practices.show": [],  # by number, and 404 for what is not shared: tests/web/test_good_practices.py
    "hemispheric.show": ["/hemispheric-report/2026"],
    "hemispheric.document": ["/hemispheric-report/2026.json"],
    "calendar_feed.show": [],  # by a key: tests/web/test_calendar_feed.py
    "mail_stop.show": [],  # by a key: tests/web/test_mail_stop.py
    "account.reset": [],
    "account.invitation": [],
}
"""Addresses of the public views that take arguments; those of ``account`` hold nothing about reports."""


def public_pages(app: Flask) -> list[str]:
    """Every address that everybody may open, from the application's own list of routes."""
    pages = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if "GET" not in (rule.methods or ()) or getattr(view, ACCESS, None) != PUBLIC:
            continue
        if rule.arguments:
            assert rule.endpoint in SAMPLES, f"{rule.endpoint} is public: give sample addresses of it in SAMPLES"
            pages += SAMPLES[rule.endpoint]
        else:
            pages.append(rule.rule)
    assert len(pages) > 30
    return pages


def test_no_public_page_shows_what_is_not_published(
    cast: Cast, client: FlaskClient, reports_in_every_state: dict[ReportState, int]
) -> None:
    for path in public_pages(cast.app):
        page = client.get(path)
        assert page.status_code in (200, 302), path
        text = page.get_data(as_text=True)
        assert not SECRET.findall(text), path
        assert "Invented" not in text, f"{path} names a person"
        for word in ("Awaiting approval", "Returned", "Rating proposed", "Open for comment", "Draft"):
            assert word not in text, f"{path} tells of a state that is not public"


def test_a_published_commitment_shows_answer_evidence_reasons_and_comment(
    cast: Cast, client: FlaskClient, reports_in_every_state: dict[ReportState, int]
) -> None:
    page = client.get("/states/br/CS-09").get_data(as_text=True)
    for text in ("open-answer", "https://example.org/open-answer", "open-reasons", "open-comment", "1 June 2025"):
        assert text in page
    assert "Largely implemented" in page
    assert "Partially implemented" in page
    assert "Documented" in page
    assert "The rating was published with a comment of the State" in page


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (ReportState.DRAFT, "Not reported"),
        (ReportState.AWAITING_APPROVAL, "Not reported"),
        (ReportState.SUBMITTED, "Reported, under review"),
        (ReportState.UNDER_REVIEW, "Reported, under review"),
        (ReportState.RETURNED, "Reported, under review"),
        (ReportState.RATING_PROPOSED, "Reported, under review"),
        (ReportState.OPEN_FOR_COMMENT, "Reported, under review"),
    ],
)
def test_the_public_learns_of_a_report_only_that_it_came_in(
    cast: Cast, client: FlaskClient, reports_in_every_state: dict[ReportState, int], state: ReportState, said: str
) -> None:
    page = client.get(f"/states/br/{CODES[state]}").get_data(as_text=True)
    assert said in page
    assert "Self-assessment" not in page


def test_while_a_report_is_reopened_the_published_version_stays(
    cast: Cast, client: FlaskClient, reports_in_every_state: dict[ReportState, int]
) -> None:
    report_id = reports_in_every_state[ReportState.PUBLISHED]
    cast._step(report_id, reviews.reopen, "admin", reason="hush-reopened")
    for path in ("/states/br/CS-09", "/states/br", "/provisions/CS-09"):
        page = client.get(path).get_data(as_text=True)
        assert "Largely implemented" in page
        assert not SECRET.findall(page)


@pytest.mark.parametrize("name", ["reviewer", "focal.gt", "observer", "focal.br"])
def test_signed_in_people_read_the_same_public_pages(
    cast: Cast, client: FlaskClient, reports_in_every_state: dict[ReportState, int], name: str
) -> None:
    cast.sign_in(client, name)
    for path in public_pages(cast.app):
        assert not SECRET.findall(client.get(path).get_data(as_text=True)), path
