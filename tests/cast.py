"""The cast: invented people of four States, of the Secretariat and of an organisation, and an open cycle.

The cycle "2026" stands open on the real catalogue (493 reports, all empty drafts, due on 30 April 2026). Ask for the
fixture ``cast`` (SQLite) or ``any_cast`` (both databases). Every person here is invented.

    def test_something(cast, client):
        cast.sign_in(client, "focal.br")
        report_id = cast.report_id("BR", "CS-03")
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.support.clock import MovableClock
from tests.support.worlds import Worlds, kept
from tracker.db import db, transaction
from tracker.domain.policy import Actor
from tracker.domain.vocabulary import Rating, ReportState, Role, Strength, SummaryRhythm, SummaryScope
from tracker.models import (
    Accreditation,
    Assignment,
    Commitment,
    Institution,
    Organisation,
    ProgressReport,
    Provision,
    ReportingCycle,
    ReportingParty,
    SignInSession,
    Subscription,
    User,
)
from tracker.services import cycles, organisations, records, reports, reviews
from tracker.services.report_content import Answer, Evidence, ReportContent, of_draft
from tracker.web.session import TOKEN, token_hash

PASSWORD = "an invented passphrase for tests"
STATES = {"BR": "pt", "GT": "es", "US": "en", "HT": "fr"}
CYCLE = "2026"
DUE_ON = date(2026, 4, 30)

PEOPLE: dict[str, tuple[Role, str | None]] = {
    "admin": (Role.ADMINISTRATOR, None),
    "admin2": (Role.ADMINISTRATOR, None),
    "reviewer": (Role.REVIEWER, None),
    "reviewer2": (Role.REVIEWER, None),
    "secretariat": (Role.SECRETARIAT_REPORTER, "GS"),
    "observer": (Role.OBSERVER, None),
    "alternate.br": (Role.FOCAL_POINT, "BR"),
}
for _code in STATES:
    PEOPLE[f"focal.{_code.lower()}"] = (Role.FOCAL_POINT, _code)
    PEOPLE[f"approver.{_code.lower()}"] = (Role.APPROVER, _code)
    PEOPLE[f"contributor.{_code.lower()}"] = (Role.CONTRIBUTOR, _code)
ACCREDITED = ("BR", "GT")
"""States for which the observer is accredited."""
ASSIGNED = "CS-03"
"""The provision whose commitment each State's contributor was asked to answer."""


@cache
def _hashed() -> str:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)


def populate(app: Flask, now: datetime) -> None:
    """Make people and open the cycle; called once for the template database."""
    with app.app_context(), transaction() as session:
        cycle = cycles.plan(
            session,
            cycles.CyclePlan(
                code=CYCLE,
                title=dict.fromkeys(("en", "es", "pt", "fr"), "2026"),
                period_start=date(2025, 1, 1),
                period_end=date(2025, 12, 31),
                opens_on=date(2026, 3, 1),
                due_on=DUE_ON,
                closes_on=date(2026, 6, 30),
                comment_days=30,
            ),
            actor=None,
            now=now,
        )
        cycles.open_cycle(session, cycle.id, now=now)
        parties = {p.code: p for p in session.scalars(sa.select(ReportingParty))}
        users = {}
        for name, (role, code) in PEOPLE.items():
            party = parties[code] if code else None
            users[name] = User(
                email=f"{name}@tracker.test",
                name=f"Invented {name}",
                role=role,
                party_id=party.id if party else None,
                is_alternate=name.startswith("alternate"),
                language=STATES.get(code or "", "en"),
                time_zone=party.time_zone if party else "America/New_York",
                password=_hashed(),
                fs_uniquifier=secrets.token_hex(16),
                created_at=now,
            )
        session.add_all(users.values())
        session.flush()
        session.add_all(
            Subscription(user_id=user.id, rhythm=SummaryRhythm.WEEKLY, scope=SummaryScope.OWN, made_at=now)
            for user in users.values()
        )
        organisation = Organisation(name="An invented organisation", created_at=now)
        session.add(organisation)
        session.flush()
        users["observer"].organisation_id = organisation.id
        for code in ACCREDITED:
            session.add(Accreditation(organisation_id=organisation.id, party_id=parties[code].id))
        for code in STATES:
            institution = Institution(party_id=parties[code].id, name=f"Invented Ministry of {code}")
            session.add(institution)
            session.flush()
            contributor = users[f"contributor.{code.lower()}"]
            contributor.institution_id = institution.id
            session.add(
                Assignment(
                    commitment_id=session.scalars(_commitment(code, ASSIGNED)).one().id,
                    user_id=contributor.id,
                    assigned_at=now,
                    assigned_by_id=users[f"focal.{code.lower()}"].id,
                )
            )


def _commitment(party: str, provision: str) -> sa.Select[Commitment]:
    return (
        sa.select(Commitment)
        .join(ReportingParty, ReportingParty.id == Commitment.party_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .where(ReportingParty.code == party, Provision.code == provision)
    )


@dataclass
class Cast:
    """What a test does with the cast. Names are keys of ``PEOPLE``."""

    app: Flask
    clock: MovableClock
    worlds: Worlds | None = None

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A write transaction in a fresh application context."""
        with self.app.app_context(), transaction() as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session in a fresh application context."""
        with self.app.app_context():
            yield db.session

    def actor(self, name: str) -> Actor:
        """The person as the services know him or her."""
        with self.reading() as session:
            user = session.scalars(sa.select(User).where(User.email == f"{name}@tracker.test")).one()
            party = session.get(ReportingParty, user.party_id) if user.party_id else None
            return Actor(
                user_id=user.id,
                role=user.role,
                party_id=user.party_id,
                party_kind=party.kind if party else None,
                party_code=party.code if party else None,
                name=user.name,
                email=user.email,
                language=user.language,
                time_zone=user.time_zone,
                accredited=organisations.accredited(session, user.organisation_id, now=self.clock.now()),
                organisation_id=user.organisation_id,
            )

    def sign_in(self, client: FlaskClient, name: str) -> None:
        """Sign the person in on this client without the sign-in page."""
        token = secrets.token_urlsafe(32)
        with self.writing() as session:
            user = session.scalars(sa.select(User).where(User.email == f"{name}@tracker.test")).one()
            uniquifier = user.fs_uniquifier
            session.add(SignInSession(token_hash=token_hash(token), user_id=user.id, started_at=self.clock.now()))
        with client.session_transaction() as cookie:
            cookie.clear()
            cookie.permanent = True
            cookie["_user_id"] = uniquifier
            cookie["_fresh"] = True
            cookie[TOKEN] = token

    def party_id(self, code: str) -> int:
        with self.reading() as session:
            return session.scalars(sa.select(ReportingParty.id).where(ReportingParty.code == code)).one()

    def commitment_id(self, party: str, provision: str) -> int:
        with self.reading() as session:
            return session.scalars(_commitment(party, provision)).one().id

    def report_id(self, party: str, provision: str, cycle: str = CYCLE) -> int:
        commitment = self.commitment_id(party, provision)
        with self.reading() as session:
            return session.scalars(
                sa.select(ProgressReport.id)
                .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
                .where(ProgressReport.commitment_id == commitment, ReportingCycle.code == cycle)
            ).one()

    def version(self, report_id: int) -> int:
        """The report's version, as a form that is opened now would carry it."""
        with self.reading() as session:
            return session.scalars(sa.select(ProgressReport.version).where(ProgressReport.id == report_id)).one()

    @kept
    def fill(self, report_id: int, author: str, text: str = "An invented answer.") -> None:
        """Answer every element of a report."""
        actor = self.actor(author)
        with self.writing() as session:
            report = self._report(session, report_id)
            content = ReportContent(
                answers=tuple(Answer(a.element, Rating.PARTIALLY, text) for a in of_draft(report).answers),
                summary="An invented summary.",
                evidence=(
                    Evidence("An invented act", "https://example.org/act", date(2025, 6, 1), True),
                    Evidence("An invented restricted act", "https://example.org/restricted", None, False),
                ),
            )
            reports.save(session, report, content, seen_version=report.version, actor=actor, now=self.clock.now())

    @kept
    def bring_to(self, report_id: int, wanted: ReportState, state: str = "br") -> None:
        """Bring an empty draft of a State to a later state, through the real services, one step a minute."""
        focal, approver = f"focal.{state}", f"approver.{state}"
        if wanted is ReportState.DRAFT:
            return
        self.fill(report_id, focal)
        self._step(report_id, reports.ask_approval, focal)
        if wanted is ReportState.AWAITING_APPROVAL:
            return
        self._step(report_id, reports.submit, approver)
        if wanted is ReportState.SUBMITTED:
            return
        self._step(report_id, reviews.take_up, "reviewer")
        if wanted is ReportState.UNDER_REVIEW:
            return
        if wanted is ReportState.RETURNED:
            due_on = self.clock.now().date() + timedelta(days=20)
            self._step(report_id, reviews.return_, "reviewer", comment="Please say more.", due_on=due_on)
            return
        self._step(
            report_id,
            reviews.propose,
            "reviewer",
            rating=Rating.LARGELY,
            strength=Strength.DOCUMENTED,
            reasons="Invented reasons.",
        )
        if wanted is ReportState.RATING_PROPOSED:
            return
        self._step(report_id, reviews.confirm, "reviewer2")
        if wanted is ReportState.OPEN_FOR_COMMENT:
            return
        self._step(report_id, reports.comment, focal, text="An invented comment of the State.")

    def _step(self, report_id: int, verb: object, name: str, **arguments: object) -> None:
        actor = self.actor(name)
        self.clock.advance(minutes=1)
        with self.writing() as session:
            report = self._report(session, report_id)
            verb(  # type: ignore[operator]
                session, report, seen_version=report.version, actor=actor, now=self.clock.now(), **arguments
            )

    @staticmethod
    def _report(session: Session, report_id: int) -> ProgressReport:
        report = records.report(session, report_id)
        assert report is not None
        return report
