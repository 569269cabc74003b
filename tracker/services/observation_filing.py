"""What an organisation does with its observation on a commitment: write, file, withdraw. One per commitment and cycle.

Draft → filed → accepted or declined by the Secretariat (``services.moderation``), or withdrawn while it is filed. What
came back may be corrected and filed again; saving makes it a draft again. An accepted one stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from config import LANGUAGES
from tracker.domain.errors import NotPermitted, NotVisible, Stale, Unmet, WrongState
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.vocabulary import SCALE, EvidenceKind, FileState, ObservationState, Rating, Visibility
from tracker.models import (
    Commitment,
    Evidence,
    EvidenceVersion,
    HistoryEntry,
    Observation,
    ObservationEvidence,
    ProgressReport,
)
from tracker.services import audit, evidence
from tracker.services.personal_data import require_clean, require_no_identifiers
from tracker.services.records import LARGEST_ID, subject_of_commitment

VIEWS: tuple[Rating, ...] = (*SCALE, Rating.INSUFFICIENT)
"""What an organisation may say of a commitment."""
EDITABLE = frozenset({ObservationState.DRAFT, ObservationState.DECLINED, ObservationState.WITHDRAWN})
MOST_EVIDENCE = 20
"""Pieces of evidence of one observation."""


@dataclass(frozen=True)
class NewLink:
    """A link typed into the form. ``field`` ends the names of its fields; ``name`` is the piece's random public id."""

    field: str
    name: str
    title: str
    url: str
    speaks_of: date | None


@dataclass(frozen=True)
class Content:
    """What the organisation says. ``attached``: public ids of its own pieces of evidence."""

    view: Rating | None
    text: str
    language: str
    attached: tuple[str, ...] = ()
    links: tuple[NewLink, ...] = ()
    explanation: str = ""


def current_report(session: Session, commitment_id: int) -> ProgressReport | None:
    """The commitment's report of the newest cycle: what an observation is about; None before the first cycle."""
    return session.scalar(
        sa.select(ProgressReport)
        .where(ProgressReport.commitment_id == commitment_id)
        .options(joinedload(ProgressReport.cycle))
        .order_by(ProgressReport.opens_on.desc(), ProgressReport.cycle_id.desc())
        .limit(1)
    )


def own(session: Session, report_id: int, organisation_id: int | None, *, locked: bool = False) -> Observation | None:
    """The organisation's observation on this report, with its evidence; None where there is none."""
    wanted = (
        sa.select(Observation)
        .where(Observation.report_id == report_id, Observation.organisation_id == (organisation_id or 0))
        .options(selectinload(Observation.attached).joinedload(ObservationEvidence.evidence))
        .execution_options(populate_existing=True)
    )
    return session.scalar(wanted.with_for_update(of=Observation) if locked else wanted)


def library(session: Session, organisation_id: int | None) -> list[Evidence]:
    """The organisation's pieces of evidence, newest first: what may be attached."""
    return list(
        session.scalars(
            sa.select(Evidence)
            .where(Evidence.organisation_id == (organisation_id or 0))
            .order_by(Evidence.created_at.desc(), Evidence.id.desc())
            .limit(200)
        )
    )


def save(
    session: Session, commitment: Commitment, content: Content, *, seen_version: int, actor: Actor, now: datetime
) -> Observation:
    """Keep the draft; ``seen_version`` 0 where there was none. Nothing is asked to be complete.

    Raises NotPermitted; WrongState once it is filed or accepted; Stale, with what is stored, after a colleague; Unmet
    by field (personal data that is certain, links, evidence; cycle=none before the first cycle).
    """
    report, record = _open(session, commitment, actor)
    if record is not None and record.state not in EDITABLE:
        raise WrongState("observation.save", record.state.value)
    if (record.version if record else 0) != seen_version:
        if record is not None and _same(record, content):
            return record
        raise Stale(theirs=_content(record) if record else None, yours=content)
    require_no_identifiers([("text", content.text), ("explanation", content.explanation)])
    if record is None:
        record = Observation(
            commitment_id=commitment.id,
            report_id=report.id,
            party_id=commitment.party_id,
            organisation_id=actor.organisation_id,
            created_at=now,
            edited_at=now,
            edited_by_id=actor.user_id,
        )
        session.add(record)
    record.state = ObservationState.DRAFT
    record.view, record.text, record.explanation = content.view, content.text, content.explanation
    record.language = content.language if content.language in LANGUAGES else ""
    record.edited_at, record.edited_by_id = now, actor.user_id
    session.flush()
    _attach(session, record, content, actor, now)
    _note(session, "observation.saved", record, actor, now)
    return record


def file(
    session: Session, commitment: Commitment, content: Content, *, seen_version: int, actor: Actor, now: datetime
) -> Observation:
    """Save and hand it to the Secretariat. Asks for a view, a text and its language.

    Raises as ``save``; Unmet(view=…, text=…, language=…) and for personal data that is not explained.
    """
    _report, before = _open(session, commitment, actor)
    if before is not None and before.state is ObservationState.FILED and _same(before, content):
        return before  # the same form, sent twice
    problems = {}
    if content.view not in VIEWS:
        problems["view"] = "required"
    if not content.text:
        problems["text"] = "required"
    if content.language not in LANGUAGES:
        problems["language"] = "required"
    if problems:
        raise Unmet(**problems)
    explained = require_clean(content.explanation, text=content.text)
    record = save(session, commitment, content, seen_version=seen_version, actor=actor, now=now)
    _freeze_evidence(session, record)
    record.state = ObservationState.FILED
    record.filed_at, record.filed_by_id = now, actor.user_id
    record.moderated_at = record.moderated_by_id = None
    record.moderation_reason = ""
    session.flush()
    tell_history(session, record, actor, now, Visibility.STAFF, details=explained)
    _note(session, "observation.filed", record, actor, now)
    return record


def withdraw(session: Session, observation_id: int, *, seen_version: int, actor: Actor, now: datetime) -> Observation:
    """Take a filed observation back before it is decided on. Raises NotVisible, NotPermitted, Stale, WrongState."""
    record = locked(session, observation_id)
    if record.organisation_id != actor.organisation_id:
        raise NotVisible
    _permit(record.report.commitment, actor)
    if record.state is not ObservationState.FILED:
        raise WrongState("observation.withdraw", record.state.value)
    if record.version != seen_version:
        raise Stale
    record.state = ObservationState.WITHDRAWN
    session.flush()
    tell_history(session, record, actor, now, Visibility.STAFF)
    _note(session, "observation.withdrawn", record, actor, now)
    return record


def locked(session: Session, observation_id: int) -> Observation:
    """The observation, while other changes of it wait. Raises NotVisible where there is none."""
    record = session.scalar(
        sa.select(Observation)
        .where(Observation.id == (observation_id if 0 < observation_id <= LARGEST_ID else 0))
        .with_for_update(of=Observation)
        .execution_options(populate_existing=True)
    )
    if record is None:
        raise NotVisible
    return record


def tell_history(
    session: Session,
    record: Observation,
    actor: Actor,
    now: datetime,
    visibility: Visibility,
    *,
    comment: str = "",
    details: dict[str, str] | None = None,
) -> HistoryEntry:
    """The entry of the commitment's history for what just became of the observation."""
    entry = HistoryEntry(
        commitment_id=record.commitment_id,
        report_id=record.report_id,
        party_id=record.party_id,
        at=now,
        action=record.state.value,
        actor_id=actor.user_id,
        actor_role=actor.role.value,
        visibility=visibility,
        comment=comment,
        details={
            "organisation": record.organisation.name,
            "observation": record.id,
            "view": record.view.value if record.view else None,
            **(details or {}),
        },
    )
    session.add(entry)
    session.flush()
    return entry


def _open(session: Session, commitment: Commitment, actor: Actor) -> tuple[ProgressReport, Observation | None]:
    """The report of the newest cycle and the organisation's observation on it, while its other changes wait."""
    _permit(commitment, actor)
    report = current_report(session, commitment.id)
    if report is None:
        raise Unmet(cycle="none")
    return report, own(session, report.id, actor.organisation_id, locked=True)


def _permit(commitment: Commitment, actor: Actor) -> None:
    if not can(actor, Permission.OBSERVATION_FILE, subject_of_commitment(commitment)):
        raise NotPermitted(Permission.OBSERVATION_FILE)


def _content(record: Observation) -> Content:
    attached = tuple(a.evidence.public_id for a in record.attached)
    return Content(record.view, record.text, record.language, attached, (), record.explanation)


def _same(record: Observation, content: Content) -> bool:
    said = (record.view, record.text, record.language, record.explanation)
    kept = {a.evidence.public_id for a in record.attached}
    typed = {*content.attached, *(link.name for link in content.links if link.title or link.url)}
    return said == (content.view, content.text, content.language, content.explanation) and kept == typed


def _attach(session: Session, record: Observation, content: Content, actor: Actor, now: datetime) -> None:
    """Attach what is chosen of the library and what is typed; take off the rest."""
    problems = {}
    typed = [link for link in content.links if link.title or link.url]
    for link in typed:
        if not link.title:
            problems[f"title_{link.field}"] = "required"
        if not link.url.lower().startswith(("https://", "http://")):
            problems[f"url_{link.field}"] = "no_link"
    if problems:
        raise Unmet(**problems)
    for link in typed:
        require_clean(content.explanation, **{f"title_{link.field}": link.title, f"url_{link.field}": link.url})
    wanted = set(
        session.scalars(
            sa.select(Evidence.id).where(
                Evidence.public_id.in_(content.attached), Evidence.organisation_id == record.organisation_id
            )
        )
    )
    for link in typed:
        about = evidence.About(link.title, speaks_of=link.speaks_of, explanation=content.explanation)
        wanted.add(evidence.add_link(session, link.url, about, name=link.name, actor=actor, now=now).id)
    if len(wanted) > MOST_EVIDENCE:
        raise Unmet(attached="too_many")
    have = {one.evidence_id: one for one in record.attached}
    for evidence_id in have.keys() - wanted:
        record.attached.remove(have[evidence_id])
    for evidence_id in sorted(wanted - have.keys()):
        record.attached.append(ObservationEvidence(evidence_id=evidence_id))
    session.flush()


def _freeze_evidence(session: Session, record: Observation) -> None:
    """Name the version of each file that is filed, and whether it is public.

    Raises Unmet(attached=unchecked|refused).
    """
    for one in record.attached:
        piece = session.get_one(Evidence, one.evidence_id)
        one.is_public = piece.is_public
        if piece.kind is EvidenceKind.LINK:
            continue
        newest = session.scalars(
            sa.select(EvidenceVersion)
            .where(EvidenceVersion.evidence_id == one.evidence_id)
            .order_by(EvidenceVersion.number.desc())
            .limit(1)
        ).one()
        if newest.state in (FileState.REFUSED, FileState.PURGED):
            raise Unmet(attached="refused")
        if newest.state is not FileState.CLEAN:
            raise Unmet(attached="unchecked")
        one.number = newest.number
    session.flush()


def _note(session: Session, event: str, record: Observation, actor: Actor, now: datetime) -> None:
    audit.record(
        session,
        event,
        now=now,
        actor=actor,
        about=("observation", record.id),
        new={
            "state": record.state.value,
            "report": record.report_id,
            "view": record.view.value if record.view else None,
            "text": record.text,
            "evidence": len(record.attached),
        },
    )
