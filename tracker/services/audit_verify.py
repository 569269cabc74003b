"""Walking the chain of the audit trail: is it whole, and if not, where is its first broken link."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker import trail
from tracker.models import AuditEntry, AuditHead

BATCH = 1000


class Fault(StrEnum):
    """What may be wrong with a link."""

    GAP = "gap"
    """One or more entries before it are missing, or it stands out of order."""
    CONTENT = "content"
    """It was changed: what it says does not give its own hash."""
    LINK = "link"
    """It does not carry the hash of the one before it."""
    HEAD = "head"
    """The chain ends elsewhere than its head says: entries at its end were removed, or written past it."""
    EXPECTED = "expected"
    """A hash noted earlier is not the one that stands there now."""


@dataclass(frozen=True)
class Break:
    """The first broken link. ``number``: of the entry that shows it; what the trail says of it, where it is there."""

    fault: Fault
    number: int
    at: datetime | None = None
    event: str | None = None
    expected: int | str | None = None
    """The number or hash that should stand there."""


@dataclass(frozen=True)
class Verdict:
    """``number`` and ``sha256`` are those of the last entry that was reached; 0 and zeros where there is none."""

    number: int
    sha256: str
    broken: Break | None


def verify(session: Session, expected: Mapping[int, str] | None = None, *, batch: int = BATCH) -> Verdict:
    """Walk the chain from its first entry; memory stays the same however long it is.

    ``expected``: hashes that were noted earlier, by number of entry. They show what head and chain cannot: a trail
    that was cut or written anew as a whole. Entries written meanwhile are left to the next time.
    """
    noted = dict(expected or {})
    head = session.execute(sa.select(AuditHead.number, AuditHead.sha256)).one_or_none()
    if head is None:
        return Verdict(0, trail.START, Break(Fault.HEAD, 0))
    number, previous = 0, trail.START
    for row in _entries(session, batch):
        if number == head.number and row.number == number + 1 and _moved_on(session, head.number):
            break
        broken = _look(row, number, previous, noted)
        if broken is not None:
            return Verdict(number, previous, broken)
        number, previous = row.number, row.sha256
    if (number, previous) != (head.number, head.sha256):
        return Verdict(number, previous, Break(Fault.HEAD, number, expected=head.number))
    for beyond in sorted(n for n in noted if not 1 <= n <= number):
        return Verdict(number, previous, Break(Fault.EXPECTED, beyond, expected=noted[beyond]))
    return Verdict(number, previous, None)


def _look(row: sa.Row, number: int, previous: str, noted: Mapping[int, str]) -> Break | None:
    """What is wrong with this entry, after one of this number and hash."""
    if row.number != number + 1:
        return Break(Fault.GAP, row.number, row.at, row.event, number + 1)
    if trail.digest(row._asdict()) != row.sha256:
        return Break(Fault.CONTENT, row.number, row.at, row.event, row.sha256)
    if row.previous_sha256 != previous:
        return Break(Fault.LINK, row.number, row.at, row.event, previous)
    if noted.get(row.number, row.sha256) != row.sha256:
        return Break(Fault.EXPECTED, row.number, row.at, row.event, noted[row.number])
    return None


def _moved_on(session: Session, number: int) -> bool:
    """Whether the head moved while we walked: then what is beyond where it stood was written by the rules."""
    return (session.scalar(sa.select(AuditHead.number)) or 0) > number


def _entries(session: Session, batch: int) -> Iterator[sa.Row]:
    """Every entry in order, some at a time."""
    last: tuple[int, int] | None = None
    while True:
        wanted = _page(last is not None)
        values = {"batch": batch} | ({"number": last[0], "id": last[1]} if last else {})
        rows = session.connection().execute(wanted, values).all()
        yield from rows
        if len(rows) < batch:
            return
        last = (rows[-1].number, rows[-1].id)


@cache
def _page(further: bool) -> sa.Select:
    columns = [getattr(AuditEntry, name) for name in trail.HASHED]
    wanted = sa.select(AuditEntry.id, *columns, AuditEntry.sha256).order_by(AuditEntry.number, AuditEntry.id)
    if further:
        wanted = wanted.where(
            sa.tuple_(AuditEntry.number, AuditEntry.id) > sa.tuple_(sa.bindparam("number"), sa.bindparam("id"))
        )
    return wanted.limit(sa.bindparam("batch"))
