"""The e-mails that go out at once because a report moved: who is told stands in the workflow's table."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from tracker.domain.policy import Actor
from tracker.domain.workflow import Transition
from tracker.models import ProgressReport


def tell(
    session: Session,
    report: ProgressReport,
    step: Transition,
    *,
    actor: Actor | None,
    comment: str,
    now: datetime,
    entry_id: int,
) -> None:
    """Put a message into the outbox for each person of the step's audiences but the one who acted."""
