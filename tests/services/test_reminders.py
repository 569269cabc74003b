"""Reminders: one grouped mail per person and day, found by asking the data; nothing twice, nothing lost."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from tests.cast import ASSIGNED, Cast
from tracker.db import transaction
from tracker.domain.vocabulary import MessageState, ReportState
from tracker.models import (
    Assignment,
    Commitment,
    Message,
    Participation,
    ReminderEntry,
    ReportingCycle,
    Subscription,
    User,
)
from tracker.services import cycles, day_mail, reviews

MORNING = datetime(2026, 3, 31, 15, tzinfo=UTC)
"""Thirty days before the due date, after seven everywhere in the Americas."""


def run(cast: Cast, *, leaves: bool = True) -> list[str]:
    """One run of the job; the addresses that got a mail of reminders. Summaries have tests of their own.

    ``leaves``: the mails are sent at once.
    """
    change(cast, sa.update(Subscription).values(ended_at=cast.clock.now()))
    with cast.reading() as session:
        ids = day_mail.due(session, cast.clock.now())
    got = []
    for user_id in ids:
        with cast.writing() as session:
            message = day_mail.compose(session, user_id, now=cast.clock.now())
            if message is not None and message.kind == "reminder":
                got.append(message.to_address.partition("@")[0])
    if leaves and got:
        change(cast, sa.update(Message).where(Message.state == MessageState.QUEUED).values(state=MessageState.SENT))
    return got


def mails(cast: Cast) -> list[Message]:
    with cast.reading() as session:
        found = list(session.scalars(sa.select(Message).where(Message.kind == "reminder").order_by(Message.id)))
        for one in found:
            session.expunge(one)
        return found


def change(cast: Cast, statement: sa.Update | sa.Delete) -> None:
    with cast.writing() as session:
        session.execute(statement)


def user(name: str) -> sa.ColumnElement[bool]:
    return User.email == f"{name}@tracker.test"


def test_one_grouped_mail_in_the_readers_language(any_cast: Cast) -> None:
    any_cast.clock.set(MORNING)
    got = run(any_cast)
    assert sorted(got) == sorted(
        ["admin", "admin2", "secretariat"]
        + [f"{who}.{state}" for who in ("focal", "contributor") for state in ("br", "gt", "us", "ht")]
    )
    assert run(any_cast) == []
    by_address = {m.to_address.partition("@")[0]: m for m in mails(any_cast)}
    focal = by_address["focal.us"]
    assert focal.subject == "15 reports are due on 30 April 2026"
    assert focal.text.count("http://tracker.test/reports/") == 15
    assert "Due on 30 April 2026, 30 days left." in focal.text
    assert "Dates end at midnight, time in America/New York." in focal.text
    assert "http://tracker.test/account" in focal.text
    assert by_address["contributor.us"].text.count("/reports/") == 1
    assert ASSIGNED in by_address["contributor.us"].text
    assert by_address["secretariat"].text.count("/reports/") == 12
    assert by_address["admin"].text.count("/reports/") == 1
    assert by_address["focal.br"].language == "pt"


def test_the_day_before_seven_and_the_evening(any_cast: Cast) -> None:
    lima = ZoneInfo("America/Lima")
    change(any_cast, sa.update(User).where(~user("focal.us")).values(active=False))
    change(any_cast, sa.update(User).values(time_zone="America/Lima"))
    any_cast.clock.set(datetime(2026, 3, 31, 6, 59, tzinfo=lima))
    assert run(any_cast) == []
    any_cast.clock.set(datetime(2026, 3, 31, 7, 0, tzinfo=lima))
    assert run(any_cast) == ["focal.us"]
    any_cast.clock.set(datetime(2026, 3, 31, 23, 59, tzinfo=lima))
    assert run(any_cast) == []


def test_done_is_never_reminded_of(any_cast: Cast) -> None:
    report = any_cast.report_id("US", "CS-03")
    any_cast.bring_to(report, ReportState.SUBMITTED, "us")
    any_cast.clock.set(MORNING)
    run(any_cast)
    mail = next(m for m in mails(any_cast) if m.to_address.startswith("focal.us"))
    assert mail.text.count("/reports/") == 14
    assert f"/reports/{report}\n" not in mail.text
    assert not [m for m in mails(any_cast) if m.to_address.startswith("contributor.us")]


def test_what_waits_for_approval_goes_to_the_approver_alone(any_cast: Cast) -> None:
    report = any_cast.report_id("US", "CS-03")
    any_cast.bring_to(report, ReportState.AWAITING_APPROVAL, "us")
    any_cast.clock.set(MORNING)
    got = run(any_cast)
    assert "approver.us" in got
    assert "contributor.us" not in got
    by_address = {m.to_address.partition("@")[0]: m for m in mails(any_cast)}
    assert f"/reports/{report}" in by_address["approver.us"].text
    assert "wait for approval" in by_address["approver.us"].text
    assert f"/reports/{report}\n" not in by_address["focal.us"].text


def test_where_nobody_approves_the_focal_point_is_told(any_cast: Cast) -> None:
    any_cast.bring_to(any_cast.report_id("US", "CS-03"), ReportState.AWAITING_APPROVAL, "us")
    change(any_cast, sa.update(User).where(user("approver.us")).values(active=False))
    any_cast.clock.set(MORNING)
    run(any_cast)
    mail = next(m for m in mails(any_cast) if m.to_address.startswith("focal.us"))
    assert mail.text.count("/reports/") == 15


def test_handed_over_frozen_or_left_is_never_reminded_of(any_cast: Cast) -> None:
    any_cast.clock.set(MORNING)
    brazil, us = any_cast.party_id("BR"), any_cast.party_id("US")
    guatemala, haiti = any_cast.party_id("GT"), any_cast.party_id("HT")
    change(any_cast, sa.delete(Assignment).where(Assignment.commitment_id == any_cast.commitment_id("BR", ASSIGNED)))
    change(any_cast, sa.update(Commitment).where(Commitment.party_id == us).values(frozen_at=any_cast.clock.now()))
    change(
        any_cast, sa.update(Participation).where(Participation.party_id == guatemala).values(ends_on=date(2026, 3, 20))
    )
    change(any_cast, sa.update(User).where(User.party_id == haiti).values(active=False))
    assert brazil
    assert sorted(run(any_cast)) == ["admin", "admin2", "focal.br", "secretariat"]


def test_an_outage_of_any_length_brings_one_mail_with_the_latest_step(any_cast: Cast) -> None:
    any_cast.clock.set(MORNING)
    run(any_cast)
    before = len(mails(any_cast))
    any_cast.clock.set(datetime(2026, 5, 9, 15, tzinfo=UTC))
    assert run(any_cast) == [], "a Saturday"
    any_cast.clock.set(datetime(2026, 5, 11, 15, tzinfo=UTC))
    got = run(any_cast)
    assert run(any_cast) == []
    assert len(got) == before + 1
    assert "alternate.br" in got
    with any_cast.reading() as session:
        focal = session.scalars(sa.select(User.id).where(user("focal.us"))).one()
        rows = session.execute(
            sa.select(ReminderEntry.day, ReminderEntry.message_id.is_not(None), sa.func.count())
            .where(ReminderEntry.user_id == focal)
            .group_by(ReminderEntry.day, ReminderEntry.message_id.is_not(None))
        )
        assert {step: (bool(told), count) for step, told, count in rows} == {
            -30: (True, 15),
            -14: (False, 15),
            -7: (False, 15),
            -1: (False, 15),
            1: (False, 15),
            7: (True, 15),
        }
    mail = [m for m in mails(any_cast) if m.to_address.startswith("focal.us")][-1]
    assert mail.subject == "15 reports are overdue"
    assert "Was due on 30 April 2026, 11 days overdue." in mail.text


def test_a_changed_due_date_is_a_new_ladder(any_cast: Cast) -> None:
    any_cast.clock.set(MORNING)
    run(any_cast)
    admin = any_cast.actor("admin")
    with any_cast.writing() as session:
        cycle = session.scalars(sa.select(ReportingCycle)).one()
        wanted = cycles.CyclePlan(
            code=cycle.code,
            title=cycle.title,
            period_start=cycle.period_start,
            period_end=cycle.period_end,
            opens_on=cycle.opens_on,
            due_on=date(2026, 6, 15),
            closes_on=date(2026, 7, 31),
        )
        cycles.change(session, cycle, wanted, seen_version=cycle.version, actor=admin, now=any_cast.clock.now())
    any_cast.clock.set(datetime(2026, 4, 29, 15, tzinfo=UTC))
    assert run(any_cast) == []
    any_cast.clock.set(datetime(2026, 5, 15, 15, tzinfo=UTC))
    assert "focal.us" in run(any_cast), "30 days before is a Saturday: the Friday before it"


def test_overdue_stands_on_top_of_what_is_due_soon(any_cast: Cast) -> None:
    report = any_cast.report_id("US", "CS-03")
    any_cast.clock.set(datetime(2026, 4, 20, 15, tzinfo=UTC))
    any_cast.bring_to(report, ReportState.UNDER_REVIEW, "us")
    any_cast._step(report, reviews.return_, "reviewer", comment="More, please.", due_on=date(2026, 5, 15))
    any_cast.clock.set(datetime(2026, 5, 1, 15, tzinfo=UTC))
    run(any_cast)
    mail = next(m for m in mails(any_cast) if m.to_address.startswith("focal.us"))
    assert mail.subject == "Overdue: 14, due soon: 1"
    assert mail.text.index("1 day overdue") < mail.text.index("14 days left")
    assert "The Secretariat returned it with a comment." in " ".join(mail.text.split())


def test_two_runs_at_the_same_time_make_one_mail(any_cast: Cast) -> None:
    any_cast.clock.set(MORNING)
    with any_cast.reading() as session:
        focal = session.scalars(sa.select(User.id).where(user("focal.us"))).one()
    ready, failed = threading.Barrier(3), []

    def one() -> None:
        with any_cast.app.app_context():
            ready.wait()
            try:
                with transaction() as session:
                    day_mail.compose(session, focal, now=any_cast.clock.now())
            except Exception as error:
                failed.append(error)

    threads = [threading.Thread(target=one) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(mails(any_cast)) == 1
    with any_cast.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ReminderEntry)) == 15
