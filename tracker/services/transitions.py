"""The one function that changes a report's state, for every row of ``domain.workflow.TRANSITIONS``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tracker.domain.errors import NotPermitted, Stale, WrongState
from tracker.domain.policy import Actor, can
from tracker.domain.vocabulary import Visibility
from tracker.domain.workflow import TRANSITIONS, Action, may_start
from tracker.models import HistoryEntry, ProgressReport
from tracker.services import audit, notices
from tracker.services.records import subject_of


def perform(
    session: Session,
    report: ProgressReport,
    action: Action,
    *,
    actor: Actor | None,
    now: datetime,
    seen_version: int | None = None,
    comment: str = "",
    quoted: str = "",
    details: dict[str, Any] | None = None,
) -> HistoryEntry:
    """Move the report one step: permission, version, state, history, audit and mail together.

    ``actor`` None is the clock. What the step needs is checked by the service that calls this. A decision falls on
    the version the person saw (``seen_version``). ``quoted``: words for the mail that the history does not hold.
    Raises NotPermitted, Stale, WrongState.
    """
    step = TRANSITIONS[action]
    if step.permission is None:
        if actor is not None:
            raise NotPermitted(action)
    elif not can(actor, step.permission, subject_of(report, now=now)):
        raise NotPermitted(action)
    if not may_start(action, report.state):
        raise WrongState(action.value, report.state.value)
    if seen_version is not None and seen_version != report.version:
        raise Stale
    before = report.state
    report.state = step.target
    entry = HistoryEntry(
        commitment_id=report.commitment_id,
        report_id=report.id,
        party_id=report.party_id,
        at=now,
        action=action.value,
        from_state=before.value,
        to_state=step.target.value,
        actor_id=actor.user_id if actor else None,
        actor_role=actor.role.value if actor else None,
        visibility=step.visibility,
        comment=comment,
        details=details or {},
    )
    session.add(entry)
    audit.record(
        session,
        f"report.{action.value}",
        now=now,
        actor=actor,
        party_id=report.party_id,
        internal=step.visibility is Visibility.STAFF,
        about=("progress_report", report.id),
        old={"state": before.value},
        new={"state": step.target.value, **(details or {})},
    )
    session.flush()
    notices.tell(session, report, step, actor=actor, comment=comment or quoted, now=now, entry_id=entry.id)
    return entry
