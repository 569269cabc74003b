"""Which characters the typefaces of the documents can show, read from the font files themselves.

A PDF/UA must not hold a character without a glyph, and Typst refuses to make one. So what people typed is looked at
first: whatever no face can show becomes U+FFFD, and the rest comes through letter for letter.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
FACES = ("PublicSans-Regular.ttf", "DejaVuSans.ttf")
"""Our typeface, then the one that fills its gaps (Arabic, Cyrillic, Greek, Hebrew, symbols)."""
UNKNOWN = "\ufffd"
LONGEST_WORD = 60
"""After so many letters without a break a line may be broken anywhere."""
WIDE = 1.4
"""That a capital counts for: sixty of the widest are wider than a line."""
_JOINERS = frozenset("\u200c\u200d") | {chr(point) for point in range(0xFE00, 0xFE10)}
_BREAK = "\u200b"
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""Hebrew, Arabic and their kin, and the marks that turn the direction."""


def presentable(text: str) -> str:
    """The text with nothing in it that the typefaces cannot show, and with places to break endless words."""
    if _plain().issuperset(text):
        return _breakable(text)
    faces = [_characters(name) for name in FACES]
    return _breakable("".join(_cluster(cluster, faces) for cluster in _clusters(text)))


def is_left_to_right(text: str) -> bool:
    """Whether nothing in it is written from right to left, as nearly always."""
    return text.isascii() or _RIGHT_TO_LEFT.search(text) is None


def _clusters(text: str) -> list[str]:
    """Letters with the marks that sit on them: one face must show both."""
    found: list[str] = []
    for char in text:
        if found and (unicodedata.category(char).startswith("M") or char in _JOINERS) and found[-1] != "\n":
            found[-1] += char
        else:
            found.append(char)
    return found


def _cluster(cluster: str, faces: list[frozenset[int]]) -> str:
    if cluster in ("\n", "\t"):
        return cluster
    for face in faces:
        if all(ord(char) in face for char in cluster):
            return cluster
    for face in faces:
        if ord(cluster[0]) in face:
            return cluster[0] + "".join(char for char in cluster[1:] if ord(char) in face)
    return UNKNOWN


def _breakable(text: str) -> str:
    if len(text) * WIDE <= LONGEST_WORD or max(map(len, text.split()), default=0) * WIDE <= LONGEST_WORD:
        return text
    made, run = [], 0.0
    for cluster in _clusters(text):
        wide = WIDE if cluster.isupper() or cluster in "mw@%" else 1
        run = 0 if cluster.isspace() else run + wide
        if run > LONGEST_WORD:
            made.append(_BREAK)
            run = wide
        made.append(cluster)
    return "".join(made)


@cache
def _plain() -> frozenset[str]:
    """What our own typeface shows and what carries no mark: nearly all text, and quickly decided."""
    shown = {chr(point) for point in _characters(FACES[0])}
    return frozenset({c for c in shown if not unicodedata.category(c).startswith("M")} | {"\n", "\t"})


@cache
def _characters(file_name: str) -> frozenset[int]:
    return frozenset(glyphs(file_name))


@cache
def glyphs(file_name: str) -> dict[int, int]:
    """The code points a TrueType file has a glyph for, and its number (the ``cmap`` table, formats 4 and 12)."""
    data = (FONTS / file_name).read_bytes()
    tables = struct.unpack(">H", data[4:6])[0]
    for number in range(tables):
        tag, _checksum, offset, _length = struct.unpack(">4sLLL", data[12 + 16 * number : 28 + 16 * number])
        if tag == b"cmap":
            return _from_cmap(data, offset)
    raise ValueError(f"{file_name} has no character map")


def _from_cmap(data: bytes, offset: int) -> dict[int, int]:
    found: dict[int, int] = {}
    for number in range(struct.unpack(">H", data[offset + 2 : offset + 4])[0]):
        at = offset + struct.unpack(">L", data[offset + 8 + 8 * number : offset + 12 + 8 * number])[0]
        kind = struct.unpack(">H", data[at : at + 2])[0]
        if kind == 4:
            found |= _format_4(data, at)
        elif kind == 12:
            groups = struct.unpack(">L", data[at + 12 : at + 16])[0]
            for group in range(groups):
                first, last, glyph = struct.unpack(">LLL", data[at + 16 + 12 * group : at + 28 + 12 * group])
                found.update(zip(range(first, last + 1), range(glyph, glyph + last - first + 1), strict=True))
    return found


def _format_4(data: bytes, at: int) -> dict[int, int]:
    found: dict[int, int] = {}
    count = struct.unpack(">H", data[at + 6 : at + 8])[0] // 2
    base = at + 14
    ends = struct.unpack(f">{count}H", data[base : base + 2 * count])
    starts = struct.unpack(f">{count}H", data[base + 2 * count + 2 : base + 4 * count + 2])
    deltas = struct.unpack(f">{count}H", data[base + 4 * count + 2 : base + 6 * count + 2])
    ranges_at = base + 6 * count + 2
    ranges = struct.unpack(f">{count}H", data[ranges_at : ranges_at + 2 * count])
    for segment in range(count):
        for point in range(starts[segment], min(ends[segment], 0xFFFE) + 1):
            if ranges[segment] == 0:
                glyph = (point + deltas[segment]) & 0xFFFF
            else:
                where = ranges_at + 2 * segment + ranges[segment] + 2 * (point - starts[segment])
                glyph = struct.unpack(">H", data[where : where + 2])[0]
            if glyph:
                found[point] = glyph
    return found


__all__ = ["FONTS", "UNKNOWN", "glyphs", "is_left_to_right", "presentable"]
