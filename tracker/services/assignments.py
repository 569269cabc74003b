"""Whom a focal point asks to answer a commitment: contributors of the same State."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.errors import NotPermitted, Unmet
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.vocabulary import Role, Visibility
from tracker.models import Assignment, Commitment, HistoryEntry, Institution, User
from tracker.services import audit
from tracker.services.history import ASSIGNED, UNASSIGNED
from tracker.services.plain_rows import rows as plain
from tracker.services.records import subject_of_commitment


@dataclass(frozen=True)
class Contributor:
    """Somebody who can be asked. ``active`` is False for a disabled account that is still assigned."""

    user_id: int
    name: str
    institution: str | None
    assigned: bool
    active: bool


def contributors(session: Session, commitment: Commitment) -> list[Contributor]:
    """The contributors of the commitment's State, by institution and name, and whether each is assigned. One query."""
    rows = plain(session, _contributors(), {"commitment": commitment.id, "party": commitment.party_id})
    return [Contributor(r.id, r.name, r.institution, r.given is not None, r.active) for r in rows]


@cache
def _contributors() -> sa.Select:
    given = sa.and_(Assignment.user_id == User.id, Assignment.commitment_id == sa.bindparam("commitment"))
    return (
        sa.select(User.id, User.name, User.active, Institution.name.label("institution"), Assignment.id.label("given"))
        .outerjoin(Institution, Institution.id == User.institution_id)
        .outerjoin(Assignment, given)
        .where(
            User.party_id == sa.bindparam("party"),
            User.role == Role.CONTRIBUTOR,
            sa.or_(User.active.is_(True), Assignment.id.is_not(None)),
        )
        .order_by(Institution.name, User.name)
    )


def assign(session: Session, commitment: Commitment, user_id: int, *, actor: Actor, now: datetime) -> bool:
    """Ask a contributor of the same State to answer. False where he or she was asked already.

    Raises NotPermitted; Unmet(user=…) for anybody else than an active contributor of the State.
    """
    user, existing = _both(session, commitment, user_id, actor)
    if user is None or not user.active:
        raise Unmet(user="unknown")
    if existing is not None:
        return False
    session.add(Assignment(commitment_id=commitment.id, user_id=user.id, assigned_at=now, assigned_by_id=actor.user_id))
    _note(session, commitment, ASSIGNED, user, actor=actor, now=now)
    return True


def unassign(session: Session, commitment: Commitment, user_id: int, *, actor: Actor, now: datetime) -> bool:
    """No longer ask. What the contributor wrote stays. False where he or she was not asked.

    Raises NotPermitted; Unmet(user=…) for anybody else than a contributor of the State.
    """
    user, existing = _both(session, commitment, user_id, actor)
    if user is None:
        raise Unmet(user="unknown")
    if existing is None:
        return False
    session.delete(existing)
    _note(session, commitment, UNASSIGNED, user, actor=actor, now=now)
    return True


def _both(
    session: Session, commitment: Commitment, user_id: int, actor: Actor
) -> tuple[User | None, Assignment | None]:
    """The contributor and the assignment there is, with the commitment locked: two clicks at once are one."""
    if not can(actor, Permission.COMMITMENT_ASSIGN, subject_of_commitment(commitment)):
        raise NotPermitted(Permission.COMMITMENT_ASSIGN)
    session.execute(sa.select(Commitment.id).where(Commitment.id == commitment.id).with_for_update())
    user = session.scalar(
        sa.select(User).where(User.id == user_id, User.party_id == commitment.party_id, User.role == Role.CONTRIBUTOR)
    )
    existing = session.scalar(
        sa.select(Assignment).where(Assignment.commitment_id == commitment.id, Assignment.user_id == user_id)
    )
    return user, existing


def _note(session: Session, commitment: Commitment, action: str, user: User, *, actor: Actor, now: datetime) -> None:
    session.add(
        HistoryEntry(
            commitment_id=commitment.id,
            party_id=commitment.party_id,
            at=now,
            action=action,
            actor_id=actor.user_id,
            actor_role=actor.role.value,
            visibility=Visibility.PARTY,
            details={"assignee": user.name},
        )
    )
    audit.record(
        session,
        f"commitment.{action}",
        now=now,
        actor=actor,
        party_id=commitment.party_id,
        about=("commitment", commitment.id),
        new={"user": user.id},
    )
    session.flush()
