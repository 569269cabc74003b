"""What people do in the simulated year, through the services that the pages use. What is refused did not happen."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker import models as m
from tracker.domain.errors import DomainError
from tracker.domain.policy import Actor
from tracker.domain.vocabulary import (
    ExtensionDecision,
    NoticeRhythm,
    PartyKind,
    Rating,
    ReminderRhythm,
    ReportState,
    Role,
    Rung,
    Strength,
)
from tracker.services import (
    assignments,
    cycles,
    extensions,
    handover,
    ladder,
    participation,
    parts,
    people,
    records,
    reports,
    reviews,
)
from tracker.services.recipients import WRITERS, as_actor

S = ReportState
LADDERS = (
    (
        (-30, Rung.FOCAL_POINT),
        (-10, Rung.FOCAL_POINT),
        (-1, Rung.FOCAL_POINT),
        (3, Rung.ALTERNATE),
        (12, Rung.ALTERNATE),
    ),
    (
        (-21, Rung.FOCAL_POINT),
        (-7, Rung.FOCAL_POINT),
        (0, Rung.FOCAL_POINT),
        (2, Rung.FOCAL_POINT),
        (9, Rung.ALTERNATE),
        (30, Rung.AUTHORITY),
    ),
)


class Acts:
    """One act at a time, drawn by chance. ``done`` counts them by name."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.done: dict[str, int] = {}
        self._drawn: list[tuple[Callable[[Session, datetime], None], int]] = [
            (self.send, 30),
            (self.sign_off, 16),
            (self.review, 14),
            (self.recall, 2),
            (self.extend, 6),
            (self.hand_over, 2),
            (self.go_away, 12),
            (self.come_back, 2),
            (self.bounce, 3),
            (self.correct, 3),
            (self.change_alternate, 1),
            (self.change_account, 2),
            (self.choose_rhythm, 3),
            (self.ask_contributor, 8),
            (self.hand_in, 6),
            (self.change_ladder, 1),
            (self.move_cycle, 1),
            (self.leave, 1),
            (self.end_subscription, 1),
        ]

    def one(self, session: Session, now: datetime) -> None:
        """Something happens."""
        acts, weights = zip(*self._drawn, strict=True)
        act = self.rng.choices(acts, weights)[0]
        act(session, now)
        self.done[act.__name__] = self.done.get(act.__name__, 0) + 1

    # --- reports

    def send(self, session: Session, now: datetime) -> None:
        report = self._report(session, (S.DRAFT, S.RETURNED))
        party = report.commitment.party
        role = WRITERS[party.kind]
        own = None if party.kind is PartyKind.COOPERATION_AGENCIES else party.id
        actor = self._actor(session, now, role, own)
        if role is Role.FOCAL_POINT and party.approval_required:
            reports.ask_approval(session, report, seen_version=report.version, actor=actor, now=now)
        else:
            reports.submit(session, report, seen_version=report.version, actor=actor, now=now)

    def sign_off(self, session: Session, now: datetime) -> None:
        report = self._report(session, (S.AWAITING_APPROVAL,))
        actor = self._actor(session, now, Role.APPROVER, report.party_id)
        if self.rng.random() < 0.2:
            said = "Please say more."
            reports.refuse(session, report, comment=said, seen_version=report.version, actor=actor, now=now)
        else:
            reports.submit(session, report, seen_version=report.version, actor=actor, now=now)

    def recall(self, session: Session, now: datetime) -> None:
        report = self._report(session, (S.SUBMITTED,))
        role = Role.FOCAL_POINT
        actor = self._actor(session, now, role, report.party_id)
        reports.recall(session, report, seen_version=report.version, actor=actor, now=now)

    def review(self, session: Session, now: datetime) -> None:
        report = self._report(session, (S.SUBMITTED, S.UNDER_REVIEW, S.RATING_PROPOSED, S.OPEN_FOR_COMMENT))
        known: dict[str, Any] = {"seen_version": report.version, "now": now}
        if report.state is S.SUBMITTED:
            reviews.take_up(session, report, actor=self._actor(session, now, Role.REVIEWER, None), **known)
        elif report.state is S.RATING_PROPOSED:
            reviews.confirm(session, report, actor=self._actor(session, now, Role.REVIEWER, None), **known)
        elif report.state is S.OPEN_FOR_COMMENT:
            actor = self._actor(session, now, WRITERS[report.commitment.party.kind], report.party_id)
            reports.comment(session, report, text="An invented comment.", actor=actor, **known)
        else:
            known["actor"] = as_actor(session, session.get_one(m.User, report.reviewer_id), now=now)
            self._decide(session, report, now, known)

    def _decide(self, session: Session, report: m.ProgressReport, now: datetime, known: dict[str, Any]) -> None:
        if self.rng.random() < 0.6:
            due_on = now.date() + timedelta(days=self.rng.randrange(2, 50))
            reviews.return_(session, report, comment="Please say more.", due_on=due_on, **known)
        else:
            known |= {"rating": Rating.PARTIALLY, "strength": Strength.DOCUMENTED, "reasons": "Invented reasons."}
            reviews.propose(session, report, **known)

    def extend(self, session: Session, now: datetime) -> None:
        report = self._report(session, (S.DRAFT, S.RETURNED))
        until = max(report.due_on, now.date()) + timedelta(days=self.rng.randrange(1, 30))
        actor = self._actor(session, now, Role.FOCAL_POINT, report.party_id)
        extensions.ask(session, [report], until=until, reason="An invented reason.", actor=actor, now=now)
        asked = extensions.undecided(session, report.id)
        if asked is None:
            raise Impossible
        admin = self._actor(session, now, Role.ADMINISTRATOR, None)
        decision = ExtensionDecision.GRANTED if self.rng.random() < 0.8 else ExtensionDecision.REFUSED
        extensions.decide(session, [asked], decision=decision, reason="Invented.", actor=admin, now=now)

    def ask_contributor(self, session: Session, now: datetime) -> None:
        report = self._report(session, (S.DRAFT, S.RETURNED))
        if report.commitment.party.kind is not PartyKind.MEMBER_STATE:
            raise Impossible
        person = self._user(session, Role.CONTRIBUTOR, report.party_id)
        elements = [e.id for e in report.commitment.provision.elements if not e.is_whole]
        element = self.rng.choice([None, *elements])
        due_on = None if self.rng.random() < 0.4 else report.due_on - timedelta(days=self.rng.randrange(0, 20))
        actor = self._actor(session, now, Role.FOCAL_POINT, report.party_id)
        part = assignments.Part(report.commitment, element)
        assignments.assign(session, [part], [person.id], due_on=due_on, actor=actor, now=now)

    def hand_in(self, session: Session, now: datetime) -> None:
        report = self._report(session, (S.DRAFT, S.RETURNED))
        given = [a.user_id for a in report.commitment.assignments if a.done_at is None]
        if not given:
            raise Impossible
        actor = as_actor(session, session.get_one(m.User, self.rng.choice(sorted(given))), now=now)
        parts.hand_in(session, report, seen_version=report.version, actor=actor, now=now)

    # --- people

    def hand_over(self, session: Session, now: datetime) -> None:
        role = self.rng.choice((Role.FOCAL_POINT, Role.CONTRIBUTOR))
        person = self._user(session, role)
        others = [one.user_id for one in handover.successors(session, person)]
        if not others:
            raise Impossible
        admin = self._actor(session, now, Role.ADMINISTRATOR, None)
        handover.hand_over(
            session,
            person.id,
            self.rng.choice(others),
            note="An invented word.",
            disable=self.rng.random() < 0.3,
            actor=admin,
            now=now,
        )

    def go_away(self, session: Session, now: datetime) -> None:
        person = self._user(session)
        person.away_until = now.date() + timedelta(days=self.rng.randrange(0, 25))

    def come_back(self, session: Session, now: datetime) -> None:
        ids = session.scalars(sa.select(m.User.id).where(m.User.away_until >= now.date()).order_by(m.User.id)).all()
        if not ids:
            raise Impossible
        session.get_one(m.User, self.rng.choice(ids)).away_until = None

    def bounce(self, session: Session, now: datetime) -> None:
        person = self._user(session)
        person.bounced_at = now

    def correct(self, session: Session, now: datetime) -> None:
        ids = session.scalars(sa.select(m.User.id).where(m.User.bounced_at.is_not(None)).order_by(m.User.id)).all()
        if not ids:
            raise Impossible
        session.get_one(m.User, self.rng.choice(ids)).bounced_at = None

    def change_alternate(self, session: Session, now: datetime) -> None:
        person = self._user(session, Role.FOCAL_POINT)
        person.is_alternate = not person.is_alternate

    def change_account(self, session: Session, now: datetime) -> None:
        shut = session.scalars(sa.select(m.User.id).where(m.User.active.is_(False)).order_by(m.User.id)).all()
        admin = self._actor(session, now, Role.ADMINISTRATOR, None)
        if shut and self.rng.random() < 0.6:
            people.enable(session, self.rng.choice(shut), actor=admin, now=now)
            return
        person = self._user(session, self.rng.choice((Role.FOCAL_POINT, Role.APPROVER, Role.CONTRIBUTOR)))
        people.disable(session, person.id, actor=admin, now=now)

    def choose_rhythm(self, session: Session, now: datetime) -> None:
        person = self._user(session)
        person.notice_rhythm = self.rng.choice(list(NoticeRhythm))
        person.reminder_rhythm = self.rng.choice(list(ReminderRhythm))
        person.mail_hour = self.rng.choice((0, 6, 7, 9, 14))

    def end_subscription(self, session: Session, now: datetime) -> None:
        ids = session.scalars(
            sa.select(m.Subscription.id).where(m.Subscription.ended_at.is_(None)).order_by(m.Subscription.id)
        ).all()
        session.get_one(m.Subscription, self.rng.choice(ids)).ended_at = now

    # --- the Secretariat's settings

    def change_ladder(self, session: Session, now: datetime) -> None:
        cycle_ids = session.scalars(sa.select(m.ReportingCycle.id).order_by(m.ReportingCycle.id)).all()
        cycle_id = self.rng.choice([None, *cycle_ids])
        kind = PartyKind.MEMBER_STATE
        seen = ladder.in_force(session).seen(cycle_id, kind)
        admin = self._actor(session, now, Role.ADMINISTRATOR, None)
        steps = self.rng.choice(LADDERS)
        ladder.change(session, cycle_id=cycle_id, kind=kind, steps=steps, seen=seen, actor=admin, now=now)

    def move_cycle(self, session: Session, now: datetime) -> None:
        cycle = cycles.current(session)
        if cycle is None or not cycle.opens_on < now.date() < cycle.closes_on:
            raise Impossible
        due_on = min(cycle.closes_on, max(now.date(), cycle.due_on) + timedelta(days=self.rng.randrange(-5, 6)))
        plan = cycles.CyclePlan(
            cycle.code, cycle.title, cycle.period_start, cycle.period_end, cycle.opens_on, due_on, cycle.closes_on, 20
        )
        admin = self._actor(session, now, Role.ADMINISTRATOR, None)
        cycles.change(session, cycle, plan, seen_version=cycle.version, actor=admin, now=now)

    def leave(self, session: Session, now: datetime) -> None:
        codes = session.scalars(
            sa.select(m.ReportingParty.code)
            .where(m.ReportingParty.kind == PartyKind.MEMBER_STATE)
            .order_by(m.ReportingParty.code)
        ).all()
        state = participation.state(session, self.rng.choice(codes[:6]))
        assert state is not None
        admin = self._actor(session, now, Role.ADMINISTRATOR, None)
        period = participation.current(state)
        day = now.date() + timedelta(days=self.rng.randrange(0, 10))
        known: dict[str, Any] = {"reason": "An invented reason.", "actor": admin, "now": now}
        if period is not None:
            participation.end(session, state, last_day=day, seen_period=period.id, **known)
        else:
            seen = state.participations[-1].id
            participation.begin(session, state, first_day=day, seen_period=seen, **known)

    # --- choosing

    def _report(self, session: Session, states: tuple[ReportState, ...]) -> m.ProgressReport:
        ids = session.scalars(
            sa.select(m.ProgressReport.id)
            .where(m.ProgressReport.state.in_(states))
            .order_by(m.ProgressReport.id.desc())
        ).all()
        # Mostly of the newest cycle.
        ids = ids[: 2 * 140] if self.rng.random() < 0.9 else ids
        if not ids:
            raise Impossible
        report = records.report(session, self.rng.choice(ids))
        assert report is not None
        return report

    def _user(self, session: Session, role: Role | None = None, party: int | None = None) -> m.User:
        wanted = sa.select(m.User.id).where(m.User.active.is_(True)).order_by(m.User.id)
        if role is not None:
            wanted = wanted.where(m.User.role == role)
        if party is not None:
            wanted = wanted.where(m.User.party_id == party)
        ids = session.scalars(wanted).all()
        if not ids:
            raise Impossible
        return session.get_one(m.User, self.rng.choice(ids))

    def _actor(self, session: Session, now: datetime, role: Role, party: int | None) -> Actor:
        return as_actor(session, self._user(session, role, party), now=now)


class Impossible(DomainError):
    """Nobody is there to do it."""
