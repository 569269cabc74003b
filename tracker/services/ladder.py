"""The ladder of reminders as it is in force: the default of each kind of party, and what a cycle has of its own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.vocabulary import PartyKind, Rung
from tracker.models import LadderStep
from tracker.services.plain_rows import rows

Steps = tuple[tuple[int, Rung], ...]
"""Day and rung, by day: days after the due date, negative before it."""


@dataclass(frozen=True, slots=True)
class Ladders:
    """Every ladder, read once. A cycle's own goes before the default of its kind."""

    by_cycle: dict[tuple[int | None, PartyKind], Steps]

    def of(self, cycle_id: int, party_kind: PartyKind) -> Steps:
        """The steps that hold in this cycle for this kind of party, by day; empty where there are none."""
        own = self.by_cycle.get((cycle_id, party_kind))
        return own if own is not None else self.by_cycle.get((None, party_kind), ())

    def has_own(self, cycle_id: int, party_kind: PartyKind) -> bool:
        """Whether the cycle has a ladder of its own for this kind."""
        return (cycle_id, party_kind) in self.by_cycle


@cache
def _all() -> sa.Select:
    return sa.select(LadderStep.cycle_id, LadderStep.party_kind, LadderStep.day, LadderStep.rung).order_by(
        LadderStep.cycle_id, LadderStep.party_kind, LadderStep.day
    )


def in_force(session: Session) -> Ladders:
    """All ladders. One query, whatever the number of cycles."""
    found: dict[tuple[int | None, PartyKind], list[tuple[int, Rung]]] = {}
    for cycle_id, kind, day, rung in rows(session, _all()):
        found.setdefault((cycle_id, kind), []).append((day, rung))
    return Ladders({key: tuple(steps) for key, steps in found.items()})
