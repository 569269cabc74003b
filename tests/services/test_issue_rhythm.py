"""What the clock issues, and when: ends of cycles, rhythms of States, the hemispheric report."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.cast import PEOPLE, Cast
from tests.issue_scene import begin, finish, issue, read
from tracker.domain.errors import NotPermitted, NotVisible, Stale, Unmet
from tracker.domain.vocabulary import IssueRhythm, PublicationKind, PublicationState
from tracker.models import Commitment, StatusReportMail
from tracker.services import issue_reasons, issue_rhythm, status_report_mail
from tracker.services.issue_rhythm import Due, next_after, period_of

QUARTERLY, HALF, YEARLY = IssueRhythm.QUARTERLY, IssueRhythm.HALF_YEARLY, IssueRhythm.YEARLY
CLOSED = datetime(2026, 7, 2, 12, tzinfo=UTC)


def due(cast: Cast) -> list[Due]:
    with cast.reading() as session:
        return issue_rhythm.due(session, cast.clock.now())


def set_rhythm(
    cast: Cast, rhythm: IssueRhythm, seen: str = "issue_never", name: str = "admin", code: str = "BR"
) -> None:
    actor = cast.actor(name)
    with cast.writing() as session:
        issue_rhythm.set_rhythm(session, code, rhythm, seen=seen, actor=actor, now=cast.clock.now())


def run(cast: Cast, one: Due) -> int:
    with cast.writing() as session:
        issue_id = issue_rhythm.begin(session, one, cast.clock.now())
    assert finish(cast, issue_id)
    return issue_id


@pytest.mark.parametrize(
    ("rhythm", "day", "key", "first", "following"),
    [
        (QUARTERLY, date(2026, 1, 1), "2026-Q1", date(2026, 1, 1), date(2026, 4, 1)),
        (QUARTERLY, date(2026, 12, 31), "2026-Q4", date(2026, 10, 1), date(2027, 1, 1)),
        (HALF, date(2026, 6, 30), "2026-H1", date(2026, 1, 1), date(2026, 7, 1)),
        (HALF, date(2026, 7, 1), "2026-H2", date(2026, 7, 1), date(2027, 1, 1)),
        (YEARLY, date(2028, 2, 29), "2028", date(2028, 1, 1), date(2029, 1, 1)),
    ],
)
def test_periods(rhythm: IssueRhythm, day: date, key: str, first: date, following: date) -> None:
    assert period_of(rhythm, day) == (key, first)
    assert next_after(rhythm, day) == following


def test_a_quarter_is_issued_once_on_its_first_day_in_the_states_own_zone(any_cast: Cast) -> None:
    set_rhythm(any_cast, QUARTERLY)
    assert due(any_cast) == [], "the quarter that goes on is not made up for"
    any_cast.clock.set(datetime(2026, 4, 1, 2, 59, tzinfo=UTC))
    assert due(any_cast) == []
    any_cast.clock.set(datetime(2026, 4, 1, 3, 0, tzinfo=UTC))  # midnight in Brasília
    one = Due(PublicationKind.STATUS_REPORT, "br", "2026-Q2")
    assert due(any_cast) == [one]
    first = read(any_cast, run(any_cast, one))
    assert (first.by_clock, first.is_as_of_date, first.state) == (True, True, PublicationState.ISSUED)
    assert due(any_cast) == []
    with pytest.raises(Unmet), any_cast.writing() as session:
        issue_rhythm.begin(session, one, any_cast.clock.now())
    any_cast.clock.set(datetime(2026, 6, 30, 12, tzinfo=UTC))
    assert due(any_cast) == []


def test_a_server_that_stood_still_issues_the_period_that_goes_on_and_no_older_one(cast: Cast) -> None:
    set_rhythm(cast, QUARTERLY)
    with cast.writing() as session:
        session.execute(sa.insert(StatusReportMail), [  # the ends of cycles are another matter
            {"party_id": row[0], "cycle_id": row[1], "at": cast.clock.now()}
            for row in session.execute(sa.text("SELECT DISTINCT party_id, cycle_id FROM progress_report"))
        ])  # fmt: skip
    cast.clock.set(datetime(2026, 11, 20, tzinfo=UTC))
    assert [one.period for one in due(cast) if one.subject == "br"] == ["2026-Q4"]


def test_a_state_that_left_is_left_alone(any_cast: Cast) -> None:
    set_rhythm(any_cast, QUARTERLY)
    party = any_cast.party_id("BR")
    any_cast.clock.set(datetime(2026, 4, 2, tzinfo=UTC))
    assert len(due(any_cast)) == 1
    with any_cast.writing() as session:
        session.execute(
            sa.update(Commitment).where(Commitment.party_id == party).values(frozen_at=any_cast.clock.now())
        )
    assert due(any_cast) == []


def test_the_end_of_a_cycle_replaces_what_was_issued_by_hand(any_cast: Cast) -> None:
    early = issue(any_cast, "br-2026")
    any_cast.clock.set(CLOSED)
    one = next(one for one in due(any_cast) if one.subject == "br-2026")
    assert one.period == "end-of-cycle"
    late = read(any_cast, run(any_cast, one))
    early = read(any_cast, early.id)
    assert (early.state, early.reason) == (PublicationState.REPLACED, issue_reasons.CYCLE_ENDED)
    assert late.replaces_code == early.code
    assert one not in due(any_cast)


def test_nothing_is_begun_while_the_same_is_being_prepared(any_cast: Cast) -> None:
    begin(any_cast, "br-2026")
    any_cast.clock.set(CLOSED)
    one = next(one for one in due(any_cast) if one.subject == "br-2026")
    with any_cast.reading() as session:
        assert not issue_rhythm.can_begin(session, one)
        assert issue_rhythm.can_begin(session, next(o for o in due(any_cast) if o.subject == "gt-2026"))


def test_the_hemispheric_report_comes_when_the_cycle_ended_for_all(any_cast: Cast) -> None:
    any_cast.clock.set(CLOSED)
    assert [one for one in due(any_cast) if one.kind is PublicationKind.HEMISPHERIC_REPORT] == []
    with any_cast.writing() as session:
        for party_id, cycle_id in status_report_mail.due(session, any_cast.clock.now()):
            session.add(StatusReportMail(party_id=party_id, cycle_id=cycle_id, at=any_cast.clock.now()))
    assert due(any_cast) == [Due(PublicationKind.HEMISPHERIC_REPORT, "hemispheric-2026", "end-of-cycle")]
    any_cast.clock.advance(days=400)
    assert due(any_cast) == [], "a cycle of long ago is history"


def test_the_hemispheric_report_is_issued(cast: Cast) -> None:
    one = issue(cast, "hemispheric-2026", None)
    assert (one.number, one.party_code) == ("HR 1/2026", None)
    assert issue(cast, "br-2026", None).number == "SR 1/2026"


def test_a_rhythm_is_set_by_who_saw_the_one_before(any_cast: Cast) -> None:
    set_rhythm(any_cast, YEARLY)
    with pytest.raises(Stale):
        set_rhythm(any_cast, QUARTERLY)
    with pytest.raises(NotVisible):
        set_rhythm(any_cast, QUARTERLY, code="ICA")
    set_rhythm(any_cast, YEARLY, seen="issue_yearly")
    any_cast.clock.advance(days=1)
    with any_cast.reading() as session:
        [line] = [one for one in issue_rhythm.listing(session, any_cast.clock.now()) if one.code == "BR"]
    assert (line.rhythm, line.next_on, line.subjects) == (YEARLY, date(2027, 1, 1), [("2026", "br-2026")])


@pytest.mark.parametrize("name", sorted(set(PEOPLE) - {"admin", "admin2"}))
def test_refused_to_all_others(cast: Cast, name: str) -> None:
    with pytest.raises(NotPermitted):
        set_rhythm(cast, YEARLY, name=name)


def test_whoever_issues_by_hand_is_left_two_minutes(cast: Cast) -> None:
    from tracker.services import issued_reports

    one, now = begin(cast, "br-2026"), cast.clock.now()
    with cast.reading() as session:
        assert issued_reports.unfinished(session, before=now - timedelta(minutes=2)) == []
        assert issued_reports.unfinished(session, before=now + timedelta(minutes=1)) == [one]
