"""The ledger says for every step and person what became of it, and a step that names no mail may still be told."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.cast import ASSIGNED, DUE_ON, Cast
from tests.services.test_reminders import MORNING, change, user
from tests.support.people import person_id
from tracker.domain.vocabulary import ExtensionDecision, MessageState, ReminderOutcome, ReportState
from tracker.jobs import run_job
from tracker.models import Message, ProgressReport, ReminderEntry, Subscription, User
from tracker.services import extensions, records

pytestmark = pytest.mark.both_databases
EARLIER = datetime(2026, 3, 30, 15, tzinfo=UTC)
"""A day before the first step: the ledger begins there."""


@pytest.fixture
def stage(any_cast: Cast) -> Cast:
    """Without summaries, and with the ledger begun."""
    change(any_cast, sa.update(Subscription).values(ended_at=any_cast.clock.now()))
    tick(any_cast, EARLIER)
    return any_cast


def tick(cast: Cast, moment: datetime) -> None:
    cast.clock.set(moment)
    assert run_job(cast.app, "reminders").failed == 0
    change(cast, sa.update(Message).where(Message.state == MessageState.QUEUED).values(state=MessageState.SENT))


def ledger(cast: Cast, report_id: int, name: str | None = "focal.us") -> dict[tuple[date, int], ReminderOutcome]:
    with cast.reading() as session:
        who = person_id(session, name) if name else None
        found = session.execute(
            sa.select(ReminderEntry.due_on, ReminderEntry.day, ReminderEntry.outcome).where(
                ReminderEntry.report_id == report_id, ReminderEntry.user_id == who
            )
        )
        return {(row.due_on, row.day): row.outcome for row in found}


def test_first_sent_the_others_grouped(stage: Cast) -> None:
    tick(stage, MORNING)
    with stage.reading() as session:
        who = person_id(session, "focal.us")
        found = Counter(session.scalars(sa.select(ReminderEntry.outcome).where(ReminderEntry.user_id == who)))
    assert found == {ReminderOutcome.SENT: 1, ReminderOutcome.GROUPED: 14}


def test_what_was_done_is_written_down_when_its_day_comes(stage: Cast) -> None:
    tick(stage, MORNING)
    report = stage.report_id("US", ASSIGNED)
    stage.bring_to(report, ReportState.SUBMITTED, "us")
    tick(stage, datetime(2026, 4, 15, 15, tzinfo=UTC))
    assert (DUE_ON, -14) not in ledger(stage, report)
    tick(stage, datetime(2026, 4, 16, 15, tzinfo=UTC))
    assert ledger(stage, report)[DUE_ON, -14] is ReminderOutcome.DONE
    assert ledger(stage, report, "contributor.us")[DUE_ON, -14] is ReminderOutcome.DONE
    assert ledger(stage, report)[DUE_ON, -30] in (ReminderOutcome.SENT, ReminderOutcome.GROUPED)


def test_a_report_that_comes_back_is_told_of_again(stage: Cast) -> None:
    report = stage.report_id("US", ASSIGNED)
    change(stage, sa.update(ProgressReport).where(ProgressReport.id == report).values(state=ReportState.SUBMITTED))
    tick(stage, datetime(2026, 4, 16, 15, tzinfo=UTC))
    assert ledger(stage, report)[DUE_ON, -14] is ReminderOutcome.DONE
    change(stage, sa.update(ProgressReport).where(ProgressReport.id == report).values(state=ReportState.DRAFT))
    tick(stage, datetime(2026, 4, 17, 15, tzinfo=UTC))
    assert ledger(stage, report)[DUE_ON, -14] is ReminderOutcome.SENT


def test_an_extension_is_followed_at_once_and_written_down(stage: Cast) -> None:
    tick(stage, MORNING)
    report = stage.report_id("US", ASSIGNED)
    until = date(2026, 5, 8)
    _extend(stage, report, until)
    tick(stage, datetime(2026, 4, 16, 15, tzinfo=UTC))
    found = ledger(stage, report)
    assert found[DUE_ON, -14] is ReminderOutcome.EXTENDED
    assert (until, -14) not in found
    assert found[until, -30] in (ReminderOutcome.SENT, ReminderOutcome.GROUPED), (
        "thirty days before the new date is past"
    )
    assert ledger(stage, report, "contributor.us")[DUE_ON, -14] is ReminderOutcome.EXTENDED


def _extend(cast: Cast, report_id: int, until: date) -> None:
    focal, reviewer = cast.actor("focal.us"), cast.actor("admin")
    with cast.writing() as session:
        report = records.report(session, report_id)
        assert report is not None
        extensions.ask(session, [report], until=until, reason="Elections.", actor=focal, now=cast.clock.now())
    with cast.writing() as session:
        waiting = extensions.undecided(session, report_id)
        assert waiting is not None
        done = extensions.decide(
            session,
            extensions.by_ids(session, [waiting.id]),
            decision=ExtensionDecision.GRANTED,
            reason="Granted.",
            actor=reviewer,
            now=cast.clock.now(),
        )
        assert not done[0].problem


def test_away_then_told_of_the_latest_step(stage: Cast) -> None:
    report = stage.report_id("US", ASSIGNED)
    change(stage, sa.update(User).where(user("focal.us")).values(away_until=date(2026, 4, 17)))
    for moment in (MORNING, datetime(2026, 4, 16, 15, tzinfo=UTC)):
        tick(stage, moment)
    assert ledger(stage, report) == {(DUE_ON, -30): ReminderOutcome.MUTED, (DUE_ON, -14): ReminderOutcome.MUTED}
    tick(stage, datetime(2026, 4, 20, 15, tzinfo=UTC))
    found = ledger(stage, report)
    assert found[DUE_ON, -14] in (ReminderOutcome.SENT, ReminderOutcome.GROUPED)
    assert found[DUE_ON, -30] is ReminderOutcome.MUTED


def test_a_bouncing_address_and_a_vacant_post(stage: Cast) -> None:
    report, vacant = stage.report_id("US", ASSIGNED), stage.report_id("GT", ASSIGNED)
    change(stage, sa.update(User).where(user("focal.us")).values(bounced_at=stage.clock.now()))
    change(stage, sa.update(User).where(user("focal.gt")).values(active=False))
    tick(stage, MORNING)
    assert ledger(stage, report) == {(DUE_ON, -30): ReminderOutcome.NO_ADDRESS}
    assert ledger(stage, vacant, None) == {(DUE_ON, -30): ReminderOutcome.NO_ADDRESS}
    change(stage, sa.update(User).where(user("focal.us")).values(bounced_at=None))
    tick(stage, MORNING + timedelta(days=1))
    assert ledger(stage, report)[DUE_ON, -30] in (ReminderOutcome.SENT, ReminderOutcome.GROUPED)


def test_written_once_whatever_is_run_twice(stage: Cast) -> None:
    stage.bring_to(stage.report_id("US", ASSIGNED), ReportState.SUBMITTED, "us")
    change(stage, sa.update(User).where(user("focal.gt")).values(active=False))
    for moment in (MORNING, MORNING, MORNING + timedelta(days=1), MORNING, MORNING + timedelta(days=1)):
        tick(stage, moment)
    with stage.reading() as session:
        assert _doubled(session) == []


def _doubled(session: Session) -> list[sa.Row]:
    key = (ReminderEntry.report_id, ReminderEntry.due_on, ReminderEntry.day, ReminderEntry.user_id)
    return list(session.execute(sa.select(*key).group_by(*key).having(sa.func.count() > 1)))
