"""The ladder: the latest step only, once, on the reader's calendar, whatever the clocks do."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tracker.domain.reminders import LADDER, Due, Owed, foresee, is_before, reached, to_tell

DUE = date(2026, 4, 30)
NOTHING: frozenset[Step] = frozenset()


def day(offset: int) -> date:
    return DUE + timedelta(days=offset)


def owed(zone: str = "UTC", due_on: date = DUE, last_day: date = date(2026, 12, 31), number: int = 1) -> Owed:
    return Owed(number, due_on, last_day, zone)


@pytest.mark.parametrize(
    ("offset", "step"),
    [
        (-31, None),
        (-30, -30),
        (-15, -30),
        (-14, -14),
        (-7, -7),
        (-2, -7),
        (-1, -1),
        (0, -1),
        (1, 1),
        (6, 1),
        (7, 7),
        (21, 21),
        (400, 21),
    ],
)
def test_the_latest_step_reached(offset: int, step: Step | None) -> None:
    found = reached(DUE, day(offset), NOTHING)
    assert (found.day if found else None) == step


def test_told_once() -> None:
    assert reached(DUE, day(-14), frozenset({-30, -14})) is None
    assert reached(DUE, day(-13), frozenset({-14})) is None


def test_what_an_outage_swallowed_is_recorded_not_sent() -> None:
    found = reached(DUE, day(8), frozenset({-30}))
    assert found == Due(7, (-14, -7, -1, 1))


def test_before_and_after() -> None:
    assert [is_before(step) for step, _day in LADDER] == [True] * 4 + [False] * 3


class TestToTell:
    def test_not_before_seven_on_the_readers_clock(self) -> None:
        lima = "America/Lima"
        early = datetime(2026, 4, 29, 11, 59, tzinfo=UTC)
        assert to_tell([owed(lima)], {}, early, lima) == []
        assert len(to_tell([owed(lima)], {}, early + timedelta(minutes=1), lima)) == 1

    def test_overdue_first(self) -> None:
        now = datetime(2026, 5, 1, 12, tzinfo=UTC)
        items = [owed(number=1, due_on=date(2026, 5, 8)), owed(number=2), owed(number=3, due_on=date(2026, 4, 1))]
        assert [o.report_id for o, _d in to_tell(items, {}, now, "UTC")] == [3, 2, 1]

    def test_nothing_once_the_cycle_has_closed_there(self) -> None:
        zone = "America/Los_Angeles"
        closed = owed(zone, last_day=date(2026, 5, 1))
        assert to_tell([closed], {}, datetime(2026, 5, 2, 6, 59, tzinfo=UTC), "Europe/Paris")
        assert not to_tell([closed], {}, datetime(2026, 5, 2, 7, 0, tzinfo=UTC), "Europe/Paris")


ZONES = ["America/Santiago", "America/Havana", "America/Asuncion", "America/Sao_Paulo", "Pacific/Apia", "UTC"]
YEARS = [2017, 2019, 2023, 2025, 2026]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("minutes", [15, 60])
def test_change_of_clocks_neither_skips_nor_doubles(zone: str, year: int, minutes: int) -> None:
    """A run every quarter of an hour around every change of the year: each step exactly once, on its day, from seven.

    A job at local midnight would be skipped in Santiago and Havana in spring, and run twice in autumn.
    """
    changes = _changes(zone, year) or [datetime(year, 3, 10, tzinfo=UTC)]
    for change in changes:
        # The change falls on the day of the step "one day before".
        due_on = change.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
        item, ledger, told = owed(zone, due_on, due_on + timedelta(days=90)), {}, []
        now = change - timedelta(days=8)
        while now < change + timedelta(days=9):
            for found, due in to_tell([item], ledger, now, zone):
                key = (found.report_id, found.due_on)
                ledger[key] = ledger.get(key, frozenset()) | {due.step, *due.missed}
                told.append((due.step, now.astimezone(ZoneInfo(zone))))
            now += timedelta(minutes=minutes)
        counted = Counter(step for step, _at in told)
        assert all(times == 1 for times in counted.values())
        expected = [(s, due_on + timedelta(days=d)) for s, d in LADDER if -7 <= d <= 7]
        assert [(step, at.date()) for step, at in told][-4:] == expected
        assert all(at.hour == 7 for _step, at in told[-4:])


def _changes(zone: str, year: int) -> list[datetime]:
    """The hours of a year in which the clocks there change."""
    start = datetime(year, 1, 1, tzinfo=UTC)
    hours = [start + timedelta(hours=h) for h in range(365 * 24)]
    offsets = [h.astimezone(ZoneInfo(zone)).utcoffset() for h in hours]
    return [hours[i] for i in range(1, len(hours)) if offsets[i] != offsets[i - 1]]


def test_foreseen_is_what_happens() -> None:
    zone = "America/Santiago"
    items = [owed(zone), owed(zone, due_on=date(2026, 5, 5), number=2, last_day=date(2026, 5, 20))]
    start = datetime(2026, 3, 20, 15, tzinfo=UTC)
    foreseen = [(at, [(o.report_id, d.step) for o, d in told]) for at, told in foresee(items, {}, start, zone, days=90)]
    ledger: dict[tuple[int, date], frozenset[Step]] = {}
    happened = []
    for hour in range(24 * 92):
        now = start + timedelta(hours=hour)
        told = to_tell(items, ledger, now, zone)
        for o, d in told:
            key = (o.report_id, o.due_on)
            ledger[key] = ledger.get(key, frozenset()) | {d.step, *d.missed}
        if told:
            happened.append((now.astimezone(ZoneInfo(zone)).date(), [(o.report_id, d.step) for o, d in told]))
    assert foreseen == happened
    assert len(foreseen) > 8
