"""When the ladder turns to those above the focal points: pure rules, for the job, the plan and the pages."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from tracker.domain.vocabulary import BY_HAND, EscalationState, Rung


class Ground(StrEnum):
    """Why a case waits for staff."""

    LADDER = "ladder"
    """A report is overdue by as many days as the step says."""
    NOBODY = "nobody"
    """Something is overdue, and the State has no focal point whom the steps before could have told."""


WRITABLE = frozenset({EscalationState.WAITING, EscalationState.DISMISSED})
"""From here staff may write: what was put off may be taken up again."""


def steps_by_hand(steps: Iterable[tuple[int, Rung]]) -> dict[Rung, int]:
    """The day of each rung that asks for a click, in the order of protocol; of several days the earliest.

    A step on or before the due date counts from the first day after it: nothing is overdue earlier.
    """
    listed = sorted(steps)
    found: dict[Rung, int] = {}
    for rung in Rung:
        days = [day for day, whom in listed if whom is rung]
        if rung in BY_HAND and days:
            found[rung] = max(days[0], 1)
    return found


def ground(rung: Rung, by_hand: dict[Rung, int], days_overdue: int | None, *, nobody: bool) -> Ground | None:
    """Why a case of this rung waits; None where it has no ground.

    ``days_overdue``: of the report that is overdue longest, None where nothing is. ``nobody``: the State has no focal
    point; then the first rung by hand is reached with the first day.
    """
    if days_overdue is None or days_overdue < 1 or rung not in by_hand:
        return None
    if days_overdue >= by_hand[rung]:
        return Ground.LADDER
    return Ground.NOBODY if nobody and rung is next(iter(by_hand)) else None
