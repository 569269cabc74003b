"""National holidays: days on which a party's people do not work, beside Saturdays and Sundays."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.models import Holiday
from tracker.services.plain_rows import rows


@cache
def _all() -> sa.Select:
    return sa.select(Holiday.party_id, Holiday.day)


def calendars(session: Session) -> dict[int, frozenset[date]]:
    """The holidays of every party that has any, by party. One query."""
    found: dict[int, set[date]] = defaultdict(set)
    for party_id, day in rows(session, _all()):
        found[party_id].add(day)
    return {party_id: frozenset(days) for party_id, days in found.items()}
