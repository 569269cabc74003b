"""From words and figures to a tagged PDF (PDF/UA-1, PDF/A-2a), and the same bytes again.

Typst gets everything as JSON, so what people typed is never read as mark-up; its root is the folder of the templates,
it knows the fonts of this repository only, and it fetches nothing (docs/decisions/0011-status-report-documents.md).
"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from pathlib import Path
from threading import local
from typing import Any

import typst

from tracker.documents.typeface import FONTS, is_left_to_right, presentable

TEMPLATES = Path(__file__).parent / "templates"
STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]
SHORT = 100
"""Texts up to so many characters are kept as they are shown."""
REGIONS = {"en": None, "es": None, "pt": "BR", "fr": None}


def typeset(template: str, data: dict[str, Any], timestamp: int) -> bytes:
    """The PDF of this template; ``timestamp`` in seconds since 1970 is the date that stands in the file.

    The template is told whether to kern: text without kerning is set in two thirds of the time, while Typst fails on
    Arabic and Hebrew without it.
    """
    made = _compiler().compile(
        _main(template, json.dumps(shown(data), ensure_ascii=False)),
        format="pdf",
        pdf_standards=STANDARDS,
        timestamp=timestamp,
    )
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


def _main(template: str, data: str) -> bytes:
    """The file Typst begins with: what the template makes of these data, written as JSON.

    They stand in it as a string, in which Typst reads two signs as more than themselves; both get a backslash. They do
    not come as an input of the system, since Typst takes over what it has laid out before only while those are the
    same: of reports made one after the other that is two paragraphs in five.
    """
    text = data.replace("\\", "\\\\").replace('"', '\\"')
    kerned = "false" if is_left_to_right(data) else "true"
    return f'#import "{template}": made\n#made(json(bytes("{text}")) + (kerned: {kerned}))\n'.encode()


def shown(value: Any) -> Any:
    """The data with every text as the typefaces can show it (``typeface.presentable``); addresses stay as they are."""
    if isinstance(value, str):
        return _short(value) if len(value) <= SHORT else presentable(value)
    if isinstance(value, dict):
        return {key: item if key == "address" else shown(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [shown(item) for item in value]
    return value


@lru_cache(maxsize=4096)
def _short(text: str) -> str:
    """Labels, codes and figures come again and again."""
    return presentable(text)


def _compiler() -> typst.Compiler:
    """One for each thread: it is kept, and does one thing at a time."""
    if not hasattr(_kept, "compiler"):
        _kept.compiler = typst.Compiler(root=TEMPLATES, font_paths=_fonts(), ignore_system_fonts=True)
    made: typst.Compiler = _kept.compiler
    return made


_kept = local()


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
