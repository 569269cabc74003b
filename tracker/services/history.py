"""Who may read which entry of a commitment's history."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.policy import Actor
from tracker.domain.vocabulary import PartyKind, Role, Visibility
from tracker.models import HistoryEntry, ReportingParty, User

COMMITTED = "committed"
ASSIGNED = "assigned"
UNASSIGNED = "unassigned"
FROZEN = "frozen"
RESUMED = "resumed"
OTHER_ACTIONS = (COMMITTED, ASSIGNED, UNASSIGNED, FROZEN, RESUMED)
"""What stands in the history beside the workflow's actions."""

PAGE = 50


def visible_to(actor: Actor | None) -> sa.ColumnElement[bool]:
    """The condition on entries that this reader may see; whether the commitment itself is visible is asked apart."""
    levels = [Visibility.PUBLIC]
    if actor is None or actor.role is Role.OBSERVER:
        return HistoryEntry.visibility.in_(levels)
    if actor.is_staff:
        seen = HistoryEntry.visibility.in_([*levels, Visibility.STAFF, Visibility.FILE])
        if actor.role is Role.ADMINISTRATOR:
            recorded = sa.select(ReportingParty.id).where(ReportingParty.kind == PartyKind.COOPERATION_AGENCIES)
            return sa.or_(seen, HistoryEntry.party_id.in_(recorded.scalar_subquery()))
        return seen
    own = sa.and_(
        HistoryEntry.party_id == actor.party_id,
        HistoryEntry.visibility.in_([*levels, Visibility.FILE, Visibility.PARTY]),
    )
    return sa.or_(HistoryEntry.visibility.in_(levels), own)


def of_commitment(session: Session, commitment_id: int, actor: Actor | None, *, limit: int = PAGE) -> list[sa.Row]:
    """The newest entries that this reader may see, newest first, each with the name of who acted."""
    return list(
        session.execute(
            sa.select(
                HistoryEntry.id,
                HistoryEntry.at,
                HistoryEntry.action,
                HistoryEntry.to_state,
                HistoryEntry.actor_role,
                HistoryEntry.comment,
                HistoryEntry.details,
                HistoryEntry.report_id,
                HistoryEntry.visibility,
                User.name.label("actor_name"),
            )
            .outerjoin(User, User.id == HistoryEntry.actor_id)
            .where(HistoryEntry.commitment_id == commitment_id, visible_to(actor))
            .order_by(HistoryEntry.id.desc())
            .limit(limit)
        )
    )
