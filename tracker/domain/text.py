"""Text typed by people: what is kept, what is taken out, what is refused, before any database sees it."""

from __future__ import annotations

import unicodedata

_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
_KEPT_CONTROLS = frozenset("\n\t")


class UnusableText(ValueError):
    """Holds characters that no database and no document can carry: NUL, controls, lone surrogates, noncharacters."""


def _usable(char: str) -> bool:
    point = ord(char)
    if char in _KEPT_CONTROLS or 0x20 <= point < 0x7F:
        return True
    if point < 0x20 or point <= 0x9F:
        return False
    return not (0xD800 <= point <= 0xDFFF or 0xFDD0 <= point <= 0xFDEF or point & 0xFFFE == 0xFFFE)


def clean(raw: str, *, multiline: bool = True) -> str:
    """The text as it will be stored: NFC, one kind of line break, no direction overrides, no blanks at the ends.

    Accents, Guaraní and Quechua letters, right-to-left and combining text come back letter for letter.
    Raises UnusableText for characters that cannot be stored (docs/decisions/0005-text.md).
    """
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    if not multiline:
        text = " ".join(text.split("\n")).replace("\t", " ")
    kept = []
    for char in text:
        if char in _BIDI_CONTROLS:
            continue
        if not _usable(char):
            raise UnusableText(f"U+{ord(char):04X}")
        kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def without_unusable(raw: str, *, multiline: bool = True) -> str:
    """Like ``clean``, with the replacement character where ``clean`` would refuse: for showing what was typed."""
    return clean("".join(c if c == "\r" or _usable(c) else "\ufffd" for c in raw), multiline=multiline)


def fold(text: str) -> str:
    """For comparing and searching: no case, no accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))
