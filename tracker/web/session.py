"""Who is signed in: the cookie names a row of ``sign_in_session``; without that row the cookie is worth nothing.

One query a request loads person and session together. The idle limit is counted from the last answer (the signed
cookie carries its moment and ages by itself too), the absolute limit from the sign-in; both stand in
``config.Settings`` (docs/decisions/0004-sessions-and-links.md).
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask import Flask, current_app, g, request, session
from flask_login import UserMixin, current_user, login_user, logout_user
from flask_security import RoleMixin

from config import Settings
from tracker.db import db
from tracker.domain.policy import Actor
from tracker.domain.vocabulary import Role
from tracker.models import Message, ReportingParty, SignInSession, User
from tracker.models.messages import UNREAD
from tracker.services import audit, organisations, sign_in
from tracker.services.passwords import token_hash
from tracker.services.plain_rows import rows as plain

__all__ = ["TOKEN", "SignedIn", "begin", "current_id", "end", "init_app", "load", "token_hash", "unread"]

TOKEN = "sid"  # noqa: S105  (the key's name, not a token)
SEEN = "seen"
"""When the last answer went out, in seconds."""
MOST_UNREAD = 100
"""Counted no further: the page then says "99+"."""


class SignedIn(UserMixin):
    """What Flask-Login hands round as ``current_user``."""

    def __init__(self, actor: Actor, fs_uniquifier: str, session_id: int, unread: int) -> None:
        self.actor = actor
        self.fs_uniquifier = fs_uniquifier
        self.session_id = session_id
        self.unread = unread
        """Messages in the inbox, counted up to ``MOST_UNREAD``."""

    def get_id(self) -> str:
        return self.fs_uniquifier


_UNREAD = (
    sa.select(sa.literal_column("1"))
    .select_from(Message)
    .where(Message.recipient_id == User.id, sa.text(UNREAD))
    .correlate(User)
    .limit(MOST_UNREAD)
    .subquery()
)
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
        User.organisation_id,
        ReportingParty.code.label("party_code"),
        ReportingParty.kind.label("party_kind"),
        sa.select(sa.func.count()).select_from(_UNREAD).correlate(User).scalar_subquery().label("unread"),
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
    if not isinstance(token, str):
        return None
    settings: Settings = current_app.extensions["tracker.settings"]
    seen = session.get(SEEN)
    moment = int(g.now.timestamp())
    if isinstance(seen, int) and moment - seen > settings.session_idle:
        return None
    row = plain(db.session, _QUERY, {"token": token_hash(token), "uniquifier": uniquifier}).one_or_none()
    if row is None or g.now >= row.started_at + timedelta(seconds=settings.session_absolute):
        return None
    session[SEEN] = moment
    accredited: frozenset[int] = frozenset()
    if row.role is Role.OBSERVER:
        accredited = organisations.accredited(db.session, row.organisation_id, now=g.now)
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
        organisation_id=row.organisation_id,
    )
    return SignedIn(actor, row.fs_uniquifier, row.session_id, row.unread)


def begin(new: sign_in.SignedIn) -> None:
    """Give this browser the new session. Nothing of the earlier one stays in the cookie, its form tokens neither."""
    session.clear()
    g.pop("csrf_token", None)
    session.permanent = True
    session[TOKEN] = new.token
    db.session.flush()  # load reads the database past what the session holds
    person = load(new.uniquifier)
    if person is not None:
        login_user(person)


def end() -> None:
    """Take the session from this browser's cookie; its row is ended by the service."""
    logout_user()
    session.clear()
    g.pop("csrf_token", None)


def unread() -> int:
    """How many messages of this person's inbox are unread, at most ``MOST_UNREAD``; 0 for a visitor."""
    return getattr(current_user, "unread", 0)


def current_id() -> int | None:
    """The row of this browser's session; None where nobody is signed in."""
    return getattr(current_user, "session_id", None)


class _Role(RoleMixin):
    """Flask-Security asks for a class of roles. None is ever made: who may do what stands in ``domain.policy``."""


def init_app(app: Flask, settings: Settings) -> None:
    """The cookie, and Flask-Security with our loader in the place of its own and without its pages."""
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
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_DEPRECATED_PASSWORD_SCHEMES=[],
        SECURITY_PASSWORD_LENGTH_MIN=15,
        SECURITY_PASSWORD_NORMALIZE_FORM="NFC",  # noqa: S106
        SECURITY_DEFAULT_REMEMBER_ME=False,
        SECURITY_SEND_REGISTER_EMAIL=False,
        SECURITY_CLI_USERS_NAME=False,  # accounts are made by `user invite`, which leaves a trace
        SECURITY_CLI_ROLES_NAME=False,
    )
    security = Security()
    security.init_app(app, FSQLALiteUserDatastore(db, User, _Role), register_blueprint=False)
    manager = app.login_manager  # type: ignore[attr-defined]
    manager.user_loader(load)
    manager.request_loader(lambda _request: None)
    manager.session_protection = None  # a session is bound to its row; an address that changes on the way is no sign

    @app.before_request
    def _source() -> None:
        audit.source_address.set(request.remote_addr or "")
