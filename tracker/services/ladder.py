"""The ladders of reminders: those in force, read at once, and changing them.

Each kind of party has a default ladder; a cycle may have one of its own for a kind, which then holds in its place.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.errors import NotPermitted, NotVisible, Stale, Unmet
from tracker.domain.ladder import Steps, in_order, problems
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.vocabulary import PartyKind, Rung
from tracker.models import LadderStep, ReportingCycle
from tracker.services import audit
from tracker.services.plain_rows import rows


@dataclass(frozen=True, slots=True)
class Ladders:
    """Every ladder, read once. A cycle's own goes before the default of its kind."""

    by_cycle: dict[tuple[int | None, PartyKind], Steps]

    def of(self, cycle_id: int | None, party_kind: PartyKind) -> Steps:
        """The steps that hold in this cycle for this kind of party, by day; empty where there are none.

        ``cycle_id`` None: the default of this kind.
        """
        own = self.by_cycle.get((cycle_id, party_kind))
        return own if own is not None else self.by_cycle.get((None, party_kind), ())

    def has_own(self, cycle_id: int, party_kind: PartyKind) -> bool:
        """Whether the cycle has a ladder of its own for this kind."""
        return (cycle_id, party_kind) in self.by_cycle

    def seen(self, cycle_id: int | None, party_kind: PartyKind) -> str:
        """What a form carries so that a change in between is noticed: stands for the steps, and whether they are own.

        A ladder has no row of its own that could have a version.
        """
        own = self.by_cycle.get((cycle_id, party_kind))
        text = json.dumps(None if own is None else [[day, rung.value] for day, rung in own])
        return hashlib.sha256(text.encode()).hexdigest()[:16]


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


def change(
    session: Session,
    *,
    cycle_id: int | None,
    kind: PartyKind,
    steps: Sequence[tuple[int, Rung]],
    seen: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Put these steps in place of the ladder of this kind: the default, or (``cycle_id``) a cycle's own.

    ``seen`` is ``Ladders.seen`` of the ladder that the person began from. What the ledger holds stays: a step that was
    told is not told again. Raises NotPermitted, NotVisible, Stale, Unmet(steps, step-0, …).
    """
    _permit(actor)
    ladders = _locked(session, cycle_id, kind)
    wanted = in_order(steps)
    if seen != ladders.seen(cycle_id, kind):
        raise Stale(ladders.of(cycle_id, kind), wanted)
    found = problems(steps, kind)
    if found:
        raise Unmet(**found)
    if ladders.by_cycle.get((cycle_id, kind)) == wanted:
        return
    _put(session, cycle_id, kind, wanted)
    _record(session, "ladder.change", cycle_id, kind, ladders.of(cycle_id, kind), wanted, actor, now)


def give_own(session: Session, *, cycle_id: int, kind: PartyKind, actor: Actor, now: datetime) -> None:
    """Copy the default ladder to this cycle, so that it can be changed there. Nothing where the cycle has its own.

    Raises NotPermitted, NotVisible.
    """
    _permit(actor)
    ladders = _locked(session, cycle_id, kind)
    steps = ladders.of(None, kind)
    if ladders.has_own(cycle_id, kind) or not steps:
        return
    _put(session, cycle_id, kind, steps)
    _record(session, "ladder.own", cycle_id, kind, None, steps, actor, now)


def back_to_default(
    session: Session, *, cycle_id: int, kind: PartyKind, seen: str, actor: Actor, now: datetime
) -> None:
    """Take away the cycle's own ladder: the default holds again. Raises NotPermitted, NotVisible, Stale."""
    _permit(actor)
    ladders = _locked(session, cycle_id, kind)
    if not ladders.has_own(cycle_id, kind):
        return
    if seen != ladders.seen(cycle_id, kind):
        raise Stale(ladders.of(cycle_id, kind), ladders.of(None, kind))
    _put(session, cycle_id, kind, ())
    _record(session, "ladder.default", cycle_id, kind, ladders.of(cycle_id, kind), ladders.of(None, kind), actor, now)


def _locked(session: Session, cycle_id: int | None, kind: PartyKind) -> Ladders:
    """The ladders as they are now; whoever changes the same one waits. A default's rows stand for it, never none."""
    if cycle_id is not None:
        wanted = sa.select(ReportingCycle.id).where(ReportingCycle.id == cycle_id).with_for_update()
        if session.scalar(wanted) is None:
            raise NotVisible
    mine = LadderStep.cycle_id.is_(None), LadderStep.party_kind == kind
    session.execute(sa.select(LadderStep.id).where(*mine).order_by(LadderStep.id).with_for_update()).all()
    return in_force(session)


def _put(session: Session, cycle_id: int | None, kind: PartyKind, steps: Steps) -> None:
    session.execute(
        sa.delete(LadderStep)
        .where(
            LadderStep.cycle_id.is_(None) if cycle_id is None else LadderStep.cycle_id == cycle_id,
            LadderStep.party_kind == kind,
        )
        .execution_options(synchronize_session=False)
    )
    if steps:
        session.execute(
            sa.insert(LadderStep),
            [{"cycle_id": cycle_id, "party_kind": kind, "day": day, "rung": rung} for day, rung in steps],
        )


def _record(
    session: Session,
    event: str,
    cycle_id: int | None,
    kind: PartyKind,
    old: Steps | None,
    new: Steps,
    actor: Actor,
    now: datetime,
) -> None:
    def kept(steps: Steps) -> dict[str, object]:
        return {"kind": kind, "days": [day for day, _rung in steps], "rungs": [rung.value for _day, rung in steps]}

    audit.record(
        session,
        event,
        now=now,
        actor=actor,
        about=("reporting_cycle", cycle_id) if cycle_id is not None else None,
        old=kept(old) if old is not None else None,
        new=kept(new),
    )


def _permit(actor: Actor) -> None:
    if not can(actor, Permission.CYCLE_MANAGE):
        raise NotPermitted(Permission.CYCLE_MANAGE)
