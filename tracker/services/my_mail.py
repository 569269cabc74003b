"""What will come to one person by mail, as things stand: his or her own part of the mail calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.deadlines import local_date
from tracker.domain.mail_plan import PlannedItem, PlannedMail
from tracker.domain.policy import Actor
from tracker.domain.vocabulary import PartyKind
from tracker.models import Holiday, ReportingParty, User
from tracker.services import mail_plan_sources as sources
from tracker.services import mail_readers, reminder_duties, reminder_forecast, work_calendars
from tracker.services.mail_plan import DAYS, REASONS

__all__ = ["DAYS", "REASONS", "Coming", "coming", "holidays"]


@dataclass(frozen=True)
class Coming:
    """The mails of one day, on the person's own calendar."""

    day: date
    mails: tuple[PlannedMail, ...]


def coming(session: Session, actor: Actor, *, now: datetime) -> list[Coming]:
    """The days of the next ``DAYS`` days on which mail will leave for this person. Reads only.

    What people cause leaves at once and cannot be foreseen.
    """
    people = mail_readers.beside(session, actor.user_id, work_calendars.load(session))
    me = next((one for one in people if one.user_id == actor.user_id), None)
    if me is None or me.reads.bounced:
        return []
    until = now + timedelta(days=DAYS)
    only = {me.user_id: me}
    picture = reminder_duties.load(session, people, now=now, ahead=timedelta(days=DAYS), only=me)
    reminders = reminder_forecast.from_picture(session, picture, now=now, days=DAYS)
    mails = [
        *(mail for mail in reminders if mail.user_id == me.user_id),
        *sources.summaries(session, only, now=now, until=until),
        *sources.publications(session, only, now=now, until=until),
        *sources.documents(session, only, now=now, until=until),
    ]
    days: dict[date, list[PlannedMail]] = {}
    for mail in sorted(mails, key=lambda one: (one.day, one.at, one.kind)):
        days.setdefault(mail.day, []).append(mail)
    return [Coming(day, tuple(found)) for day, found in days.items()]


def items_by_date(mail: PlannedMail) -> list[tuple[date, list[PlannedItem]]]:
    """The items of one mail by due date, the earliest first."""
    found: dict[date, list[PlannedItem]] = {}
    for item in sorted(mail.items, key=lambda one: (one.due_on, one.party_code, one.code)):
        found.setdefault(item.due_on, []).append(item)
    return list(found.items())


def holidays(session: Session, actor: Actor, *, now: datetime) -> list[sa.Row]:
    """The coming holidays of the person's own party for a year: day, name. Staff have those of the Secretariat."""
    today = local_date(now, actor.time_zone)
    whose = Holiday.party_id == actor.party_id
    if actor.is_staff:
        whose = ReportingParty.kind == PartyKind.GENERAL_SECRETARIAT
    return list(
        session.execute(
            sa.select(Holiday.day, Holiday.name)
            .join(ReportingParty, ReportingParty.id == Holiday.party_id)
            .where(whose, Holiday.day >= today, Holiday.day <= today + timedelta(days=366))
            .order_by(Holiday.day)
        )
    )


def bounced(session: Session, actor: Actor) -> bool:
    """Whether a mail server said for good that the person's address takes no mail."""
    return session.scalar(sa.select(User.bounced_at).where(User.id == actor.user_id)) is not None
