"""Holidays of some States: the fixed dates of this year and the next, as everybody's calendar has them."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.models import Holiday, ReportingParty

DAYS: dict[str, dict[str, tuple[int, int]]] = {
    "AR": {"Año Nuevo": (1, 1), "Día de la Revolución de Mayo": (5, 25), "Navidad": (12, 25)},
    "BR": {"Confraternização Universal": (1, 1), "Independência": (9, 7), "Natal": (12, 25)},
    "CO": {"Año Nuevo": (1, 1), "Independencia": (7, 20), "Navidad": (12, 25)},
    "GS": {"New Year’s Day": (1, 1), "Independence Day": (7, 4), "Christmas Day": (12, 25)},
    "HT": {"Jour de l’Indépendance": (1, 1), "Jour du Drapeau": (5, 18), "Noël": (12, 25)},
    "US": {"New Year’s Day": (1, 1), "Independence Day": (7, 4), "Christmas Day": (12, 25)},
}
"""Day and month by name and State."""


def write(session: Session, *, now: datetime) -> None:
    """Enter them for the year of ``now`` and the next."""
    parties = dict(
        session.execute(sa.select(ReportingParty.code, ReportingParty.id).where(ReportingParty.code.in_(DAYS))).all()
    )
    session.add_all(
        Holiday(party_id=parties[code], day=date(year, month, day), name=name)
        for code, days in DAYS.items()
        for name, (month, day) in days.items()
        for year in (now.year, now.year + 1)
        if code in parties
    )
    session.flush()
