"""The ladder of reminders: which step an item has reached, and which are past and will not be made up for.

Pure: what is owed, the ledger and the moment go in, what to tell comes out. The reader's own clock decides when
(from seven in the morning), dates are counted on the reader's calendar, and no job hangs on a local midnight, which
does not exist on the day the clocks change in Chile, Cuba or Paraguay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tracker.domain.deadlines import ends_at, local_date, local_hour

LADDER: tuple[int, ...] = (-30, -14, -7, -1, 1, 7, 21)
"""The steps: days counted from the due date, in order."""

EARLIEST_HOUR = 7
"""Mail leaves from this hour on the reader's own clock."""
HORIZON = timedelta(days=-LADDER[0] + 1)
"""Nothing due later than this is told of; a day of slack for zones."""

Done = Mapping[tuple[int, date], frozenset[int]]
"""The ledger of one reader: the steps told or passed over, by report and due date."""


@dataclass(frozen=True)
class Owed:
    """A report that somebody has still to act on. ``last_day``: after it nothing can be submitted."""

    report_id: int
    due_on: date
    last_day: date
    time_zone: str
    """The party's: there the dates end."""


@dataclass(frozen=True)
class Due:
    """The step to tell of today, and the earlier ones that an outage swallowed."""

    step: int
    missed: tuple[int, ...]


def reached(due_on: date, today: date, done: frozenset[int]) -> Due | None:
    """What to remind of on ``today`` (the reader's date), given the steps already in the ledger.

    Only the latest step reached counts; after an outage the missed ones are recorded and not sent. None where
    nothing is reached, or the latest step is already in the ledger.
    """
    past = [step for step in LADDER if (today - due_on).days >= step]
    if not past or past[-1] in done:
        return None
    return Due(past[-1], tuple(step for step in past[:-1] if step not in done))


def to_tell(owed: Iterable[Owed], done: Done, now: datetime, time_zone: str) -> list[tuple[Owed, Due]]:
    """What this reader is told of now, earliest due date first: so what is overdue stands on top.

    ``time_zone`` is the reader's. Empty before seven in the morning there.
    """
    if local_hour(now, time_zone) < EARLIEST_HOUR:
        return []
    today = local_date(now, time_zone)
    found = []
    for item in owed:
        if now >= ends_at(item.last_day, item.time_zone):
            continue
        due = reached(item.due_on, today, done.get((item.report_id, item.due_on), frozenset()))
        if due is not None:
            found.append((item, due))
    return sorted(found, key=lambda pair: (pair[0].due_on, pair[0].report_id))


def foresee(
    owed: Iterable[Owed], done: Done, now: datetime, time_zone: str, days: int
) -> Iterator[tuple[date, list[tuple[Owed, Due]]]]:
    """Every mail this reader will get in the coming days if nothing is submitted meanwhile: the date and its items."""
    listed, ledger = list(owed), dict(done)
    for offset in range(days + 1):
        day = local_date(now, time_zone) + timedelta(days=offset)
        morning = datetime.combine(day, time(EARLIEST_HOUR), ZoneInfo(time_zone)).astimezone(UTC)
        items = to_tell(listed, ledger, max(now, morning), time_zone)
        if not items:
            continue
        for item, due in items:
            key = (item.report_id, item.due_on)
            ledger[key] = ledger.get(key, frozenset()) | {due.step, *due.missed}
        yield day, items


def is_before(step: int) -> bool:
    """Whether the step comes before the due date."""
    return step < 0
