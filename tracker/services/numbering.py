"""Numbers given out one at a time, by year of the General Secretariat, without gaps."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.deadlines import local_date
from tracker.domain.vocabulary import PartyKind
from tracker.models import ReportingParty


def today(session: Session, now: datetime, *, lock: bool = False) -> date:
    """The date at the General Secretariat. ``lock``: nobody else gets a number until this transaction ends."""
    zone = sa.select(ReportingParty.time_zone).where(ReportingParty.kind == PartyKind.GENERAL_SECRETARIAT)
    if lock:
        # Not as strong as an update of its key: rows that refer to the General Secretariat may still be written.
        zone = zone.with_for_update(key_share=True)
    return local_date(now, session.scalars(zone).one())
