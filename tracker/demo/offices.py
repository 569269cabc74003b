"""Offices of some States, invented like all of the demonstration, and what waits for staff beyond the focal points."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.vocabulary import OfficeKind
from tracker.models import Office, ReportingParty
from tracker.services import escalations

OFFICES: dict[str, tuple[str, str]] = {
    "AR": ("Dirección contra la Trata de Personas (demostración)", "Misión Permanente de la Argentina ante la OEA"),
    "BB": ("Office against Trafficking in Persons (demonstration)", "Permanent Mission of Barbados to the OAS"),
    "BR": (
        "Secretaria de Enfrentamento ao Tráfico de Pessoas (demonstração)",
        "Missão Permanente do Brasil junto à OEA",
    ),
    "CA": ("Office against Trafficking in Persons (demonstration)", "Permanent Mission of Canada to the OAS"),
    "CL": ("Dirección contra la Trata de Personas (demostración)", "Misión Permanente de Chile ante la OEA"),
    "DO": (
        "Dirección contra la Trata de Personas (demostración)",
        "Misión Permanente de la República Dominicana ante la OEA",
    ),
    "GT": ("Secretaría contra la Trata de Personas (demostración)", "Misión Permanente de Guatemala ante la OEA"),
    "HT": ("Direction de la lutte contre la traite (démonstration)", "Mission permanente d’Haïti auprès de l’OEA"),
    "JM": ("Office against Trafficking in Persons (demonstration)", "Permanent Mission of Jamaica to the OAS"),
    "US": (
        "Office against Trafficking in Persons (demonstration)",
        "Permanent Mission of the United States to the OAS",
    ),
}
"""Head of the authority and Permanent Mission, by code of the State; the others are still to be entered."""
STREET = "1 Invented Street\nWashington, D.C."


def write(session: Session, *, now: datetime) -> None:
    """Enter the offices and open the cases that are due. Nothing is written to anybody: that is for staff."""
    parties = session.execute(sa.select(ReportingParty.id, ReportingParty.code).order_by(ReportingParty.id))
    for party_id, code in parties.all():
        if code in OFFICES:
            authority, mission = OFFICES[code]
            domain = f"{code.lower()}.tracker.example"
            session.add_all(
                [
                    Office(party_id=party_id, kind=OfficeKind.AUTHORITY, title=authority, email=f"authority@{domain}"),
                    Office(
                        party_id=party_id,
                        kind=OfficeKind.MISSION,
                        title=mission,
                        email=f"mission@{domain}",
                        address=STREET,
                    ),
                ]
            )
    session.flush()
    for case in escalations.due(session, now=now):
        escalations.settle(session, case, now=now)
