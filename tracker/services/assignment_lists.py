"""Parts that contributors were asked for, as lists: who is late, what is ready, what is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from tracker.domain import assignments as rules
from tracker.domain.assignments import PartState
from tracker.domain.deadlines import local_date
from tracker.domain.policy import Actor
from tracker.domain.vocabulary import Role
from tracker.domain.workflow import WITH_THE_PARTY
from tracker.models import (
    Assignment,
    Commitment,
    Element,
    Institution,
    ProgressReport,
    Provision,
    ReportingCycle,
    ReportingParty,
    User,
)
from tracker.services.plain_rows import rows as plain

PAGE = 50


@dataclass(frozen=True)
class Line:
    """One part of a report that is with the State."""

    assignment_id: int
    commitment_id: int
    report_id: int
    code: str
    """Of the element, else of the provision."""
    title: dict[str, str]
    is_whole: bool
    cycle_title: dict[str, str]
    person: str
    institution: str | None
    due_on: date
    has_own_date: bool
    report_due_on: date
    days_left: int
    """On the State's calendar; negative: late."""
    state: PartState
    done_at: datetime | None


@dataclass(frozen=True)
class Tally:
    """How many parts stand where."""

    late: int
    open: int
    ready: int
    time_zone: str

    @property
    def total(self) -> int:
        return self.late + self.open + self.ready


@dataclass(frozen=True)
class Listing:
    lines: list[Line]
    total: int
    tally: Tally
    """Of the reader's own view, before the filter by state."""


@dataclass(frozen=True)
class Given:
    """Who was asked for what of one commitment."""

    assignment_id: int
    person: str
    institution: str | None
    active: bool
    code: str | None
    """Of the element; None: the whole."""
    label: dict[str, str] | None
    own_date: date | None
    """A date of its own that holds for the newest report."""
    due_on: date | None
    state: PartState | None
    """None where no report waits for it."""


def parts(
    session: Session,
    actor: Actor,
    *,
    person: int = 0,
    state: PartState | None = None,
    number: int = 1,
    zone: str = "",
    now: datetime,
) -> Listing:
    """Page ``number`` of the parts of the reader's State that are open items, what is due first on top.

    Focal points see all of their State's, narrowed to one ``person`` (a user's id) if asked; a contributor the own
    ones. Three queries; two where the State's time ``zone`` is known.
    """
    counted = tally(session, actor, person=person, zone=zone, now=now)
    values = _values(session, actor, person, counted.time_zone, now) | {"offset": (number - 1) * PAGE}
    rows = plain(session, _lines(_narrowed(actor, person), state), values).all()
    return Listing([_line(row, values["today"]) for row in rows], rows[0].total if rows else 0, counted)


def tally(session: Session, actor: Actor, *, person: int = 0, zone: str = "", now: datetime) -> Tally:
    """How many parts are late, open and ready, as this reader sees them. Two queries, or one."""
    zone = zone or time_zone(session, actor)
    row = plain(session, _tally(_narrowed(actor, person)), _values(session, actor, person, zone, now)).one()
    return Tally(row.late, row.all - row.late - row.ready, row.ready, zone)


def time_zone(session: Session, actor: Actor) -> str:
    """Where the dates of the reader's State end. One query."""
    return str(plain(session, _zone(), {"party": actor.party_id}).scalar_one())


def of_commitment(session: Session, commitment: Commitment, *, now: datetime) -> list[Given]:
    """Who was asked for what of this commitment, and where it stands for its newest report. One query."""
    today = local_date(now, commitment.party.time_zone)
    return [_given(row, today) for row in plain(session, _of_commitment(), {"commitment": commitment.id})]


def of_person(session: Session, commitment: Commitment, user_id: int, *, now: datetime) -> list[Given]:
    """What one contributor was asked for here. One query."""
    today = local_date(now, commitment.party.time_zone)
    values = {"commitment": commitment.id, "user": user_id}
    return [_given(row, today) for row in plain(session, _of_commitment(one_person=True), values)]


def _narrowed(actor: Actor, person: int) -> bool:
    return actor.role is Role.CONTRIBUTOR or bool(person)


def _values(session: Session, actor: Actor, person: int, zone: str, now: datetime) -> dict[str, Any]:
    wanted = actor.user_id if actor.role is Role.CONTRIBUTOR else person
    return {"party": actor.party_id, "user": wanted, "today": local_date(now, zone)}


def _line(row: Any, today: date) -> Line:
    return Line(
        assignment_id=row.id,
        commitment_id=row.commitment_id,
        report_id=row.report_id,
        code=row.element_code or row.code,
        title=row.element_label or row.title,
        is_whole=row.element_code is None,
        cycle_title=row.cycle_title,
        person=row.person,
        institution=row.institution,
        due_on=row.due,
        has_own_date=row.due == row.own_due_on,
        report_due_on=row.report_due_on,
        days_left=(row.due - today).days,
        state=rules.state(row.ready, row.due, today),
        done_at=row.done_at if row.ready else None,
    )


def _given(row: Any, today: date) -> Given:
    with_the_party = row.state in WITH_THE_PARTY and row.opened_at is not None
    due = rules.due_on(row.due_on, row.opens_on, row.report_due_on) if row.opens_on else None
    ready = rules.is_ready(row.done_at, row.opened_at)
    return Given(
        assignment_id=row.id,
        person=row.person,
        institution=row.institution,
        active=row.active,
        code=row.element_code,
        label=row.element_label,
        own_date=due if due is not None and due == row.due_on else None,
        due_on=due,
        state=rules.state(ready, due, today) if with_the_party and due is not None else None,
    )


# Statements are put together once per process: that costs more than asking the database. The same rules as in
# domain.assignments; a test compares them.
DUE = sa.case((Assignment.due_on >= ReportingCycle.opens_on, Assignment.due_on), else_=ProgressReport.due_on)
READY = sa.func.coalesce(Assignment.done_at >= ReportingCycle.opened_at, sa.false())


def _open_items(narrowed: bool, *columns: Any) -> sa.Select:
    today = sa.bindparam("today", type_=sa.Date)
    query = (
        sa.select(*columns)
        .select_from(Assignment)
        .join(Commitment, Commitment.id == Assignment.commitment_id)
        .join(ProgressReport, ProgressReport.commitment_id == Commitment.id)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .where(
            # The report's own column: the index of what a party has open leads straight there.
            ProgressReport.party_id == sa.bindparam("party"),
            Commitment.is_followed,
            ProgressReport.state.in_(WITH_THE_PARTY),
            ReportingCycle.opened_at.is_not(None),
            sa.or_(ReportingCycle.closes_on >= today, ProgressReport.first_submitted_at.is_not(None)),
        )
    )
    return query.where(Assignment.user_id == sa.bindparam("user")) if narrowed else query


def _late() -> sa.ColumnElement[bool]:
    return sa.and_(~READY, sa.bindparam("today", type_=sa.Date) > DUE)


@cache
def _zone() -> sa.Select:
    return sa.select(ReportingParty.time_zone).where(ReportingParty.id == sa.bindparam("party"))


@cache
def _tally(narrowed: bool) -> sa.Select:
    return _open_items(
        narrowed,
        sa.func.count().label("all"),
        sa.func.count(sa.case((_late(), 1))).label("late"),
        sa.func.count(sa.case((READY, 1))).label("ready"),
    )


@cache
def _lines(narrowed: bool, state: PartState | None) -> sa.Select:
    which: dict[PartState, sa.ColumnElement[bool]] = {
        PartState.READY: READY,
        PartState.LATE: _late(),
        PartState.OPEN: sa.and_(~READY, ~_late()),
    }
    narrow = [which[state]] if state else []
    total = _open_items(narrowed, sa.func.count()).where(*narrow).scalar_subquery()
    return (
        _open_items(
            narrowed,
            Assignment.id,
            Assignment.commitment_id,
            Assignment.done_at,
            Assignment.due_on.label("own_due_on"),
            ProgressReport.id.label("report_id"),
            ProgressReport.due_on.label("report_due_on"),
            sa.type_coerce(DUE, sa.Date).label("due"),
            sa.type_coerce(READY, sa.Boolean).label("ready"),
            Provision.code,
            Provision.title,
            Element.code.label("element_code"),
            Element.label.label("element_label"),
            ReportingCycle.title.label("cycle_title"),
            User.name.label("person"),
            Institution.name.label("institution"),
            total.label("total"),
        )
        .join(Provision, Provision.id == Commitment.provision_id)
        .join(User, User.id == Assignment.user_id)
        .outerjoin(Institution, Institution.id == User.institution_id)
        .outerjoin(Element, Element.id == Assignment.element_id)
        .where(*narrow)
        .order_by(READY, DUE, Provision.position, Element.position, Assignment.id)
        .limit(PAGE)
        .offset(sa.bindparam("offset"))
    )


@cache
def _of_commitment(*, one_person: bool = False) -> sa.Select:
    newest = aliased(ProgressReport)
    newest_id = (
        sa.select(newest.id)
        .where(newest.commitment_id == sa.bindparam("commitment"))
        .order_by(newest.opens_on.desc(), newest.cycle_id.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        sa.select(
            Assignment.id,
            Assignment.due_on,
            Assignment.done_at,
            User.name.label("person"),
            User.active,
            Institution.name.label("institution"),
            Element.code.label("element_code"),
            Element.label.label("element_label"),
            ProgressReport.state,
            ProgressReport.due_on.label("report_due_on"),
            ReportingCycle.opens_on,
            ReportingCycle.opened_at,
        )
        .join(User, User.id == Assignment.user_id)
        .outerjoin(Institution, Institution.id == User.institution_id)
        .outerjoin(Element, Element.id == Assignment.element_id)
        .outerjoin(ProgressReport, ProgressReport.id == newest_id)
        .outerjoin(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .where(Assignment.commitment_id == sa.bindparam("commitment"))
        .order_by(Institution.name, User.name, Element.position, Assignment.id)
    )
    return query.where(Assignment.user_id == sa.bindparam("user")) if one_person else query
