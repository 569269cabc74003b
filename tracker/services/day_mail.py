"""The mail of the day: at most one for each person and working day, grouped from what is due (docs/mail.md).

Three services contribute: reminders, the news that was kept, and summaries. Everything is looked at again in the
transaction that puts the mail; the keys of the mail and of the ledgers keep a second run from telling anything twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.deadlines import local_date
from tracker.domain.vocabulary import MessageState, ReminderOutcome
from tracker.mail import links, outbox
from tracker.mail.day import Contribution, Section, as_data, letter
from tracker.models import Message, ReminderEntry, User
from tracker.services import day_notices, mail_readers, reminder_duties, reminders, summaries, work_calendars
from tracker.services.mail_readers import MailReader
from tracker.services.reminders import ItemKey

MADE_ANEW = frozenset({"reminder", "notice"})
"""Kinds of sections that are put together from the ledgers when a mail is looked at again; others are kept with it."""


def due(session: Session, now: datetime) -> list[int]:
    """Everybody who has a mail of the day to get now, by id: a constant number of queries, whatever the number.

    Who has a time zone that nobody knows is among them: so the failure is that person's alone, and is seen.
    """
    everybody = mail_readers.everybody(session, work_calendars.load(session))
    people = [one for one in everybody if one.reads.has_clock]
    odd = [one.user_id for one in everybody if not one.reads.has_clock]
    candidates = _candidates(session, people, now)
    if not candidates:
        return odd
    picture = reminder_duties.load(session, people, now=now)
    wanted = reminders.due_users(picture, candidates, now=now)
    wanted |= day_notices.waiting(session) | summaries.due_users(session, now)
    return [one.user_id for one in candidates if one.user_id in wanted] + odd


def due_summaries(session: Session, now: datetime) -> list[int]:
    """Those of them who have a summary to be looked at, by id."""
    wanted = summaries.due_users(session, now)
    everybody = mail_readers.everybody(session, work_calendars.load(session)) if wanted else []
    people = [one for one in everybody if one.reads.has_clock]
    return [one.user_id for one in _candidates(session, people, now) if one.user_id in wanted]


def is_due(session: Session, user_id: int, *, now: datetime) -> bool:
    """Whether ``compose`` would put a mail, or write a ledger, for this person now. Writes nothing."""
    person, people = _person(session, user_id, now)
    return person is not None and bool(_contributions(session, person, people, now))


def compose(session: Session, user_id: int, *, now: datetime, render: summaries.Render | None = None) -> Message | None:
    """Put the one mail of today for this person, with its ledgers; None where nothing is to be told.

    ``render`` makes the PDFs of the status reports that come with summaries; without it none do.
    """
    # Of two runs the second waits here, and then sees what the first one did.
    session.execute(sa.select(User.id).where(User.id == user_id).with_for_update(key_share=True))
    person, people = _person(session, user_id, now)
    if person is None:
        return None
    contributions = _contributions(session, person, people, now, render=render)
    carried: set[ItemKey] = set()
    unsent: list[Message] = []
    if any(one.section is not None for one in contributions):
        unsent = _unsent(session, person, now)
        if unsent:
            carried = _withdraw(session, unsent, now)
            contributions = _contributions(session, person, people, now, carried, render)
    sections = [one.section for one in contributions if one.section is not None]
    message = _put(session, person, sections, now) if sections else None
    if sections and message is None:
        return None
    for one in contributions:
        one.settle(session, message)
    if unsent:
        _tidy(session, unsent, _open_keys(session, person, people, now), now)
    session.flush()
    return message


def _is_time(person: MailReader, now: datetime) -> bool:
    return person.reads.is_time(now) and person.reads.can_be_told(local_date(now, person.reads.time_zone))


def _candidates(session: Session, people: Iterable[MailReader], now: datetime) -> list[MailReader]:
    """Those for whom a mail of the day may be made now, and was not made yet."""
    able = [one for one in people if _is_time(one, now)]
    mailed = mail_readers.mailed_today(session, able, now)
    return [one for one in able if one.user_id not in mailed]


def _person(session: Session, user_id: int, now: datetime) -> tuple[MailReader | None, list[MailReader]]:
    """The person, if a mail of the day may be made now, and who stands beside him or her."""
    people = mail_readers.beside(session, user_id, work_calendars.load(session))
    person = next((one for one in people if one.user_id == user_id), None)
    return person if person is not None and _candidates(session, [person], now) else None, people


def _contributions(
    session: Session,
    person: MailReader,
    people: list[MailReader],
    now: datetime,
    carried: Iterable[ItemKey] = (),
    render: summaries.Render | None = None,
) -> list[Contribution]:
    """In the order of the mail."""
    picture = reminder_duties.load(session, people, now=now, only=person)
    found = reminders.find(picture, person, now=now, carried=frozenset(carried))
    contributions = [
        reminders.contribution(session, person, found, now=now),
        day_notices.contribution(session, person, now=now),
        *summaries.contribution(session, session.get_one(User, person.user_id), now=now, render=render),
    ]
    return [one for one in contributions if one is not None]


def _put(session: Session, person: MailReader, sections: Sequence[Section], now: datetime) -> Message | None:
    message = outbox.put(
        session,
        key=mail_readers.key(person, now),
        kind=sections[0].kind,
        recipient_id=person.user_id,
        to_address=person.email,
        message=letter(person.name, person.language, sections, settings_url=links.site(session).my_mail),
        now=now,
        attachments=[one for section in sections for one in section.attachments],
        url=sections[0].url,
        unsubscribe_url=one_click(sections),
        urgency=min(one.urgency for one in sections),
    )
    if message is not None:
        message.sections = kept(sections)
    return message


def one_click(sections: Sequence[Section]) -> str:
    """What one click changes: of the first section that has such an address."""
    return next((one.unsubscribe_url for one in sections if one.unsubscribe_url), "")


def kept(sections: Sequence[Section]) -> list[dict[str, object]]:
    """What is kept with the mail, to put it together anew."""
    return [as_data(one) for one in sections if one.kind not in MADE_ANEW]


def _unsent(session: Session, person: MailReader, now: datetime) -> list[Message]:
    """The mails of earlier days that no server was offered yet."""
    today = mail_readers.key(person, now)
    return list(
        session.scalars(
            sa.select(Message)
            .where(
                Message.recipient_id == person.user_id,
                Message.key.startswith(today.rpartition(":")[0] + ":"),
                Message.key < today,
                Message.state == MessageState.QUEUED,
                Message.attempts == 0,
            )
            .order_by(Message.id)
            .with_for_update()
        )
    )


def _withdraw(session: Session, unsent: Sequence[Message], now: datetime) -> set[ItemKey]:
    """Withdraw these mails; the items that they named are told in the next, with the news."""
    ids = [one.id for one in unsent]
    for one in unsent:
        outbox.withdraw(session, one, now=now)
    session.execute(
        sa.update(Message)
        .where(Message.within_id.in_(ids), Message.state == MessageState.GROUPED)
        .values(state=MessageState.HELD, within_id=None)
        .execution_options(synchronize_session="fetch")
    )
    named = sa.select(ReminderEntry.report_id, ReminderEntry.due_on).where(ReminderEntry.message_id.in_(ids))
    return {(row.report_id, row.due_on) for row in session.execute(named)}


def _tidy(session: Session, unsent: Sequence[Message], still: set[ItemKey], now: datetime) -> None:
    """What the withdrawn mails named and this one does not: passed over by a later step, moved to a date, or done."""
    waiting = {report_id for report_id, _due_on in still}
    ids = [one.id for one in unsent]
    for entry in session.scalars(sa.select(ReminderEntry).where(ReminderEntry.message_id.in_(ids))):
        if (entry.report_id, entry.due_on) in still:
            entry.outcome = ReminderOutcome.PASSED_OVER
        else:
            entry.outcome = ReminderOutcome.EXTENDED if entry.report_id in waiting else ReminderOutcome.DONE
        entry.message_id, entry.at = None, now


def _open_keys(session: Session, person: MailReader, people: list[MailReader], now: datetime) -> set[ItemKey]:
    picture = reminder_duties.load(session, people, now=now, only=person)
    return {(duty.report_id, group.due_on) for group, duties in picture.items_of(person) for duty in duties}
