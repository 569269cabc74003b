"""Which summaries are due at a moment: of everybody or of one person, in as many queries whatever their number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.accreditation import holds
from tracker.domain.deadlines import local_date, local_hour
from tracker.domain.reminders import Reader
from tracker.domain.subscriptions import is_open
from tracker.domain.vocabulary import STAFF_ROLES, MessageState, PartyKind, Role, SummaryRhythm, SummaryScope
from tracker.domain.workflow import Action
from tracker.domain.working_days import WorkCalendar
from tracker.models import (
    Accreditation,
    Assignment,
    Commitment,
    HistoryEntry,
    Message,
    Provision,
    ReportingParty,
    Subscription,
    SummaryEntry,
    User,
)
from tracker.services import holidays
from tracker.services.plain_rows import rows as plain

SETTLED_AFTER = timedelta(minutes=2)
"""Entries younger than this wait for the next summary: one with a lower number may still be on its way."""
RECENT = 1000
PUBLISHED_BY = (Action.COMMENT.value, Action.WAIVE.value, Action.PUBLISH.value)
"""The steps with which a rating is published; everybody may read of them."""
TAKEN = (
    Subscription.rhythm,
    Subscription.scope,
    Subscription.party_ids,
    Subscription.instrument_id,
    Subscription.when_empty,
    Subscription.attach_report,
    Subscription.made_at,
)
"""What a subscription says of itself, as columns of a statement."""


def due(session: Session, now: datetime, user_id: int | None = None) -> list[sa.Row[Any]]:
    """The subscriptions that are due, by id; of one person where ``user_id`` is given.

    Rows of ``_running``. At most six queries.
    """
    found = plain(session, _running(user_id is not None), {"user": user_id}).all()
    free = holidays.calendars(session) if found else {}
    open_now = [row for row in found if _comes_today(row, free, now)]
    published = _published(session, [row for row in open_now if row.rhythm is SummaryRhythm.AT_PUBLICATION], now)
    return [row for row in open_now if row.rhythm is not SummaryRhythm.AT_PUBLICATION or row.id in published]


def settled(session: Session, now: datetime) -> int:
    """The last entry of the history before which none is still on its way.

    Numbers are given when an entry is written and seen when it is committed, not always in the same order.
    """
    recent = (
        sa.select(HistoryEntry.id, HistoryEntry.at).order_by(HistoryEntry.id.desc()).limit(RECENT).subquery("recent")
    )
    newest, first_fresh = session.execute(
        sa.select(
            sa.func.max(recent.c.id),
            sa.func.min(sa.case((recent.c.at > now - SETTLED_AFTER, recent.c.id))),
        )
    ).one()
    return first_fresh - 1 if first_fresh is not None else newest or 0


def has_been_told() -> sa.ColumnElement[bool]:
    """The condition on entries of the ledger that stand: not those in a mail that was withdrawn before it left."""
    withdrawn = sa.exists().where(Message.id == SummaryEntry.message_id, Message.state == MessageState.WITHDRAWN)
    return ~withdrawn


@cache
def _running(of_one: bool) -> sa.Select:
    last = (
        sa.select(
            SummaryEntry.subscription_id,
            sa.func.max(SummaryEntry.period).label("told"),
            sa.func.max(SummaryEntry.last_entry_id).label("last_entry_id"),
        )
        .where(has_been_told())
        .group_by(SummaryEntry.subscription_id)
    )
    if of_one:
        # By subscription: before a handover the ledger names the predecessor.
        own = sa.select(Subscription.id).where(Subscription.user_id == sa.bindparam("user"))
        last = last.where(SummaryEntry.subscription_id.in_(own))
    told = last.subquery("told")
    secretariat = sa.select(ReportingParty.id).where(ReportingParty.kind == PartyKind.GENERAL_SECRETARIAT)
    statement = (
        sa.select(
            Subscription.id,
            Subscription.user_id,
            *TAKEN,
            User.role,
            User.party_id,
            User.organisation_id,
            User.time_zone,
            User.mail_hour,
            User.away_until,
            sa.func.coalesce(
                User.party_id, sa.case((User.role.in_(STAFF_ROLES), secretariat.limit(1).scalar_subquery()))
            ).label("calendar_of"),
            told.c.told,
            told.c.last_entry_id,
        )
        .join(User, User.id == Subscription.user_id)
        .outerjoin(told, told.c.subscription_id == Subscription.id)
        .where(Subscription.ended_at.is_(None), User.active.is_(True), User.bounced_at.is_(None))
        .order_by(Subscription.id)
    )
    return statement.where(Subscription.user_id == sa.bindparam("user")) if of_one else statement


def _comes_today(row: sa.Row[Any], free: dict[int, frozenset[date]], now: datetime) -> bool:
    if not Reader(row.time_zone).has_clock:
        return False
    today = local_date(now, row.time_zone)
    if local_hour(now, row.time_zone) < row.mail_hour or (row.away_until is not None and row.away_until >= today):
        return False
    if not WorkCalendar(free.get(row.calendar_of, frozenset())).is_working_day(today):
        return False
    return is_open(row.rhythm, today, row.told, local_date(row.made_at, row.time_zone))


def _published(session: Session, waiting: Sequence[sa.Row[Any]], now: datetime) -> set[int]:
    """Of those that wait for a publication, the ones in whose scope there was one. At most four queries."""
    if not waiting:
        return set()
    values = {
        "from": min((row.last_entry_id for row in waiting if row.last_entry_id is not None), default=None),
        "since": min((row.made_at for row in waiting if row.last_entry_id is None), default=None),
        "until": settled(session, now),
        "settled": now - SETTLED_AFTER,
    }
    acts = session.execute(_acts(), values).all()
    if not acts:
        return set()
    accredited = _accredited(session, {row.organisation_id for row in waiting if row.role is Role.OBSERVER}, now)
    assigned = _assigned(session, {row.user_id for row in waiting if row.role is Role.CONTRIBUTOR})
    return {
        row.id
        for row in waiting
        if any(_is_new(row, act) and _in_scope(row, act) and _in_reach(row, act, accredited, assigned) for act in acts)
    }


@cache
def _acts() -> sa.Select:
    """Publications by commitment and by who made them: the newest of each."""
    return (
        sa.select(
            HistoryEntry.commitment_id,
            HistoryEntry.party_id,
            HistoryEntry.actor_id,
            Provision.instrument_id,
            sa.func.max(HistoryEntry.id).label("id"),
            sa.func.max(HistoryEntry.at).label("at"),
        )
        .join(Commitment, Commitment.id == HistoryEntry.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .where(
            sa.or_(
                HistoryEntry.id > sa.bindparam("from", type_=sa.Integer),
                HistoryEntry.at > sa.bindparam("since", type_=HistoryEntry.at.type),
            ),
            HistoryEntry.id <= sa.bindparam("until", type_=sa.Integer),
            HistoryEntry.at <= sa.bindparam("settled", type_=HistoryEntry.at.type),
            HistoryEntry.action.in_(PUBLISHED_BY),
        )
        .group_by(HistoryEntry.commitment_id, HistoryEntry.party_id, HistoryEntry.actor_id, Provision.instrument_id)
    )


def _is_new(row: sa.Row[Any], act: sa.Row[Any]) -> bool:
    """Not told yet, and not the reader's own act, which is no news."""
    if act.actor_id == row.user_id:
        return False
    return act.id > row.last_entry_id if row.last_entry_id is not None else act.at > row.made_at


def _in_scope(row: sa.Row[Any], act: sa.Row[Any]) -> bool:
    if row.scope is SummaryScope.STATES:
        return act.party_id in row.party_ids
    return row.scope is not SummaryScope.INSTRUMENT or act.instrument_id == row.instrument_id


def _in_reach(
    row: sa.Row[Any], act: sa.Row[Any], accredited: dict[int, set[int]], assigned: set[tuple[int, int]]
) -> bool:
    """The same as ``standing.within``, of one act."""
    if row.role in STAFF_ROLES:
        return True
    if row.role is Role.OBSERVER:
        return act.party_id in accredited.get(row.organisation_id, ())
    if row.role is Role.CONTRIBUTOR and (row.user_id, act.commitment_id) not in assigned:
        return False
    return act.party_id == row.party_id


def _accredited(session: Session, organisations: set[int | None], now: datetime) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    if not organisations:
        return found
    periods = session.execute(
        sa.select(
            Accreditation.organisation_id,
            Accreditation.party_id,
            Accreditation.starts_on,
            Accreditation.ends_on,
            ReportingParty.time_zone,
        )
        .join(ReportingParty, ReportingParty.id == Accreditation.party_id)
        .where(Accreditation.organisation_id.in_(organisations - {None}))
    )
    for one in periods:
        if holds(one.starts_on, one.ends_on, now, one.time_zone):
            found.setdefault(one.organisation_id, set()).add(one.party_id)
    return found


def _assigned(session: Session, users: set[int]) -> set[tuple[int, int]]:
    if not users:
        return set()
    asked = sa.select(Assignment.user_id, Assignment.commitment_id).where(Assignment.user_id.in_(users)).distinct()
    return {(row.user_id, row.commitment_id) for row in session.execute(asked)}
