"""Whether the machinery runs: what stands behind the health page."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.models import Heartbeat
from tracker.services import mail_health

BEAT_WITHIN = timedelta(minutes=5)
"""The scheduler writes down every half minute that it lives."""
SLACK = timedelta(minutes=15)
"""A job may be so much later than its rhythm: the one before it takes its time."""
DISK_FREE = 200 * 1024 * 1024
SCHEDULER = "scheduler"
RHYTHMS: Mapping[str, timedelta] = {
    "open-cycles": timedelta(minutes=5),
    "publish": timedelta(minutes=5),
    "participation": timedelta(minutes=15),
    "reminders": timedelta(minutes=15),
    "summaries": timedelta(minutes=30),
    "escalations": timedelta(hours=1),
    "issue-reports": timedelta(minutes=15),
    "status-reports": timedelta(minutes=30),
    "deliver-mail": timedelta(minutes=1),
    "bounces": timedelta(minutes=5),
    "check-evidence": timedelta(seconds=15),
    "audit-seal": timedelta(hours=1),
    "search-index": timedelta(minutes=30),
    "open-data": timedelta(hours=1),
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
    mail = mail_health.look(session, now=now)
    free = shutil.disk_usage(folder).free
    return Health(
        parts={
            "database": True,
            "scheduler": scheduler is not None and now - scheduler.at <= BEAT_WITHIN,
            "jobs": not late and not failing,
            "mail_queue": not mail_leaves or mail.well,
            "disk": free >= DISK_FREE,
        },
        scheduler_at=scheduler.at if scheduler else None,
        late_jobs=tuple(late),
        failing_jobs=tuple(failing),
        waiting=mail.waiting,
        oldest_waiting_at=mail.oldest_waiting_at,
        refused=mail.refused,
        disk_free_bytes=free,
    )
