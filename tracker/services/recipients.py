"""Who answers for a party, and who decides for it: active people, by the party's kind.

The same rule as the policy's: focal points write for a State, its approvers sign off; Secretariat reporters write for
the General Secretariat, administrators for the cooperation agencies, which have no account of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.policy import Actor
from tracker.domain.vocabulary import PartyKind, Role
from tracker.models import ReportingParty, User
from tracker.services.organisations import accredited as accredited_for

WRITERS: dict[PartyKind, Role] = {
    PartyKind.MEMBER_STATE: Role.FOCAL_POINT,
    PartyKind.GENERAL_SECRETARIAT: Role.SECRETARIAT_REPORTER,
    PartyKind.COOPERATION_AGENCIES: Role.ADMINISTRATOR,
}


@dataclass(frozen=True)
class Recipient:
    """To whom a mail goes, and how that person reads."""

    user_id: int
    name: str
    email: str
    language: str
    time_zone: str


def writers(session: Session, kind: PartyKind, party_id: int) -> list[Recipient]:
    """Focal points (main and alternate), or who stands in their place for this kind of party."""
    if kind is PartyKind.COOPERATION_AGENCIES:
        return _active(session, User.role == WRITERS[kind])
    return _active(session, User.role == WRITERS[kind], User.party_id == party_id)


def approvers(session: Session, kind: PartyKind, party_id: int, *, approval_required: bool) -> list[Recipient]:
    """Who signs off: the approvers of a State, or its focal points where the State asks for no approval.

    Where a State that asks for approval has no active approver, its focal points are told, so that a report does not
    lie unseen.
    """
    if kind is not PartyKind.MEMBER_STATE:
        return []
    found = _active(session, User.role == Role.APPROVER, User.party_id == party_id) if approval_required else []
    return found or writers(session, kind, party_id)


def person(session: Session, user_id: int | None) -> list[Recipient]:
    """One person, if active."""
    return _active(session, User.id == user_id) if user_id is not None else []


def _active(session: Session, *which: sa.ColumnElement[bool]) -> list[Recipient]:
    rows = session.execute(
        sa.select(User.id, User.name, User.email, User.language, User.time_zone)
        .where(User.active.is_(True), *which)
        .order_by(User.id)
    )
    return [Recipient(*row) for row in rows]


def as_actor(session: Session, user: User, *, now: datetime) -> Actor:
    """The person as the policy knows him or her: what a mail may tell is what its reader may see."""
    party = session.get(ReportingParty, user.party_id) if user.party_id is not None else None
    accredited: frozenset[int] = frozenset()
    if user.role is Role.OBSERVER:
        accredited = accredited_for(session, user.organisation_id, now=now)
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
        accredited=accredited,
        organisation_id=user.organisation_id,
    )
