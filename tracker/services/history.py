"""Who may read which entry of a commitment's history."""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.policy import Actor
from tracker.domain.vocabulary import STAFF_ROLES, GoodPracticeState, ObservationState, PartyKind, Role, Visibility
from tracker.models import HistoryEntry, ReportingParty, User
from tracker.services.plain_rows import rows as plain

COMMITTED = "committed"
ASSIGNED = "assigned"
UNASSIGNED = "unassigned"
FROZEN = "frozen"
RESUMED = "resumed"
FROM_WORKBOOK = "from_workbook"
HANDED_OVER = "handed_over"
CLOSED = "closed"
ERASED = "erased"
FOLLOWED_AGAIN = "followed_again"
PART_DATED = "part_dated"
PART_READY = "part_ready"
PART_ASKED_AGAIN = "part_asked_again"
PART_CHANGED = "part_changed"
EXTENSION_ASKED = "extension_asked"
EXTENSION_GRANTED = "extension_granted"
EXTENSION_REFUSED = "extension_refused"
EXTENSION_WITHDRAWN = "extension_withdrawn"
EXTENSION_LAPSED = "extension_lapsed"
QUESTION_ASKED = "question_asked"
QUESTION_ANSWERED = "question_answered"
QUESTION_WITHDRAWN = "question_withdrawn"
ESCALATION_WRITTEN = "escalation_written"
ESCALATION_NOT_NOW = "escalation_not_now"
NOTE_PREPARED = "note_prepared"
NOTE_HANDED_OVER = "note_handed_over"
OTHER_ACTIONS = (
    *(QUESTION_ASKED, QUESTION_ANSWERED, QUESTION_WITHDRAWN),
    *(COMMITTED, ASSIGNED, UNASSIGNED, FROZEN, RESUMED, HANDED_OVER, CLOSED, FOLLOWED_AGAIN, FROM_WORKBOOK),
    ERASED,
    *(PART_DATED, PART_READY, PART_ASKED_AGAIN, PART_CHANGED),
    *(EXTENSION_ASKED, EXTENSION_GRANTED, EXTENSION_REFUSED, EXTENSION_WITHDRAWN, EXTENSION_LAPSED),
    *(ESCALATION_WRITTEN, ESCALATION_NOT_NOW, NOTE_PREPARED, NOTE_HANDED_OVER),
    *(state.value for state in ObservationState if state is not ObservationState.DRAFT),
    *(state.value for state in GoodPracticeState),
)
"""What stands in the history beside the workflow's actions."""

PAGE = 50


def visible_to(actor: Actor | None) -> sa.ColumnElement[bool]:
    """The condition on entries that this reader may see; whether the commitment itself is visible is asked apart."""
    return _visible(_reader(actor), actor.party_id if actor else None)


def of_commitment(session: Session, commitment_id: int, actor: Actor | None, *, limit: int = PAGE) -> list[sa.Row]:
    """The newest entries that this reader may see, newest first, each with the name of who acted."""
    values = {"commitment": commitment_id, "party": actor.party_id if actor else None, "limit": limit}
    return list(plain(session, _of_commitment(_reader(actor)), values))


def _reader(actor: Actor | None) -> Role | None:
    """All that the condition depends on beside the party. None: the public, and observers with it.

    Everybody who is neither reads as a party's own person.
    """
    if actor is None or actor.role is Role.OBSERVER:
        return None
    return actor.role if actor.is_staff else Role.FOCAL_POINT


def _visible(reader: Role | None, party: Any) -> sa.ColumnElement[bool]:
    levels = [Visibility.PUBLIC]
    if reader is None:
        return HistoryEntry.visibility.in_(levels)
    if reader in STAFF_ROLES:
        seen = HistoryEntry.visibility.in_([*levels, Visibility.STAFF, Visibility.FILE])
        if reader is Role.ADMINISTRATOR:
            recorded = sa.select(ReportingParty.id).where(ReportingParty.kind == PartyKind.COOPERATION_AGENCIES)
            return sa.or_(seen, HistoryEntry.party_id.in_(recorded.scalar_subquery()))
        return seen
    own = sa.and_(
        HistoryEntry.party_id == party,
        HistoryEntry.visibility.in_([*levels, Visibility.FILE, Visibility.PARTY]),
    )
    return sa.or_(HistoryEntry.visibility.in_(levels), own)


@cache
def _of_commitment(reader: Role | None) -> sa.Select[Any]:
    """Put together once per process and kind of reader: that costs more than asking the database."""
    return (
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
        .where(
            HistoryEntry.commitment_id == sa.bindparam("commitment"),
            _visible(reader, sa.bindparam("party", type_=sa.Integer)),
        )
        .order_by(HistoryEntry.id.desc())
        .limit(sa.bindparam("limit", type_=sa.Integer))
    )
