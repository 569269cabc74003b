"""The audit trail: who did what, when, from where, written in the transaction of the change."""

from __future__ import annotations

import hashlib
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tracker.domain.policy import Actor
from tracker.models import AuditEntry

source_address: ContextVar[str] = ContextVar("source_address", default="")
"""Where the request comes from; set by the door, empty in jobs and commands."""

LONGEST_PLAIN = 120


def record(
    session: Session,
    event: str,
    *,
    now: datetime,
    actor: Actor | None = None,
    actor_id: int | None = None,
    about: tuple[str, object] | None = None,
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
) -> None:
    """Add one entry. ``event`` is a static name; ``about`` is (record type, id); long texts are kept as a digest."""
    session.add(
        AuditEntry(
            at=now,
            event=event,
            actor_id=actor.user_id if actor else actor_id,
            source_address=source_address.get()[:64],
            record_type=about[0] if about else None,
            record_id=str(about[1]) if about else None,
            old=_plain(old),
            new=_plain(new),
        )
    )


def _plain(values: dict[str, Any] | None) -> dict[str, Any] | None:
    if values is None:
        return None
    return {name: _digest(value) for name, value in values.items()}


def _digest(value: Any) -> Any:
    """Short values as they are; of long texts the length and a hash, so that no narrative is copied here."""
    if value is None or isinstance(value, bool | int):
        return value
    text = str(value)
    if len(text) <= LONGEST_PLAIN:
        return text
    return {"length": len(text), "sha256": hashlib.sha256(text.encode()).hexdigest()}
