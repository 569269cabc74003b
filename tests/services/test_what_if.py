"""What a change would do to the coming mail: said before it is saved, and nothing of it stays; on both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.cast import CYCLE, DUE_ON, Cast
from tracker.db import rehearsal
from tracker.domain.errors import NotPermitted, Stale, Unmet
from tracker.domain.mail_plan import PlannedMail
from tracker.domain.plan_difference import Difference
from tracker.domain.vocabulary import ExtensionDecision, PartyKind, Rung
from tracker.models import Base, Extension, ReportingCycle
from tracker.services import cycles, extensions, ladder, participation, records, what_if
from tracker.services.cycles import CyclePlan

LATER = DUE_ON + timedelta(days=14)
WEEK = timedelta(days=7)


def everything(cast: Cast) -> dict[str, list[Any]]:
    """Every row of every table."""
    with cast.reading() as session:
        return {
            table.name: sorted(map(repr, session.execute(sa.select(table)).all()))
            for table in Base.metadata.sorted_tables
        }


def tried(cast: Cast, change: Callable[[Session], object]) -> Difference:
    """The difference; and that every table is as it was."""
    before = everything(cast)
    with cast.app.app_context(), rehearsal() as session:
        found = what_if.difference(session, change, now=cast.clock.now())
    assert everything(cast) == before
    return found


def dates(cast: Cast, cycle_code: str = CYCLE, **changes: Any) -> Callable[[Session], None]:
    def change(session: Session) -> None:
        cycle = session.scalars(sa.select(ReportingCycle).where(ReportingCycle.code == cycle_code)).one()
        plan = CyclePlan(
            **{name: getattr(cycle, name) for name in CyclePlan.__dataclass_fields__},
        )
        cycles.change(
            session,
            cycle,
            replace(plan, **changes),
            seen_version=cycle.version,
            actor=cast.actor("admin"),
            now=cast.clock.now(),
        )

    return change


def reminders(mails: tuple[PlannedMail, ...]) -> set[tuple[str, date]]:
    return {(mail.email.partition("@")[0], mail.day) for mail in mails if mail.kind == "reminder"}


def test_a_cycles_due_date(any_cast: Cast) -> None:
    found = tried(any_cast, dates(any_cast, due_on=LATER))
    assert not found.at_once
    assert {pair.before.kind for pair in found.moved} >= {"reminder"}
    for pair in found.moved:
        assert {item.day for item in pair.before.items} == {item.day for item in pair.after.items}
        if pair.before.kind == "reminder":
            assert {item.due_on for item in pair.after.items} == {LATER}
            assert pair.after.day - pair.before.day >= WEEK
    with any_cast.writing() as session:
        dates(any_cast, due_on=LATER)(session)
    assert tried(any_cast, lambda session: None).is_empty


def test_a_later_due_date_of_one_report(any_cast: Cast) -> None:
    report_id = any_cast.report_id("BR", "CS-05")
    with any_cast.writing() as session:
        report = records.report(session, report_id)
        assert report is not None
        asked = extensions.ask(
            session,
            [report],
            until=LATER,
            reason="An invented reason.",
            actor=any_cast.actor("focal.br"),
            now=any_cast.clock.now(),
        )
        assert not asked[0].problem

    def grant(session: Session) -> None:
        ids = list(session.scalars(sa.select(Extension.id)))
        extensions.decide(
            session,
            extensions.by_ids(session, ids),
            decision=ExtensionDecision.GRANTED,
            reason="Granted.",
            actor=any_cast.actor("reviewer"),
            now=any_cast.clock.now(),
        )

    found = tried(any_cast, grant)
    assert {mail.email for mail in found.at_once} == {"focal.br@tracker.test", "alternate.br@tracker.test"}
    for mails in (found.added, found.gone):
        assert {item.code for mail in mails for item in mail.items} <= {"CS-05"}
    assert ("focal.br", date(2026, 4, 14)) in reminders(found.added)
    assert found.changed
    for pair in found.changed:
        assert {item.code for item in set(pair.before.items) ^ set(pair.after.items)} == {"CS-05"}


def test_a_ladder(any_cast: Cast) -> None:
    def shorter(session: Session) -> None:
        steps = [(-10, Rung.FOCAL_POINT), (10, Rung.ALTERNATE)]
        mark = ladder.in_force(session).seen(None, PartyKind.MEMBER_STATE)
        ladder.change(
            session,
            cycle_id=None,
            kind=PartyKind.MEMBER_STATE,
            steps=steps,
            seen=mark,
            actor=any_cast.actor("admin"),
            now=any_cast.clock.now(),
        )

    found = tried(any_cast, shorter)
    assert ("focal.br", date(2026, 3, 31)) in reminders(found.gone)
    assert ("focal.br", date(2026, 4, 20)) in reminders(found.added)
    assert ("alternate.br", date(2026, 5, 11)) in reminders(found.added)
    assert {mail.kind for mail in found.gone} == {"reminder", "escalation"}
    assert found.after < found.before


def test_a_state_that_leaves_and_comes_back(any_cast: Cast) -> None:
    def leave(session: Session) -> None:
        party = participation.state(session, "br", locked=True)
        assert party is not None
        period = participation.current(party)
        assert period is not None
        participation.end(
            session,
            party,
            last_day=date(2026, 4, 20),
            reason="An invented note.",
            seen_period=period.id,
            actor=any_cast.actor("admin"),
            now=any_cast.clock.now(),
        )

    def come_back(session: Session) -> None:
        party = participation.state(session, "br", locked=True)
        assert party is not None
        participation.begin(
            session,
            party,
            first_day=date(2026, 5, 4),
            reason="It is back.",
            seen_period=party.participations[-1].id,
            actor=any_cast.actor("admin"),
            now=any_cast.clock.now(),
        )

    found = tried(any_cast, leave)
    assert reminders(found.gone)
    assert {mail.day > date(2026, 4, 20) for mail in found.gone} == {True}
    assert all(item.party_code == "BR" for mail in found.gone for item in mail.items)
    assert not found.added
    with any_cast.writing() as session:
        leave(session)
    any_cast.clock.set(any_cast.clock.now().replace(month=4, day=22))
    with any_cast.writing() as session:
        participation.settle_by_clock(session, any_cast.party_id("BR"), now=any_cast.clock.now())
    back = tried(any_cast, come_back)
    assert ("focal.br", date(2026, 5, 4)) in reminders(back.added)
    assert min(mail.day for mail in back.added) == date(2026, 5, 4)
    assert not back.gone


def test_what_the_rules_refuse_is_refused(any_cast: Cast) -> None:
    before = everything(any_cast)
    for change, error in (
        (dates(any_cast, due_on=date(2020, 1, 1)), Unmet),
        (lambda s: ladder.change(s, **_ladder(any_cast, "reviewer")), NotPermitted),
        (lambda s: ladder.change(s, **_ladder(any_cast, "admin")), Stale),
    ):
        with any_cast.app.app_context(), pytest.raises(error), rehearsal() as session:
            what_if.difference(session, change, now=any_cast.clock.now())
    assert everything(any_cast) == before


def _ladder(cast: Cast, name: str) -> dict[str, Any]:
    return {
        "cycle_id": None,
        "kind": PartyKind.MEMBER_STATE,
        "steps": [(1, Rung.FOCAL_POINT)],
        "seen": "of another",
        "actor": cast.actor(name),
        "now": cast.clock.now(),
    }
