"""What the Secretariat does with a filed observation: accept it, or decline it with a reason."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from tracker.domain.errors import NotPermitted, Stale, Unmet, WrongState
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.vocabulary import ObservationState, Visibility
from tracker.models import Observation
from tracker.services import audit, observation_mails
from tracker.services.observation_filing import locked, tell_history
from tracker.services.personal_data import require_clean


def accept(session: Session, observation_id: int, *, seen_version: int, actor: Actor, now: datetime) -> Observation:
    """State and Secretariat read it from now on; the public once a rating is published. The State is told at once.

    Raises NotPermitted, NotVisible, Stale, WrongState.
    """
    record = _filed(session, observation_id, "observation.accept", seen_version, actor)
    _decide(session, record, ObservationState.ACCEPTED, "", actor, now)
    entry = tell_history(session, record, actor, now, Visibility.FILE)
    observation_mails.decided(session, record, entry_id=entry.id, now=now)
    observation_mails.accepted_for_the_state(session, record, entry_id=entry.id, now=now)
    return record


def decline(
    session: Session,
    observation_id: int,
    *,
    reason: str,
    explanation: str = "",
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> Observation:
    """Give it back to the organisation, which may correct it and file it again.

    Raises NotPermitted, NotVisible, Stale, WrongState, Unmet(reason=…).
    """
    record = _filed(session, observation_id, "observation.decline", seen_version, actor)
    if not reason:
        raise Unmet(reason="required")
    explained = require_clean(explanation, reason=reason)
    _decide(session, record, ObservationState.DECLINED, reason, actor, now)
    entry = tell_history(session, record, actor, now, Visibility.STAFF, comment=reason, details=explained)
    observation_mails.decided(session, record, entry_id=entry.id, now=now)
    return record


def _filed(session: Session, observation_id: int, step: str, seen_version: int, actor: Actor) -> Observation:
    if not can(actor, Permission.OBSERVATION_MODERATE):
        raise NotPermitted(Permission.OBSERVATION_MODERATE)
    record = locked(session, observation_id)
    if record.state is not ObservationState.FILED:
        raise WrongState(step, record.state.value)
    if record.version != seen_version:
        raise Stale
    return record


def _decide(
    session: Session, record: Observation, state: ObservationState, reason: str, actor: Actor, now: datetime
) -> None:
    before = record.state
    record.state = state
    record.moderated_at, record.moderated_by_id, record.moderation_reason = now, actor.user_id, reason
    session.flush()
    audit.record(
        session,
        "observation.accepted" if state is ObservationState.ACCEPTED else "observation.declined",
        now=now,
        actor=actor,
        party_id=record.party_id,
        internal=state is not ObservationState.ACCEPTED,
        about=("observation", record.id),
        old={"state": before.value},
        new={"state": state.value, "reason": reason},
    )
