"""Two issues side by side: what is new, what went, what says something else; figures always."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.documents.test_status_report_pdf import line, report
from tracker.domain.differences import Change
from tracker.domain.vocabulary import Rating
from tracker.services.issue_compare import LineChange, compare
from tracker.web.issue_words import compared

LONG = "The law was adopted in the first year and its use is followed by the ministry."


def test_line_by_line() -> None:
    old = report(line("CS-01", LONG), line("CS-02", "x"), line("CS-03", "y"))
    first = old.lines[0]
    assert first.rating is not None
    rated = replace(first.rating, rating=Rating.NOT, reasons=LONG.replace("first", "second"))
    changed = replace(first, due_on=date(2026, 7, 1), rating=rated)
    new = report(changed, line("CS-02", "x"), line("CS-04", "z"))
    found = compare(old, new)
    assert [(one.code, one.change) for one in found.lines] == [
        ("CS-01", LineChange.CHANGED),
        ("CS-04", LineChange.NEW),
        ("CS-03", LineChange.GONE),
    ]
    assert found.same == 1
    fields = {one.label: one for one in found.lines[0].fields}
    assert set(fields) == {"Due", "Rating", "Reasons"}
    assert fields["Rating"].after is Rating.NOT
    words = [piece.text for piece in fields["Reasons"].pieces if piece.change is Change.NEW]
    assert words == ["second"]
    said = compared(found, "es").lines[0]
    assert {row.label for row in said.rows} >= {"Calificación"}
    assert "1 de julio de 2026" in {row.after for row in said.rows}


def test_the_same_is_empty_and_still_shows_its_figures() -> None:
    one = report(line("CS-01", LONG))
    found = compare(one, one)
    assert found.is_empty
    assert found.same == 1
    rows = compared(found, "en").figures
    assert [row for row in rows if row.changed] == []
    assert any(row.label == "Ratings published" and row.before == "1 of 1" for row in rows)
