"""The ladder: the latest step only, once, on the reader's working days, whatever the clocks do."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tracker.domain.deadlines import local_date
from tracker.domain.reminders import (
    SHIPPED,
    Reader,
    foresee,
    is_before,
    is_open,
    last_day,
    passed_over,
    reached,
    sending_day,
    steps_for,
    to_tell,
)
from tracker.domain.vocabulary import ReminderRhythm, Rung
from tracker.domain.working_days import WorkCalendar

DUE = date(2026, 4, 30)
"""A Thursday."""
MAIN = steps_for(SHIPPED, alternate=False)
PLAIN = WorkCalendar()
EVERY_DAY = Reader("UTC")


def day(offset: int) -> date:
    return DUE + timedelta(days=offset)


class TestLadder:
    def test_who_is_told_of_which_steps(self) -> None:
        assert MAIN == (-30, -14, -7, -1, 1, 7, 21)
        assert steps_for(SHIPPED, alternate=True) == (7, 21)

    def test_the_rungs_of_staff_go_by_no_mail(self) -> None:
        ladder = ((-5, Rung.FOCAL_POINT), (3, Rung.ALTERNATE), (30, Rung.AUTHORITY), (45, Rung.MISSION))
        assert steps_for(ladder, alternate=False) == (-5, 3)
        assert steps_for(ladder, alternate=True) == (3,)

    @pytest.mark.parametrize(
        ("step", "wanted"),
        [
            (-30, date(2026, 3, 31)),
            (-14, date(2026, 4, 16)),
            (-5, date(2026, 4, 24)),
            (-4, date(2026, 4, 24)),
            (0, DUE),
            (1, date(2026, 5, 4)),
            (2, date(2026, 5, 4)),
            (5, date(2026, 5, 5)),
        ],
    )
    def test_before_the_date_never_later_and_after_it_never_earlier(self, step: int, wanted: date) -> None:
        mayday = WorkCalendar(frozenset({date(2026, 5, 1)}))
        assert sending_day(DUE, step, mayday) == wanted

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
    def test_the_latest_step_reached(self, offset: int, step: int | None) -> None:
        assert reached(DUE, MAIN, day(offset), PLAIN) == step

    def test_told_once(self) -> None:
        assert to_tell(DUE, MAIN, -14, day(-14), EVERY_DAY) is None
        assert to_tell(DUE, MAIN, -14, day(-13), EVERY_DAY) is None
        assert to_tell(DUE, MAIN, -30, day(-14), EVERY_DAY) == -14

    def test_a_changed_ladder_never_repeats(self) -> None:
        assert to_tell(DUE, (-20, -10), -14, day(-15), EVERY_DAY) is None
        assert to_tell(DUE, (-20, -10), -14, day(-10), EVERY_DAY) == -10

    def test_what_an_outage_swallowed_is_passed_over(self) -> None:
        assert to_tell(DUE, MAIN, -30, day(8), EVERY_DAY) == 7
        assert passed_over(MAIN, 7) == (-30, -14, -7, -1, 1)

    def test_before_and_after(self) -> None:
        assert [is_before(step) for step in MAIN] == [True] * 4 + [False] * 3

    def test_the_last_day_ends_in_the_partys_zone(self) -> None:
        assert last_day(date(2026, 5, 1), date(2026, 4, 1)) == last_day(date(2026, 4, 1), date(2026, 5, 1))
        zone = "America/Los_Angeles"
        assert is_open(date(2026, 5, 1), zone, datetime(2026, 5, 2, 6, 59, tzinfo=UTC))
        assert not is_open(date(2026, 5, 1), zone, datetime(2026, 5, 2, 7, 0, tzinfo=UTC))


class TestReader:
    def test_not_before_the_own_hour(self) -> None:
        early = datetime(2026, 4, 29, 11, 59, tzinfo=UTC)
        lima = Reader("America/Lima")
        assert not lima.is_time(early)
        assert lima.settled_day(early) == date(2026, 4, 28)
        assert lima.is_time(early + timedelta(minutes=1))
        assert not Reader("America/Lima", hour=9).is_time(early + timedelta(hours=1))

    def test_neither_away_nor_bouncing_nor_on_a_holiday(self) -> None:
        holiday = WorkCalendar(frozenset({DUE}))
        assert EVERY_DAY.can_be_told(DUE)
        assert not Reader("UTC", holiday).can_be_told(DUE)
        assert not EVERY_DAY.can_be_told(date(2026, 5, 2))
        assert not Reader("UTC", away_until=DUE).can_be_told(DUE)
        assert Reader("UTC", away_until=day(-1)).can_be_told(DUE)
        assert not Reader("UTC", bounced=True).can_be_told(DUE)

    def test_once_a_week_gathers_on_mondays_but_what_presses(self) -> None:
        weekly = Reader("UTC", rhythm=ReminderRhythm.WEEKLY)
        told = list(foresee(DUE, MAIN, None, weekly, day(-40), day(40)))
        assert told == [
            (date(2026, 4, 6), -30),
            (date(2026, 4, 20), -14),
            (date(2026, 4, 27), -7),
            (date(2026, 4, 29), -1),
            (date(2026, 5, 1), 1),
            (date(2026, 5, 7), 7),
            (date(2026, 5, 21), 21),
        ]

    def test_who_comes_back_is_told_of_the_latest_step(self) -> None:
        away = Reader("UTC", away_until=day(-3))
        assert list(foresee(DUE, MAIN, None, away, day(-40), day(3))) == [
            (date(2026, 4, 28), -7),
            (date(2026, 4, 29), -1),
            (date(2026, 5, 1), 1),
        ]


ZONES = ["America/Santiago", "America/Havana", "America/Asuncion", "America/Sao_Paulo", "Pacific/Apia", "UTC"]
YEARS = [2017, 2019, 2023, 2025, 2026]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("minutes", [15, 60])
def test_change_of_clocks_neither_skips_nor_doubles(zone: str, year: int, minutes: int) -> None:
    """A run every quarter of an hour around every change of the year: each step exactly once, on its day, at its hour.

    A job at local midnight would be skipped in Santiago and Havana in spring, and run twice in autumn. The hour of this
    reader is the one that is skipped or doubled.
    """
    changes = _changes(zone, year) or [datetime(year, 3, 10, tzinfo=UTC)]
    for change in changes:
        # The change falls on the day of the step "one day before"; the steps of each day show that none is lost.
        due_on = local_date(change, zone) + timedelta(days=1)
        reader = Reader(zone, hour=change.astimezone(ZoneInfo(zone)).hour)
        steps = tuple(range(-6, 7))
        told = list(_run(due_on, steps, reader, change - timedelta(days=8), change, minutes))
        counted = Counter(step for step, _at in told)
        assert all(times == 1 for times in counted.values())
        for step, now in told:
            assert local_date(now, zone) >= sending_day(due_on, step, reader.calendar)
            assert now.astimezone(ZoneInfo(zone)).hour >= reader.hour
        days = [local_date(now, zone) for _step, now in told]
        assert len(days) == len(set(days)) >= 8


def _run(
    due_on: date, steps: tuple[int, ...], reader: Reader, start: datetime, middle: datetime, minutes: int
) -> Iterator[tuple[int, datetime]]:
    """The job as it runs: look, tell, write down; a mail a day."""
    told: int | None = None
    mailed: date | None = None
    now = start
    while now < middle + timedelta(days=9):
        today = local_date(now, reader.time_zone)
        if reader.is_time(now) and reader.can_be_told(today) and mailed != today:
            step = to_tell(due_on, steps, told, today, reader)
            if step is not None:
                told, mailed = step, today
                yield step, now
        now += timedelta(minutes=minutes)


def _changes(zone: str, year: int) -> list[datetime]:
    """The hours of a year in which the clocks there change."""
    start = datetime(year, 1, 1, tzinfo=UTC)
    hours = [start + timedelta(hours=h) for h in range(365 * 24)]
    offsets = [h.astimezone(ZoneInfo(zone)).utcoffset() for h in hours]
    return [hours[i] for i in range(1, len(hours)) if offsets[i] != offsets[i - 1]]


@pytest.mark.parametrize("number", range(200))
def test_foreseen_is_what_happens(number: int) -> None:
    """Computed at once, and walked day by day: the same days and steps, whatever the ladder and the person."""
    chance = random.Random(number)  # noqa: S311
    due_on = date(2026, 4, 1) + timedelta(days=chance.randrange(60))
    steps = tuple(sorted(chance.sample(range(-40, 40), chance.randrange(1, 9))))
    start = date(2026, 3, 1) + timedelta(days=chance.randrange(60))
    until = start + timedelta(days=100)
    holidays = frozenset(start + timedelta(days=chance.randrange(100)) for _n in range(chance.randrange(15)))
    reader = Reader(
        "UTC",
        WorkCalendar(holidays),
        rhythm=chance.choice(list(ReminderRhythm)),
        away_until=chance.choice([None, start + timedelta(days=chance.randrange(50))]),
    )
    before = chance.choice([None, *steps])
    walked, told, today = [], before, start
    while today <= until:
        step = to_tell(due_on, steps, told, today, reader) if reader.can_be_told(today) else None
        if step is not None:
            told = step
            walked.append((today, step))
        today += timedelta(days=1)
    assert list(foresee(due_on, steps, before, reader, start, until)) == walked
