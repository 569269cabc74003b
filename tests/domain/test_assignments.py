"""What a contributor was asked for bounds what he or she reads and writes."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.domain.assignments import parts_of


@dataclass(frozen=True)
class Given:
    user_id: int
    element_id: int | None


def test_single_elements_the_whole_or_nothing() -> None:
    given = [Given(1, 10), Given(1, 11), Given(2, None), Given(3, 10), Given(3, None)]
    assert parts_of(given, 1) == {10, 11}
    assert parts_of(given, 2) is None
    assert parts_of(given, 3) is None
    assert parts_of(given, 4) == frozenset()
