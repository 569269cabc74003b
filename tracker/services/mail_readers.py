"""The people mail goes to, as plain data: who they are, and when they read. Read in bulk, whatever their number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.deadlines import local_date
from tracker.domain.reminders import Reader
from tracker.domain.vocabulary import Role
from tracker.mail.outbox import OF_THE_DAY
from tracker.models import Message, User
from tracker.services.plain_rows import rows
from tracker.services.work_calendars import WorkCalendars


@dataclass(frozen=True, slots=True)
class MailReader:
    """An active person."""

    user_id: int
    name: str
    email: str
    language: str
    role: Role
    party_id: int | None
    is_alternate: bool
    mail_key: str
    reads: Reader


def everybody(session: Session, calendars: WorkCalendars) -> list[MailReader]:
    """Every active person, by id. One query."""
    return _read(session, _people(), calendars, {})


def beside(session: Session, user_id: int, calendars: WorkCalendars) -> list[MailReader]:
    """This person, if active, and everybody who stands beside him or her: of the same party, or of the staff.

    One query.
    """
    return _read(session, _beside(), calendars, {"id": user_id})


def key(person: MailReader, now: datetime) -> str:
    """The key of the mail of today, on this person's own calendar."""
    return f"{OF_THE_DAY}{person.user_id}:{local_date(now, person.reads.time_zone)}"


def mailed_today(session: Session, people: Iterable[MailReader], now: datetime) -> set[int]:
    """Those for whom today's mail was made already, by id. One query."""
    keys = {key(one, now): one.user_id for one in people}
    made = session.scalars(sa.select(Message.key).where(Message.key.in_(list(keys)))) if keys else ()
    return {keys[one] for one in made}


def _read(session: Session, statement: sa.Select, calendars: WorkCalendars, values: dict[str, int]) -> list[MailReader]:
    return [
        MailReader(
            user_id=row.id,
            name=row.name,
            email=row.email,
            language=row.language,
            role=row.role,
            party_id=row.party_id,
            is_alternate=row.is_alternate,
            mail_key=row.mail_key,
            reads=Reader(
                time_zone=row.time_zone,
                calendar=calendars.of(row.role, row.party_id),
                hour=row.mail_hour,
                rhythm=row.reminder_rhythm,
                away_until=row.away_until,
                bounced=row.bounced_at is not None,
            ),
        )
        for row in rows(session, statement, values)
    ]


@cache
def _people() -> sa.Select:
    return (
        sa.select(
            User.id,
            User.name,
            User.email,
            User.language,
            User.role,
            User.party_id,
            User.is_alternate,
            User.mail_key,
            User.time_zone,
            User.mail_hour,
            User.reminder_rhythm,
            User.away_until,
            User.bounced_at,
        )
        .where(User.active.is_(True))
        .order_by(User.id)
    )


@cache
def _beside() -> sa.Select:
    party = sa.select(User.party_id).where(User.id == sa.bindparam("id")).scalar_subquery()
    return _people().where(
        sa.or_(User.id == sa.bindparam("id"), User.party_id == party, User.role == Role.ADMINISTRATOR)
    )
