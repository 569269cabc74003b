"""Text typed by people: what is kept, what is taken out, what is refused, before any database sees it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
_KEPT_CONTROLS = frozenset("\n\t")
_MARKS_WITHOUT_CLASS = frozenset("\u0f73\u0f75\u0f81")
"""Combining class 0, and still made of marks only when taken apart."""
_PLAIN = re.compile("[\n\r\t\x20-\x7e\xa0-\u02ff\u2010-\u2027\u20ac]*")
"""Nearly every text: each character usable, none a mark or a direction, so none needs to be looked at by itself."""

MOST_MARKS = 30
"""Combining marks in a row at most: as in the Stream-Safe Text Format of Unicode (UAX #15), far beyond any language.

Putting marks into their canonical order takes a time that grows with the square of their number: 30,000 in a row
take a second, a request of two megabytes would take a quarter of an hour.
"""


class UnusableText(ValueError):
    """Holds characters that no database and no document can carry: NUL, controls, lone surrogates, noncharacters.

    Also endless runs of combining marks.
    """


def _usable(char: str) -> bool:
    point = ord(char)
    if char in _KEPT_CONTROLS or 0x20 <= point < 0x7F:
        return True
    if point < 0x20 or point <= 0x9F:
        return False
    return not (0xD800 <= point <= 0xDFFF or 0xFDD0 <= point <= 0xFDEF or point & 0xFFFE == 0xFFFE)


def _is_mark(char: str) -> bool:
    return char > "\u02ff" and (unicodedata.combining(char) > 0 or char in _MARKS_WITHOUT_CLASS)


def clean(raw: str, *, multiline: bool = True) -> str:
    """The text as it will be stored: NFC, one kind of line break, no direction overrides, no blanks at the ends.

    Accents, Guaraní and Quechua letters, right-to-left and combining text come back letter for letter.
    Raises UnusableText for characters that cannot be stored (docs/decisions/0005-text.md).
    """
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    if not multiline:
        text = " ".join(text.split("\n")).replace("\t", " ")
    if _PLAIN.fullmatch(text):
        return unicodedata.normalize("NFC", text).strip()
    kept = []
    marks = 0
    for char in text:
        if char in _BIDI_CONTROLS:
            continue
        marks = marks + 1 if _is_mark(char) else 0
        if marks > MOST_MARKS or not _usable(char):
            raise UnusableText(f"U+{ord(char):04X}")
        kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def without_unusable(raw: str, *, multiline: bool = True) -> str:
    """Like ``clean``, with the replacement character where ``clean`` would refuse: for showing what was typed."""
    if _PLAIN.fullmatch(raw):
        return clean(raw, multiline=multiline)
    shown = []
    marks = 0
    for char in raw:
        if char in _BIDI_CONTROLS:
            continue
        marks = marks + 1 if _is_mark(char) else 0
        shown.append(char if (char == "\r" or _usable(char)) and marks <= MOST_MARKS else "\ufffd")
        marks = marks if marks <= MOST_MARKS else 0
    return clean("".join(shown), multiline=multiline)


@lru_cache(maxsize=1024)
def sort_key(name: str) -> str:
    """``fold``, kept: for putting names in order, the same few hundred on every page. Not for what people type."""
    return fold(name)


def fold(text: str) -> str:
    """For comparing and searching: no case, no accents."""
    # Marks go first: they are left out in any case, and a long run of them would be slow to put in order.
    bare = "".join(c for c in text.casefold() if not _is_mark(c))
    decomposed = unicodedata.normalize("NFKD", bare)
    return "".join(c for c in decomposed if not unicodedata.combining(c))
