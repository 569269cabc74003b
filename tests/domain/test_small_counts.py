"""Counts of persons under five: what is shown, and that no hidden count can be worked out from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.domain.small_counts import FEWER, HIDDEN, for_the_public, shown, suppress, suppress_all


@pytest.mark.parametrize(("count", "text"), [(0, "0"), (1, FEWER), (4, FEWER), (5, "5"), (1200, "1200")])
def test_one_to_four_are_fewer_than_five_and_zero_is_zero(count: int, text: str) -> None:
    assert shown(count) == text


@pytest.mark.parametrize(
    ("cells", "total", "public"),
    [
        ([10, 20], 30, ["10", "20"]),
        ([3, 20], None, [FEWER, "20"]),
        ([3, 20], 23, [FEWER, HIDDEN]),  # 23 less 20 would say 3
        ([3, 20, 9], 32, [FEWER, "20", HIDDEN]),  # the smallest that helps
        ([3, 2, 9], 14, [FEWER, FEWER, "9"]),  # two hidden of themselves
        ([4, 4, 9], 17, [FEWER, FEWER, HIDDEN]),  # eight in two parts under five is four and four
        ([1, 1, 5], 7, [HIDDEN, HIDDEN, HIDDEN]),
        ([3, 0], 3, [FEWER, "0"]),
        ([1, 1, 1, 1], 4, [HIDDEN] * 4),
        ([2, 0, 5], 7, [FEWER, "0", HIDDEN]),
        ([1, 0, 5], 6, [HIDDEN, HIDDEN, HIDDEN]),  # five cannot give one away, zero says nothing
        ([3, None, 8], 11, [FEWER, "", "8"]),
    ],
)
def test_a_second_part_is_hidden_where_the_total_would_tell(
    cells: list[int | None], total: int | None, public: list[str]
) -> None:
    assert suppress(cells, total) == public


def test_two_breakdowns_of_one_count_do_not_tell_each_other() -> None:
    assert suppress_all(None, [[1, 10], [4, 7]]) == ("", [[FEWER, HIDDEN], [FEWER, HIDDEN]])


def possible(axis: Sequence[str], total: int) -> Iterator[tuple[int, ...]]:
    """All counts that fit what is shown of one breakdown and its sum, for a reader who knows the rule."""
    nothing = all(text in (HIDDEN, "") for text in axis) and HIDDEN in axis
    choices: list[Sequence[int]] = []
    for text in axis:
        if text == FEWER:
            choices.append(range(1, 5))
        elif text == HIDDEN:
            choices.append([n for n in range(total + 1) if nothing or n == 0 or n >= 5])
        elif text == "":
            choices.append(range(total + 1))
        else:
            choices.append([int(text)])
    return (counts for counts in product(*choices) if sum(counts) == total)


@st.composite
def breakdowns(draw: st.DrawFn) -> tuple[int | None, list[list[int]]]:
    """A count broken down once or twice, with or without its total."""
    first = draw(st.lists(st.integers(0, 9), min_size=1, max_size=4))
    axes = [first]
    if draw(st.booleans()):
        left = sum(first)
        second = []
        for _n in range(draw(st.integers(0, 2))):
            part = draw(st.integers(0, left))
            second.append(part)
            left -= part
        axes.append([*second, left])
    return sum(first) if draw(st.booleans()) else None, axes


@given(breakdowns())
@settings(max_examples=400, deadline=None)
def test_no_hidden_count_can_be_worked_out(given_counts: tuple[int | None, list[list[int]]]) -> None:
    total, axes = given_counts
    said, public = suppress_all(total, axes)
    assert not any(text.isdigit() and 0 < int(text) < 5 for axis in [[said], *public] for text in axis)
    if total is not None and total >= 5:
        totals: Sequence[int] = [total]
    elif said == FEWER:
        totals = range(1, 5)
    else:
        totals = range(sum(axes[0]) + 8)
    fitting: list[list[set[int]]] = [[set() for _cell in axis] for axis in public]
    sums: set[int] = set()
    for one in totals:
        each = [list(possible(axis, one)) for axis in public]
        if not all(each):
            continue  # this sum does not fit every breakdown
        sums.add(one)
        for axis, found in zip(fitting, each, strict=True):
            for counts in found:
                for seen, count in zip(axis, counts, strict=True):
                    seen.add(count)
    for axis, texts, real in zip(fitting, public, axes, strict=True):
        for seen, text, count in zip(axis, texts, real, strict=True):
            assert count in seen
            if text in (FEWER, HIDDEN):
                assert len(seen) > 1, (total, axes, public)
    if said == FEWER:
        assert len(sums) > 1, (total, axes, public)


@given(st.lists(st.integers(0, 40), max_size=6), st.booleans())
def test_zero_and_large_counts_alone_are_never_hidden(cells: list[int], with_total: bool) -> None:
    large = [count for count in cells if not 0 < count < 5]
    total = sum(large) if with_total else None
    assert suppress(large, total) == [str(count) for count in large]


@dataclass(frozen=True)
class Said:
    indicator: str
    value: str
    axis: int = 0
    note: str = ""
    category: str = ""


def test_answers_of_a_report_in_their_public_form() -> None:
    answers = (
        Said("CS-02-I4", "23", note="By the register."),
        Said("CS-02-I4", "3", 1, note="Three girls.", category="girls"),
        Said("CS-02-I4", "20", 1, category="women"),
        Said("CS-02-I4", "", 2, category="not available"),
        Said("CS-04-I2", "3", note="Three meetings."),
        Said("CS-07-I3", "4"),
    )
    public = for_the_public(answers, {"CS-02-I4", "CS-07-I3"})
    assert [one.value for one in public] == ["23", FEWER, HIDDEN, "", "3", FEWER]
    assert [one.note for one in public] == ["By the register.", "", "", "", "Three meetings.", ""]
    assert public[4] is answers[4]
