"""Reporting cycles: planning one, opening it, which makes the commitments owed and an empty report for each."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.domain.cycles import CODE
from tracker.domain.deadlines import ends_at, local_date
from tracker.domain.errors import NotPermitted, Stale, Unmet
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.vocabulary import PartyKind, ReportState, Visibility
from tracker.models import (
    Commitment,
    HistoryEntry,
    Participation,
    ProgressReport,
    Provision,
    ReportingCycle,
    ReportingParty,
)
from tracker.services import audit
from tracker.services.history import COMMITTED
from tracker.services.records import LARGEST_ID

LONGEST_WINDOW = 365
"""Days for comment at most."""


@dataclass(frozen=True)
class CyclePlan:
    """What an administrator decides about a cycle. Dates end at midnight in each party's own zone."""

    code: str
    title: dict[str, str]
    period_start: date
    period_end: date
    opens_on: date
    due_on: date
    closes_on: date
    comment_days: int = 30

    def problems(self) -> dict[str, str]:
        """What is wrong with it, by field."""
        found = {}
        if not CODE.fullmatch(self.code):
            found["code"] = "not_a_code"
        if self.period_end < self.period_start:
            found["period_end"] = "before_start"
        if self.due_on < self.opens_on:
            found["due_on"] = "before_opening"
        if self.closes_on < self.due_on:
            found["closes_on"] = "before_due"
        if not 1 <= self.comment_days <= LONGEST_WINDOW:
            found["comment_days"] = "out_of_range"
        return found


def plan(session: Session, wanted: CyclePlan, *, actor: Actor | None, now: datetime) -> ReportingCycle:
    """Enter a new cycle. ``actor`` None is a command of the operator. Raises Unmet by field."""
    _permit(actor)
    problems = wanted.problems()
    if _taken(session, wanted.code, but=0):
        problems["code"] = "taken"
    if problems:
        raise Unmet(**problems)
    cycle = ReportingCycle(code=wanted.code)
    _fill(cycle, wanted)
    session.add(cycle)
    session.flush()
    audit.record(session, "cycle.plan", now=now, actor=actor, about=("reporting_cycle", cycle.id), new=_facts(wanted))
    return cycle


def change(
    session: Session,
    cycle: ReportingCycle,
    wanted: CyclePlan,
    *,
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Change a cycle. Once it is open its code and opening day stand; a new due date moves reports not yet given.

    Reports that were returned with a due date of their own keep it.
    """
    _permit(actor)
    if seen_version != cycle.version:
        raise Stale
    problems = wanted.problems()
    if _taken(session, wanted.code, but=cycle.id):
        problems["code"] = "taken"
    if cycle.opened_at is not None:
        if wanted.code != cycle.code:
            problems["code"] = "open_already"
        if wanted.opens_on != cycle.opens_on:
            problems["opens_on"] = "open_already"
    if problems:
        raise Unmet(**problems)
    old_due = cycle.due_on
    audit.record(
        session,
        "cycle.change",
        now=now,
        actor=actor,
        about=("reporting_cycle", cycle.id),
        old=_facts(cycle),
        new=_facts(wanted),
    )
    _fill(cycle, wanted)
    if cycle.opened_at is not None and wanted.due_on != old_due:
        _move_due_date(session, cycle, old_due)
    session.flush()


def due_to_open(session: Session, *, now: datetime) -> list[int]:
    """Cycles whose opening day has come and which are not open yet, by id."""
    today = local_date(now, "UTC")
    return list(
        session.scalars(
            sa.select(ReportingCycle.id)
            .where(ReportingCycle.opened_at.is_(None), ReportingCycle.opens_on <= today)
            .order_by(ReportingCycle.opens_on)
        )
    )


def open_cycle(
    session: Session, cycle_id: int, *, now: datetime, actor: Actor | None = None, seen_version: int | None = None
) -> int:
    """Make the commitments owed and an empty report for each; the number of reports made, 0 if open already.

    ``actor`` None is the clock or a command. A person may open before the planned day: that day becomes the opening
    day, and who takes part on it owes the reports. Raises Stale where the plan changed since ``seen_version``.

    Owed is what a scored provision asks of the party's kind (an element addressed to it), by every party that takes
    part on the opening day, but for commitments that were closed. With the 32 States that take part by default:
    480 + 12 + 1 = 493.
    """
    _permit(actor)
    cycle = session.get_one(ReportingCycle, cycle_id, populate_existing=True, with_for_update=True)
    if cycle.opened_at is not None:
        return 0
    if seen_version is not None and seen_version != cycle.version:
        raise Stale
    if actor is not None:
        cycle.opens_on = min(cycle.opens_on, local_date(now, "UTC"))
    provisions = scored(session)
    parties = taking_part(session, cycle.opens_on)
    existing = {(c.party_id, c.provision_id): c for c in session.scalars(sa.select(Commitment))}
    closed = {key for key, commitment in existing.items() if commitment.closed_at is not None}
    owed = [
        (party, provision)
        for party in parties
        for provision in owed_by(party.kind, provisions)
        if (party.id, provision.id) not in closed
    ]
    fresh = [
        Commitment(party_id=party.id, provision_id=provision.id, made_at=now)
        for party, provision in owed
        if (party.id, provision.id) not in existing
    ]
    session.add_all(fresh)
    session.flush()
    session.add_all(
        HistoryEntry(
            commitment_id=commitment.id,
            party_id=commitment.party_id,
            at=now,
            action=COMMITTED,
            visibility=Visibility.PUBLIC,
            details={"cycle": cycle.code},
        )
        for commitment in fresh
    )
    existing |= {(c.party_id, c.provision_id): c for c in fresh}
    due_at = {party.id: ends_at(cycle.due_on, party.time_zone) for party in parties}
    for party, provision in owed:
        commitment = existing[party.id, provision.id]
        commitment.frozen_at = None
        session.add(
            ProgressReport(
                commitment_id=commitment.id,
                cycle_id=cycle.id,
                party_id=party.id,
                opens_on=cycle.opens_on,
                state=ReportState.DRAFT,
                due_on=cycle.due_on,
                due_at=due_at[party.id],
            )
        )
    cycle.opened_at = now
    audit.record(
        session,
        "cycle.open",
        now=now,
        actor=actor,
        about=("reporting_cycle", cycle.id),
        new={"code": audit.Plain(cycle.code), "reports": len(owed)},
    )
    session.flush()
    return len(owed)


def owed_by(kind: PartyKind, provisions: Iterable[Provision]) -> list[Provision]:
    """The scored provisions of which at least one element is addressed to this kind of party."""
    return [p for p in provisions if p.is_scored and any(e.is_owed_by(kind) for e in p.elements)]


def taking_part(session: Session, day: date) -> list[ReportingParty]:
    """The parties that owe reports on this day: States in a period of participation, and the other parties always."""
    in_period = (
        sa.select(Participation.party_id)
        .where(
            Participation.starts_on <= day,
            sa.or_(Participation.ends_on.is_(None), Participation.ends_on >= day),
        )
        .scalar_subquery()
    )
    return list(
        session.scalars(
            sa.select(ReportingParty)
            .where(
                sa.or_(
                    ReportingParty.kind != PartyKind.MEMBER_STATE,
                    ReportingParty.id.in_(in_period),
                )
            )
            .order_by(ReportingParty.id)
        )
    )


@dataclass(frozen=True)
class Expected:
    """What opening a cycle on a day would ask of one kind of party."""

    kind: PartyKind
    parties: int
    provisions: int
    closed: int = 0
    """Commitments of these parties that are no longer followed."""

    @property
    def reports(self) -> int:
        return self.parties * self.provisions - self.closed


def expected(session: Session, day: date) -> list[Expected]:
    """How many reports a cycle opened on this day would make, by kind of party; the same rule as ``open_cycle``."""
    provisions = scored(session)
    taking = taking_part(session, day)
    parties = Counter(party.kind for party in taking)
    kinds = {party.id: party.kind for party in taking}
    closed = Counter(
        kinds[party_id]
        for party_id in session.scalars(
            sa.select(Commitment.party_id)
            .join(Provision, Provision.id == Commitment.provision_id)
            .where(Commitment.closed_at.is_not(None), Provision.is_scored.is_(True))
        )
        if party_id in kinds
    )
    return [Expected(kind, parties[kind], len(owed_by(kind, provisions)), closed[kind]) for kind in PartyKind]


def listing(session: Session) -> list[sa.Row]:
    """Every cycle, newest first: its columns with how many reports it has and how many were submitted."""
    reported = sa.func.count(ProgressReport.first_submitted_at)
    return list(
        session.execute(
            sa.select(
                ReportingCycle.id,
                ReportingCycle.code,
                ReportingCycle.title,
                ReportingCycle.opens_on,
                ReportingCycle.due_on,
                ReportingCycle.closes_on,
                ReportingCycle.opened_at,
                sa.func.count(ProgressReport.id).label("reports"),
                reported.label("reported"),
            )
            .outerjoin(ProgressReport, ProgressReport.cycle_id == ReportingCycle.id)
            .group_by(ReportingCycle.id)
            .order_by(ReportingCycle.opens_on.desc(), ReportingCycle.id.desc())
        )
    )


def by_id(session: Session, cycle_id: int) -> ReportingCycle | None:
    """The cycle as stored now; None where there is none."""
    if not 0 < cycle_id <= LARGEST_ID:
        return None
    return session.get(ReportingCycle, cycle_id, populate_existing=True)


def current(session: Session) -> ReportingCycle | None:
    """The cycle opened last: the one that lists and dashboards begin with."""
    return session.scalar(
        sa.select(ReportingCycle)
        .where(ReportingCycle.opened_at.is_not(None))
        .order_by(ReportingCycle.opens_on.desc())
        .limit(1)
    )


def _move_due_date(session: Session, cycle: ReportingCycle, old_due: date) -> None:
    rows = session.scalars(
        sa.select(ProgressReport)
        .where(
            ProgressReport.cycle_id == cycle.id,
            # Who was granted an extension keeps a date that is later, and is not left behind by one that is not.
            sa.or_(ProgressReport.due_on == old_due, ProgressReport.due_on < cycle.due_on),
            ProgressReport.first_submitted_at.is_(None),
        )
        .options(joinedload(ProgressReport.commitment).joinedload(Commitment.party))
    )
    for report in rows:
        report.due_on = cycle.due_on
        report.due_at = ends_at(cycle.due_on, report.commitment.party.time_zone)


def scored(session: Session) -> list[Provision]:
    """The provisions that reports are asked on, with their elements, in the order of the catalogue."""
    return list(
        session.scalars(
            sa.select(Provision)
            .where(Provision.is_scored.is_(True))
            .options(selectinload(Provision.elements))
            .order_by(Provision.position)
        )
    )


def _taken(session: Session, code: str, *, but: int) -> bool:
    """Capitals make no difference: the code stands in addresses in lower case."""
    same = sa.select(ReportingCycle.id).where(
        sa.func.lower(ReportingCycle.code) == code.lower(), ReportingCycle.id != but
    )
    return session.scalar(same) is not None


def _permit(actor: Actor | None) -> None:
    if actor is not None and not can(actor, Permission.CYCLE_MANAGE):
        raise NotPermitted(Permission.CYCLE_MANAGE)


def _fill(cycle: ReportingCycle, wanted: CyclePlan) -> None:
    cycle.code, cycle.title = wanted.code, wanted.title
    cycle.period_start, cycle.period_end = wanted.period_start, wanted.period_end
    cycle.opens_on, cycle.due_on, cycle.closes_on = wanted.opens_on, wanted.due_on, wanted.closes_on
    cycle.comment_days = wanted.comment_days


def _facts(cycle: CyclePlan | ReportingCycle) -> dict[str, object]:
    """What the audit trail keeps of a cycle."""
    return {
        "code": audit.Plain(cycle.code),
        "title": json.dumps(cycle.title, ensure_ascii=False, sort_keys=True),
        "period_start": cycle.period_start,
        "period_end": cycle.period_end,
        "opens_on": cycle.opens_on,
        "due_on": cycle.due_on,
        "closes_on": cycle.closes_on,
        "comment_days": cycle.comment_days,
    }
