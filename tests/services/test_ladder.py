"""Ladders: what one may hold, a cycle's own before the default, stale edits, the audit trail, on both databases."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.cast import CYCLE, PEOPLE, Cast
from tracker.domain.errors import NotPermitted, NotVisible, Stale, Unmet
from tracker.domain.ladder import MOST, Steps, problems
from tracker.domain.vocabulary import PartyKind, Rung
from tracker.models import AuditEntry, ReportingCycle
from tracker.services import ladder
from tracker.services.ladder import Ladders

STATE, SECRETARIAT = PartyKind.MEMBER_STATE, PartyKind.GENERAL_SECRETARIAT
FOCAL, ALTERNATE, AUTHORITY, MISSION = Rung
SHORT: Steps = ((-5, FOCAL), (3, ALTERNATE))


def cycle_id(cast: Cast) -> int:
    with cast.reading() as session:
        return session.scalars(sa.select(ReportingCycle.id).where(ReportingCycle.code == CYCLE)).one()


def ladders(cast: Cast) -> Ladders:
    with cast.reading() as session:
        return ladder.in_force(session)


def change(
    cast: Cast,
    steps: Steps,
    *,
    name: str = "admin",
    cycle: int | None = None,
    kind: PartyKind = STATE,
    seen: str | None = None,
) -> None:
    with cast.writing() as session:
        ladder.change(
            session,
            cycle_id=cycle,
            kind=kind,
            steps=steps,
            seen=ladder.in_force(session).seen(cycle, kind) if seen is None else seen,
            actor=cast.actor(name),
            now=cast.clock.now(),
        )


@pytest.mark.parametrize(
    ("steps", "kind", "found"),
    [
        ((), STATE, {"steps": "required"}),
        (tuple((day, FOCAL) for day in range(MOST + 1)), STATE, {"steps": "too_many"}),
        (tuple((day, FOCAL) for day in range(MOST)), STATE, {}),
        (((-366, FOCAL), (366, FOCAL), (365, FOCAL)), STATE, {"step-0": "out_of_range", "step-1": "out_of_range"}),
        (((7, FOCAL), (7, ALTERNATE)), STATE, {"step-1": "twice"}),
        (((30, AUTHORITY),), SECRETARIAT, {"step-0": "not_for_this_kind"}),
        (((45, MISSION),), PartyKind.COOPERATION_AGENCIES, {"step-0": "not_for_this_kind"}),
        (((0, AUTHORITY), (-1, MISSION)), STATE, {"step-0": "before_due", "step-1": "before_due"}),
        (((30, AUTHORITY), (40, AUTHORITY)), STATE, {"step-1": "rung_twice"}),
        (((45, AUTHORITY), (30, MISSION)), STATE, {"step-1": "out_of_order"}),
        (((30, AUTHORITY), (45, MISSION)), STATE, {}),
        (((45, MISSION),), STATE, {}),
        (((-1, ALTERNATE), (0, FOCAL)), SECRETARIAT, {}),
    ],
)
def test_what_a_ladder_may_hold(steps: Steps, kind: PartyKind, found: dict[str, str]) -> None:
    assert problems(steps, kind) == found


def test_the_shipped_ladders_are_in_order(cast: Cast) -> None:
    for kind in PartyKind:
        steps = ladders(cast).of(None, kind)
        assert steps
        assert not problems(steps, kind)
        assert {rung for _day, rung in steps} <= {FOCAL, ALTERNATE} or kind is STATE


def test_a_cycles_own_goes_before_the_default(any_cast: Cast) -> None:
    cycle = cycle_id(any_cast)
    default = ladders(any_cast).of(None, STATE)
    assert ladders(any_cast).of(cycle, STATE) == default
    with any_cast.writing() as session:
        for _twice in range(2):
            ladder.give_own(
                session, cycle_id=cycle, kind=STATE, actor=any_cast.actor("admin"), now=any_cast.clock.now()
            )
    assert ladders(any_cast).has_own(cycle, STATE)
    change(any_cast, SHORT, cycle=cycle)
    found = ladders(any_cast)
    assert (found.of(cycle, STATE), found.of(None, STATE)) == (SHORT, default)
    assert found.of(cycle, SECRETARIAT) == found.of(None, SECRETARIAT)
    with any_cast.writing() as session:
        for _twice in range(2):
            seen = ladder.in_force(session).seen(cycle, STATE)
            ladder.back_to_default(
                session, cycle_id=cycle, kind=STATE, seen=seen, actor=any_cast.actor("admin"), now=any_cast.clock.now()
            )
    assert not ladders(any_cast).has_own(cycle, STATE)
    assert ladders(any_cast).of(cycle, STATE) == default


def test_a_stale_edit_changes_nothing(any_cast: Cast) -> None:
    seen = ladders(any_cast).seen(None, STATE)
    change(any_cast, SHORT, seen=seen)
    with pytest.raises(Stale) as error:
        change(any_cast, ((1, FOCAL),), seen=seen)
    assert error.value.theirs == SHORT
    assert ladders(any_cast).of(None, STATE) == SHORT


def test_old_and_new_stand_in_the_trail(any_cast: Cast) -> None:
    change(any_cast, SHORT)
    change(any_cast, SHORT)
    with any_cast.reading() as session:
        entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "ladder.change")).one()
        assert entry.new == {"kind": "member_state", "days": [-5, 3], "rungs": [FOCAL.value, ALTERNATE.value]}
        assert entry.old is not None
        assert entry.old["days"][0] == -30
        assert entry.internal


def test_nonsense_is_refused(cast: Cast) -> None:
    with pytest.raises(Unmet):
        change(cast, ())
    with pytest.raises(NotVisible):
        change(cast, SHORT, cycle=4711)
    assert ladders(cast).of(None, STATE) != ()


@pytest.mark.parametrize("name", sorted(PEOPLE.keys() - {"admin", "admin2"}))
def test_only_administrators(cast: Cast, name: str) -> None:
    actor, now, cycle = cast.actor(name), cast.clock.now(), cycle_id(cast)
    with pytest.raises(NotPermitted):
        change(cast, SHORT, name=name)
    with cast.reading() as session, pytest.raises(NotPermitted):
        ladder.give_own(session, cycle_id=cycle, kind=STATE, actor=actor, now=now)
    with cast.reading() as session, pytest.raises(NotPermitted):
        ladder.back_to_default(session, cycle_id=cycle, kind=STATE, seen="", actor=actor, now=now)
