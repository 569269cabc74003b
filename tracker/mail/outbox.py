"""The outbox: a mail is put here in the transaction of its cause, claimed by the relay, and marked.

``put`` decides by key that a cause makes one mail; ``claim`` and the marks decide who sends it and what became of it.
Nothing here opens a connection or commits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tracker import trail
from tracker.domain.vocabulary import MessageState
from tracker.mail import links
from tracker.mail.rendering import Rendered
from tracker.models import Message, MessageAttachment, User

Attachment = tuple[str, str, bytes]
"""File name, content type, content."""


def put(
    session: Session,
    *,
    key: str,
    kind: str,
    recipient_id: int | None,
    to_address: str,
    message: Rendered,
    now: datetime,
    attachments: Sequence[Attachment] = (),
) -> Message | None:
    """Put a mail here; None where one with this key is here already, also when two try at the same time.

    ``key`` says what the mail is about and to whom (``notice:17:4``). ``kind`` is a static word such as ``reminder``.
    """
    values = {
        "key": key,
        "kind": kind,
        "recipient_id": recipient_id,
        "to_address": to_address,
        "language": message.language,
        "subject": message.subject,
        "text": message.text,
        "html": message.html,
        "message_id": message_id(key, now, links.site(session).mail_domain),
        "state": MessageState.QUEUED,
        "made_at": now,
        "attempts": 0,
        "next_attempt_at": now,
        "last_error": "",
    }
    # The database itself leaves a known key (and the Message-ID made from it) alone: no error to undo, and a second
    # writer waits for the first.
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    put_once = insert(Message).values(values).on_conflict_do_nothing().returning(Message)
    made = session.scalars(put_once).one_or_none()
    if made is None:
        return None
    for file_name, content_type, content in attachments:
        session.add(
            MessageAttachment(message_id=made.id, file_name=file_name, content_type=content_type, content=content)
        )
    if attachments:
        session.flush()
    _trace(session, "mail.queued", made.id, now=now)
    return made


def message_id(key: str, made_at: datetime, domain: str) -> str:
    """The Message-ID, made once and kept: the same at every try, another in every installation and for every mail."""
    digest = hashlib.sha256(f"{key}|{made_at.isoformat()}".encode()).hexdigest()[:40]
    return f"<{digest}@{domain}>"


PAUSES: tuple[timedelta, ...] = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(days=1),
    timedelta(days=1),
    timedelta(days=1),
    timedelta(days=1),
)
"""After each try that came to nothing; five days in all, then staff decide."""
LEASE = timedelta(minutes=10)
"""How long one run may hold a message. Far longer than any exchange lasts (``delivery.TIMEOUT``)."""
LONGEST_ERROR = 500


@dataclass(frozen=True)
class Claimed:
    """A message in the hands of one run, as plain data: no transaction stays open for it."""

    id: int
    lease_until: datetime
    attempts: int
    """This try included."""
    message_id: str
    to_address: str
    subject: str
    text: str
    html: str
    language: str
    made_at: datetime
    attachments: tuple[Attachment, ...]


def claim(session: Session, *, now: datetime) -> Claimed | None:
    """Take the message that is due longest; None where nothing is due.

    Due is what waits and whose moment has come, and what a run that died left "being sent" when its lease is over.
    The update repeats the condition, so that of two runs only one gets the message.
    """
    due = sa.or_(
        sa.and_(Message.state == MessageState.QUEUED, Message.next_attempt_at <= now),
        sa.and_(Message.state == MessageState.SENDING, Message.lease_until <= now),
    )
    candidate = (
        sa.select(Message.id)
        .where(due)
        .order_by(Message.next_attempt_at, Message.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    lease_until = now + LEASE
    row = session.execute(
        sa.update(Message)
        .where(Message.id == candidate, due)
        .values(state=MessageState.SENDING, lease_until=lease_until, attempts=Message.attempts + 1)
        .returning(
            Message.id,
            Message.attempts,
            Message.message_id,
            Message.to_address,
            Message.subject,
            Message.text,
            Message.html,
            Message.language,
            Message.made_at,
        )
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if row is None:
        return None
    attachments = session.execute(
        sa.select(MessageAttachment.file_name, MessageAttachment.content_type, MessageAttachment.content)
        .where(MessageAttachment.message_id == row.id)
        .order_by(MessageAttachment.id)
    )
    return Claimed(**row._mapping, lease_until=lease_until, attachments=tuple((a[0], a[1], a[2]) for a in attachments))


def mark_sent(session: Session, claimed: Claimed, now: datetime, _said: str = "") -> None:
    """The server has taken it. Holds whatever happened meanwhile: after a 250 there is no second copy."""
    _set(
        session,
        Message.id == claimed.id,
        state=MessageState.SENT,
        sent_at=now,
        lease_until=None,
        last_error="",
    )
    _trace(session, "mail.sent", claimed.id, now=now)


def mark_later(session: Session, claimed: Claimed, now: datetime, said: str) -> None:
    """The server did not take it now: again after a pause, and given up after the last of them."""
    if claimed.attempts > len(PAUSES):
        mark_refused(session, claimed, now, said)
        return
    _set(
        session,
        _still_ours(claimed),
        state=MessageState.QUEUED,
        next_attempt_at=now + PAUSES[claimed.attempts - 1],
        lease_until=None,
        last_error=said[:LONGEST_ERROR],
    )


def mark_refused(session: Session, claimed: Claimed, now: datetime, said: str) -> None:
    """The server will not take it: staff see it and may correct the address and send again."""
    ours = _set(
        session,
        _still_ours(claimed),
        state=MessageState.FAILED,
        lease_until=None,
        last_error=said[:LONGEST_ERROR],
    )
    if ours:
        _trace(session, "mail.failed", claimed.id, now=now)


def put_back(session: Session, claimed: Claimed, now: datetime, said: str) -> None:
    """Nothing could be sent: the try does not count, and the next run tries again."""
    _set(
        session,
        _still_ours(claimed),
        state=MessageState.QUEUED,
        attempts=claimed.attempts - 1,
        next_attempt_at=now + PAUSES[0],
        lease_until=None,
        last_error=said[:LONGEST_ERROR],
    )


def send_again(session: Session, message: Message, *, to_address: str, now: datetime) -> None:
    """Queue it once more on a person's word, under its Message-ID and from the first try on."""
    message.to_address = to_address
    message.state = MessageState.QUEUED
    message.attempts = 0
    message.next_attempt_at = now
    message.lease_until = None
    session.flush()


def _still_ours(claimed: Claimed) -> sa.ColumnElement[bool]:
    """Not where the lease ran out and another run took it up."""
    return sa.and_(
        Message.id == claimed.id,
        Message.state == MessageState.SENDING,
        Message.lease_until == claimed.lease_until,
    )


def _set(session: Session, which: sa.ColumnElement[bool], **values: object) -> bool:
    """Whether a message was changed."""
    changed = session.execute(
        sa.update(Message).where(which).values(**values).execution_options(synchronize_session=False)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def _trace(session: Session, event: str, message_id: int, *, now: datetime) -> None:
    """An entry of the audit trail: which mail, of what kind, to whom; neither its address nor its words."""
    kind, recipient_id, party_id = session.execute(_ABOUT, {"id": message_id}).one()
    trail.collect(
        session,
        trail.Entry(
            at=now,
            event=event,
            source_address=trail.source_address.get()[:64],
            record_type="message",
            record_id=str(message_id),
            party_id=party_id,
            new={"kind": kind, "recipient_id": recipient_id},
        ),
    )


_ABOUT = (
    sa.select(Message.kind, Message.recipient_id, User.party_id)
    .outerjoin(User, User.id == Message.recipient_id)
    .where(Message.id == sa.bindparam("id"))
)
