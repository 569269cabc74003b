"""What the jobs would have noted down until yesterday, so that loading sends no mail about the past."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.demo.lives import Row
from tracker.demo.people import People
from tracker.demo.scripts import Team
from tracker.domain.reminders import SHIPPED, sending_day, steps_for
from tracker.domain.subscriptions import period
from tracker.domain.vocabulary import ReminderOutcome, ReportState, SummaryRhythm
from tracker.domain.workflow import WITH_THE_PARTY
from tracker.models import (
    Assignment,
    HistoryEntry,
    ProgressReport,
    ReminderEntry,
    ReportingCycle,
    StatusReportMail,
    Subscription,
    SummaryEntry,
    User,
)
from tracker.services import reminder_entries, work_calendars

MORNING = time(14, tzinfo=UTC)
MAILED_AFTER = timedelta(days=60)
"""Days after a cycle closed until its status reports are said to have gone out."""


def write(session: Session, people: People, *, now: datetime) -> None:
    """As done without a mail: reminders until yesterday, last week's summary, status reports of closed cycles."""
    reminded = list(_reminders(session, people, now.date()))
    if reminded:
        session.execute(sa.insert(ReminderEntry), reminded)
    session.execute(sa.insert(SummaryEntry), _summaries(session, now.date()))
    session.execute(sa.insert(StatusReportMail), _status_reports(session, now.date()))


def _reminders(session: Session, people: People, today: date) -> Iterator[Row]:
    """What was told of the open cycle until yesterday: by the shipped ladder, on working days, once for each step."""
    asked: dict[int, list[tuple[int, date | None]]] = {}
    parts = sa.select(Assignment.commitment_id, Assignment.user_id, Assignment.due_on)
    for commitment_id, user_id, own in session.execute(parts):
        asked.setdefault(commitment_id, []).append((user_id, own))
    calendars = work_calendars.load(session)
    steps = steps_for(SHIPPED, alternate=False)
    first: set[tuple[int, date]] = set()
    for report in session.execute(_open_cycle(today)):
        calendar = calendars.of_party(report.party_id)
        done_on = report.submitted_at.date() if report.submitted_at and report.state not in WITH_THE_PARTY else today
        for user_id, own in _readers(people.teams[report.party_id], report.state, asked.get(report.commitment_id, [])):
            # A contributor is reminded of the date of the part.
            due_on = own if own is not None and own >= report.opens_on else report.due_on
            for step in steps:
                day = sending_day(due_on, step, calendar)
                if day >= today:
                    break
                outcome = ReminderOutcome.GROUPED if (user_id, day) in first else ReminderOutcome.SENT
                if day > done_on:
                    outcome = ReminderOutcome.DONE
                else:
                    first.add((user_id, day))
                yield reminder_entries.row(report.id, due_on, step, user_id, outcome, datetime.combine(day, MORNING))


def _open_cycle(today: date) -> sa.Select:
    return (
        sa.select(
            ProgressReport.id,
            ProgressReport.party_id,
            ProgressReport.commitment_id,
            ProgressReport.state,
            ProgressReport.due_on,
            ProgressReport.opens_on,
            ProgressReport.submitted_at,
        )
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .where(ReportingCycle.opened_at.is_not(None), ReportingCycle.closes_on >= today)
        .order_by(ProgressReport.id)
    )


def _readers(
    team: Team, state: ReportState, contributors: list[tuple[int, date | None]]
) -> list[tuple[int, date | None]]:
    if team.approver is not None and state is ReportState.AWAITING_APPROVAL:
        return [(team.approver.id, None)]
    return [(team.focal.id, None), *contributors]


def _summaries(session: Session, today: date) -> list[Row]:
    """Told without a mail: the week before, the month and the quarter that run, a publication a week ago."""
    found: list[Row] = []
    newest: dict[date, int] = {}
    for row in session.execute(
        sa.select(Subscription.id, Subscription.user_id, Subscription.rhythm)
        .join(User, User.id == Subscription.user_id)
        .where(User.is_demonstration)
    ):
        back = 7 if row.rhythm in (SummaryRhythm.WEEKLY, SummaryRhythm.AT_PUBLICATION) else 0
        start = period(row.rhythm, today - timedelta(days=back))
        at = datetime.combine(start, MORNING)
        if start not in newest:
            newest[start] = session.scalar(sa.select(sa.func.max(HistoryEntry.id)).where(HistoryEntry.at < at)) or 0
        found.append(
            {
                "subscription_id": row.id,
                "user_id": row.user_id,
                "period": start,
                "at": at,
                "last_entry_id": newest[start],
                "message_id": None,
            }
        )
    return found


def _status_reports(session: Session, today: date) -> list[Row]:
    closed = session.execute(
        sa.select(ProgressReport.party_id, ReportingCycle.id, ReportingCycle.closes_on)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .where(ReportingCycle.closes_on < today)
        .distinct()
    )
    return [
        {
            "party_id": row.party_id,
            "cycle_id": row.id,
            "at": datetime.combine(row.closes_on + MAILED_AFTER, MORNING),
        }
        for row in closed
    ]
