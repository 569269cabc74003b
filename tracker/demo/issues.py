"""Issued reports of the demonstration: one that was replaced by one that stands, and one that was withdrawn.

All are about the cycle that closed; through the services, as everything that is numbered. Their documents are made
while loading, some two seconds each, by who loads: the demonstration stands below what typesets.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.db import writing
from tracker.domain.policy import Actor
from tracker.domain.vocabulary import PublicationKind, Role
from tracker.models import ReportingCycle, User
from tracker.services import issue_subjects, issued_reports, issued_reports_read
from tracker.services.issued_reports import Renderers

REPLACED_WHY = "[Invented for the demonstration] The first issue had been made as a trial."
WITHDRAWN_WHY = "[Invented for the demonstration] Issued by mistake: the report of another State was meant."


def write(session: Session, renderers: Renderers, *, now: datetime) -> None:
    """Issue them, each in transactions of its own; what is there already stays."""
    cycle = session.scalars(
        sa.select(ReportingCycle.code)
        .where(ReportingCycle.closes_on < now.date(), ReportingCycle.opened_at.is_not(None))
        .order_by(ReportingCycle.closes_on.desc())
        .limit(1)
    ).first()
    there = issued_reports_read.listed(session)[1]
    admin = _administrator(session)
    session.rollback()
    if cycle is None or there or admin is None:
        return
    subject = issue_subjects.of_party("GT", cycle)
    first = _issue(session, renderers, subject, admin, now - timedelta(days=3))
    _issue(session, renderers, subject, admin, now - timedelta(days=2), replaces=first, reason=REPLACED_WHY)
    mistake = _issue(session, renderers, issue_subjects.of_party("AR", cycle), admin, now - timedelta(days=1))
    with writing(session):
        issued_reports.withdraw(
            session,
            mistake,
            reason=WITHDRAWN_WHY,
            explanation="",
            seen_version=issued_reports_read.by_id(session, mistake).version,
            actor=admin,
            now=now - timedelta(hours=20),
        )


def _issue(
    session: Session,
    renderers: Renderers,
    subject: str,
    admin: Actor,
    now: datetime,
    *,
    replaces: int | None = None,
    reason: str = "",
) -> int:
    with writing(session):
        issue_id = issued_reports.begin(
            session, PublicationKind.STATUS_REPORT, subject, actor=admin, now=now, replaces=replaces, reason=reason
        )
    issued_reports.finish(lambda: writing(session), issue_id, renderers, now=now)
    return issue_id


def _administrator(session: Session) -> Actor | None:
    row = session.execute(
        sa.select(User.id, User.name, User.email, User.language)
        .where(User.role == Role.ADMINISTRATOR)
        .order_by(User.id)
    ).first()
    if row is None:
        return None
    return Actor(row.id, Role.ADMINISTRATOR, name=row.name, email=row.email, language=row.language)
