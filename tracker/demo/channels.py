"""Where to report a case, in three States: invented, and named so, that nobody calls them."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.vocabulary import ChannelKind, OfficeKind
from tracker.models import Office, ReportingChannel, ReportingParty

NOTE = {
    "en": "Invented for the demonstration: do not call.",
    "es": "Inventado para la demostración: no llame.",
    "pt": "Inventado para a demonstração: não ligue.",
    "fr": "Inventé pour la démonstration : n’appelez pas.",
}
CHANNELS: dict[str, tuple[tuple[ChannelKind, str, str, int], ...]] = {
    "AR": (
        (ChannelKind.HOTLINE, "Línea inventada contra la trata", "000-0000", 40),
        (ChannelKind.PROSECUTION, "Fiscalía inventada", "000-0001", 40),
    ),
    "BR": (
        (ChannelKind.HOTLINE, "Linha inventada contra o tráfico de pessoas", "000-0000", 20),
        (ChannelKind.CHILDREN, "Linha inventada de proteção à criança", "000-0002", 20),
    ),
    "JM": ((ChannelKind.POLICE, "Invented police unit against trafficking", "000-0003", 400),),
}
"""Kind, name, number and how many days ago it was checked, by code of the State; one has not been for over a year."""
PAGES = ("AR", "BR", "CA")
"""States whose authority has an (invented) public page."""


def write(session: Session, *, now: datetime) -> None:
    """Enter them. The offices are there already (``demo.offices``)."""
    parties = {
        code: party_id for party_id, code in session.execute(sa.select(ReportingParty.id, ReportingParty.code)).all()
    }
    for code, entered in CHANNELS.items():
        session.add_all(
            ReportingChannel(
                party_id=parties[code],
                kind=kind,
                name=name,
                phone=phone,
                note=dict(NOTE),
                checked_on=(now - timedelta(days=days)).date(),
            )
            for kind, name, phone, days in entered
        )
    for code in PAGES:
        office = session.scalar(
            sa.select(Office).where(Office.party_id == parties[code], Office.kind == OfficeKind.AUTHORITY)
        )
        if office is not None:
            office.url = f"https://authority.{code.lower()}.tracker.example/"
    session.flush()
