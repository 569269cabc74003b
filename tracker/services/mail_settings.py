"""How often a person is told: the hour, the two rhythms, away until a day; changed on the site or with one click.

Duties are not switched off anywhere here: only their rhythm changes (docs/mail.md). The one-click addresses carry a
key of the person's that opens nothing; whoever has it can make mail rarer, and take that back (RFC 8058).
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.deadlines import local_date
from tracker.domain.errors import NotVisible, Stale, Unmet
from tracker.domain.policy import Actor
from tracker.domain.vocabulary import MessageState, NoticeRhythm, ReminderRhythm, Role
from tracker.models import Message, Subscription, User
from tracker.services import accounts, audit, subscriptions
from tracker.services.records import LARGEST_ID

HOURS = range(5, 21)
"""The hours of the day from which mail may leave, by the person's own clock."""
LONGEST_ABSENCE = timedelta(days=60)
NEEDS_ANOTHER = frozenset(
    {Role.FOCAL_POINT, Role.CONTRIBUTOR, Role.APPROVER, Role.SECRETARIAT_REPORTER, Role.ADMINISTRATOR}
)
"""Who has duties with dates, so that somebody else in the same role must be reachable meanwhile."""
UNDO_WITHIN = timedelta(days=30)
"""So long a summary that was ended with one click begins again with one."""


def stored(session: Session, user_id: int, *, now: datetime) -> dict[str, Any]:
    """The person's choices as a form shows them; an absence that is over counts as none."""
    return _choices(session.get_one(User, user_id), now=now)


def _choices(user: User, *, now: datetime) -> dict[str, Any]:
    away = user.away_until
    if away is not None and away < local_date(now, user.time_zone):
        away = None
    return {
        "mail_hour": str(user.mail_hour),
        "reminder_rhythm": user.reminder_rhythm.value,
        "notice_rhythm": user.notice_rhythm.value,
        "away_until": away.isoformat() if away else "",
    }


def change(
    session: Session,
    *,
    mail_hour: int,
    reminder_rhythm: ReminderRhythm,
    notice_rhythm: NoticeRhythm,
    away_until: date | None,
    seen: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep the person's own choices. ``seen`` is the ``accounts.mark`` of what the form showed.

    Raises Unmet(mail_hour="hour"), Unmet(away_until="past" | "too_long" | "nobody_else"), and Stale, with what is
    stored, where another window or a one-click address changed any of it since.
    """
    user = _locked(session, actor.user_id)
    old = _choices(user, now=now)
    new = {
        "mail_hour": str(mail_hour),
        "reminder_rhythm": reminder_rhythm.value,
        "notice_rhythm": notice_rhythm.value,
        "away_until": away_until.isoformat() if away_until else "",
    }
    changed = sorted(name for name in new if new[name] != old[name])
    if not changed:
        return
    if seen != accounts.mark(old):
        raise Stale(theirs=old, yours=new)
    if "mail_hour" in changed and mail_hour not in HOURS:
        raise Unmet(mail_hour="hour")
    if "away_until" in changed and away_until is not None:
        _may_be_away(session, user, away_until, now=now)
    before = {name: getattr(user, name) for name in changed}
    user.mail_hour = mail_hour
    user.reminder_rhythm = reminder_rhythm
    user.notice_rhythm = notice_rhythm
    user.away_until = away_until
    audit.record(
        session,
        "mail_settings.changed",
        now=now,
        actor=actor,
        about=("user", user.id),
        old=before,
        new={name: getattr(user, name) for name in changed},
    )


def _locked(session: Session, user_id: int) -> User:
    """The person's row, after everybody of the same party and role was locked: two who want to be away at the same
    time must see each other."""
    user = session.get_one(User, user_id)
    session.execute(sa.select(User.id).where(*_colleagues(user)).order_by(User.id).with_for_update())
    session.refresh(user)
    return user


def _colleagues(user: User) -> tuple[sa.ColumnElement[bool], ...]:
    """The people of the same role in the same party; of staff, of the same role."""
    same_party = User.party_id.is_(None) if user.party_id is None else User.party_id == user.party_id
    return (User.role == user.role, same_party)


def _may_be_away(session: Session, user: User, until: date, *, now: datetime) -> None:
    today = local_date(now, user.time_zone)
    if until < today:
        raise Unmet(away_until="past")
    if until > today + LONGEST_ABSENCE:
        raise Unmet(away_until="too_long")
    if user.role in NEEDS_ANOTHER and not _somebody_else(session, user, today):
        raise Unmet(away_until="nobody_else")


def _somebody_else(session: Session, user: User, today: date) -> bool:
    """Whether another person of this role and party can be reached and is there all the time: an account in use, an
    address that takes mail, and no absence of his or her own now."""
    others = sa.select(User.id).where(
        *_colleagues(user),
        User.id != user.id,
        User.active.is_(True),
        User.password.is_not(None),
        User.bounced_at.is_(None),
        sa.or_(User.away_until.is_(None), User.away_until < today),
    )
    return session.scalar(others.limit(1)) is not None


class What(StrEnum):
    """What one click makes rarer."""

    REMINDERS = "reminders"
    NOTICES = "notices"
    SUMMARY = "summary"


@dataclass(frozen=True)
class Switch:
    """What a one-click address is about, and how it stands. No person is named."""

    what: What
    user_id: int
    party_id: int | None
    subscription_id: int | None
    is_off: bool
    """It is as rare as one click makes it."""
    can_undo: bool


_WHAT = re.compile(r"(reminders|notices)|summary-([1-9][0-9]{0,17})", re.ASCII)


def switch(session: Session, mail_key: str, what: str, *, now: datetime) -> Switch:
    """What the address is about. Raises NotVisible where key or subscription is not (or no longer) known.

    One statement, whatever is wrong with the address: an unknown key and a foreign subscription take the same time.
    """
    found = _WHAT.fullmatch(what)
    number = min(int(found[2]), LARGEST_ID) if found and found[2] else 0
    row = session.execute(
        sa.select(
            User.id,
            User.party_id,
            User.reminder_rhythm,
            User.notice_rhythm,
            Subscription.id.label("subscription_id"),
            Subscription.ended_at,
        )
        .outerjoin(Subscription, sa.and_(Subscription.user_id == User.id, Subscription.id == number))
        .where(User.mail_key == mail_key, User.active.is_(True))
    ).one_or_none()
    if row is None or found is None or (number and row.subscription_id is None):
        raise NotVisible
    if number:
        off = row.ended_at is not None
        return Switch(What.SUMMARY, row.id, row.party_id, number, off, off and now <= row.ended_at + UNDO_WITHIN)
    if found[1] == What.REMINDERS:
        off = row.reminder_rhythm is ReminderRhythm.WEEKLY
        return Switch(What.REMINDERS, row.id, row.party_id, None, off, off)
    off = row.notice_rhythm is NoticeRhythm.DAILY
    return Switch(What.NOTICES, row.id, row.party_id, None, off, off)


def stop(session: Session, mail_key: str, what: str, *, now: datetime) -> Switch:
    """Make it rarer on the word of whoever has the key; the second time changes nothing. Raises NotVisible."""
    return _turn(session, mail_key, what, off=True, now=now)


def undo(session: Session, mail_key: str, what: str, *, now: datetime) -> Switch:
    """Take ``stop`` back, as long as that is possible (``Switch.can_undo``). Raises NotVisible."""
    return _turn(session, mail_key, what, off=False, now=now)


def _turn(session: Session, mail_key: str, what: str, *, off: bool, now: datetime) -> Switch:
    session.execute(sa.select(User.id).where(User.mail_key == mail_key).with_for_update())
    asked = switch(session, mail_key, what, now=now)
    if asked.is_off is off or (not off and not asked.can_undo):
        return asked
    user = session.get_one(User, asked.user_id, populate_existing=True)
    if asked.what is What.SUMMARY:
        _turn_summary(session, asked.subscription_id or 0, off=off, now=now)
    elif asked.what is What.REMINDERS:
        user.reminder_rhythm = ReminderRhythm.WEEKLY if off else ReminderRhythm.EACH_STEP
    else:
        user.notice_rhythm = NoticeRhythm.DAILY if off else NoticeRhythm.AT_ONCE
    session.flush()
    after = switch(session, mail_key, what, now=now)
    if after.is_off is asked.is_off:
        return after  # an equal summary runs meanwhile
    audit.record(
        session,
        "mail.one_click" if off else "mail.one_click_undone",
        now=now,
        party_id=asked.party_id,
        internal=False,
        about=("user", user.id),
        new={"what": audit.Plain(asked.what.value), "subscription_id": asked.subscription_id},
    )
    return after


def _turn_summary(session: Session, subscription_id: int, *, off: bool, now: datetime) -> None:
    if off:
        subscriptions.stop(session, subscription_id, actor=None, now=now)
    else:
        subscriptions.resume(session, subscription_id, now=now)


def new_mail_key(session: Session, *, actor: Actor, now: datetime) -> None:
    """Make every one-click address in the person's earlier mails worthless; mail that waits gets the new one."""
    user = session.get_one(User, actor.user_id, with_for_update=True)
    before = user.mail_key
    forget_keys(user, calendar=False)
    bodies = (Message.text, Message.html, Message.unsubscribe_url)
    session.execute(
        sa.update(Message)
        .where(Message.recipient_id == user.id, Message.state.in_([MessageState.QUEUED, MessageState.HELD]))
        .values({body: sa.func.replace(body, before, user.mail_key) for body in bodies})
        .execution_options(synchronize_session=False)
    )
    audit.record(session, "mail.new_key", now=now, actor=actor, about=("user", actor.user_id))


def forget_keys(user: User, *, calendar: bool = True) -> None:
    """A new key for the one-click addresses and, where asked, no calendar address any more: after a handover and
    when an account is disabled, so that what lies about in old mails and other people's calendars is worth nothing."""
    user.mail_key = secrets.token_urlsafe(24)
    if calendar:
        user.calendar_key = None
