"""Every public address that search engines may list: nothing that needs an account. Few queries, whatever there is."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.vocabulary import PublicationState
from tracker.models import Activity, Classification, Instrument, IssuedReport, Provision, ReportingCycle, ReportingParty
from tracker.services.plain_rows import rows

FIXED = (
    "/",
    "/provisions",
    "/states",
    "/figures",
    "/activities",
    "/library",
    "/instruments",
    "/pillars",
    "/good-practices",
    "/data",
    "/verify",
    "/about",
    "/how-it-works",
    "/report-a-case",
    "/help",
    "/accessibility",
    "/privacy",
)
"""Pages that are always there."""
_PARTIES = sa.select(ReportingParty.code).order_by(ReportingParty.code)
_CYCLES = (
    sa.select(ReportingCycle.code).where(ReportingCycle.opened_at.is_not(None)).order_by(ReportingCycle.opens_on.desc())
)
_PROVISIONS = sa.select(Provision.code).order_by(Provision.position)
_INSTRUMENTS = sa.select(Instrument.code).order_by(Instrument.position)
_PILLARS = sa.select(Classification.code).where(Classification.axis == "pillar").order_by(Classification.position)
_ACTIVITIES = sa.select(Activity.code).order_by(Activity.position)
_ISSUES = (
    sa.select(IssuedReport.code)
    .where(IssuedReport.state == PublicationState.ISSUED)
    .order_by(IssuedReport.issued_at.desc(), IssuedReport.id.desc())
    .limit(1000)
)


def paths(session: Session) -> Iterator[str]:
    """The paths, in a fixed order; without a language."""
    yield from FIXED
    for code in _codes(session, _PARTIES):
        yield f"/states/{code.lower()}"
    for code in _codes(session, _PROVISIONS):
        yield f"/provisions/{code}"
    for code in _codes(session, _INSTRUMENTS):
        yield f"/instruments/{code}"
    for code in _codes(session, _PILLARS):
        yield f"/pillars/{code}"
    for code in _codes(session, _ACTIVITIES):
        yield f"/activities/{code}"
    for code in _codes(session, _CYCLES):
        yield f"/hemispheric-report/{code.lower()}"
    for code in _codes(session, _ISSUES):
        yield f"/status-reports/{code.lower()}"


def _codes(session: Session, statement: sa.Select) -> list[str]:
    return [code for (code,) in rows(session, statement)]
