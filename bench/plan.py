"""The mail calendar at size: 90 days ahead for 35 States with 50,000 open commitments, in seconds and megabytes."""

from __future__ import annotations

import resource
import sys
import time
import tracemalloc
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from bench.data import settings
from tracker import create_app
from tracker.db import db, transaction
from tracker.demo.load import load
from tracker.domain.vocabulary import PartyKind, ReportState
from tracker.migrate import alembic
from tracker.models import (
    Commitment,
    Participation,
    ProgressReport,
    Provision,
    ReportingCycle,
    ReportingParty,
)
from tracker.services import mail_plan

OPEN, STATES, DAYS = 50_000, 35, 90
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Figures:
    """What planning came to."""

    reports: int
    states: int
    people: int
    mails: int
    items: int
    seconds: float
    """Of the processor."""
    peak: float
    """Megabytes of Python objects at most while planning, measured in a second run."""
    process: float
    """Megabytes of the whole process at most."""


def measure() -> Figures:
    """Make the data in a folder of its own, plan once by the clock and once with memory traced."""
    now = datetime.now(UTC)
    with TemporaryDirectory(prefix="tracker-bench-plan-") as folder:
        wanted = settings(1, Path(folder))
        wanted.data_dir.mkdir(parents=True, exist_ok=True)
        app = create_app(wanted)
        with app.app_context():
            alembic.upgrade()
            load(db.session, wanted, now=now, scale=1)
            reports = _owe(now)
            mail_plan.plan(db.session, now=now, days=1)
            db.session.rollback()
            begun = time.process_time()
            found = mail_plan.plan(db.session, now=now, days=DAYS)
            seconds = time.process_time() - begun
            mails, items = len(found), sum(len(mail.items) for mail in found)
            people = len({mail.user_id for mail in found})
            states = len({item.party_code for mail in found for item in mail.items})
            del found
            db.session.rollback()
            peak = _traced(now)
            db.session.rollback()
            db.engine.dispose()
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (MEGABYTE if sys.platform == "darwin" else 1024)
    return Figures(reports, states, people, mails, items, seconds, peak, rss)


def _traced(now: datetime) -> float:
    tracemalloc.start()
    mail_plan.plan(db.session, now=now, days=DAYS)
    peak = tracemalloc.get_traced_memory()[1] / MEGABYTE
    tracemalloc.stop()
    return peak


def _owe(now: datetime) -> int:
    """Give every State as many open reports as make 50,000, in cycles of their own with dates in the coming weeks."""
    today = now.date()
    with transaction() as session:
        states = list(
            session.execute(sa.select(ReportingParty.id).where(ReportingParty.kind == PartyKind.MEMBER_STATE))
        )
        session.execute(sa.update(Participation).values(ends_on=None))
        there = set(session.scalars(sa.select(Participation.party_id)))
        session.add_all(
            Participation(party_id=row.id, starts_on=date(2020, 1, 1)) for row in states if row.id not in there
        )
        session.execute(sa.update(Commitment).values(frozen_at=None))
        provisions = session.scalars(sa.select(Provision.id).where(Provision.is_scored.is_(True))).all()
        existing = {(c.party_id, c.provision_id): c.id for c in session.scalars(sa.select(Commitment))}
        fresh = [
            {"party_id": row.id, "provision_id": provision, "made_at": now}
            for row in states
            for provision in provisions
            if (row.id, provision) not in existing
        ]
        session.execute(sa.insert(Commitment), fresh)
        commitments = session.execute(
            sa.select(Commitment.id, Commitment.party_id).where(Commitment.party_id.in_([row.id for row in states]))
        ).all()
        cycles = [_cycle(number, today, now) for number in range(-(-OPEN // len(commitments)))]
        session.add_all(cycles)
        session.flush()
        rows = [
            {
                "commitment_id": commitment.id,
                "cycle_id": cycle.id,
                "party_id": commitment.party_id,
                "opens_on": cycle.opens_on,
                "state": ReportState.DRAFT,
                "due_on": cycle.due_on,
                "due_at": datetime.combine(cycle.due_on, datetime.min.time(), UTC),
                "version": 1,
            }
            for cycle in cycles
            for commitment in commitments
        ][:OPEN]
        session.execute(sa.insert(ProgressReport), rows)
        return len(rows)


def _cycle(number: int, today: date, now: datetime) -> ReportingCycle:
    due_on = today + timedelta(days=number % 80)
    return ReportingCycle(
        code=f"B{number}",
        title=dict.fromkeys(("en", "es", "pt", "fr"), f"B{number}"),
        period_start=today,
        period_end=today,
        opens_on=today,
        due_on=due_on,
        closes_on=due_on + timedelta(days=60),
        comment_days=30,
        opened_at=now,
    )


def lines(found: Figures) -> list[str]:
    """The report, in Markdown."""
    return [
        f"## The mail calendar, {DAYS} days ahead",
        "",
        f"{found.reports:,} open reports of {found.states} parties, {found.people:,} readers: {found.mails:,} mails"
        f" naming {found.items:,} items.",
        "",
        f"Planned in {found.seconds:.1f} s of the processor; Python objects of {found.peak:.0f} MB at most (the list"
        f" that is given back among them), {found.process:.0f} MB the whole process.",
        "",
    ]


if __name__ == "__main__":
    print("\n".join(lines(measure())))
