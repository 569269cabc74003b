"""Who is told at once of which step, in which language, and never twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.cast import Cast
from tracker.domain.vocabulary import ReportState
from tracker.domain.workflow import TRANSITIONS
from tracker.mail.messages.notices import _WORDS, Moved, notice
from tracker.models import Message, ReportingParty, User
from tracker.services import publication, records, reports, reviews


def mails(cast: Cast) -> list[tuple[str, str]]:
    """(to whom, language) of every notice so far."""
    with cast.reading() as session:
        rows = session.execute(sa.select(Message.to_address, Message.language).order_by(Message.id))
        return [(address.partition("@")[0], language) for address, language in rows]


def last_mail(cast: Cast) -> Message:
    with cast.reading() as session:
        found = session.scalars(sa.select(Message).order_by(Message.id.desc()).limit(1)).one()
        session.expunge(found)
        return found


def forget(cast: Cast) -> None:
    with cast.writing() as session:
        session.execute(sa.delete(Message))


def test_the_approver_is_asked(any_cast: Cast) -> None:
    report = any_cast.report_id("BR", "CS-03")
    any_cast.bring_to(report, ReportState.AWAITING_APPROVAL)
    assert mails(any_cast) == [("approver.br", "pt")]
    mail = last_mail(any_cast)
    assert f"http://tracker.test/reports/{report}" in mail.text
    assert "CS-03" in mail.subject
    assert "America/Sao Paulo" in mail.text
    assert "http://tracker.test/account" in mail.text


def test_a_returned_report_goes_to_all_focal_points_with_comment_and_new_date(any_cast: Cast) -> None:
    report = any_cast.report_id("BR", "CS-03")
    any_cast.bring_to(report, ReportState.UNDER_REVIEW)
    forget(any_cast)
    due_on = any_cast.clock.now().date() + timedelta(days=20)
    any_cast._step(report, reviews.return_, "reviewer", comment="Say <b>more</b>.\nPlease.", due_on=due_on)
    assert sorted(mails(any_cast)) == [("alternate.br", "pt"), ("focal.br", "pt")]
    mail = last_mail(any_cast)
    assert "> Say <b>more</b>.\n> Please." in mail.text
    assert "&lt;b&gt;more" in mail.html
    assert str(due_on.day) in mail.text
    assert str(due_on.year) in mail.text


def test_a_confirmed_rating_goes_to_those_who_may_answer(any_cast: Cast) -> None:
    report = any_cast.report_id("US", "CS-03")
    any_cast.bring_to(report, ReportState.RATING_PROPOSED, "us")
    forget(any_cast)
    any_cast._step(report, reviews.confirm, "reviewer2")
    assert sorted(mails(any_cast)) == [("approver.us", "en"), ("focal.us", "en")]
    mail = last_mail(any_cast)
    assert "Rating: Largely implemented. Strength of evidence: Documented." in mail.text
    assert "until the end of 1 April 2026" in " ".join(mail.text.split())


def test_the_reviewer_is_told_of_a_rating_sent_back_and_of_the_comment(any_cast: Cast) -> None:
    report = any_cast.report_id("BR", "CS-03")
    any_cast.bring_to(report, ReportState.RATING_PROPOSED)
    forget(any_cast)
    any_cast._step(report, reviews.send_back, "reviewer2", comment="Too kind.")
    assert mails(any_cast) == [("reviewer", "en")]
    assert f"/reviews/{report}" in last_mail(any_cast).text


def test_publication_by_the_clock_is_told_with_the_rating(any_cast: Cast) -> None:
    report = any_cast.report_id("US", "CS-03")
    any_cast.bring_to(report, ReportState.OPEN_FOR_COMMENT, "us")
    forget(any_cast)
    any_cast.clock.advance(days=32)
    for _time in range(2):
        with any_cast.writing() as session:
            publication.publish_by_clock(session, report, now=any_cast.clock.now())
    assert mails(any_cast) == [("focal.us", "en")]
    assert "Largely implemented" in last_mail(any_cast).text


def test_who_acts_is_not_told_nor_who_left(any_cast: Cast) -> None:
    with any_cast.writing() as session:
        session.execute(sa.update(ReportingParty).where(ReportingParty.code == "BR").values(approval_required=False))
        session.execute(sa.update(User).where(User.email == "alternate.br@tracker.test").values(active=False))
    report = any_cast.report_id("BR", "CS-03")
    any_cast.fill(report, "contributor.br")
    any_cast._step(report, reports.ask_approval, "contributor.br")
    assert mails(any_cast) == [("focal.br", "pt")]
    forget(any_cast)
    any_cast._step(report, reports.refuse, "focal.br", comment="Not yet.")
    assert mails(any_cast) == []


def test_other_parties_have_their_own_writers(any_cast: Cast) -> None:
    report = any_cast.report_id("GS", "WP-G-01")
    any_cast.fill(report, "secretariat")
    any_cast._step(report, reports.submit, "secretariat")
    any_cast._step(report, reviews.take_up, "reviewer")
    due_on = any_cast.clock.now().date() + timedelta(days=20)
    any_cast._step(report, reviews.return_, "reviewer", comment="More.", due_on=due_on)
    assert mails(any_cast) == [("secretariat", "en")]
    with any_cast.reading() as session:
        agencies = session.scalars(sa.select(ReportingParty).where(ReportingParty.code == "ICA")).one()
        from tracker.services import recipients

        told = recipients.writers(session, agencies.kind, agencies.id)
        assert sorted(p.email for p in told) == ["admin2@tracker.test", "admin@tracker.test"]


def test_a_step_undone_tells_nobody(any_cast: Cast) -> None:
    report = any_cast.report_id("BR", "CS-03")
    any_cast.bring_to(report, ReportState.DRAFT)
    any_cast.fill(report, "focal.br")
    actor = any_cast.actor("focal.br")

    def step_that_fails() -> None:
        with any_cast.writing() as session:
            found = records.report(session, report)
            assert found is not None
            reports.ask_approval(session, found, seen_version=found.version, actor=actor, now=any_cast.clock.now())
            assert session.scalar(sa.select(sa.func.count()).select_from(Message)) == 1
            raise RuntimeError

    with pytest.raises(RuntimeError):
        step_that_fails()
    assert mails(any_cast) == []


def test_every_step_that_tells_has_its_words() -> None:
    telling = {action for action, step in TRANSITIONS.items() if step.tells}
    assert set(_WORDS) == telling


@pytest.mark.parametrize("language", ["en", "es", "pt", "fr"])
@pytest.mark.parametrize("action", sorted(_WORDS))
def test_words_of_every_step_in_every_language(action: str, language: str) -> None:
    moved = Moved(
        action=action,  # type: ignore[arg-type]
        code="CS-03",
        title="<i>Title</i>",
        party="Brazil",
        url="https://tracker.test/reports/1",
        account_url="https://tracker.test/account",
        comment="Comment\nSubject: x",
        rating="implemented",
        strength="documented",
    )
    mail = notice("Ana", language, moved)
    assert "CS-03" in mail.subject
    assert "<i>" not in mail.html
    assert mail.text.count("https://tracker.test/reports/1") == 1
