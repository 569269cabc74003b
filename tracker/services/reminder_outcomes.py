"""The rest of the ledger: why a step was not told to somebody (done, extended, muted, no address; docs/mail.md).

A step is looked at when its sending day has come for its reader. How far this was done stands in ``Heartbeat`` under
``NAME``; days are looked at again for a while, because a step may wait for a Monday. What stands in the ledger stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.deadlines import local_date
from tracker.domain.reminders import Reader, is_open, sending_days
from tracker.domain.vocabulary import ExtensionDecision, ReminderOutcome, Role
from tracker.models import Extension, Heartbeat, ProgressReport, ReportingCycle
from tracker.services import mail_readers, reminder_duties, work_calendars
from tracker.services.mail_readers import MailReader
from tracker.services.plain_rows import rows
from tracker.services.recipients import WRITERS
from tracker.services.reminder_duties import Duty, Group, Picture
from tracker.services.reminder_entries import Row, add, row

NAME = "reminder-ledger"
LOOK_BACK = timedelta(days=10)
"""A step that waits for the first working day of the week waits less long than this."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days whose steps are looked at for one reader: after ``after``, up to and with ``until``."""

    after: date
    until: date


def missing(session: Session, now: datetime) -> dict[int, list[Row]] | None:
    """What is to be written down now, by party; None as long as nobody's day has begun since ``seen``. Reads only.

    A constant number of queries, whatever the number of people and reports.
    """
    before = session.scalar(sa.select(Heartbeat.at).where(Heartbeat.name == NAME))
    calendars = work_calendars.load(session)
    people = [one for one in mail_readers.everybody(session, calendars) if one.reads.has_clock]
    days = {one.user_id: _days(one.reads, before, now) for one in people}
    # The posts that nobody holds have a calendar of their own; their hour comes with some full hour.
    if before is not None and _hour(before) >= _hour(now) and not any(days.values()):
        return None
    still_open = reminder_duties.load(session, people, now=now)
    done = reminder_duties.load(session, people, now=now, done=True)
    found: dict[int, list[Row]] = defaultdict(list)
    for one in people:
        of_reader = days[one.user_id]
        if of_reader is None:
            continue
        for group, row_ in _not_told(still_open, one, of_reader, now):
            found[group.party.id].append(row_)
        for group, row_ in _done(done, one, of_reader, now):
            found[group.party.id].append(row_)
    for party_id, row_ in _extended(session, still_open, done, days, now):
        found[party_id].append(row_)
    for party_id, row_ in _vacant(still_open, calendars, before, now):
        found[party_id].append(row_)
    return dict(found)


def write(session: Session, entries: Iterable[Row]) -> int:
    """Write down the rows of one party; how many there were to look at."""
    listed = list(entries)
    add(session, listed)
    return len(listed)


def seen(session: Session, now: datetime) -> None:
    """Everything up to this moment is written down."""
    session.merge(Heartbeat(name=NAME, at=now, ok=True))


def _hour(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _days(reads: Reader, before: datetime | None, now: datetime) -> Days | None:
    """None where no day of this reader has begun since."""
    until = reads.settled_day(now)
    if before is None:
        return Days(until - LOOK_BACK, until)
    after = reads.settled_day(before)
    return Days(after - LOOK_BACK, until) if after < until else None


def _steps(picture: Picture, person: MailReader, group: Group, days: Days) -> Iterator[tuple[date, int]]:
    """Sending day and step of the steps that came in these days."""
    for day, step in sending_days(group.due_on, picture.steps(person, group, days.until), person.reads.calendar):
        if days.after < day <= days.until:
            yield day, step


def _not_told(picture: Picture, person: MailReader, days: Days, now: datetime) -> Iterator[tuple[Group, Row]]:
    """What waits for somebody who is away, or whose address bounces."""
    away = person.reads.is_away(local_date(now, person.reads.time_zone))
    if not away and not person.reads.bounced:
        return
    outcome = ReminderOutcome.NO_ADDRESS if person.reads.bounced else ReminderOutcome.MUTED
    for group, duties in picture.items_of(person):
        if not is_open(group.last_day, group.party.time_zone, now):
            continue
        for _day, step in _steps(picture, person, group, days):
            for duty in duties:
                told = picture.told_of(person, duty, group)
                if told is None or told < step:
                    yield group, row(duty.report_id, group.due_on, step, person.user_id, outcome, now)


def _done(picture: Picture, person: MailReader, days: Days, now: datetime) -> Iterator[tuple[Group, Row]]:
    for group, duties in picture.items_of(person):
        if not is_open(group.last_day, group.party.time_zone, now):
            continue
        for _day, step in _steps(picture, person, group, days):
            for duty in duties:
                yield group, row(duty.report_id, group.due_on, step, person.user_id, ReminderOutcome.DONE, now)


def _vacant(
    picture: Picture, calendars: work_calendars.WorkCalendars, before: datetime | None, now: datetime
) -> Iterator[tuple[int, Row]]:
    """Reports that nobody is there to write: on the party's own calendar, at the usual hour."""
    for party in picture.parties.values():
        reads = Reader(party.time_zone, calendars.of_party(party.id))
        days = _days(reads, before, now)
        if days is None:
            continue
        for group, duties in picture.of_party(party.id).items():
            if not picture.nobody(group) or not is_open(group.last_day, party.time_zone, now):
                continue
            for day, step in sending_days(group.due_on, picture.ladder_of(group), reads.calendar):
                if days.after < day <= days.until:
                    for duty in duties:
                        entry = row(duty.report_id, group.due_on, step, None, ReminderOutcome.NO_ADDRESS, now)
                        yield party.id, entry


def _extended(
    session: Session, still_open: Picture, done: Picture, days: dict[int, Days | None], now: datetime
) -> Iterator[tuple[int, Row]]:
    """Steps of a date that an extension had moved before they came, for who would have been told of them."""
    moved = rows(session, _granted(), {"yesterday": (now - timedelta(days=1)).date()}).all()
    if not moved:
        return
    parts = _parts_of(still_open, done)
    for one in moved:
        party = still_open.parties.get(one.party_id)
        if party is None:
            continue
        duty = Duty(one.report_id, "")
        group = Group(party, one.cycle_id, one.due_on, max(one.closes_on, one.granted_until), awaits_approval=False)
        if not is_open(group.last_day, party.time_zone, now):
            continue
        for person in still_open.people.values():
            of_reader = days[person.user_id]
            writes = person.role is WRITERS[party.kind] and (
                person.party_id == party.id or person.role is Role.ADMINISTRATOR
            )
            if of_reader is None or not (writes or (person.user_id, one.report_id, one.granted_until) in parts):
                continue
            moved_on = local_date(one.decided_at, person.reads.time_zone)
            for day, step in _steps(still_open, person, group, of_reader):
                if day >= moved_on:
                    yield (
                        party.id,
                        row(duty.report_id, one.due_on, step, person.user_id, ReminderOutcome.EXTENDED, now),
                    )


def _parts_of(*pictures: Picture) -> set[tuple[int, int, date]]:
    """Who was asked for parts of which report, by the date that counts now."""
    return {
        (person.user_id, duty.report_id, group.due_on)
        for picture in pictures
        for person in picture.people.values()
        if person.role is Role.CONTRIBUTOR
        for group, duties in picture.items_of(person)
        for duty in duties
    }


@cache
def _granted() -> sa.Select:
    yesterday = sa.bindparam("yesterday", type_=sa.Date)
    return (
        sa.select(
            Extension.report_id,
            Extension.party_id,
            Extension.due_on,
            Extension.granted_until,
            Extension.decided_at,
            ProgressReport.cycle_id,
            ReportingCycle.closes_on,
        )
        .join(ProgressReport, ProgressReport.id == Extension.report_id)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .where(
            Extension.decision == ExtensionDecision.GRANTED,
            Extension.due_on != Extension.granted_until,
            sa.or_(ReportingCycle.closes_on >= yesterday, ProgressReport.due_on >= yesterday),
        )
        .order_by(Extension.id)
    )
