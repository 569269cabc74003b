"""What the clock issues: at the end of a cycle, for all States once it closed for all, and on the rhythm of a party.

A period of the rhythm is known by a key in the party's own zone (2026-Q3, 2026-H2, 2026): one issue for each, however
often the job runs and however long the server stood still.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.deadlines import ends_at, local_date
from tracker.domain.errors import NotPermitted, NotVisible, Stale
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.vocabulary import IssueRhythm, PublicationKind, PublicationState
from tracker.models import (
    Commitment,
    IssuedReport,
    ProgressReport,
    ReportingCycle,
    ReportingParty,
    StatusReportMail,
)
from tracker.services import audit, issue_reasons, issue_subjects, issued_reports, status_report_mail
from tracker.services.issued_reports_read import CYCLE_END, current
from tracker.services.status_report_rows import REPORTED_ABOUT

MONTHS = {IssueRhythm.QUARTERLY: 3, IssueRhythm.HALF_YEARLY: 6, IssueRhythm.YEARLY: 12}


@dataclass(frozen=True)
class Due:
    """An issue that the clock is to begin."""

    kind: PublicationKind
    subject: str
    period: str


@dataclass(frozen=True)
class PartyLine:
    """A party in the administrators' list. ``name`` in all languages; ``next_on``: the next day of its rhythm."""

    code: str
    name: dict[str, str]
    is_state: bool
    takes_part: bool
    rhythm: IssueRhythm
    next_on: date | None
    cycles: tuple[str, ...]
    """Codes of the opened cycles in which it owes reports, newest first; the last three."""

    @property
    def subjects(self) -> list[tuple[str, str]]:
        """(code of the cycle, subject of its report)."""
        return [(cycle, issue_subjects.of_party(self.code, cycle)) for cycle in self.cycles]


def period_of(rhythm: IssueRhythm, day: date) -> tuple[str, date]:
    """(key of the period that this day is in, its first day). ``rhythm`` is not NEVER."""
    months = MONTHS[rhythm]
    number = (day.month - 1) // months
    first = date(day.year, number * months + 1, 1)
    key = {12: f"{day.year}", 6: f"{day.year}-H{number + 1}", 3: f"{day.year}-Q{number + 1}"}[months]
    return key, first


def next_after(rhythm: IssueRhythm, day: date) -> date:
    """The first day of the period after the one that this day is in."""
    _key, first = period_of(rhythm, day)
    month = first.month - 1 + MONTHS[rhythm]
    return date(first.year + month // 12, month % 12 + 1, 1)


def due(session: Session, now: datetime) -> list[Due]:
    """All that the clock is to issue now: ends of cycles (oldest first), rhythms, then hemispheric reports."""
    return [*_ends_of_cycles(session, now), *_rhythms(session, now), *_hemispheric(session, now)]


def begin(session: Session, one: Due, now: datetime) -> int:
    """Begin one of them. At the end of a cycle it stands in for what was issued of it before."""
    stands = current(session, one.subject) if one.period == CYCLE_END else None
    return issued_reports.begin(
        session,
        one.kind,
        one.subject,
        actor=None,
        now=now,
        period=one.period,
        replaces=stands.id if stands else None,
        reason=issue_reasons.CYCLE_ENDED if stands else "",
    )


def can_begin(session: Session, one: Due) -> bool:
    """Whether nothing of the same subject is being prepared, and it was not issued for that period."""
    there = sa.select(sa.func.count()).where(
        IssuedReport.subject == one.subject,
        sa.or_(IssuedReport.period == one.period, IssuedReport.state == PublicationState.PREPARING),
    )
    return not session.scalar(there)


def set_rhythm(
    session: Session, code: str, rhythm: IssueRhythm, *, seen: str, actor: Actor, now: datetime
) -> ReportingParty:
    """How often the clock issues this party's report as of a date, from today on.

    ``seen``: the rhythm that the form showed. Raises NotPermitted, NotVisible, Stale.
    """
    if not can(actor, Permission.STATUS_REPORT_ISSUE):
        raise NotPermitted(Permission.STATUS_REPORT_ISSUE)
    found = party(session, code, locked=True)
    if found.issue_rhythm != seen:
        raise Stale
    if found.issue_rhythm is rhythm:
        return found
    old, found.issue_rhythm = found.issue_rhythm, rhythm
    found.issue_rhythm_since = local_date(now, found.time_zone)
    audit.record(
        session,
        "publication.rhythm",
        now=now,
        actor=actor,
        party_id=found.id,
        about=("reporting_party", found.id),
        old={"rhythm": old},
        new={"rhythm": rhythm},
    )
    session.flush()
    return found


def party(session: Session, code: str, *, locked: bool = False) -> ReportingParty:
    """The State, or the General Secretariat. Raises NotVisible."""
    wanted = sa.select(ReportingParty).where(
        ReportingParty.code == code.upper(), ReportingParty.kind.in_(REPORTED_ABOUT)
    )
    if locked:
        wanted = wanted.with_for_update(key_share=True)
    found = session.scalar(wanted.execution_options(populate_existing=True))
    if found is None:
        raise NotVisible
    return found


def listing(session: Session, now: datetime) -> list[PartyLine]:
    """Every party that is reported about, with its rhythm; two queries."""
    cycles: dict[int, list[str]] = {}
    for party_id, cycle in session.execute(
        sa.select(ProgressReport.party_id, ReportingCycle.code)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .where(ReportingCycle.opened_at.is_not(None))
        .group_by(ProgressReport.party_id, ReportingCycle.id, ReportingCycle.code, ReportingCycle.opens_on)
        .order_by(ReportingCycle.opens_on.desc(), ReportingCycle.id.desc())
    ):
        cycles.setdefault(party_id, []).append(cycle)
    follows = sa.exists().where(Commitment.party_id == ReportingParty.id, Commitment.frozen_at.is_(None))
    rows = session.execute(
        sa.select(
            ReportingParty.id,
            ReportingParty.code,
            ReportingParty.name,
            ReportingParty.kind,
            ReportingParty.time_zone,
            ReportingParty.issue_rhythm,
            follows.label("follows"),
        )
        .where(ReportingParty.kind.in_(REPORTED_ABOUT))
        .order_by(ReportingParty.code)
    )
    return [
        PartyLine(
            code=row.code,
            name=row.name,
            is_state=row.kind == REPORTED_ABOUT[0],
            takes_part=bool(row.follows),
            rhythm=row.issue_rhythm,
            next_on=_next(row.issue_rhythm, local_date(now, row.time_zone)) if row.follows else None,
            cycles=tuple(cycles.get(row.id, [])[:3]),
        )
        for row in rows
    ]


def _next(rhythm: IssueRhythm, day: date) -> date | None:
    return None if rhythm is IssueRhythm.NEVER else next_after(rhythm, day)


def _ends_of_cycles(session: Session, now: datetime) -> list[Due]:
    ended = status_report_mail.due(session, now)
    if not ended:
        return []
    parties = _codes(session, ReportingParty, [party for party, _cycle in ended])
    cycles = _codes(session, ReportingCycle, [cycle for _party, cycle in ended])
    found = [
        Due(PublicationKind.STATUS_REPORT, issue_subjects.of_party(parties[party], cycles[cycle]), CYCLE_END)
        for party, cycle in ended
    ]
    return _without_issued(session, found)


def ahead(session: Session, *, now: datetime, until: datetime) -> list[tuple[int, datetime]]:
    """(party id, moment) of the issues that rhythms will bring about, those that are due already at ``now``."""
    rows = _on_a_rhythm(session)
    owed = {one.subject for one in _due_of(session, rows, now)}
    found = []
    for row in rows:
        if issue_subjects.of_party(row.code, None) in owed:
            found.append((row.id, now))
        first = next_after(row.issue_rhythm, local_date(now, row.time_zone))
        while (at := ends_at(first - timedelta(days=1), row.time_zone)) <= until:
            found.append((row.id, at))
            first = next_after(row.issue_rhythm, first)
    return found


def _rhythms(session: Session, now: datetime) -> list[Due]:
    return _due_of(session, _on_a_rhythm(session), now)


def _on_a_rhythm(session: Session) -> Sequence[sa.Row]:
    """The parties that have a rhythm and take part."""
    follows = sa.exists().where(Commitment.party_id == ReportingParty.id, Commitment.frozen_at.is_(None))
    reports = (
        sa.exists()
        .where(ProgressReport.party_id == ReportingParty.id)
        .where(ReportingCycle.id == ProgressReport.cycle_id, ReportingCycle.opened_at.is_not(None))
    )
    return session.execute(
        sa.select(
            ReportingParty.id,
            ReportingParty.code,
            ReportingParty.time_zone,
            ReportingParty.issue_rhythm,
            ReportingParty.issue_rhythm_since,
        )
        .where(
            ReportingParty.issue_rhythm != IssueRhythm.NEVER,
            ReportingParty.kind.in_(REPORTED_ABOUT),
            follows,
            reports,
        )
        .order_by(ReportingParty.code)
    ).all()


def _due_of(session: Session, rows: Sequence[sa.Row], now: datetime) -> list[Due]:
    found = []
    for row in rows:
        key, first = period_of(row.issue_rhythm, local_date(now, row.time_zone))
        if row.issue_rhythm_since is not None and first >= row.issue_rhythm_since:
            found.append(Due(PublicationKind.STATUS_REPORT, issue_subjects.of_party(row.code, None), key))
    return _without_issued(session, found)


def _hemispheric(session: Session, now: datetime) -> list[Due]:
    """Cycles that closed on every calendar, and whose parties' own reports were all issued and mailed."""
    mailed = sa.exists().where(
        StatusReportMail.party_id == ProgressReport.party_id, StatusReportMail.cycle_id == ProgressReport.cycle_id
    )
    waits = sa.case((sa.and_(Commitment.frozen_at.is_(None), ~mailed), 1), else_=0)
    rows = session.execute(
        sa.select(ReportingCycle.code, ReportingCycle.closes_on, ReportingParty.time_zone, sa.func.sum(waits))
        .join(ProgressReport, ProgressReport.cycle_id == ReportingCycle.id)
        .join(ReportingParty, ReportingParty.id == ProgressReport.party_id)
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .where(
            ReportingCycle.opened_at.is_not(None),
            ReportingCycle.closes_on >= now.date() - status_report_mail.FORGOTTEN_AFTER,
            ReportingCycle.closes_on <= now.date() + timedelta(days=1),
            ReportingParty.kind.in_(REPORTED_ABOUT),
        )
        .group_by(ReportingCycle.id, ReportingCycle.code, ReportingCycle.closes_on, ReportingParty.time_zone)
        .order_by(ReportingCycle.closes_on, ReportingCycle.id)
    )
    open_still: dict[str, bool] = {}
    for code, closes_on, zone, waiting in rows:
        open_still[code] = open_still.get(code, False) or bool(waiting) or now < ends_at(closes_on, zone)
    found = [
        Due(PublicationKind.HEMISPHERIC_REPORT, issue_subjects.of_all(code), CYCLE_END)
        for code, is_open in open_still.items()
        if not is_open
    ]
    return _without_issued(session, found)


def _without_issued(session: Session, found: list[Due]) -> list[Due]:
    there = {
        (row.subject, row.period)
        for row in session.execute(
            sa.select(IssuedReport.subject, IssuedReport.period).where(
                IssuedReport.subject.in_([one.subject for one in found]), IssuedReport.period != ""
            )
        )
    }
    return [one for one in found if (one.subject, one.period) not in there]


def _codes(session: Session, model: Any, ids: list[int]) -> dict[int, str]:
    return {row.id: row.code for row in session.execute(sa.select(model.id, model.code).where(model.id.in_(set(ids))))}
