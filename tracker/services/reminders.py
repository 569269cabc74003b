"""Reminders: what a person is told of today about what is due or overdue, found by asking the data (docs/mail.md).

Nothing is planned ahead: what is submitted, extended, handed over or frozen is simply not found any more, a changed
date has its own ladder, and after an outage of any length only the latest step is told. The ledger
(``ReminderEntry``) keeps a second run from telling it again. The mail itself is put by ``services.day_mail``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.deadlines import days_left, local_date
from tracker.domain.reminders import is_open, passed_over, reached, to_tell
from tracker.domain.vocabulary import ReminderOutcome, ReportState
from tracker.mail import links
from tracker.mail.day import Contribution, Section
from tracker.mail.messages.reminders import Reminded, section
from tracker.models import Commitment, Message, ProgressReport, Provision
from tracker.services import reminder_entries
from tracker.services.mail_readers import MailReader
from tracker.services.reminder_duties import Duty, Group, Picture, order
from tracker.services.reminder_forecast import forecast
from tracker.wording import pick

__all__ = ["contribution", "describe", "due_users", "find", "forecast", "write_down"]

ItemKey = tuple[int, date]
"""Report and the date that counts for the person."""


@dataclass(frozen=True, slots=True)
class Found:
    """An item that is told now, with its step and those before it."""

    duty: Duty
    group: Group
    step: int
    earlier: tuple[int, ...]

    @property
    def key(self) -> ItemKey:
        return self.duty.report_id, self.group.due_on


def find(
    picture: Picture, person: MailReader, *, now: datetime, carried: Collection[ItemKey] = frozenset()
) -> list[Found]:
    """What this person is told of now, in the order of the mail; nothing is asked of the database.

    ``carried``: items of a mail that could not leave; they are told whatever the rhythm.
    """
    return sorted(_tellable(picture, person, now, carried), key=_order)


def _tellable(
    picture: Picture, person: MailReader, now: datetime, carried: Collection[ItemKey] = frozenset()
) -> Iterator[Found]:
    today = local_date(now, person.reads.time_zone)
    told = picture.told.get(person.user_id, {})
    for group, duties in picture.items_of(person):
        steps = picture.steps(person, group, today)
        step = reached(group.due_on, steps, today, person.reads.calendar)
        if step is None or not is_open(group.last_day, group.party.time_zone, now):
            continue
        in_rhythm = to_tell(group.due_on, steps, None, today, person.reads) is not None
        for duty in duties:
            item = (duty.report_id, group.due_on)
            if told.get(item, step - 1) < step and (in_rhythm or item in carried):
                yield Found(duty, group, step, passed_over(steps, step))


def due_users(picture: Picture, candidates: Collection[MailReader], *, now: datetime) -> set[int]:
    """Those of the candidates who have something to be told of now."""
    return {one.user_id for one in candidates if next(_tellable(picture, one, now), None) is not None}


def contribution(session: Session, person: MailReader, found: Sequence[Found], *, now: datetime) -> Contribution | None:
    """The section of the mail of the day about these items, and the rows of the ledger that it makes."""
    if not found:
        return None

    def settle(session: Session, message: Message | None) -> None:
        if message is not None:
            write_down(session, person, found, message.id, now)

    return Contribution(describe(session, person, [(one.duty, one.group) for one in found], now=now), settle)


def write_down(session: Session, person: MailReader, found: Sequence[Found], message_id: int, now: datetime) -> None:
    """The ledger of a mail: the first as sent, the others as grouped, what came before as passed over."""
    earlier = [
        reminder_entries.row(*one.key, step, person.user_id, ReminderOutcome.PASSED_OVER, now)
        for one in found
        for step in one.earlier
    ]
    named = [
        reminder_entries.row(
            *one.key,
            one.step,
            person.user_id,
            ReminderOutcome.GROUPED if number else ReminderOutcome.SENT,
            now,
            message_id,
        )
        for number, one in enumerate(found)
    ]
    reminder_entries.add(session, earlier)
    reminder_entries.bring_up_to_date(session, named)


def describe(session: Session, person: MailReader, items: Sequence[tuple[Duty, Group]], *, now: datetime) -> Section:
    """The section about these items, in the reader's language. One query."""
    site = links.site(session)
    facts = _facts(session, [duty.report_id for duty, _group in items])
    told = [_told(facts[duty.report_id], duty, group, person.language, site, now) for duty, group in items]
    return section(
        person.language,
        told,
        dashboard_url=site.dashboard,
        stop_url=site.stop(person.mail_key, "reminders"),
        rhythm=person.reads.rhythm,
    )


def _order(one: Found) -> tuple[bool, date, int]:
    return order(one.group, one.duty)


def _facts(session: Session, report_ids: Sequence[int]) -> dict[int, sa.Row]:
    rows = session.execute(
        sa.select(ProgressReport.id, ProgressReport.state, ProgressReport.submitted_at, Provision.title)
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .where(ProgressReport.id.in_(report_ids))
    )
    return {row.id: row for row in rows}


def _told(row: sa.Row, duty: Duty, group: Group, language: str, site: links.Site, now: datetime) -> Reminded:
    return Reminded(
        code=duty.code,
        title=pick(row.title, language),
        url=site.report(row.id),
        due_on=group.due_on,
        days_left=days_left(group.due_on, now, group.party.time_zone),
        time_zone=group.party.time_zone,
        awaits_approval=row.state is ReportState.AWAITING_APPROVAL,
        returned=row.state is ReportState.RETURNED and row.submitted_at is not None,
    )
