"""The jobs: safe to repeat, one item per transaction, a bad item passed over, any moment by hand."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.issue_scene import PLAIN
from tests.support.smtp import SmtpServer
from tracker import jobs
from tracker.documents import formats
from tracker.domain.vocabulary import ReportState
from tracker.files.kinds import recognise
from tracker.jobs import JOBS, TIMETABLE, run_job
from tracker.models import (
    Heartbeat,
    Message,
    Participation,
    ProgressReport,
    ReportingCycle,
    SearchEntry,
    SignInAttempt,
    User,
)
from tracker.services import cycles, evidence

MORNING = datetime(2026, 3, 31, 15, tzinfo=UTC)


def count(cast: Cast, table: type, *which: sa.ColumnElement[bool]) -> int:
    with cast.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table).where(*which)) or 0


def _send_a_file(cast: Cast) -> None:
    actor, content = cast.actor("focal.us"), b"a line\n"
    sent = evidence.Sent(
        recognise("a.txt", io.BytesIO(content)), cast.app.extensions["tracker.store"].put(io.BytesIO(content))
    )
    with cast.writing() as session:
        evidence.add_file(session, sent, evidence.About("An act"), name="f" * 32, actor=actor, now=cast.clock.now())


@pytest.mark.parametrize("name", list(JOBS))
def test_the_second_run_does_nothing(any_cast: Cast, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "RENDERERS", PLAIN)
    any_cast.bring_to(any_cast.report_id("US", "CS-03"), ReportState.OPEN_FOR_COMMENT, "us")
    guatemala = any_cast.party_id("GT")
    with any_cast.writing() as session:
        session.add(SignInAttempt(address_hash="x", at=any_cast.clock.now()))
        left = sa.select(Participation).where(Participation.party_id == guatemala)
        session.scalars(left).one().ends_on = date(2026, 8, 1)
        cycles.plan(
            session,
            cycles.CyclePlan(
                "next", {"en": "Next"}, date(2026, 1, 1), date(2026, 6, 30), date(2026, 4, 1), date(2026, 8, 1),
                date(2026, 9, 1),
            ),
            actor=None,
            now=any_cast.clock.now(),
        )  # fmt: skip
    if name == "check-evidence":
        _send_a_file(any_cast)
    if name == "search-index":
        with any_cast.writing() as session:
            session.execute(sa.delete(SearchEntry))
    moments = {"reminders": MORNING, "summaries": datetime(2026, 3, 9, 15, tzinfo=UTC)}
    moments["escalations"] = datetime(2026, 6, 14, 15, tzinfo=UTC)
    any_cast.clock.set(moments.get(name, datetime(2026, 9, 7, 15, tzinfo=UTC)))
    if name == "status-reports":
        assert run_job(any_cast.app, "issue-reports").done > 30
    first = run_job(any_cast.app, name)
    assert first.failed == 0
    if name not in ("deliver-mail", "bounces"):
        assert first.done > 0
    second = run_job(any_cast.app, name)
    assert (second.done, second.failed) == (0, 0)


def test_a_cycle_opens_on_its_day(any_cast: Cast) -> None:
    with any_cast.writing() as session:
        cycles.plan(
            session,
            cycles.CyclePlan(
                "2027", {"en": "2027"}, date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 10), date(2027, 4, 1),
                date(2027, 6, 1),
            ),
            actor=None,
            now=any_cast.clock.now(),
        )  # fmt: skip
    assert run_job(any_cast.app, "open-cycles", datetime(2027, 1, 9, 12, tzinfo=UTC)).done == 0
    assert run_job(any_cast.app, "open-cycles", datetime(2027, 1, 10, 12, tzinfo=UTC)).done == 1
    assert count(any_cast, ReportingCycle, ReportingCycle.opened_at.is_not(None)) == 2
    assert count(any_cast, ProgressReport) == 2 * 493


def test_the_clock_publishes_when_the_window_is_over(any_cast: Cast) -> None:
    report = any_cast.report_id("US", "CS-03")
    any_cast.bring_to(report, ReportState.OPEN_FOR_COMMENT, "us")
    over = any_cast.clock.now() + timedelta(days=40)
    assert run_job(any_cast.app, "publish").done == 0
    assert run_job(any_cast.app, "publish", over).done == 1
    with any_cast.reading() as session:
        assert session.get_one(ProgressReport, report).state is ReportState.PUBLISHED


def test_one_bad_person_is_passed_over(any_cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    with any_cast.writing() as session:
        session.execute(sa.update(User).where(User.email == "focal.us@tracker.test").values(time_zone="No/Where"))
    run = run_job(any_cast.app, "reminders", MORNING)
    assert run.failed == 1
    assert run.done == 10
    assert not count(any_cast, Message, Message.to_address == "focal.us@tracker.test")
    with any_cast.reading() as session:
        assert session.get_one(Heartbeat, "reminders").ok is False
    with any_cast.writing() as session:
        session.execute(sa.update(User).where(User.time_zone == "No/Where").values(time_zone="America/New_York"))
    run = run_job(any_cast.app, "reminders", MORNING)
    assert (run.done, run.failed) == (1, 0)


def test_a_failure_in_the_middle_undoes_that_item_alone(any_cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    real = jobs.day_mail.compose

    def breaks(session: Session, user_id: int, **arguments: Any) -> Message | None:
        made = real(session, user_id, **arguments)
        if made is not None and made.to_address.startswith("focal.br"):
            raise RuntimeError("after the mail was put")
        return made

    monkeypatch.setattr(jobs.day_mail, "compose", breaks)
    run = run_job(any_cast.app, "reminders", MORNING)
    assert run.failed == 1
    assert not count(any_cast, Message, Message.to_address == "focal.br@tracker.test")
    monkeypatch.undo()
    assert run_job(any_cast.app, "reminders", MORNING).done == 1
    assert count(any_cast, Message, Message.to_address == "focal.br@tracker.test") == 1


def test_by_hand_for_another_moment_leaves_the_heartbeat_at_the_real_one(any_cast: Cast) -> None:
    run_job(any_cast.app, "reminders", MORNING)
    with any_cast.reading() as session:
        assert session.get_one(Heartbeat, "reminders").at == any_cast.clock.now()
        assert session.scalars(sa.select(Message.made_at)).first() == MORNING


def test_stopping_ends_between_items(any_cast: Cast) -> None:
    asked = []

    def stopping() -> bool:
        asked.append(True)
        return len(asked) > 3

    run_job(any_cast.app, "reminders", MORNING, stopping=stopping)
    assert 0 < count(any_cast, Message) <= 3


def test_mail_goes_out_through_the_job(any_cast: Cast, smtp_server: SmtpServer) -> None:
    run_job(any_cast.app, "reminders", MORNING)
    put = count(any_cast, Message)
    assert run_job(any_cast.app, "deliver-mail", MORNING).done == put
    assert len(smtp_server.received) == put > 5
    assert len({m["Message-ID"] for m in smtp_server.messages}) == put


def test_without_a_server_mail_stays(cast: Cast) -> None:
    run_job(cast.app, "reminders", MORNING)
    assert run_job(cast.app, "deliver-mail", MORNING).done == 0
    assert count(cast, Message, Message.state == "queued") == count(cast, Message) > 5


def test_a_transport_given_to_the_application_is_used(cast: Cast) -> None:
    taken = []

    class Taking:
        def send(self, message: EmailMessage) -> None:
            taken.append(message["To"])

        def close(self) -> None:
            pass

    cast.app.extensions["tracker.transport"] = Taking()
    run_job(cast.app, "reminders", MORNING)
    assert run_job(cast.app, "deliver-mail", MORNING).done == len(taken) > 5


def test_the_timetable() -> None:
    assert len({job.name for job in TIMETABLE}) == len(TIMETABLE)
    assert all(job.every <= timedelta(hours=6) for job in TIMETABLE), "often: an outage is made up for soon"
