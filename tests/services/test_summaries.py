"""Summaries: what waits, then what changed; each reader what he or she may see; nothing told twice."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.cast import Cast
from tracker.domain.vocabulary import ReportState
from tracker.domain.workflow import Action
from tracker.mail import outbox
from tracker.mail.day import letter
from tracker.mail.messages.summaries import STEPS
from tracker.models import Commitment, HistoryEntry, Message, Subscription, SummaryEntry, User
from tracker.services import history, reports, reviews, summaries

MONDAY = datetime(2026, 3, 9, 15, tzinfo=UTC)


def run(cast: Cast, at: datetime | None = None) -> dict[str, Message]:
    """Summaries in mails of their own: those put, by the name before the @."""
    if at is not None:
        cast.clock.set(at)
    now = cast.clock.now()
    with cast.reading() as session:
        ids = summaries.due_users(session, now)
    put = {}
    for user_id in sorted(ids):
        with cast.writing() as session:
            message = tell(session, user_id, now)
            if message is not None:
                session.refresh(message)
                session.expunge(message)
                put[message.to_address.partition("@")[0]] = message
    return put


def tell(session: Session, user_id: int, now: datetime) -> Message | None:
    """What is due for one person, put and settled."""
    user = session.get_one(User, user_id)
    found = summaries.contribution(session, user, now=now)
    sections = [one.section for one in found if one.section is not None]
    message = None
    if sections:
        message = outbox.put(
            session,
            key=f"summary:{user.id}:{now.date()}",
            kind="summary",
            recipient_id=user.id,
            to_address=user.email,
            message=letter(user.name, user.language, sections, settings_url="http://tracker.test/account"),
            now=now,
            attachments=[file for section in sections for file in section.attachments],
        )
    for one in found:
        one.settle(session, message)
    return message


def begin(cast: Cast) -> None:
    """Everybody has had a first summary."""
    run(cast, MONDAY)


def entries(cast: Cast, name: str) -> list[SummaryEntry]:
    with cast.reading() as session:
        user_id = session.scalars(sa.select(User.id).where(User.email == f"{name}@tracker.test")).one()
        return list(session.scalars(sa.select(SummaryEntry).where(SummaryEntry.user_id == user_id)))


def lines(message: Message) -> set[str]:
    """What is told as changed: (commitment, step, day)."""
    changed = " ".join(message.text.partition("What changed")[2].split())
    return set(re.findall(r"\d+ \w+ \d{4}: [a-z, ]+?(?=;| http)", changed))


def test_silent_when_nothing_changed(any_cast: Cast) -> None:
    assert run(any_cast, MONDAY) == {}
    assert run(any_cast, MONDAY + timedelta(days=7)) == {}
    written = entries(any_cast, "focal.us")
    assert [e.message_id for e in written] == [None, None]


def test_what_waits_comes_first_then_what_changed_then_the_figures(any_cast: Cast) -> None:
    begin(any_cast)
    any_cast.bring_to(any_cast.report_id("US", "CS-03"), ReportState.OPEN_FOR_COMMENT, "us")
    got = run(any_cast, MONDAY + timedelta(days=7))
    focal = got["focal.us"]
    text = " ".join(focal.text.split())
    assert focal.subject == "1 decision waits for you; 1 commitment changed"
    assert text.index("What waits for you") < text.index("What changed") < text.index("Figures so far")
    assert "14 reports are still to be submitted:" in text
    assert "1 rating is open for comment:" in text
    assert "rating confirmed, open for comment" in text
    assert "rating proposed" not in text
    assert "1 of 15 commitments reported; 1 of those 1 on time; 0 of those 1 with a published rating." in text
    assert "time in America/New York" in text
    assert focal.text.count("/commitments/") == 1
    assert run(any_cast) == {}


def test_each_reads_only_what_he_or_she_may_see(any_cast: Cast) -> None:
    begin(any_cast)
    any_cast.bring_to(any_cast.report_id("BR", "CS-03"), ReportState.UNDER_REVIEW, "br")
    any_cast.bring_to(any_cast.report_id("BR", "CS-04"), ReportState.AWAITING_APPROVAL, "br")
    any_cast.bring_to(any_cast.report_id("GT", "CS-05"), ReportState.PUBLISHED, "gt")
    got = run(any_cast, MONDAY + timedelta(days=7))
    assert {"focal.br", "alternate.br", "approver.br", "contributor.br", "focal.gt", "approver.gt"} <= set(got)
    assert not {"focal.us", "focal.ht", "secretariat", "contributor.gt"} & set(got)
    assert "CS-04" in got["approver.br"].text
    contributor = got["contributor.br"].text.partition("http://tracker.test/dashboard")[2]
    assert "CS-03" in contributor
    assert "CS-04" not in contributor
    staff = got["reviewer2"].text
    assert "CS-05" in staff
    assert "CS-04" not in staff, "a draft and its approval are invisible to the Secretariat"
    observer = got["observer"].text
    assert "CS-05" in observer
    assert "CS-03" not in observer, "only what is published"
    assert "Guatemala" in observer
    assert "waits for you" not in observer, "nothing ever does"


def test_own_deeds_are_no_news(any_cast: Cast) -> None:
    begin(any_cast)
    report = any_cast.report_id("US", "CS-03")
    any_cast.fill(report, "focal.us")
    any_cast._step(report, reports.ask_approval, "focal.us")
    got = run(any_cast, MONDAY + timedelta(days=7))
    assert "focal.us" not in got
    assert "approver.us" in got


def test_two_summaries_never_repeat_a_line(any_cast: Cast) -> None:
    begin(any_cast)
    report = any_cast.report_id("US", "CS-03")
    any_cast.bring_to(report, ReportState.UNDER_REVIEW, "us")
    first = run(any_cast, MONDAY + timedelta(days=7))["focal.us"]
    any_cast._step(report, reviews.return_, "reviewer", comment="More.", due_on=MONDAY.date() + timedelta(days=30))
    second = run(any_cast, MONDAY + timedelta(days=14))["focal.us"]
    assert lines(first)
    assert lines(second)
    assert not lines(first) & lines(second)
    assert run(any_cast, MONDAY + timedelta(days=21)) == {}


def test_an_outage_of_weeks_brings_one_with_all_of_it(any_cast: Cast) -> None:
    begin(any_cast)
    report = any_cast.report_id("US", "CS-03")
    any_cast.bring_to(report, ReportState.SUBMITTED, "us")
    any_cast.clock.advance(days=20)
    any_cast._step(report, reviews.take_up, "reviewer")
    thursday = MONDAY + timedelta(days=38)
    got = run(any_cast, thursday)["focal.us"]
    assert {line.partition(": ")[2].strip() for line in lines(got)} >= {"submitted", "review begun"}
    assert run(any_cast, thursday + timedelta(days=1)) == {}
    assert len(entries(any_cast, "focal.us")) == 2


def test_mondays_from_seven_on_the_readers_clock(any_cast: Cast) -> None:
    begin(any_cast)
    any_cast.bring_to(any_cast.report_id("US", "CS-03"), ReportState.SUBMITTED, "us")
    monday = datetime(2026, 3, 16, 6, 59, tzinfo=ZoneInfo("America/New_York"))
    assert "focal.us" not in run(any_cast, monday)
    assert "focal.us" in run(any_cast, monday + timedelta(minutes=1))


def test_a_new_one_begins_with_the_next_period_and_tells_what_happened_since_it_was_made(any_cast: Cast) -> None:
    early = any_cast.report_id("US", "CS-03")
    any_cast.bring_to(early, ReportState.SUBMITTED, "us")
    any_cast.clock.advance(minutes=5)
    with any_cast.writing() as session:
        session.execute(sa.update(Subscription).values(made_at=any_cast.clock.now()))
    any_cast.bring_to(any_cast.report_id("US", "CS-04"), ReportState.SUBMITTED, "us")
    assert run(any_cast, datetime(2026, 3, 5, 15, tzinfo=UTC)) == {}, "no mail in the week in which it was made"
    told = run(any_cast, MONDAY)["focal.us"].text
    changed = told.partition("What changed")[2]
    assert "CS-04" in changed
    assert "CS-03" not in changed


def test_switched_off_or_left(any_cast: Cast) -> None:
    begin(any_cast)
    any_cast.bring_to(any_cast.report_id("US", "CS-03"), ReportState.SUBMITTED, "us")
    with any_cast.writing() as session:
        own = sa.select(User.id).where(User.email == "focal.us@tracker.test").scalar_subquery()
        session.execute(sa.update(Subscription).where(Subscription.user_id == own).values(ended_at=MONDAY))
        session.execute(sa.update(User).where(User.email == "reviewer@tracker.test").values(active=False))
    got = run(any_cast, MONDAY + timedelta(days=7))
    assert "focal.us" not in got
    assert "reviewer" not in got
    assert "reviewer2" in got


def test_an_entry_still_on_its_way_is_told_next_time(any_cast: Cast) -> None:
    """Numbers are given before they are seen: one that is committed late must not be lost behind a higher one."""
    begin(any_cast)
    monday = MONDAY + timedelta(days=7)
    commitment, party = any_cast.commitment_id("US", "CS-03"), any_cast.party_id("US")

    def enter(action: str, at: datetime) -> None:
        with any_cast.writing() as session:
            session.add(
                HistoryEntry(commitment_id=commitment, party_id=party, at=at, action=action, visibility="public")
            )

    enter(Action.PUBLISH, monday - timedelta(days=1))
    enter(Action.REOPEN, monday - timedelta(seconds=30))
    enter(Action.WAIVE, monday - timedelta(seconds=50))
    first = run(any_cast, monday)["focal.us"]
    assert {line.partition(": ")[2].strip() for line in lines(first)} == {"published, no comment received"}
    second = run(any_cast, monday + timedelta(days=7))["focal.us"]
    assert {line.partition(": ")[2].strip() for line in lines(second)} == {
        "review reopened",
        "published, without a comment",
    }


def test_many_changes_are_counted(cast: Cast) -> None:
    begin(cast)
    monday = MONDAY + timedelta(days=7)
    with cast.writing() as session:
        for commitment in session.scalars(sa.select(Commitment)):
            session.add(
                HistoryEntry(
                    commitment_id=commitment.id,
                    party_id=commitment.party_id,
                    at=monday - timedelta(days=1),
                    action=Action.SUBMIT,
                    visibility="file",
                )
            )
    mail = run(cast, monday)["admin"]
    assert "493 commitments changed" in mail.subject
    assert "And 453 further commitments" in mail.text


def test_every_step_has_its_word() -> None:
    assert {a.value for a in Action} | set(history.OTHER_ACTIONS) - {history.COMMITTED} == set(STEPS)


@pytest.mark.parametrize("language", ["en", "es", "pt", "fr"])
def test_in_every_language(cast: Cast, language: str) -> None:
    begin(cast)
    cast.bring_to(cast.report_id("US", "CS-03"), ReportState.OPEN_FOR_COMMENT, "us")
    with cast.writing() as session:
        session.execute(sa.update(User).values(language=language))
    for mail in run(cast, MONDAY + timedelta(days=7)).values():
        assert mail.language == language
        assert f'<html lang="{language}"' in mail.html
