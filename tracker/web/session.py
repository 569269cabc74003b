"""Who is signed in: the cookie names a row of ``sign_in_session``; without that row the cookie is worth nothing.

One query a request loads person and session together. The idle limit is the age of the signed cookie, renewed with
each answer; the absolute limit is counted from the sign-in.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask, current_app, g, session
from flask_login import UserMixin

from config import Settings
from tracker.db import db
from tracker.domain.policy import Actor
from tracker.domain.vocabulary import Role
from tracker.models import Accreditation, ReportingParty, SignInSession, User

TOKEN = "sid"  # noqa: S105  (the key's name, not a token)


class SignedIn(UserMixin):
    """What Flask-Login hands round as ``current_user``."""

    def __init__(self, actor: Actor, fs_uniquifier: str, session_id: int) -> None:
        self.actor = actor
        self.fs_uniquifier = fs_uniquifier
        self.session_id = session_id

    def get_id(self) -> str:
        return self.fs_uniquifier


def token_hash(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


_QUERY = (
    sa.select(
        SignInSession.id.label("session_id"),
        SignInSession.started_at,
        User.id,
        User.fs_uniquifier,
        User.role,
        User.party_id,
        User.name,
        User.email,
        User.language,
        User.time_zone,
        ReportingParty.code.label("party_code"),
        ReportingParty.kind.label("party_kind"),
    )
    .join(User, User.id == SignInSession.user_id)
    .outerjoin(ReportingParty, ReportingParty.id == User.party_id)
    .where(
        SignInSession.token_hash == sa.bindparam("token"),
        SignInSession.ended_at.is_(None),
        User.active.is_(True),
        User.fs_uniquifier == sa.bindparam("uniquifier"),
    )
)


def load(uniquifier: str) -> SignedIn | None:
    """The person of this session, as stored now: disabled, moved or signed out counts at once."""
    token = session.get(TOKEN)
    if not token:
        return None
    row = db.session.execute(_QUERY, {"token": token_hash(token), "uniquifier": uniquifier}).one_or_none()
    settings: Settings = current_app.extensions["tracker.settings"]
    if row is None or g.now >= row.started_at + timedelta(seconds=settings.session_absolute):
        return None
    accredited: frozenset[int] = frozenset()
    if row.role is Role.OBSERVER:
        accredited = frozenset(
            db.session.scalars(sa.select(Accreditation.party_id).where(Accreditation.user_id == row.id))
        )
    actor = Actor(
        user_id=row.id,
        role=row.role,
        party_id=row.party_id,
        party_kind=row.party_kind,
        party_code=row.party_code,
        name=row.name,
        email=row.email,
        language=row.language,
        time_zone=row.time_zone,
        accredited=accredited,
    )
    return SignedIn(actor, row.fs_uniquifier, row.session_id)


def init_app(app: Flask, settings: Settings) -> None:
    """Flask-Security for hashing and sign-in, with our loader in the place of its own."""
    from flask_security import Security
    from flask_security.datastore import FSQLALiteUserDatastore

    app.config.update(
        SESSION_COOKIE_NAME="__Host-tracker" if settings.is_https else "tracker",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        PERMANENT_SESSION_LIFETIME=timedelta(seconds=settings.session_idle),
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106
        SECURITY_PASSWORD_SINGLE_HASH=True,
        SECURITY_PASSWORD_SALT=None,
        SECURITY_PASSWORD_LENGTH_MIN=15,
        SECURITY_PASSWORD_NORMALIZE_FORM="NFC",  # noqa: S106
        SECURITY_DEFAULT_REMEMBER_ME=False,
        SECURITY_SEND_REGISTER_EMAIL=False,
        SECURITY_DEPRECATED_HASHING_SCHEMES=[],
        SECURITY_PASSWORD_SCHEMES=["argon2"],
    )
    security = Security()
    security.init_app(app, FSQLALiteUserDatastore(db, User, object), register_blueprint=False)
    app.login_manager.user_loader(load)  # type: ignore[attr-defined]
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]
