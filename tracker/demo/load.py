"""``demo load``: an invented world on the real catalogue, relative to the moment of loading."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from config import Settings
from tracker.db import writing
from tracker.demo import (
    channels,
    cycles,
    dialogue,
    evidence,
    good_practices,
    holidays,
    inbox,
    issues,
    ledgers,
    observations,
    offices,
    people,
    teamwork,
)
from tracker.files.store import open_store
from tracker.models import AuditEntry
from tracker.services import audit, catalogue_load, search_index
from tracker.services.issued_reports import Renderers

EVENT = "demo.load"
LARGEST_SCALE = 100
"""Of two cycles each; beyond it the oldest would open before some States took part."""
PROGRESS_STEPS = 20

Say = Callable[[str], None]


class Refused(Exception):
    """The demonstration does not go into this database. The message is one plain sentence."""


def load(
    session: Session,
    settings: Settings,
    *,
    now: datetime,
    scale: int = 1,
    say: Say = print,
    renderers: Renderers | None = None,
) -> bool:
    """Load catalogue, accounts and cycles; whether anything was done.

    The same seed gives the same reports, dated relative to ``now``. ``scale`` multiplies cycles and reports: there
    are ``2 * scale`` cycles. ``renderers`` make the documents of issued reports; without them none is issued. What is
    loaded already stays as it is; a run that was broken off is taken up again. Raises Refused.
    """
    if settings.is_production:
        raise Refused("The demonstration is not loaded where TRACKER_ENV is 'production'.")
    if not 1 <= scale <= LARGEST_SCALE:
        raise Refused(f"The scale must be a whole number from 1 to {LARGEST_SCALE}.")
    done = session.scalar(sa.select(AuditEntry.new).where(AuditEntry.event == EVENT).limit(1))
    if done is not None:
        say(f"The demonstration is loaded already (scale {done['scale']}).")
        return False
    wanted = cycles.planned(now, scale)
    _refuse_foreign_cycles(session, wanted)
    with writing(session):
        catalogue_load.load(session, now=now, say=say)
    say("  demonstration: accounts")
    with writing(session):
        people.make(session, now=now, since=wanted[0].opened_at - timedelta(days=30))
    _make_cycles(session, wanted, now=now, say=say)
    with writing(session):
        holidays.write(session, now=now)
        teamwork.write(session, people.read(session), now=now)
        ledgers.write(session, people.read(session), now=now)
        observations.write(session, now=now)
        dialogue.write(session, people.read(session), now=now)
        evidence.write(session, open_store(settings), now=now)
        good_practices.write(session, now=now)
        inbox.write(session, now=now)
        offices.write(session, now=now)
        channels.write(session, now=now)
        search_index.rebuild(session)
        audit.record(session, EVENT, now=now, new={"scale": scale, "cycles": len(wanted)})
    if renderers is not None:
        say("  demonstration: issued reports")
        issues.write(session, renderers, now=now)
    return True


def _refuse_foreign_cycles(session: Session, wanted: list[cycles.Planned]) -> None:
    foreign = cycles.existing(session) - {w.plan.code for w in wanted}
    if foreign:
        raise Refused(
            f"The database holds a reporting cycle of its own ({min(foreign)}):"
            " the demonstration goes into an empty database only."
        )


def _make_cycles(session: Session, wanted: list[cycles.Planned], *, now: datetime, say: Say) -> None:
    there = cycles.existing(session)
    people_of = people.read(session)
    session.rollback()
    begun, reports, told = time.monotonic(), 0, 0
    for number, cycle in enumerate(wanted, 1):
        if cycle.plan.code not in there:
            with writing(session):
                reports += cycles.make(session, cycle, people_of, now=now)
            session.expunge_all()
        percent = 100 * number // len(wanted)
        if len(wanted) <= 2 or percent // (100 // PROGRESS_STEPS) > told:
            told = percent // (100 // PROGRESS_STEPS)
            rate = reports / max(time.monotonic() - begun, 0.001)
            say(f"  demonstration: {percent:3} %  cycle {cycle.plan.code}, {reports} reports ({rate:.0f} a second)")
