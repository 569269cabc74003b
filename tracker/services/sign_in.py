"""Signing in and out, and the brake on guessing.

The slow part (the hash) is done before the write transaction: ``weigh`` reads, ``settle`` writes. The brake counts
failures per address, whatever computer they come from and whether or not the address has an account.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.accounts import FAILURE_WINDOW, KEEP_ENDED, has_brake
from tracker.domain.policy import Actor
from tracker.models import OneTimeLink, SignInAttempt, SignInSession, User
from tracker.services import audit, passwords


class Outcome(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"
    BRAKED = "braked"


@dataclass(frozen=True)
class Try:
    """A password that was looked at, not yet counted. The password itself is not in it."""

    address_hash: str
    user_id: int | None
    party_id: int | None
    is_right: bool
    stored: str | None
    """The hash it was compared with, to notice a change in between."""
    renewed: str | None = None
    """The hash with today's parameters, where the stored one is outdated."""


@dataclass(frozen=True)
class SignedIn:
    """What a new session's cookie needs."""

    uniquifier: str
    token: str


def address_hash(address: str) -> str:
    """Under which name failures are counted: nobody's address is kept."""
    return hashlib.sha256(address.strip().lower().encode("utf-8", "surrogatepass")).hexdigest()


def weigh(session: Session, address: str, password: str, *, now: datetime) -> Try:
    """Look at an address and a password. Unknown, disabled and not yet accepted accounts take the same time."""
    who = address_hash(address)
    row = session.execute(
        sa.select(User.id, User.party_id, User.password, User.active).where(User.email == address.strip().lower())
    ).one_or_none()
    if has_brake(_failures(session, who, now)):
        return Try(who, row.id if row else None, row.party_id if row else None, False, None)
    stored = row.password if row and row.active else None
    is_right = passwords.matches(password, stored)
    renewed = passwords.hashed(password) if is_right and stored and passwords.is_outdated(stored) else None
    return Try(who, row.id if row else None, row.party_id if row else None, is_right, stored, renewed)


def settle(session: Session, tried: Try, *, event: str, now: datetime) -> Outcome:
    """Count the try: a failure is kept, a success forgets the earlier ones. ``event`` names the audit's entries.

    Tries that were weighed at the same time are counted one after the other, so the limit holds for all of them.
    """
    _one_at_a_time(session, tried.address_hash)
    about = ("user", tried.user_id) if tried.user_id else None
    if has_brake(_failures(session, tried.address_hash, now)):
        audit.record(session, f"{event}.braked", now=now, party_id=tried.party_id, about=about)
        return Outcome.BRAKED
    user = session.get(User, tried.user_id) if tried.user_id else None
    if user is None or not tried.is_right or not user.active or user.password != tried.stored:
        session.add(SignInAttempt(address_hash=tried.address_hash, at=now))
        audit.record(session, f"{event}.failed", now=now, party_id=tried.party_id, about=about)
        return Outcome.WRONG
    forget_failures(session, tried.address_hash)
    if tried.renewed:
        user.password = tried.renewed
    return Outcome.RIGHT


def begin(session: Session, tried: Try, *, replaces: int | None = None, now: datetime) -> SignedIn:
    """Begin a session for a try that was settled as right; the browser's earlier one ends."""
    user = session.get_one(User, tried.user_id)
    if replaces is not None:
        _end(session, SignInSession.id == replaces, now=now)
    token = passwords.new_token()
    session.add(SignInSession(token_hash=passwords.token_hash(token), user_id=user.id, started_at=now))
    user.last_sign_in_at = now
    audit.record(
        session, "sign_in.succeeded", now=now, actor_id=user.id, party_id=user.party_id, about=("user", user.id)
    )
    return SignedIn(user.fs_uniquifier, token)


def sign_out(session: Session, session_id: int, *, actor: Actor, now: datetime) -> None:
    """End this session: copies of its cookie are worth nothing from now on."""
    _end(session, SignInSession.id == session_id, now=now)
    audit.record(session, "sign_out", now=now, actor=actor, about=("user", actor.user_id))


def end_sessions(session: Session, user_id: int, *, but: int | None = None, now: datetime) -> None:
    """End every session of a person, but perhaps the one he or she is using."""
    _end(session, SignInSession.user_id == user_id, SignInSession.id != (but or 0), now=now)


def forget_failures(session: Session, who: str) -> None:
    session.execute(sa.delete(SignInAttempt).where(SignInAttempt.address_hash == who))


def sweep(session: Session, *, now: datetime) -> int:
    """Remove what has served its time: old failures, sessions and links that ended long ago. Returns how many rows."""
    swept = 0
    for statement in (
        sa.delete(SignInAttempt).where(SignInAttempt.at <= now - FAILURE_WINDOW),
        sa.delete(SignInSession).where(
            sa.func.coalesce(SignInSession.ended_at, SignInSession.started_at) < now - KEEP_ENDED
        ),
        sa.delete(OneTimeLink).where(OneTimeLink.expires_at < now - KEEP_ENDED),
    ):
        swept += session.execute(statement).rowcount  # type: ignore[attr-defined]
    return swept


def _failures(session: Session, who: str, now: datetime) -> int:
    return (
        session.scalar(
            sa.select(sa.func.count())
            .select_from(SignInAttempt)
            .where(SignInAttempt.address_hash == who, SignInAttempt.at > now - FAILURE_WINDOW)
        )
        or 0
    )


def _end(session: Session, *conditions: sa.ColumnElement[bool], now: datetime) -> None:
    session.execute(sa.update(SignInSession).where(SignInSession.ended_at.is_(None), *conditions).values(ended_at=now))


def _one_at_a_time(session: Session, who: str) -> None:
    """SQLite's write transactions come one by one anyway; PostgreSQL is asked to, for this address only."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(int(who[:15], 16))))
