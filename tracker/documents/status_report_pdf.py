"""The status report as a PDF: what is printed, as ``typesetting`` sets it."""

from __future__ import annotations

from typing import Any

from tracker.documents.qr import runs
from tracker.documents.row_heights import with_heights
from tracker.documents.status_report_printed import head, sections
from tracker.documents.status_report_words import Words
from tracker.documents.typesetting import REGIONS, typeset
from tracker.services.status_report_content import StatusReport

TEMPLATE = "status_report.typ"
MOST_LETTERS = 250_000
"""Of narratives, reasons and comments in one document, some 80 pages; beyond it each is shortened, and says so."""


def render(report: StatusReport) -> bytes:
    """The PDF. The same report gives the same bytes."""
    return typeset(TEMPLATE, _data(report), int(report.as_of.timestamp()))


def _data(report: StatusReport) -> dict[str, Any]:
    words = Words(report)
    address = report.issue.verify_url if report.issue else ""
    side, dark = runs(address) if address else (0, [])
    return {
        **head(words),
        "lang": report.language,
        "region": REGIONS[report.language],
        "keywords": [report.party_code, report.cycle.code],
        "name_size": 38 if len(report.name) <= 20 else 28,
        "sections": with_heights(sections(words, MOST_LETTERS)),
        "qr": {"side": side, "dark": dark, "address": address},
    }
