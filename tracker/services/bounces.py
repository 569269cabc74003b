"""Reports of undeliverable mail, recorded: about our own messages only, each once; and whom no mail reaches."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.domain.errors import NotPermitted, NotVisible, WrongState
from tracker.domain.policy import Actor, Permission, can
from tracker.mail.bounces import LARGEST, Failure, NotUnderstood, Report, read
from tracker.mail.letters import Unwritable, on_the_wire
from tracker.models import Bounce, Message, User
from tracker.services import audit


class Fate(StrEnum):
    """What became of a report."""

    RECORDED = "recorded"
    KNOWN = "known"
    """It was recorded before."""
    NOT_OURS = "not ours"
    """It names no message of ours, or another recipient."""
    NOT_UNDERSTOOD = "not understood"


@dataclass(frozen=True)
class Outcome:
    fate: Fate
    why: str = ""


def take(session: Session, raw: bytes, *, now: datetime) -> Outcome:
    """Record what a mail that came to the sender's address reports. The same one twice changes nothing.

    Never raises because of what stands in it. What is not understood is kept as a count, without a word of it:
    a row with no message, no person and no address.
    """
    try:
        report = read(raw)
    except NotUnderstood as reason:
        unread = Failure("", False, "", str(reason))
        new = _keep(session, raw, unread, None, now)
        return Outcome(Fate.NOT_UNDERSTOOD if new else Fate.KNOWN, str(reason))
    return _record(session, raw, report, now)


def _record(session: Session, raw: bytes, report: Report, now: datetime) -> Outcome:
    message = session.scalar(sa.select(Message).where(Message.message_id == report.message_id))
    if message is None:
        return Outcome(Fate.NOT_OURS, "no message of ours has this Message-ID")
    # An address that forwards is reported under another name; the mail had one recipient, so ours is meant only where
    # the report says so.
    about = [one for one in report.failures if one.address in _names_of(message.to_address)]
    if not about:
        return Outcome(Fate.NOT_OURS, "the message went to another address")
    recorded = [_keep(session, raw, one, message, now) for one in about]
    return Outcome(Fate.RECORDED if any(recorded) else Fate.KNOWN)


def _names_of(address: str) -> set[str]:
    """As it was written, and as it went over the wire."""
    with suppress(Unwritable):
        return {address.lower(), on_the_wire(address).lower()}
    return {address.lower()}


def _keep(session: Session, raw: bytes, failure: Failure, message: Message | None, now: datetime) -> bool:
    """Whether it is new."""
    bounce = Bounce(
        digest=failure.digest(raw),
        message_id=message.id if message else None,
        user_id=message.recipient_id if message else None,
        address=message.to_address if message else "",
        permanent=failure.permanent,
        status=failure.status,
        said=failure.said[:500],
        at=now,
    )
    try:
        with session.begin_nested():
            session.add(bounce)
    except IntegrityError:
        return False
    if message is not None and failure.permanent:
        _cannot_be_reached(session, message, failure, now)
    return True


def _cannot_be_reached(session: Session, message: Message, failure: Failure, now: datetime) -> None:
    """Only while it is still the person's address."""
    user = session.get(User, message.recipient_id) if message.recipient_id is not None else None
    if user is None or user.email != message.to_address or user.bounced_at is not None:
        return
    user.bounced_at = now
    audit.record(
        session,
        "mail.bounced",
        now=now,
        actor=None,
        party_id=user.party_id,
        internal=False,
        about=("user", user.id),
        new={"message_id": message.id, "status": audit.Plain(failure.status)},
    )


def reachable(user: User) -> bool:
    """Whether no server has said for good that the person's address takes no mail."""
    return user.bounced_at is None


def try_again(session: Session, user_id: int, *, actor: Actor, now: datetime) -> User:
    """The address is believed to work again: mail goes there as if nothing had come back.

    Raises NotPermitted, NotVisible, WrongState where nothing came back.
    """
    if not can(actor, Permission.PEOPLE_MANAGE):
        raise NotPermitted(Permission.PEOPLE_MANAGE)
    user = session.get(User, user_id, with_for_update=True)
    if user is None:
        raise NotVisible
    if user.bounced_at is None:
        raise WrongState("try_again", "reachable")
    user.bounced_at = None
    audit.record(
        session,
        "mail.tried_again",
        now=now,
        actor=actor,
        party_id=user.party_id,
        internal=False,
        about=("user", user.id),
        new={"email": audit.account_field(user.email)},
    )
    return user


@dataclass(frozen=True)
class Said:
    """What came back last from a person's address."""

    since: datetime
    status: str
    said: str


def last_of(session: Session, user: User) -> Said | None:
    """Why the person cannot be reached; None where he or she can be."""
    if user.bounced_at is None:
        return None
    row = session.execute(
        sa.select(Bounce.status, Bounce.said)
        .where(Bounce.user_id == user.id, Bounce.permanent)
        .order_by(Bounce.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        refused = session.scalar(
            sa.select(Message.last_error)
            .where(Message.recipient_id == user.id, Message.to_address == user.email, Message.last_error != "")
            .order_by(Message.id.desc())
            .limit(1)
        )
        return Said(user.bounced_at, "", refused or "")
    return Said(user.bounced_at, row.status, row.said)


def waiting(maildir: Path) -> list[Path]:
    """The mails in a Maildir that nobody has read, oldest first. Raises OSError where it cannot be looked into."""
    found = []
    for folder in ("new", "cur"):
        place = maildir / folder
        if place.is_dir():
            # In cur: those a mail program looked at, but did not mark as read.
            found += [one for one in place.iterdir() if one.is_file() and not _seen(one)]
    return sorted(found, key=lambda one: one.name)


def content(path: Path) -> bytes:
    """What stands in it, one byte more than the limit at most. Raises OSError."""
    with path.open("rb") as stream:
        return stream.read(LARGEST + 1)


def put_away(path: Path) -> None:
    """Mark it as read, as mail programs do; it stays for whoever looks after the mailbox."""
    with suppress(FileNotFoundError):
        path.rename(path.parent.parent / "cur" / f"{path.name.partition(':')[0]}:2,S")


def _seen(path: Path) -> bool:
    return "S" in path.name.partition(":2,")[2]
