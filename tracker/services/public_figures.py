"""What everybody may know: who reported, and what was published. Nothing else leaves these functions.

"Reported" (a report was first submitted) is a public fact. A rating, an answer and a State's self-assessment are
public once an assessment is published; until then a report that came in is "under review", whatever its state.
Every function costs the same number of queries, however many cycles there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.compliance import Share
from tracker.domain.text import sort_key
from tracker.domain.vocabulary import PartyKind
from tracker.models import (
    Assessment,
    Commitment,
    Instrument,
    MemberState,
    Participation,
    ProgressReport,
    Provision,
    ReportingCycle,
    ReportingParty,
    ReportRevision,
)
from tracker.services.disagreement import voices_differ
from tracker.services.plain_rows import rows
from tracker.services.standing import Reader
from tracker.wording import pick

Named = TypeVar("Named", bound=Any)
CYCLES_SHOWN = 10
LATEST = 6

_PR = ProgressReport


class Coverage(NamedTuple):
    """How far a set of commitments was reported on, and how many ratings are published."""

    owed: int
    reported: int
    on_time: int
    rated: int

    @property
    def reported_of(self) -> Share:
        return Share(self.reported, self.owed)

    @property
    def rated_of(self) -> Share:
        """Of those reported."""
        return Share(self.rated, self.reported)

    @property
    def level(self) -> str:
        """The step of the map's legend: all, most (half or more), some, none; out where nothing is owed."""
        if not self.owed:
            return "out"
        if self.reported >= self.owed:
            return "all"
        if 2 * self.reported >= self.owed:
            return "most"
        return "some" if self.reported else "none"

    @classmethod
    def of(cls, parts: Iterable[Coverage]) -> Coverage:
        """The sum of several."""
        owed = reported = on_time = rated = 0
        for part in parts:
            owed += part.owed
            reported += part.reported
            on_time += part.on_time
            rated += part.rated
        return cls(owed, reported, on_time, rated)


class PartyCoverage(NamedTuple):
    """A reporting party in one cycle. ``name`` and ``status_note`` hold four languages."""

    code: str
    kind: PartyKind
    name: dict[str, str]
    subregion: str | None
    status_note: dict[str, str] | None
    takes_part: bool
    coverage: Coverage

    @property
    def slug(self) -> str:
        """As in addresses."""
        return self.code.lower()


def _counted() -> tuple[sa.ColumnElement[int], ...]:
    return (
        sa.func.count().label("owed"),
        sa.func.count(_PR.first_submitted_at).label("reported"),
        sa.func.count(sa.case((_PR.on_time.is_(True), 1))).label("on_time"),
        sa.func.count(_PR.published_assessment_id).label("rated"),
    )


CYCLE = (ReportingCycle.id, ReportingCycle.code, ReportingCycle.title, ReportingCycle.period_start,
          ReportingCycle.period_end, ReportingCycle.opens_on, ReportingCycle.due_on,
          ReportingCycle.closes_on)  # fmt: skip
_CURRENT = (
    sa.select(*CYCLE)
    .where(ReportingCycle.opened_at.is_not(None))
    .order_by(ReportingCycle.opens_on.desc(), ReportingCycle.id.desc())
    .limit(1)
)


def current_cycle(session: Session) -> sa.Row | None:
    """The cycle opened last, or None before the first."""
    return rows(session, _CURRENT).one_or_none()


_COUNTS = (
    sa.select(_PR.party_id, *_counted()).where(_PR.cycle_id == sa.bindparam("cycle")).group_by(_PR.party_id).subquery()
)
TAKES_PART = sa.exists().where(
    Participation.party_id == ReportingParty.id,
    Participation.starts_on <= sa.bindparam("today"),
    sa.or_(Participation.ends_on.is_(None), Participation.ends_on >= sa.bindparam("today")),
)
_PARTIES = (
    sa.select(
        ReportingParty.code,
        ReportingParty.kind,
        ReportingParty.name,
        MemberState.subregion,
        MemberState.status_note,
        TAKES_PART.label("takes_part"),
        _COUNTS.c.owed,
        _COUNTS.c.reported,
        _COUNTS.c.on_time,
        _COUNTS.c.rated,
    )
    .outerjoin(MemberState, MemberState.party_id == ReportingParty.id)
    .outerjoin(_COUNTS, _COUNTS.c.party_id == ReportingParty.id)
    .order_by(ReportingParty.id)
)


_ASKED_CYCLE = sa.select(*CYCLE).where(
    ReportingCycle.opened_at.is_not(None), ReportingCycle.code == sa.bindparam("code")
)


def cycle(session: Session, code: str) -> sa.Row | None:
    """The opened cycle of this code, or without a code the one opened last; None where there is none."""
    return rows(session, _ASKED_CYCLE, {"code": code}).one_or_none() if code else current_cycle(session)


def parties(session: Session, cycle_id: int | None, *, today: date) -> list[PartyCoverage]:
    """Every reporting party with its coverage of this cycle, in the order of the catalogue."""
    found = rows(session, _PARTIES, {"cycle": cycle_id or 0, "today": today}).all()
    return [
        PartyCoverage(
            code,
            kind,
            name,
            subregion,
            note,
            bool(takes_part) or kind is not PartyKind.MEMBER_STATE,
            Coverage(owed or 0, reported or 0, on_time or 0, rated or 0),
        )
        for code, kind, name, subregion, note, takes_part, owed, reported, on_time, rated in found
    ]


def in_alphabetical_order(named: Iterable[Named], language: str) -> list[Named]:
    """By ``name`` as this language writes it, accents aside."""
    return sorted(named, key=lambda one: sort_key(pick(one.name, language)))


def states_reporting(states: Iterable[PartyCoverage]) -> Share:
    """States that reported on at least one commitment, of those that owe any."""
    owing = [s.coverage for s in states if s.coverage.owed]
    return Share(sum(1 for coverage in owing if coverage.reported), len(owing))


_PARTY = (
    sa.select(
        ReportingParty.id,
        ReportingParty.code,
        ReportingParty.kind,
        ReportingParty.name,
        MemberState.official_name,
        MemberState.subregion,
        MemberState.status_note,
        MemberState.facts,
        TAKES_PART.label("takes_part"),
    )
    .outerjoin(MemberState, MemberState.party_id == ReportingParty.id)
    .where(ReportingParty.code == sa.bindparam("code"))
)


def party(session: Session, code: str, *, today: date) -> sa.Row | None:
    """One reporting party with its facts; ``code`` in capitals."""
    return rows(session, _PARTY, {"code": code, "today": today}).one_or_none()


_COMMITMENTS = (
    sa.select(
        Provision.code,
        Provision.title,
        Instrument.code.label("instrument"),
        _PR.due_on,
        _PR.first_submitted_at,
        _PR.on_time,
        Assessment.rating,
        Assessment.strength,
        Assessment.comment_outcome,
        ReportRevision.self_assessment,
    )
    .select_from(_PR)
    .join(Commitment, Commitment.id == _PR.commitment_id)
    .join(Provision, Provision.id == Commitment.provision_id)
    .join(Instrument, Instrument.id == Provision.instrument_id)
    .outerjoin(Assessment, Assessment.id == _PR.published_assessment_id)
    .outerjoin(ReportRevision, ReportRevision.id == Assessment.revision_id)
    .where(_PR.party_id == sa.bindparam("party"), _PR.cycle_id == sa.bindparam("cycle"))
    .order_by(Provision.position)
)


_DIFFERING = _COMMITMENTS.add_columns(Commitment.id.label("commitment_id")).where(voices_differ(Reader.OUTSIDE))


def differing_of(session: Session, party_id: int, cycle_id: int) -> list[sa.Row]:
    """Those of ``commitments_of`` on which State, Secretariat and observers do not all say the same in public."""
    return list(rows(session, _DIFFERING, {"party": party_id, "cycle": cycle_id}).all())


def commitments_of(session: Session, party_id: int, cycle_id: int) -> list[sa.Row]:
    """What one party owes in one cycle, with what is published of it, in the order of the catalogue."""
    return list(rows(session, _COMMITMENTS, {"party": party_id, "cycle": cycle_id}).all())


def pages(total: int, page: int) -> int | None:
    """How many pages of cycles there are; None where this one lies beyond the last."""
    count = max(1, -(-total // CYCLES_SHOWN))
    return count if page <= count else None


_OF_PARTY = sa.select(_PR.cycle_id).where(_PR.party_id == sa.bindparam("party")).distinct().subquery()
_CYCLES_OF = (
    sa.select(*CYCLE, sa.func.count().over().label("all"))
    .join(_OF_PARTY, _OF_PARTY.c.cycle_id == ReportingCycle.id)
    .order_by(ReportingCycle.opens_on.desc(), ReportingCycle.id.desc())
    .limit(sa.bindparam("limit"))
    .offset(sa.bindparam("offset"))
)
_COUNTS_OF = (
    sa.select(_PR.cycle_id, *_counted())
    .where(_PR.party_id == sa.bindparam("party"), _PR.cycle_id.in_(sa.bindparam("cycles", expanding=True)))
    .group_by(_PR.cycle_id)
)


def cycles_of(session: Session, party_id: int, page: int) -> tuple[list[tuple[sa.Row, Coverage]], int]:
    """One page of the cycles in which a party owed reports, newest first, and how many there are."""
    values = {"party": party_id, "limit": CYCLES_SHOWN, "offset": (page - 1) * CYCLES_SHOWN}
    listed = rows(session, _CYCLES_OF, values).all()
    if not listed:
        return [], 0 if page == 1 else _cycle_count(session, party_id)
    counted = rows(session, _COUNTS_OF, {"party": party_id, "cycles": [row.id for row in listed]})
    counts = {cycle_id: Coverage(*numbers) for cycle_id, *numbers in counted}
    return [(row, counts[row.id]) for row in listed], listed[0].all


def _cycle_count(session: Session, party_id: int) -> int:
    return session.scalar(sa.select(sa.func.count(_PR.cycle_id.distinct())).where(_PR.party_id == party_id)) or 0


_BY_PARTY = (
    sa.select(
        ReportingParty.code,
        ReportingParty.kind,
        ReportingParty.name,
        _PR.first_submitted_at,
        Assessment.rating,
        Assessment.strength,
        Assessment.comment_outcome,
        ReportRevision.self_assessment,
    )
    .select_from(Commitment)
    .join(_PR, sa.and_(_PR.commitment_id == Commitment.id, _PR.cycle_id == sa.bindparam("cycle")))
    .join(ReportingParty, ReportingParty.id == Commitment.party_id)
    .outerjoin(Assessment, Assessment.id == _PR.published_assessment_id)
    .outerjoin(ReportRevision, ReportRevision.id == Assessment.revision_id)
    .where(Commitment.provision_id == sa.bindparam("provision"))
    .order_by(ReportingParty.id)
)


_DIFFERING_PARTIES = _BY_PARTY.add_columns(Commitment.id.label("commitment_id")).where(voices_differ(Reader.OUTSIDE))


def parties_differing(session: Session, provision_id: int, cycle_id: int) -> list[sa.Row]:
    """Those of ``parties_owing`` on which State, Secretariat and observers do not all say the same in public."""
    return list(rows(session, _DIFFERING_PARTIES, {"provision": provision_id, "cycle": cycle_id}).all())


def parties_owing(session: Session, provision_id: int, cycle_id: int) -> list[sa.Row]:
    """Who owes a report on this provision in this cycle, with what is published."""
    return list(rows(session, _BY_PARTY, {"provision": provision_id, "cycle": cycle_id}).all())


def coverage_of(listed: Sequence[sa.Row]) -> Coverage:
    """The coverage of what ``parties_owing`` or ``commitments_of`` listed; on time is not counted there."""
    return Coverage(
        len(listed),
        sum(1 for row in listed if row.first_submitted_at),
        0,
        sum(1 for row in listed if row.rating),
    )


_LATEST = (
    sa.select(
        ReportingParty.code.label("party_code"),
        ReportingParty.name.label("party_name"),
        Provision.code.label("provision_code"),
        Provision.title,
        Assessment.rating,
        Assessment.strength,
        Assessment.comment_outcome,
        Assessment.published_at,
    )
    .select_from(Assessment)
    # By the report's own number too: a planner without statistics (SQLite) then begins with the newest assessments.
    .join(
        _PR, sa.and_(_PR.id == Assessment.report_id, sa.func.coalesce(_PR.published_assessment_id, 0) == Assessment.id)
    )
    .join(Commitment, Commitment.id == _PR.commitment_id)
    .join(Provision, Provision.id == Commitment.provision_id)
    .join(ReportingParty, ReportingParty.id == _PR.party_id)
    .where(Assessment.published_at.is_not(None))
    .order_by(Assessment.published_at.desc(), Assessment.id.desc())
    .limit(LATEST)
)


def latest_publications(session: Session) -> list[sa.Row]:
    """The ratings published last."""
    return list(rows(session, _LATEST).all())
