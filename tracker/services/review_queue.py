"""The reviewers' queue: what waits for the Secretariat, longest first. Lists read columns, a page at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from tracker.domain.deadlines import last_day
from tracker.domain.policy import Actor
from tracker.domain.vocabulary import CommentOutcome, ReportState
from tracker.models import (
    Assessment,
    Classification,
    Commitment,
    ProgressReport,
    Provision,
    Question,
    ReportingCycle,
    ReportingParty,
    User,
)
from tracker.services.plain_rows import rows as plain

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


class Only(StrEnum):
    """What the list may be narrowed to beside State, pillar and cycle."""

    OPEN = "open"
    """With a question that waits for the State."""
    ANSWERED = "answered"
    """All questions answered: there is something new to read."""
    RESUBMITTED = "resubmitted"
    MINE = "mine"
    """Reviewed by this reader, wherever it stands now."""


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; empty: everything."""

    party: str = ""
    """The party's code, in capitals."""
    pillar: str = ""
    cycle: str = ""
    only: str = ""
    """A value of ``Only``."""


@dataclass(frozen=True)
class Waiting:
    """A line of the queue. ``days`` is how many whole days it waits (or has been public)."""

    report_id: int
    version: int
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
    open_questions: int
    answered_questions: int
    has_comment: bool
    """Whether the State's comment stands beside the rating."""


@dataclass(frozen=True)
class Queue:
    counts: dict[Tab, int]
    rows: list[Waiting]


def queue(session: Session, tab: Tab, filters: Filters, *, page: int, actor: Actor, now: datetime) -> Queue:
    """One page of one part of the queue, and how many stand in each part. Two queries, whatever the data."""
    asked = asked_of(filters)
    values = values_of(filters, actor, now) | {"offset": (page - 1) * PAGE}
    counted = plain(session, _counts(asked), values).one()
    listed = plain(session, _rows(tab, asked), values).all()
    counts = {tab: int(number) for tab, number in zip([*_OPEN_TABS, Tab.PUBLISHED], counted, strict=True)}
    return Queue(counts, [_line(row, now) for row in listed])


def asked_of(filters: Filters) -> tuple[str, ...]:
    """Names of the conditions in use: statements are kept by them."""
    asked = tuple(name for name in ("party", "cycle", "pillar") if getattr(filters, name))
    return (*asked, filters.only) if filters.only in set(Only) else asked


def values_of(filters: Filters, actor: Actor, now: datetime) -> dict[str, Any]:
    """What the conditions of the queue are bound to."""
    return {
        "me": actor.user_id,
        "own": actor.party_id or 0,
        "recent": now - RECENT,
        "party": filters.party,
        "cycle": filters.cycle,
        "pillar": f'"{_literally(filters.pillar)}"',
    }


def choices(session: Session) -> dict[str, list[tuple[str, Any]]]:
    """What the list can be narrowed to: (code, name) of parties, cycles that are open or were, and pillars."""
    found: dict[str, list[tuple[str, Any]]] = {"party": [], "cycle": [], "pillar": []}
    for kind, code, name in plain(session, _choices()):
        found[kind].append((code, name))
    return found


# Statements are put together once per process: that costs more than asking the database.
@cache
def _choices() -> sa.Select[Any]:
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
    return sa.select(kinds.c.kind, kinds.c.code, kinds.c.name).order_by(kinds.c.place)


_reviewer = aliased(User)
_proposer = aliased(User)
_OPEN = (
    ReportState.SUBMITTED,
    ReportState.UNDER_REVIEW,
    ReportState.RATING_PROPOSED,
    ReportState.OPEN_FOR_COMMENT,
)


_OPEN_TABS = [tab for tab in Tab if tab is not Tab.PUBLISHED]
_ME = sa.bindparam("me", type_=sa.Integer)


def narrowing(asked: tuple[str, ...]) -> list[sa.ColumnElement[bool]]:
    """The conditions of the filters named; their values come with the others."""
    conditions: dict[str, sa.ColumnElement[bool]] = {
        "party": ReportingParty.code == sa.bindparam("party"),
        "cycle": ReportingCycle.code == sa.bindparam("cycle"),
        "pillar": sa.cast(Provision.pillars, sa.Text).contains(sa.bindparam("pillar"), escape="/"),
        Only.OPEN.value: _questions(answered=False).exists(),
        Only.ANSWERED.value: sa.and_(_questions(answered=True).exists(), ~_questions(answered=False).exists()),
        Only.RESUBMITTED.value: ProgressReport.revision_number > 1,
        Only.MINE.value: sa.func.coalesce(ProgressReport.reviewer_id, 0) == _ME,
    }
    return [conditions[name] for name in asked]


def _questions(*, answered: bool) -> sa.Select:
    """The questions about the report of the row around it."""
    is_answered = Question.answered_at.is_not(None) if answered else Question.answered_at.is_(None)
    return (
        sa.select(Question.id)
        .where(Question.report_id == ProgressReport.id, Question.withdrawn_at.is_(None), is_answered)
        .correlate(ProgressReport)
    )


def _how_many(*, answered: bool) -> Any:
    return _questions(answered=answered).with_only_columns(sa.func.count()).scalar_subquery()


def _literally(text: str) -> str:
    """For LIKE: what the reader typed stands for itself."""
    return text.replace("/", "//").replace("%", "/%").replace("_", "/_")


def stands_in(tab: Tab) -> sa.ColumnElement[bool]:
    """Which reports stand in this part for this reader. Whose party it is, and who wrote it, is not for him or her."""
    state = ProgressReport.state
    if tab is Tab.WAITING:
        return sa.and_(state == ReportState.SUBMITTED, _not_own())
    if tab is Tab.MINE:
        return sa.and_(state == ReportState.UNDER_REVIEW, sa.func.coalesce(ProgressReport.reviewer_id, 0) == _ME)
    proposed_by_me = sa.func.coalesce(Assessment.proposed_by_id, 0) == _ME
    if tab is Tab.CONFIRM:
        return sa.and_(state == ReportState.RATING_PROPOSED, sa.not_(proposed_by_me), _not_own())
    if tab is Tab.COLLEAGUES:
        return sa.or_(
            sa.and_(state == ReportState.UNDER_REVIEW, sa.func.coalesce(ProgressReport.reviewer_id, 0) != _ME),
            sa.and_(state == ReportState.RATING_PROPOSED, sa.or_(proposed_by_me, sa.not_(_not_own()))),
            sa.and_(state == ReportState.SUBMITTED, sa.not_(_not_own())),
        )
    if tab is Tab.COMMENT:
        return state == ReportState.OPEN_FOR_COMMENT
    # Nearly all reports are published some day, and a reviewer has read thousands: what is recent is found by its
    # moment. Wrapped in functions, these conditions do not tempt a planner without statistics (SQLite) to begin there.
    return sa.and_(
        sa.func.coalesce(state, "") == ReportState.PUBLISHED,
        Assessment.report_id == ProgressReport.id,
        Assessment.published_at >= sa.bindparam("recent"),
    )


def _not_own() -> sa.ColumnElement[bool]:
    """As ``policy._not_author`` says of one report."""
    return sa.and_(
        ProgressReport.party_id != sa.bindparam("own", type_=sa.Integer),
        sa.func.coalesce(ProgressReport.submitted_by_id, 0) != _ME,
        sa.func.coalesce(ProgressReport.edited_by_id, 0) != _ME,
    )


def joined(columns: Sequence[Any], needed: Iterable[str], *, recent: bool = False) -> sa.Select[Any]:
    """Reports with their commitment and newest assessment, and what of "party", "cycle" and "provision" is needed."""
    found = (
        sa.select(*columns).select_from(ProgressReport).join(Commitment, Commitment.id == ProgressReport.commitment_id)
    )
    newest = Assessment.id == ProgressReport.assessment_id
    found = found.join(Assessment, newest) if recent else found.outerjoin(Assessment, newest)
    if "provision" in needed or "pillar" in needed:
        found = found.join(Provision, Provision.id == Commitment.provision_id)
    if "party" in needed:
        found = found.join(ReportingParty, ReportingParty.id == ProgressReport.party_id)
    if "cycle" in needed:
        found = found.join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
    return found


@cache
def _counts(asked: tuple[str, ...]) -> sa.Select[Any]:
    """Frozen and closed commitments are read, not worked on: they do not wait for anybody."""
    narrowed = narrowing(asked)
    counted = [sa.func.coalesce(sa.func.sum(sa.case((stands_in(t), 1), else_=0)), 0) for t in _OPEN_TABS]
    published = (
        joined([sa.func.count()], asked, recent=True).where(stands_in(Tab.PUBLISHED), *narrowed).scalar_subquery()
    )
    return joined([*counted, published], asked).where(
        ProgressReport.state.in_(_OPEN), Commitment.is_followed, *narrowed
    )


@cache
def _rows(tab: Tab, asked: tuple[str, ...]) -> sa.Select[Any]:
    since = since_in(tab)
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
        ProgressReport.version,
        _how_many(answered=False),
        _how_many(answered=True),
        Assessment.comment_outcome,
    )
    wanted = (
        joined(columns, ("provision", "party", "cycle"), recent=tab is Tab.PUBLISHED)
        .outerjoin(_reviewer, _reviewer.id == ProgressReport.reviewer_id)
        .outerjoin(_proposer, _proposer.id == Assessment.proposed_by_id)
        .where(stands_in(tab), *narrowing(asked))
        .order_by(order, ProgressReport.id)
        .offset(sa.bindparam("offset", type_=sa.Integer))
        .limit(PAGE)
    )
    if tab is not Tab.PUBLISHED:
        wanted = wanted.where(Commitment.is_followed)
    return wanted


def since_in(tab: Tab) -> Any:
    """The moment from which a report of this part waits."""
    if tab is Tab.CONFIRM:
        return Assessment.proposed_at
    if tab is Tab.COMMENT:
        return Assessment.confirmed_at
    if tab is Tab.PUBLISHED:
        return Assessment.published_at
    return ProgressReport.submitted_at


def _line(row: sa.Row, now: datetime) -> Waiting:
    report_id, state, party, code, title, cycle, since, reviewer, proposer, rating, *others = row
    window, zone, published, number, version, unanswered, answered, outcome = others
    return Waiting(
        report_id=report_id,
        version=version,
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
        open_questions=unanswered,
        answered_questions=answered,
        has_comment=outcome == CommentOutcome.COMMENTED,
    )
