"""What will be sent beside reminders, as things stand: summaries, publications by the clock, status reports, and the
letters of escalation that will wait for staff. Read with a constant number of queries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain import subscriptions as when
from tracker.domain.deadlines import ends_at, local_date
from tracker.domain.escalations import steps_by_hand
from tracker.domain.mail_plan import PlannedItem, PlannedMail
from tracker.domain.reminders import Reader
from tracker.domain.vocabulary import (
    NoticeRhythm,
    ObservationState,
    OfficeKind,
    PartyKind,
    ReportState,
    Rung,
)
from tracker.domain.workflow import WITH_THE_PARTY, WITH_THE_SECRETARIAT
from tracker.models import (
    Commitment,
    Escalation,
    Observation,
    Office,
    Participation,
    ProgressReport,
    Provision,
    ReportingCycle,
    ReportingParty,
    StatusReportMail,
    Subscription,
    SummaryEntry,
    User,
)
from tracker.services import issue_rhythm, ladder, mail_readers, overdue, status_report_mail, work_calendars
from tracker.services.mail_readers import MailReader
from tracker.services.plain_rows import rows
from tracker.services.recipients import WRITERS
from tracker.services.status_report_rows import REPORTED_ABOUT

DAY = timedelta(days=1)
LOOK_AHEAD = 366
"""Days in which a day for the mail of the day is looked for."""
KIND_OF_LETTERS = "escalation"
OFFICES = {Rung.AUTHORITY: OfficeKind.AUTHORITY, Rung.MISSION: OfficeKind.MISSION}


@cache
def _news() -> sa.Select:
    """Of whom the reader of mails does not know it: who takes the news once a day, and for which organisation."""
    return sa.select(User.id, User.notice_rhythm, User.organisation_id).where(User.active.is_(True))


@cache
def _parties() -> sa.Select:
    return sa.select(ReportingParty.id, ReportingParty.code, ReportingParty.kind, ReportingParty.time_zone)


@cache
def _subscriptions() -> sa.Select:
    told = (
        sa.select(sa.func.max(SummaryEntry.period))
        .where(SummaryEntry.subscription_id == Subscription.id)
        .scalar_subquery()
    )
    return (
        sa.select(Subscription.user_id, Subscription.rhythm, Subscription.made_at, told.label("told"))
        .where(Subscription.ended_at.is_(None))
        .order_by(Subscription.id)
    )


@cache
def _windows() -> sa.Select:
    return (
        sa.select(ProgressReport.id, ProgressReport.party_id, ProgressReport.due_on, ProgressReport.window_ends_at)
        .add_columns(Provision.code)
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .where(
            ProgressReport.state == ReportState.OPEN_FOR_COMMENT,
            ProgressReport.window_ends_at <= sa.bindparam("until"),
        )
        .order_by(ProgressReport.window_ends_at, ProgressReport.id)
    )


@cache
def _observed() -> sa.Select:
    return (
        sa.select(Observation.report_id, Observation.organisation_id)
        .join(ProgressReport, ProgressReport.id == Observation.report_id)
        .where(
            Observation.state == ObservationState.ACCEPTED,
            ProgressReport.state == ReportState.OPEN_FOR_COMMENT,
            ProgressReport.window_ends_at <= sa.bindparam("until"),
        )
        .order_by(Observation.id)
    )


@cache
def _unmailed() -> sa.Select:
    state = ProgressReport.state
    asked_again = sa.and_(
        state.in_([ReportState.RETURNED, ReportState.AWAITING_APPROVAL]),
        ProgressReport.first_submitted_at.is_not(None),
    )
    mailed = sa.exists().where(
        StatusReportMail.party_id == ProgressReport.party_id, StatusReportMail.cycle_id == ProgressReport.cycle_id
    )
    published = state.in_([ReportState.OPEN_FOR_COMMENT, ReportState.PUBLISHED])
    return (
        sa.select(
            ProgressReport.party_id,
            ReportingCycle.closes_on,
            sa.func.sum(sa.case((state.in_(WITH_THE_SECRETARIAT), 1), else_=0)).label("in_review"),
            sa.func.sum(sa.case((published, 0), else_=1)).label("unpublished"),
            sa.func.max(sa.case((state == ReportState.OPEN_FOR_COMMENT, ProgressReport.window_ends_at))).label(
                "window"
            ),
            sa.func.max(sa.case((asked_again, ProgressReport.due_at))).label("returned"),
        )
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .join(ReportingParty, ReportingParty.id == ProgressReport.party_id)
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .where(
            ReportingCycle.closes_on >= sa.bindparam("since"),
            ReportingParty.kind.in_(REPORTED_ABOUT),
            Commitment.frozen_at.is_(None),
            ~mailed,
        )
        .group_by(ProgressReport.party_id, ProgressReport.cycle_id, ReportingCycle.closes_on)
    )


@cache
def _open_reports() -> sa.Select:
    return (
        sa.select(
            ProgressReport.id,
            ProgressReport.party_id,
            ProgressReport.cycle_id,
            ProgressReport.due_on,
            ReportingCycle.closes_on,
            Provision.code,
        )
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .join(ReportingParty, ReportingParty.id == ProgressReport.party_id)
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .where(
            ProgressReport.state.in_(WITH_THE_PARTY),
            ReportingParty.kind == PartyKind.MEMBER_STATE,
            ReportingCycle.opened_at.is_not(None),
            ReportingCycle.closes_on >= sa.bindparam("since"),
            ProgressReport.due_on <= sa.bindparam("until"),
            Commitment.is_followed,
        )
        .order_by(ProgressReport.due_on, ProgressReport.id)
    )


def readers(session: Session) -> dict[int, MailReader]:
    """Everybody whom mail can reach now, by id."""
    found = mail_readers.everybody(session, work_calendars.load(session))
    return {one.user_id: one for one in found if one.reads.has_clock and not one.reads.bounced}


def summaries(
    session: Session, people: dict[int, MailReader], *, now: datetime, until: datetime
) -> Iterator[PlannedMail]:
    """The days of each subscription's coming summaries; those at publication come unforeseen."""
    for row in rows(session, _subscriptions()):
        reader = people.get(row.user_id)
        if reader is None:
            continue
        for day in _coming(row, reader.reads, now, until):
            yield _mail(reader, max(now, reader.reads.moment(day)), "summary", row.rhythm.value)


def _coming(row: sa.Row, reads: Reader, now: datetime, until: datetime) -> Iterator[date]:
    """The reader's days on which a summary of this subscription is due, one after the other."""
    today, told = local_date(now, reads.time_zone), row.told
    if reads.away_until is not None:
        today = max(today, reads.away_until + DAY)
    made_on = local_date(row.made_at, reads.time_zone)
    while True:
        day = when.next_day(row.rhythm, today, told, made_on, reads.calendar)
        if day is None or reads.moment(day) > until:
            return
        yield day
        today, told = day, when.period(row.rhythm, day)


def publications(
    session: Session, people: dict[int, MailReader], *, now: datetime, until: datetime
) -> Iterator[PlannedMail]:
    """Ratings whose time for comment ends: the State's focal points, and organisations whose observation is published.

    Who takes the news once a day gets those of a day in one mail.
    """
    parties = {party.id: party for party in rows(session, _parties())}
    daily, members = set(), defaultdict(list)
    for row in rows(session, _news()):
        if row.notice_rhythm is NoticeRhythm.DAILY:
            daily.add(row.id)
        if row.organisation_id is not None and row.id in people:
            members[row.organisation_id].append(people[row.id])
    writing = {
        party.id: [r for r in people.values() if r.role is WRITERS[party.kind] and r.party_id in (party.id, None)]
        for party in parties.values()
    }
    observers: dict[int, list[int]] = defaultdict(list)
    for report_id, organisation_id in rows(session, _observed(), {"until": until}):
        observers[report_id].append(organisation_id)
    kept: dict[tuple[int, datetime], list[PlannedItem]] = defaultdict(list)
    for row in rows(session, _windows(), {"until": until}):
        item = PlannedItem(row.id, parties[row.party_id].code, row.code, row.due_on, 0)
        at = max(now, row.window_ends_at)
        told = [("notice", reader) for reader in writing[row.party_id]]
        told += [("observation", reader) for one in observers[row.id] for reader in members[one]]
        for kind, reader in told:
            if reader.user_id in daily:
                kept[reader.user_id, _of_the_day(reader.reads, at)].append(item)
            else:
                yield _mail(reader, at, kind, "publication", [item])
    for (user_id, at), items in kept.items():
        if at <= until:
            yield _mail(people[user_id], at, "notice", "publication", items)


def documents(
    session: Session, people: dict[int, MailReader], *, now: datetime, until: datetime
) -> Iterator[PlannedMail]:
    """Status reports: of cycles that end, by the rule of ``status_report_mail.due``, and on the rhythm of a party."""
    zones = {party.id: party.time_zone for party in rows(session, _parties())}
    receivers: dict[int, list[MailReader]] = defaultdict(list)
    for reader in people.values():
        if reader.party_id is not None and reader.role in status_report_mail.RECEIVERS:
            receivers[reader.party_id].append(reader)
    since = now.date() - status_report_mail.FORGOTTEN_AFTER
    for row in rows(session, _unmailed(), {"since": since}):
        closed_at = ends_at(row.closes_on, zones[row.party_id])
        settled = [moment for moment in (row.window, row.returned) if moment is not None]
        latest = closed_at + status_report_mail.PATIENCE
        at = min(latest, max([closed_at, *settled])) if not row.in_review else latest
        if not row.unpublished:
            # All is published, or will be by the clock: nothing more to wait for.
            at = min(at, max(settled, default=now))
        at = max(at, now)
        if at <= until:
            for reader in receivers[row.party_id]:
                yield _mail(reader, at, "status_report", "cycle_ends")
    for party_id, at in issue_rhythm.ahead(session, now=now, until=until):
        for reader in receivers[party_id]:
            yield _mail(reader, at, "status_report", "issue_rhythm")


def letters(session: Session, *, now: datetime, until: datetime) -> Iterator[PlannedMail]:
    """Cases that will be opened for the head of an authority or a Permanent Mission: they wait for staff.

    By the rule of ``domain.escalations``, on the day on which it is met first.
    """
    ladders = ladder.in_force(session)
    opened = {tuple(row) for row in rows(session, _cases())}
    offices = {(row.party_id, row.kind): row for row in rows(session, _offices())}
    parties = {party.id: party for party in rows(session, _parties())}
    alone = overdue.without_focal_point(session)
    periods: dict[int, list[sa.Row]] = defaultdict(list)
    for period in rows(session, _periods()):
        periods[period.party_id].append(period)
    by_file: dict[tuple[int, int], list[sa.Row]] = defaultdict(list)
    for row in rows(session, _open_reports(), {"since": now.date() - DAY, "until": until.date()}):
        by_file[row.party_id, row.cycle_id].append(row)
    for (party_id, cycle_id), found in by_file.items():
        party = parties[party_id]
        by_hand = steps_by_hand(ladders.of(cycle_id, party.kind))
        for number, (rung, step) in enumerate(by_hand.items()):
            day = 1 if party_id in alone and number == 0 else step
            # The one that is overdue longest decides; all reports of a party and cycle end on the same closing day.
            at = max(now, ends_at(found[0].due_on + (day - 1) * DAY, party.time_zone))
            today = local_date(at, party.time_zone)
            if (party_id, cycle_id, rung) in opened or at > until:
                continue
            if at >= ends_at(found[0].closes_on, party.time_zone) or not _covers(periods[party_id], today):
                continue
            items = [PlannedItem(r.id, party.code, r.code, r.due_on, step) for r in found if r.due_on < today]
            office = offices.get((party_id, OFFICES[rung]))
            name, email = (office.title, office.email) if office is not None else ("", "")
            yield PlannedMail(today, at, None, name, email, KIND_OF_LETTERS, rung.value, tuple(items))


@cache
def _cases() -> sa.Select:
    return sa.select(Escalation.party_id, Escalation.cycle_id, Escalation.rung)


@cache
def _offices() -> sa.Select:
    return sa.select(Office.party_id, Office.kind, Office.title, Office.email)


@cache
def _periods() -> sa.Select:
    return sa.select(Participation.party_id, Participation.starts_on, Participation.ends_on)


def _covers(periods: list[sa.Row], day: date) -> bool:
    return any(p.starts_on <= day and (p.ends_on is None or p.ends_on >= day) for p in periods)


def _of_the_day(reads: Reader, at: datetime) -> datetime:
    """When the mail of the day leaves that tells of what happened at ``at``."""
    day = local_date(at, reads.time_zone)
    if at > reads.moment(day):
        day += DAY
    for _number in range(LOOK_AHEAD):
        if reads.can_be_told(day):
            break
        day += DAY
    return reads.moment(day)


def _mail(reader: MailReader, at: datetime, kind: str, reason: str, items: Iterable[PlannedItem] = ()) -> PlannedMail:
    day = local_date(at, reader.reads.time_zone)
    return PlannedMail(day, at, reader.user_id, reader.name, reader.email, kind, reason, tuple(items))
