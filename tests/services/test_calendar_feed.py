"""The private calendar: what each role finds in it, and how it moves; on both databases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from icalendar import Calendar

from tests.cast import CYCLE, Cast
from tracker.documents import calendar
from tracker.domain.calendar import Event, Feed
from tracker.domain.errors import NotVisible
from tracker.domain.vocabulary import ExtensionDecision, ReportState
from tracker.models import Assignment, AuditEntry, Extension, ProgressReport, Provision, ReportingCycle, User
from tracker.services import calendar_feed, cycles, extensions, reports

pytestmark = pytest.mark.both_databases
CS03 = "CS-03"


def key(cast: Cast, name: str) -> str:
    """The person's key, made where there is none."""
    actor = cast.actor(name)
    with cast.writing() as session:
        user = session.get_one(User, actor.user_id)
        if user.calendar_key is None:
            calendar_feed.make_address(session, actor=actor, now=cast.clock.now())
        assert user.calendar_key
        return user.calendar_key


def feed(cast: Cast, name: str) -> Feed:
    found = key(cast, name)
    with cast.reading() as session:
        return calendar_feed.feed(session, found, now=cast.clock.now())


def about(cast: Cast, name: str, code: str = CS03) -> list[Event]:
    return [event for event in feed(cast, name).events if code in event.title]


def _in_english(cast: Cast, name: str) -> list[Event]:
    with cast.writing() as session:
        session.get_one(User, cast.actor(name).user_id).language = "en"
    return about(cast, name)


def test_a_focal_point_has_the_due_dates_and_the_days_of_the_cycle(any_cast: Cast) -> None:
    found = feed(any_cast, "focal.us")
    [event] = [event for event in found.events if CS03 in event.title]
    assert event.day == date(2026, 4, 30)
    assert event.title.startswith("Report due: CS-03 ")
    assert event.url == f"http://tracker.test/commitments/{any_cast.commitment_id('US', CS03)}"
    assert event.uid == f"report-{any_cast.report_id('US', CS03)}-due@tracker.test"
    assert [(e.day, e.title) for e in found.events if "submit" in e.title] == [
        (date(2026, 6, 30), "Last day to submit: 2026")
    ]
    assert not any(e.title.startswith("Reporting opens") for e in found.events)
    assert found.language == "en"


def test_a_date_that_moves_keeps_its_name_and_grows(any_cast: Cast) -> None:
    [before] = about(any_cast, "focal.us")
    report_id, actor = any_cast.report_id("US", CS03), any_cast.actor("focal.us")
    any_cast.clock.advance(days=1)
    with any_cast.writing() as session:
        report = any_cast._report(session, report_id)
        extensions.ask(
            session,
            [report],
            until=date(2026, 5, 20),
            reason="An invented reason.",
            actor=actor,
            now=any_cast.clock.now(),
        )
    waiting = [e for e in feed(any_cast, "reviewer").events if e.uid.startswith(f"report-{report_id}-extension-")]
    assert [(e.day, e.title.startswith("A later due date was asked for: US CS-03")) for e in waiting] == [
        (date(2026, 4, 30), True)
    ]
    any_cast.clock.advance(days=1)
    with any_cast.writing() as session:
        extensions.decide(
            session,
            list(session.scalars(sa.select(Extension))),
            decision=ExtensionDecision.GRANTED,
            reason="An invented reason.",
            actor=any_cast.actor("reviewer"),
            now=any_cast.clock.now(),
        )
    [after] = about(any_cast, "focal.us")
    assert (after.uid, after.day) == (before.uid, date(2026, 5, 20))
    assert after.sequence > before.sequence
    assert after.changed_at == any_cast.clock.now()
    assert not [e for e in feed(any_cast, "reviewer").events if "-extension-" in e.uid]


def test_a_changed_cycle_moves_its_reports_and_its_own_days(any_cast: Cast) -> None:
    before = {e.uid: e for e in feed(any_cast, "focal.us").events}
    any_cast.clock.advance(days=1)
    with any_cast.writing() as session:
        cycle = session.scalars(sa.select(ReportingCycle).where(ReportingCycle.code == CYCLE)).one()
        wanted = cycles.CyclePlan(
            code=cycle.code,
            title=cycle.title,
            period_start=cycle.period_start,
            period_end=cycle.period_end,
            opens_on=cycle.opens_on,
            due_on=cycle.due_on + timedelta(days=7),
            closes_on=cycle.closes_on + timedelta(days=7),
            comment_days=cycle.comment_days,
        )
        cycles.change(
            session, cycle, wanted, seen_version=cycle.version, actor=any_cast.actor("admin"), now=any_cast.clock.now()
        )
    after = {e.uid: e for e in feed(any_cast, "focal.us").events}
    assert after.keys() == before.keys()
    for uid, event in after.items():
        assert event.day == before[uid].day + timedelta(days=7), uid
        assert event.sequence > before[uid].sequence, uid
        assert event.changed_at == any_cast.clock.now(), uid


def test_what_is_done_disappears_and_who_acts_next_has_it(any_cast: Cast) -> None:
    report_id = any_cast.report_id("BR", CS03)
    assert [e.title.split(":")[0] for e in _in_english(any_cast, "contributor.br")] == ["Your part is due"]
    assert about(any_cast, "approver.br") == []
    any_cast.bring_to(report_id, ReportState.AWAITING_APPROVAL)
    assert about(any_cast, "focal.br") == []
    assert about(any_cast, "contributor.br") == []
    [event] = about(any_cast, "approver.br")
    assert event.uid == f"report-{report_id}-approve@tracker.test"
    any_cast._step(report_id, reports.submit, "approver.br")
    assert about(any_cast, "approver.br") == []


def test_the_window_for_comment_is_for_the_state_its_reviewer_and_administrators(any_cast: Cast) -> None:
    any_cast.bring_to(any_cast.report_id("BR", CS03), ReportState.OPEN_FOR_COMMENT)
    for name, there in (
        ("focal.br", True),
        ("approver.br", True),
        ("reviewer", True),
        ("admin", True),
        ("reviewer2", False),
        ("contributor.br", False),
        ("focal.gt", False),
        ("observer", False),
    ):
        found = about(any_cast, name)
        assert bool([e for e in found if e.uid.endswith("-comment@tracker.test")]) is there, name
    [event] = about(any_cast, "admin")
    assert event.day == date(2026, 4, 1)
    assert "BR CS-03" in event.title


def test_parts_of_a_contributor_move_one_by_one(any_cast: Cast) -> None:
    me = any_cast.actor("contributor.us")
    [whole] = about(any_cast, "contributor.us")
    with any_cast.writing() as session:
        mine = session.scalars(sa.select(Assignment).where(Assignment.user_id == me.user_id)).one()
        mine.due_on = date(2026, 4, 10)
    [moved] = about(any_cast, "contributor.us")
    assert (moved.uid, moved.day) == (whole.uid, date(2026, 4, 10))
    assert len(feed(any_cast, "contributor.us").events) == 2  # and the last day to submit


def test_the_key_is_the_only_door(any_cast: Cast) -> None:
    actor, now, first = any_cast.actor("focal.us"), any_cast.clock.now(), key(any_cast, "focal.us")
    with any_cast.writing() as session:
        calendar_feed.make_address(session, actor=actor, now=now)
    second = key(any_cast, "focal.us")
    with any_cast.reading() as session:
        for dead in (first, "", "x" * 32, second.swapcase()):
            with pytest.raises(NotVisible):
                calendar_feed.feed(session, dead, now=now)
        assert calendar_feed.address(session, actor) == f"http://tracker.test/calendar/{second}.ics"
    for _twice in range(2):
        with any_cast.writing() as session:
            calendar_feed.remove_address(session, actor=actor, now=now)
    with any_cast.reading() as session:
        with pytest.raises(NotVisible):
            calendar_feed.feed(session, second, now=now)
        events = session.scalars(sa.select(AuditEntry.event).where(AuditEntry.event.like("calendar.%"))).all()
    assert list(events) == ["calendar.made", "calendar.made", "calendar.removed"]


def test_a_closed_account_has_no_calendar(any_cast: Cast) -> None:
    found = key(any_cast, "focal.us")
    with any_cast.writing() as session:
        session.execute(sa.update(User).where(User.calendar_key == found).values(active=False))
    with any_cast.reading() as session, pytest.raises(NotVisible):
        calendar_feed.feed(session, found, now=any_cast.clock.now())


def test_another_program_reads_the_file_back(any_cast: Cast) -> None:
    with any_cast.writing() as session:
        provision = session.scalars(sa.select(Provision).where(Provision.code == CS03)).one()
        provision.title = {
            **provision.title,
            "en": 'One, two; three\\ "four"\r\nATTACH:http://evil.example ' + "é" * 90,
        }
    content = calendar.make(feed(any_cast, "focal.us"))
    assert content == calendar.make(feed(any_cast, "focal.us"))
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\nATTACH" not in content
    read = Calendar.from_ical(content)
    entries = {str(entry["uid"]): entry for entry in read.walk("VEVENT")}
    entry = entries[f"report-{any_cast.report_id('US', CS03)}-due@tracker.test"]
    assert 'One, two; three\\ "four"' in str(entry["summary"])
    assert entry.decoded("dtstart") == date(2026, 4, 30)
    assert entry.decoded("dtend") == date(2026, 5, 1)
    assert int(str(entry["sequence"])) >= 1
    assert "ATTENDEE" not in entry
    assert "VALARM" not in content.decode()


def test_in_the_persons_language(any_cast: Cast) -> None:
    with any_cast.reading() as session:
        titles = session.scalars(sa.select(Provision.title).where(Provision.code == CS03)).one()
    [event] = about(any_cast, "focal.br")
    assert titles["pt"] in event.title


def test_frozen_and_left_states_have_nothing_due(any_cast: Cast) -> None:
    with any_cast.writing() as session:
        commitment = any_cast.commitment_id("US", CS03)
        report = session.scalars(sa.select(ProgressReport).where(ProgressReport.commitment_id == commitment)).one()
        report.commitment.frozen_at = any_cast.clock.now()
    assert about(any_cast, "focal.us") == []
