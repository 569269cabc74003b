"""The hemispheric report as a Word document: the sections of its PDF, written as those of a status report are."""

from __future__ import annotations

from tracker.documents.hemispheric_printed import head, sections
from tracker.documents.hemispheric_words import Words
from tracker.documents.status_report_docx import written
from tracker.services.hemispheric_content import HemisphericReport


def render(report: HemisphericReport) -> bytes:
    """The document. The same report gives the same bytes."""
    words = Words(report)
    return written(head(words), sections(words), report.language, report.as_of)
