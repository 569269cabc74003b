"""What came lately to the people of some States, as the inbox shows it: the real notices of their newest steps."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.vocabulary import MessageState
from tracker.domain.workflow import TRANSITIONS
from tracker.models import HistoryEntry, Message, ProgressReport, ReportingParty
from tracker.services import notices

STATES = ("BR", "GT", "PE")
STEPS = 5
"""Of each State."""
READ_AFTER = timedelta(days=10)
"""Older ones were opened the day after."""


def write(session: Session, *, now: datetime) -> None:
    """Sent, all of them: loading leaves no mail that waits."""
    telling = [action.value for action, step in TRANSITIONS.items() if step.tells]
    for code in STATES:
        newest = (
            sa.select(HistoryEntry)
            .join(ReportingParty, ReportingParty.id == HistoryEntry.party_id)
            .where(ReportingParty.code == code, HistoryEntry.action.in_(telling), HistoryEntry.report_id.is_not(None))
            .order_by(HistoryEntry.at.desc(), HistoryEntry.id.desc())
            .limit(STEPS)
        )
        for entry in reversed(session.scalars(newest).all()):
            step = next(t for t in TRANSITIONS.values() if t.action == entry.action)
            report = session.get_one(ProgressReport, entry.report_id)
            notices.tell(session, report, step, actor=None, comment=entry.comment, now=entry.at, entry_id=entry.id)
    session.flush()
    for message in session.scalars(sa.select(Message)):
        message.state = MessageState.SENT
        message.sent_at = message.last_attempt_at = message.made_at
        message.attempts = 1
        if message.made_at < now - READ_AFTER:
            message.read_at = message.made_at + timedelta(days=1)
