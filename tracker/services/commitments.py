"""The list of commitments: what each reader may see of it, its filters, and the choices they offer."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker.domain.deadlines import local_date
from tracker.domain.policy import Actor
from tracker.domain.vocabulary import PartyKind, Role
from tracker.models import (
    Assessment,
    Assignment,
    Classification,
    Commitment,
    Institution,
    Instrument,
    Participation,
    ProgressReport,
    Provision,
    ReportingCycle,
    ReportingParty,
    ReportRevision,
    User,
)
from tracker.services.plain_rows import rows as plain
from tracker.services.standing import (
    CHOICES,
    Reach,
    Reader,
    is_owed,
    owed,
    reach_of,
    reach_values,
    reader_in_lists,
    reader_of,
    stands_at,
    within,
)
from tracker.services.standing import standing as standing_of

Column = sa.ColumnElement[Any] | InstrumentedAttribute[Any]
PAGE = 50
NEWEST_CYCLES = 20
"""How many cycles the filter offers; older ones are reached by their code in the address."""
OVERDUE, WEEK, MONTH, LATER = "overdue", "week", "month", "later"
DUE_CHOICES = (OVERDUE, WEEK, MONTH, LATER)
NOBODY = "nobody"


@dataclass(frozen=True)
class Filters:
    """What the reader asked for, by code; "" is everything."""

    pillar: str = ""
    instrument: str = ""
    standing: str = ""
    due: str = ""
    assigned: str = ""
    party: str = ""
    cycle: str = ""

    @property
    def any(self) -> bool:
        return any((self.pillar, self.instrument, self.standing, self.due, self.assigned, self.party, self.cycle))


@dataclass(frozen=True)
class Choices:
    """What the filters offer to one reader; texts as {language: text} or plain."""

    pillars: dict[str, dict[str, str]]
    instruments: dict[str, dict[str, str]]
    standings: tuple[str, ...]
    assigned: dict[str, str]
    """Institutions, and contributors without one: "i7" or "u12" to a name. Empty where the reader has no say."""
    parties: dict[str, dict[str, str]]
    """By code in lower case; empty where the reader sees one party only."""
    cycles: dict[str, dict[str, str]]
    cycle_ids: dict[str, int]

    def unknown(self, filters: Filters) -> bool:
        """Whether a filter names a choice that does not exist for this reader."""
        offered: tuple[tuple[str, object], ...] = (
            (filters.pillar, self.pillars),
            (filters.instrument, self.instruments),
            (filters.standing, self.standings),
            (filters.due, DUE_CHOICES),
            (filters.assigned, {NOBODY, *self.assigned} if self.assigned else ()),
            (filters.party, self.parties),
            (filters.cycle, self.cycles),
        )
        return any(value and value not in known for value, known in offered)  # type: ignore[operator]


@dataclass(slots=True)
class Line:
    """A commitment in the list, as this reader may know it."""

    commitment_id: int
    code: str
    title: dict[str, str]
    party_code: str
    party_name: dict[str, str]
    standing: str
    due_on: object
    overdue: bool
    self_assessment: str | None
    rating: str | None
    strength: str | None
    assigned: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Listing:
    lines: list[Line]
    total: int


def choices(session: Session, actor: Actor, *, asked_cycle: str = "") -> Choices:
    """What the filters offer to this reader. Two queries."""
    found: dict[str, list[sa.Row]] = {}
    values = {"party": actor.party_id, "parties": sorted(actor.accredited)}
    for row in plain(session, _words_for(_offer(actor)), values):
        found.setdefault(row.kind, []).append(row)
    for rows in found.values():
        rows.sort(key=lambda r: r.position)
    cycles = sorted(
        plain(session, _opened_cycles(bool(asked_cycle)), {"asked": asked_cycle}),
        key=lambda c: c.opens_on,
        reverse=True,
    )
    return Choices(
        pillars=_texts(found.get("pillar", [])),
        instruments=_texts(found.get("instrument", [])),
        standings=CHOICES[reader_in_lists(actor)],
        assigned={f"{r.kind}{r.code}": r.name for kind in ("i", "u") for r in found.get(kind, [])},
        parties=_texts(found.get("party", [])),
        cycles={c.code.lower(): c.title for c in cycles},
        cycle_ids={c.code.lower(): c.id for c in cycles},
    )


def _offer(actor: Actor) -> str:
    """Which further filters this reader has."""
    if actor.is_staff:
        return "every_party"
    if actor.role is Role.OBSERVER:
        return "some_parties"
    return "assignees" if actor.role in (Role.FOCAL_POINT, Role.APPROVER) else ""


@cache
def _words_for(offer: str) -> sa.CompoundSelect:
    """The words of all filters in one statement: kind, code, name (JSON, or plain for people), position."""
    text = sa.Text

    def words(kind: str, code: Column, name: Column, position: Column) -> sa.Select:
        return sa.select(
            sa.literal_column(f"'{kind}'").label("kind"),
            code.label("code"),
            sa.cast(name, text).label("name"),
            position.label("position"),
        )

    parts = [
        words("pillar", Classification.code, Classification.name, Classification.position).where(
            Classification.axis == "pillar"
        ),
        words("instrument", Instrument.code, Instrument.title, Instrument.position).where(
            sa.exists().where(Provision.instrument_id == Instrument.id, Provision.is_scored.is_(True))
        ),
    ]
    party = words(
        "party", sa.func.lower(ReportingParty.code), ReportingParty.name, sa.cast(ReportingParty.id, sa.Integer)
    )
    if offer == "every_party":
        takes_part = ReportingParty.id.in_(sa.select(Participation.party_id))
        parts.append(party.where(sa.or_(ReportingParty.kind != PartyKind.MEMBER_STATE, takes_part)))
    elif offer == "some_parties":
        parts.append(party.where(ReportingParty.id.in_(sa.bindparam("parties", expanding=True))))
    elif offer == "assignees":
        own: sa.BindParameter[int] = sa.bindparam("party")
        parts += [
            words("i", sa.cast(Institution.id, text), Institution.name, sa.literal_column("0")).where(
                Institution.party_id == own,
                sa.exists().where(User.institution_id == Institution.id, User.role == Role.CONTRIBUTOR),
            ),
            words("u", sa.cast(User.id, text), User.name, sa.literal_column("1")).where(
                User.party_id == own, User.role == Role.CONTRIBUTOR, User.institution_id.is_(None)
            ),
        ]
    return sa.union_all(*parts)


@cache
def _opened_cycles(one_is_asked: bool) -> sa.Select:
    # The one that was asked for first, so that an old one is offered too; else as an index has them.
    asked = [(sa.func.lower(ReportingCycle.code) == sa.bindparam("asked")).desc()] if one_is_asked else []
    return (
        sa.select(ReportingCycle.id, ReportingCycle.code, ReportingCycle.title, ReportingCycle.opens_on)
        .where(ReportingCycle.opened_at.is_not(None))
        .order_by(*asked, ReportingCycle.opens_on.desc())
        .limit(NEWEST_CYCLES)
    )


def listing(session: Session, actor: Actor, filters: Filters, *, cycle_id: int, number: int, now: datetime) -> Listing:
    """Page ``number`` (from 1) of what this reader may see in a cycle: by due date, then in the catalogue's order.

    The filters are taken as valid (``Choices.unknown``). Two queries.
    """
    today = local_date(now, actor.time_zone)
    values = {
        "cycle": cycle_id,
        "offset": (number - 1) * PAGE,
        "now": now,
        "week": today + timedelta(days=7),
        "month": today + timedelta(days=30),
        # A JSON list of known codes: the quotation marks keep one code from being found inside another.
        "pillar": f'%"{filters.pillar}"%',
        "instrument": filters.instrument,
        "asked_party": filters.party.upper(),
        "assigned": int(filters.assigned[1:]) if filters.assigned[1:].isdigit() else 0,
        **reach_values(actor),
    }
    statement = _lines(
        reach_of(actor),
        reader_in_lists(actor),
        bool(filters.pillar),
        bool(filters.instrument),
        bool(filters.party),
        filters.standing,
        filters.due,
        filters.assigned if filters.assigned in ("", NOBODY) else filters.assigned[0],
    )
    rows = plain(session, statement, values).all()
    inside = reader_in_lists(actor) is Reader.INSIDE
    assigned = assigned_to(session, [r.commitment_id for r in rows]) if inside and rows else {}
    return Listing([_line(row, actor, assigned) for row in rows], rows[0].total if rows else 0)


@lru_cache(maxsize=512)
def _lines(
    reach: Reach, reader: Reader, pillar: bool, instrument: bool, party: bool, standing: str, due: str, assigned: str
) -> sa.Select:
    """The statement for these filters, put together once per process; the values are bound in ``listing``.

    The page's reports are found and counted first by their narrow columns; only then are the wide texts read.
    """
    found = (
        sa.select(ProgressReport.id, Provision.position)
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .where(
            ProgressReport.cycle_id == sa.bindparam("cycle"),
            within(reach, ProgressReport.party_id, ProgressReport.commitment_id),
        )
    )
    if pillar:
        found = found.where(sa.cast(Provision.pillars, sa.Text).like(sa.bindparam("pillar")))
    if instrument:
        chosen = sa.select(Instrument.id).where(Instrument.code == sa.bindparam("instrument")).scalar_subquery()
        found = found.where(Provision.instrument_id == chosen)
    if party:
        asked = sa.select(ReportingParty.id).where(ReportingParty.code == sa.bindparam("asked_party"))
        found = found.where(ProgressReport.party_id == asked.scalar_subquery())
    if standing:
        found = found.where(stands_at(reader, standing))
    if due:
        found = found.where(is_owed(reader), _due(due))
    if assigned:
        found = found.where(_assigned_to(assigned))
    # Counted apart: a window over the rows would have them all written down before the first is read.
    total = sa.select(sa.func.count()).select_from(found.subquery()).scalar_subquery()
    in_order = found.order_by(ProgressReport.due_on, Provision.position, ProgressReport.party_id)
    page = in_order.limit(PAGE).offset(sa.bindparam("offset")).subquery("page")
    said = ProgressReport.self_assessment if reader is Reader.INSIDE else ReportRevision.self_assessment
    query = (
        sa.select(
            ProgressReport.commitment_id,
            ProgressReport.state,
            ProgressReport.due_on,
            (ProgressReport.due_at <= sa.bindparam("now")).label("past"),
            ProgressReport.submitted_at.is_not(None).label("submitted"),
            ProgressReport.first_submitted_at.is_not(None).label("reported"),
            Provision.code,
            sa.cast(Provision.title, sa.Text).label("title"),
            ReportingParty.id.label("party_id"),
            ReportingParty.code.label("party_code"),
            ReportingParty.kind.label("party_kind"),
            sa.cast(ReportingParty.name, sa.Text).label("party_name"),
            Assessment.rating,
            Assessment.strength,
            said.label("self_assessment"),
            total.label("total"),
        )
        .select_from(page)
        .join(ProgressReport, ProgressReport.id == page.c.id)
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .join(ReportingParty, ReportingParty.id == ProgressReport.party_id)
        .outerjoin(Assessment, Assessment.id == ProgressReport.published_assessment_id)
        .order_by(ProgressReport.due_on, page.c.position, ProgressReport.party_id)
    )
    if reader is Reader.STAFF:
        newest = sa.and_(
            ReportRevision.report_id == ProgressReport.id,
            ReportRevision.number == ProgressReport.revision_number,
            ProgressReport.submitted_at.is_not(None),
        )
        query = query.outerjoin(ReportRevision, newest)
    elif reader is Reader.OUTSIDE:
        query = query.outerjoin(ReportRevision, ReportRevision.id == Assessment.revision_id)
    return query


def _due(choice: str) -> sa.ColumnElement[bool]:
    """Overdue by the party's own clock; the weeks ahead are counted in days on the reader's."""
    in_time = ProgressReport.due_at > sa.bindparam("now")
    return {
        OVERDUE: ProgressReport.due_at <= sa.bindparam("now"),
        WEEK: sa.and_(in_time, ProgressReport.due_on <= sa.bindparam("week")),
        MONTH: sa.and_(in_time, ProgressReport.due_on <= sa.bindparam("month")),
        LATER: ProgressReport.due_on > sa.bindparam("month"),
    }[choice]


def _assigned_to(kind: str) -> sa.ColumnElement[bool]:
    """``kind``: NOBODY, "i" (an institution) or "u" (a person without one)."""
    if kind == NOBODY:
        return ~sa.exists().where(Assignment.commitment_id == Commitment.id)
    column = User.institution_id if kind == "i" else User.id
    return sa.exists().where(
        Assignment.commitment_id == Commitment.id,
        Assignment.user_id == User.id,
        column == sa.bindparam("assigned"),
    )


def _line(row: sa.Row, actor: Actor, assigned: dict[int, list[str]]) -> Line:
    reader = reader_of(actor, row.party_id, row.party_kind)
    reported = row.reported or None
    return Line(
        row.commitment_id,
        row.code,
        _text_of(row.title),
        row.party_code,
        _text_of(row.party_name),
        standing_of(
            reader,
            row.state,
            submitted_at=row.submitted or None,
            first_submitted_at=reported,
            published=row.rating is not None,
        ),
        row.due_on,
        row.past and owed(reader, row.state, reported),
        row.self_assessment,
        row.rating,
        row.strength,
        tuple(assigned.get(row.commitment_id, ())),
    )


@lru_cache(maxsize=4096)
def _text_of(stored: str) -> dict[str, str]:
    """A text in four languages, from JSON: a list says the same few titles again and again."""
    texts: dict[str, str] = json.loads(stored)
    return texts


@cache
def _assignees() -> sa.Select:
    return (
        sa.select(Assignment.commitment_id, User.name, Institution.name.label("institution"))
        .join(User, User.id == Assignment.user_id)
        .outerjoin(Institution, Institution.id == User.institution_id)
        .where(Assignment.commitment_id.in_(sa.bindparam("ids", expanding=True)))
        .order_by(Assignment.id)
    )


def assigned_to(session: Session, commitment_ids: list[int]) -> dict[int, list[str]]:
    """Who was asked to answer, by commitment: the institution's name, else the person's. One query."""
    found: dict[int, list[str]] = {}
    for row in plain(session, _assignees(), {"ids": commitment_ids}):
        found.setdefault(row.commitment_id, []).append(row.institution or row.name)
    return found


def _texts(rows: list[sa.Row]) -> dict[str, dict[str, str]]:
    return {row.code: _text_of(row.name) for row in rows}
