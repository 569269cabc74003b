"""Status reports go out by themselves at the end of a cycle: once, in each reader's language."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.cast import Cast
from tests.status_scene import play
from tracker.db import transaction
from tracker.domain.errors import NotPermitted
from tracker.domain.vocabulary import IssueRhythm, PublicationKind, ReportState
from tracker.models import Commitment, IssuedReport, Message, MessageAttachment, StatusReportMail, User
from tracker.services import issue_rhythm, issued_reports, mail_plan, reviews, status_report_mail, status_reports
from tracker.services.status_report_content import StatusReport

CLOSED = datetime(2026, 7, 1, 12, tzinfo=UTC)
"""The cycle closed on 30 June, everywhere."""


def render(report: StatusReport) -> bytes:
    return f"{report.code} in {report.language}".encode()


def due(cast: Cast, party: str) -> bool:
    party_id = cast.party_id(party)
    with cast.reading() as session:
        return party_id in [p for p, _cycle in status_report_mail.due(session, cast.clock.now())]


def issue(cast: Cast, party: str, how: status_reports.Render = render) -> None:
    """What the job ``issue-reports`` does for one party."""
    subject, now = f"{party}-2026".lower(), cast.clock.now()
    with cast.writing() as session:
        one = next((one for one in issue_rhythm.due(session, now) if one.subject == subject), None)
        if one is not None:
            issue_rhythm.begin(session, one, now)
    with cast.reading() as session:
        waiting = issued_reports.unfinished(session, before=now)
    with cast.app.app_context():
        for one_id in waiting:
            issued_reports.finish(transaction, one_id, {PublicationKind.STATUS_REPORT: {"pdf": how}}, now=now)


def mail(cast: Cast, party: str, how: status_reports.Render = render) -> int:
    issue(cast, party, how)
    party_id = cast.party_id(party)
    with cast.writing() as session:
        cycle_id = session.scalars(sa.text("SELECT id FROM reporting_cycle")).one()
        return status_report_mail.mail_one(session, party_id, cycle_id, cast.clock.now())


def sent(cast: Cast) -> list[tuple[str, str, str, bytes]]:
    with cast.reading() as session:
        return [
            (row[0], row[1], row[2], bytes(row[3]))
            for row in session.execute(
                sa.select(Message.to_address, Message.language, MessageAttachment.file_name, MessageAttachment.content)
                .join(MessageAttachment, MessageAttachment.message_id == Message.id)
                .where(Message.kind == "status_report")
                .order_by(Message.to_address)
            )
        ]


def test_it_is_due_when_the_cycle_closed_on_the_partys_calendar(any_cast: Cast) -> None:
    assert not due(any_cast, "BR")
    any_cast.clock.set(datetime(2026, 7, 1, 2, 59, tzinfo=UTC))
    assert not due(any_cast, "BR")
    any_cast.clock.set(datetime(2026, 7, 1, 3, 0, tzinfo=UTC))  # midnight in Brasília
    assert due(any_cast, "BR")
    assert not due(any_cast, "GT")


@pytest.mark.parametrize(
    "state",
    [ReportState.SUBMITTED, ReportState.UNDER_REVIEW, ReportState.RATING_PROPOSED, ReportState.OPEN_FOR_COMMENT],
)
def test_it_waits_for_reviews_but_not_for_ever(any_cast: Cast, state: ReportState) -> None:
    any_cast.bring_to(any_cast.report_id("BR", "CS-01"), state)
    any_cast.clock.set(CLOSED)
    assert not due(any_cast, "BR")
    assert due(any_cast, "US")
    any_cast.clock.set(CLOSED + timedelta(days=59))
    assert not due(any_cast, "BR")
    any_cast.clock.set(CLOSED + timedelta(days=61))
    assert due(any_cast, "BR")


def test_it_waits_for_what_was_returned_with_time_left(cast: Cast) -> None:
    report_id = cast.report_id("BR", "CS-01")
    cast.clock.set(datetime(2026, 6, 29, tzinfo=UTC))
    cast.bring_to(report_id, ReportState.UNDER_REVIEW)
    cast._step(report_id, reviews.return_, "reviewer", comment="Say more.", due_on=date(2026, 7, 20))
    cast.clock.set(CLOSED)
    assert not due(cast, "BR")
    cast.clock.set(datetime(2026, 7, 21, 12, tzinfo=UTC))
    assert due(cast, "BR")


def test_it_goes_at_once_when_every_rating_is_published(cast: Cast) -> None:
    with cast.writing() as session:
        session.execute(sa.text("UPDATE progress_report SET state = 'published'"))
    assert due(cast, "BR")
    assert cast.clock.now() < CLOSED


def test_a_state_that_left_and_a_cycle_of_long_ago_are_left_alone(any_cast: Cast) -> None:
    any_cast.clock.set(CLOSED)
    left = any_cast.party_id("GT")
    with any_cast.writing() as session:
        session.execute(sa.update(Commitment).where(Commitment.party_id == left).values(frozen_at=any_cast.clock.now()))
    assert not due(any_cast, "GT")
    assert due(any_cast, "BR")
    any_cast.clock.set(CLOSED + timedelta(days=400))
    assert not due(any_cast, "BR")


def test_each_gets_it_once_in_the_own_language(any_cast: Cast) -> None:
    play(any_cast)
    any_cast.clock.set(CLOSED + timedelta(days=61))
    with any_cast.writing() as session:
        session.execute(sa.update(User).where(User.email == "alternate.br@tracker.test").values(language="fr"))
    assert mail(any_cast, "BR") == 3
    assert sent(any_cast) == [
        ("alternate.br@tracker.test", "fr", "status-report-br-2026-fr.pdf", b"br-2026 in fr"),
        ("approver.br@tracker.test", "pt", "status-report-br-2026-pt.pdf", b"br-2026 in pt"),
        ("focal.br@tracker.test", "pt", "status-report-br-2026-pt.pdf", b"br-2026 in pt"),
    ]
    assert mail(any_cast, "BR") == 0
    assert len(sent(any_cast)) == 3
    assert not due(any_cast, "BR")


def test_somebody_who_left_gets_nothing_and_the_secretariat_gets_its_own(cast: Cast) -> None:
    cast.clock.set(CLOSED)
    with cast.writing() as session:
        session.execute(sa.update(User).where(User.email == "focal.gt@tracker.test").values(active=False))
    assert mail(cast, "GT") == 1
    assert mail(cast, "GS") == 1
    assert [row[0] for row in sent(cast)] == ["approver.gt@tracker.test", "secretariat@tracker.test"]


def test_mail_and_ledger_stand_or_fall_together(any_cast: Cast) -> None:
    any_cast.clock.set(CLOSED)

    def broken(report: StatusReport) -> bytes:
        raise RuntimeError("no PDF today")

    with pytest.raises(RuntimeError):
        mail(any_cast, "BR", broken)
    party_id = any_cast.party_id("BR")
    with any_cast.writing() as session:
        # Numbered and frozen, its documents not made: nothing is mailed.
        cycle_id = session.scalars(sa.select(IssuedReport.cycle_id)).one()
        assert status_report_mail.mail_one(session, party_id, cycle_id, any_cast.clock.now()) == 0
        assert session.scalars(sa.select(StatusReportMail.id)).all() == []
    assert due(any_cast, "BR")
    assert mail(any_cast, "BR") == 3


@pytest.mark.parametrize(
    ("person", "may"),
    [
        ("focal.br", True),
        ("contributor.br", True),
        ("approver.br", True),
        ("focal.gt", False),
        ("secretariat", False),
        ("reviewer", True),
        ("admin", True),
        ("observer", True),
    ],
)
def test_who_may_ask_for_it(cast: Cast, person: str, may: bool) -> None:
    actor = cast.actor(person)
    with cast.writing() as session:
        report = status_reports.build(session, "BR", "2026", "es", cast.clock.now())
        assert status_report_mail.may_mail(report, actor) is may
        if may:
            assert status_report_mail.mail_to(session, report, b"%PDF", actor=actor, now=cast.clock.now())
            assert not status_report_mail.mail_to(session, report, b"%PDF", actor=actor, now=cast.clock.now())
        else:
            with pytest.raises(NotPermitted):
                status_report_mail.mail_to(session, report, b"%PDF", actor=actor, now=cast.clock.now())


@pytest.mark.both_databases
def test_on_a_rhythm_the_report_goes_out_as_foreseen(any_cast: Cast) -> None:
    cast = any_cast
    with cast.writing() as session:
        admin = cast.actor("admin")
        issue_rhythm.set_rhythm(
            session, "BR", IssueRhythm.QUARTERLY, seen="issue_never", actor=admin, now=cast.clock.now()
        )
    midnight = datetime(2026, 4, 1, 3, tzinfo=UTC)  # in Brasília
    with cast.reading() as session:
        planned = mail_plan.plan(session, now=cast.clock.now(), days=60)
        foreseen = {mail.email for mail in planned if mail.reason == "issue_rhythm"}
        assert {mail.at for mail in planned if mail.reason == "issue_rhythm"} == {midnight}
    cast.clock.set(midnight)
    with cast.writing() as session:
        (one,) = issue_rhythm.due(session, midnight)
        issue_id = issue_rhythm.begin(session, one, midnight)
        assert status_report_mail.due_on_rhythm(session) == [], "its documents are not made yet"
    with cast.app.app_context():
        issued_reports.finish(transaction, issue_id, {PublicationKind.STATUS_REPORT: {"pdf": render}}, now=midnight)
    with cast.writing() as session:
        assert status_report_mail.due_on_rhythm(session) == [issue_id]
        assert status_report_mail.mail_on_rhythm(session, issue_id, midnight) == len(foreseen) > 1
        assert status_report_mail.mail_on_rhythm(session, issue_id, midnight) == 0
        assert status_report_mail.due_on_rhythm(session) == []
    assert {address for address, *_rest in sent(cast)} == foreseen
    assert {content for *_rest, content in sent(cast)} == {b"br in pt"}
