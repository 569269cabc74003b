"""News for the mail of the day: what was kept for it, without what its reader has acted on since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from tracker.domain.vocabulary import MessageState
from tracker.mail import links, outbox
from tracker.mail.day import Contribution, Section
from tracker.mail.messages.held import HeldNotice, section
from tracker.models import HistoryEntry, Message
from tracker.services.mail_readers import MailReader

OF_A_STEP = "notice:"
"""How the keys of notices about one step begin: the entry of the history follows, then the reader."""


def waiting(session: Session) -> set[int]:
    """Everybody for whom news is kept, by id. One query."""
    return set(
        session.scalars(
            sa.select(Message.recipient_id)
            .where(Message.state == MessageState.HELD, Message.recipient_id.is_not(None))
            .distinct()
        )
    )


def contribution(session: Session, person: MailReader, *, now: datetime) -> Contribution | None:
    """What was kept for this person; None where nothing was."""
    held = _of(session, person.user_id, Message.state == MessageState.HELD)
    if not held:
        return None
    overtaken = acted_on(session, held)
    told = [one for one in held if one.id not in overtaken]

    def settle(session: Session, message: Message | None) -> None:
        for one in held:
            if one.id in overtaken:
                outbox.withdraw(session, one, now=now)
            elif message is not None:
                one.state, one.within_id = MessageState.GROUPED, message.id
        session.flush()

    return Contribution(describe(session, person, told) if told else None, settle)


def describe(session: Session, person: MailReader, notices: Sequence[Message]) -> Section:
    """The section about these notices."""
    return section(
        person.language,
        [HeldNotice(one.subject, one.url) for one in notices],
        inbox_url=links.site(session).inbox,
    )


def within(session: Session, message: Message) -> list[Message]:
    """The notices that this mail of the day names."""
    of_it = sa.and_(Message.within_id == message.id, Message.state == MessageState.GROUPED)
    return _of(session, message.recipient_id, of_it)


def acted_on(session: Session, notices: Iterable[Message]) -> set[int]:
    """Those about a step after which their reader has acted on the same report: no news any more. One query."""
    entries: dict[int, int] = {}
    for one in notices:
        number = one.key.removeprefix(OF_A_STEP).partition(":")[0]
        if one.key.startswith(OF_A_STEP) and number.isdecimal() and one.recipient_id is not None:
            entries[one.id] = int(number)
    if not entries:
        return set()
    later = aliased(HistoryEntry)
    pairs = {
        (row.id, row.actor_id)
        for row in session.execute(
            sa.select(HistoryEntry.id, later.actor_id)
            .join(later, sa.and_(later.report_id == HistoryEntry.report_id, later.id > HistoryEntry.id))
            .where(HistoryEntry.id.in_(set(entries.values())), later.actor_id.is_not(None))
            .distinct()
        )
    }
    readers = {one.id: one.recipient_id for one in notices}
    return {number for number, entry in entries.items() if (entry, readers[number]) in pairs}


def _of(session: Session, user_id: int | None, which: sa.ColumnElement[bool]) -> list[Message]:
    return list(
        session.scalars(
            sa.select(Message).where(Message.recipient_id == user_id, which).order_by(Message.id).with_for_update()
        )
    )
