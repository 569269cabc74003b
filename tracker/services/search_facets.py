"""What can be narrowed down by, and how many there are of each: from narrow rows, never from whole entries.

Some thousands may match where twenty are shown. What is about them comes as three short texts (``SearchFacet``), of
which there are some hundred different ones: each is taken apart once, and counted as often as it came.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from operator import itemgetter
from typing import Any

from tracker.services.search_sources import unbarred

ID, ABOUT, DATED, RATED, RANK = range(5)
"""Places in a row that matched."""
PLACE = {
    "kind": ABOUT,
    "instrument": ABOUT,
    "pillar": ABOUT,
    "theme": ABOUT,
    "cycle": DATED,
    "year": DATED,
    "rating": RATED,
    "state": RATED,
}
"""Facet: its place in the row; the name of the column is ``COLUMN[place]``."""
COLUMN = {ABOUT: "about", DATED: "dated", RATED: "rated"}
_LINES = {
    ABOUT: {"kind": 0, "instrument": 3, "pillar": 4, "theme": 5},
    DATED: {"cycle": 0, "year": 1},
    RATED: {"rating": 0, "state": 1},
}
"""Place in the row: facet: the line of the text that holds its codes."""

Row = Sequence[Any]
"""(id, about, dated, rated, rank) of an entry."""


@dataclass(frozen=True)
class Facets:
    """What the hits are narrowed down to, by code; empty: not at all."""

    kind: str = ""
    state: str = ""
    """Code of a reporting party, in capitals."""
    pillar: str = ""
    theme: str = ""
    instrument: str = ""
    rating: str = ""
    cycle: str = ""
    year: str = ""

    def chosen(self) -> dict[str, str]:
        """Facet: code, of those that narrow anything down."""
        return {one.name: code for one in fields(self) if (code := getattr(self, one.name))}


@lru_cache(maxsize=4096)
def codes(place: int, text: str) -> dict[str, list[str]]:
    """Facet: the codes of it, out of the text at this place of a row."""
    lines = text.split("\n")
    return {facet: unbarred(lines[line]) for facet, line in _LINES[place].items()}


@lru_cache(maxsize=4096)
def thing(about: str) -> tuple[str, str, str]:
    """Kind, key and language; the key is empty where the thing has words in this language only."""
    kind, language, key, *_more = about.split("\n")
    return kind, key, language


@lru_cache(maxsize=4096)
def year(dated: str) -> int:
    """0 where it has none."""
    return int(dated.rpartition("\n")[2] or 0)


def narrowed(found: list[Row], chosen: Mapping[str, str]) -> tuple[list[Row], dict[str, dict[str, int]]]:
    """Those that fit all that was chosen; and for each facet, the counts among those that fit the others."""
    listed = fitting(found, chosen)
    raw = {place: Counter(map(itemgetter(place), listed)) for place in COLUMN}
    counts = {}
    for facet, place in PLACE.items():
        texts = raw[place]
        if facet in chosen:
            others = {name: code for name, code in chosen.items() if name != facet}
            texts = Counter(map(itemgetter(place), fitting(found, others)))
        counts[facet] = _counted(facet, texts)
    return listed, counts


def fitting(found: list[Row], chosen: Mapping[str, str]) -> list[Row]:
    """Those that have every code that was chosen."""
    for facet, code in chosen.items():
        place = PLACE[facet]
        fit = {text for text in set(map(itemgetter(place), found)) if code in codes(place, text)[facet]}
        found = [row for row in found if row[place] in fit]
    return found


def _counted(facet: str, texts: Counter[str]) -> dict[str, int]:
    place = PLACE[facet]
    counts: Counter[str] = Counter()
    for text, count in texts.items():
        for code in codes(place, text)[facet]:
            counts[code] += count
    return dict(counts)
