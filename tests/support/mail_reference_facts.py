"""What counts for mail, as plain facts, and the calendar: the ground on which ``mail_reference`` stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

FOCAL, ALTERNATE = "rung_focal_point", "rung_alternate"
WRITTEN, WAITING_FOR_APPROVAL = ("draft", "returned"), "awaiting_approval"
OPEN = (*WRITTEN, WAITING_FOR_APPROVAL)
STATE, SECRETARIAT, AGENCIES = "member_state", "general_secretariat", "cooperation_agencies"
IN_PLACE_OF_FOCAL_POINTS = {STATE: "focal_point", SECRETARIAT: "secretariat_reporter", AGENCIES: "administrator"}
STAFF = ("administrator", "reviewer")
AT_PUBLICATION = "summary_at_publication"
SENT, GROUPED, PASSED_OVER = "reminder_sent", "reminder_grouped", "reminder_passed_over"
DONE, EXTENDED, MUTED, NO_ADDRESS = "reminder_done", "reminder_extended", "reminder_muted", "reminder_no_address"

Key = tuple[int, date, int, int | None]
"""Of the ledger: report, date, step, person."""
Told = tuple[int, date, int]
"""An item as a mail names it: report, date, step."""


@dataclass(frozen=True)
class Party:
    id: int
    kind: str
    zone: str
    approval_required: bool
    periods: tuple[tuple[date, date | None], ...]
    """Of participation, for a State."""
    holidays: frozenset[date]


@dataclass(frozen=True)
class Person:
    id: int
    role: str
    party: int | None
    zone: str
    hour: int
    weekly: bool
    daily_news: bool
    away_until: date | None
    bouncing: bool
    active: bool
    is_alternate: bool


@dataclass(frozen=True)
class Cycle:
    id: int
    opens_on: date
    closes_on: date
    opened_at: datetime | None


@dataclass(frozen=True)
class Report:
    id: int
    commitment: int
    party: int
    cycle: int
    state: str
    due_on: date
    followed: bool


@dataclass(frozen=True)
class Part:
    """What a contributor was asked for: a commitment or an element of it."""

    commitment: int
    person: int
    due_on: date | None
    done_at: datetime | None


@dataclass(frozen=True)
class Subscription:
    id: int
    person: int
    rhythm: str
    when_empty: bool
    made_at: datetime
    ended: bool
    parties: tuple[int, ...] | None
    """The States in scope; None: everything."""


@dataclass(frozen=True)
class Entry:
    """Something that happened to a commitment."""

    id: int
    at: datetime
    commitment: int
    party: int
    report: int | None
    actor: int | None
    visibility: str
    is_news: bool
    """Of a kind that summaries tell of."""
    is_publication: bool


@dataclass(frozen=True)
class News:
    """A mail about something that happened, as its cause made it."""

    id: int
    person: int
    waits: bool
    """For the mail of the day, as its reader wished when it was made."""
    entry: int | None
    """The entry of the history that it tells of, where it is a step of a report."""


@dataclass(frozen=True)
class Extension:
    """A date that was moved."""

    report: int
    due_on: date
    until: date
    decided_at: datetime


@dataclass(frozen=True)
class Facts:
    """Everything that counts, as it stands at one moment."""

    parties: dict[int, Party]
    people: dict[int, Person]
    cycles: dict[int, Cycle]
    reports: dict[int, Report]
    parts: tuple[Part, ...]
    ladders: dict[tuple[int | None, str], tuple[tuple[int, str], ...]]
    """Day and rung, by cycle (None: the default) and kind of party."""
    extensions: tuple[Extension, ...]
    subscriptions: tuple[Subscription, ...]
    accredited: dict[int, frozenset[int]]
    """By observer: the States."""


@dataclass
class Item:
    """A report that one person has to act on, with the date that counts for that person."""

    report: Report
    due_on: date
    steps: tuple[int, ...]
    """The days of the steps of which this person is told."""


def in_order(item: Item) -> tuple[bool, date, int]:
    """By date: so what is overdue stands before what is due. What waits for approval comes last."""
    return item.report.state == WAITING_FOR_APPROVAL, item.due_on, item.report.id


def last_day_begun(now: datetime, zone: str, hour: int) -> date:
    """The last day whose hour has come there."""
    clock = local(now, zone)
    return clock.date() if clock.hour >= hour else clock.date() - timedelta(days=1)


def local(now: datetime, zone: str) -> datetime:
    return now.astimezone(_zone(zone))


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@cache
def day_ends(day: date, zone: str) -> datetime:
    """The moment at which a day is over there."""
    return datetime.combine(day + timedelta(days=1), time(0), _zone(zone)).astimezone(UTC)


def takes_part(party: Party, day: date) -> bool:
    if party.kind != STATE:
        return True
    return any(start <= day and (end is None or day <= end) for start, end in party.periods)


def is_away(person: Person, day: date) -> bool:
    return person.away_until is not None and day <= person.away_until


def is_ready(part: Part, cycle: Cycle) -> bool:
    """Whether the part was handed in for this cycle."""
    return part.done_at is not None and cycle.opened_at is not None and part.done_at >= cycle.opened_at


def date_of(part: Part, cycle: Cycle, report: Report) -> date:
    """A date of its own from before the cycle opened was meant for an earlier report."""
    return part.due_on if part.due_on is not None and part.due_on >= cycle.opens_on else report.due_on


def is_working_day(day: date, holidays: frozenset[date]) -> bool:
    return day.isoweekday() <= 5 and day not in holidays


@cache
def sending_day(due_on: date, step: int, holidays: frozenset[date]) -> date:
    """The last working day on or before the day of a step up to the date, else the first on or after it."""
    day = due_on + timedelta(days=step)
    direction = timedelta(days=-1 if step <= 0 else 1)
    while not is_working_day(day, holidays):
        day += direction
    return day


def first_day_of_period(day: date, rhythm: str) -> date:
    if rhythm == "summary_monthly":
        return day.replace(day=1)
    if rhythm == "summary_quarterly":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    if rhythm == "summary_weekly":
        return day - timedelta(days=day.isoweekday() - 1)
    return day


def first_working_day_of_week(day: date, holidays: frozenset[date]) -> date | None:
    monday = day - timedelta(days=day.isoweekday() - 1)
    week = [monday + timedelta(days=n) for n in range(7)]
    return next((one for one in week if is_working_day(one, holidays)), None)
