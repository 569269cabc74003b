"""What a party does with its evidence: add a file or a link, send a new version, attach it to reports, explain it.

The content is in the store before the row is written (``files.store.Store.put``): no row is without its file, and a
file whose row was never written is swept (``services.evidence_check.sweep``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.errors import NotPermitted, NotVisible, Stale, Unmet, WrongState
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.vocabulary import EvidenceKind, FileState
from tracker.domain.workflow import EDITABLE
from tracker.files.kinds import Recognised
from tracker.files.store import Stored
from tracker.models import Evidence, EvidenceVersion, ProgressReport, ReportEvidence, ReportRevision, RevisionEvidence
from tracker.services import audit
from tracker.services.evidence_access import PUBLIC_ID, is_owner, visible_piece
from tracker.services.personal_data import require_clean
from tracker.services.records import subject_of

MOST_ATTACHED = 50
"""Pieces of evidence of one report."""
_NAME = re.compile(rf"[0-9a-f]{{{PUBLIC_ID}}}")


@dataclass(frozen=True)
class About:
    """What is said of a piece of evidence."""

    title: str
    speaks_of: date | None = None
    language: str = ""
    is_public: bool = True
    explanation: str = ""
    """Why what the personal-data check finds in title or name is no data about a person."""


@dataclass(frozen=True)
class Sent:
    """A file as it was sent: what it is, and where its content lies."""

    file: Recognised
    stored: Stored


def add_file(
    session: Session,
    sent: Sent,
    about: About,
    *,
    name: str,
    report: ProgressReport | None = None,
    actor: Actor,
    now: datetime,
) -> Evidence:
    """Keep a file as a new piece, attached to ``report`` where one is given; quarantined until it is checked.

    ``name``: the piece's random public id, made with the form, so that a form sent twice makes one piece.
    Raises NotPermitted, Unmet(title=…, file=…).
    """
    known = _sent_before(session, name, actor)
    if known is not None:
        return known
    _require_title(about)
    require_clean(about.explanation, title=about.title, file=sent.file.name)
    new = _new(session, about, EvidenceKind.FILE, name, report, actor, now)
    session.add(new)
    session.flush()
    _add_version(session, new, sent, 1, actor, now)
    _note(session, "evidence.upload", new, actor, now, number=1, sha256=sent.stored.sha256, size=sent.stored.size)
    if report is not None:
        attach(session, report, new, actor=actor, now=now)
    return new


def add_link(
    session: Session,
    url: str,
    about: About,
    *,
    name: str,
    report: ProgressReport | None = None,
    actor: Actor,
    now: datetime,
) -> Evidence:
    """Keep a link as a new piece, attached to ``report`` where one is given. Raises as ``add_file`` (url=…)."""
    known = _sent_before(session, name, actor)
    if known is not None:
        return known
    _require_title(about)
    if not url:
        raise Unmet(url="required")
    require_clean(about.explanation, title=about.title, url=url)
    new = _new(session, about, EvidenceKind.LINK, name, report, actor, now)
    new.url = url
    session.add(new)
    session.flush()
    _note(session, "evidence.link", new, actor, now)
    if report is not None:
        attach(session, report, new, actor=actor, now=now)
    return new


def add_version(
    session: Session,
    piece: Evidence,
    sent: Sent,
    *,
    seen_number: int,
    explanation: str = "",
    actor: Actor,
    now: datetime,
) -> EvidenceVersion:
    """Keep a newer file beside the older ones. Submissions go on naming the version they meant.

    Raises NotPermitted; WrongState for a link; Stale where somebody else sent one since ``seen_number``.
    """
    _require_owner(session, piece, actor)
    if piece.kind is not EvidenceKind.FILE:
        raise WrongState("evidence.version", piece.kind.value)
    session.refresh(piece, with_for_update={"of": Evidence})
    newest = session.scalars(
        sa.select(EvidenceVersion)
        .where(EvidenceVersion.evidence_id == piece.id)
        .order_by(EvidenceVersion.number.desc())
        .limit(1)
    ).one()
    if newest.number != seen_number:
        if newest.uploaded_by_id == actor.user_id and newest.file_name == sent.file.name:
            return newest  # the same form, sent twice
        raise Stale
    require_clean(explanation, file=sent.file.name)
    version = _add_version(session, piece, sent, newest.number + 1, actor, now)
    piece.explanation = explanation or piece.explanation
    _note(session, "evidence.version", piece, actor, now, number=version.number, sha256=sent.stored.sha256)
    return version


def attach(session: Session, report: ProgressReport, piece: Evidence, *, actor: Actor, now: datetime) -> bool:
    """Put a piece to a draft. False where it stands there already. The report's version stays: what somebody is
    typing into its form is not overtaken by a file.

    Raises NotPermitted, NotVisible, WrongState once the report left the party, Unmet(evidence="too_many").
    """
    _require_draft(report, actor, now)
    if piece.party_id != report.party_id:
        raise NotVisible
    visible_piece(session, piece.public_id, actor)
    attached = session.scalars(sa.select(ReportEvidence.evidence_id).where(ReportEvidence.report_id == report.id)).all()
    if piece.id in attached:
        return False
    if len(attached) >= MOST_ATTACHED:
        raise Unmet(evidence="too_many")
    session.add(
        ReportEvidence(report_id=report.id, evidence_id=piece.id, attached_at=now, attached_by_id=actor.user_id)
    )
    _begun(report, now)
    _note(session, "evidence.attach", piece, actor, now, report=report.id)
    session.expire(report, ["attached"])
    return True


def detach(session: Session, report: ProgressReport, piece: Evidence, *, actor: Actor, now: datetime) -> bool:
    """Take a piece off a draft; the piece and earlier submissions stay as they are. False where it was not there.

    Raises NotPermitted, WrongState.
    """
    _require_draft(report, actor, now)
    row = session.scalars(
        sa.select(ReportEvidence).where(ReportEvidence.report_id == report.id, ReportEvidence.evidence_id == piece.id)
    ).one_or_none()
    if row is None:
        return False
    session.delete(row)
    _begun(report, now)
    _note(session, "evidence.detach", piece, actor, now, report=report.id)
    session.flush()
    session.expire(report, ["attached"])
    return True


def explain(
    session: Session, piece: Evidence, number: int, *, explanation: str, actor: Actor, now: datetime
) -> EvidenceVersion:
    """Say why the doubtful passages of a file are no data about a person; then it may be used. The reviewer reads it.

    Raises NotPermitted, WrongState, Unmet(explanation=…).
    """
    _require_owner(session, piece, actor)
    version = session.scalars(
        sa.select(EvidenceVersion)
        .where(EvidenceVersion.evidence_id == piece.id, EvidenceVersion.number == number)
        .with_for_update()
    ).one_or_none()
    if version is None:
        raise NotVisible
    if version.state is not FileState.NEEDS_REASON:
        raise WrongState("evidence.explain", version.state.value)
    if not explanation:
        raise Unmet(explanation="required")
    version.explanation = explanation
    version.state = FileState.CLEAN
    _note(session, "evidence.explain", piece, actor, now, number=number)
    return version


def require_checked(session: Session, report: ProgressReport) -> None:
    """What a report needs of its files before it leaves the party.

    Raises Unmet(files="unchecked") while a check has yet to run or a reason is missing, Unmet(files="refused").
    """
    newest = (
        sa.select(EvidenceVersion.evidence_id, sa.func.max(EvidenceVersion.number).label("number"))
        .join(ReportEvidence, ReportEvidence.evidence_id == EvidenceVersion.evidence_id)
        .where(ReportEvidence.report_id == report.id)
        .group_by(EvidenceVersion.evidence_id)
        .subquery()
    )
    states = set(
        session.scalars(
            sa.select(EvidenceVersion.state).join(
                newest,
                sa.and_(newest.c.evidence_id == EvidenceVersion.evidence_id, newest.c.number == EvidenceVersion.number),
            )
        )
    )
    if FileState.REFUSED in states or FileState.PURGED in states:
        raise Unmet(files="refused")
    if states - {FileState.CLEAN}:
        raise Unmet(files="unchecked")


def freeze(session: Session, revision: ReportRevision) -> None:
    """Keep as rows which piece, in which version, the submission names (``content`` says the same)."""
    named = {one["evidence"]: one for one in revision.content.get("attachments", ())}
    if not named:
        return
    found = session.execute(sa.select(Evidence.id, Evidence.public_id).where(Evidence.public_id.in_(named)))
    session.add_all(
        RevisionEvidence(
            revision_id=revision.id,
            evidence_id=row.id,
            number=named[row.public_id]["version"],
            is_public=named[row.public_id]["is_public"],
        )
        for row in found
    )
    session.flush()


def note_reading(session: Session, version: EvidenceVersion, actor: Actor, now: datetime) -> None:
    """The audit entry of somebody reading restricted evidence; its party sees who does."""
    audit.record(
        session,
        "evidence.read",
        now=now,
        actor=actor,
        party_id=version.evidence.party_id,
        internal=False,
        about=("evidence", version.evidence_id),
        new={"number": version.number},
    )


def _new(
    session: Session,
    about: About,
    kind: EvidenceKind,
    name: str,
    report: ProgressReport | None,
    actor: Actor,
    now: datetime,
) -> Evidence:
    party_id = report.party_id if report is not None else actor.party_id
    owned = Evidence(party_id=party_id, organisation_id=None if party_id is not None else actor.organisation_id)
    if not can(actor, Permission.EVIDENCE_ADD) or not is_owner(session, owned, actor):
        raise NotPermitted(Permission.EVIDENCE_ADD)
    return Evidence(
        public_id=name,
        party_id=owned.party_id,
        organisation_id=owned.organisation_id,
        kind=kind,
        title=about.title,
        url="",
        language=about.language,
        speaks_of=about.speaks_of,
        is_public=about.is_public,
        explanation=about.explanation,
        created_at=now,
        created_by_id=actor.user_id,
    )


def _sent_before(session: Session, name: str, actor: Actor) -> Evidence | None:
    """The piece that this very form made already. A name that is not of our making, or somebody else's, is refused."""
    if not _NAME.fullmatch(name):
        raise Stale
    known = session.scalars(sa.select(Evidence).where(Evidence.public_id == name)).one_or_none()
    if known is not None and known.created_by_id != actor.user_id:
        raise Stale
    return known


def _add_version(
    session: Session, piece: Evidence, sent: Sent, number: int, actor: Actor, now: datetime
) -> EvidenceVersion:
    version = EvidenceVersion(
        evidence_id=piece.id,
        number=number,
        file_name=sent.file.name,
        media_type=sent.file.media_type,
        size=sent.stored.size,
        sha256=sent.stored.sha256,
        store_key=sent.stored.key,
        state=FileState.WAITING,
        uploaded_at=now,
        uploaded_by_id=actor.user_id,
    )
    session.add(version)
    session.flush()
    session.expire(piece, ["versions"])
    return version


def _require_title(about: About) -> None:
    if not about.title:
        raise Unmet(title="required")


def _require_owner(session: Session, piece: Evidence, actor: Actor) -> None:
    if not can(actor, Permission.EVIDENCE_ADD) or not is_owner(session, piece, actor):
        raise NotPermitted(Permission.EVIDENCE_ADD)


def _require_draft(report: ProgressReport, actor: Actor, now: datetime) -> None:
    if not can(actor, Permission.REPORT_EDIT, subject_of(report, now=now)):
        raise NotPermitted(Permission.REPORT_EDIT)
    if report.state not in EDITABLE:
        raise WrongState("edit", report.state.value)


def _begun(report: ProgressReport, now: datetime) -> None:
    if report.started_at is None:
        report.started_at = now


def _note(session: Session, event: str, piece: Evidence, actor: Actor, now: datetime, **new: object) -> None:
    audit.record(
        session,
        event,
        now=now,
        actor=actor,
        party_id=piece.party_id,
        internal=False,
        about=("evidence", piece.id),
        new=dict(new) or None,
    )
