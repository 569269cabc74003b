"""Sessions, links and the brake below the web: what holds when two come at the same time, and what is swept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.cast import PASSWORD, Cast
from tracker.db import db, transaction
from tracker.domain.accounts import MOST_FAILURES
from tracker.domain.errors import DomainError, NotVisible, Unmet
from tracker.domain.vocabulary import Role
from tracker.models import LinkPurpose, Message, OneTimeLink, SignInAttempt, SignInSession, User
from tracker.services import accounts, passwords, people, sign_in
from tracker.services.people import Details
from tracker.services.sign_in import Outcome

FOCAL = "focal.br@tracker.test"
NEW = "dez lhamas na chuva"
BASE = "http://tracker.test"


def attempt(app: Flask, now: datetime, password: str, weighed: list[sign_in.Try] | None = None) -> Outcome:
    with app.app_context():
        tried = weighed.pop() if weighed else sign_in.weigh(db.session, FOCAL, password, now=now)
        with transaction() as session:
            return sign_in.settle(session, tried, event="sign_in", now=now)


def test_tries_at_the_same_time_are_counted_one_by_one(any_cast: Cast, app: Flask) -> None:
    now = any_cast.clock.now()
    with any_cast.reading() as session:
        guesses = [sign_in.weigh(session, FOCAL, "wrong", now=now) for _ in range(MOST_FAILURES + 6)]
        right = sign_in.weigh(session, FOCAL, PASSWORD, now=now)
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda one: attempt(app, now, "", [one]), guesses))
    assert outcomes.count(Outcome.WRONG) == MOST_FAILURES
    assert outcomes.count(Outcome.BRAKED) == 6
    assert attempt(app, now, "", [right]) is Outcome.BRAKED, "weighed before the brake, settled after it"


def test_a_link_used_twice_at_the_same_time_works_once(any_cast: Cast, app: Flask) -> None:
    now = any_cast.clock.now()
    with any_cast.writing() as session:
        user = session.scalars(sa.select(User).where(User.email == FOCAL)).one()
        _link, url = accounts.make_link(session, user, LinkPurpose.RESET, base_url=BASE, now=now)
    token = url.rpartition("/")[2]

    def use(word: str) -> bool:
        with app.app_context():
            try:
                with transaction() as session:
                    accounts.use_link(session, token, LinkPurpose.RESET, f"dez lhamas na {word}", now=now)
            except NotVisible:
                return False
            return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(use, ["chuva", "neve", "praia", "lua"])) == [False, False, False, True]


def test_password_changed_between_weighing_and_settling(any_cast: Cast) -> None:
    now = any_cast.clock.now()
    with any_cast.reading() as session:
        tried = sign_in.weigh(session, FOCAL, PASSWORD, now=now)
    assert tried.is_right
    assert PASSWORD not in repr(tried)
    with any_cast.writing() as session:
        session.execute(sa.update(User).where(User.email == FOCAL).values(password=passwords.hashed(NEW)))
    with any_cast.writing() as session:
        assert sign_in.settle(session, tried, event="sign_in", now=now) is Outcome.WRONG


def test_outdated_hash_is_renewed(any_cast: Cast, app: Flask) -> None:
    with any_cast.reading() as session:
        before = session.scalars(sa.select(User.password).where(User.email == FOCAL)).one()
    assert before is not None
    assert passwords.is_outdated(before)
    assert attempt(app, any_cast.clock.now(), PASSWORD) is Outcome.RIGHT
    with any_cast.reading() as session:
        after = session.scalars(sa.select(User.password).where(User.email == FOCAL)).one()
    assert after is not None
    assert not passwords.is_outdated(after)
    assert passwords.matches(PASSWORD, after)


def test_flask_security_reads_the_same_hashes(app: Flask) -> None:
    from flask_security.utils import hash_password, verify_password

    with app.app_context():
        assert verify_password(NEW, passwords.hashed(NEW))
        assert passwords.matches(NEW, hash_password(NEW))


def test_one_password_in_two_spellings_of_unicode() -> None:
    assert passwords.matches("cora\u00e7\u00e3o de le\u00e3o", passwords.hashed("corac\u0327a\u0303o de lea\u0303o"))


def test_sweeping_twice(any_cast: Cast, app: Flask) -> None:
    start = any_cast.clock.now()
    attempt(app, start, "wrong")
    with any_cast.writing() as session:
        user = session.scalars(sa.select(User).where(User.email == FOCAL)).one()
        accounts.make_link(session, user, LinkPurpose.RESET, base_url=BASE, now=start)
        session.add(SignInSession(token_hash="x" * 64, user_id=user.id, started_at=start))
    for days, left in ((0, (1, 1, 1)), (1, (0, 1, 1)), (31, (0, 0, 0))):
        any_cast.clock.set(start)
        any_cast.clock.advance(days=days, minutes=1)
        with any_cast.writing() as session:
            sign_in.sweep(session, now=any_cast.clock.now())
            assert sign_in.sweep(session, now=any_cast.clock.now()) == 0
            counts = [
                session.scalar(sa.select(sa.func.count()).select_from(table))
                for table in (SignInAttempt, SignInSession, OneTimeLink)
            ]
            assert tuple(counts) == left


class TestInvitingFromTheCommandLine:
    def test_first_administrator_has_no_built_in_password(self, any_app: Flask) -> None:
        with any_app.app_context(), transaction() as session:
            now = any_app.extensions["tracker.clock"].now()
            user = people.invite(
                session,
                Details(email="First@Tracker.test", name="First", role=Role.ADMINISTRATOR),
                actor=None,
                base_url=BASE,
                now=now,
            )
            assert (user.email, user.password, user.party_id) == ("first@tracker.test", None, None)
            assert not people.demonstration_accounts_exist(session)
            assert session.scalars(sa.select(Message)).one().to_address == "first@tracker.test"

    @pytest.mark.parametrize(
        ("details", "field"),
        [
            (Details(email=FOCAL.upper(), name="x", role=Role.REVIEWER), "email"),
            (Details(email="x@tracker.test", name=" ", role=Role.REVIEWER), "name"),
            (Details(email="x@tracker.test", name="x", role=Role.FOCAL_POINT), "party_code"),
            (Details(email="x@tracker.test", name="x", role=Role.FOCAL_POINT, party_code="GS"), "party_code"),
            (Details(email="x@tracker.test", name="x", role=Role.FOCAL_POINT, party_code="XX"), "party_code"),
            (Details(email="x@tracker.test", name="x", role=Role.OBSERVER), "organisation_id"),
            (Details(email="x@tracker.test", name="x", role=Role.OBSERVER, organisation_id=999), "organisation_id"),
        ],
    )
    def test_refused_whole(self, any_cast: Cast, details: Details, field: str) -> None:
        def invite() -> None:
            with any_cast.writing() as session:
                people.invite(session, details, actor=None, base_url=BASE, now=any_cast.clock.now())

        with pytest.raises(Unmet) as error:
            invite()
        assert list(error.value.problems) == [field]
        with any_cast.reading() as session:
            assert session.scalar(sa.select(sa.func.count()).select_from(Message)) == 0
            assert session.scalar(sa.select(sa.func.count()).where(User.email == "x@tracker.test")) == 0


def test_demonstration_accounts_are_noticed(any_cast: Cast) -> None:
    with any_cast.writing() as session:
        assert not people.demonstration_accounts_exist(session)
        session.execute(sa.update(User).where(User.email == FOCAL).values(is_demonstration=True))
        assert people.demonstration_accounts_exist(session)


def test_errors_hold_no_password(any_cast: Cast) -> None:
    with any_cast.reading() as session, pytest.raises(DomainError) as error:
        accounts.use_link(session, "unknown", LinkPurpose.RESET, NEW, now=any_cast.clock.now())
    assert NEW not in str(error.value)
