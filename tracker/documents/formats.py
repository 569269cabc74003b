"""What issued reports are given out as: for each kind of report its formats, how each is made, and how it travels.

What typesets is loaded when the first document is made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from tracker.domain.vocabulary import PublicationKind

MEDIA_TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
"""By format, in the order in which they are offered."""
_NAMES = {PublicationKind.STATUS_REPORT: "status_report", PublicationKind.HEMISPHERIC_REPORT: "hemispheric"}


def _renderer(module: str) -> Callable[[Any], bytes]:
    def render(report: Any) -> bytes:
        made: bytes = import_module(f"tracker.documents.{module}").render(report)
        return made

    return render


RENDERERS: Mapping[PublicationKind, Mapping[str, Callable[[Any], bytes]]] = {
    kind: {form: _renderer(f"{name}_{form}") for form in MEDIA_TYPES} for kind, name in _NAMES.items()
}
"""For ``services.issued_reports.finish``."""
