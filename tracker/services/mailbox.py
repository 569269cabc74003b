"""The outbox as administrators read it: the list, one mail with its fate, and "send again"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.errors import NotPermitted, NotVisible, Unmet, WrongState
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.vocabulary import MessageState
from tracker.mail import outbox
from tracker.models import Message, MessageAttachment, User
from tracker.services import audit
from tracker.services.records import LARGEST_ID
from tracker.wording import N_

PAGE = 50
KINDS: dict[str, str] = {
    "notice": N_("Notice at once"),
    "reminder": N_("Reminder"),
    "summary": N_("Summary"),
    "escalation": N_("Letter to the head of an authority"),
    "status_report": N_("Status report"),
    "observation": N_("Observation"),
    "assignment": N_("Assignment"),
    "extension": N_("Extension"),
    "practice": N_("Good practice"),
    "test": N_("Test"),
    "invitation": N_("Invitation"),
    "password_reset": N_("New password"),
    "password_changed": N_("Password changed"),
}
SECRET_KINDS = frozenset({"invitation", "password_reset"})
"""Their links open somebody's account."""
_SECRET = re.compile(r"(/(?:reset|invitation)/)[A-Za-z0-9_~.-]+")
HIDDEN = "••••••••"


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; empty: everything."""

    state: MessageState | None = None
    kind: str = ""
    words: str = ""


@dataclass(frozen=True)
class Shown:
    """One mail as the page shows it. ``redacted``: the secret part of its link is hidden."""

    id: int
    kind: str
    to_address: str
    name: str | None
    """Of the person it went to, as the account is named now."""
    present_address: str | None
    """Where the person's mail goes now, if that is another address."""
    language: str
    subject: str
    text: str
    html: str
    message_id: str
    state: MessageState
    made_at: datetime
    attempts: int
    next_attempt_at: datetime
    last_error: str
    sent_at: datetime | None
    attachments: tuple[tuple[str, int], ...]
    """File name, size in bytes."""
    redacted: bool


def listing(session: Session, filters: Filters, *, number: int) -> tuple[list[sa.Row], int]:
    """A page of mails, newest first, and how many there are in all."""
    which = []
    if filters.state is not None:
        which.append(Message.state == filters.state)
    if filters.kind:
        which.append(Message.kind == filters.kind)
    if filters.words:
        which.append(
            sa.or_(
                Message.to_address.icontains(filters.words, autoescape=True),
                Message.subject.icontains(filters.words, autoescape=True),
            )
        )
    total = session.scalar(sa.select(sa.func.count()).select_from(Message).where(*which)) or 0
    rows = session.execute(
        sa.select(
            Message.id,
            Message.kind,
            Message.state,
            Message.to_address,
            Message.subject,
            Message.language,
            Message.made_at,
            Message.sent_at,
            Message.last_error,
        )
        .where(*which)
        .order_by(Message.id.desc())
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    )
    return list(rows), total


def show(session: Session, message_id: int, *, redact: bool) -> Shown:
    """One mail, exactly as sent; with ``redact`` the keys in links to accounts are hidden. Raises NotVisible."""
    if not 0 < message_id <= LARGEST_ID:
        raise NotVisible
    found = session.execute(
        sa.select(Message, User.name, User.email)
        .outerjoin(User, User.id == Message.recipient_id)
        .where(Message.id == message_id)
    ).one_or_none()
    if found is None:
        raise NotVisible
    message, name, email = found
    attachments = session.execute(
        sa.select(MessageAttachment.file_name, sa.func.length(MessageAttachment.content))
        .where(MessageAttachment.message_id == message_id)
        .order_by(MessageAttachment.id)
    )
    hide = redact and message.kind in SECRET_KINDS
    return Shown(
        id=message.id,
        kind=message.kind,
        to_address=message.to_address,
        name=name,
        present_address=email if email and email != message.to_address else None,
        language=message.language,
        subject=message.subject,
        text=_hidden(message.text) if hide else message.text,
        html=_hidden(message.html) if hide else message.html,
        message_id=message.message_id,
        state=message.state,
        made_at=message.made_at,
        attempts=message.attempts,
        next_attempt_at=message.next_attempt_at,
        last_error=message.last_error,
        sent_at=message.sent_at,
        attachments=tuple((file_name, size) for file_name, size in attachments),
        redacted=hide,
    )


def send_again(session: Session, message_id: int, *, confirmed: bool, actor: Actor, now: datetime) -> str:
    """Queue it once more, to the person's present address, under the same Message-ID. Returns that address.

    Raises NotPermitted; NotVisible; WrongState while it is being sent, was named in a mail of the day, or
    was withdrawn; Unmet(confirmed=…) where it was sent already
    and nobody said that a second copy is meant; Unmet(recipient="inactive") where the person's account is disabled.
    """
    if not can(actor, Permission.MAIL_RESEND):
        raise NotPermitted(Permission.MAIL_RESEND)
    if not 0 < message_id <= LARGEST_ID:
        raise NotVisible
    message = session.get(Message, message_id, with_for_update=True)
    if message is None:
        raise NotVisible
    if message.state in (MessageState.SENDING, MessageState.GROUPED, MessageState.WITHDRAWN):
        raise WrongState("send_again", message.state.value)
    if message.state is MessageState.SENT and not confirmed:
        raise Unmet(confirmed="required")
    recipient = session.get(User, message.recipient_id) if message.recipient_id is not None else None
    if recipient is not None and not recipient.active:
        raise Unmet(recipient="inactive")
    before = message.state.value
    address = recipient.email if recipient is not None else message.to_address
    audit.record(
        session,
        "mail.send_again",
        now=now,
        actor=actor,
        party_id=recipient.party_id if recipient is not None else None,
        internal=False,
        about=("message", message.id),
        old={"state": before},
        new={
            "state": MessageState.QUEUED,
            "kind": audit.Plain(message.kind),
            "other_address": address != message.to_address,
        },
    )
    outbox.send_again(session, message, to_address=address, now=now)
    return address


def _hidden(text: str) -> str:
    return _SECRET.sub(rf"\1{HIDDEN}", text)
