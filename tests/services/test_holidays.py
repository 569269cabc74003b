"""Holidays: one day, pasted lines, the year before; who may enter them; on both databases."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from tests.cast import PEOPLE, Cast
from tracker.domain.errors import NotPermitted, NotVisible, Unmet
from tracker.models import AuditEntry, Holiday
from tracker.services import holidays

INDEPENDENCE = (date(2026, 9, 7), "Independência")
LEAP = (date(2028, 2, 29), "Invented leap day")


def add(cast: Cast, *days: tuple[date, str], code: str = "br", name: str = "admin", explanation: str = "") -> int:
    with cast.writing() as session:
        party = holidays.party(session, code, locked=True)
        return holidays.add(session, party, days, explanation=explanation, actor=cast.actor(name), now=cast.clock.now())


def copy(cast: Cast, year: int) -> int:
    with cast.writing() as session:
        party = holidays.party(session, "BR", locked=True)
        return holidays.copy_year(session, party, year=year, actor=cast.actor("admin"), now=cast.clock.now())


def days(cast: Cast, code: str = "BR") -> dict[date, str]:
    with cast.reading() as session:
        listed = holidays.listing(session, holidays.party(session, code).id)
        return {row.day: row.name for rows in listed.values() for row in rows}


def test_days_are_entered_renamed_copied_and_taken_away(any_cast: Cast) -> None:
    assert add(any_cast, INDEPENDENCE, LEAP) == 2
    assert add(any_cast, INDEPENDENCE) == 0
    assert add(any_cast, (INDEPENDENCE[0], "Dia da Independência")) == 1
    assert copy(any_cast, 2026) == 1
    assert copy(any_cast, 2026) == 0
    assert copy(any_cast, 2028) == 0
    assert days(any_cast) == {
        date(2026, 9, 7): "Dia da Independência",
        date(2027, 9, 7): "Dia da Independência",
        LEAP[0]: LEAP[1],
    }
    party = any_cast.party_id("BR")
    with any_cast.reading() as session:
        assert holidays.calendars(session) == {party: frozenset(days(any_cast))}
        ids = session.scalars(sa.select(Holiday.id)).all()
    with any_cast.writing() as session:
        for holiday_id in (*ids, ids[0]):
            record = holidays.party(session, "br", locked=True)
            holidays.remove(session, record, holiday_id, actor=any_cast.actor("admin"), now=any_cast.clock.now())
    assert days(any_cast) == {}
    with any_cast.reading() as session:
        entries = session.scalars(sa.select(AuditEntry).where(AuditEntry.event.like("holiday.%"))).all()
        assert [entry.event for entry in entries] == ["holiday.add"] * 3 + ["holiday.remove"] * 3
        assert {entry.party_id for entry in entries} == {party}
        assert entries[0].new == {"days": ["2026-09-07", "2028-02-29"]}


def test_pasted_lines_are_read_and_wrong_ones_named() -> None:
    text = "\n".join(
        [
            "2026-09-07 Independência",
            "",
            "2026-12-25;\tNatal",
            "07/09/2026 Independência",
            "2026-02-30 No day",
            "2026-10-12",
            "1999-01-01 Too early",
            "2026-12-25 Another name",
            "2026-11-02 " + "a" * 201,
            "2026-11-20 a\x00b",
            "2026-11-15x",
            "٢٠٢٦-09-07 Digits",
            "2026-09-07 Independência",
        ]
    )
    found, bad = holidays.read(text)
    assert found == [(date(2026, 9, 7), "Independência"), (date(2026, 12, 25), "Natal")]
    assert [(one.number, one.problem) for one in bad] == [
        (4, "no_date"),
        (5, "no_date"),
        (6, "no_name"),
        (7, "out_of_range"),
        (8, "twice"),
        (9, "too_long"),
        (10, "unusable"),
        (11, "no_date"),
        (12, "no_date"),
    ]


def test_nonsense_is_refused(cast: Cast) -> None:
    for wanted in ((), ((date(1999, 1, 1), "Old"),), ((date(2026, 1, 1), ""),), ((date(2026, 1, 1), "a@b.example"),)):
        with pytest.raises(Unmet):
            add(cast, *wanted)
    with pytest.raises(Unmet):
        copy(cast, 2026)
    for code in ("xx", "ICA", "", "br' OR 1=1"):
        with pytest.raises(NotVisible):
            add(cast, INDEPENDENCE, code=code)


def test_another_partys_day_cannot_be_taken_away(cast: Cast) -> None:
    add(cast, INDEPENDENCE, code="gt")
    actor, now = cast.actor("admin"), cast.clock.now()
    with cast.writing() as session:
        day, brazil = session.scalars(sa.select(Holiday.id)).one(), holidays.party(session, "br")
        with pytest.raises(NotVisible):
            holidays.remove(session, brazil, day, actor=actor, now=now)


@pytest.mark.parametrize("name", sorted(PEOPLE.keys() - {"admin", "admin2"}))
def test_only_administrators(cast: Cast, name: str) -> None:
    with pytest.raises(NotPermitted):
        add(cast, INDEPENDENCE, name=name)
    with cast.reading() as session:
        party, actor, now = holidays.party(session, "br"), cast.actor(name), cast.clock.now()
        with pytest.raises(NotPermitted):
            holidays.copy_year(session, party, year=2026, actor=actor, now=now)
        with pytest.raises(NotPermitted):
            holidays.remove(session, party, 1, actor=actor, now=now)
