"""A person's own account: password, one-time links, profile."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker import wording
from tracker.domain import passwords as rules
from tracker.domain.accounts import INVITATION_LASTS, MOST_RESETS, RESET_LASTS, RESET_WINDOW
from tracker.domain.errors import NotVisible, Stale, Unmet
from tracker.domain.policy import Actor
from tracker.mail import links, messages, outbox
from tracker.models import LinkPurpose, OneTimeLink, User
from tracker.services import audit, passwords, sign_in

LASTS = {LinkPurpose.RESET: RESET_LASTS, LinkPurpose.INVITATION: INVITATION_LASTS}
PATHS = {LinkPurpose.RESET: "/reset/", LinkPurpose.INVITATION: "/invitation/"}


def ask_reset(session: Session, address: str, *, base_url: str, now: datetime) -> None:
    """Send a reset link, if the address has an account with a password. The caller's answer is the same either way.

    An account that is disabled, or whose invitation was not accepted yet, gets none. So that the time tells nothing,
    the same work is then done for another account and undone.
    """
    user = session.scalar(sa.select(User).where(User.email == address.strip().lower()))
    audit.record(
        session,
        "password.reset_asked",
        now=now,
        party_id=user.party_id if user else None,
        about=("user", user.id) if user else None,
    )
    stand_in = user or session.scalar(sa.select(User).order_by(User.id).limit(1))
    if stand_in is None:
        return
    gets_one = stand_in is user and user.active and user.password is not None
    may_have_another = _may_have_another(session, stand_in, now)
    with suppress(_Undone), session.begin_nested():
        _send_reset(session, stand_in, base_url=base_url, now=now)
        if not (gets_one and may_have_another):
            raise _Undone


class _Undone(Exception):
    """Ends a savepoint without a trace."""


def _send_reset(session: Session, user: User, *, base_url: str, now: datetime) -> None:
    link, url = make_link(session, user, LinkPurpose.RESET, base_url=base_url, now=now)
    outbox.put(
        session,
        key=f"password_reset:{link.id}",
        kind="password_reset",
        recipient_id=user.id,
        to_address=user.email,
        message=messages.password_reset(user.name, user.language, url, int(RESET_LASTS.total_seconds() // 3600)),
        now=now,
    )


def _may_have_another(session: Session, user: User, now: datetime) -> bool:
    sent = session.scalar(
        sa.select(sa.func.count())
        .select_from(OneTimeLink)
        .where(
            OneTimeLink.user_id == user.id,
            OneTimeLink.purpose == LinkPurpose.RESET,
            OneTimeLink.made_at > now - RESET_WINDOW,
        )
    )
    return (sent or 0) < MOST_RESETS


def make_link(
    session: Session, user: User, purpose: LinkPurpose, *, base_url: str, now: datetime
) -> tuple[OneTimeLink, str]:
    """A new link and its address; older ones of the same purpose are dead from now on."""
    end_links(session, user.id, purpose, now=now)
    token = passwords.new_token()
    link = OneTimeLink(
        purpose=purpose,
        user_id=user.id,
        token_hash=passwords.token_hash(token),
        made_at=now,
        expires_at=now + LASTS[purpose],
    )
    session.add(link)
    session.flush()
    return link, f"{base_url.rstrip('/')}{PATHS[purpose]}{token}"


def end_links(session: Session, user_id: int, purpose: LinkPurpose | None = None, *, now: datetime) -> None:
    """Make a person's links worthless, of one purpose or of all."""
    conditions = [OneTimeLink.user_id == user_id, OneTimeLink.ended_at.is_(None)]
    if purpose is not None:
        conditions.append(OneTimeLink.purpose == purpose)
    session.execute(sa.update(OneTimeLink).where(*conditions).values(ended_at=now))


def owner_of_link(session: Session, token: str, purpose: LinkPurpose, *, now: datetime) -> User | None:
    """Whose living link this is; None where it is unknown, used, replaced, too old, or the account cannot use it.

    Looking does not use it up: mail scanners look first.
    """
    wants_password = User.password.is_not(None) if purpose is LinkPurpose.RESET else User.password.is_(None)
    return session.scalar(
        sa.select(User)
        .join(OneTimeLink, OneTimeLink.user_id == User.id)
        .where(
            OneTimeLink.token_hash == passwords.token_hash(token),
            OneTimeLink.purpose == purpose,
            OneTimeLink.ended_at.is_(None),
            OneTimeLink.expires_at > now,
            User.active.is_(True),
            wants_password,
        )
    )


def use_link(session: Session, token: str, purpose: LinkPurpose, password: str, *, now: datetime) -> None:
    """Set the password with a one-time link. All sessions end, all links die.

    Raises NotVisible where the link is dead, Unmet(new_password=…) where the password is refused.
    """
    user = owner_of_link(session, token, purpose, now=now)
    if user is None:
        raise NotVisible
    problem = _problem(user, password)
    if problem:
        raise Unmet(new_password=problem)
    _use_up(session, token, now=now)
    _set_password(session, user, password, now=now)
    sign_in.end_sessions(session, user.id, now=now)
    sign_in.forget_failures(session, sign_in.address_hash(user.email))
    if purpose is LinkPurpose.RESET:
        _tell_changed(session, user, now=now)
    event = "password.reset" if purpose is LinkPurpose.RESET else "invitation.accepted"
    audit.record(session, event, now=now, actor_id=user.id, party_id=user.party_id, about=("user", user.id))


def change_password(session: Session, password: str, *, session_id: int, actor: Actor, now: datetime) -> None:
    """Set a new password for a person who has just shown the present one; the other sessions end.

    Raises Unmet(new_password=…) where it is refused.
    """
    user = session.get_one(User, actor.user_id)
    problem = _problem(user, password)
    if problem:
        raise Unmet(new_password=problem)
    _set_password(session, user, password, now=now)
    sign_in.end_sessions(session, user.id, but=session_id, now=now)
    _tell_changed(session, user, now=now)
    audit.record(session, "password.changed", now=now, actor=actor, about=("user", user.id))


def _tell_changed(session: Session, user: User, *, now: datetime) -> None:
    """So that who did not do it hears of it."""
    outbox.put(
        session,
        key=f"password_changed:{user.id}:{now.isoformat()}",
        kind="password_changed",
        recipient_id=user.id,
        to_address=user.email,
        message=messages.password_changed(
            user.name,
            user.language,
            when=wording.say_moment(now, user.language, user.time_zone),
            forgot_url=links.site(session).forgot,
        ),
        now=now,
    )


def _problem(user: User, password: str) -> str | None:
    return rules.problem(password, own_words=(user.name, user.email.partition("@")[0]))


def _use_up(session: Session, token: str, *, now: datetime) -> None:
    """End the link by conditional update: of two that use it at the same time one finds it dead."""
    used = session.execute(
        sa.update(OneTimeLink)
        .where(OneTimeLink.token_hash == passwords.token_hash(token), OneTimeLink.ended_at.is_(None))
        .values(ended_at=now)
    )
    if used.rowcount != 1:  # type: ignore[attr-defined]
        raise NotVisible


def _set_password(session: Session, user: User, password: str, *, now: datetime) -> None:
    user.password = passwords.hashed(password)
    end_links(session, user.id, now=now)


PROFILE = ("name", "language", "time_zone")
"""What a person decides about his or her own account."""


def profile(session: Session, user_id: int) -> dict[str, Any]:
    """The person's own choices, by the names of ``PROFILE``."""
    user = session.get_one(User, user_id)
    return {name: getattr(user, name) for name in PROFILE}


def mark(form: dict[str, Any]) -> str:
    """A short name of what a form about an account shows: another one as soon as any field of it changed.

    A row's version would tell nothing: signing in changes the row as well.
    """
    return hashlib.sha256(json.dumps(form, sort_keys=True).encode()).hexdigest()[:32]


def change_profile(
    session: Session,
    *,
    name: str,
    language: str,
    time_zone: str,
    seen: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep the person's own choices. ``seen`` is the ``mark`` of what the form showed.

    Raises Stale, with what is stored, where an administrator or another window changed any of it since.
    """
    user = session.get_one(User, actor.user_id, with_for_update=True, populate_existing=True)
    new = {"name": name, "language": language, "time_zone": time_zone}
    old = {field: getattr(user, field) for field in new}
    changed = {field for field in new if new[field] != old[field]}
    if not changed:
        return
    if seen != mark(old):
        raise Stale(theirs=old, yours=new)
    for field in changed:
        setattr(user, field, new[field])
    audit.record(
        session,
        "user.changed",
        now=now,
        actor=actor,
        about=("user", user.id),
        old={field: audit.account_field(old[field]) for field in sorted(changed)},
        new={field: audit.account_field(new[field]) for field in sorted(changed)},
    )
