"""The page of a status report that holds everything: small, valid, every figure leads to what it counts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.support.worlds import kept
from tracker.domain.vocabulary import BudgetPurpose, BudgetStage, ReportState
from tracker.models import Assessment, Indicator, ProgressReport, ReportRevision
from tracker.services.report_content import Budget, Evidence, IndicatorAnswer, ReportContent

LARGEST = 150_000
LONG = "Uma avaliação <longa> & “cuidadosa” das ações. " * 120
ADDRESS = "https://example.org/" + "caminho/" * 40


@kept
def fill(cast: Cast, text: str, many: int) -> None:
    """Publish all that Brazil owes, each report with these words and this many figures, lines and links."""
    with cast.reading() as session:
        ids = list(session.scalars(sa.select(ProgressReport.id).where(ProgressReport.party_id == cast.party_id("BR"))))
    for report_id in ids:
        cast.bring_to(report_id, ReportState.PUBLISHED)
    with cast.writing() as session:
        session.execute(sa.update(Assessment).values(reasons=text, comment=text, strength_reason=text))
        for revision in session.scalars(sa.select(ReportRevision)):
            report = session.get_one(ProgressReport, revision.report_id)
            measured = session.scalars(
                sa.select(Indicator.code).where(
                    Indicator.provision_id == report.commitment.provision_id, Indicator.data_type.in_(["integer"])
                )
            )
            content = ReportContent.from_json(revision.content)
            revision.content = replace(
                content,
                answers=tuple(replace(one, narrative=text) for one in content.answers),
                summary=text,
                obstacles=text,
                help_needed=text,
                evidence=tuple(
                    Evidence(f"Prova número {n} " + "x" * 100, ADDRESS, date(2025, 1, 1), True) for n in range(many)
                ),
                indicators=tuple(
                    IndicatorAnswer(code, str(n + 10), axis=1, category=f"Categoria {n}")
                    for code in measured
                    for n in range(many)
                ),
                budget=tuple(
                    Budget(purpose, BudgetStage.EXECUTED, "123456789.12", "BRL", str(2000 + n))
                    for n in range(many)
                    for purpose in BudgetPurpose
                ),
            ).to_json()


@pytest.fixture
def everything(cast: Cast) -> Cast:
    fill(cast, LONG, 20)
    return cast


def test_the_page_stays_small_and_says_what_it_leaves_out(everything: Cast, client: FlaskClient) -> None:
    for language in ("pt", "en", "es", "fr"):
        answer = client.get(f"/status-reports/br-2026?lang={language}")
        assert answer.status_code == 200
        assert len(answer.get_data()) < LARGEST
    page = client.get("/status-reports/br-2026?lang=en").get_data(as_text=True)
    assert page.count("are shortened here; the page of the commitment has them whole.") == 15
    assert len(re.findall(r"The first \d+ of \d+ are shown\.", page)) == 3
    assert "&lt;longa&gt; &amp; “cuidadosa”" in page


def test_no_link_within_the_page_leads_nowhere(everything: Cast, client: FlaskClient) -> None:
    page = client.get("/status-reports/br-2026?lang=en").get_data(as_text=True)
    wanted = set(re.findall(r'href="#([^"]+)"', page))
    there = set(re.findall(r'\bid="([^"]+)"', page))
    assert wanted - there == set()
    # The contents name every section, in the order of the page.
    contents = re.search(r'<nav class="ct-contents.*?</nav>', page, re.S)
    assert contents
    anchors = re.findall(r'href="#([^"]+)"', contents[0])
    assert anchors == [one for one in re.findall(r'<h2[^>]*id="([^"]+)"', page) if one in anchors]
    assert len(anchors) == 14


def test_a_short_report_is_shown_whole(cast: Cast, client: FlaskClient) -> None:
    cast.bring_to(cast.report_id("BR", "CS-01"), ReportState.PUBLISHED)
    page = client.get("/status-reports/br-2026?lang=en").get_data(as_text=True)
    for words in (
        "An invented answer.",
        "An invented summary.",
        "Invented reasons.",
        "An invented comment of the State.",
    ):
        assert words in page
    assert "shortened" not in page
    assert "An invented act" in page
    assert "restricted act" not in page
