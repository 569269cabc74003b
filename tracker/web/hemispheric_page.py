"""What the pages of a hemispheric report show: the live one and the issued ones."""

from __future__ import annotations

from typing import Any

from tracker.documents.hemispheric_sections import method, sections
from tracker.documents.hemispheric_words import Words
from tracker.services.hemispheric_content import HemisphericReport


def context(report: HemisphericReport) -> dict[str, Any]:
    """Values for ``pages/hemispheric/_content.html``."""
    words = Words(report)
    return {"report": report, "words": words, "parts": sections(words), "notes": method(words)}
