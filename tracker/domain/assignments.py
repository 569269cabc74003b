"""What of a commitment a person was asked to answer: the whole of it, or single elements."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol


class Asked(Protocol):
    """A row that says who was asked for what: ``models.Assignment``, or plain columns of it."""

    @property
    def user_id(self) -> int: ...
    @property
    def element_id(self) -> int | None: ...


def parts_of(assignments: Iterable[Asked], user_id: int) -> frozenset[int] | None:
    """The ids of the elements that this contributor may read and answer; None: all of the commitment.

    Who was asked for the whole and for a part of it as well has the whole. Who was not asked has nothing (an empty
    set). Only contributors are bound by it: ask ``policy`` first who may read or write at all.
    """
    given = [one.element_id for one in assignments if one.user_id == user_id]
    if None in given:
        return None
    return frozenset(one for one in given if one is not None)
