"""The status report as a PDF: what is printed, as ``typesetting`` sets it."""

from __future__ import annotations

from typing import Any

from tracker.documents import printed
from tracker.documents.status_report_printed import head, sections
from tracker.documents.status_report_words import Words
from tracker.services.status_report_content import StatusReport

MOST_LETTERS = 250_000
"""Of narratives, reasons and comments in one document, some 80 pages; beyond it each is shortened, and says so."""


def render(report: StatusReport) -> bytes:
    """The PDF. The same report gives the same bytes."""
    return printed.pdf(_data(report), report.as_of)


def _data(report: StatusReport) -> dict[str, Any]:
    words = Words(report)
    keywords = [report.party_code, report.cycle.code]
    name_size = 38 if len(report.name) <= 20 else 28
    return printed.data(words, head(words), sections(words, MOST_LETTERS), keywords=keywords, name_size=name_size)
