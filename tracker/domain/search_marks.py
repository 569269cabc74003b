"""The words that were asked for, shown in the text as it was written, and the passage around them."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache, lru_cache
from itertools import islice

from tracker.domain.search_words import MOST_LETTERS, SHORTEST_BEGINNING, Question, Term, words_of

EXCERPT = 280
"""Characters of a passage, about."""
BEFORE = 80
"""Characters of it before the first word."""
MOST_PLACES = 200
"""Places looked at for the passage with most of the words."""

Marked = tuple[tuple[str, bool], ...]
"""A text in pieces: (piece, whether it was asked for). Plain text: whoever shows it escapes it."""

_MARKS = "[\u0300-\u036f]*"
_LETTER = "[^\\W_]"


@lru_cache(maxsize=256)
def finder(asked: Question) -> re.Pattern[str] | None:
    """Finds the words in a text with its accents; a group for each term. None where nothing is asked for."""
    if not asked:
        return None
    # The "de" of "trata de personas" stands everywhere: it is looked for, and not shown.
    telling = [term for term in asked.wanted if len("".join(term.words)) >= SHORTEST_BEGINNING] or asked.wanted
    terms = "|".join(f"({_written(term)})" for term in telling)
    return re.compile(f"(?<!{_LETTER})(?:{terms})", re.IGNORECASE)


def marked(text: str, pattern: re.Pattern[str] | None) -> Marked:
    """The whole text, with the words that were asked for."""
    pieces: list[tuple[str, bool]] = []
    end = 0
    for found in pattern.finditer(text) if pattern else ():
        if found.start() > end:
            pieces.append((text[end : found.start()], False))
        pieces.append((found.group(), True))
        end = found.end()
    if end < len(text):
        pieces.append((text[end:], False))
    return tuple(pieces)


def excerpt(text: str, pattern: re.Pattern[str] | None) -> Marked:
    """The passage that holds most of the words; the beginning where none of them stands in the text."""
    text = text[:MOST_LETTERS]
    start = max(0, _best(text, pattern) - BEFORE) if pattern else 0
    end = min(len(text), start + EXCERPT)
    # Whole words only.
    while start and not text[start - 1].isspace() and start < end:
        start += 1
    while end < len(text) and not text[end].isspace() and end > start + EXCERPT // 2:
        end -= 1
    passage = " ".join(text[start:end].split())
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return marked(f"{before}{passage}{after}", pattern)


def _best(text: str, pattern: re.Pattern[str]) -> int:
    """Where the passage begins that holds most of the terms."""
    places = [(found.start(), found.lastindex) for found in islice(pattern.finditer(text), MOST_PLACES)]
    best, most = 0, 0
    for number, (start, _term) in enumerate(places):
        near = {term for place, term in places[number : number + 20] if place < start + EXCERPT - BEFORE}
        if len(near) > most:
            best, most = start, len(near)
    return best


def _written(term: Term) -> str:
    words = "[\\W_]{1,20}".join("".join(map(_any_accent, word)) for word in term.words)
    return words + (f"(?:{_LETTER}{_MARKS})*" if term.is_beginning else f"(?!{_LETTER})")


def _any_accent(letter: str) -> str:
    others = _accented().get(letter)
    return (f"[{letter}{others}]" if others else re.escape(letter)) + _MARKS


@cache
def _accented() -> dict[str, str]:
    """The letters that are folded to each plain one."""
    found: dict[str, list[str]] = defaultdict(list)
    for point in (*range(0xA0, 0x250), *range(0x1E00, 0x1F00)):
        plain = words_of(chr(point))
        if len(plain) == 1 and len(plain[0]) == 1 and plain[0].isascii():
            found[plain[0]].append(chr(point))
    return {plain: "".join(letters) for plain, letters in found.items()}
