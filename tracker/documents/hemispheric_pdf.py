"""The hemispheric report as a PDF: what is printed, set with the template of the status report."""

from __future__ import annotations

from typing import Any

from tracker.documents.hemispheric_printed import head, sections
from tracker.documents.hemispheric_words import Words
from tracker.documents.qr import runs
from tracker.documents.row_heights import with_heights
from tracker.documents.typesetting import REGIONS, typeset
from tracker.services.hemispheric_content import HemisphericReport

TEMPLATE = "status_report.typ"


def render(report: HemisphericReport) -> bytes:
    """The PDF. The same report gives the same bytes."""
    return typeset(TEMPLATE, _data(report), int(report.as_of.timestamp()))


def _data(report: HemisphericReport) -> dict[str, Any]:
    words = Words(report)
    address = report.issue.verify_url if report.issue else ""
    side, dark = runs(address) if address else (0, [])
    return {
        **head(words),
        "lang": report.language,
        "region": REGIONS[report.language],
        "keywords": ["hemispheric", report.cycle.code],
        "name_size": 34,
        "sections": with_heights(sections(words)),
        "qr": {"side": side, "dark": dark, "address": address},
    }
