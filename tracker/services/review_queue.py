"""The reviewers' queue: what waits for the Secretariat, longest first. Lists read columns, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from tracker.domain.deadlines import last_day
from tracker.domain.policy import Actor
from tracker.domain.vocabulary import ReportState
from tracker.models import (
    Assessment,
    Classification,
    Commitment,
    ProgressReport,
    Provision,
    ReportingCycle,
    ReportingParty,
    User,
)

PAGE = 50
RECENT = timedelta(days=90)
"""How long a published report is listed as recent."""


class Tab(StrEnum):
    """The parts of the queue. Each open report of the Secretariat stands in exactly one of them."""

    WAITING = "waiting"
    """Submitted, to be taken up."""
    MINE = "mine"
    CONFIRM = "confirm"
    """Proposed by a colleague, to be confirmed."""
    COLLEAGUES = "colleagues"
    """Under review by a colleague, or proposed by me and waiting for one."""
    COMMENT = "comment"
    PUBLISHED = "published"


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; empty: everything."""

    party: str = ""
    """The party's code, in capitals."""
    pillar: str = ""
    cycle: str = ""


@dataclass(frozen=True)
class Waiting:
    """A line of the queue. ``days`` is how many whole days it waits (or has been public)."""

    report_id: int
    state: ReportState
    party: dict[str, str]
    code: str
    title: dict[str, str]
    cycle: str
    since: datetime | None
    days: int
    reviewer: str | None
    proposer: str | None
    rating: str | None
    comment_until: Any
    """The last day of the State's window for comment, in its own zone; None where none is open."""
    is_reopened: bool
    is_resubmitted: bool


@dataclass(frozen=True)
class Queue:
    counts: dict[Tab, int]
    rows: list[Waiting]


def queue(session: Session, tab: Tab, filters: Filters, *, page: int, actor: Actor, now: datetime) -> Queue:
    """One page of one part of the queue, and how many stand in each part. Two queries, whatever the data."""
    narrowed = _narrowing(filters)
    return Queue(_counts(session, narrowed, actor, now), _rows(session, tab, narrowed, page, actor, now))


def choices(session: Session) -> dict[str, list[tuple[str, Any]]]:
    """What the list can be narrowed to: (code, name) of parties, cycles that are open or were, and pillars."""
    found: dict[str, list[tuple[str, Any]]] = {"party": [], "cycle": [], "pillar": []}
    kinds = sa.union_all(
        sa.select(
            sa.literal("party").label("kind"),
            ReportingParty.code.label("code"),
            ReportingParty.name.label("name"),
            ReportingParty.id.label("place"),
        ).where(sa.exists().where(Commitment.party_id == ReportingParty.id)),
        sa.select(sa.literal("cycle"), ReportingCycle.code, ReportingCycle.title, -ReportingCycle.id).where(
            ReportingCycle.opened_at.is_not(None)
        ),
        sa.select(sa.literal("pillar"), Classification.code, Classification.name, Classification.position).where(
            Classification.axis == "pillar"
        ),
    ).subquery()
    rows = session.execute(sa.select(kinds.c.kind, kinds.c.code, kinds.c.name).order_by(kinds.c.place))
    for kind, code, name in rows:
        found[kind].append((code, name))
    return found


_reviewer = aliased(User)
_proposer = aliased(User)
_OPEN = (
    ReportState.SUBMITTED,
    ReportState.UNDER_REVIEW,
    ReportState.RATING_PROPOSED,
    ReportState.OPEN_FOR_COMMENT,
)


def _narrowing(filters: Filters) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if filters.party:
        found.append(ReportingParty.code == filters.party)
    if filters.cycle:
        found.append(ReportingCycle.code == filters.cycle)
    if filters.pillar:
        listed = sa.cast(Provision.pillars, sa.Text)
        found.append(listed.contains(f'"{filters.pillar}"', autoescape=True))
    return found


def _in(tab: Tab, actor: Actor, now: datetime) -> sa.ColumnElement[bool]:
    """Which reports stand in this part for this reader. Whose party it is, and who wrote it, is not for him or her."""
    state, me = ProgressReport.state, actor.user_id
    if tab is Tab.WAITING:
        return sa.and_(state == ReportState.SUBMITTED, _not_own(actor))
    if tab is Tab.MINE:
        return sa.and_(state == ReportState.UNDER_REVIEW, ProgressReport.reviewer_id == me)
    proposed_by_me = sa.func.coalesce(Assessment.proposed_by_id, 0) == me
    if tab is Tab.CONFIRM:
        return sa.and_(state == ReportState.RATING_PROPOSED, sa.not_(proposed_by_me), _not_own(actor))
    if tab is Tab.COLLEAGUES:
        return sa.or_(
            sa.and_(state == ReportState.UNDER_REVIEW, sa.func.coalesce(ProgressReport.reviewer_id, 0) != me),
            sa.and_(state == ReportState.RATING_PROPOSED, sa.or_(proposed_by_me, sa.not_(_not_own(actor)))),
            sa.and_(state == ReportState.SUBMITTED, sa.not_(_not_own(actor))),
        )
    if tab is Tab.COMMENT:
        return state == ReportState.OPEN_FOR_COMMENT
    return sa.and_(state == ReportState.PUBLISHED, Assessment.published_at >= now - RECENT)


def _not_own(actor: Actor) -> sa.ColumnElement[bool]:
    """As ``policy._not_author`` says of one report."""
    return sa.and_(
        ProgressReport.party_id != (actor.party_id or 0),
        sa.func.coalesce(ProgressReport.submitted_by_id, 0) != actor.user_id,
        sa.func.coalesce(ProgressReport.edited_by_id, 0) != actor.user_id,
    )


def _joined(columns: Sequence[Any]) -> sa.Select[Any]:
    return (
        sa.select(*columns)
        .select_from(ProgressReport)
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .join(ReportingParty, ReportingParty.id == ProgressReport.party_id)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .outerjoin(Assessment, Assessment.id == ProgressReport.assessment_id)
    )


def _counts(session: Session, narrowed: list[sa.ColumnElement[bool]], actor: Actor, now: datetime) -> dict[Tab, int]:
    """Frozen commitments are read, not worked on: they do not wait for anybody."""
    open_tabs = [t for t in Tab if t is not Tab.PUBLISHED]
    counted = [sa.func.coalesce(sa.func.sum(sa.case((_in(t, actor, now), 1), else_=0)), 0) for t in open_tabs]
    published = _joined([sa.func.count()]).where(_in(Tab.PUBLISHED, actor, now), *narrowed).scalar_subquery()
    row = session.execute(
        _joined([*counted, published]).where(ProgressReport.state.in_(_OPEN), Commitment.frozen_at.is_(None), *narrowed)
    ).one()
    return {tab: int(number) for tab, number in zip([*open_tabs, Tab.PUBLISHED], row, strict=True)}


def _rows(
    session: Session,
    tab: Tab,
    narrowed: list[sa.ColumnElement[bool]],
    page: int,
    actor: Actor,
    now: datetime,
) -> list[Waiting]:
    since = _since(tab)
    order = sa.desc(since) if tab is Tab.PUBLISHED else sa.asc(since)
    columns = (
        ProgressReport.id,
        ProgressReport.state,
        ReportingParty.name,
        Provision.code,
        Provision.title,
        ReportingCycle.code,
        since,
        _reviewer.name,
        _proposer.name,
        Assessment.rating,
        ProgressReport.window_ends_at,
        ReportingParty.time_zone,
        ProgressReport.published_assessment_id,
        ProgressReport.revision_number,
    )
    wanted = (
        _joined(columns)
        .outerjoin(_reviewer, _reviewer.id == ProgressReport.reviewer_id)
        .outerjoin(_proposer, _proposer.id == Assessment.proposed_by_id)
        .where(_in(tab, actor, now), *narrowed)
        .order_by(order, ProgressReport.id)
        .offset((page - 1) * PAGE)
        .limit(PAGE)
    )
    if tab is not Tab.PUBLISHED:
        wanted = wanted.where(Commitment.frozen_at.is_(None))
    return [_line(row, now) for row in session.execute(wanted)]


def _since(tab: Tab) -> Any:
    """The moment from which a report of this part waits."""
    if tab is Tab.CONFIRM:
        return Assessment.proposed_at
    if tab is Tab.COMMENT:
        return Assessment.confirmed_at
    if tab is Tab.PUBLISHED:
        return Assessment.published_at
    return ProgressReport.submitted_at


def _line(row: sa.Row, now: datetime) -> Waiting:
    report_id, state, party, code, title, cycle, since, reviewer, proposer, rating, window, zone, published, number = (
        row
    )
    return Waiting(
        report_id=report_id,
        state=state,
        party=party,
        code=code,
        title=title,
        cycle=cycle,
        since=since,
        days=max((now - since).days, 0) if since else 0,
        reviewer=reviewer,
        proposer=proposer,
        rating=rating,
        comment_until=last_day(window, zone) if window else None,
        is_reopened=published is not None and state is not ReportState.PUBLISHED,
        is_resubmitted=number > 1,
    )
