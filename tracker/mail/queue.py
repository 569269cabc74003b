"""The queue: messages are claimed by the relay one by one, and marked.

``due`` looks ahead, ``take`` and the marks decide who sends a message and what became of it. Nothing here opens a
connection or commits.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.vocabulary import MessageState
from tracker.logs import log
from tracker.mail.outbox import Attachment, trace
from tracker.models import Bounce, Message, MessageAttachment, User

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
"""How long one run may hold a message. Far longer than any exchange lasts (``smtp.TIMEOUT``)."""
SKEW = timedelta(minutes=1)
"""What a row says happened later than this from now was written by a clock that has been put back since."""
LONGEST_ERROR = 500
Revise = Callable[..., bool]
"""``revise(session, message_id, now=now)``: brings a mail up to date in the transaction that claims it. False: nothing
was left of it and it was withdrawn."""
LOOKED_AT = frozenset({"reminder", "notice", "summary"})
"""What is looked at once more before it leaves: the mail of the day, and news that asks for a step."""


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
    domain: str = ""
    recipient_id: int | None = None
    party_id: int | None = None
    """Of the recipient."""
    bounced: bool = False
    """Whether the recipient's address was said to take no mail."""


# The tables themselves: a mail is claimed and marked some ten thousand times in a row, and objects are dear.
_MAIL = cast(sa.Table, Message.__table__)
_PERSON = cast(sa.Table, User.__table__)
_FILE = cast(sa.Table, MessageAttachment.__table__)


@dataclass(frozen=True)
class Candidate:
    """A message that is due, not yet in anybody's hands."""

    id: int
    party_id: int | None
    bounced: bool
    has_attachments: bool


def claim(
    session: Session, *, now: datetime, revise: Revise | None = None, without: Collection[str] = ()
) -> Claimed | None:
    """Take the most urgent message, of these the one due longest; None where nothing is due."""
    while found := due(session, now=now, count=1, without=without):
        claimed = take(session, found[0], now=now, revise=revise)
        if claimed is not None:
            return claimed
    return None


def due(session: Session, *, now: datetime, count: int, without: Collection[str] = ()) -> list[Candidate]:
    """The messages that are next, at most ``count``. ``without``: domains that take nothing now.

    Due is what waits and whose moment has come; what a run that died left "being sent" waits again when its lease is
    over.
    """
    connection = session.connection()
    connection.execute(_taking_back(), {"now": now, "far": now + LEASE + SKEW, "queued": MessageState.QUEUED})
    given = {"now": now, "later": now + SKEW, "count": count, "without": list(without)}
    rows = connection.execute(_candidates(bool(without)), given)
    return [Candidate(row.id, row.party_id, row.bounced_at is not None, bool(row.attached)) for row in rows]


@cache
def _taking_back() -> sa.Update:
    over = sa.or_(_MAIL.c.lease_until <= sa.bindparam("now"), _MAIL.c.lease_until > sa.bindparam("far"))
    return (
        sa.update(_MAIL)
        .where(_MAIL.c.state == MessageState.SENDING, over)
        .values(state=sa.bindparam("queued"), lease_until=None, next_attempt_at=sa.bindparam("now"))
    )


@cache
def _candidates(narrowed: bool) -> sa.Select:
    # A row of the future was written by a clock that was put back: it does not wait for that moment to come again.
    due_now = sa.or_(
        _MAIL.c.next_attempt_at <= sa.bindparam("now"),
        _MAIL.c.made_at > sa.bindparam("later"),
        _MAIL.c.last_attempt_at > sa.bindparam("later"),
    )
    found = (
        sa.select(
            _MAIL.c.id,
            _PERSON.c.party_id,
            _PERSON.c.bounced_at,
            sa.exists().where(_FILE.c.message_id == _MAIL.c.id).label("attached"),
        )
        .select_from(_MAIL.outerjoin(_PERSON, _PERSON.c.id == _MAIL.c.recipient_id))
        .where(_MAIL.c.state == MessageState.QUEUED, due_now)
        .order_by(_MAIL.c.urgency, _MAIL.c.next_attempt_at, _MAIL.c.id)
        .limit(sa.bindparam("count"))
    )
    if narrowed:
        found = found.where(_MAIL.c.domain.not_in(sa.bindparam("without", expanding=True)))
    return found


def take(session: Session, one: Candidate, *, now: datetime, revise: Revise | None = None) -> Claimed | None:
    """Claim this message; None where another run was faster, or nothing was left to be said."""
    connection = session.connection()
    row = connection.execute(_taking(), {"message": one.id, "lease": now + LEASE, "now": now}).one_or_none()
    if row is None:
        return None
    if revise is not None and row.kind in LOOKED_AT:
        if not _is_to_leave(session, _claimed(row, one, now, ()), now, revise):
            return None
        row = connection.execute(_again(), {"message": one.id}).one()
    attached = connection.execute(_attachments(), {"message": one.id}).all() if one.has_attachments else ()
    return _claimed(row, one, now, tuple((a.file_name, a.content_type, a.content) for a in attached))


@cache
def _columns() -> tuple[sa.ColumnElement[Any], ...]:
    columns = _MAIL.c
    return (
        columns.id,
        columns.key,
        columns.kind,
        columns.attempts,
        columns.message_id,
        columns.to_address,
        columns.subject,
        columns.text,
        columns.html,
        columns.language,
        columns.made_at,
        columns.unsubscribe_url,
        columns.domain,
        columns.recipient_id,
    )


@cache
def _taking() -> sa.Update:
    return (
        sa.update(_MAIL)
        .where(_MAIL.c.id == sa.bindparam("message"), _MAIL.c.state == MessageState.QUEUED)
        .values(
            state=MessageState.SENDING,
            lease_until=sa.bindparam("lease"),
            last_attempt_at=sa.bindparam("now"),
            attempts=_MAIL.c.attempts + 1,
        )
        .returning(*_columns())
    )


@cache
def _again() -> sa.Select:
    return sa.select(*_columns()).where(_MAIL.c.id == sa.bindparam("message"))


@cache
def _attachments() -> sa.Select:
    columns = _FILE.c
    return (
        sa.select(columns.file_name, columns.content_type, columns.content)
        .where(columns.message_id == sa.bindparam("message"))
        .order_by(columns.id)
    )


def _is_to_leave(session: Session, claimed: Claimed, now: datetime, revise: Revise) -> bool:
    """What cannot be looked at is tried again later, so that it holds up no other."""
    try:
        with session.begin_nested():
            return revise(session, claimed.id, now=now)
    except Exception as error:
        log.error("mail.not_revised", message=claimed.id, kind=type(error).__name__, exc_info=error)
        mark_later(session, claimed, now, f"it could not be brought up to date ({type(error).__name__})")
        return False


def _claimed(row: sa.Row, one: Candidate, now: datetime, attachments: tuple[Attachment, ...]) -> Claimed:
    return Claimed(
        **row._mapping,
        lease_until=now + LEASE,
        attachments=attachments,
        party_id=one.party_id,
        bounced=one.bounced,
    )


def mark_sent(session: Session, claimed: Claimed, now: datetime, _said: str = "") -> None:
    """The server has taken it. Holds whatever happened meanwhile: after a 250 there is no second copy."""
    session.connection().execute(_sent(), {"message": claimed.id, "now": now})
    trace(session, "mail.sent", claimed, party_id=claimed.party_id, now=now)
    if claimed.bounced:
        # A server that took nothing for this address at the door now does. What was reported afterwards by another
        # server is not refuted by that: only a changed address or staff end it.
        reported = sa.exists().where(
            Bounce.user_id == User.id, Bounce.address == User.email, Bounce.permanent, Bounce.at >= User.bounced_at
        )
        session.execute(
            sa.update(User)
            .where(User.id == claimed.recipient_id, User.email == claimed.to_address, ~reported)
            .values(bounced_at=None)
            .execution_options(synchronize_session=False)
        )


@cache
def _sent() -> sa.Update:
    return (
        sa.update(_MAIL)
        .where(_MAIL.c.id == sa.bindparam("message"))
        .values(state=MessageState.SENT, sent_at=sa.bindparam("now"), lease_until=None, last_error="")
    )


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
        trace(session, "mail.failed", claimed, party_id=claimed.party_id, now=now)


def mark_no_such_address(session: Session, claimed: Claimed, now: datetime, said: str) -> None:
    """Refused because of the address: the person cannot be reached there."""
    mark_refused(session, claimed, now, said)
    session.execute(
        sa.update(User)
        .where(User.id == claimed.recipient_id, User.email == claimed.to_address, User.bounced_at.is_(None))
        .values(bounced_at=now)
        .execution_options(synchronize_session=False)
    )


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
