"""Erasing a file: its content goes from the store, its names from the rows; who, when and why stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.errors import NotPermitted, Unmet
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.vocabulary import FileState
from tracker.files.store import Store
from tracker.models import Evidence, EvidenceVersion
from tracker.services import audit


def purge(
    session: Session,
    store: Store,
    piece: Evidence,
    *,
    number: int | None = None,
    reason: str,
    actor: Actor,
    now: datetime,
) -> int:
    """Erase one version of a file, or all of them (``number`` None). Returns how many were erased.

    The rows stay with their numbers, sizes and digests; file names and the passages found go. The content leaves the
    store as soon as the transaction is committed; should that fail, the sweep erases it, since no row names it any
    more. Submissions still name the version, by number. Raises NotPermitted, Unmet(reason=…).
    """
    if not can(actor, Permission.PURGE):
        raise NotPermitted(Permission.PURGE)
    if not reason:
        raise Unmet(reason="required")
    wanted = sa.select(EvidenceVersion).where(
        EvidenceVersion.evidence_id == piece.id, EvidenceVersion.state != FileState.PURGED
    )
    if number is not None:
        wanted = wanted.where(EvidenceVersion.number == number)
    erased = session.scalars(wanted.with_for_update()).all()
    for version in erased:
        key = version.store_key
        version.state, version.store_key = FileState.PURGED, f"purged/{version.id}"
        version.file_name, version.findings, version.explanation, version.problem = "", [], "", ""
        version.purged_at, version.purged_by_id, version.purge_reason = now, actor.user_id, reason
        audit.record(
            session,
            "evidence.purge",
            now=now,
            actor=actor,
            party_id=piece.party_id,
            internal=False,
            about=("evidence", piece.id),
            new={"number": version.number, "reason": reason},
        )
        _after_commit(session, lambda key=key: store.delete(key))  # type: ignore[misc]
    session.flush()
    return len(erased)


def _after_commit(session: Session, act: Callable[[], None]) -> None:
    """Act once, when this transaction is committed; never, where it is rolled back."""
    waiting = [act]

    def committed(_session: Any) -> None:
        if waiting:
            waiting.pop()()

    def forget(_session: Any, _transaction: Any) -> None:
        waiting.clear()

    # Listeners stay as long as the session, a request: taking one away while it is called is an error.
    sa.event.listen(session, "after_commit", committed)
    sa.event.listen(session, "after_soft_rollback", forget)
