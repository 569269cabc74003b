"""Summaries: on Mondays each reader is told what waits, and what changed since the last one; silent when nothing did.

How far each reader has been told stands in the ledger (``SummaryEntry``), by entry of the history, so that two
summaries never repeat a line and an outage of any length brings one. What is told is what the reader may see.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.deadlines import local_date, local_hour
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.reminders import EARLIEST_HOUR
from tracker.mail import links, outbox
from tracker.mail.messages.summaries import STEPS, ChangedItem, Counted, Week, summary
from tracker.models import (
    Commitment,
    HistoryEntry,
    Message,
    ProgressReport,
    Provision,
    ReportingCycle,
    ReportingParty,
    Subscription,
    SummaryEntry,
    User,
)
from tracker.services import audit_seal, cycles, summary_waiting
from tracker.services.history import visible_to
from tracker.services.recipients import as_actor
from tracker.services.standing import reach_of, reach_values, within
from tracker.wording import pick

KIND = "summary"
SHOWN = 40
"""Changed commitments that are listed; the others are counted."""
MOST_ENTRIES = 2000
FIRST_LOOKS_BACK = timedelta(days=7)
SETTLED_AFTER = timedelta(minutes=2)
"""Entries younger than this wait for the next summary: one with a lower number may still be on its way."""
RECENT = 1000


def readers(session: Session) -> list[int]:
    """Everybody who takes the summary, by id."""
    return list(
        session.scalars(
            sa.select(User.id)
            .where(
                User.active.is_(True),
                sa.exists().where(Subscription.user_id == User.id, Subscription.ended_at.is_(None)),
            )
            .order_by(User.id)
        )
    )


def is_due(session: Session, user_id: int, *, now: datetime) -> bool:
    """Whether this week's summary of this person is still to be looked at. Writes nothing."""
    user = session.get_one(User, user_id)
    return _is_due(session, user, now)


def summarize(session: Session, user_id: int, *, now: datetime) -> Message | None:
    """Put this week's summary for this person, and write down how far it told; None where nothing is sent.

    Who has never had one begins now: on a Monday with the week before, on another day with nothing.
    """
    user = session.get_one(User, user_id)
    if not _is_due(session, user, now):
        return None
    week = _monday(user, now)
    before = session.scalars(
        sa.select(SummaryEntry).where(SummaryEntry.user_id == user.id).order_by(SummaryEntry.id.desc()).limit(1)
    ).one_or_none()
    until = _settled(session, now)
    entry = SummaryEntry(
        user_id=user.id,
        period=week,
        subscription_id=session.scalars(sa.select(Subscription.id).where(Subscription.user_id == user.id)).first(),
        at=now,
        last_entry_id=max(until, before.last_entry_id if before else 0),
        message_id=None,
    )
    session.add(entry)
    session.flush()
    actor = as_actor(session, user, now=now)
    if before is not None:
        unseen = HistoryEntry.id > before.last_entry_id
    elif local_date(now, user.time_zone) == week:
        unseen = HistoryEntry.at > max(user.created_at, now - FIRST_LOOKS_BACK)
    else:
        return None
    changed, further = _changed(session, actor, sa.and_(unseen, HistoryEntry.id <= until), now)
    if not changed:
        return None
    site = links.site(session)
    waiting, zone = summary_waiting.for_reader(session, actor, site, now=now)
    message = outbox.put(
        session,
        key=f"{KIND}:{user.id}:{week}",
        kind=KIND,
        recipient_id=user.id,
        to_address=user.email,
        message=summary(
            user.name,
            user.language,
            Week(
                waiting=waiting,
                changed=tuple(changed),
                further=further,
                counted=_counted(session, actor),
                several_parties=actor.party_id is None,
                time_zone=zone if waiting else "",
                trail=_trail(session, actor),
            ),
            dashboard_url=site.dashboard,
            account_url=site.account,
        ),
        now=now,
    )
    entry.message_id = message.id if message else None
    session.flush()
    return message


def _trail(session: Session, actor: Actor) -> tuple[int, str] | None:
    """The end of the audit trail, for who may read it."""
    if not can(actor, Permission.AUDIT_VIEW):
        return None
    last = audit_seal.last(session)
    return last.number, last.sha256


def _is_due(session: Session, user: User, now: datetime) -> bool:
    if not user.active:
        return False
    week = _monday(user, now)
    if local_date(now, user.time_zone) == week and local_hour(now, user.time_zone) < EARLIEST_HOUR:
        return False
    done = sa.exists().where(SummaryEntry.user_id == user.id, SummaryEntry.period >= week)
    return not session.scalar(sa.select(done))


def _monday(user: User, now: datetime) -> date:
    """The Monday of this week on the reader's calendar."""
    today = local_date(now, user.time_zone)
    return today - timedelta(days=today.weekday())


def _settled(session: Session, now: datetime) -> int:
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
    if first_fresh is not None:
        return first_fresh - 1
    return newest or 0


@dataclass
class _Commitment:
    party: str
    text: str
    steps: list[tuple[str, date]]


def _changed(
    session: Session, actor: Actor, unseen: sa.ColumnElement[bool], now: datetime
) -> tuple[list[ChangedItem], int]:
    """The commitments to which something happened, by party and catalogue, and how many more there are.

    What the reader did is no news, nor are the entries that open the follow-up of a commitment.
    """
    rows = session.execute(
        sa.select(
            HistoryEntry.commitment_id,
            HistoryEntry.action,
            HistoryEntry.at,
            ReportingParty.name.label("party"),
            Provision.code,
            Provision.title,
        )
        .join(Commitment, Commitment.id == HistoryEntry.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .join(ReportingParty, ReportingParty.id == HistoryEntry.party_id)
        .where(
            unseen,
            HistoryEntry.at <= now - SETTLED_AFTER,
            HistoryEntry.action.in_(list(STEPS)),
            sa.func.coalesce(HistoryEntry.actor_id, 0) != actor.user_id,
            visible_to(actor),
            within(reach_of(actor)),
        )
        .order_by(ReportingParty.code, Provision.position, HistoryEntry.id)
        .limit(MOST_ENTRIES),
        reach_values(actor),
    )
    found: dict[int, _Commitment] = {}
    for row in rows:
        one = found.setdefault(
            row.commitment_id,
            _Commitment(pick(row.party, actor.language), f"{row.code} {pick(row.title, actor.language)}", []),
        )
        one.steps.append((row.action, local_date(row.at, actor.time_zone)))
    site = links.site(session)
    listed = [
        ChangedItem(one.party, one.text, site.commitment(commitment_id), tuple(one.steps))
        for commitment_id, one in list(found.items())[:SHOWN]
    ]
    return listed, len(found) - len(listed)


def _counted(session: Session, actor: Actor) -> Counted | None:
    cycle = cycles.current(session)
    if cycle is None:
        return None
    row = session.execute(
        sa.select(
            sa.func.count().label("owed"),
            sa.func.count(ProgressReport.first_submitted_at).label("reported"),
            sa.func.count(sa.case((ProgressReport.on_time.is_(True), 1))).label("on_time"),
            sa.func.count(ProgressReport.published_assessment_id).label("rated"),
        )
        .select_from(ProgressReport)
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .where(ProgressReport.cycle_id == cycle.id, within(reach_of(actor))),
        reach_values(actor),
    ).one()
    return Counted(pick(cycle.title, actor.language), row.owed, row.reported, row.on_time, row.rated)
