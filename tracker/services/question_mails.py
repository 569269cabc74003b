"""The mails about questions, put into the outbox in the transaction of the question or the answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.domain.policy import Actor
from tracker.mail import links, outbox
from tracker.mail.messages.questions import Asked, answered, asked
from tracker.mail.rendering import Rendered
from tracker.models import Element, HistoryEntry, ProgressReport, Question
from tracker.services import recipients
from tracker.services.recipients import Recipient
from tracker.wording import pick

KIND = "notice"


def tell_party(
    session: Session,
    report: ProgressReport,
    questions: Sequence[tuple[str, str]],
    entry: HistoryEntry,
    actor: Actor,
    now: datetime,
) -> None:
    party = report.commitment.party
    for reader in recipients.writers(session, party.kind, party.id):
        if reader.user_id != actor.user_id:
            moved = _mail(session, report, tuple(questions), "", reader, to_party=True)
            _put(session, entry, reader, asked(reader.name, reader.language, moved), moved.url, now)


def tell_reviewers(
    session: Session, report: ProgressReport, question: Question, entry: HistoryEntry, actor: Actor, now: datetime
) -> None:
    """Who asked, and who reviews the report by now."""
    element = session.get(Element, question.element_id) if question.element_id else None
    code = element.code if element is not None and not element.is_whole else ""
    for user_id in dict.fromkeys((question.asked_by_id, report.reviewer_id)):
        for reader in recipients.person(session, user_id):
            if reader.user_id != actor.user_id:
                moved = _mail(session, report, ((code, question.text),), question.answer, reader, to_party=False)
                _put(session, entry, reader, answered(reader.name, reader.language, moved), moved.url, now)


def _mail(
    session: Session,
    report: ProgressReport,
    questions: tuple[tuple[str, str], ...],
    answer: str,
    reader: Recipient,
    *,
    to_party: bool,
) -> Asked:
    site = links.site(session)
    provision = report.commitment.provision
    return Asked(
        code=provision.code,
        title=pick(provision.title, reader.language),
        party=pick(report.commitment.party.name, reader.language),
        url=f"{site.report(report.id)}#questions" if to_party else f"{site.review(report.id)}#questions",
        account_url=site.my_mail,
        questions=questions,
        answer=answer,
    )


def _put(session: Session, entry: HistoryEntry, reader: Recipient, message: Rendered, url: str, now: datetime) -> None:
    outbox.put(
        session,
        key=f"{KIND}:{entry.id}:{reader.user_id}",
        kind=KIND,
        recipient_id=reader.user_id,
        to_address=reader.email,
        message=message,
        now=now,
        url=url,
    )
