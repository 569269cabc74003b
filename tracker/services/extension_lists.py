"""Requests for a later due date as lists: the Secretariat's queue, a party's own, those of a report; and counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from tracker.domain.deadlines import local_date
from tracker.domain.errors import NotPermitted
from tracker.domain.policy import Actor, Permission
from tracker.domain.vocabulary import ExtensionDecision, PartyKind, Role
from tracker.domain.workflow import WITH_THE_PARTY
from tracker.models import (
    Commitment,
    Extension,
    ProgressReport,
    Provision,
    ReportingCycle,
    ReportingParty,
    User,
)
from tracker.services.plain_rows import rows as plain
from tracker.services.recipients import WRITERS

PAGE = 50
MOST_ASKABLE = 200


class Tab(StrEnum):
    """The parts of the Secretariat's list."""

    WAITING = "waiting"
    DECIDED = "decided"


@dataclass(frozen=True)
class Line:
    """One request, as its party and the Secretariat may read it."""

    extension_id: int
    report_id: int
    commitment_id: int
    code: str
    title: dict[str, str]
    party_code: str
    party_name: dict[str, str]
    cycle_title: dict[str, str]
    closes_on: date
    due_on: date
    """As it stood when it was asked."""
    asked_until: date
    reason: str
    asked_at: datetime
    asker: str | None
    days: int
    """Whole days since it was asked."""
    decision: ExtensionDecision | None
    granted_until: date | None
    decision_reason: str
    decided_at: datetime | None
    decider: str | None
    """The name is for staff only."""
    is_own: bool
    """This reader asked for it or wrote the report: a colleague decides."""


@dataclass(frozen=True)
class Listing:
    lines: list[Line]
    total: int
    waiting: int
    """How many wait in all, for the reader's tabs."""


@dataclass(frozen=True)
class Askable:
    """A report for which its party may ask for more time."""

    report_id: int
    code: str
    title: dict[str, str]
    cycle_title: dict[str, str]
    due_on: date
    closes_on: date
    """The last day that can be asked for."""
    time_zone: str
    waits: bool
    """A request for it is undecided."""
    overdue: bool


def for_staff(session: Session, actor: Actor, tab: Tab, *, party: str, number: int, now: datetime) -> Listing:
    """Page ``number`` of what waits (longest first) or was decided (newest first). Two queries.

    ``party``: a party's code, or "" for all.
    """
    values = {"party": party.upper(), "offset": (number - 1) * PAGE}
    rows = plain(session, _for_staff(tab, bool(party)), values).all()
    waiting = plain(session, _waiting()).scalar_one()
    return Listing([_line(row, actor, now) for row in rows], rows[0].total if rows else 0, waiting)


def of_party(session: Session, actor: Actor, *, number: int, now: datetime) -> Listing:
    """Page ``number`` of the requests of the reader's own party: those that wait first, then the newest. One query."""
    rows = plain(session, _of_party(), {"party": actor.party_id, "offset": (number - 1) * PAGE}).all()
    lines = [_line(row, actor, now) for row in rows]
    return Listing(lines, rows[0].total if rows else 0, sum(line.decision is None for line in lines))


def of_reports(session: Session, report_ids: Sequence[int], actor: Actor, *, now: datetime) -> list[Line]:
    """All requests of these reports, oldest first. One query.

    Who reads neither for the party nor for the Secretariat is shown what was granted, with its dates and no reasons.
    """
    rows = plain(session, _of_reports(), {"ids": list(report_ids)})
    return [line for row in rows if (line := _for_reader(row, actor, now)) is not None]


def waiting(session: Session) -> tuple[int, datetime | None]:
    """How many requests wait for the Secretariat, and since when the oldest does. One query."""
    row = plain(session, _waiting()).one()
    return row.waiting, row.oldest


def counted(session: Session, party_id: int, cycle_id: int) -> tuple[int, int]:
    """(asked, granted) of one party in one cycle. Asked counts every request, however it ended. One query."""
    row = plain(session, _counted(), {"party": party_id, "cycle": cycle_id}).one()
    return row.asked, row.granted


def askable(session: Session, actor: Actor, *, now: datetime) -> list[Askable]:
    """The reports for which this person may ask for more time, by due date. One query. Raises NotPermitted."""
    require_writer(actor)
    agencies = actor.role is Role.ADMINISTRATOR
    day = local_date(now, "UTC") - timedelta(days=1)
    rows = plain(session, _askable(agencies), {"party": actor.party_id, "day": day})
    return [
        Askable(
            row.id, row.code, row.title, row.cycle_title, row.due_on, row.closes_on, row.time_zone,
            waits=row.waits, overdue=row.due_at <= now,
        )
        for row in rows
        if row.closes_on >= local_date(now, row.time_zone)
    ]  # fmt: skip


def writes(actor: Actor) -> bool:
    """Whether this person speaks for some party: the same rule as ``EXTENSION_ASK``, before a report is known."""
    return actor.role in WRITERS.values()


def require_writer(actor: Actor) -> None:
    """Raises NotPermitted for whoever writes for no party."""
    if not writes(actor):
        raise NotPermitted(Permission.EXTENSION_ASK)


def require_staff(actor: Actor) -> None:
    """Raises NotPermitted for whoever decides on nothing."""
    if not actor.is_staff:
        raise NotPermitted(Permission.EXTENSION_DECIDE)


def _for_reader(row: Any, actor: Actor, now: datetime) -> Line | None:
    if actor.is_staff or actor.party_id == row.party_id:
        return _line(row, actor, now)
    if row.decision is not ExtensionDecision.GRANTED:
        return None
    return _line(row, actor, now, bare=True)


def _line(row: Any, actor: Actor, now: datetime, *, bare: bool = False) -> Line:
    return Line(
        extension_id=row.id,
        report_id=row.report_id,
        commitment_id=row.commitment_id,
        code=row.code,
        title=row.title,
        party_code=row.party_code,
        party_name=row.party_name,
        cycle_title=row.cycle_title,
        closes_on=row.closes_on,
        due_on=row.due_on,
        asked_until=row.asked_until,
        reason="" if bare else row.reason,
        asked_at=row.asked_at,
        asker=None if bare else row.asker,
        days=(now - row.asked_at).days,
        decision=row.decision,
        granted_until=row.granted_until,
        decision_reason="" if bare else row.decision_reason,
        decided_at=row.decided_at,
        decider=row.decider if actor.is_staff else None,
        is_own=actor.user_id in (row.asked_by_id, row.edited_by_id, row.submitted_by_id),
    )


# Statements are put together once per process: that costs more than asking the database.
def _columns() -> sa.Select:
    asker, decider = aliased(User, name="asker"), aliased(User, name="decider")
    return (
        sa.select(
            Extension.id,
            Extension.report_id,
            Extension.party_id,
            Extension.due_on,
            Extension.asked_until,
            Extension.reason,
            Extension.asked_at,
            Extension.asked_by_id,
            Extension.decision,
            Extension.granted_until,
            Extension.decision_reason,
            Extension.decided_at,
            ProgressReport.commitment_id,
            ProgressReport.edited_by_id,
            ProgressReport.submitted_by_id,
            Provision.code,
            Provision.title,
            ReportingParty.code.label("party_code"),
            ReportingParty.name.label("party_name"),
            ReportingCycle.title.label("cycle_title"),
            ReportingCycle.closes_on,
            asker.name.label("asker"),
            decider.name.label("decider"),
        )
        .join(ProgressReport, ProgressReport.id == Extension.report_id)
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .join(ReportingParty, ReportingParty.id == Extension.party_id)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .join(asker, asker.id == Extension.asked_by_id)
        .outerjoin(decider, decider.id == Extension.decided_by_id)
    )


def _at(tab: Tab) -> sa.ColumnElement[bool]:
    """What is frozen or closed is nobody's to decide any more; its requests stay in the file."""
    if tab is Tab.DECIDED:
        return Extension.decided_at.is_not(None)
    return sa.and_(Extension.decided_at.is_(None), Commitment.is_followed)


@cache
def _for_staff(tab: Tab, one_party: bool) -> sa.Select:
    which = [_at(tab)]
    if one_party:
        which.append(ReportingParty.code == sa.bindparam("party"))
    total = (
        sa.select(sa.func.count())
        .select_from(Extension)
        .join(ProgressReport, ProgressReport.id == Extension.report_id)
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(ReportingParty, ReportingParty.id == Extension.party_id)
        .where(*which)
        .scalar_subquery()
    )
    order = [Extension.asked_at, Extension.id] if tab is Tab.WAITING else [Extension.decided_at.desc(), Extension.id]
    page = _columns().add_columns(total.label("total")).where(*which).order_by(*order)
    return page.limit(PAGE).offset(sa.bindparam("offset"))


@cache
def _of_party() -> sa.Select:
    own = Extension.party_id == sa.bindparam("party")
    total = sa.select(sa.func.count()).select_from(Extension).where(own).scalar_subquery()
    page = _columns().add_columns(total.label("total")).where(own)
    page = page.order_by(Extension.decided_at.is_not(None), Extension.asked_at.desc(), Extension.id.desc())
    return page.limit(PAGE).offset(sa.bindparam("offset"))


@cache
def _of_reports() -> sa.Select:
    listed = Extension.report_id.in_(sa.bindparam("ids", expanding=True))
    return _columns().where(listed).order_by(Extension.report_id, Extension.id)


@cache
def _waiting() -> sa.Select:
    return (
        sa.select(sa.func.count().label("waiting"), sa.func.min(Extension.asked_at).label("oldest"))
        .select_from(Extension)
        .join(ProgressReport, ProgressReport.id == Extension.report_id)
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .where(_at(Tab.WAITING))
    )


@cache
def _counted() -> sa.Select:
    granted = sa.func.count(sa.case((Extension.decision == ExtensionDecision.GRANTED, 1)))
    return (
        sa.select(sa.func.count().label("asked"), granted.label("granted"))
        .select_from(Extension)
        .join(ProgressReport, ProgressReport.id == Extension.report_id)
        .where(Extension.party_id == sa.bindparam("party"), ProgressReport.cycle_id == sa.bindparam("cycle"))
    )


@cache
def _askable(agencies: bool) -> sa.Select:
    own = ReportingParty.id == sa.bindparam("party")
    waits = sa.exists().where(Extension.report_id == ProgressReport.id, Extension.decided_at.is_(None))
    return (
        sa.select(
            ProgressReport.id,
            ProgressReport.due_on,
            ProgressReport.due_at,
            Provision.code,
            Provision.title,
            ReportingCycle.title.label("cycle_title"),
            ReportingCycle.closes_on,
            ReportingParty.time_zone,
            waits.label("waits"),
        )
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .join(ReportingParty, ReportingParty.id == ProgressReport.party_id)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .where(
            ReportingParty.kind == PartyKind.COOPERATION_AGENCIES if agencies else own,
            ProgressReport.state.in_(WITH_THE_PARTY),
            ProgressReport.due_on < ReportingCycle.closes_on,
            ReportingCycle.opened_at.is_not(None),
            ReportingCycle.closes_on >= sa.bindparam("day"),
            Commitment.is_followed,
        )
        .order_by(ProgressReport.due_on, Provision.position, ProgressReport.id)
        .limit(MOST_ASKABLE)
    )
