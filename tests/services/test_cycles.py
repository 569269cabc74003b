"""Planning, changing and opening cycles, and what opening makes, on both databases."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.cast import CYCLE, DUE_ON, Cast
from tests.support.clock import START
from tracker.db import transaction
from tracker.domain.deadlines import ends_at
from tracker.domain.errors import NotPermitted, Stale, Unmet
from tracker.domain.vocabulary import PartyKind, ReportState
from tracker.models import Commitment, HistoryEntry, Participation, ProgressReport, ReportingCycle, ReportingParty
from tracker.services import cycles

PLAN = cycles.CyclePlan(
    code="2027",
    title={lang: f"2027 {lang}" for lang in ("en", "es", "pt", "fr")},
    period_start=date(2026, 1, 1),
    period_end=date(2026, 12, 31),
    opens_on=date(2027, 3, 1),
    due_on=date(2027, 4, 30),
    closes_on=date(2027, 6, 30),
)
LATER = datetime(2027, 3, 1, 12, tzinfo=UTC)


def planned(cast: Cast, plan: cycles.CyclePlan = PLAN) -> int:
    with cast.writing() as session:
        return cycles.plan(session, plan, actor=cast.actor("admin"), now=cast.clock.now()).id


def cycle_id(cast: Cast, code: str = CYCLE) -> int:
    with cast.reading() as session:
        return session.scalars(sa.select(ReportingCycle.id).where(ReportingCycle.code == code)).one()


def numbers(cast: Cast, of: int) -> tuple[int | None, int | None, int | None]:
    """Reports of the cycle, commitments, history entries."""
    with cast.reading() as session:
        count = sa.func.count()
        return (
            session.scalar(sa.select(count).select_from(ProgressReport).where(ProgressReport.cycle_id == of)),
            session.scalar(sa.select(count).select_from(Commitment)),
            session.scalar(sa.select(count).select_from(HistoryEntry)),
        )


class TestPlan:
    @pytest.mark.parametrize(
        ("wrong", "field", "code"),
        [
            ({"period_end": date(2025, 12, 31)}, "period_end", "before_start"),
            ({"due_on": date(2027, 2, 28)}, "due_on", "before_opening"),
            ({"closes_on": date(2027, 4, 29)}, "closes_on", "before_due"),
            ({"comment_days": 0}, "comment_days", "out_of_range"),
            ({"comment_days": 366}, "comment_days", "out_of_range"),
            ({"code": CYCLE}, "code", "taken"),
            ({"code": "20 27"}, "code", "not_a_code"),
            ({"code": "-a"}, "code", "not_a_code"),
            ({"code": "٢٠٢٧"}, "code", "not_a_code"),
            ({"code": "a/b"}, "code", "not_a_code"),
        ],
    )
    def test_names_the_field(self, any_cast: Cast, wrong: dict, field: str, code: str) -> None:
        with pytest.raises(Unmet) as refusal, any_cast.writing() as session:
            cycles.plan(session, replace(PLAN, **wrong), actor=None, now=START)
        assert refusal.value.problems[field] == code

    def test_codes_differ_by_more_than_capitals(self, any_cast: Cast) -> None:
        planned(any_cast, replace(PLAN, code="Extra-A"))
        with pytest.raises(Unmet):
            planned(any_cast, replace(PLAN, code="extra-a"))

    @pytest.mark.parametrize("name", ["reviewer", "focal.br", "approver.br", "observer", "secretariat"])
    def test_is_for_administrators(self, any_cast: Cast, name: str) -> None:
        person, number = any_cast.actor(name), cycle_id(any_cast)
        with any_cast.writing() as session:
            with pytest.raises(NotPermitted):
                cycles.plan(session, PLAN, actor=person, now=START)
            with pytest.raises(NotPermitted):
                cycles.open_cycle(session, number, actor=person, now=START)
            cycle = session.get_one(ReportingCycle, number)
            with pytest.raises(NotPermitted):
                cycles.change(session, cycle, PLAN, seen_version=cycle.version, actor=person, now=START)


class TestOpen:
    def test_what_is_said_before_is_what_is_made(self, any_cast: Cast) -> None:
        number = planned(any_cast)
        with any_cast.reading() as session:
            foreseen = {e.kind: e.reports for e in cycles.expected(session, PLAN.opens_on)}
        with any_cast.writing() as session:
            made = cycles.open_cycle(session, number, now=LATER)
        assert made == sum(foreseen.values()) == numbers(any_cast, number)[0]
        with any_cast.reading() as session:
            rows = session.execute(
                sa.select(ReportingParty.kind, sa.func.count())
                .join(ProgressReport, ProgressReport.party_id == ReportingParty.id)
                .where(ProgressReport.cycle_id == number)
                .group_by(ReportingParty.kind)
            )
            assert {row[0]: row[1] for row in rows} == foreseen

    def test_commitments_of_earlier_cycles_go_on(self, any_cast: Cast) -> None:
        before = numbers(any_cast, cycle_id(any_cast))
        number = planned(any_cast)
        with any_cast.writing() as session:
            cycles.open_cycle(session, number, now=LATER)
        assert numbers(any_cast, number)[1:] == before[1:]

    def test_twice_makes_one_set(self, any_cast: Cast) -> None:
        number = planned(any_cast)
        with any_cast.writing() as session:
            first = cycles.open_cycle(session, number, now=LATER)
        after = numbers(any_cast, number)
        with any_cast.writing() as session:
            assert cycles.open_cycle(session, number, now=LATER) == 0
        assert numbers(any_cast, number) == after
        assert after[0] == first

    def test_at_once_from_many_sides_makes_one_set(self, any_cast: Cast) -> None:
        number = planned(any_cast)
        made, errors = [], []
        gate = threading.Barrier(4)

        def attempt(app: Flask) -> None:
            try:
                with app.app_context():
                    gate.wait(10)
                    with transaction() as session:
                        made.append(cycles.open_cycle(session, number, now=LATER))
            except Exception as error:
                errors.append(error)

        threads = [threading.Thread(target=attempt, args=(any_cast.app,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert not errors
        assert sorted(made)[:3] == [0, 0, 0]
        assert max(made) == numbers(any_cast, number)[0]

    def test_due_dates_end_in_each_partys_own_zone(self, any_cast: Cast) -> None:
        with any_cast.reading() as session:
            rows = session.execute(
                sa.select(ProgressReport.due_at, ReportingParty.time_zone).join(
                    ReportingParty, ReportingParty.id == ProgressReport.party_id
                )
            ).all()
        assert {moment == ends_at(DUE_ON, zone) for moment, zone in rows} == {True}
        assert len({moment for moment, _ in rows}) > 3

    def test_a_person_may_open_before_the_day(self, any_cast: Cast) -> None:
        number = planned(any_cast)
        with any_cast.writing() as session:
            version = session.get_one(ReportingCycle, number).version
            cycles.open_cycle(session, number, now=START, actor=any_cast.actor("admin"), seen_version=version)
        with any_cast.reading() as session:
            assert session.get_one(ReportingCycle, number).opens_on == START.date()

    def test_a_plan_changed_meanwhile_is_not_opened(self, any_cast: Cast) -> None:
        number = planned(any_cast)
        with pytest.raises(Stale), any_cast.writing() as session:
            cycles.open_cycle(session, number, now=START, actor=any_cast.actor("admin"), seen_version=99)
        assert numbers(any_cast, number)[0] == 0

    def test_only_who_takes_part_on_the_opening_day(self, any_cast: Cast) -> None:
        number = planned(any_cast)
        brazil, haiti = any_cast.party_id("BR"), any_cast.party_id("HT")
        with any_cast.writing() as session:
            for party, last in ((brazil, date(2027, 2, 28)), (haiti, date(2027, 3, 1))):
                session.scalars(sa.select(Participation).where(Participation.party_id == party)).one().ends_on = last
        with any_cast.writing() as session:
            cycles.open_cycle(session, number, now=LATER)
        with any_cast.reading() as session:
            parties = set(session.scalars(sa.select(ProgressReport.party_id).where(ProgressReport.cycle_id == number)))
        assert brazil not in parties
        assert haiti in parties

    def test_found_by_the_clock_on_its_day(self, any_cast: Cast) -> None:
        number = planned(any_cast)
        with any_cast.reading() as session:
            midnight = datetime(2027, 3, 1, tzinfo=UTC)
            assert cycles.due_to_open(session, now=midnight - timedelta(seconds=1)) == []
            assert cycles.due_to_open(session, now=midnight) == [number]
            assert cycles.due_to_open(session, now=midnight + timedelta(days=90)) == [number]
        with any_cast.writing() as session:
            cycles.open_cycle(session, number, now=LATER)
        with any_cast.reading() as session:
            assert cycles.due_to_open(session, now=LATER) == []


class TestChange:
    def change(self, cast: Cast, seen: int | None = None, **wanted: Any) -> None:
        with cast.writing() as session:
            cycle = session.get_one(ReportingCycle, cycle_id(cast))
            now_stored = cycles.CyclePlan(
                **{
                    name: getattr(cycle, name)
                    for name in (
                        "code", "title", "period_start", "period_end", "opens_on", "due_on", "closes_on", "comment_days"
                    )
                }
            )  # fmt: skip
            cycles.change(
                session,
                cycle,
                replace(now_stored, **wanted),
                seen_version=cycle.version if seen is None else seen,
                actor=cast.actor("admin"),
                now=cast.clock.now(),
            )

    def test_a_new_due_date_moves_what_was_never_submitted(self, any_cast: Cast) -> None:
        empty = any_cast.report_id("BR", "CS-02")
        submitted = any_cast.report_id("BR", "CS-04")
        returned = any_cast.report_id("BR", "CS-05")
        any_cast.bring_to(submitted, ReportState.SUBMITTED)
        any_cast.bring_to(returned, ReportState.RETURNED)
        with any_cast.reading() as session:
            own = session.get_one(ProgressReport, returned).due_on
        new = DUE_ON + timedelta(days=14)
        self.change(any_cast, due_on=new)
        with any_cast.reading() as session:
            report = session.get_one(ProgressReport, empty)
            assert report.due_on == new
            assert report.due_at == ends_at(new, "America/Sao_Paulo")
            assert session.get_one(ProgressReport, submitted).due_on == DUE_ON
            assert session.get_one(ProgressReport, returned).due_on == own != new

    def test_an_open_cycle_keeps_its_code_and_opening_day(self, any_cast: Cast) -> None:
        for field, value in (("code", "2030"), ("opens_on", date(2026, 3, 3))):
            with pytest.raises(Unmet) as refusal:
                self.change(any_cast, None, **{field: value})
            assert refusal.value.problems == {field: "open_already"}

    def test_a_stale_form_is_refused(self, any_cast: Cast) -> None:
        with pytest.raises(Stale):
            self.change(any_cast, seen=99, comment_days=10)


def test_the_kinds_of_party_are_all_foreseen(any_cast: Cast) -> None:
    with any_cast.reading() as session:
        assert [e.kind for e in cycles.expected(session, START.date())] == list(PartyKind)
        assert cycles.current(session) is not None
