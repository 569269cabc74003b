"""The mail calendar against what is then sent: a year without an act of anybody, the jobs run several times a day.

Cycles open, States leave and come back, people are away or read once a week, holidays and both changes of the clocks
come: all that the plan of day 0 has to know already. On both databases.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.cast import STATES, Cast
from tests.extension_scene import ask, decide
from tracker.domain.vocabulary import MessageState, PartyKind, ReminderOutcome, ReminderRhythm, ReportState, Rung
from tracker.jobs import run_job
from tracker.models import (
    Assignment,
    Commitment,
    Extension,
    Holiday,
    LadderStep,
    Message,
    Participation,
    ProgressReport,
    Provision,
    ReminderEntry,
    ReportingCycle,
    ReportingParty,
    Subscription,
    User,
)
from tracker.services import cycles, mail_plan, participation

DAYS = 330
MOMENTS = (time(3, 40), time(14, 10))
"""Of every day, by UTC; on the days around a change of clocks, an opening or a State's coming and going, each hour."""
BUSY = (date(2026, 3, 8), date(2026, 4, 5), date(2026, 4, 21), date(2026, 5, 18), date(2026, 9, 1), date(2026, 11, 1))
Mails = dict[tuple[str, date], frozenset[tuple[str, str, date, int]]]
"""Items (party, provision, due date, step) by address and the reader's day."""


def prepare(cast: Cast) -> None:
    """People with their habits, holidays, a later due date, a cycle to come, a ladder of its own."""
    now, admin = cast.clock.now(), cast.actor("admin")
    later = cast.report_id("GT", "CS-05")
    ask(cast, "focal.gt", [later], date(2026, 5, 29))
    with cast.reading() as session:
        request = session.scalars(sa.select(Extension.id)).one()
    decide(cast, "reviewer", [request])
    cast.bring_to(cast.report_id("BR", "CS-04"), ReportState.AWAITING_APPROVAL)
    cast.bring_to(cast.report_id("BR", "CS-06"), ReportState.SUBMITTED)
    with cast.writing() as session:
        session.execute(sa.update(Subscription).values(ended_at=now))
        session.execute(sa.update(Message).values(state=MessageState.SENT, sent_at=now))
        only_the_cast(session, now)
        habits(session)
        session.execute(
            sa.update(Assignment)
            .where(Assignment.user_id == person(session, "contributor.us").id)
            .values(due_on=date(2026, 4, 13))
        )
        brazil = session.scalars(sa.select(ReportingParty).where(ReportingParty.code == "BR")).one()
        days = (date(2026, 3, 31), date(2026, 4, 16), date(2026, 5, 1), date(2026, 11, 2))
        session.add_all(Holiday(party_id=brazil.id, day=day, name="An invented holiday") for day in days)
        coming = cycles.plan(
            session,
            cycles.CyclePlan(
                code="2027",
                title=dict.fromkeys(("en", "es", "pt", "fr"), "2027"),
                period_start=date(2026, 1, 1),
                period_end=date(2026, 12, 31),
                opens_on=date(2026, 9, 1),
                due_on=date(2026, 9, 20),
                closes_on=date(2026, 11, 30),
            ),
            actor=admin,
            now=now,
        )
        steps = ((-20, Rung.FOCAL_POINT), (0, Rung.ALTERNATE), (9, Rung.FOCAL_POINT), (40, Rung.AUTHORITY))
        session.add_all(
            LadderStep(cycle_id=coming.id, party_kind=PartyKind.MEMBER_STATE, day=day, rung=rung) for day, rung in steps
        )
        for code, last_day, first_day in (("HT", date(2026, 4, 20), None), ("US", date(2026, 5, 4), date(2026, 5, 18))):
            come_and_go(session, cast, code, last_day, first_day)


def only_the_cast(session: Session, now: datetime) -> None:
    """The States without people take no part: there is nothing to be sent, and less to be looked at."""
    others = sa.select(ReportingParty.id).where(
        ReportingParty.kind == PartyKind.MEMBER_STATE, ReportingParty.code.not_in(STATES)
    )
    session.execute(
        sa.update(Participation)
        .where(Participation.party_id.in_(others))
        .values(ends_on=now.date() - timedelta(days=1))
    )
    session.execute(sa.update(Commitment).where(Commitment.party_id.in_(others)).values(frozen_at=now))


def habits(session: Session) -> None:
    person(session, "focal.br").mail_hour = 9
    person(session, "focal.gt").reminder_rhythm = ReminderRhythm.WEEKLY
    person(session, "focal.us").away_until = date(2026, 4, 24)
    person(session, "alternate.br").time_zone = "Pacific/Auckland"
    person(session, "admin2").mail_hour = 22
    person(session, "contributor.gt").bounced_at = datetime(2026, 3, 1, tzinfo=UTC)


def person(session: Session, name: str) -> User:
    return session.scalars(sa.select(User).where(User.email == f"{name}@tracker.test")).one()


def come_and_go(session: Session, cast: Cast, code: str, last_day: date, first_day: date | None) -> None:
    party = participation.state(session, code, locked=True)
    assert party is not None
    period = participation.current(party)
    assert period is not None
    actor, now, reason = cast.actor("admin"), cast.clock.now(), "An invented note."
    participation.end(session, party, last_day=last_day, reason=reason, seen_period=period.id, actor=actor, now=now)
    if first_day is not None:
        participation.begin(
            session, party, first_day=first_day, reason=reason, seen_period=period.id, actor=actor, now=now
        )


def planned(cast: Cast) -> Mails:
    with cast.reading() as session:
        return {
            (mail.email, mail.day): frozenset((i.party_code, i.code, i.due_on, i.day) for i in mail.items)
            for mail in mail_plan.plan(session, now=cast.clock.now(), days=DAYS)
            if mail.kind == "reminder"
        }


def sent(cast: Cast, since: datetime) -> Mails:
    """What the ledger says of every mail of the day; the day stands in the mail's key."""
    found = defaultdict(set)
    named = (ReminderOutcome.SENT, ReminderOutcome.GROUPED)
    with cast.reading() as session:
        for row in session.execute(
            sa.select(
                Message.to_address,
                Message.key,
                ReportingParty.code.label("party"),
                Provision.code,
                ReminderEntry.due_on,
                ReminderEntry.day,
            )
            .join(Message, Message.id == ReminderEntry.message_id)
            .join(ProgressReport, ProgressReport.id == ReminderEntry.report_id)
            .join(Commitment, Commitment.id == ProgressReport.commitment_id)
            .join(Provision, Provision.id == Commitment.provision_id)
            .join(ReportingParty, ReportingParty.id == ProgressReport.party_id)
            .where(ReminderEntry.outcome.in_(named), Message.made_at >= since)
        ):
            day = date.fromisoformat(row.key.rpartition(":")[2])
            found[row.to_address, day].add((row.party, row.code, row.due_on, row.day))
    return {key: frozenset(items) for key, items in found.items()}


def moments(first: datetime) -> list[datetime]:
    found = []
    for number in range(DAYS):
        day = first.date() + timedelta(days=number)
        hours = [time(hour, 20) for hour in range(24)] if day in BUSY else list(MOMENTS)
        found += [datetime.combine(day, hour, UTC) for hour in hours]
    return [moment for moment in found if moment > first]


def live(cast: Cast, moment: datetime) -> None:
    """What the scheduler does at this moment; the mail server takes everything at once."""
    cast.clock.set(moment)
    if moment.date() in BUSY:
        for job in ("open-cycles", "participation"):
            run_job(cast.app, job)
    if run_job(cast.app, "reminders").done:
        with cast.writing() as session:
            session.execute(
                sa.update(Message)
                .where(Message.state == MessageState.QUEUED)
                .values(state=MessageState.SENT, sent_at=moment)
            )


@pytest.mark.both_databases
def test_a_year_goes_as_planned(cast: Cast) -> None:
    prepare(cast)
    begun = cast.clock.now()
    before = planned(cast)
    for moment in moments(begun):
        live(cast, moment)
    after = sent(cast, begun)
    last = begun.date() + timedelta(days=DAYS - 2)
    differing = {
        key: (sorted(before.get(key, ())), sorted(after.get(key, ())))
        for key in sorted(before.keys() | after.keys())
        if key[1] < last and before.get(key) != after.get(key)
    }
    assert not differing
    with cast.reading() as session:
        opened = session.scalars(sa.select(ReportingCycle.opened_at).where(ReportingCycle.code == "2027")).one()
    assert opened is not None
    told = {item[:2] for items in after.values() for item in items}
    assert {("US", "CS-01"), ("HT", "CS-01"), ("GT", "CS-05"), ("GS", "CS-09")} <= told
    assert len(after) > 60
