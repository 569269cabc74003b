"""The queue: messages are claimed by the relay, a few at a time, and marked one by one.

``claim`` and the marks decide who sends a message and what became of it. Nothing here opens a connection or commits.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker import trail
from tracker.domain.vocabulary import MessageState
from tracker.logs import log
from tracker.mail.outbox import Attachment
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


def claim(
    session: Session,
    *,
    now: datetime,
    revise: Revise | None = None,
    count: int = 1,
    without: Collection[str] = (),
) -> list[Claimed]:
    """Take the most urgent messages, of these the ones due longest; none where nothing is due.

    Due is what waits and whose moment has come; what a run that died left "being sent" waits again when its lease is
    over. ``without``: domains that take nothing now. Of two runs only one gets a message.
    """
    _take_back(session, now)
    while rows := _take(session, now, count, without):
        if revise is not None and any(row.kind in LOOKED_AT for row in rows):
            rows = [fresh for row in rows if (fresh := _revised(session, row, now, revise)) is not None]
        if rows:
            return _with_attachments(session, rows, now)
    return []


def _take_back(session: Session, now: datetime) -> None:
    session.connection().execute(_taking_back(), {"now": now, "far": now + LEASE + SKEW, "queued": MessageState.QUEUED})


@cache
def _taking_back() -> sa.Update:
    over = sa.or_(_MAIL.c.lease_until <= sa.bindparam("now"), _MAIL.c.lease_until > sa.bindparam("far"))
    return (
        sa.update(_MAIL)
        .where(_MAIL.c.state == MessageState.SENDING, over)
        .values(state=sa.bindparam("queued"), lease_until=None, next_attempt_at=sa.bindparam("now"))
    )


def _take(session: Session, now: datetime, count: int, without: Collection[str]) -> Sequence[sa.Row]:
    connection = session.connection()
    given = {"now": now, "later": now + SKEW, "count": count, "without": list(without)}
    rows = connection.execute(_candidates(bool(without)), given).all()
    if rows:
        taken = {"lease": now + LEASE, "now": now, "ids": [row.id for row in rows]}
        connection.execute(_taking(), taken)
    return rows


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
        _PERSON.c.party_id,
        _PERSON.c.bounced_at,
    )


@cache
def _candidates(narrowed: bool) -> sa.Select:
    # A row of the future was written by a clock that was put back: it does not wait for that moment to come again.
    due = sa.or_(
        _MAIL.c.next_attempt_at <= sa.bindparam("now"),
        _MAIL.c.made_at > sa.bindparam("later"),
        _MAIL.c.last_attempt_at > sa.bindparam("later"),
    )
    found = (
        sa.select(*_columns())
        .select_from(_MAIL.outerjoin(_PERSON, _PERSON.c.id == _MAIL.c.recipient_id))
        .where(_MAIL.c.state == MessageState.QUEUED, due)
        .order_by(_MAIL.c.urgency, _MAIL.c.next_attempt_at, _MAIL.c.id)
        .limit(sa.bindparam("count"))
        .with_for_update(of=_MAIL, skip_locked=True)
    )
    if narrowed:
        found = found.where(_MAIL.c.domain.not_in(sa.bindparam("without", expanding=True)))
    return found


@cache
def _taking() -> sa.Update:
    return (
        sa.update(_MAIL)
        .where(_MAIL.c.id.in_(sa.bindparam("ids", expanding=True)))
        .values(
            state=MessageState.SENDING,
            lease_until=sa.bindparam("lease"),
            last_attempt_at=sa.bindparam("now"),
            attempts=_MAIL.c.attempts + 1,
        )
    )


def _revised(session: Session, row: sa.Row, now: datetime, revise: Revise) -> sa.Row | None:
    """The message as it may leave now; None where it may not. What cannot be looked at is tried again later, so that
    it holds up no other."""
    if row.kind not in LOOKED_AT:
        return row
    try:
        with session.begin_nested():
            if not revise(session, row.id, now=now):
                return None
            session.flush()
    except Exception as error:
        log.error("mail.not_revised", message=row.id, kind=type(error).__name__, exc_info=error)
        held = _claimed(row, now, ())
        mark_later(session, held, now, f"it could not be brought up to date ({type(error).__name__})")
        return None
    return session.connection().execute(_again(), {"id": row.id}).one()


@cache
def _again() -> sa.Select:
    # What was claimed counts the try already.
    columns = [(_MAIL.c.attempts - 1).label("attempts") if one.key == "attempts" else one for one in _columns()]
    return (
        sa.select(*columns)
        .select_from(_MAIL.outerjoin(_PERSON, _PERSON.c.id == _MAIL.c.recipient_id))
        .where(_MAIL.c.id == sa.bindparam("id"))
    )


def _with_attachments(session: Session, rows: Sequence[sa.Row], now: datetime) -> list[Claimed]:
    attached: dict[int, list[Attachment]] = {}
    for one in session.connection().execute(_attachments(), {"ids": [row.id for row in rows]}):
        attached.setdefault(one.message_id, []).append((one.file_name, one.content_type, one.content))
    return [_claimed(row, now, tuple(attached.get(row.id, ()))) for row in rows]


def _claimed(row: sa.Row, now: datetime, attachments: tuple[Attachment, ...]) -> Claimed:
    values = dict(row._mapping)
    values["attempts"] += 1
    bounced = values.pop("bounced_at") is not None
    return Claimed(**values, bounced=bounced, lease_until=now + LEASE, attachments=attachments)


@cache
def _attachments() -> sa.Select:
    table = cast(sa.Table, MessageAttachment.__table__)
    return (
        sa.select(table.c.message_id, table.c.file_name, table.c.content_type, table.c.content)
        .where(table.c.message_id.in_(sa.bindparam("ids", expanding=True)))
        .order_by(table.c.id)
    )


def mark_sent(session: Session, claimed: Claimed, now: datetime, _said: str = "") -> None:
    """The server has taken it. Holds whatever happened meanwhile: after a 250 there is no second copy."""
    session.connection().execute(_sent(), {"message": claimed.id, "now": now})
    _trace(session, "mail.sent", claimed, now)
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
        _trace(session, "mail.failed", claimed, now)


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


def let_go(session: Session, held: Sequence[Claimed]) -> None:
    """What was claimed and not tried waits again, as if nobody had touched it."""
    for one in held:
        _set(session, _still_ours(one), state=MessageState.QUEUED, attempts=one.attempts - 1, lease_until=None)


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


def _trace(session: Session, event: str, claimed: Claimed, now: datetime) -> None:
    trail.collect(
        session,
        trail.Entry(
            at=now,
            event=event,
            source_address=trail.source_address.get()[:64],
            record_type="message",
            record_id=str(claimed.id),
            party_id=claimed.party_id,
            new={"kind": claimed.kind, "recipient_id": claimed.recipient_id},
        ),
    )
