"""The private calendar of a person: what is to be done and by when, as plain data for ``documents.calendar``.

Who has to act is the picture that reminders are made from (``reminder_duties``), so that the two cannot disagree.
The key in the address is the only door: it shows codes, titles and dates, never an answer, a name or a rating.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.calendar import Event, Feed
from tracker.domain.deadlines import last_day, local_date
from tracker.domain.errors import NotVisible
from tracker.domain.policy import Actor
from tracker.domain.reminders import is_open
from tracker.domain.vocabulary import REPORTING_ROLES, PartyKind, ReportState, Role
from tracker.mail import links
from tracker.mail.rendering import Words
from tracker.models import (
    Assignment,
    AuditEntry,
    Commitment,
    Extension,
    HistoryEntry,
    ProgressReport,
    Provision,
    ReportingCycle,
    ReportingParty,
    User,
)
from tracker.services import audit, mail_readers, reminder_duties, work_calendars
from tracker.services.assignment_lists import DUE, READY
from tracker.services.mail_readers import MailReader
from tracker.services.plain_rows import rows
from tracker.services.recipients import WRITERS
from tracker.wording import pick

AHEAD = timedelta(days=400)
"""So far ahead the calendar looks."""


def make_address(session: Session, *, actor: Actor, now: datetime) -> None:
    """Give the person an address for the calendar; the one before is dead from now on."""
    user = session.get_one(User, actor.user_id, with_for_update=True)
    again = user.calendar_key is not None
    user.calendar_key = secrets.token_urlsafe(24)
    audit.record(session, "calendar.made", now=now, actor=actor, about=("user", user.id), new={"again": again})


def remove_address(session: Session, *, actor: Actor, now: datetime) -> None:
    """Take the address away; nothing where there is none."""
    user = session.get_one(User, actor.user_id, with_for_update=True)
    if user.calendar_key is None:
        return
    user.calendar_key = None
    audit.record(session, "calendar.removed", now=now, actor=actor, about=("user", user.id))


def address(session: Session, actor: Actor) -> str | None:
    """The person's private address; None before one was asked for."""
    key = session.scalar(sa.select(User.calendar_key).where(User.id == actor.user_id))
    return links.site(session).calendar(key) if key else None


def feed(session: Session, calendar_key: str, *, now: datetime) -> Feed:
    """The calendar behind a key. Raises NotVisible where no active person has this key (any more).

    Eleven queries at most, whatever the number of events.
    """
    user_id = session.scalar(
        sa.select(User.id).where(User.calendar_key == calendar_key, User.calendar_key != "", User.active.is_(True))
    )
    if user_id is None:
        raise NotVisible
    people = mail_readers.beside(session, user_id, work_calendars.load(session))
    me = next(one for one in people if one.user_id == user_id)
    _ = Words(me.language)
    picture = reminder_duties.load(session, people, now=now, ahead=AHEAD, only=me)
    cycles = _cycles(session, now)
    found = [*_duties(session, me, picture, cycles, _, now)]
    party = picture.parties.get(me.party_id or 0)
    if me.role in REPORTING_ROLES and party is not None:
        found += _days_of_cycles(session, cycles.values(), _, local_date(now, party.time_zone))
    found += _windows(session, me, cycles, _)
    if me.role in (Role.REVIEWER, Role.ADMINISTRATOR):
        found += _extensions(session, cycles, _)
    return Feed(_("Commitments Tracker"), me.language, tuple(sorted(found, key=lambda e: (e.day, e.title, e.uid))))


def _duties(
    session: Session,
    me: MailReader,
    picture: reminder_duties.Picture,
    cycles: dict[int, sa.Row[Any]],
    _: Words,
    now: datetime,
) -> Iterator[Event]:
    items = [
        (group, duty)
        for group, duties in picture.items_of(me)
        if is_open(group.last_day, group.party.time_zone, now)
        for duty in duties
    ]
    if not items:
        return
    ids = {duty.report_id for _group, duty in items}
    facts = {row.id: row for row in rows(session, _facts(), {"ids": list(ids)})}
    parts: dict[tuple[int, date], int] = {}
    if me.role is Role.CONTRIBUTOR:
        mine = rows(session, _parts(), {"user": me.user_id, "ids": list(ids)})
        parts = {(row.id, row.due_on): row.part for row in mine}
    for group, duty in items:
        row = facts[duty.report_id]
        part = parts.get((duty.report_id, group.due_on))
        if group.awaits_approval and picture.has_approver(group.party):
            purpose, sentence = "approve", _("To sign off: %(code)s", code=_named(row, me.language))
        elif me.role is Role.CONTRIBUTOR:
            purpose, sentence = f"part-{part}", _("Your part is due: %(code)s", code=_named(row, me.language))
        else:
            purpose, sentence = "due", _("Report due: %(code)s", code=_named(row, me.language))
        yield _event(session, row, cycles, purpose, group.due_on, sentence)


def _windows(session: Session, me: MailReader, cycles: dict[int, sa.Row[Any]], _: Words) -> Iterator[Event]:
    """Time for comment that ends: for who may comment, for the reviewer of the report, for administrators."""
    for row in rows(session, _open_windows(), {"state": ReportState.OPEN_FOR_COMMENT}):
        own = row.party_id == me.party_id and me.role in (WRITERS[row.kind], Role.APPROVER)
        staff = me.role is Role.ADMINISTRATOR or (me.role is Role.REVIEWER and row.reviewer_id == me.user_id)
        if not own and not staff:
            continue
        code = _named(row, me.language) if own else f"{row.party_code} {_named(row, me.language)}"
        sentence = _("Last day for comment: %(code)s", code=code)
        yield _event(session, row, cycles, "comment", last_day(row.window_ends_at, row.time_zone), sentence)


def _extensions(session: Session, cycles: dict[int, sa.Row[Any]], _: Words) -> Iterator[Event]:
    """Later due dates that were asked for and wait for a decision, on the due date as it stands."""
    for row in rows(session, _asked()):
        code = f"{row.party_code} {_named(row, _.language)}"
        sentence = _("A later due date was asked for: %(code)s", code=code)
        yield _event(session, row, cycles, f"extension-{row.extension_id}", row.due_on, sentence)


def _days_of_cycles(session: Session, cycles: Iterable[sa.Row[Any]], _: Words, today: date) -> Iterator[Event]:
    site = links.site(session)
    for row in cycles:
        title = pick(row.title, _.language)
        for purpose, day, sentence in (
            ("opens", row.opens_on, _("Reporting opens: %(cycle)s", cycle=title)),
            ("closes", row.closes_on, _("Last day to submit: %(cycle)s", cycle=title)),
        ):
            if day >= today:
                uid = f"cycle-{row.id}-{purpose}@{site.mail_domain}"
                yield Event(uid, day, sentence, site.dashboard, row.version, row.changed_at)


def _event(
    session: Session, row: sa.Row[Any], cycles: dict[int, sa.Row[Any]], purpose: str, day: date, title: str
) -> Event:
    """``row`` as ``_report_columns``. A cycle that was changed may have moved its reports without a history entry."""
    site = links.site(session)
    cycle = cycles.get(row.cycle_id)
    known = [moment for moment in (row.told_at, cycle.changed_at if cycle else None) if moment is not None]
    changed_at = max(known, default=row.opened_at)
    uid = f"report-{row.id}-{purpose}@{site.mail_domain}"
    return Event(uid, day, title, site.commitment(row.commitment_id), row.version + row.acts, changed_at)


def _named(row: sa.Row[Any], language: str) -> str:
    return f"{row.code} {pick(row.title, language)}"


def _report_columns() -> list[Any]:
    """What every event about a report needs. Entries of the history are only added: their number only grows."""
    history = HistoryEntry.commitment_id == ProgressReport.commitment_id
    return [
        ProgressReport.id,
        ProgressReport.commitment_id,
        ProgressReport.cycle_id,
        ProgressReport.party_id,
        ProgressReport.version,
        ProgressReport.due_on,
        Provision.code,
        Provision.title,
        ReportingCycle.opened_at,
        sa.select(sa.func.count()).select_from(HistoryEntry).where(history).scalar_subquery().label("acts"),
        sa.select(sa.func.max(HistoryEntry.at)).where(history).scalar_subquery().label("told_at"),
    ]


def _reports(*more: Any) -> sa.Select:
    return (
        sa.select(*_report_columns(), *more)
        .select_from(ProgressReport)
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
    )


@cache
def _facts() -> sa.Select:
    return _reports().where(ProgressReport.id.in_(sa.bindparam("ids", expanding=True)))


@cache
def _parts() -> sa.Select:
    """Under which number a contributor's part stands in the calendar: parts of one report and date are one."""
    due_on = sa.type_coerce(DUE, sa.Date).label("due_on")
    return (
        sa.select(ProgressReport.id, due_on, sa.func.min(Assignment.id).label("part"))
        .select_from(Assignment)
        .join(ProgressReport, ProgressReport.commitment_id == Assignment.commitment_id)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .where(
            Assignment.user_id == sa.bindparam("user"),
            ProgressReport.id.in_(sa.bindparam("ids", expanding=True)),
            ~READY,
        )
        .group_by(ProgressReport.id, DUE)
    )


@cache
def _open_windows() -> sa.Select:
    more = (
        ProgressReport.window_ends_at,
        ProgressReport.reviewer_id,
        ReportingParty.kind,
        ReportingParty.time_zone,
        ReportingParty.code.label("party_code"),
    )
    return (
        _reports(*more)
        .join(ReportingParty, ReportingParty.id == ProgressReport.party_id)
        .where(
            ProgressReport.state == sa.bindparam("state"),
            ProgressReport.window_ends_at.is_not(None),
            Commitment.is_followed,
        )
    )


@cache
def _asked() -> sa.Select:
    return (
        _reports(Extension.id.label("extension_id"), ReportingParty.code.label("party_code"))
        .join(Extension, Extension.report_id == ProgressReport.id)
        .join(ReportingParty, ReportingParty.id == ProgressReport.party_id)
        .where(Extension.decided_at.is_(None), ReportingParty.kind != PartyKind.COOPERATION_AGENCIES)
    )


def _cycles(session: Session, now: datetime) -> dict[int, sa.Row[Any]]:
    """The cycles that are planned or not over yet, with the moment of their last change."""
    return {row.id: row for row in rows(session, _listed(), {"since": local_date(now, "UTC") - timedelta(days=1)})}


@cache
def _listed() -> sa.Select:
    changed = (
        sa.select(sa.func.max(AuditEntry.at))
        .where(
            AuditEntry.record_type == "reporting_cycle",
            AuditEntry.record_id == sa.cast(ReportingCycle.id, sa.String),
        )
        .scalar_subquery()
    )
    planned = sa.type_coerce(sa.func.coalesce(changed, ReportingCycle.opened_at), AuditEntry.at.type)
    return sa.select(
        ReportingCycle.id,
        ReportingCycle.title,
        ReportingCycle.opens_on,
        ReportingCycle.closes_on,
        ReportingCycle.version,
        planned.label("changed_at"),
    ).where(ReportingCycle.closes_on >= sa.bindparam("since", type_=sa.Date))
