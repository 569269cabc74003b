"""Every figure of one State and cycle, counted anew from the rows by other code, in page, PDF, workbook and JSON."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date
from html import unescape
from io import BytesIO
from typing import Any

import docx
import openpyxl
import pypdf
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.status_scene import PUBLISHED, play
from tracker.domain.vocabulary import ReportState
from tracker.models import Classification, Commitment, ProgressReport, Provision, ReportingParty
from tracker.services import cycles
from tracker.wording import LABELS

RATINGS = [
    "implemented",
    "largely_implemented",
    "partially_implemented",
    "not_implemented",
    "insufficient_information",
    "no_longer_applicable",
]


def count(cast: Cast, party: str) -> dict[str, Any]:
    """The figures, counted by hand from the tables."""
    with cast.reading() as session:
        pillar = sa.select(Classification.code, Classification.name).where(Classification.axis == "pillar")
        names = {row[0]: row[1] for row in session.execute(pillar)}
        rows = session.execute(
            sa.text(
                "SELECT p.code AS code, r.first_submitted_at AS sent, r.on_time AS on_time, a.rating AS rating,"
                " a.strength AS strength, v.self_assessment AS own, r.id AS id FROM progress_report r"
                " JOIN commitment c ON c.id = r.commitment_id JOIN provision p ON p.id = c.provision_id"
                " JOIN reporting_party s ON s.id = c.party_id"
                " LEFT JOIN assessment a ON a.report_id = r.id AND a.published_at IS NOT NULL"
                " LEFT JOIN report_revision v ON v.id = a.revision_id WHERE s.code = :party"
            ),
            {"party": party},
        ).all()
        pillars_of = {row[0]: row[1] for row in session.execute(sa.select(Provision.code, Provision.pillars))}
    sent = [row for row in rows if row.sent]
    rated = [row for row in rows if row.rating]
    table = {}
    for code in [*names, None]:
        mine = [r for r in rows if (code in pillars_of[r.code] if code else not pillars_of[r.code])]
        counted = Counter(r.rating for r in mine if r.rating)
        unrated = len(mine) - sum(counted.values())
        name = names[code]["en"] if code else None
        table[name] = [*(counted[r] for r in RATINGS), unrated, len(mine)]
    return {
        "total": len(rows),
        "reported": len(sent),
        "on_time": len([r for r in sent if r.on_time]),
        "rated": len(rated),
        "ratings": Counter(r.rating for r in rated),
        "strengths": Counter(r.strength for r in rated),
        "differing": len([r for r in rated if r.own != r.rating]),
        "pillars": table,
    }


@pytest.fixture
def counted(cast: Cast) -> dict[str, Any]:
    play(cast)
    cast.clock.advance(days=1)
    found = count(cast, "BR")
    # The scene is what it says it is; otherwise the comparisons below compare nothing.
    assert found["total"] == 15
    assert found["rated"] == len(PUBLISHED) == 6
    assert found["reported"] == 10
    assert found["on_time"] == 7
    assert found["differing"] == 3
    return found


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def test_page(client: FlaskClient, counted: dict[str, Any]) -> None:
    page = client.get("/status-reports/br-2026?lang=en").get_data(as_text=True)
    text = squeezed(
        unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<(desc|title|svg|text)\b.*?</\1>", " ", page, flags=re.S)))
    )
    assert f"{counted['reported']} of {counted['total']} reported, {counted['on_time']} on time" in text
    assert f"Ratings published {counted['rated']} of {counted['reported']} (60%)" in text
    assert f"Rating and self-assessment differ {counted['differing']} of {counted['rated']} (50%)" in text
    for name, row in counted["pillars"].items():
        assert f"{name or 'No pillar named by the source'} {' '.join(map(str, row))} " in text
    for strength, number in counted["strengths"].items():
        assert re.search(rf"{LABELS[strength]} {number}\b", text)
    # The picture says the same as the table beside it.
    for name, row in counted["pillars"].items():
        drawn = re.search(
            rf"<span>{name or 'No pillar named by the source'}</span>.*?<desc[^>]*>(.*?)</desc>", page, re.S
        )
        assert drawn
        assert [int(n) for n in re.findall(r": (\d+)", drawn[1])] == [n for n in row[:-1] if n]


def test_pdf(client: FlaskClient, counted: dict[str, Any]) -> None:
    made = client.get("/status-reports/br-2026.pdf?lang=en").get_data()
    text = squeezed(" ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(made)).pages))
    assert f"{counted['reported']} of {counted['total']} reported, {counted['on_time']} on time" in text
    assert f"Reported {counted['reported']} of {counted['total']} (67%)" in text
    assert f"On time, of those reported {counted['on_time']} of {counted['reported']} (70%)" in text
    assert f"Ratings published: {counted['rated']} of {counted['reported']} (60%)" in text
    assert f"Rating and self-assessment differ: {counted['differing']} of {counted['rated']} (50%)" in text
    for name, row in counted["pillars"].items():
        assert f"{name or 'No pillar named by the source'} {' '.join(map(str, row))}" in text
    for strength, number in counted["strengths"].items():
        assert f"{LABELS[strength]} {number}" in text


def test_word(client: FlaskClient, counted: dict[str, Any]) -> None:
    answer = client.get("/status-reports/br-2026.docx?lang=en")
    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="status-report-br-2026-en.docx"'
    document = docx.Document(BytesIO(answer.get_data()))
    rows = {row.cells[0].text: [cell.text for cell in row.cells[1:]] for t in document.tables for row in t.rows}
    assert rows["Reported"] == [f"{counted['reported']} of {counted['total']} (67%)"]
    assert rows["On time, of those reported"] == [f"{counted['on_time']} of {counted['reported']} (70%)"]
    for name, row in counted["pillars"].items():
        assert rows[name or "No pillar named by the source"] == list(map(str, row))
    for strength, number in counted["strengths"].items():
        assert rows[LABELS[strength]] == [str(number)]
    text = squeezed(" ".join(paragraph.text for paragraph in document.paragraphs))
    assert f"Rating and self-assessment differ: {counted['differing']} of {counted['rated']} (50%)" in text


def test_workbook(client: FlaskClient, counted: dict[str, Any]) -> None:
    made = client.get("/status-reports/br-2026.xlsx?lang=en").get_data()
    book = openpyxl.load_workbook(BytesIO(made))
    assert book.sheetnames == [
        "Summary",
        "Commitments",
        "Trend over the reporting cycles",
        "Budget lines",
        "Indicators over time",
        "Evidence made public",
        "Later due dates",
        "What changed",
        "Method and limits",
    ]
    rows = {
        row[0]: [v for v in row[1:] if v is not None] for row in book["Summary"].iter_rows(values_only=True) if row[0]
    }
    assert rows["Reported"][:3] == [counted["reported"], counted["total"], 67]
    assert rows["On time, of those reported"] == [counted["on_time"], counted["reported"], 70]
    assert rows["Ratings published"] == [counted["rated"], counted["reported"], 60]
    assert rows["Rating and self-assessment differ"] == [counted["differing"], counted["rated"], 50]
    for name, row in counted["pillars"].items():
        assert rows[name or "No pillar named by the source"] == row
    for strength, number in counted["strengths"].items():
        assert rows[LABELS[strength]] == [number]
    lines = list(book["Commitments"].iter_rows(min_row=2, values_only=True))
    assert len(lines) == counted["total"]
    assert Counter(line[10] for line in lines if line[10]) == {LABELS[r]: n for r, n in counted["ratings"].items()}


def test_json(client: FlaskClient, counted: dict[str, Any]) -> None:
    found = client.get("/status-reports/br-2026.json?lang=fr").get_json()
    assert found["coverage"]["reported"] == {"count": counted["reported"], "of": counted["total"], "percent": 67}
    assert found["coverage"]["on_time"] == {"count": counted["on_time"], "of": counted["reported"], "percent": 70}
    assert found["ratings"]["rated"]["count"] == counted["rated"]
    assert found["ratings"]["differing"] == {"count": counted["differing"], "of": counted["rated"], "percent": 50}
    assert {k: n for k, n in found["ratings"]["by_rating"].items() if n} == counted["ratings"]
    assert {k: n for k, n in found["ratings"]["by_strength"].items() if n} == counted["strengths"]
    rows = [[p["by_rating"][r] for r in RATINGS] + [p["commitments"]] for p in found["pillars"]]
    assert rows == [[*row[:6], row[7]] for row in counted["pillars"].values()]
    assert len(found["commitments"]) == counted["total"]


def test_a_share_of_fewer_than_five_is_a_count(cast: Cast, client: FlaskClient) -> None:
    for code in ("CS-01", "CS-02", "CS-04"):
        cast.bring_to(cast.report_id("BR", code), ReportState.PUBLISHED)
    found = json.loads(client.get("/status-reports/br-2026.json").get_data())
    assert found["coverage"]["on_time"] == {"count": 3, "of": 3, "percent": None}
    text = client.get("/status-reports/br-2026?lang=en").get_data(as_text=True)
    assert "3 of 3" in squeezed(text)
    assert "100%)" not in text


def test_as_of_today_takes_the_newest_published_rating_of_any_cycle(cast: Cast, client: FlaskClient) -> None:
    play(cast)
    with cast.writing() as session:
        plan = cycles.CyclePlan(
            code="2027",
            title=dict.fromkeys(("en", "es", "pt", "fr"), "2027"),
            period_start=date(2026, 1, 1),
            period_end=date(2026, 12, 31),
            opens_on=date(2027, 3, 1),
            due_on=date(2027, 4, 30),
            closes_on=date(2027, 6, 30),
        )
        cast.clock.advance(days=320)
        cycle = cycles.plan(session, plan, actor=None, now=cast.clock.now())
        cycles.open_cycle(session, cycle.id, now=cast.clock.now())
    today = client.get("/status-reports/br.json").get_json()
    assert today["scope"] == "as_of_today"
    assert today["cycle"]["code"] == "2027"
    assert today["coverage"]["reported"]["count"] == 0
    assert today["ratings"]["rated"] == {"count": 6, "of": 10, "percent": 60}
    assert {c["rating"]["cycle"] for c in today["commitments"] if c["rating"]} == {"2026"}
    assert client.get("/status-reports/br-2027.json").get_json()["ratings"]["rated"]["count"] == 0
    with cast.reading() as session:
        owed = session.scalar(
            sa.select(sa.func.count())
            .select_from(ProgressReport)
            .join(Commitment)
            .join(ReportingParty, ReportingParty.id == Commitment.party_id)
            .where(ReportingParty.code == "BR")
        )
    assert owed == 30
    assert today["cycle"]["due_on"] == str(date(2027, 4, 30))
    # A rating of the new cycle takes the place of the older one.
    cast.clock.advance(minutes=1)
    report_id = cast.report_id("BR", "CS-01", "2027")
    cast.bring_to(report_id, ReportState.PUBLISHED)
    newer = client.get("/status-reports/br.json").get_json()
    assert {c["code"]: c["rating"]["cycle"] for c in newer["commitments"] if c["rating"]}["CS-01"] == "2027"
    assert newer["coverage"]["reported"]["count"] == 1
