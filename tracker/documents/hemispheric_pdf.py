"""The hemispheric report as a PDF: what is printed, set with the template of the status report."""

from __future__ import annotations

from typing import Any

from tracker.documents import printed
from tracker.documents.hemispheric_printed import head, sections
from tracker.documents.hemispheric_words import Words
from tracker.services.hemispheric_content import HemisphericReport


def render(report: HemisphericReport) -> bytes:
    """The PDF. The same report gives the same bytes."""
    return printed.pdf(_data(report), report.as_of)


def _data(report: HemisphericReport) -> dict[str, Any]:
    words = Words(report)
    keywords = ["hemispheric", report.cycle.code]
    return printed.data(words, head(words), sections(words), keywords=keywords, name_size=34)
