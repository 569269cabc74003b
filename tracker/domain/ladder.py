"""What a ladder of reminders may hold: how many steps, on which days, and the order of protocol."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.domain.vocabulary import BY_HAND, PartyKind, Rung

FURTHEST = 365
"""Days before or after the due date at most."""
MOST = 20
"""Steps of one ladder."""

Steps = tuple[tuple[int, Rung], ...]
"""Day and rung, by day: days after the due date, negative before it."""


def in_order(steps: Sequence[tuple[int, Rung]]) -> Steps:
    """The steps by day, as they are kept and compared."""
    return tuple(sorted(steps, key=lambda step: step[0]))


def problems(steps: Sequence[tuple[int, Rung]], kind: PartyKind) -> dict[str, str]:
    """What is wrong, by field: ``steps`` for the ladder as a whole, ``step-2`` for the third of them as given.

    Codes: required, too_many, out_of_range, twice, not_for_this_kind, before_due, rung_twice, out_of_order.
    """
    found: dict[str, str] = {}
    if not steps:
        return {"steps": "required"}
    if len(steps) > MOST:
        return {"steps": "too_many"}
    days: set[int] = set()
    rungs: set[Rung] = set()
    for number, (day, rung) in enumerate(steps):
        code = _problem(day, rung, kind, days, rungs)
        if code:
            found[f"step-{number}"] = code
        days.add(day)
        rungs.add(rung)
    written = {rung: (day, number) for number, (day, rung) in enumerate(steps) if rung in BY_HAND}
    if len(written) == len(BY_HAND) and written[Rung.MISSION][0] <= written[Rung.AUTHORITY][0]:
        found.setdefault(f"step-{written[Rung.MISSION][1]}", "out_of_order")
    return found


def _problem(day: int, rung: Rung, kind: PartyKind, days: set[int], rungs: set[Rung]) -> str:
    if not -FURTHEST <= day <= FURTHEST:
        return "out_of_range"
    if day in days:
        return "twice"
    if rung not in BY_HAND:
        return ""
    if kind is not PartyKind.MEMBER_STATE:
        return "not_for_this_kind"
    if day <= 0:
        return "before_due"
    # One case is opened for a party, cycle and rung: a second step of the same rung would do nothing.
    return "rung_twice" if rung in rungs else ""
