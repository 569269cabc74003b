"""Good practices: what a State did that others can learn from, shared once both sides agreed (docs/publications.md).

Staff propose one beside a published rating and the State is asked; or the State offers one and staff are asked. Whoever
made it may change it, or take it back, until the other side decided; once shared, either side may take it back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from config import LANGUAGES
from tracker.domain.errors import NotPermitted, NotVisible, Stale, Unmet, WrongState
from tracker.domain.policy import SPEAKERS, Actor, Permission, can
from tracker.domain.vocabulary import GoodPracticeState, PartyKind, Visibility
from tracker.models import Commitment, GoodPractice, HistoryEntry, ProgressReport
from tracker.services import audit, good_practice_mails, search_index
from tracker.services.personal_data import require_clean
from tracker.services.records import LARGEST_ID, subject_of_commitment
from tracker.services.search_sources import Kind

UNDECIDED = frozenset({GoodPracticeState.PROPOSED, GoodPracticeState.OFFERED})
WEB = ("https://", "http://")


@dataclass(frozen=True)
class Content:
    """What is told. ``language`` is that of title and text; ``url`` where to read more, "" for nowhere."""

    title: str
    text: str
    language: str
    url: str = ""
    explanation: str = ""


@dataclass(frozen=True)
class May:
    """What one person may do with a good practice as it stands now."""

    edit: bool = False
    decide: bool = False
    take_back: bool = False


def propose(session: Session, commitment: Commitment, content: Content, *, actor: Actor, now: datetime) -> GoodPractice:
    """The Secretariat proposes it; who answers for the State is asked. Needs a published rating of the commitment.

    Raises NotPermitted, Unmet(rating="none") and by field (required, no_link, personal data).
    """
    if not can(actor, Permission.PRACTICE_PROPOSE, subject_of_commitment(commitment)) or _is_recorded(commitment):
        raise NotPermitted(Permission.PRACTICE_PROPOSE)
    if not has_rating(session, commitment.id):
        raise Unmet(rating="none")
    return _make(session, commitment, content, GoodPracticeState.PROPOSED, actor, now)


def offer(session: Session, commitment: Commitment, content: Content, *, actor: Actor, now: datetime) -> GoodPractice:
    """Who speaks for the State offers it; the Secretariat is asked. Raises NotPermitted, Unmet by field."""
    if not can(actor, Permission.PRACTICE_OFFER, subject_of_commitment(commitment)):
        raise NotPermitted(Permission.PRACTICE_OFFER)
    return _make(session, commitment, content, GoodPracticeState.OFFERED, actor, now)


def edit(
    session: Session, practice_id: int, content: Content, *, seen_version: int, actor: Actor, now: datetime
) -> GoodPractice:
    """Change it before it is decided on: the side that made it.

    Raises NotVisible, NotPermitted, WrongState, Stale with what is stored, Unmet by field.
    """
    record = _locked(session, practice_id, actor)
    if record.state not in UNDECIDED:
        raise WrongState("practice.edit", record.state.value)
    if not may(record, actor).edit:
        raise NotPermitted(Permission.PRACTICE_DECIDE)
    if content_of(record) == content:
        return record
    if record.version != seen_version:
        raise Stale(theirs=content_of(record), yours=content)
    _check(content)
    _put(record, content)
    session.flush()
    _audit(session, "practice.edited", record, actor, now)
    return record


def agree(session: Session, practice_id: int, *, seen_version: int, actor: Actor, now: datetime) -> GoodPractice:
    """The other side agrees, and it is public from now on.

    Raises NotVisible, NotPermitted, WrongState, and Stale where it was changed after the reader opened it.
    """
    record = _to_decide(session, practice_id, "practice.agree", seen_version, actor)
    return _decide(session, record, GoodPracticeState.SHARED, "practice.agreed", actor=actor, now=now)


def decline(
    session: Session,
    practice_id: int,
    *,
    reason: str,
    explanation: str = "",
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> GoodPractice:
    """The other side does not agree, and says why to the first. Raises as ``agree``, and Unmet(reason=…)."""
    record = _to_decide(session, practice_id, "practice.decline", seen_version, actor)
    details = _reasoned(reason, explanation)
    record.reason = reason
    return _decide(
        session, record, GoodPracticeState.DECLINED, "practice.declined", reason, details, actor=actor, now=now
    )


def take_back(
    session: Session,
    practice_id: int,
    *,
    reason: str,
    explanation: str = "",
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> GoodPractice:
    """Whoever made it before the decision, either side once it is shared: it is not public any more.

    Raises NotVisible, NotPermitted, WrongState, Stale, Unmet(reason=…).
    """
    record = _locked(session, practice_id, actor)
    if record.state not in UNDECIDED and record.state is not GoodPracticeState.SHARED:
        raise WrongState("practice.take_back", record.state.value)
    if not may(record, actor).take_back:
        raise NotPermitted(Permission.PRACTICE_DECIDE)
    if record.version != seen_version:
        raise Stale
    details = _reasoned(reason, explanation)
    before = record.state
    record.state, record.reason = GoodPracticeState.WITHDRAWN, reason
    record.ended_at, record.ended_by_id = now, actor.user_id
    search_index.refresh(session, Kind.GOOD_PRACTICE, record.id)
    entry = _tell_history(session, record, actor, now, comment=reason, details=details)
    _audit(session, "practice.taken_back", record, actor, now, old={"state": before.value})
    good_practice_mails.taken_back(session, record, entry_id=entry.id, actor=actor, now=now)
    return record


def may(record: GoodPractice, actor: Actor) -> May:
    """What this person may do with it now; nothing for who may not know of it."""
    side = _side(record, actor)
    if side is None:
        return May()
    if record.state is GoodPracticeState.SHARED:
        return May(take_back=True)
    if record.state not in UNDECIDED:
        return May()
    made = side is record.state
    return May(edit=made, decide=not made, take_back=made)


def get(session: Session, practice_id: int, actor: Actor) -> GoodPractice:
    """One good practice for who works with it: staff, and who speaks for its State. Raises NotVisible."""
    record = None
    if 0 < practice_id <= LARGEST_ID:
        record = session.get(GoodPractice, practice_id)
    if record is None or not readable(record, actor):
        raise NotVisible
    return record


def readable(record: GoodPractice, actor: Actor) -> bool:
    """Staff read all; who speaks for a party its own."""
    if not can(actor, Permission.PRACTICE_LIST):
        return False
    return actor.is_staff or actor.party_id == record.party_id


def content_of(record: GoodPractice) -> Content:
    return Content(record.title, record.text, record.language, record.url, record.explanation)


def has_rating(session: Session, commitment_id: int) -> bool:
    """Whether a rating of this commitment is published, in whichever cycle."""
    found = sa.select(ProgressReport.id).where(
        ProgressReport.commitment_id == commitment_id, ProgressReport.published_assessment_id.is_not(None)
    )
    return session.scalar(found.limit(1)) is not None


def may_make(session: Session, commitment: Commitment, actor: Actor) -> bool:
    """Whether this person may propose or offer one for this commitment. One query for staff, none for others."""
    subject = subject_of_commitment(commitment)
    if can(actor, Permission.PRACTICE_OFFER, subject):
        return True
    proposes = can(actor, Permission.PRACTICE_PROPOSE, subject) and not _is_recorded(commitment)
    return proposes and has_rating(session, commitment.id)


def _is_recorded(commitment: Commitment) -> bool:
    """Of the cooperation agencies: staff record what they do, and nobody could agree for them."""
    return commitment.party.kind is PartyKind.COOPERATION_AGENCIES


def _side(record: GoodPractice, actor: Actor) -> GoodPracticeState | None:
    """On which side somebody acts: that which proposes, that which offers, or neither.

    A good practice can be taken back, and declined, also where the State left the follow-up since.
    """
    subject = replace(subject_of_commitment(record.commitment), frozen=False)
    if not can(actor, Permission.PRACTICE_DECIDE, subject):
        return None
    own = actor.party_id == record.party_id and actor.role in SPEAKERS
    return GoodPracticeState.OFFERED if own else GoodPracticeState.PROPOSED


def _make(
    session: Session,
    commitment: Commitment,
    content: Content,
    state: GoodPracticeState,
    actor: Actor,
    now: datetime,
) -> GoodPractice:
    details = _check(content)
    twice = session.scalar(
        sa.select(GoodPractice).where(
            GoodPractice.commitment_id == commitment.id,
            GoodPractice.state == state,
            GoodPractice.proposed_by_id == actor.user_id,
            GoodPractice.title == content.title,
            GoodPractice.text == content.text,
        )
    )
    if twice is not None:
        return twice  # the same form, sent twice
    record = GoodPractice(
        party_id=commitment.party_id,
        commitment_id=commitment.id,
        state=state,
        proposed_at=now,
        proposed_by_id=actor.user_id,
    )
    _put(record, content)
    session.add(record)
    session.flush()
    entry = _tell_history(session, record, actor, now, details=details)
    event = "practice.proposed" if state is GoodPracticeState.PROPOSED else "practice.offered"
    _audit(session, event, record, actor, now)
    good_practice_mails.made(session, record, entry_id=entry.id, actor=actor, now=now)
    return record


def _check(content: Content) -> dict[str, str]:
    problems = {name: "required" for name in ("title", "text") if not getattr(content, name)}
    if content.language not in LANGUAGES:
        problems["language"] = "required"
    if content.url and not content.url.lower().startswith(WEB):
        problems["url"] = "no_link"
    if problems:
        raise Unmet(**problems)
    return require_clean(content.explanation, title=content.title, text=content.text, url=content.url)


def _reasoned(reason: str, explanation: str) -> dict[str, str]:
    if not reason:
        raise Unmet(reason="required")
    return require_clean(explanation, reason=reason)


def _put(record: GoodPractice, content: Content) -> None:
    record.title, record.text, record.language = content.title, content.text, content.language
    record.url, record.explanation = content.url, content.explanation


def _locked(session: Session, practice_id: int, actor: Actor) -> GoodPractice:
    """The good practice, while other changes of it wait. Raises NotVisible."""
    record = session.scalar(
        sa.select(GoodPractice)
        .where(GoodPractice.id == (practice_id if 0 < practice_id <= LARGEST_ID else 0))
        .with_for_update(of=GoodPractice)
        .execution_options(populate_existing=True)
    )
    if record is None or not readable(record, actor):
        raise NotVisible
    return record


def _to_decide(session: Session, practice_id: int, step: str, seen_version: int, actor: Actor) -> GoodPractice:
    record = _locked(session, practice_id, actor)
    if record.state not in UNDECIDED:
        raise WrongState(step, record.state.value)
    if not may(record, actor).decide:
        raise NotPermitted(Permission.PRACTICE_DECIDE)
    if record.version != seen_version:
        raise Stale
    return record


def _decide(
    session: Session,
    record: GoodPractice,
    state: GoodPracticeState,
    event: str,
    reason: str = "",
    details: dict[str, str] | None = None,
    *,
    actor: Actor,
    now: datetime,
) -> GoodPractice:
    before = record.state
    record.state, record.decided_at, record.decided_by_id = state, now, actor.user_id
    search_index.refresh(session, Kind.GOOD_PRACTICE, record.id)
    entry = _tell_history(session, record, actor, now, comment=reason, details=details)
    _audit(session, event, record, actor, now, old={"state": before.value})
    good_practice_mails.decided(session, record, made=before, entry_id=entry.id, actor=actor, now=now)
    return record


def _tell_history(
    session: Session,
    record: GoodPractice,
    actor: Actor,
    now: datetime,
    *,
    comment: str = "",
    details: dict[str, str] | None = None,
) -> HistoryEntry:
    """For the State and the Secretariat; the public reads the good practice itself."""
    entry = HistoryEntry(
        commitment_id=record.commitment_id,
        party_id=record.party_id,
        at=now,
        action=record.state.value,
        actor_id=actor.user_id,
        actor_role=actor.role.value,
        visibility=Visibility.FILE,
        comment=comment,
        details={"practice": record.id, **(details or {})},
    )
    session.add(entry)
    session.flush()
    return entry


def _audit(
    session: Session,
    event: str,
    record: GoodPractice,
    actor: Actor,
    now: datetime,
    *,
    old: dict[str, str] | None = None,
) -> None:
    audit.record(
        session,
        event,
        now=now,
        actor=actor,
        party_id=record.party_id,
        internal=False,
        about=("good_practice", record.id),
        old=old,
        new={
            "state": record.state.value,
            "commitment": record.commitment_id,
            "title": record.title,
            "text": record.text,
            "language": audit.Plain(record.language),
            "reason": record.reason,
        },
    )
