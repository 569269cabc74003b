"""Subscriptions to summaries: make, change, stop, list. Each person decides about his or her own; nobody else does.

What a subscription tells is looked up anew at each sending (``services.summaries``): it never shows more than its
reader may open then, whatever was chosen once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.deadlines import local_date
from tracker.domain.errors import NotVisible, Stale, Unmet
from tracker.domain.policy import Actor
from tracker.domain.subscriptions import MOST, MOST_REPORTS, meant, next_day, scopes
from tracker.domain.vocabulary import PartyKind, SummaryRhythm, SummaryScope
from tracker.domain.working_days import WorkCalendar
from tracker.models import ReportingParty, Subscription, SummaryEntry, User
from tracker.services import audit, holidays, subscription_scope
from tracker.services.plain_rows import rows
from tracker.services.records import LARGEST_ID
from tracker.services.summary_due import TAKEN, has_been_told

TOO_MANY = "too_many"
EQUAL = "equal"
NO_STATE = "no_state"
TOO_MANY_STATES = "too_many_states"


@dataclass(frozen=True)
class Wanted:
    """What a person chooses. ``states`` and ``instrument`` are codes; they count where the scope asks for them."""

    rhythm: SummaryRhythm
    scope: SummaryScope
    states: tuple[str, ...] = ()
    instrument: str = ""
    when_empty: bool = False
    attach_report: bool = False


@dataclass(frozen=True)
class Line:
    """A running subscription as its owner reads it."""

    id: int
    version: int
    rhythm: SummaryRhythm
    about: str
    when_empty: bool
    attach_report: bool
    next_on: date | None
    """The next day on which it is due; None at publication."""
    last_at: datetime | None
    """When a mail told of it last."""


def listing(session: Session, actor: Actor, *, now: datetime) -> list[Line]:
    """The person's running subscriptions, in the order in which they were made. Six queries."""
    found = rows(session, _own(), {"user": actor.user_id}).all()
    if not found:
        return []
    known = subscription_scope.names(session, found, actor)
    calendar = _calendar(session, actor)
    today = local_date(now, actor.time_zone)
    return [
        Line(
            id=row.id,
            version=row.version,
            rhythm=row.rhythm,
            about=subscription_scope.about(row, actor, known),
            when_empty=row.when_empty,
            attach_report=row.attach_report and bool(_may_come_along(row.scope, row.party_ids, actor)),
            next_on=next_day(row.rhythm, today, row.told, local_date(row.made_at, actor.time_zone), calendar),
            last_at=row.last_at,
        )
        for row in found
    ]


def get(session: Session, subscription_id: int, *, actor: Actor) -> Subscription:
    """A running subscription of this person. Raises NotVisible for any other, also to administrators."""
    if not 0 < subscription_id <= LARGEST_ID:
        raise NotVisible
    found = session.get(Subscription, subscription_id, populate_existing=True)
    if found is None or found.user_id != actor.user_id or found.ended_at is not None:
        raise NotVisible
    return found


def chosen(session: Session, one: Subscription, *, actor: Actor) -> Wanted:
    """What is stored, by the codes that a form shows."""
    offered = {row.id: row.code for row in subscription_scope.states(session, actor)}
    named = {row.id: row.code for row in subscription_scope.instruments(session)}
    return Wanted(
        rhythm=one.rhythm,
        scope=meant(actor.role, one.scope),
        states=tuple(offered[number] for number in one.party_ids if number in offered),
        instrument=named.get(one.instrument_id or 0, ""),
        when_empty=one.when_empty,
        attach_report=one.attach_report,
    )


def make(session: Session, wanted: Wanted, *, actor: Actor, now: datetime) -> Subscription:
    """Take a summary. Raises Unmet(rhythm=…, scope=…, states=…, instrument=…, attach_report=…)."""
    others = _lock(session, actor.user_id)
    if len(others) >= MOST:
        raise Unmet(subscription=TOO_MANY)
    values = _checked(session, wanted, others, actor)
    one = Subscription(user_id=actor.user_id, made_at=now, **values)
    session.add(one)
    session.flush()
    _record(session, "subscription.make", one, actor=actor, now=now, new=_traced(values))
    return one


def change(
    session: Session, subscription_id: int, wanted: Wanted, *, seen_version: int, actor: Actor, now: datetime
) -> None:
    """Change a subscription; its ledger goes on. The same choices sent again are none.

    Raises NotVisible, Unmet as ``make`` does, and Stale, with what is stored, where another window changed it first.
    """
    others = _lock(session, actor.user_id)
    one = get(session, subscription_id, actor=actor)
    values = _checked(session, wanted, [other for other in others if other.id != one.id], actor)
    old = {name: getattr(one, name) for name in values}
    if {**old, "scope": meant(actor.role, one.scope)} == values:
        return
    if one.version != seen_version:
        raise Stale(theirs=chosen(session, one, actor=actor), yours=wanted)
    for name, value in values.items():
        setattr(one, name, value)
    session.flush()
    differing = [name for name in values if values[name] != old[name]]
    _record(
        session,
        "subscription.change",
        one,
        actor=actor,
        now=now,
        old=_traced({name: old[name] for name in differing}),
        new=_traced({name: values[name] for name in differing}),
    )


def stop(session: Session, subscription_id: int, *, actor: Actor | None, now: datetime) -> None:
    """End a subscription. ``actor`` None: by the one-click address, whose key was looked at already.

    The second time does nothing. Raises NotVisible for somebody else's.
    """
    one = session.get(Subscription, subscription_id) if 0 < subscription_id <= LARGEST_ID else None
    if one is None or (actor is not None and one.user_id != actor.user_id):
        raise NotVisible
    _lock(session, one.user_id)
    session.refresh(one)
    if one.ended_at is not None:
        return
    one.ended_at = now
    session.flush()
    _record(session, "subscription.stop", one, actor=actor, now=now)


def resume(session: Session, subscription_id: int, *, now: datetime) -> None:
    """Take a ``stop`` by the one-click address back; its ledger goes on.

    Nothing happens where the person took an equal one meanwhile, or has ``MOST`` already. Raises NotVisible.
    """
    one = session.get(Subscription, subscription_id) if 0 < subscription_id <= LARGEST_ID else None
    if one is None:
        raise NotVisible
    running = _lock(session, one.user_id)
    if one.ended_at is None or len(running) >= MOST or any(_same(one, other) for other in running):
        return
    one.ended_at = None
    session.flush()
    _record(session, "subscription.resume", one, actor=None, now=now)


def hand_over(session: Session, user: User, other: User, *, actor: Actor, now: datetime) -> int:
    """Give the running subscriptions of a person to the successor; the number that moved.

    What the successor takes already, and what would be more than ``MOST``, ends.
    """
    theirs = _running(session, other.id)
    moved = 0
    for one in _running(session, user.id):
        if len(theirs) >= MOST or any(_same(one, another) for another in theirs):
            one.ended_at = now
            _record(session, "subscription.stop", one, actor=actor, now=now)
            continue
        one.user_id = other.id
        theirs.append(one)
        moved += 1
        change = {"old": {"user_id": user.id}, "new": {"user_id": other.id}}
        _record(session, "subscription.change", one, actor=actor, now=now, **change)
    session.flush()
    return moved


@cache
def _own() -> sa.Select:
    of_it = SummaryEntry.subscription_id == Subscription.id
    told = sa.select(sa.func.max(SummaryEntry.period)).where(of_it, has_been_told())
    last = sa.select(sa.func.max(SummaryEntry.at)).where(of_it, SummaryEntry.message_id.is_not(None), has_been_told())
    return (
        sa.select(
            Subscription.id,
            Subscription.version,
            *TAKEN,
            told.scalar_subquery().label("told"),
            last.scalar_subquery().label("last_at"),
        )
        .where(Subscription.user_id == sa.bindparam("user"), Subscription.ended_at.is_(None))
        .order_by(Subscription.id)
    )


def _calendar(session: Session, actor: Actor) -> WorkCalendar:
    party_id = actor.party_id
    if actor.is_staff:
        party_id = session.scalar(
            sa.select(ReportingParty.id).where(ReportingParty.kind == PartyKind.GENERAL_SECRETARIAT).limit(1)
        )
    return WorkCalendar(holidays.calendars(session).get(party_id or 0, frozenset()))


def _lock(session: Session, user_id: int) -> list[Subscription]:
    """The running ones, after whoever else is changing them has done: two windows never make two equal ones."""
    session.execute(sa.select(User.id).where(User.id == user_id).with_for_update())
    return _running(session, user_id)


def _running(session: Session, user_id: int) -> list[Subscription]:
    return list(
        session.scalars(
            sa.select(Subscription)
            .where(Subscription.user_id == user_id, Subscription.ended_at.is_(None))
            .order_by(Subscription.id)
            .execution_options(populate_existing=True)
        )
    )


def _checked(session: Session, wanted: Wanted, others: list[Subscription], actor: Actor) -> dict[str, Any]:
    """The columns as they are to be stored. What the scope does not ask for counts for nothing."""
    scope = meant(actor.role, wanted.scope)
    if scope not in scopes(actor.role):
        raise Unmet(scope="unknown")
    party_ids = _states(session, wanted.states, actor) if scope is SummaryScope.STATES else []
    instrument_id = _instrument(session, wanted.instrument) if scope is SummaryScope.INSTRUMENT else None
    if wanted.attach_report:
        states = _may_come_along(scope, party_ids, actor)
        if not states:
            raise Unmet(attach_report=NO_STATE)
        if len(states) > MOST_REPORTS:
            raise Unmet(attach_report=TOO_MANY_STATES)
    values = {
        "rhythm": wanted.rhythm,
        "scope": scope,
        "party_ids": party_ids,
        "instrument_id": instrument_id,
        "when_empty": wanted.when_empty and wanted.rhythm is not SummaryRhythm.AT_PUBLICATION,
        "attach_report": wanted.attach_report,
    }
    same = wanted.rhythm, scope, party_ids, instrument_id
    if any(same == (o.rhythm, meant(actor.role, o.scope), sorted(o.party_ids), o.instrument_id) for o in others):
        raise Unmet(scope=EQUAL)
    return values


def _may_come_along(scope: SummaryScope, party_ids: list[int], actor: Actor) -> frozenset[int]:
    return subscription_scope.reported_states(scope, party_ids, actor)


def _states(session: Session, codes: tuple[str, ...], actor: Actor) -> list[int]:
    if not codes:
        raise Unmet(states="required")
    offered = {row.code: row.id for row in subscription_scope.states(session, actor)}
    if not offered.keys() >= set(codes):
        raise Unmet(states="unknown")
    return sorted(offered[code] for code in set(codes))


def _instrument(session: Session, code: str) -> int:
    if not code:
        raise Unmet(instrument="required")
    found = next((row.id for row in subscription_scope.instruments(session) if row.code == code), None)
    if found is None:
        raise Unmet(instrument="unknown")
    return int(found)


def _same(one: Subscription, other: Subscription) -> bool:
    return (one.rhythm, one.scope, sorted(one.party_ids), one.instrument_id) == (
        other.rhythm,
        other.scope,
        sorted(other.party_ids),
        other.instrument_id,
    )


def _traced(values: dict[str, Any]) -> dict[str, Any]:
    return dict(sorted(values.items()))


def _record(
    session: Session,
    event: str,
    one: Subscription,
    *,
    actor: Actor | None,
    now: datetime,
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
) -> None:
    owner = session.get_one(User, one.user_id)
    audit.record(
        session,
        event,
        now=now,
        actor=actor,
        party_id=owner.party_id,
        internal=False if owner.party_id is not None else None,
        about=("subscription", one.id),
        old=old,
        new=new,
    )
