"""How high the rows of tables become in a PDF, reckoned from the widths of letters in the font files.

Typst sets a row whose height it must find twice: once to measure, once for good. Body text has no kerning, so a line is
as wide as its letters together. Lines are broken here only where they surely may be: never fewer than Typst makes.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any

from tracker.documents.typeface import FONTS, glyphs

REGULAR, SEMIBOLD = "PublicSans-Regular.ttf", "PublicSans-SemiBold.ttf"
TEXT_WIDTH, COMMITMENT_WIDTH = 481.5, 470.5
"""Points between the margins of a page, and within the line at the left of a commitment (status_report.typ)."""
FACT_COLUMNS = (1.25, 1, 1, 1, 1)
CAPITAL, LEADING, PADDING = 0.723, 0.55, 10.0
"""Height of letters and space between lines, in parts of the size; points above and below the text of a row."""
SPARE = 0.5
"""Points left free at the end of each line, for rounding."""
BREAK = re.compile(r"""(?<=[^\s«»“”‘’"'(\[{¿¡]) (?=[\w(\[{«“‘¿¡–—·-])""")
"""Spaces at which a line surely may end: not beside quotation marks, nor before a colon as French has it (UAX 14)."""


def with_heights(sections: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The sections; tables with ``heights``, commitments with ``fact_heights``: points, None where that is unsure."""
    for section in sections:
        for block in section["blocks"]:
            if block["kind"] == "table":
                size, inset = (8.0, 6.0) if block["small"] else (9.0, 12.0)
                widths = _columns(TEXT_WIDTH, block["widths"], inset)
                block["heights"] = [_row(row, widths, size, REGULAR) for row in block["rows"]]
            elif block["kind"] == "commitment":
                widths = _columns(COMMITMENT_WIDTH, FACT_COLUMNS, PADDING)
                labels, values = zip(*block["facts"], strict=True)
                block["fact_heights"] = [_row(labels, widths, 8.0, REGULAR, 9.0), _row(values, widths, 9.0, SEMIBOLD)]
    return sections


def _columns(width: float, parts: Sequence[float], inset: float) -> list[float]:
    return [width * part / sum(parts) - inset for part in parts]


def _row(texts: Iterable[str], widths: list[float], size: float, face: str, around: float = 0) -> float | None:
    """Points; ``around``: the size the space between lines is taken from, where it is not that of the letters."""
    most = 1
    for text, width in zip(texts, widths, strict=True):
        lines = lines_of(text, (width - SPARE) / size, face)
        if lines is None:
            return None
        most = max(most, lines)
    return round(PADDING + most * CAPITAL * size + (most - 1) * LEADING * (around or size), 2)


@lru_cache(maxsize=4096)
def lines_of(text: str, width: float, face: str) -> int | None:
    """Lines in a column so many ems wide; None where a letter is not in the face or a word is wider than the column."""
    wide = _advances(face)
    lines = 0
    try:
        space = wide[" "]
        for line in text.split("\n"):
            lines += 1
            at = 0.0
            for word in BREAK.split(line):
                needed = sum([wide[letter] for letter in word])
                if needed > width:
                    return None
                if at + needed > width:
                    lines, at = lines + 1, 0.0
                at += needed + space
    except KeyError:
        return None
    return lines


@cache
def _advances(face: str) -> dict[str, float]:
    """The width of each letter, in ems (the tables ``head``, ``hhea`` and ``hmtx``)."""
    data = (FONTS / face).read_bytes()
    found: dict[bytes, int] = {}
    for number in range(struct.unpack(">H", data[4:6])[0]):
        tag, _checksum, offset, _length = struct.unpack(">4sLLL", data[12 + 16 * number : 28 + 16 * number])
        found[tag] = offset
    em = struct.unpack(">H", data[found[b"head"] + 18 : found[b"head"] + 20])[0]
    count = struct.unpack(">H", data[found[b"hhea"] + 34 : found[b"hhea"] + 36])[0]
    table = struct.unpack(f">{2 * count}H", data[found[b"hmtx"] : found[b"hmtx"] + 4 * count])[::2]
    return {chr(point): table[min(glyph, count - 1)] / em for point, glyph in glyphs(face).items()}
