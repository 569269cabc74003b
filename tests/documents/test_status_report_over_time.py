"""What a status report says over time, of money, evidence, later dates: worked out anew from the rows by other code."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from tests.cast import Cast
from tests.status_years_scene import FIRST, SECOND, two_years
from tracker.documents.status_report_json import plain
from tracker.documents.status_report_words import Words
from tracker.services import status_reports
from tracker.services.status_report_content import StatusReport

ROWS = """
SELECT y.code AS cycle, p.code AS provision, p.themes AS themes, r.first_submitted_at AS sent, r.on_time AS on_time,
       a.rating AS rating, v.content AS content
FROM progress_report r JOIN reporting_cycle y ON y.id = r.cycle_id JOIN commitment c ON c.id = r.commitment_id
JOIN provision p ON p.id = c.provision_id JOIN reporting_party s ON s.id = c.party_id
LEFT JOIN assessment a ON a.report_id = r.id AND a.published_at IS NOT NULL
LEFT JOIN report_revision v ON v.id = a.revision_id
WHERE s.code = :party ORDER BY y.opens_on, p.position
"""


@pytest.fixture
def scene(any_cast: Cast) -> Cast:
    two_years(any_cast)
    return any_cast


def rows_of(cast: Cast, party: str = "BR") -> list[dict[str, Any]]:
    with cast.reading() as session:
        found = [dict(row._mapping) for row in session.execute(sa.text(ROWS), {"party": party})]
    for row in found:
        for name in ("themes", "content"):
            row[name] = json.loads(row[name]) if isinstance(row[name], str) else row[name]
    return found


def build(cast: Cast, party: str = "BR", cycle: str | None = SECOND, language: str = "en") -> StatusReport:
    with cast.reading() as session:
        return status_reports.build(session, party, cycle, language, cast.clock.now())


def test_all_of_it_follows_from_the_rows(scene: Cast) -> None:
    """One world, many questions: making it is what takes time."""
    rows = rows_of(scene)
    second, first, today = build(scene), build(scene, cycle=FIRST), build(scene, cycle=None)
    trend_is_that_of_the_rows(rows, plain(second)["trend"])
    assert [point["cycle"] for point in plain(first)["trend"]] == [FIRST]
    assert today.trend == second.trend
    themes_are_those_of_the_rows([row for row in rows if row["cycle"] == FIRST], plain(first)["themes"])
    money_is_that_of_the_rows([row for row in rows if row["cycle"] == SECOND], plain(second)["budget"])
    evidence_is_that_of_the_rows([row for row in rows if row["cycle"] == SECOND], plain(second)["evidence"])
    indicators_are_hidden_and_shown(second)
    later_dates_are_told(scene, first)
    texts_stand_in_four_languages(scene)


def trend_is_that_of_the_rows(rows: list[dict[str, Any]], trend: list[dict[str, Any]]) -> None:
    assert [point["cycle"] for point in trend] == [FIRST, SECOND]
    for point in trend:
        mine = [row for row in rows if row["cycle"] == point["cycle"]]
        sent = [row for row in mine if row["sent"]]
        assert (point["reported"]["count"], point["reported"]["of"]) == (len(sent), len(mine))
        assert point["on_time"]["count"] == len([row for row in sent if row["on_time"]])
        assert {k: n for k, n in point["by_rating"].items() if n} == Counter(r["rating"] for r in mine if r["rating"])
    assert trend[0]["reported"]["count"] == 10
    assert trend[1]["rated"]["count"] == 3


def themes_are_those_of_the_rows(rows: list[dict[str, Any]], themes: list[dict[str, Any]]) -> None:
    for group in themes:
        mine = [r for r in rows if (group["code"] in r["themes"] if group["code"] else not r["themes"])]
        assert group["commitments"] == len(mine) > 0
        counted = Counter(r["rating"] for r in mine if r["rating"])
        assert {k: n for k, n in group["by_rating"].items() if n} == counted
    assert {theme for r in rows for theme in r["themes"]} == {g["code"] for g in themes if g["code"]}


def money_is_that_of_the_rows(rows: list[dict[str, Any]], budget: list[dict[str, Any]]) -> None:
    sums: dict[tuple[str, ...], Decimal] = {}
    for row in rows:
        for line in (row["content"] or {}).get("budget", ()):
            key = (row["provision"], line["fiscal_year"], line["currency"], line["stage"], line["purpose"])
            sums[key] = sums.get(key, Decimal(0)) + Decimal(line["amount"])
    told = {
        (one["commitment"], one["fiscal_year"], one["currency"], one["stage"], purpose): Decimal(one[purpose])
        for one in budget
        for purpose in ("anti_trafficking", "anti_drug")
        if one[purpose] is not None
    }
    assert told == sums
    assert [(one["fiscal_year"], one["one_to"]) for one in budget] == [("2026", "25"), ("2025/26", None)]


def evidence_is_that_of_the_rows(rows: list[dict[str, Any]], evidence: list[dict[str, Any]]) -> None:
    kept = [
        (row["provision"], one["title"], one["speaks_of"])
        for row in rows
        for one in (row["content"] or {}).get("evidence", ())
        if one["is_public"]
    ]
    assert [(one["commitment"], one["title"], one["speaks_of"]) for one in evidence] == kept
    numbers = [one["number"] for one in evidence if one["commitment"] == "CS-03"]
    assert numbers == ["CS-03/1", "CS-03/2"]
    assert "estricted" not in json.dumps(evidence)


def indicators_are_hidden_and_shown(report: StatusReport) -> None:
    series = {one["code"]: one for one in plain(report)["indicators"]}
    values = {
        code: [(v["cycle"], v["value"], v["not_available"]) for v in one["values"]] for code, one in series.items()
    }
    assert values["CS-03-I2"] == [(FIRST, "1000", False), (SECOND, "2000.5", False)]
    # Seven persons are shown; three are "fewer than 5". Nothing of the parts is told where the whole is.
    assert values["CS-02-I4"] == [(FIRST, "7", False), (SECOND, "<5", False)]
    assert values["CS-02-I1"] == [(FIRST, None, True), (SECOND, None, True)]
    assert "Typed beside" not in json.dumps(series)
    table = Words(report).series_table()
    said = {(row[1].split(" (")[0].split(",")[0], row[2]): row[4] for row in table.rows}
    assert said["National plan or policy in force that covers the pillar", SECOND] == "Not available"
    assert "fewer than 5" in {row[4] for row in table.rows}
    (money,) = [v for row, v in zip(table.rows, table.values, strict=True) if row[2] == SECOND and row[5] == "BRL"]
    assert money[4] == Decimal("2000.5")


def later_dates_are_told(cast: Cast, report: StatusReport) -> None:
    with cast.reading() as session:
        found = session.execute(
            sa.text(
                "SELECT p.code AS code, e.decision AS decision, e.due_on AS due_on, e.granted_until AS until"
                " FROM extension e JOIN progress_report r ON r.id = e.report_id JOIN commitment c"
                " ON c.id = r.commitment_id JOIN provision p ON p.id = c.provision_id ORDER BY p.position"
            )
        ).all()
    told = list(Words(report).extension_table().values)
    assert [(row[0], row[2], row[3], row[4]) for row in told] == [
        (one.code, 1, int(one.decision == "granted"), int(one.decision == "refused")) for one in found
    ]
    granted = next(one for one in found if one.decision == "granted")
    line = next(row for row in told if row[0] == granted.code)
    assert [str(line[5]), str(line[6])] == [str(granted.due_on), str(granted.until)]
    assert plain(report)["extensions"] == {"asked": 2, "granted": 1, "refused": 1}


def texts_stand_in_four_languages(cast: Cast) -> None:
    """The same figures in each; coverage before compliance in each."""
    found = [build(cast, language=language) for language in ("en", "es", "pt", "fr")]
    for report in found:
        assert [p.figures for p in report.trend] == [p.figures for p in found[0].trend]
        assert [[v.value for v in one.points] for one in report.series] == [
            [v.value for v in one.points] for one in found[0].series
        ]
        assert len(Words(report).summary()) == len(Words(found[0]).summary())
    sentences = Words(found[0]).summary()
    assert sentences[0].startswith("In the reporting cycle 2027, due on 30 April 2027, reports received: 3 of 15 (20%)")
    order = [
        next(n for n, s in enumerate(sentences) if s.startswith(b))
        for b in (
            "In the reporting cycle 2027",
            "In the reporting cycle before (2026)",
            "Ratings published: 3 of 3",
            "Strength of evidence behind",
        )
    ]
    assert order == sorted(order)


def test_a_state_that_said_nothing_says_so_everywhere(any_cast: Cast) -> None:
    report = build(any_cast, "GT", FIRST)
    words = Words(report)
    assert [len(t.rows) for t in (words.series_table(), words.budget_table(), words.evidence_table())] == [0, 0, 0]
    assert [point.figures.reported.count for point in report.trend] == [0]
    assert words.pillars_finding == words.themes_finding == "No rating has been published yet."
    assert {b for one in words.behind_pillars() for b, _codes in one.parts} == {"No rating published"}
    made = plain(report)
    assert (made["indicators"], made["budget"], made["evidence"], made["changes"], made["issue"]) == (
        [],
        [],
        [],
        None,
        None,
    )
    assert all(point["on_time"] == {"count": 0, "of": 0, "percent": None} for point in made["trend"])
    assert words.change_sentences() == ["No earlier report has been issued with which this one could be compared."]
