"""Reads what counts for mail from the database, as plain facts for ``tests.support.mail_reference``."""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.support.mail_reference_facts import (
    Cycle,
    Entry,
    Extension,
    Facts,
    News,
    Part,
    Party,
    Person,
    Report,
    Subscription,
)
from tracker import models as m
from tracker.domain.vocabulary import ExtensionDecision, NoticeRhythm, ReminderRhythm, SummaryScope
from tracker.mail.messages.summaries import STEPS
from tracker.mail.outbox import KEPT_FOR_THE_DAY

PUBLICATIONS = ("comment", "waive", "publish")


def read(session: Session) -> Facts:
    """Everything that counts, as it stands now."""
    return Facts(
        parties=_parties(session),
        people={
            row.id: Person(
                row.id,
                row.role.value,
                row.party_id,
                row.time_zone,
                row.mail_hour,
                row.reminder_rhythm is ReminderRhythm.WEEKLY,
                row.notice_rhythm is NoticeRhythm.DAILY,
                row.away_until,
                row.bounced_at is not None,
                row.active,
                row.is_alternate,
            )
            for row in session.execute(
                sa.select(
                    m.User.id,
                    m.User.role,
                    m.User.party_id,
                    m.User.time_zone,
                    m.User.mail_hour,
                    m.User.reminder_rhythm,
                    m.User.notice_rhythm,
                    m.User.away_until,
                    m.User.bounced_at,
                    m.User.active,
                    m.User.is_alternate,
                ).order_by(m.User.id)
            )
        },
        cycles={
            row.id: Cycle(row.id, row.opens_on, row.closes_on, row.opened_at)
            for row in session.execute(
                sa.select(
                    m.ReportingCycle.id,
                    m.ReportingCycle.opens_on,
                    m.ReportingCycle.closes_on,
                    m.ReportingCycle.opened_at,
                )
            )
        },
        reports=_reports(session),
        parts=tuple(
            Part(row.commitment_id, row.user_id, row.due_on, row.done_at)
            for row in session.execute(
                sa.select(
                    m.Assignment.commitment_id, m.Assignment.user_id, m.Assignment.due_on, m.Assignment.done_at
                ).order_by(m.Assignment.id)
            )
        ),
        ladders=_ladders(session),
        extensions=tuple(
            Extension(row.report_id, row.due_on, row.granted_until, row.decided_at)
            for row in session.execute(
                sa.select(m.Extension.report_id, m.Extension.due_on, m.Extension.granted_until, m.Extension.decided_at)
                .where(m.Extension.decision == ExtensionDecision.GRANTED)
                .order_by(m.Extension.id)
            )
        ),
        subscriptions=_subscriptions(session),
        accredited=_accredited(session),
    )


def entries(session: Session, after: int) -> list[Entry]:
    """What was written into the history after an entry."""
    return [
        Entry(
            row.id,
            row.at,
            row.commitment_id,
            row.party_id,
            row.report_id,
            row.actor_id,
            row.visibility.value,
            row.action in STEPS,
            row.action in PUBLICATIONS,
        )
        for row in session.execute(
            sa.select(
                m.HistoryEntry.id,
                m.HistoryEntry.at,
                m.HistoryEntry.commitment_id,
                m.HistoryEntry.party_id,
                m.HistoryEntry.report_id,
                m.HistoryEntry.actor_id,
                m.HistoryEntry.visibility,
                m.HistoryEntry.action,
            )
            .where(m.HistoryEntry.id > after)
            .order_by(m.HistoryEntry.id)
        )
    ]


def news(session: Session, after: int) -> list[News]:
    """The mails about something that were put after a mail, with the wish of their readers as it is now."""
    return [
        News(
            row.id,
            row.recipient_id,
            row.kind in KEPT_FOR_THE_DAY and row.notice_rhythm is NoticeRhythm.DAILY,
            int(row.key.split(":")[1]) if row.key.startswith("notice:") else None,
        )
        for row in session.execute(
            sa.select(m.Message.id, m.Message.recipient_id, m.Message.kind, m.Message.key, m.User.notice_rhythm)
            .join(m.User, m.User.id == m.Message.recipient_id)
            .where(m.Message.id > after, ~m.Message.key.like("day:%"))
            .order_by(m.Message.id)
        )
    ]


def _subscriptions(session: Session) -> tuple[Subscription, ...]:
    columns = m.Subscription
    return tuple(
        Subscription(
            row.id,
            row.user_id,
            row.rhythm.value,
            row.when_empty,
            row.made_at,
            row.ended_at is not None,
            tuple(row.party_ids) if row.scope is SummaryScope.STATES else None,
        )
        for row in session.execute(
            sa.select(
                columns.id,
                columns.user_id,
                columns.rhythm,
                columns.scope,
                columns.party_ids,
                columns.when_empty,
                columns.made_at,
                columns.ended_at,
            ).order_by(columns.id)
        )
    )


def _accredited(session: Session) -> dict[int, frozenset[int]]:
    found = defaultdict(set)
    for row in session.execute(
        sa.select(m.User.id, m.Accreditation.party_id).join(
            m.Accreditation, m.Accreditation.organisation_id == m.User.organisation_id
        )
    ):
        found[row.id].add(row.party_id)
    return {person: frozenset(parties) for person, parties in found.items()}


def _parties(session: Session) -> dict[int, Party]:
    holidays, periods = defaultdict(set), defaultdict(list)
    for row in session.execute(sa.select(m.Holiday.party_id, m.Holiday.day)):
        holidays[row.party_id].add(row.day)
    for period in session.execute(
        sa.select(m.Participation.party_id, m.Participation.starts_on, m.Participation.ends_on)
    ):
        periods[period.party_id].append((period.starts_on, period.ends_on))
    return {
        row.id: Party(
            row.id,
            row.kind.value,
            row.time_zone,
            row.approval_required,
            tuple(sorted(periods[row.id], key=lambda period: period[0])),
            frozenset(holidays[row.id]),
        )
        for row in session.execute(
            sa.select(
                m.ReportingParty.id,
                m.ReportingParty.kind,
                m.ReportingParty.time_zone,
                m.ReportingParty.approval_required,
            )
        )
    }


def _reports(session: Session) -> dict[int, Report]:
    return {
        row.id: Report(
            row.id,
            row.commitment_id,
            row.party_id,
            row.cycle_id,
            row.state.value,
            row.due_on,
            row.frozen_at is None and row.closed_at is None,
        )
        for row in session.execute(
            sa.select(
                m.ProgressReport.id,
                m.ProgressReport.commitment_id,
                m.ProgressReport.party_id,
                m.ProgressReport.cycle_id,
                m.ProgressReport.state,
                m.ProgressReport.due_on,
                m.Commitment.frozen_at,
                m.Commitment.closed_at,
            )
            .join(m.Commitment, m.Commitment.id == m.ProgressReport.commitment_id)
            .order_by(m.ProgressReport.id)
        )
    }


def _ladders(session: Session) -> dict[tuple[int | None, str], tuple[tuple[int, str], ...]]:
    found = defaultdict(list)
    for row in session.execute(
        sa.select(m.LadderStep.cycle_id, m.LadderStep.party_kind, m.LadderStep.day, m.LadderStep.rung)
    ):
        found[row.cycle_id, row.party_kind.value].append((row.day, row.rung.value))
    return {key: tuple(sorted(steps)) for key, steps in found.items()}
