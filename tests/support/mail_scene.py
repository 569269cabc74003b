"""The scene of the simulated year: 35 States, 200 people, three cycles, holidays, subscriptions. All invented."""

from __future__ import annotations

import random
import secrets
from datetime import UTC, date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker import models as m
from tracker.domain.vocabulary import NoticeRhythm, PartyKind, ReminderRhythm, Role, SummaryRhythm, SummaryScope
from tracker.services import cycles

BEGINS = datetime(2026, 1, 5, 0, 0, tzinfo=UTC)
CYCLES = (
    ("2026-a", date(2026, 1, 6), date(2026, 3, 10), date(2026, 4, 30)),
    ("2026-b", date(2026, 4, 1), date(2026, 6, 19), date(2026, 8, 31)),
    ("2026-c", date(2026, 8, 3), date(2026, 10, 23), date(2026, 12, 21)),
)
"""Code, opening, due, closing."""
OF_A_STATE = (
    (Role.FOCAL_POINT, False),
    (Role.FOCAL_POINT, True),
    (Role.APPROVER, False),
    (Role.CONTRIBUTOR, False),
    (Role.CONTRIBUTOR, False),
)
"""Role, alternate: with 35 States, 175 people."""
OF_THE_SECRETARIAT = ((Role.SECRETARIAT_REPORTER, 3), (Role.ADMINISTRATOR, 4), (Role.REVIEWER, 6))
OBSERVERS = 12
ELSEWHERE = ("America/St_Johns", "Europe/Madrid", "America/New_York", "America/Santiago", "Pacific/Auckland", "UTC")
"""Where somebody may live whose State is elsewhere."""
HOLIDAYS = ("01-01", "04-02", "04-03", "05-01", "07-20", "09-07", "09-15", "10-12", "11-02", "12-25")
RHYTHMS = {
    SummaryRhythm.WEEKLY: 1,
    SummaryRhythm.MONTHLY: 3,
    SummaryRhythm.QUARTERLY: 3,
    SummaryRhythm.AT_PUBLICATION: 2,
}
"""Of subscriptions, with their weights."""
KEPT = 4
"""Provisions that every State reports on; with all fifteen the year would only be longer."""


def build(session: Session, rng: random.Random) -> None:
    """Fill a database that has the catalogue."""
    _fewer_provisions(session)
    parties = list(session.scalars(sa.select(m.ReportingParty).order_by(m.ReportingParty.code)))
    states = [p for p in parties if p.kind is PartyKind.MEMBER_STATE]
    _all_take_part(session, states)
    house = next(p for p in parties if p.kind is PartyKind.GENERAL_SECRETARIAT)
    people = []
    for state in states:
        state.approval_required = rng.random() < 0.8
        institution = m.Institution(party_id=state.id, name=f"Invented Ministry of {state.code}")
        session.add(institution)
        session.flush()
        for number, (role, is_alternate) in enumerate(OF_A_STATE):
            person = _person(rng, f"{role.value}.{number}.{state.code.lower()}", role, state)
            person.party_id, person.is_alternate = state.id, is_alternate
            person.institution_id = institution.id if role is Role.CONTRIBUTOR else None
            people.append(person)
    for role, how_many in OF_THE_SECRETARIAT:
        for number in range(how_many):
            person = _person(rng, f"{role.value}.{number}", role, house)
            person.party_id = house.id if role is Role.SECRETARIAT_REPORTER else None
            people.append(person)
    organisation = m.Organisation(name="An invented organisation", created_at=BEGINS)
    session.add(organisation)
    session.flush()
    session.add_all(m.Accreditation(organisation_id=organisation.id, party_id=state.id) for state in states[:5])
    for number in range(OBSERVERS):
        person = _person(rng, f"observer.{number}", Role.OBSERVER, house)
        person.organisation_id = organisation.id
        people.append(person)
    session.add_all(people)
    session.flush()
    assert (len(states), len(people)) == (35, 200)
    _holidays(session, rng, [*states, house])
    _subscriptions(session, rng, people)
    for code, opens_on, due_on, closes_on in CYCLES:
        cycles.plan(
            session,
            cycles.CyclePlan(
                code=code,
                title=dict.fromkeys(("en", "es", "pt", "fr"), code),
                period_start=date(2025, 1, 1),
                period_end=date(2025, 12, 31),
                opens_on=opens_on,
                due_on=due_on,
                closes_on=closes_on,
                comment_days=20,
            ),
            actor=None,
            now=BEGINS,
        )


def answer_everything(session: Session, cycle_id: int) -> None:
    """Every element of every report of the cycle has an answer: what is left is to send it."""
    kinds = dict(session.execute(sa.select(m.ReportingParty.id, m.ReportingParty.kind)).all())
    elements: dict[int, list[m.Element]] = {}
    for element in session.scalars(sa.select(m.Element)):
        elements.setdefault(element.provision_id, []).append(element)
    rows = session.execute(
        sa.select(m.ProgressReport.id, m.ProgressReport.party_id, m.Commitment.provision_id)
        .join(m.Commitment, m.Commitment.id == m.ProgressReport.commitment_id)
        .where(m.ProgressReport.cycle_id == cycle_id)
    )
    answers = [
        {"report_id": row.id, "element_id": e.id, "self_assessment": "partially_implemented", "narrative": "Invented."}
        for row in rows
        for e in elements[row.provision_id]
        if e.is_owed_by(kinds[row.party_id])
    ]
    session.execute(sa.insert(m.ElementAnswer), answers)


def _fewer_provisions(session: Session) -> None:
    kept = 0
    for provision in session.scalars(sa.select(m.Provision).order_by(m.Provision.position)):
        of_states = any(e.is_owed_by(PartyKind.MEMBER_STATE) for e in provision.elements)
        of_others = any(
            e.is_owed_by(kind)
            for e in provision.elements
            for kind in (PartyKind.GENERAL_SECRETARIAT, PartyKind.COOPERATION_AGENCIES)
        )
        if provision.is_scored and of_states:
            kept += 1
        provision.is_scored = provision.is_scored and (kept <= KEPT if of_states else of_others)


def _all_take_part(session: Session, states: list[m.ReportingParty]) -> None:
    for state in states:
        for period in state.participations:
            period.ends_on = None
        if not state.participations:
            session.add(m.Participation(party_id=state.id, starts_on=date(2020, 1, 1), reason="Invented."))
    session.flush()


def _person(rng: random.Random, name: str, role: Role, party: m.ReportingParty) -> m.User:
    return m.User(
        email=f"{name}@{rng.choice(('one', 'two', 'three'))}.test",
        name=f"Invented {name}",
        role=role,
        language=party.language,
        time_zone=party.time_zone if rng.random() < 0.85 else rng.choice(ELSEWHERE),
        mail_hour=rng.choice((7, 7, 7, 7, 6, 9, 0, 14, 20)),
        reminder_rhythm=ReminderRhythm.WEEKLY if rng.random() < 0.2 else ReminderRhythm.EACH_STEP,
        notice_rhythm=NoticeRhythm.DAILY if rng.random() < 0.5 else NoticeRhythm.AT_ONCE,
        password=None,
        fs_uniquifier=secrets.token_hex(16),
        created_at=BEGINS,
    )


def _holidays(session: Session, rng: random.Random, parties: list[m.ReportingParty]) -> None:
    for party in parties:
        for day in rng.sample(HOLIDAYS, 6):
            session.add(m.Holiday(party_id=party.id, day=date.fromisoformat(f"2026-{day}"), name="An invented day"))


def _subscriptions(session: Session, rng: random.Random, people: list[m.User]) -> None:
    some = [p.id for p in session.scalars(sa.select(m.ReportingParty).limit(3))]
    for person in people:
        for _ in range(rng.choice((0, 0, 1, 1, 1, 2))):
            rhythm = rng.choices(list(RHYTHMS), list(RHYTHMS.values()))[0]
            scope = rng.choice((SummaryScope.OWN, SummaryScope.STATES, SummaryScope.EVERYTHING))
            session.add(
                m.Subscription(
                    user_id=person.id,
                    rhythm=rhythm,
                    scope=scope,
                    party_ids=some if scope is SummaryScope.STATES else [],
                    when_empty=rng.random() < 0.2,
                    made_at=BEGINS,
                )
            )
    session.flush()
