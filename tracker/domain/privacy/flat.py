"""The text as the patterns read it: no accents, no odd blanks, dashes and digits – with the way back to the original.

Each character becomes one character or none, so that a place in the flat text is a place in the text as typed.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property
from itertools import compress

_DASHES = frozenset("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d")
_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
"""Left out: an address with an invisible character in it is still an address."""
_KEPT = frozenset("\u2116\u2032\u2033\u00b4")
"""№ and the signs of minutes and seconds mean something to the patterns, and their plain forms would not."""


class _Table(dict[int, str | None]):
    """Plain forms by code point, worked out once each (``str.translate``)."""

    def __missing__(self, point: int) -> str | None:
        plain = self[point] = _plain(chr(point))
        return plain


def _plain(char: str) -> str | None:
    if char < "\x80" or char in _KEPT:
        return char
    if char in _DASHES:
        return "-"
    if char in _INVISIBLE or unicodedata.combining(char):
        return None
    if char in "\u2018\u2019\u02bc":
        return "'"
    if char in "\u201c\u201d\u201e\u00ab\u00bb":
        return '"'
    if char in "\u2028\u2029\x85":
        return "\n"
    plain = unicodedata.normalize("NFKD", char)[:1]
    return plain if plain and not unicodedata.combining(plain) else char


_TABLE = _Table()


@dataclass(frozen=True)
class Flat:
    """``bare`` keeps capitals, ``low`` does not; both have the same places."""

    source: str
    bare: str

    @classmethod
    def of(cls, text: str) -> Flat:
        return cls(text, text if text.isascii() else text.translate(_TABLE))

    @cached_property
    def low(self) -> str:
        # Only the capital I with a dot grows when made small, and it is no longer there.
        return self.bare.lower()

    @cached_property
    def _places(self) -> list[int] | None:
        """Where each character of the flat text stands in the source; None where they are the same."""
        if len(self.bare) == len(self.source):
            return None
        kept = (_TABLE[ord(char)] is not None for char in self.source)
        return list(compress(range(len(self.source)), kept))

    def in_source(self, start: int, end: int) -> tuple[int, int]:
        """The place in the source of ``bare[start:end]``, with the accents that hang on its last letter."""
        places = self._places
        if places is None:
            return start, end
        last = places[end] if end < len(places) else len(self.source)
        return places[start], last
