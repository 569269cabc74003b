"""The list of commitments: what each reader may see of it, its filters, and the choices they offer."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.deadlines import local_date
from tracker.domain.policy import Actor
from tracker.domain.vocabulary import CommentOutcome, Role
from tracker.models import (
    Assessment,
    Assignment,
    Commitment,
    Instrument,
    ProgressReport,
    Provision,
    ReportingParty,
    ReportRevision,
    User,
)
from tracker.services.assignees import assigned_to
from tracker.services.commitment_filters import opened_cycles, words_for
from tracker.services.disagreement import voices_differ
from tracker.services.observations import views_on
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

PAGE = 50
OVERDUE, WEEK, MONTH, LATER = "overdue", "week", "month", "later"
DUE_CHOICES = (OVERDUE, WEEK, MONTH, LATER)
NOBODY = "nobody"
DIFFERS_CHOICES = ("1",)


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
    differs: str = ""
    """"1": where self-assessment, rating and observers' views differ."""

    @property
    def any(self) -> bool:
        return any(
            (self.differs, self.pillar, self.instrument, self.standing, self.due, self.assigned, self.party, self.cycle)
        )


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
            (filters.differs, DIFFERS_CHOICES),
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
    commented: bool
    """Whether the State's comment stands beside the rating."""
    assigned: tuple[str, ...] = field(default=())
    views: tuple[str, ...] = field(default=())
    """Of observers; only where the list shows where the voices differ."""


@dataclass(frozen=True)
class Listing:
    lines: list[Line]
    total: int


def choices(session: Session, actor: Actor, *, asked_cycle: str = "") -> Choices:
    """What the filters offer to this reader. Two queries."""
    found: dict[str, list[sa.Row]] = {}
    values = {"party": actor.party_id, "parties": sorted(actor.accredited)}
    for row in plain(session, words_for(_offer(actor)), values):
        found.setdefault(row.kind, []).append(row)
    for rows in found.values():
        rows.sort(key=lambda r: r.position)
    cycles = sorted(
        plain(session, opened_cycles(bool(asked_cycle)), {"asked": asked_cycle}),
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
        bool(filters.differs),
    )
    rows = plain(session, statement, values).all()
    inside = reader_in_lists(actor) is Reader.INSIDE
    assigned = assigned_to(session, [r.commitment_id for r in rows]) if inside and rows else {}
    lines = [_line(row, actor, assigned) for row in rows]
    if filters.differs and lines:
        views = views_on(session, cycle_id, [line.commitment_id for line in lines], actor)
        for line in lines:
            line.views = views.get(line.commitment_id, ())
    return Listing(lines, rows[0].total if rows else 0)


@lru_cache(maxsize=512)
def _lines(
    reach: Reach,
    reader: Reader,
    pillar: bool,
    instrument: bool,
    party: bool,
    standing: str,
    due: str,
    assigned: str,
    differing: bool,
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
    if differing:
        found = found.where(voices_differ(reader))
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
            Assessment.comment_outcome,
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
        row.comment_outcome == CommentOutcome.COMMENTED,
        tuple(assigned.get(row.commitment_id, ())),
    )


@lru_cache(maxsize=4096)
def _text_of(stored: str) -> dict[str, str]:
    """A text in four languages, from JSON: a list says the same few titles again and again."""
    texts: dict[str, str] = json.loads(stored)
    return texts


def _texts(rows: list[sa.Row]) -> dict[str, dict[str, str]]:
    return {row.code: _text_of(row.name) for row in rows}
