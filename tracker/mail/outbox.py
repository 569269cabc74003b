"""The outbox: a mail is put here in the transaction of its cause; ``tracker.mail.queue`` takes it from here.

``put`` decides by key that a cause makes one mail. Nothing here opens a connection or commits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tracker import trail
from tracker.domain.vocabulary import MessageState, NoticeRhythm
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
    "practice": 20,
    "escalation": 30,
    "reminder": 50,
    "summary": 70,
    "status_report": 80,
    "test": 10,
}
"""In which order the queue drains, the smallest first (docs/mail.md). What the person waits for at the screen goes
first; a mail of the day with something overdue says 40 for itself."""
KEPT_FOR_THE_DAY = frozenset({"notice", "observation", "assignment", "extension", "practice"})
"""News that waits for the mail of the day where the reader wishes it."""
OF_THE_DAY = "day:"
"""How the keys of the mails of the day begin."""


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
    # A mail of the day with nothing but news is a notice itself: what waited for it must not make it wait.
    if kind in KEPT_FOR_THE_DAY and recipient_id is not None and not key.startswith(OF_THE_DAY):
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
    _trace(session, "mail.queued", made, now=now)
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


def send_again(session: Session, message: Message, *, to_address: str, now: datetime) -> None:
    """Queue it once more on a person's word, under its Message-ID and from the first try on."""
    message.to_address = to_address
    message.domain = domain_of(to_address)
    message.state = MessageState.QUEUED
    message.attempts = 0
    message.next_attempt_at = now
    message.lease_until = None
    session.flush()


def withdraw(session: Session, message: Message, *, now: datetime) -> None:
    """It will not leave: what it asks for was done, or the next mail of the day says it. It stays to be read."""
    message.state, message.lease_until = MessageState.WITHDRAWN, None
    session.flush()
    _trace(session, "mail.withdrawn", message, now=now)


def redirect(session: Session, message: Message, to: User) -> None:
    """A mail that waits goes to another person, in that person's rhythm."""
    message.recipient_id, message.to_address, message.domain = to.id, to.email, domain_of(to.email)
    if message.kind in KEPT_FOR_THE_DAY:
        message.state, message.unsubscribe_url = _as_wished(session, to.id, "")
    else:
        message.unsubscribe_url = ""


def _trace(session: Session, event: str, made: Message, *, now: datetime) -> None:
    party_id = session.scalar(_PARTY, {"id": made.recipient_id}) if made.recipient_id is not None else None
    trace(session, event, made, party_id=party_id, now=now)


class Traced(Protocol):
    """What the trail says of a mail."""

    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def recipient_id(self) -> int | None: ...


def trace(session: Session, event: str, mail: Traced, *, party_id: int | None, now: datetime) -> None:
    """An entry of the audit trail: which mail, of what kind, to whom; neither its address nor its words."""
    trail.collect(
        session,
        trail.Entry(
            at=now,
            event=event,
            source_address=trail.source_address.get()[:64],
            record_type="message",
            record_id=str(mail.id),
            party_id=party_id,
            new={"kind": mail.kind, "recipient_id": mail.recipient_id},
        ),
    )


_PARTY = sa.select(User.party_id).where(User.id == sa.bindparam("id"))
