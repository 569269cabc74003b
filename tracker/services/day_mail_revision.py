"""The last look before a mail leaves: what was done meanwhile is taken out (docs/mail.md).

Called in the transaction that claims the message (``mail.outbox.claim``), so that nothing can come between.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.deadlines import local_date
from tracker.domain.reminders import is_open
from tracker.domain.vocabulary import ReminderOutcome
from tracker.mail import links, outbox
from tracker.mail.day import Section, from_data, letter
from tracker.models import Message, ReminderEntry
from tracker.services import day_mail, day_notices, mail_readers, reminder_duties, reminders, work_calendars
from tracker.services.mail_readers import MailReader
from tracker.services.reminder_duties import Duty, Group


def revise(session: Session, message_id: int, *, now: datetime) -> bool:
    """Bring a mail up to date, if it is one of the day or news about a step; others stay as they are.

    False where nothing of it is left: it is withdrawn, and its ledger says why.
    """
    message = session.get_one(Message, message_id, populate_existing=True)
    if message.key.startswith(day_notices.OF_A_STEP):
        if not day_notices.acted_on(session, [message]):
            return True
        outbox.withdraw(session, message, now=now)
        return False
    if not message.key.startswith(outbox.OF_THE_DAY) or message.recipient_id is None:
        return True
    return _revise(session, message, message.recipient_id, now)


def _revise(session: Session, message: Message, user_id: int, now: datetime) -> bool:
    people = mail_readers.beside(session, user_id, work_calendars.load(session))
    person = next((one for one in people if one.user_id == user_id), None)
    entries = list(session.scalars(sa.select(ReminderEntry).where(ReminderEntry.message_id == message.id)))
    still = _open_items(session, person, people, now) if person is not None and entries else {}
    left = [one for one in entries if (one.report_id, one.due_on) in still]
    notices = day_notices.within(session, message)
    overtaken = day_notices.acted_on(session, notices)
    kept = [from_data(one) for one in message.sections]
    _settle([one for one in entries if one not in left], still, now)
    for one in notices:
        if one.id in overtaken:
            outbox.withdraw(session, one, now=now)
    if person is None or not (left or len(notices) > len(overtaken) or kept):
        outbox.withdraw(session, message, now=now)
        return False
    made_on = local_date(message.made_at, person.reads.time_zone)
    if len(left) < len(entries) or overtaken or local_date(now, person.reads.time_zone) != made_on:
        left.sort(
            key=lambda one: reminder_duties.order(
                still[one.report_id, one.due_on][1], still[one.report_id, one.due_on][0]
            )
        )
        for number, entry in enumerate(left):
            entry.outcome = ReminderOutcome.GROUPED if number else ReminderOutcome.SENT
        items = [still[one.report_id, one.due_on] for one in left]
        sections = [reminders.describe(session, person, items, now=now)] if items else []
        news = [one for one in notices if one.id not in overtaken]
        sections += [day_notices.describe(session, person, news)] if news else []
        _write(session, message, person, sections + kept)
    session.flush()
    return True


def _open_items(
    session: Session, person: MailReader, people: list[MailReader], now: datetime
) -> dict[reminders.ItemKey, tuple[Duty, Group]]:
    picture = reminder_duties.load(session, people, now=now, only=person)
    return {
        (duty.report_id, group.due_on): (duty, group)
        for group, duties in picture.items_of(person)
        if is_open(group.last_day, group.party.time_zone, now)
        for duty in duties
    }


def _settle(gone: list[ReminderEntry], still: Iterable[reminders.ItemKey], now: datetime) -> None:
    """What is not told any more names no mail: the date was moved, or the work is done."""
    waiting = {report_id for report_id, _due_on in still}
    for one in gone:
        one.outcome = ReminderOutcome.EXTENDED if one.report_id in waiting else ReminderOutcome.DONE
        one.message_id, one.at = None, now


def _write(session: Session, message: Message, person: MailReader, sections: list[Section]) -> None:
    rendered = letter(person.name, person.language, sections, settings_url=links.site(session).my_mail)
    message.kind, message.language = sections[0].kind, rendered.language
    message.subject, message.text, message.html = rendered.subject, rendered.text, rendered.html
    message.url, message.unsubscribe_url = sections[0].url, day_mail.one_click(sections)
