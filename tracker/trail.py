"""The chain of the audit trail: entries are collected on the session and sealed once, right before it commits.

Each entry has the next number and carries the hash of the one before it, so that nothing can be changed, removed or put
between without showing. One row (``audit_head``) holds the last number and hash; writers lock it, one after the other,
for the last moment of their transaction only (docs/decisions/0016-audit-chain.md). Here is how entries are chained;
what may stand in one is the matter of ``services.audit``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, SessionTransaction, sessionmaker

from tracker.models import AuditEntry, AuditHead, PublicVersion

START = "0" * 64
"""What the first entry has in the place of the hash of the one before."""
_WAITING = "tracker.trail.waiting"
_MARKS = "tracker.trail.marks"

source_address: ContextVar[str] = ContextVar("source_address", default="")
"""Where the request comes from; set by the door, empty in jobs and commands."""


class HeadMissing(Exception):
    """The row that holds the end of the chain is gone: nothing can be written until somebody has looked why."""


@dataclass(frozen=True)
class Entry:
    """What happened, not yet numbered. Values are those of the columns of ``AuditEntry``."""

    at: datetime
    event: str
    actor_id: int | None = None
    source_address: str = ""
    record_type: str | None = None
    record_id: str | None = None
    party_id: int | None = None
    internal: bool = False
    old: dict[str, Any] | None = None
    new: dict[str, Any] | None = None


UNSEEN = (
    "access.",
    "audit.",
    "calendar.",
    "escalation.",
    "export",
    "holiday.",
    "inbox.",
    "invitation.",
    "ladder.",
    "mail.",
    "mail_settings.",
    "note.",
    "note_verbale.",
    "password",
    "question.",
    "report.save",
    "sign_",
    "subscription.",
    "user.",
    "view.",
    "workbook.",
)
"""How events begin that change nothing which is public. All others count as a change (``public_version``)."""

HASHED = (
    "number",
    "at",
    "event",
    "actor_id",
    "source_address",
    "record_type",
    "record_id",
    "party_id",
    "internal",
    "old",
    "new",
    "previous_sha256",
)
"""The columns an entry's hash stands for: all that say anything."""


def digest(row: Mapping[str, Any]) -> str:
    """The SHA-256 of an entry in its canonical form: JSON of ``HASHED``, keys sorted, no spaces, moments in UTC."""
    values = {name: row[name] for name in HASHED}
    values["at"] = values["at"].astimezone(UTC).isoformat(timespec="microseconds")
    values["internal"] = bool(values["internal"])
    text = json.dumps(values, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def collect(session: Session, entry: Entry) -> None:
    """Let this entry be written when the session commits; what is undone leaves none."""
    if not session.in_transaction():
        session.begin()
    _waiting(session).append(entry)


def listen(maker: sessionmaker[Session]) -> None:
    """Have every session of this maker seal what it collected."""
    sa.event.listen(maker, "before_commit", _seal)
    sa.event.listen(maker, "after_transaction_create", _begun)
    sa.event.listen(maker, "after_soft_rollback", _undone)
    sa.event.listen(maker, "after_transaction_end", _ended)


def _waiting(session: Session) -> list[Entry]:
    found: list[Entry] = session.info.setdefault(_WAITING, [])
    return found


def _marks(session: Session) -> dict[SessionTransaction, int]:
    """How much was waiting when each savepoint that is open now was set."""
    found: dict[SessionTransaction, int] = session.info.setdefault(_MARKS, {})
    return found


def _begun(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        _marks(session)[transaction] = len(_waiting(session))
    elif transaction.parent is None:
        _waiting(session).clear()


def _undone(session: Session, transaction: SessionTransaction) -> None:
    # A flush that fails undoes all since the savepoint, or the whole transaction, and tells of itself only.
    undone = transaction
    while undone.parent is not None and not undone.nested:
        undone = undone.parent
    del _waiting(session)[_marks(session).get(undone, 0) :]


def _ended(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        _marks(session).clear()


def _seal(session: Session) -> None:
    """Number, chain and insert what was collected. A savepoint that ends seals nothing: its entries wait on."""
    waiting = _waiting(session)
    if not waiting or session.in_nested_transaction():
        return
    # Whatever can fail or wait on other rows does so before the chain is locked.
    session.flush()
    connection = session.connection()
    head = connection.execute(_HEAD).one_or_none()
    if head is None:
        raise HeadMissing
    number, previous = head.number, head.sha256
    rows = []
    for entry in waiting:
        number += 1
        row = {**asdict(entry), "number": number, "previous_sha256": previous}
        row["sha256"] = previous = digest(row)
        rows.append(row)
    connection.execute(sa.insert(AuditEntry), rows)
    connection.execute(sa.update(AuditHead).values(number=number, sha256=previous))
    if not all(entry.event.startswith(UNSEEN) for entry in waiting):
        connection.execute(sa.update(PublicVersion).values(number=number))
    waiting.clear()


_HEAD = sa.select(AuditHead.number, AuditHead.sha256).with_for_update()
