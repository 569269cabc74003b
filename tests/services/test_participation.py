"""Periods of participation and what they freeze, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.cast import Cast
from tracker.domain.deadlines import ends_at
from tracker.domain.errors import NotPermitted, Stale, Unmet
from tracker.domain.vocabulary import ReportState, Visibility
from tracker.jobs import run_job
from tracker.models import AuditEntry, Commitment, HistoryEntry, Participation, ProgressReport
from tracker.services import cycles, participation, publication

YESTERDAY = date(2026, 3, 1)
"""By the clock of the tests."""


def leave(
    cast: Cast, last_day: date | None = YESTERDAY, reason: str = "A note of the invented kind.", **more: Any
) -> None:
    with cast.writing() as session:
        party = participation.state(session, "br", locked=True)
        assert party is not None
        period = participation.current(party)
        arguments: dict[str, Any] = {"seen_period": period.id if period else 0, "actor": cast.actor("admin"), **more}
        participation.end(session, party, last_day=last_day, reason=reason, now=cast.clock.now(), **arguments)


def come_back(cast: Cast, first_day: date | None, reason: str = "It is back.") -> None:
    with cast.writing() as session:
        party = participation.state(session, "BR", locked=True)
        assert party is not None
        participation.begin(
            session,
            party,
            first_day=first_day,
            reason=reason,
            seen_period=party.participations[-1].id,
            actor=cast.actor("admin"),
            now=cast.clock.now(),
        )


def frozen(cast: Cast, code: str = "BR") -> tuple[int, int]:
    """How many of the State's commitments are frozen, of how many."""
    party = cast.party_id(code)
    with cast.reading() as session:
        row = session.execute(
            sa.select(sa.func.count(Commitment.frozen_at), sa.func.count()).where(Commitment.party_id == party)
        ).one()
        return row[0], row[1]


def entries(cast: Cast, action: str) -> list[HistoryEntry]:
    with cast.reading() as session:
        return list(session.scalars(sa.select(HistoryEntry).where(HistoryEntry.action == action)))


def test_leaving_freezes_and_says_so(any_cast: Cast) -> None:
    leave(any_cast)
    assert frozen(any_cast) == (15, 15)
    assert frozen(any_cast, "GT") == (0, 15)
    found = entries(any_cast, "frozen")
    assert len(found) == 15
    assert {e.visibility for e in found} == {Visibility.PUBLIC}
    assert {e.comment for e in found} == {"A note of the invented kind."}
    with any_cast.reading() as session:
        events = list(session.scalars(sa.select(AuditEntry.event).where(AuditEntry.event.like("participation.%"))))
    assert events == ["participation.end", "participation.freeze"]


def test_nothing_is_deleted_and_the_past_stays(any_cast: Cast) -> None:
    published = any_cast.report_id("BR", "CS-02")
    any_cast.bring_to(published, ReportState.PUBLISHED)
    leave(any_cast)
    with any_cast.reading() as session:
        report = session.get_one(ProgressReport, published)
        assert report.state is ReportState.PUBLISHED
        assert report.published_assessment_id is not None
        period = session.scalars(sa.select(Participation).where(Participation.party_id == report.party_id)).one()
        assert period.reason == "Takes part by default (catalogue)."
        assert period.ends_on == YESTERDAY


def test_a_last_day_ahead_freezes_when_it_is_over_there(any_cast: Cast) -> None:
    last = date(2026, 3, 20)
    leave(any_cast, last)
    over = ends_at(last, "America/Sao_Paulo")
    assert frozen(any_cast)[0] == 0
    with any_cast.reading() as session:
        assert participation.out_of_step(session, now=over - timedelta(seconds=1)) == []
        assert participation.out_of_step(session, now=over) == [any_cast.party_id("BR")]
    for expected in (15, 0):
        with any_cast.writing() as session:
            assert participation.settle_by_clock(session, any_cast.party_id("BR"), now=over) == expected
    assert len(entries(any_cast, "frozen")) == 15
    assert entries(any_cast, "frozen")[0].actor_id is None


def test_coming_back_resumes_from_the_first_day(any_cast: Cast) -> None:
    leave(any_cast)
    come_back(any_cast, date(2026, 3, 10))
    assert frozen(any_cast)[0] == 15
    any_cast.clock.set(datetime(2026, 3, 10, 3, 0, tzinfo=UTC))
    with any_cast.writing() as session:
        assert participation.settle_by_clock(session, any_cast.party_id("BR"), now=any_cast.clock.now()) == 15
    assert frozen(any_cast)[0] == 0
    assert len(entries(any_cast, "resumed")) == 15
    with any_cast.reading() as session:
        assert participation.out_of_step(session, now=any_cast.clock.now()) == []


def test_what_stands_is_in_step(any_cast: Cast) -> None:
    with any_cast.reading() as session:
        assert participation.out_of_step(session, now=any_cast.clock.now()) == []


def test_frozen_commitments_get_no_report_until_the_state_is_back(any_cast: Cast) -> None:
    leave(any_cast)
    brazil = any_cast.party_id("BR")
    with any_cast.reading() as session:
        foreseen = sum(e.reports for e in cycles.expected(session, date(2027, 3, 1)))
    assert foreseen == 493 - 15
    with any_cast.reading() as session:
        taking_part = [p.id for p in cycles.taking_part(session, date(2027, 3, 1))]
        assert brazil not in taking_part
        assert brazil in [p.id for p in cycles.taking_part(session, YESTERDAY)]


def test_what_is_confirmed_is_published_all_the_same(any_cast: Cast) -> None:
    report_id = any_cast.report_id("BR", "CS-02")
    any_cast.bring_to(report_id, ReportState.OPEN_FOR_COMMENT)
    leave(any_cast)
    any_cast.clock.advance(days=40)
    with any_cast.writing() as session:
        assert publication.windows_over(session, now=any_cast.clock.now()) == [report_id]
        assert publication.publish_by_clock(session, report_id, now=any_cast.clock.now())


def test_the_effect_is_told_before(any_cast: Cast) -> None:
    for code, wanted in (
        ("CS-02", ReportState.SUBMITTED),
        ("CS-04", ReportState.UNDER_REVIEW),
        ("CS-05", ReportState.OPEN_FOR_COMMENT),
        ("CS-06", ReportState.PUBLISHED),
        ("CS-07", ReportState.RETURNED),
    ):
        any_cast.bring_to(any_cast.report_id("BR", code), wanted)
    with any_cast.reading() as session:
        party = participation.state(session, "BR")
        assert party is not None
        effect = participation.effect(session, party, now=any_cast.clock.now())
        much_later = participation.effect(session, party, now=any_cast.clock.now() + timedelta(days=365))
    assert effect == participation.Effect(15, with_the_state=11, with_the_secretariat=2, open_for_comment=1)
    assert much_later == participation.Effect(15, 0, 0, 0)


@pytest.mark.parametrize(
    ("last_day", "reason", "field", "code"),
    [
        (None, "x", "last_day", "required"),
        (date(1900, 1, 1), "x", "last_day", "before_start"),
        (date(2099, 1, 1), "x", "last_day", "too_far"),
        (YESTERDAY, "", "reason", "required"),
    ],
)
def test_an_end_names_its_problems(any_cast: Cast, last_day: date | None, reason: str, field: str, code: str) -> None:
    with pytest.raises(Unmet) as refusal:
        leave(any_cast, last_day, reason)
    assert refusal.value.problems == {field: code}
    assert frozen(any_cast)[0] == 0


def test_a_beginning_names_its_problems(any_cast: Cast) -> None:
    for day, code in ((None, "required"), (date(2026, 3, 2), "taking_part")):
        with pytest.raises(Unmet) as refusal:
            come_back(any_cast, day)
        assert refusal.value.problems["first_day"] == code
    leave(any_cast)
    for day, code in ((YESTERDAY, "overlaps"), (date(2099, 1, 1), "too_far")):
        with pytest.raises(Unmet) as refusal:
            come_back(any_cast, day)
        assert refusal.value.problems["first_day"] == code


def test_a_second_click_changes_nothing(any_cast: Cast) -> None:
    leave(any_cast)
    with pytest.raises(Stale):
        leave(any_cast, seen_period=1)
    assert len(entries(any_cast, "frozen")) == 15


@pytest.mark.parametrize("name", ["reviewer", "focal.br", "approver.br", "observer", "secretariat"])
def test_is_for_administrators(any_cast: Cast, name: str) -> None:
    with pytest.raises(NotPermitted):
        leave(any_cast, actor=any_cast.actor(name))


@pytest.mark.parametrize("code", ["", "B", "BRA", "GS", "ICA", "b\0", "٣٣", "br ", "zz"])
def test_only_member_states_are_found(any_cast: Cast, code: str) -> None:
    with any_cast.reading() as session:
        assert participation.state(session, code) is None


def test_the_job_settles_it_once(any_cast: Cast) -> None:
    last = date(2026, 3, 20)
    leave(any_cast, last)
    over = ends_at(last, "America/Sao_Paulo")
    assert [run_job(any_cast.app, "participation", now).done for now in (over - timedelta(seconds=1), over, over)] == [
        0,
        1,
        0,
    ]
    assert frozen(any_cast) == (15, 15)
