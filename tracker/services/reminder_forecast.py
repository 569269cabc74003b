"""The reminders of the coming days, computed for each item directly: no day is walked on which nothing happens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Set
from datetime import date, datetime, timedelta
from operator import itemgetter

from sqlalchemy.orm import Session

from tracker.domain.deadlines import local_date
from tracker.domain.mail_plan import PlannedItem, PlannedMail
from tracker.domain.reminders import foresee, is_open
from tracker.services import mail_readers, reminder_duties, work_calendars
from tracker.services.mail_readers import MailReader
from tracker.services.reminder_duties import Duty, Group, Picture

KIND = "reminder"
DAY = timedelta(days=1)
Named = tuple[Group, list[Duty], int]
"""Reports of a group that a mail names, with the step."""


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
    """Items that several people are told of stand in memory once, and lists of them, too."""

    def __init__(self) -> None:
        self._items: dict[tuple[int, date, int], PlannedItem] = {}
        self._lists: dict[tuple[tuple[int, int], ...], tuple[list[Named], tuple[PlannedItem, ...]]] = {}

    def items(self, named: list[Named]) -> tuple[PlannedItem, ...]:
        """The items of a mail, in its order."""
        key = tuple((id(duties), step) for _group, duties, step in named)
        if key not in self._lists:
            pairs = [
                (reminder_duties.order(group, duty), self._item(duty, group, step))
                for group, duties, step in named
                for duty in duties
            ]
            # The duties are kept, so that no other list gets their address.
            self._lists[key] = named, tuple(item for _order, item in sorted(pairs, key=itemgetter(0)))
        return self._lists[key][1]

    def _item(self, duty: Duty, group: Group, step: int) -> PlannedItem:
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
    by_day: dict[date, list[Named]] = defaultdict(list)
    for group, duties in picture.items_of(person):
        for told, alike in _alike(picture, person, group, duties):
            for day, step in _days(picture, person, group, told, first, until):
                # The exact end is in the party's zone: it may fall before the reader's hour of the day after.
                if day < group.last_day or is_open(group.last_day, group.party.time_zone, max(now, reads.moment(day))):
                    by_day[day].append((group, alike, step))
    return [
        PlannedMail(
            day=day,
            at=max(now, reads.moment(day)),
            user_id=person.user_id,
            name=person.name,
            email=person.email,
            kind=KIND,
            reason="overdue" if any(step > 0 for _group, _duties, step in named) else "due",
            items=shared.items(named),
        )
        for day, named in by_day.items()
    ]


def _alike(
    picture: Picture, person: MailReader, group: Group, duties: list[Duty]
) -> Iterable[tuple[int | None, list[Duty]]]:
    """The duties of a group by what this person was told of them already."""
    told = picture.told.get(person.user_id)
    if not told:
        return [(None, duties)]
    found: dict[int | None, list[Duty]] = defaultdict(list)
    for duty in duties:
        found[told.get((duty.report_id, group.due_on))].append(duty)
    return found.items()


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
