"""What changed between two texts, word by word, in a time that is bounded whatever the texts are.

The usual comparison (``difflib``) takes a time that grows with the square of the length, or worse: two answers of
20,000 characters could hold a worker for minutes. Here words that occur once in both texts are the anchors ("patience
diff"); what lies between two anchors is compared in the same way, and where nothing occurs once the shortest way from
one to the other is looked for (Myers, 1986) up to a number of changes. All of it draws on one budget of steps; where
that is used up, the remains are shown as replaced as a whole, which is coarse and right.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

BUDGET = 700_000
"""Steps for one comparison: some tenths of a second at most."""
MOST_CHANGES = 200
"""So many words gone or new between two anchors at most; beyond that the passage counts as replaced."""

_TOKEN = re.compile(
    r"\s+|\d[\d.,\u00a0\u202f]*\d|[^\s!-/:-@\[-`{-~\u00a1\u00ab\u00bb\u00bf\u2013\u2014\u201c-\u201f\u2026]+|.",
    re.DOTALL,
)
"""Blanks, numbers with their marks, words (with combining letters and the apostrophe inside), single other signs."""


class Change(StrEnum):
    SAME = "same"
    GONE = "gone"
    """Only in the earlier text."""
    NEW = "new"
    """Only in the later text."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the texts."""

    change: Change
    text: str


def compare(before: str, after: str) -> list[Piece]:
    """Both texts as one run of pieces: SAME and GONE put together are ``before``, SAME and NEW are ``after``."""
    if before == after:
        return [Piece(Change.SAME, before)] if before else []
    left, right = _TOKEN.findall(before), _TOKEN.findall(after)
    return list(_pieces(left, right, sorted(_matches(left, right))))


def differs(pieces: Sequence[Piece]) -> bool:
    """Whether anything changed."""
    return any(piece.change is not Change.SAME for piece in pieces)


Match = tuple[int, int, int]
"""Start in the earlier text, start in the later, length: in words."""


def _matches(left: list[str], right: list[str]) -> Iterator[Match]:
    """Runs of equal words, in no order; they neither cross nor overlap."""
    budget = BUDGET
    open_blocks = [(0, len(left), 0, len(right))]
    while open_blocks:
        a, a_end, b, b_end = open_blocks.pop()
        start = a
        while a < a_end and b < b_end and left[a] == right[b]:
            a, b = a + 1, b + 1
        if a > start:
            yield start, b - (a - start), a - start
        end = a_end
        while a < a_end and b < b_end and left[a_end - 1] == right[b_end - 1]:
            a_end, b_end = a_end - 1, b_end - 1
        if end > a_end:
            yield a_end, b_end, end - a_end
        if a == a_end or b == b_end:
            continue
        budget -= (a_end - a) + (b_end - b)
        if budget < 0:
            return
        anchors = _anchors(left, a, a_end, right, b, b_end)
        if anchors:
            for x, y in anchors:
                open_blocks.append((a, x, b, y))
                yield x, y, 1
                a, b = x + 1, y + 1
            open_blocks.append((a, a_end, b, b_end))
        else:
            found, steps = _shortest_way(left[a:a_end], right[b:b_end], budget)
            budget -= steps
            for x, y, size in found:
                yield a + x, b + y, size


def _anchors(left: list[str], a: int, a_end: int, right: list[str], b: int, b_end: int) -> list[tuple[int, int]]:
    """Words that stand once in each block, in the longest row that has the same order in both."""
    once = {word for word, n in Counter(left[a:a_end]).items() if n == 1 and not word.isspace()}
    once &= {word for word, n in Counter(right[b:b_end]).items() if n == 1}
    if not once:
        return []
    place = {word: n for n, word in enumerate(right[b:b_end], b) if word in once}
    pairs = [(n, place[word]) for n, word in enumerate(left[a:a_end], a) if word in once]
    # The longest rising row of places: for each length, the pair with which the lowest such row ends.
    ends: list[int] = []
    rows: list[int] = []
    before: list[int] = []
    for n, (_x, y) in enumerate(pairs):
        at = bisect_left(ends, y)
        before.append(rows[at - 1] if at else -1)
        if at == len(ends):
            ends.append(y)
            rows.append(n)
        else:
            ends[at], rows[at] = y, n
    found = []
    n = rows[-1]
    while n >= 0:
        found.append(pairs[n])
        n = before[n]
    return found[::-1]


def _shortest_way(left: list[str], right: list[str], budget: int) -> tuple[list[Match], int]:
    """The runs that stay on a way with the fewest changes, and the steps it took; no runs where it is too far."""
    n, m = len(left), len(right)
    reach = {1: 0}
    """By diagonal (place in the earlier text less place in the later): how far the earlier text is used."""
    trace = []
    steps = 0
    for changes in range(min(n + m, MOST_CHANGES) + 1):
        if steps > budget:
            break
        trace.append(reach.copy())
        for diagonal in range(-changes, changes + 1, 2):
            down = diagonal == -changes or (
                diagonal != changes and reach.get(diagonal - 1, -1) < reach.get(diagonal + 1, -1)
            )
            x = reach.get(diagonal + 1, 0) if down else reach.get(diagonal - 1, 0) + 1
            y = x - diagonal
            start = x
            while x < n and y < m and left[x] == right[y]:
                x, y = x + 1, y + 1
            steps += x - start + 2
            reach[diagonal] = x
            if x >= n and y >= m:
                return _back(trace, n, m), steps
    return [], steps


def _back(trace: list[dict[int, int]], x: int, y: int) -> list[Match]:
    """From the end of both texts to their beginning, by the way that was found."""
    found = []
    for changes in range(len(trace) - 1, -1, -1):
        reach = trace[changes]
        diagonal = x - y
        down = diagonal == -changes or (
            diagonal != changes and reach.get(diagonal - 1, -1) < reach.get(diagonal + 1, -1)
        )
        before = diagonal + 1 if down else diagonal - 1
        from_x = reach.get(before, 0) if changes else 0
        from_y = from_x - before if changes else 0
        start_x = (from_x if down else from_x + 1) if changes else 0
        if x > start_x:
            found.append((start_x, start_x - diagonal, x - start_x))
        x, y = from_x, from_y
    return found[::-1]


@dataclass(slots=True)
class _Run:
    """Words that stay, or a passage that was replaced."""

    same: str = ""
    gone: str = ""
    new: str = ""

    @property
    def weight(self) -> int:
        return max(len(self.gone), len(self.new))


def _pieces(left: list[str], right: list[str], matches: list[Match]) -> Iterator[Piece]:
    """The runs as people read them."""
    for run in _readable(_runs(left, right, matches)):
        for change, text in ((Change.SAME, run.same), (Change.GONE, run.gone), (Change.NEW, run.new)):
            if text:
                yield Piece(change, text)


def _runs(left: list[str], right: list[str], matches: list[Match]) -> Iterator[_Run]:
    """Kept and replaced passages in turn."""
    a = b = 0
    kept = ""
    for x, y, size in [*matches, (len(left), len(right), 0)]:
        if x > a or y > b:
            if kept:
                yield _Run(same=kept)
            kept = ""
            yield _Run(gone="".join(left[a:x]), new="".join(right[b:y]))
        kept += "".join(left[x : x + size])
        a, b = x + size, y + size
    if kept:
        yield _Run(same=kept)


def _readable(runs: Iterator[_Run]) -> list[_Run]:
    """Without islands: words kept between two changes that are both longer belong to the change.

    (A sentence that was written anew shares its "of" and "the" with the old one, and is no easier to read for it.)
    """
    found: list[_Run] = []
    for run in runs:
        found.append(run)
        while len(found) > 2 and not found[-1].same and _is_island(found[-2], found[-3], found[-1]):
            after, island, before = found.pop(), found.pop(), found.pop()
            found.append(_Run(gone=before.gone + island.same + after.gone, new=before.new + island.same + after.new))
    return found


def _is_island(run: _Run, before: _Run, after: _Run) -> bool:
    if not run.same or "\n" in run.same:
        return False
    return run.same.isspace() or (len(run.same) <= before.weight and len(run.same) <= after.weight)
