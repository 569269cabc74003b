"""Counts of persons from one to four are not shown outside the State and the Secretariat, nor can they be worked out.

One to four become "fewer than 5"; zero stays zero. Where a total is shown beside its parts, a part alone hidden is what
is missing to the total: then a second part is hidden, the smallest that helps, and where none helps all parts of that
breakdown. What a reader is taken to know: the total, the parts shown, that "fewer than 5" is one to four, that a single
further part hidden is none of one to four, and that all breakdowns of a count have the same sum. Against all of that
each hidden count keeps two possible values at least (``tests/domain/test_small_counts.py`` tries it out). Comparing
cycles, or other sources, is beyond this rule.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Protocol, TypeVar

FEWER = "<5"
HIDDEN = "not_shown"
"""In place of a value: fewer than five; not shown, because a smaller count would follow from it."""
MASKS = frozenset({FEWER, HIDDEN})
LEAST = 5
"""The smallest count that is shown."""
MOST_IN_FEWER = LEAST - 1


def is_small(count: int | None) -> bool:
    return count is not None and 0 < count < LEAST


def shown(count: int) -> str:
    """A count by itself, as the public reads it."""
    return FEWER if is_small(count) else str(count)


def suppress(cells: Sequence[int | None], total: int | None) -> list[str]:
    """The parts of one total, as the public reads them; None is a part that is not available (empty text)."""
    return suppress_all(total, [cells])[1][0]


def suppress_all(total: int | None, axes: Sequence[Sequence[int | None]]) -> tuple[str, list[list[str]]]:
    """A total and its breakdowns, each by another trait, as the public reads them. None: not available."""
    # One sum is known as soon as it is shown or stands behind two breakdowns at once.
    sum_is_known = len(axes) > 1 or (total is not None and not is_small(total))
    return (
        "" if total is None else shown(total),
        [_axis(list(cells), sum_is_known, is_small(total)) for cells in axes],
    )


def _axis(cells: list[int | None], sum_is_known: bool, small_total: bool) -> list[str]:
    hidden = {place for place, count in enumerate(cells) if is_small(count)}
    written = ["" if count is None else shown(count) for count in cells]
    if not hidden:
        return written
    if small_total and len(hidden) >= MOST_IN_FEWER:
        return _nothing(cells)  # four parts of "fewer than 5" are one each
    if not sum_is_known or _is_open(cells, hidden):
        return written
    others = sorted((count, place) for place, count in enumerate(cells) if count is not None and count >= LEAST)
    for _count, place in others:
        if _is_open(cells, hidden | {place}):
            written[place] = HIDDEN
            return written
    return _nothing(cells)


def _nothing(cells: list[int | None]) -> list[str]:
    return ["" if count is None else HIDDEN for count in cells]


def _is_open(cells: list[int | None], hidden: set[int]) -> bool:
    """Whether each hidden part could be another: one person less in it and one more in a second, or the reverse.

    A part that is not available takes any number. This asks a little more than is needed, never less.
    """
    unknown = any(count is None for count in cells)

    def may(place: int, change: int) -> bool:
        count = cells[place]
        assert count is not None  # noqa: S101
        return is_small(count + change) if is_small(count) else count + change >= LEAST

    def moves(place: int) -> bool:
        if unknown and may(place, -1):
            return True
        return any(may(place, change) and may(other, -change) for other in hidden - {place} for change in (1, -1))

    return all(moves(place) for place in hidden)


class Answer(Protocol):
    """What is said of one indicator: of the whole (``axis`` 0), or of one category of one breakdown."""

    @property
    def indicator(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def axis(self) -> int: ...


A = TypeVar("A", bound=Answer)


def for_the_public(answers: Iterable[A], counting: Collection[str]) -> tuple[A, ...]:
    """Answers as read outside the State and the Secretariat; ``counting``: codes of indicators that count persons.

    ``value`` becomes one of ``MASKS`` where it is not shown; what was noted beside it goes as well. Answers are
    dataclasses with ``value`` and ``note``.
    """
    answers = tuple(answers)
    counted: dict[str, list[tuple[int, A]]] = {}
    for place, one in enumerate(answers):
        if one.indicator in counting:
            counted.setdefault(one.indicator, []).append((place, one))
    masked = {place: mask for mine in counted.values() for place, mask in _masks(mine).items()}
    if not masked:
        return answers
    return tuple(_changed(one, masked[place]) if place in masked else one for place, one in enumerate(answers))


def _masks(mine: list[tuple[int, A]]) -> dict[int, str]:
    """Place among all answers to mask, for the answers of one indicator."""
    by_axis: dict[int, list[tuple[int, int | None]]] = {}
    for place, one in mine:
        by_axis.setdefault(one.axis, []).append((place, _count(one.value)))
    wholes = by_axis.pop(0, [])
    total = wholes[0][1] if wholes else None
    said, parts = suppress_all(total, [[count for _place, count in cells] for cells in by_axis.values()])
    found = [(wholes[0][0], said)] if wholes else []
    for cells, written in zip(by_axis.values(), parts, strict=True):
        found += [(place, text) for (place, _c), text in zip(cells, written, strict=True)]
    return {place: text for place, text in found if text in MASKS}


def _count(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() else None


def _changed(answer: A, mask: str) -> A:
    made: Any = dataclasses.replace(answer, value=mask, note="")  # type: ignore[type-var]
    return made
