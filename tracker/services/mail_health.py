"""Whether mail gets through: what waits and why, who cannot be reached; and the mail by which one tries it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.errors import NotPermitted, NotVisible, Unmet
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.vocabulary import MessageState
from tracker.mail import links, outbox
from tracker.mail.limits import OUR_SERVER
from tracker.mail.messages.trial import trial
from tracker.models import Bounce, MailPause, Message, User
from tracker.services import audit

MOVES_WITHIN = timedelta(hours=2)
"""A mail whose moment came so long ago, and which nothing keeps, is stuck."""
LONG_PAUSE = {OUR_SERVER: 3}
"""From so many failures in a row on a pause is more than a passing fault: after twenty minutes for our own server …"""
LONG_PAUSE_OF_A_DOMAIN = 4
"""… and after more than an hour for a domain."""
RECENT = timedelta(days=30)
TESTS_WITHIN = timedelta(minutes=1)


@dataclass(frozen=True)
class Pause:
    """A server that takes nothing now. ``domain`` "": our own."""

    domain: str
    until: datetime
    failures: int
    said: str
    waiting: int
    """Mails kept by it."""

    @property
    def is_long(self) -> bool:
        return self.failures >= LONG_PAUSE.get(self.domain, LONG_PAUSE_OF_A_DOMAIN)


@dataclass(frozen=True)
class MailHealth:
    """Figures for administrators."""

    waiting: int
    oldest_waiting_at: datetime | None
    refused: int
    held: int
    """For mails of the day."""
    stuck: bool
    """A mail should have left long ago."""
    pauses: tuple[Pause, ...]
    bounced: int
    """Accounts in use whose address takes no mail."""
    not_understood: int
    """Mails to the sender's address in the last 30 days that were no report in the form of the standard."""
    last_sent_at: datetime | None

    @property
    def well(self) -> bool:
        return not self.stuck and not any(one.is_long for one in self.pauses)


def look(session: Session, *, now: datetime) -> MailHealth:
    """Five short queries, whatever the number of mails."""
    paused = [(row.domain, row.until, row.failures, row.said) for row in session.execute(_pauses(now))]
    domains = [row[0] for row in paused]
    queue = session.execute(_queue(now, domains)).one()
    kept: dict[str, int] = {}
    if paused:
        kept = {row.domain: row.waiting for row in session.execute(_kept(domains))}
    sent = session.scalar(_last_sent())
    return MailHealth(
        waiting=queue.waiting,
        oldest_waiting_at=queue.oldest,
        refused=queue.refused,
        held=queue.held,
        stuck=bool(queue.stuck) and OUR_SERVER not in domains,
        pauses=tuple(
            Pause(*one, waiting=queue.waiting if one[0] == OUR_SERVER else kept.get(one[0], 0)) for one in paused
        ),
        bounced=session.scalar(
            sa.select(sa.func.count()).select_from(User).where(User.active.is_(True), User.bounced_at.is_not(None))
        )
        or 0,
        not_understood=session.scalar(
            sa.select(sa.func.count()).select_from(Bounce).where(Bounce.message_id.is_(None), Bounce.at > now - RECENT)
        )
        or 0,
        last_sent_at=sent,
    )


def _pauses(now: datetime) -> sa.Select:
    return (
        sa.select(MailPause.domain, MailPause.until, MailPause.failures, MailPause.said)
        .where(MailPause.until > now)
        .order_by(MailPause.domain)
    )


def _queue(now: datetime, paused: list[str]) -> sa.Select:
    waits = Message.state.in_([MessageState.QUEUED, MessageState.SENDING])
    stuck = sa.and_(waits, Message.next_attempt_at < now - MOVES_WITHIN, Message.domain.not_in(paused))
    return sa.select(
        sa.func.count(sa.case((waits, 1))).label("waiting"),
        sa.func.count(sa.case((Message.state == MessageState.FAILED, 1))).label("refused"),
        sa.func.count(sa.case((Message.state == MessageState.HELD, 1))).label("held"),
        sa.func.count(sa.case((stuck, 1))).label("stuck"),
        sa.func.min(sa.case((waits, Message.made_at)), type_=Message.made_at.type).label("oldest"),
    ).where(Message.state.in_([MessageState.QUEUED, MessageState.SENDING, MessageState.FAILED, MessageState.HELD]))


def _kept(domains: list[str]) -> sa.Select:
    return (
        sa.select(Message.domain, sa.func.count().label("waiting"))
        .where(Message.state == MessageState.QUEUED, Message.domain.in_(domains))
        .group_by(Message.domain)
    )


def _last_sent() -> sa.Select:
    # Of the newest ones: mails leave nearly in the order in which they were made.
    newest = (
        sa.select(Message.sent_at)
        .where(Message.state == MessageState.SENT)
        .order_by(Message.id.desc())
        .limit(200)
        .subquery()
    )
    return sa.select(sa.func.max(newest.c.sent_at, type_=Message.sent_at.type))


def send_test(session: Session, *, actor: Actor, now: datetime) -> Message:
    """Put a test message to the administrator's own address into the outbox.

    Raises NotPermitted, and Unmet(test="too_soon") where the last one is not a minute old.
    """
    if not can(actor, Permission.MAIL_RESEND):
        raise NotPermitted(Permission.MAIL_RESEND)
    recent = session.scalar(
        sa.select(Message.id)
        .where(Message.recipient_id == actor.user_id, Message.kind == "test", Message.made_at > now - TESTS_WITHIN)
        .limit(1)
    )
    if recent is not None:
        raise Unmet(test="too_soon")
    site = links.site(session)
    made = outbox.put(
        session,
        key=f"test:{actor.user_id}:{now.isoformat()}",
        kind="test",
        recipient_id=actor.user_id,
        to_address=actor.email,
        message=trial(actor.name, actor.language, url=f"{site.base_url}/admin/mail"),
        now=now,
        url=f"{site.base_url}/admin/mail",
    )
    if made is None:
        raise Unmet(test="too_soon")
    return made


def end_pause(session: Session, domain: str, *, actor: Actor, now: datetime) -> None:
    """Try that server now, on an administrator's word. Raises NotPermitted, NotVisible where there is no such pause."""
    if not can(actor, Permission.MAIL_RESEND):
        raise NotPermitted(Permission.MAIL_RESEND)
    pause = session.get(MailPause, domain, with_for_update=True)
    if pause is None:
        raise NotVisible
    session.delete(pause)
    session.execute(
        sa.update(Message)
        .where(
            Message.state == MessageState.QUEUED,
            Message.next_attempt_at > now,
            sa.true() if domain == OUR_SERVER else Message.domain == domain,
        )
        .values(next_attempt_at=now)
        .execution_options(synchronize_session=False)
    )
    audit.record(
        session,
        "mail.pause_ended",
        now=now,
        actor=actor,
        internal=False,
        about=("mail_pause", audit.Plain(domain or "-")),
        new={"failures": pause.failures},
    )
