"""What a change would do to the coming mail, before it is saved: done for real inside a savepoint, and undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.deadlines import local_date
from tracker.domain.mail_plan import PlannedMail
from tracker.domain.plan_difference import Difference, compare
from tracker.models import Message, User
from tracker.services import mail_plan

AT_ONCE = "at_once"
"""The reason of a mail that leaves the moment the change is saved."""


def difference(
    session: Session, change: Callable[[Session], object], *, now: datetime, days: int = mail_plan.DAYS
) -> Difference:
    """Plan, let ``change`` act with the real service, plan again, undo it all, and say what differs.

    Call it in ``db.rehearsal()``, which undoes the rest: the savepoint keeps no row, no mail and no entry of the audit
    trail. What the service refuses is raised as it is when saving.
    """
    before = mail_plan.plan(session, now=now, days=days)
    newest = session.scalar(sa.select(sa.func.max(Message.id))) or 0
    savepoint = session.begin_nested()
    try:
        change(session)
        session.flush()
        after = mail_plan.plan(session, now=now, days=days)
        put = _put_since(session, newest, now)
    finally:
        savepoint.rollback()
        session.expire_all()
    return replace(compare(before, after, days=days), at_once=put)


def _put_since(session: Session, newest: int, now: datetime) -> tuple[PlannedMail, ...]:
    """The mails that the change itself put into the outbox."""
    rows = session.execute(
        sa.select(Message.kind, Message.recipient_id, Message.to_address, User.name, User.time_zone)
        .outerjoin(User, User.id == Message.recipient_id)
        .where(Message.id > newest)
        .order_by(Message.id)
    )
    return tuple(
        PlannedMail(
            day=local_date(now, row.time_zone or "UTC"),
            at=now,
            user_id=row.recipient_id,
            name=row.name or "",
            email=row.to_address,
            kind=row.kind,
            reason=AT_ONCE,
        )
        for row in rows
    )
