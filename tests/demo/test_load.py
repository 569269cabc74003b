"""``demo load``: what it refuses, that it does nothing twice, and that it takes up a run that was broken off."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from config import Settings
from tests.support.clock import START
from tracker import jobs
from tracker.db import db, writing
from tracker.demo import cycles, load, people
from tracker.domain.vocabulary import MessageState
from tracker.models import AuditEntry, Message, ProgressReport, ReportingCycle, Subscription, User
from tracker.services import cycles as service
from tracker.services import passwords


def quiet(_line: str) -> None:
    """Say nothing."""


def test_refuses_in_production(session: Session, settings: Settings) -> None:
    production = replace(settings, environment="production")
    with pytest.raises(load.Refused, match="TRACKER_ENV"):
        load.load(session, production, now=START, say=quiet)
    assert session.scalar(sa.select(sa.func.count()).select_from(User)) == 0


@pytest.mark.parametrize("scale", [0, -1, 101])
def test_refuses_an_odd_scale(session: Session, settings: Settings, scale: int) -> None:
    with pytest.raises(load.Refused, match="from 1 to 100"):
        load.load(session, settings, now=START, scale=scale, say=quiet)


def test_refuses_a_database_with_cycles_of_its_own(catalogue_app: Flask, session: Session, settings: Settings) -> None:
    plan = cycles.planned(START, 1)[0].plan
    with writing(session):
        service.plan(session, replace(plan, code="2023"), actor=None, now=START)
    with pytest.raises(load.Refused, match="2023"):
        load.load(session, settings, now=START, say=quiet)
    assert session.scalar(sa.select(sa.func.count()).select_from(User)) == 0


def test_second_run_does_nothing(any_demo_app: Flask, session: Session, settings: Settings) -> None:
    def counts() -> list[int]:
        return [
            session.scalar(sa.select(sa.func.count()).select_from(model)) or 0
            for model in (User, ReportingCycle, ProgressReport, AuditEntry)
        ]

    before, said = counts(), []
    session.rollback()
    statements = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *seen: statements.append(seen[2]))
    assert load.load(session, settings, now=START, say=said.append) is False
    assert len([s for s in statements if s.lstrip().upper().startswith("SELECT")]) == 1
    assert said == ["The demonstration is loaded already (scale 1)."]
    assert counts() == before


def test_takes_up_a_run_that_was_broken_off(any_catalogue_app: Flask, session: Session, settings: Settings) -> None:
    wanted = cycles.planned(START, 1)
    with writing(session):
        people.make(session, now=START, since=START)
        cycles.make(session, wanted[0], people.read(session), now=START)
    assert load.load(session, settings, now=START, say=quiet) is True
    assert session.scalar(sa.select(sa.func.count()).select_from(ProgressReport)) == 2 * 493


def test_no_mail_for_the_past(demo_app: Flask, session: Session) -> None:
    messages = session.scalars(sa.select(Message)).all()
    assert messages, "some inboxes hold what came lately"
    assert {message.state for message in messages} == {MessageState.SENT}


def test_accounts_as_announced(demo_app: Flask, session: Session) -> None:
    users = {user.email: user for user in session.scalars(sa.select(User))}
    takers = set(session.scalars(sa.select(Subscription.user_id)))
    national = {f"{role}.{code}" for role in ("focal", "approver", "contributor") for code in ("br", "us", "ht", "jm")}
    for name in {"admin", "reviewer", "reviewer2", "secretariat", "observer"} | national:
        user = users[f"{name}@tracker.example"]
        assert user.is_demonstration
        assert user.id in takers
        assert "(" in user.name
    assert len(users) == 5 + 3 * 32
    assert len({user.fs_uniquifier for user in users.values()}) == len(users)
    one = users["focal.br@tracker.example"]
    assert (one.language, one.time_zone) == ("pt", "America/Sao_Paulo")
    assert passwords.matches("demo-password-2026", one.password)
    assert users["contributor.br@tracker.example"].institution is not None
    organisation = users["observer@tracker.example"].organisation
    assert organisation is not None
    assert len(organisation.accreditations) == 3


def test_scale_multiplies_cycles_and_reports() -> None:
    for scale in (1, 5, 100):
        wanted = cycles.planned(START, scale)
        assert len(wanted) == 2 * scale
        assert len({w.plan.code for w in wanted}) == len(wanted)
        opens = [w.plan.opens_on for w in wanted]
        assert opens == sorted(opens)
        assert [w.is_open for w in wanted] == [False] * (len(wanted) - 1) + [True]
        assert not any(w.plan.problems() for w in wanted)
    # All 32 States take part since 1991: every older cycle has its 493 reports.
    assert cycles.planned(START, 100)[0].plan.opens_on.year > 1991


def test_the_jobs_of_the_first_day_send_little(demo_app: Flask, session: Session) -> None:
    def kinds() -> Counter[str]:
        session.rollback()
        return Counter(session.scalars(sa.select(Message.kind).where(Message.state != MessageState.SENT)))

    for name in ("open-cycles", "publish", "reminders", "summaries", "status-reports"):
        jobs.run_job(demo_app, name)
    first = kinds()
    assert 0 < first["reminder"] < 30, "loading must not flood the outbox"
    assert set(first) <= {"reminder", "summary"}
    assert first["summary"] < 105, "one to each at the most"
    for name in ("open-cycles", "publish", "reminders", "summaries", "status-reports"):
        jobs.run_job(demo_app, name)
    assert kinds() == first
