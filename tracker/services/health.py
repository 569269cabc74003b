"""Whether the machinery runs: what stands behind the health page."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.vocabulary import MessageState
from tracker.models import Heartbeat, Message

BEAT_WITHIN = timedelta(minutes=5)
"""The scheduler writes down every half minute that it lives."""
SLACK = timedelta(minutes=15)
"""A job may be so much later than its rhythm: the one before it takes its time."""
QUEUE_MOVES_WITHIN = timedelta(hours=2)
DISK_FREE = 200 * 1024 * 1024
SCHEDULER = "scheduler"
RHYTHMS: Mapping[str, timedelta] = {
    "open-cycles": timedelta(minutes=5),
    "publish": timedelta(minutes=5),
    "participation": timedelta(minutes=15),
    "reminders": timedelta(minutes=15),
    "summaries": timedelta(minutes=30),
    "escalations": timedelta(hours=1),
    "status-reports": timedelta(minutes=30),
    "deliver-mail": timedelta(minutes=1),
    "check-evidence": timedelta(seconds=15),
    "audit-seal": timedelta(hours=1),
    "upkeep": timedelta(hours=6),
}
"""How often each job runs: the timetable (``tracker.jobs``) takes it from here, and the health page asks by it."""


@dataclass(frozen=True)
class Health:
    """What is well, part by part, and the figures behind it (for administrators only)."""

    parts: Mapping[str, bool]
    scheduler_at: datetime | None
    late_jobs: tuple[str, ...]
    failing_jobs: tuple[str, ...]
    waiting: int
    oldest_waiting_at: datetime | None
    refused: int
    disk_free_bytes: int

    @property
    def well(self) -> bool:
        return all(self.parts.values())


def look(
    session: Session, *, rhythms: Mapping[str, timedelta], mail_leaves: bool, folder: Path, now: datetime
) -> Health:
    """Look at scheduler, jobs (name: how often), mail queue and disk. ``mail_leaves``: a mail server is set.

    Raises sqlalchemy's DBAPIError where the database is not there.
    """
    beats = {beat.name: beat for beat in session.scalars(sa.select(Heartbeat))}
    scheduler = beats.get(SCHEDULER)
    # What the scheduler runs since it started; a job is late only while somebody should run it.
    late = [name for name, every in rhythms.items() if name in beats and now - beats[name].at > every + SLACK]
    failing = [name for name in rhythms if name in beats and not beats[name].ok]
    waits = Message.state != MessageState.FAILED
    queue = session.execute(
        sa.select(
            sa.func.count(sa.case((waits, 1))).label("waiting"),
            sa.func.count(sa.case((Message.state == MessageState.FAILED, 1))).label("refused"),
            sa.func.min(sa.case((waits, Message.made_at)), type_=Message.made_at.type).label("oldest"),
        ).where(Message.state != MessageState.SENT)
    ).one()
    free = shutil.disk_usage(folder).free
    return Health(
        parts={
            "database": True,
            "scheduler": scheduler is not None and now - scheduler.at <= BEAT_WITHIN,
            "jobs": not late and not failing,
            "mail_queue": not mail_leaves or queue.oldest is None or now - queue.oldest <= QUEUE_MOVES_WITHIN,
            "disk": free >= DISK_FREE,
        },
        scheduler_at=scheduler.at if scheduler else None,
        late_jobs=tuple(late),
        failing_jobs=tuple(failing),
        waiting=queue.waiting,
        oldest_waiting_at=queue.oldest,
        refused=queue.refused,
        disk_free_bytes=free,
    )
