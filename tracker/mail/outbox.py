"""The outbox: a mail is put here in the transaction of its cause, claimed by the relay, and marked.

``put`` decides by key that a cause makes one mail; ``claim`` and the marks decide who sends it and what became of it.
Nothing here opens a connection or commits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tracker import trail
from tracker.domain.vocabulary import MessageState, NoticeRhythm
from tracker.logs import log
from tracker.mail import links
from tracker.mail.rendering import Rendered
from tracker.models import Message, MessageAttachment, User

Attachment = tuple[str, str, bytes]
"""File name, content type, content."""
URGENCY: dict[str, int] = {
    "invitation": 0,
    "password_reset": 0,
    "notice": 20,
    "observation": 20,
    "assignment": 20,
    "extension": 20,
    "escalation": 30,
    "reminder": 50,
    "summary": 70,
    "status_report": 80,
    "test": 10,
}
"""In which order the queue drains, the smallest first (docs/mail.md). What the person waits for at the screen goes
first; a mail of the day with something overdue says 40 for itself."""
KEPT_FOR_THE_DAY = frozenset({"notice", "observation", "assignment", "extension"})
"""News that waits for the mail of the day where the reader wishes it."""


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
    url: str = "",
    unsubscribe_url: str = "",
    urgency: int | None = None,
) -> Message | None:
    """Put a mail here; None where one with this key is here already, also when two try at the same time.

    ``key`` says what the mail is about and to whom (``notice:17:4``). ``kind`` is a static word such as ``reminder``.
    ``url``: the page with the thing to do. ``unsubscribe_url``: what one click changes; news gets its own, and is
    kept for the mail of the day where its reader wishes that. ``urgency``: where it is not that of the kind.
    """
    state = MessageState.QUEUED
    if kind in KEPT_FOR_THE_DAY and recipient_id is not None:
        state, unsubscribe_url = _as_wished(session, recipient_id, unsubscribe_url)
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
        "state": state,
        "made_at": now,
        "attempts": 0,
        "next_attempt_at": now,
        "last_error": "",
        "urgency": URGENCY.get(kind, 50) if urgency is None else urgency,
        "domain": domain_of(to_address),
        "url": url,
        "unsubscribe_url": unsubscribe_url,
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


def _as_wished(session: Session, user_id: int, unsubscribe_url: str) -> tuple[MessageState, str]:
    """Whether news leaves at once, and the address that keeps it for the mail of the day from now on."""
    wish = session.execute(_WISHES, {"id": user_id}).one()
    if wish.notice_rhythm is NoticeRhythm.DAILY:
        return MessageState.HELD, unsubscribe_url
    return MessageState.QUEUED, unsubscribe_url or links.site(session).stop(wish.mail_key, "notices")


_WISHES = sa.select(User.notice_rhythm, User.mail_key).where(User.id == sa.bindparam("id"))


def domain_of(address: str) -> str:
    """The domain of an address, in lower case; "" where it has none."""
    return address.rpartition("@")[2].strip().lower() if "@" in address else ""


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


class Held(Protocol):
    """What says which message a run holds, and since when."""

    @property
    def id(self) -> int: ...
    @property
    def lease_until(self) -> datetime: ...
    @property
    def attempts(self) -> int: ...


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
    key: str = ""
    kind: str = ""
    unsubscribe_url: str = ""


Revise = Callable[..., bool]
"""``revise(session, message_id, now=now)``: brings a mail of the day up to date in the transaction that claims it.
False: nothing was left of it and it was withdrawn."""
OF_THE_DAY = "day:"
"""How the keys of the mails of the day begin."""


def claim(session: Session, *, now: datetime, revise: Revise | None = None) -> Claimed | None:
    """Take the most urgent message, of these the one due longest; None where nothing is due.

    Due is what waits and whose moment has come, and what a run that died left "being sent" when its lease is over.
    The update repeats the condition, so that of two runs only one gets the message.
    """
    while (taken := _take(session, now)) is not None:
        if revise is None or not taken.key.startswith(OF_THE_DAY) or _revised(session, taken, now, revise):
            return _read(session, taken)
    return None


def _take(session: Session, now: datetime) -> sa.Row | None:
    due = sa.or_(
        sa.and_(Message.state == MessageState.QUEUED, Message.next_attempt_at <= now),
        sa.and_(Message.state == MessageState.SENDING, Message.lease_until <= now),
    )
    candidate = (
        sa.select(Message.id)
        .where(due)
        .order_by(Message.urgency, Message.next_attempt_at, Message.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    return session.execute(
        sa.update(Message)
        .where(Message.id == candidate, due)
        .values(state=MessageState.SENDING, lease_until=now + LEASE, last_attempt_at=now, attempts=Message.attempts + 1)
        .returning(Message.id, Message.key, Message.kind, Message.attempts, Message.lease_until)
        .execution_options(synchronize_session=False)
    ).one_or_none()


def _revised(session: Session, taken: sa.Row, now: datetime, revise: Revise) -> bool:
    """Whether it may leave. What cannot be looked at is tried again later, so that it holds up no other."""
    try:
        with session.begin_nested():
            return revise(session, taken.id, now=now)
    except Exception as error:
        log.error("mail.not_revised", message=taken.id, kind=type(error).__name__, exc_info=error)
        _later(session, taken, now, f"it could not be brought up to date ({type(error).__name__})")
        return False


def _read(session: Session, taken: sa.Row) -> Claimed:
    row = session.execute(_CONTENT, {"id": taken.id}).one()
    attachments = session.execute(_ATTACHMENTS, {"id": taken.id})
    return Claimed(**taken._mapping, **row._mapping, attachments=tuple((a[0], a[1], a[2]) for a in attachments))


_CONTENT = sa.select(
    Message.message_id,
    Message.to_address,
    Message.subject,
    Message.text,
    Message.html,
    Message.language,
    Message.made_at,
    Message.unsubscribe_url,
).where(Message.id == sa.bindparam("id"))
_ATTACHMENTS = (
    sa.select(MessageAttachment.file_name, MessageAttachment.content_type, MessageAttachment.content)
    .where(MessageAttachment.message_id == sa.bindparam("id"))
    .order_by(MessageAttachment.id)
)


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
    _later(session, claimed, now, said)


def _later(session: Session, claimed: Held, now: datetime, said: str) -> None:
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


def mark_refused(session: Session, claimed: Held, now: datetime, said: str) -> None:
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
    message.domain = domain_of(to_address)
    message.state = MessageState.QUEUED
    message.attempts = 0
    message.next_attempt_at = now
    message.lease_until = None
    session.flush()


def redirect(session: Session, message: Message, to: User) -> None:
    """A mail that waits goes to another person, in that person's rhythm."""
    message.recipient_id, message.to_address, message.domain = to.id, to.email, domain_of(to.email)
    if message.kind in KEPT_FOR_THE_DAY:
        message.state, message.unsubscribe_url = _as_wished(session, to.id, "")
    else:
        message.unsubscribe_url = ""


def _still_ours(claimed: Held) -> sa.ColumnElement[bool]:
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
