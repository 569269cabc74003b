"""Reminders: one grouped mail per person and day about what is due or overdue, found by asking the data.

Nothing is planned ahead: what is submitted, extended, handed over or frozen is simply not found any more, a changed
due date has its own ladder, and after an outage of any length only the latest step goes out. The ledger
(``ReminderEntry``) and the key of the mail keep a second run from sending anything. A contributor is reminded of the
date of the part he or she was asked for, until it is handed in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.deadlines import days_left, local_date, local_hour
from tracker.domain.reminders import EARLIEST_HOUR, HORIZON, Done, Due, Owed, foresee, to_tell
from tracker.domain.vocabulary import PartyKind, ReminderOutcome, ReportState, Role
from tracker.domain.workflow import WITH_THE_PARTY
from tracker.mail import links, outbox
from tracker.mail.messages.reminders import Reminded, reminder
from tracker.models import (
    Assignment,
    Commitment,
    Message,
    Participation,
    ProgressReport,
    Provision,
    ReminderEntry,
    ReportingCycle,
    ReportingParty,
    User,
)
from tracker.services.assignment_lists import DUE, READY
from tracker.services.recipients import WRITERS
from tracker.wording import pick

KIND = "reminder"
TO_WRITE = (ReportState.DRAFT, ReportState.RETURNED)


@dataclass(frozen=True)
class Planned:
    """A mail that will go if nothing is submitted meanwhile. ``day`` is the reader's date."""

    day: date
    name: str
    email: str
    items: tuple[tuple[str, date, int], ...]
    """Party and provision ("BR CS-03"), due date, step."""


def readers(session: Session) -> list[int]:
    """Everybody whom a reminder may concern, by id."""
    roles = [Role.APPROVER, Role.CONTRIBUTOR, *WRITERS.values()]
    return list(
        session.scalars(sa.select(User.id).where(User.active.is_(True), User.role.in_(roles)).order_by(User.id))
    )


def is_due(session: Session, user_id: int, *, now: datetime) -> bool:
    """Whether ``remind`` would put a mail for this person now. Writes nothing."""
    user = session.get_one(User, user_id)
    return bool(_found(session, user, now))


def remind(session: Session, user_id: int, *, now: datetime) -> Message | None:
    """Put the mail of today for this person, with its ledger; None where nothing is to be told, or it went already."""
    user = session.get_one(User, user_id)
    found = _found(session, user, now)
    if not found:
        return None
    site = links.site(session)
    message = outbox.put(
        session,
        key=_key(user, now),
        kind=KIND,
        recipient_id=user.id,
        to_address=user.email,
        message=reminder(
            user.name,
            user.language,
            [_told(row, owed, user.language, site, now) for row, owed, _due in found],
            dashboard_url=site.dashboard,
            account_url=site.account,
        ),
        now=now,
    )
    if message is None:
        return None
    for _row, owed, due in found:
        for step in (*due.missed, due.step):
            session.add(
                ReminderEntry(
                    report_id=owed.report_id,
                    due_on=owed.due_on,
                    day=step,
                    outcome=ReminderOutcome.SENT if step == due.step else ReminderOutcome.PASSED_OVER,
                    user_id=user.id,
                    at=now,
                    message_id=message.id if step == due.step else None,
                )
            )
    session.flush()
    return message


def forecast(session: Session, *, now: datetime, days: int) -> list[Planned]:
    """Every reminder of the coming days as things stand, in order of date and person. Reads only."""
    planned = []
    for user_id in readers(session):
        user = session.get_one(User, user_id)
        rows = _rows(session, user, now, HORIZON + timedelta(days=days))
        owed, done = _owed(rows.values()), _ledger(session, user, {report_id for report_id, _due_on in rows})
        for day, items in foresee(owed, done, now, user.time_zone, days):
            if day == local_date(now, user.time_zone) and _went_today(session, user, now):
                continue
            found = [(rows[owed.report_id, owed.due_on], owed, due) for owed, due in items]
            listed = tuple((f"{row.party_code} {row.code}", owed.due_on, due.step) for row, owed, due in found)
            planned.append(Planned(day, user.name, user.email, listed))
    return sorted(planned, key=lambda p: (p.day, p.email))


def _found(session: Session, user: User, now: datetime) -> list[tuple[sa.Row, Owed, Due]]:
    if not user.active or local_hour(now, user.time_zone) < EARLIEST_HOUR:
        return []
    rows = _rows(session, user, now, HORIZON)
    if not rows:
        return []
    told = to_tell(
        _owed(rows.values()), _ledger(session, user, {report_id for report_id, _due_on in rows}), now, user.time_zone
    )
    if not told or _went_today(session, user, now):
        return []
    return [(rows[owed.report_id, owed.due_on], owed, due) for owed, due in told]


def _rows(session: Session, user: User, now: datetime, horizon: timedelta) -> dict[tuple[int, date], sa.Row]:
    """The open reports that are this person's to act on and due within ``horizon``, by report and date. One query.

    A contributor's parts of one report count by their dates: two of one date are told of once.
    """
    concerns = _concerns(user)
    if concerns is None:
        return {}
    today = local_date(now, "UTC")
    yesterday = today - timedelta(days=1)
    takes_part = sa.exists().where(
        Participation.party_id == ProgressReport.party_id,
        Participation.starts_on <= today,
        sa.or_(Participation.ends_on.is_(None), Participation.ends_on >= today),
    )
    due_on: sa.ColumnElement[date] = sa.type_coerce(DUE if user.role is Role.CONTRIBUTOR else ProgressReport.due_on,
                                                    sa.Date)  # fmt: skip
    query = (
        sa.select(
            ProgressReport.id,
            ProgressReport.state,
            due_on.label("due_on"),
            ProgressReport.submitted_at,
            ReportingCycle.closes_on,
            ReportingParty.time_zone,
            ReportingParty.code.label("party_code"),
            Provision.code,
            Provision.title,
        )
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .join(ReportingParty, ReportingParty.id == ProgressReport.party_id)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .where(
            concerns,
            ProgressReport.state.in_(WITH_THE_PARTY),
            due_on <= today + horizon,
            ReportingCycle.opened_at.is_not(None),
            # A first, wide sieve by date; the exact end is the ladder's, in the party's zone.
            sa.or_(ReportingCycle.closes_on >= yesterday, ProgressReport.due_on >= yesterday),
            Commitment.is_followed,
            sa.or_(ReportingParty.kind != PartyKind.MEMBER_STATE, takes_part),
        )
    )
    if user.role is Role.CONTRIBUTOR:
        mine = sa.and_(Assignment.commitment_id == ProgressReport.commitment_id, Assignment.user_id == user.id)
        query = query.join(Assignment, mine).where(~READY)
    return {(row.id, row.due_on): row for row in session.execute(query)}


def _concerns(user: User) -> sa.ColumnElement[bool] | None:
    """Which reports wait for this person, by role: as ``recipients`` has it, and the policy."""
    own = ProgressReport.party_id == user.party_id
    to_write = ProgressReport.state.in_(TO_WRITE)
    if user.role is Role.FOCAL_POINT:
        an_approver = sa.exists().where(
            User.party_id == ReportingParty.id, User.role == Role.APPROVER, User.active.is_(True)
        )
        return sa.and_(own, sa.or_(to_write, ReportingParty.approval_required.is_(False), ~an_approver))
    if user.role is Role.APPROVER:
        waiting = ProgressReport.state == ReportState.AWAITING_APPROVAL
        return sa.and_(own, waiting, ReportingParty.approval_required.is_(True))
    if user.role is Role.CONTRIBUTOR:
        return sa.and_(own, to_write)
    if user.role is Role.SECRETARIAT_REPORTER:
        return own
    if user.role is Role.ADMINISTRATOR:
        return ReportingParty.kind == PartyKind.COOPERATION_AGENCIES
    return None


def _owed(rows: Iterable[sa.Row]) -> list[Owed]:
    return [Owed(r.id, r.due_on, max(r.closes_on, r.due_on), r.time_zone) for r in rows]


def _ledger(session: Session, user: User, report_ids: Iterable[int]) -> Done:
    steps: dict[tuple[int, date], set[int]] = defaultdict(set)
    for report_id, due_on, step in session.execute(
        sa.select(ReminderEntry.report_id, ReminderEntry.due_on, ReminderEntry.day).where(
            ReminderEntry.user_id == user.id, ReminderEntry.report_id.in_(list(report_ids))
        )
    ):
        steps[report_id, due_on].add(step)
    return {key: frozenset(told) for key, told in steps.items()}


def _key(user: User, now: datetime) -> str:
    return f"{KIND}:{user.id}:{local_date(now, user.time_zone)}"


def _went_today(session: Session, user: User, now: datetime) -> bool:
    return session.scalar(sa.select(sa.exists().where(Message.key == _key(user, now)))) or False


def _told(row: sa.Row, owed: Owed, language: str, site: links.Site, now: datetime) -> Reminded:
    return Reminded(
        code=row.code,
        title=pick(row.title, language),
        url=site.report(row.id),
        due_on=owed.due_on,
        days_left=days_left(owed.due_on, now, owed.time_zone),
        time_zone=owed.time_zone,
        awaits_approval=row.state is ReportState.AWAITING_APPROVAL,
        returned=row.state is ReportState.RETURNED and row.submitted_at is not None,
    )
