"""The reminders of the coming days, computed for each item directly: no day is walked on which nothing happens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Set
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from tracker.domain.deadlines import local_date
from tracker.domain.mail_plan import PlannedItem, PlannedMail
from tracker.domain.reminders import foresee, is_open
from tracker.services import mail_readers, reminder_duties, work_calendars
from tracker.services.mail_readers import MailReader
from tracker.services.reminder_duties import Duty, Group, Picture

KIND = "reminder"
DAY = timedelta(days=1)
Sort = tuple[bool, date, int]


def forecast(session: Session, *, now: datetime, days: int) -> list[PlannedMail]:
    """Every reminder of the coming days as things stand, in order of date and address. Reads only.

    A constant number of queries; some seconds and little memory for 50,000 open reports and 200 people.
    """
    everybody = mail_readers.everybody(session, work_calendars.load(session))
    people = [one for one in everybody if one.reads.has_clock]
    picture = reminder_duties.load(session, people, now=now, ahead=timedelta(days=days))
    return from_picture(session, picture, now=now, days=days)


def from_picture(
    session: Session, picture: Picture, *, now: datetime, days: int, mailed: Set[int] | None = None
) -> list[PlannedMail]:
    """The same, from duties that were read (or changed by way of trial) before.

    ``mailed``: who has had the mail of the day already, where ``now`` is a moment to come.
    """
    if mailed is None:
        mailed = mail_readers.mailed_today(session, picture.people.values(), now)
    shared = _Shared()
    planned = [
        mail
        for person in picture.people.values()
        for mail in _of_person(picture, person, person.user_id in mailed, now, days, shared)
    ]
    return sorted(planned, key=lambda one: (one.day, one.email))


class _Shared:
    """Items that several people are told of stand in memory once."""

    def __init__(self) -> None:
        self._items: dict[tuple[int, date, int], PlannedItem] = {}

    def item(self, duty: Duty, group: Group, step: int) -> PlannedItem:
        key = (duty.report_id, group.due_on, step)
        if key not in self._items:
            self._items[key] = PlannedItem(duty.report_id, group.party.code, duty.code, group.due_on, step)
        return self._items[key]


def _of_person(
    picture: Picture, person: MailReader, mailed: bool, now: datetime, days: int, shared: _Shared
) -> list[PlannedMail]:
    reads = person.reads
    today = local_date(now, reads.time_zone)
    first, until = today + DAY if mailed else today, today + timedelta(days=days)
    by_day: dict[date, list[tuple[Sort, PlannedItem]]] = defaultdict(list)
    for group, duties in picture.items_of(person):
        by_told: dict[int | None, list[Duty]] = defaultdict(list)
        for duty in duties:
            by_told[picture.told_of(person, duty, group)].append(duty)
        for told, alike in by_told.items():
            for day, step in _days(picture, person, group, told, first, until):
                if is_open(group.last_day, group.party.time_zone, max(now, reads.moment(day))):
                    by_day[day] += [
                        (reminder_duties.order(group, duty), shared.item(duty, group, step)) for duty in alike
                    ]
    return [
        PlannedMail(
            day=day,
            at=max(now, reads.moment(day)),
            user_id=person.user_id,
            name=person.name,
            email=person.email,
            kind=KIND,
            reason="overdue" if any(item.day > 0 for _order, item in told_of) else "due",
            items=tuple(item for _order, item in sorted(told_of, key=lambda pair: pair[0])),
        )
        for day, told_of in by_day.items()
    ]


def _days(
    picture: Picture, person: MailReader, group: Group, told: int | None, first: date, until: date
) -> list[tuple[date, int]]:
    """On which days this person is told of items of this group, and of which step.

    Where all main focal points are away their alternates have the whole ladder, until the first of them is back.
    """
    found: list[tuple[date, int]] = []
    while first <= until:
        change = picture.changes_on(person, group, first)
        end = min(until, change) if change is not None else until
        for day, step in foresee(group.due_on, picture.steps(person, group, first), told, person.reads, first, end):
            found.append((day, step))
            told = step
        first = end + DAY
    return found
