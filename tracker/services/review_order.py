"""From one report of the queue to the next: what stands before and after it, and the one to be taken up next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.errors import NotPermitted
from tracker.domain.policy import Actor
from tracker.domain.vocabulary import ReportState, Role
from tracker.models import Commitment, ProgressReport
from tracker.services import records, reviews
from tracker.services.plain_rows import rows as plain
from tracker.services.review_queue import (
    RECENT,
    Filters,
    Tab,
    asked_of,
    joined,
    narrowing,
    since_in,
    stands_in,
    values_of,
)


@dataclass(frozen=True)
class Neighbours:
    """Ids of the reports before and after this one, in the part of the queue where it stands; None at the ends."""

    tab: Tab
    previous: int | None
    next: int | None


def tab_of(report: ProgressReport, actor: Actor, *, now: datetime) -> Tab | None:
    """The part of this person's queue in which the report stands, as ``stands_in`` says it of many; None: in none."""
    assessment = report.assessment
    authors = (report.submitted_by_id, report.edited_by_id)
    own = actor.party_id == report.party_id or actor.user_id in authors
    mine_to_confirm = assessment is None or assessment.proposed_by_id != actor.user_id
    match report.state:
        case ReportState.SUBMITTED:
            return Tab.COLLEAGUES if own else Tab.WAITING
        case ReportState.UNDER_REVIEW:
            return Tab.MINE if report.reviewer_id == actor.user_id else Tab.COLLEAGUES
        case ReportState.RATING_PROPOSED:
            return Tab.CONFIRM if mine_to_confirm and not own else Tab.COLLEAGUES
        case ReportState.OPEN_FOR_COMMENT:
            return Tab.COMMENT
        case ReportState.PUBLISHED:
            published_at = assessment.published_at if assessment else None
            return Tab.PUBLISHED if published_at is not None and published_at >= now - RECENT else None
    return None


def neighbours(
    session: Session, report: ProgressReport, filters: Filters, actor: Actor, *, now: datetime
) -> Neighbours | None:
    """What stands before and after this report in the order of the queue, under these filters. One query."""
    tab = tab_of(report, actor, now=now)
    if tab is None:
        return None
    values = values_of(filters, actor, now) | {"since": _since(report, tab), "id": report.id}
    found = {row.side: row.id for row in plain(session, _beside(tab, asked_of(filters)), values)}
    return Neighbours(tab, found.get("previous"), found.get("next"))


def _since(report: ProgressReport, tab: Tab) -> datetime | None:
    assessment = report.assessment
    if assessment is None or tab not in (Tab.CONFIRM, Tab.COMMENT, Tab.PUBLISHED):
        return report.submitted_at
    moments = {
        Tab.CONFIRM: assessment.proposed_at,
        Tab.COMMENT: assessment.confirmed_at,
        Tab.PUBLISHED: assessment.published_at,
    }
    return moments[tab]


@cache
def _beside(tab: Tab, asked: tuple[str, ...]) -> sa.CompoundSelect:
    since, at = since_in(tab), sa.bindparam("since", type_=since_in(tab).type)
    me = sa.bindparam("id", type_=sa.Integer)
    earlier = sa.or_(since < at, sa.and_(since == at, ProgressReport.id < me))
    later = sa.or_(since > at, sa.and_(since == at, ProgressReport.id > me))
    order: tuple[Any, Any] = (sa.asc(since), sa.desc(since))
    if tab is Tab.PUBLISHED:  # newest first
        earlier = sa.or_(since > at, sa.and_(since == at, ProgressReport.id < me))
        later = sa.or_(since < at, sa.and_(since == at, ProgressReport.id > me))
        order = (order[1], order[0])
    sides = []
    for side, where, by in (
        ("previous", earlier, (order[1], ProgressReport.id.desc())),
        ("next", later, (order[0], ProgressReport.id.asc())),
    ):
        one = (
            joined([ProgressReport.id], asked, recent=tab is Tab.PUBLISHED)
            .where(stands_in(tab), where, *narrowing(asked))
            .order_by(*by)
            .limit(1)
        )
        if tab is not Tab.PUBLISHED:
            one = one.where(Commitment.is_followed)
        found = one.subquery()
        sides.append(sa.select(sa.literal(side).label("side"), found.c.id))
    return sa.union_all(*sides)


def claim_next(session: Session, filters: Filters, *, actor: Actor, now: datetime) -> ProgressReport | None:
    """Take up what waits longest, under these filters; None where nothing waits for this person.

    Two reviewers at once get different reports: the row is locked and locked ones are passed over (PostgreSQL);
    writers wait for each other anyway (SQLite, ``db.transaction``).
    """
    if actor.role is not Role.REVIEWER:
        raise NotPermitted("claim_next")
    statement = _longest_waiting(asked_of(filters))
    report_id = session.scalars(statement, values_of(filters, actor, now)).one_or_none()
    report = records.report(session, report_id) if report_id is not None else None
    if report is None:
        return None
    reviews.take_up(session, report, seen_version=report.version, actor=actor, now=now)
    return report


@cache
def _longest_waiting(asked: tuple[str, ...]) -> sa.Select:
    return (
        joined([ProgressReport.id], asked)
        .where(stands_in(Tab.WAITING), Commitment.is_followed, *narrowing(asked))
        .order_by(since_in(Tab.WAITING), ProgressReport.id)
        .limit(1)
        .with_for_update(of=ProgressReport, skip_locked=True)
    )
