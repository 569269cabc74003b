"""The page of a status report, live or issued: its long part is kept once rendered, it is the same for every reader.

Whatever a report holds, the page stays small: long texts are shortened and long tables end early, and both say so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Any, TypeVar

from flask import render_template
from markupsafe import Markup, escape

from tracker.documents.status_report_method import method
from tracker.documents.status_report_table import EvidenceRow, SeriesGroup, Table
from tracker.documents.status_report_words import MISSING, Words
from tracker.services.status_report_content import CommitmentLine, PublishedRating, StatusReport
from tracker.web.languages import gettext as _

Row = TypeVar("Row")
KEPT = 64
"""Pages in each web process: some 6 MB, or 9 MB where every State fills every field to the brim."""
LARGEST = 122_000
"""Bytes of the long part, so that the page with head, summary and method stays below 150 kB."""
LONGEST_TABLE = (24_000, 8_000)
"""Bytes of a page for one table that may be long: the second where the first leaves too little to the texts."""
_NO_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


def context(report: StatusReport) -> dict[str, Any]:
    """What ``pages/status_reports/_content.html`` shows: of a live report, or of one that was issued."""
    words = Words(report)
    return {
        "report": report,
        "words": words,
        "body": body(report),
        "notes": method(words),
        "contents": _contents(report),
        "here": address(report),
    }


def address(report: StatusReport) -> str:
    """Of the page, and of its documents without their suffix."""
    return f"/status-reports/{report.issue.code.lower() if report.issue else report.code}"


def body(report: StatusReport) -> Markup:
    """All sections between the summary and the method.

    The whole report but its moment is the key: a change of a date, a word or a rating makes another page. The
    template must show neither the moment nor anything of the person who reads.
    """
    return _body(replace(report, as_of=_NO_MOMENT))


@lru_cache(maxsize=KEPT)
def _body(report: StatusReport) -> Markup:
    words = Words(report)
    shared = {"report": report, "words": words, "slug": report.party_code.lower(), "here": address(report)}

    def drawn(part: str, **more: Any) -> str:
        return render_template(f"pages/status_reports/{part}.html", **shared, **more)

    # Without its texts first: what the tables leave of the page is theirs. Where they do not fit, tables end early.
    besides = partial(_besides, words)
    bare = drawn("_commitments", room=_Room(report, 0), besides=besides)
    for longest in LONGEST_TABLE:
        figures, evidence = drawn("_body", **_tables(words, longest)), drawn("_evidence", **_evidence(words, longest))
        left = LARGEST - sum(len(part.encode()) for part in (figures, evidence, bare))
        room = _Room(report, left)
        if room.is_enough:
            break
    commitments = drawn("_commitments", room=room, besides=besides)
    return Markup(figures + commitments + evidence)  # noqa: S704  (what templates made, escaped there)


def _tables(words: Words, longest: int) -> dict[str, Any]:
    """The tables with where each of their rows leads."""
    report = words.report
    budget, all_lines = _shortened(words.budget_table(), longest)
    return {
        "listed": {line.code for line in report.lines},
        "missing": [(stage, report.at(stage)) for stage in MISSING if report.at(stage)],
        "extended_at": [f"#{line.code}" for line in report.extension_list],
        "cycles_at": [f"/status-reports/{report.party_code}-{point.code}".lower() for point in report.trend],
        "series": _first(words.series_groups(), _size_of_series, longest),
        "budget": (budget, all_lines),
        "budget_at": [f"#{row[1]}" for row in budget.rows],
    }


def _evidence(words: Words, longest: int) -> dict[str, Any]:
    shown = _first(words.evidence_rows(), _size_of_evidence, longest)
    return {"evidence": shown, "evidence_table": words.evidence_table()}


def _besides(words: Words, rating: PublishedRating) -> list[tuple[str, str]]:
    """(heading, text) of what was said beside the answers; figures and money stand in tables of their own."""
    said = rating.statement
    if said is None:
        return []
    unchanged = _("The report says that nothing changed since the one before.") if said.nothing_changed else ""
    parts = (
        (words.say("Nothing changed"), unchanged),
        (words.say("Obstacles"), said.obstacles),
        (words.say("Help asked for"), said.help_needed),
    )
    return [part for part in parts if part[1]]


def _contents(report: StatusReport) -> list[tuple[str, str]]:
    """(anchor, heading) of each section, in their order."""
    return [
        ("coverage", _("Coverage and timeliness")),
        ("missing", _("What is missing")),
        ("extensions", _("Later due dates")),
        ("ratings", _("Ratings by pillar")),
        ("themes", _("Ratings by theme")),
        ("strength", _("Strength of evidence")),
        ("differing", _("Where rating and self-assessment differ")),
        ("trend", _("Trend over the reporting cycles")),
        ("series", _("Indicators over time")),
        ("budget", _("Budget lines")),
        ("changes", _("What changed since the last report")),
        ("commitments", _("Commitment by commitment")),
        ("evidence", _("Evidence made public")),
        ("method", _("Method and limits")),
    ]


class _Room:
    """How much of each text fits the page."""

    def __init__(self, report: StatusReport, room: int) -> None:
        """``room``: bytes for what reporters, reviewers and observers wrote."""
        sizes = sorted(_size(text) for line in report.lines for text in _typed(line))
        self.longest = _fair(sizes, max(room, 0))
        self.is_enough = sum(sizes) <= room

    def cut(self, text: str) -> str:
        """The text, or its beginning with "…" at its end."""
        size = _size(text)
        if size <= self.longest:
            return text
        return f"{text[: len(text) * self.longest // size].rstrip()} …"

    def is_short_of(self, line: CommitmentLine) -> bool:
        """Whether a text of this commitment is cut."""
        return any(_size(text) > self.longest for text in _typed(line))


def _typed(line: CommitmentLine) -> Iterable[str]:
    rating = line.rating
    if rating is None:
        return
    yield from (rating.reasons, rating.strength_reason, rating.comment)
    yield from (one.text for one in rating.observed)
    if rating.statement:
        said = rating.statement
        yield from (said.summary, said.obstacles, said.help_needed)
        yield from (one.narrative for one in said.elements)


def _fair(sizes: Sequence[int], room: int) -> int:
    """The size up to which each is shown, so that all together fit; ``sizes`` in order, smallest first."""
    for place, size in enumerate(sizes):
        share = room // (len(sizes) - place)
        if size > share:
            return share
        room -= size
    return sizes[-1] if sizes else 0


def _size(text: str) -> int:
    """Bytes on the page."""
    return len(escape(text).encode())


def _first(rows: Sequence[Row], size: Callable[[Row], int], longest: int) -> tuple[list[Row], int]:
    """(the rows that fit, how many there are); the first in any case."""
    shown: list[Row] = []
    used = 0
    for row in rows:
        used += size(row)
        if shown and used > longest:
            break
        shown.append(row)
    return shown, len(rows)


def _shortened(table: Table, longest: int) -> tuple[Table, int]:
    rows, total = _first(table.rows, lambda row: 60 + sum(_size(cell) + 60 for cell in row), longest)
    return replace(table, rows=tuple(rows), values=()), total


def _size_of_series(group: SeriesGroup) -> int:
    """With the markup around it, as of the next."""
    drawn = 120 if len(group.numbers) > 1 else 0
    return (
        240 + _size(group.label) + sum(_size(period) + _size(value) + 80 + drawn for _c, period, value in group.points)
    )


def _size_of_evidence(row: EvidenceRow) -> int:
    return 480 + _size(row.title) + _size(row.where[:80]) + _size(row.url)
