"""Erasing what must not be there, from all versions of all texts. That it was erased, by whom, when and why stays.

Decision 0014 says what is reached and what is not. What was erased stands in no log, no trail, no history and in no
address; ``Purge.places`` holds numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.errors import NotPermitted, NotVisible, Stale, Unmet
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.vocabulary import Visibility
from tracker.files.store import Store
from tracker.models import (
    Commitment,
    Evidence,
    HistoryEntry,
    ProgressReport,
    Purge,
    ReportEvidence,
    ReportingParty,
    ReportRevision,
    RevisionEvidence,
    User,
)
from tracker.services import audit, evidence_purge, history, purge_issues, saved_views, search_index
from tracker.services.personal_data import require_no_identifiers
from tracker.services.purge_documents import erase_from_attachments, in_attachments
from tracker.services.purge_places import ERASED, Hit, hits, is_too_common

PASSAGE, FILE = "passage", "file"
DRAFT_PARTS = frozenset({"element_answer", "evidence_link", "indicator_value", "budget_line"})
"""Parts of a draft that count as the draft: a form that was opened before must not bring the passage back."""
PUBLISHED_IN = frozenset({"report_revision", "assessment", "observation"})
"""What is found here may stand in documents that were mailed."""
NEWEST = 100


@dataclass(frozen=True)
class Where:
    """How often a passage stands in one kind of place ("table.column"; ``message_attachment.content``: documents)."""

    place: str
    count: int


def find(session: Session, passage: str, *, actor: Actor) -> list[Where]:
    """Where the exact passage stands now. Raises NotPermitted, Unmet(passage="required" or "too_common")."""
    _require(actor)
    _check(passage)
    return _counted(list(hits(session, passage)), purge_issues.held(session, passage), session, passage)


def erase_passage(session: Session, passage: str, *, seen: int, reason: str, actor: Actor, now: datetime) -> Purge:
    """Erase the passage wherever it stands.

    ``seen``: how often it stood there when the administrator decided; where that is no longer so, Stale. The reason
    stays and must not hold the passage. Raises NotPermitted, Unmet, Stale.
    """
    _require(actor)
    _check(passage)
    _check_reason(reason, passage)
    if session.get_bind().dialect.name == "sqlite":
        # What is deleted is overwritten in the file, not only marked as free.
        session.execute(sa.text("PRAGMA secure_delete = ON"))
    found = list(hits(session, passage, lock=True))
    issued = purge_issues.held(session, passage)
    places = _counted(found, issued, session, passage)
    if not places:
        raise Unmet(passage="not_found")
    if sum(one.count for one in places) != seen:
        raise Stale
    for hit in found:
        _write(session, hit)
    reports = {hit.row["report_id"] for hit in found if hit.table.name in DRAFT_PARTS}
    table = ProgressReport.__table__
    session.execute(
        sa.update(table).where(table.c.id.in_(reports)).values(version=table.c.version + 1)  # type: ignore[arg-type]
    )
    if issued or any(hit.table.name in PUBLISHED_IN for hit in found):
        erase_from_attachments(session, passage)
    search_index.forget_passage(session, passage)
    saved_views.forget_passage(session, passage)
    session.expire_all()
    purge_issues.erase(session, issued, now=now)
    return _note(session, PASSAGE, _commitments(session, found), _parties(found), places, reason, actor, now)


def erase_file(
    session: Session, store: Store, public_id: str, *, number: int | None, reason: str, actor: Actor, now: datetime
) -> Purge:
    """Erase one version of a file, or all (``number`` None), from the store, and its name from all submissions.

    Raises NotPermitted, NotVisible, Unmet.
    """
    _require(actor)
    _check_reason(reason, "")
    piece = session.scalars(sa.select(Evidence).where(Evidence.public_id == public_id)).one_or_none()
    if piece is None:
        raise NotVisible
    count = evidence_purge.purge(session, store, piece, number=number, reason=reason, actor=actor, now=now)
    if not count:
        raise Unmet(number="not_found")
    revisions = session.scalars(
        sa.select(ReportRevision)
        .join(RevisionEvidence, RevisionEvidence.revision_id == ReportRevision.id)
        .where(RevisionEvidence.evidence_id == piece.id)
    ).all()
    for revision in revisions:
        revision.content = _without_name(revision.content, public_id, number)
    session.flush()
    purge_issues.erase(session, purge_issues.naming(session, public_id, number), now=now)
    used = set(session.scalars(sa.select(ReportEvidence.report_id).where(ReportEvidence.evidence_id == piece.id)))
    used |= {revision.report_id for revision in revisions}
    commitments = set(session.scalars(sa.select(ProgressReport.commitment_id).where(ProgressReport.id.in_(used))))
    parties = {piece.party_id} if piece.party_id else set()
    return _note(session, FILE, commitments, parties, [Where("evidence_version.content", count)], reason, actor, now)


def listing(session: Session, *, actor: Actor) -> list[sa.Row]:
    """What was erased, newest first: when, kind, reason, places, who, of which State."""
    _require(actor)
    return list(
        session.execute(
            sa.select(
                Purge.at,
                Purge.kind,
                Purge.reason,
                Purge.places,
                User.name.label("by"),
                ReportingParty.name.label("party"),
            )
            .outerjoin(User, User.id == Purge.by_id)
            .outerjoin(ReportingParty, ReportingParty.id == Purge.party_id)
            .order_by(Purge.id.desc())
            .limit(NEWEST)
        )
    )


def _require(actor: Actor) -> None:
    if not can(actor, Permission.PURGE):
        raise NotPermitted(Permission.PURGE)


def _check(passage: str) -> None:
    if not passage:
        raise Unmet(passage="required")
    if is_too_common(passage):
        raise Unmet(passage="too_common")


def _check_reason(reason: str, passage: str) -> None:
    if not reason:
        raise Unmet(reason="required")
    if passage and " ".join(passage.split()).casefold() in " ".join(reason.split()).casefold():
        raise Unmet(reason="holds_passage")
    require_no_identifiers([("reason", reason)])


def _counted(found: Iterable[Hit], issued: Iterable[purge_issues.Held], session: Session, passage: str) -> list[Where]:
    counts: Counter[str] = Counter()
    published = False
    for hit in found:
        published |= hit.table.name in PUBLISHED_IN
        for column, count in hit.counts.items():
            counts[f"{hit.table.name}.{column}"] += count
    if published:
        counts["message_attachment.content"] += len(in_attachments(session, passage))
    counts[purge_issues.PLACE] += sum(one.count for one in issued)
    return [Where(place, count) for place, count in counts.items() if count]


def _write(session: Session, hit: Hit) -> None:
    values = dict(hit.changed)
    if "version" in hit.table.c and isinstance(hit.table.c.version.type, sa.Integer):
        values["version"] = hit.table.c.version + 1
    if hit.table.name == "report_revision":
        values["content"] = {**values["content"], "erased": True}
    session.execute(sa.update(hit.table).where(hit.table.c.id == hit.key).values(values))


def _commitments(session: Session, found: Iterable[Hit]) -> set[int]:
    """Of the rows that hang on a commitment or on a report."""
    direct, reports = set(), set()
    for hit in found:
        if hit.table.name == "progress_report":
            reports.add(hit.key)
        elif hit.row.get("commitment_id"):
            direct.add(hit.row["commitment_id"])
        elif hit.row.get("report_id"):
            reports.add(hit.row["report_id"])
    return direct | set(session.scalars(sa.select(ProgressReport.commitment_id).where(ProgressReport.id.in_(reports))))


def _parties(found: Iterable[Hit]) -> set[int]:
    return {hit.row["party_id"] for hit in found if hit.row.get("party_id")}


def _note(
    session: Session,
    kind: str,
    commitment_ids: set[int],
    party_ids: set[int],
    places: list[Where],
    reason: str,
    actor: Actor,
    now: datetime,
) -> Purge:
    """What stays: the act itself, an entry in the history of each commitment, one in the trail."""
    commitments = session.execute(
        sa.select(Commitment.id, Commitment.party_id).where(Commitment.id.in_(commitment_ids)).order_by(Commitment.id)
    ).all()
    parties = party_ids | {row.party_id for row in commitments}
    purge = Purge(
        kind=kind,
        party_id=next(iter(parties)) if len(parties) == 1 else None,
        commitment_id=commitments[0].id if len(commitments) == 1 else None,
        reason=reason,
        places={one.place: one.count for one in places},
        at=now,
        by_id=actor.user_id,
    )
    session.add(purge)
    session.flush()
    for row in commitments:
        session.add(
            HistoryEntry(
                commitment_id=row.id,
                party_id=row.party_id,
                at=now,
                action=history.ERASED,
                actor_id=actor.user_id,
                actor_role=actor.role.value,
                visibility=Visibility.FILE,
                comment=reason,
                details={"purge": purge.id},
            )
        )
    audit.record(
        session,
        f"purge.{kind}",
        now=now,
        actor=actor,
        party_id=purge.party_id,
        internal=False,
        about=("purge", purge.id),
        new={"places": sum(one.count for one in places), "commitments": len(commitments), "reason": reason},
    )
    session.flush()
    return purge


def _without_name(content: dict, public_id: str, number: int | None) -> dict:
    """A kept submission without the name of the file that was erased."""
    attachments = [
        {**one, "file_name": ERASED} if one["evidence"] == public_id and number in (None, one.get("version")) else one
        for one in content.get("attachments", ())
    ]
    return {**content, "attachments": attachments, "erased": True}
