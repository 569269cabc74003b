"""The end of the audit trail, noted once a day: a trail that was cut does not reach what was noted before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.models import AuditEntry, AuditHead
from tracker.services import audit

EVENT = "audit.seal"
SHOWN = 14


@dataclass(frozen=True)
class Noted:
    """Number and hash of an entry; ``day`` (UTC) on which they were noted."""

    number: int
    sha256: str
    day: date | None = None


def last(session: Session) -> Noted:
    """The last entry as the head says; number 0 where there is none yet."""
    row = session.execute(sa.select(AuditHead.number, AuditHead.sha256)).one()
    return Noted(row.number, row.sha256)


def is_due(session: Session, *, now: datetime) -> bool:
    """Whether nothing was noted yet on this day (UTC)."""
    noted = sa.exists().where(AuditEntry.event == EVENT, AuditEntry.record_id == _day(now).isoformat())
    return not session.scalar(sa.select(noted))


def seal(session: Session, *, now: datetime) -> Noted | None:
    """Note the end of the chain for this day, in the chain itself; None where that was done already.

    Whoever calls puts it where the database's owner cannot reach: the log.
    """
    if not is_due(session, now=now):
        return None
    end = last(session)
    day = _day(now)
    audit.record(
        session, EVENT, now=now, about=("day", day.isoformat()), new={"number": end.number, "sha256": end.sha256}
    )
    return Noted(end.number, end.sha256, day)


def days(session: Session) -> list[Noted]:
    """What was noted on the last days, newest first."""
    rows = session.execute(
        sa.select(AuditEntry.record_id, AuditEntry.new)
        .where(AuditEntry.event == EVENT)
        .order_by(AuditEntry.number.desc())
        .limit(SHOWN)
    )
    return [Noted(row.new["number"], row.new["sha256"], date.fromisoformat(row.record_id)) for row in rows]


def _day(now: datetime) -> date:
    return now.astimezone(UTC).date()
