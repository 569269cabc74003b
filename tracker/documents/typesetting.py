"""From words and figures to a tagged PDF (PDF/UA-1, PDF/A-2a), and the same bytes again.

Typst gets everything as JSON, so what people typed is never read as mark-up; its root is the folder of the templates,
it knows the fonts of this repository only, and it fetches nothing (docs/decisions/0011-status-report-documents.md).
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import typst

from tracker.documents.typeface import FONTS, is_left_to_right, presentable

TEMPLATES = Path(__file__).parent / "templates"
STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]
REGIONS = {"en": None, "es": None, "pt": "BR", "fr": None}


def typeset(template: str, data: dict[str, Any], timestamp: int) -> bytes:
    """The PDF of this template; ``timestamp`` in seconds since 1970 is the date that stands in the file.

    The template is told whether all text runs from left to right: without kerning that is set in two thirds of the
    time, while Typst fails on Arabic and Hebrew without it.
    """
    printed = json.dumps(shown(data), ensure_ascii=False)
    made = typst.compile(
        TEMPLATES / template,
        root=TEMPLATES,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": printed, "ltr": "yes" if is_left_to_right(printed) else "no"},
        pdf_standards=STANDARDS,
        timestamp=timestamp,
    )
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


def shown(value: Any) -> Any:
    """The data with every text as the typefaces can show it (``typeface.presentable``); addresses stay as they are."""
    if isinstance(value, str):
        return presentable(value)
    if isinstance(value, dict):
        return {key: item if key == "address" else shown(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [shown(item) for item in value]
    return value


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
