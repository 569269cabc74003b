"""The inbox on the site: the same messages that go by mail, for their own reader, read and unread.

What opens an account (``mailbox.SECRET_KINDS``) is never shown here. A message kept for the mail of the day is here at
once; once the mail of the day names it, that mail stands for it and it no longer counts as unread.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.errors import NotVisible
from tracker.domain.policy import Actor
from tracker.domain.vocabulary import MessageState
from tracker.mail import links
from tracker.mail.rendering import WIDTH
from tracker.models import Message, MessageAttachment
from tracker.models.messages import UNREAD
from tracker.services import audit
from tracker.services.mailbox import SECRET_KINDS
from tracker.services.plain_rows import rows
from tracker.services.records import LARGEST_ID

PAGE = 50
STANDS_ELSEWHERE = frozenset({MessageState.GROUPED, MessageState.WITHDRAWN})
"""Not counted as unread: another mail names it, or it is no longer needed."""


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; empty: everything."""

    unread: bool = False
    kind: str = ""


@dataclass(frozen=True)
class Piece:
    """A stretch of a line: words, or an address to open. ``href`` "" for words; inside the site it is a path."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class File:
    number: int
    """From 1, in the order they were attached."""
    name: str
    size: int
    """Bytes."""


@dataclass(frozen=True)
class Opened:
    """One message as its reader sees it."""

    id: int
    kind: str
    language: str
    subject: str
    paragraphs: tuple[tuple[tuple[Piece, ...], ...], ...]
    """Paragraphs of lines of pieces."""
    footer: tuple[tuple[tuple[Piece, ...], ...], ...]
    """What stands below the line: why it came, and how to change that."""
    state: MessageState
    to_address: str
    made_at: datetime
    sent_at: datetime | None
    read_at: datetime | None
    leads_to: str
    """The path on this site of the page with the thing to do; "" where there is none."""
    within: tuple[int, str] | None
    """The mail of the day that names it: number and subject."""
    files: tuple[File, ...]


def _mine(actor: Actor) -> tuple[sa.ColumnElement[bool], ...]:
    return Message.recipient_id == actor.user_id, Message.kind.not_in(SECRET_KINDS)


def _unread() -> tuple[sa.ColumnElement[bool], ...]:
    return Message.read_at.is_(None), Message.state.not_in(STANDS_ELSEWHERE)


@cache
def _listed(unread: bool, kind: bool) -> sa.Select:
    which = [Message.recipient_id == sa.bindparam("reader"), Message.kind.not_in(SECRET_KINDS)]
    if unread:
        which.append(sa.text(UNREAD))  # type: ignore[arg-type]
    if kind:
        which.append(Message.kind == sa.bindparam("kind"))
    return sa.select(
        Message.id,
        Message.kind,
        Message.subject,
        Message.language,
        Message.state,
        Message.made_at,
        Message.read_at,
        sa.and_(*_unread()).label("is_unread"),
        sa.func.count().over().label("total"),
    ).where(*which)


def listing(session: Session, actor: Actor, filters: Filters, *, number: int) -> tuple[list[sa.Row[Any]], int]:
    """A page of one's own messages, unread first, then newest first; and how many there are. Two queries at most."""
    values = {"reader": actor.user_id, "kind": filters.kind}
    listed = _listed(filters.unread, bool(filters.kind))
    page = listed.order_by(sa.desc("is_unread"), Message.id.desc()).limit(PAGE).offset((number - 1) * PAGE)
    found = list(rows(session, page, values))
    if found:
        return found, found[0].total
    total = session.execute(sa.select(sa.func.count()).select_from(listed.subquery()), values).scalar() or 0
    return [], total


def kinds(session: Session, actor: Actor) -> list[str]:
    """The kinds of message that this person has had."""
    return list(session.scalars(sa.select(Message.kind).where(*_mine(actor)).distinct().order_by(Message.kind)))


def newest(session: Session, actor: Actor, *, most: int) -> list[sa.Row[Any]]:
    """The latest of one's own messages, by the columns of ``listing``."""
    page = _listed(False, False).order_by(Message.id.desc()).limit(most)
    return list(rows(session, page, {"reader": actor.user_id}))


def show(session: Session, message_id: int, actor: Actor) -> Opened:
    """One of one's own messages. Reading it here marks nothing. Raises NotVisible."""
    message = _own(session, message_id, actor)
    base = links.site(session).base_url
    within = None
    if message.within_id is not None:
        row = session.execute(
            sa.select(Message.id, Message.subject).where(Message.id == message.within_id, *_mine(actor))
        ).one_or_none()
        within = (row.id, row.subject) if row else None
    attached = session.execute(
        sa.select(MessageAttachment.file_name, sa.func.length(MessageAttachment.content))
        .where(MessageAttachment.message_id == message.id)
        .order_by(MessageAttachment.id)
    )
    body, _line, footer = message.text.partition("\n-- \n")
    return Opened(
        id=message.id,
        kind=message.kind,
        language=message.language,
        subject=message.subject,
        paragraphs=paragraphs(body, base),
        footer=paragraphs(footer, base),
        state=message.state,
        to_address=message.to_address,
        made_at=message.made_at,
        sent_at=message.sent_at,
        read_at=message.read_at,
        leads_to=inside(message.url, base),
        within=within,
        files=tuple(File(number, name, size) for number, (name, size) in enumerate(attached, start=1)),
    )


def file(session: Session, message_id: int, number: int, actor: Actor) -> tuple[str, str, bytes]:
    """The name, type and content of a file that came with one's own message. Raises NotVisible."""
    message = _own(session, message_id, actor)
    row = session.execute(
        sa.select(MessageAttachment.file_name, MessageAttachment.content_type, MessageAttachment.content)
        .where(MessageAttachment.message_id == message.id)
        .order_by(MessageAttachment.id)
        .limit(1)
        .offset(min(number, LARGEST_ID) - 1)
    ).one_or_none()
    if row is None:
        raise NotVisible
    return row.file_name, row.content_type, row.content


def mark_read(session: Session, message_id: int, *, actor: Actor, now: datetime) -> str:
    """Mark one message and what it names as read. Returns the path it leads to, "" where there is none.

    Raises NotVisible where it is not one's own.
    """
    message = _own(session, message_id, actor)
    either = sa.or_(Message.id == message.id, Message.within_id == message.id)
    _mark(session, *_mine(actor), either, now=now)
    return inside(message.url, links.site(session).base_url)


def mark_unread(session: Session, message_id: int, *, actor: Actor) -> None:
    """Put one message among the unread ones again. Raises NotVisible."""
    _own(session, message_id, actor).read_at = None


def mark_all_read(session: Session, *, actor: Actor, now: datetime, up_to: int) -> int:
    """Mark as read every message up to the one with this number: those that came meanwhile stay unread.

    Returns how many; one entry of the audit trail where there were any.
    """
    marked = _mark(session, *_mine(actor), Message.id <= min(up_to, LARGEST_ID), now=now)
    if marked:
        audit.record(
            session,
            "inbox.all_read",
            now=now,
            actor=actor,
            about=("user", actor.user_id),
            new={"messages": marked},
        )
    return marked


def _mark(session: Session, *which: sa.ColumnElement[bool], now: datetime) -> int:
    changed = session.execute(
        sa.update(Message)
        .where(Message.read_at.is_(None), *which)
        .values(read_at=now)
        .execution_options(synchronize_session=False)
    )
    return int(changed.rowcount)  # type: ignore[attr-defined]


def _own(session: Session, message_id: int, actor: Actor) -> Message:
    if not 0 < message_id <= LARGEST_ID:
        raise NotVisible
    message = session.scalar(sa.select(Message).where(Message.id == message_id, *_mine(actor)))
    if message is None:
        raise NotVisible
    return message


def inside(url: str, base: str) -> str:
    """The path of an address of this site; "" for any other."""
    if not url.startswith(f"{base}/"):
        return ""
    path = url[len(base) :]
    return "" if path.startswith(("//", "/\\")) or "\\" in path or not path.isprintable() else path


_ADDRESS = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]")


def paragraphs(text: str, base: str) -> tuple[tuple[tuple[Piece, ...], ...], ...]:
    """The text of a mail as paragraphs of lines; addresses become links, those of this site by their path.

    Lines that were broken for their length only are put together again: a phone breaks them elsewhere.
    """
    blocks = [block for block in re.split(r"\n{2,}", text.strip("\n")) if block.strip()]
    return tuple(tuple(_pieces(line, base) for line in _whole(block.split("\n"))) for block in blocks)


def _whole(lines: list[str]) -> list[str]:
    """The reverse of ``rendering.wrap``: a line goes on where the first word of the next did not fit in."""
    found = lines[:1]
    for before, line in pairwise(lines):
        start = next((mark for mark in ("> ", "  ") if line.startswith(mark)), "")
        word = line[len(start) :].split(" ", 1)[0]
        goes_on = before.startswith(start) or (start == "  " and before.startswith("* "))
        if goes_on and word and not _ADDRESS.match(word) and len(before) + 1 + len(word) > WIDTH:
            found[-1] = f"{found[-1]} {line[len(start) :]}"
        else:
            found.append(line)
    return found


def _pieces(line: str, base: str) -> tuple[Piece, ...]:
    pieces, end = [], 0
    for match in _ADDRESS.finditer(line):
        if match.start() > end:
            pieces.append(Piece(line[end : match.start()]))
        pieces.append(Piece(match[0], inside(match[0], base) or match[0]))
        end = match.end()
    if end < len(line) or not pieces:
        pieces.append(Piece(line[end:]))
    return tuple(pieces)
