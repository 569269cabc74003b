"""Who can answer for each party today: where the mail of the Secretariat would reach nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.vocabulary import PartyKind
from tracker.models import User
from tracker.services import cycles
from tracker.services.recipients import WRITERS


class Reach(StrEnum):
    """Whether a person can be reached."""

    REACHABLE = "reachable"
    NEVER_SIGNED_IN = "never_signed_in"
    BOUNCING = "bouncing"
    """A mail server said for good that the address takes no mail."""


@dataclass(frozen=True)
class Person:
    user_id: int
    name: str
    email: str
    is_alternate: bool
    reach: Reach


@dataclass(frozen=True)
class Line:
    """A party that reports. Where ``people`` is empty the post is vacant."""

    code: str
    name: dict[str, str]
    people: tuple[Person, ...]

    @property
    def answered_for(self) -> bool:
        """Whether anybody of it can be reached."""
        return any(one.reach is Reach.REACHABLE for one in self.people)


def lines(session: Session, day: date) -> list[Line]:
    """The parties that take part on this day and have accounts of their own, those nobody answers for first.

    Two queries, whatever the number of people and mails.
    """
    parties = [p for p in cycles.taking_part(session, day) if p.kind is not PartyKind.COOPERATION_AGENCIES]
    people: dict[int, list[Person]] = {}
    kinds = {p.id: p.kind for p in parties}
    for row in session.execute(_people()):
        if row.party_id in kinds and row.role is WRITERS[kinds[row.party_id]]:
            people.setdefault(row.party_id, []).append(
                Person(row.id, row.name, row.email, row.is_alternate, _reach(row))
            )
    found = [Line(p.code, p.name, tuple(people.get(p.id, ()))) for p in parties]
    return sorted(found, key=lambda line: line.answered_for)


def _reach(row: sa.Row) -> Reach:
    if row.bounced_at is not None:
        return Reach.BOUNCING
    return Reach.REACHABLE if row.last_sign_in_at is not None else Reach.NEVER_SIGNED_IN


def _people() -> sa.Select:
    return (
        sa.select(
            User.id,
            User.name,
            User.email,
            User.is_alternate,
            User.party_id,
            User.role,
            User.last_sign_in_at,
            User.bounced_at,
        )
        .where(User.active.is_(True), User.role.in_(set(WRITERS.values())), User.party_id.is_not(None))
        .order_by(User.is_alternate, User.name)
    )
