"""Who may read which piece of evidence, and which version of its file: one rule for pages, lists and downloads.

The owner reads all of its own; a contributor what belongs to commitments assigned to him or her, or what he or she
sent. The Secretariat reads what a submission named: a draft is invisible to it. Everybody reads public evidence in the
version that a published submission named as public, unless it was restricted since: restricting takes effect at once,
making public only with what is submitted afterwards. What an organisation attached to an observation goes the same
way: the Secretariat reads it once filed, the State once accepted, everybody with the rating. A file that is not clean
is given to nobody (``open_version``).
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.errors import NotPermitted, NotVisible
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.vocabulary import FileState, ObservationState, PartyKind, Role
from tracker.models import (
    Assessment,
    Assignment,
    Evidence,
    EvidenceVersion,
    Observation,
    ObservationEvidence,
    ProgressReport,
    ReportEvidence,
    ReportingParty,
    ReportRevision,
    RevisionEvidence,
)
from tracker.services.observations import is_public
from tracker.services.report_content import ReportContent

PUBLIC_ID = 32
"""Characters of a piece's random name."""


@dataclass(frozen=True)
class Reach:
    """What somebody may read of one piece: all of it, or versions by number (0: a link, which has none)."""

    whole: bool = False
    numbers: frozenset[int] = frozenset()

    @property
    def nothing(self) -> bool:
        return not self.whole and not self.numbers

    def takes_in(self, number: int) -> bool:
        return self.whole or number in self.numbers


def piece(session: Session, public_id: str) -> Evidence:
    """The piece of this name. Raises NotVisible where there is none."""
    found = None
    if len(public_id) == PUBLIC_ID and public_id.isascii() and public_id.isalnum():
        found = session.scalars(sa.select(Evidence).where(Evidence.public_id == public_id)).one_or_none()
    if found is None:
        raise NotVisible
    return found


def visible_piece(session: Session, public_id: str, actor: Actor) -> tuple[Evidence, Reach]:
    """The piece, and what this signed-in person may read of it. Raises NotVisible."""
    found = piece(session, public_id)
    within = reach(session, found, actor)
    if within.nothing:
        raise NotVisible
    return found, within


def own_piece(session: Session, public_id: str, actor: Actor) -> Evidence:
    """The piece, for who may change it: add a version, explain, attach. Raises NotVisible, NotPermitted."""
    found, within = visible_piece(session, public_id, actor)
    if not within.whole or not can(actor, Permission.EVIDENCE_ADD) or not is_owner(session, found, actor):
        raise NotPermitted(Permission.EVIDENCE_ADD)
    return found


def is_owner(session: Session, found: Evidence, actor: Actor) -> bool:
    """Whether the piece is the person's own party's or organisation's; administrators act for cooperation agencies."""
    if found.organisation_id is not None:
        return actor.organisation_id == found.organisation_id
    if actor.role is Role.ADMINISTRATOR and found.party_id is not None:
        party = session.get(ReportingParty, found.party_id)
        return party is not None and party.kind is PartyKind.COOPERATION_AGENCIES
    return actor.party_id is not None and actor.party_id == found.party_id


def open_version(session: Session, public_id: str, number: int, actor: Actor | None) -> EvidenceVersion:
    """The version of a file, for giving its content to this reader; None: the public.

    Raises NotVisible where it is not there, not his or hers to read, not checked, refused or purged.
    """
    found = piece(session, public_id)
    if not reach(session, found, actor).takes_in(number):
        raise NotVisible
    version = session.scalars(
        sa.select(EvidenceVersion).where(EvidenceVersion.evidence_id == found.id, EvidenceVersion.number == number)
    ).one_or_none()
    if version is None or version.state is not FileState.CLEAN:
        raise NotVisible
    return version


def reach(session: Session, found: Evidence, actor: Actor | None) -> Reach:
    """What the reader may read of the piece. Three queries at most."""
    if actor is not None and session.scalar(sa.select(sa.literal(1)).where(Evidence.id == found.id, whole(actor))):
        return Reach(whole=True)
    named = sa.select(RevisionEvidence.number).where(RevisionEvidence.evidence_id == found.id)
    observed = (
        sa.select(ObservationEvidence.number)
        .join(Observation, Observation.id == ObservationEvidence.observation_id)
        .where(ObservationEvidence.evidence_id == found.id)
    )
    if actor is not None and actor.is_staff:
        filed = (ObservationState.FILED, ObservationState.ACCEPTED, ObservationState.DECLINED)
        return _numbers(session, named, observed.where(Observation.state.in_(filed)))
    observed = observed.where(Observation.state == ObservationState.ACCEPTED, ObservationEvidence.is_public)
    if not found.is_public:
        return Reach()  # an organisation's restricted source is kept from the State too
    if actor is not None and actor.party_id is not None:
        # What an organisation says about a State is read by that State before it is published.
        own = observed.where(Observation.party_id == actor.party_id)
        if actor.role is Role.CONTRIBUTOR:
            asked = sa.select(Assignment.commitment_id).where(Assignment.user_id == actor.user_id)
            own = own.where(Observation.commitment_id.in_(asked.scalar_subquery()))
        read = _numbers(session, own)
        if not read.nothing:
            return read
    named = named.where(RevisionEvidence.is_public)
    named = named.join(ReportRevision, ReportRevision.id == RevisionEvidence.revision_id).where(_PUBLISHED)
    observed = (
        observed.join(ProgressReport, ProgressReport.id == Observation.report_id)
        .join(Assessment, Assessment.id == ProgressReport.published_assessment_id)
        .where(is_public())
    )
    return _numbers(session, named, observed)


def as_it_stands(session: Session, *contents: ReportContent) -> list[ReportContent]:
    """Kept submissions with what was restricted since marked so. One query; none where nothing is attached."""
    named = {one.evidence for content in contents for one in content.attachments if one.is_public}
    if not named:
        return list(contents)
    since = set(
        session.scalars(sa.select(Evidence.public_id).where(Evidence.public_id.in_(named), ~Evidence.is_public))
    )
    return [content.without_public(since) for content in contents]


def _numbers(session: Session, *statements: sa.Select[int]) -> Reach:
    return Reach(numbers=frozenset(number for one in statements for number in session.scalars(one)))


_PUBLISHED = sa.exists(
    sa.select(sa.literal(1))
    .select_from(ProgressReport)
    .join(Assessment, Assessment.id == ProgressReport.published_assessment_id)
    .where(ProgressReport.id == ReportRevision.report_id, Assessment.revision_id == ReportRevision.id)
)
"""The submission that the public reads: the one that was rated and published."""


def whole(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition on pieces of which this person reads every version; with ``listed``, the rule of lists."""
    if actor.is_staff:
        if actor.role is not Role.ADMINISTRATOR:
            return sa.false()
        recorded = sa.select(ReportingParty.id).where(ReportingParty.kind == PartyKind.COOPERATION_AGENCIES)
        return Evidence.party_id.in_(recorded.scalar_subquery())
    if actor.role is Role.OBSERVER:
        if actor.organisation_id is None:
            return sa.false()
        return Evidence.organisation_id == actor.organisation_id
    if actor.party_id is None:
        return sa.false()
    own = Evidence.party_id == actor.party_id
    if actor.role is not Role.CONTRIBUTOR:
        return own
    sent = sa.or_(
        Evidence.created_by_id == actor.user_id,
        _exists(EvidenceVersion.evidence_id == Evidence.id, EvidenceVersion.uploaded_by_id == actor.user_id),
    )
    attached = _exists(
        ReportEvidence.evidence_id == Evidence.id,
        ReportEvidence.report_id == ProgressReport.id,
        ProgressReport.commitment_id == Assignment.commitment_id,
        Assignment.user_id == actor.user_id,
    )
    submitted = _exists(
        RevisionEvidence.evidence_id == Evidence.id,
        RevisionEvidence.revision_id == ReportRevision.id,
        ReportRevision.report_id == ProgressReport.id,
        ProgressReport.commitment_id == Assignment.commitment_id,
        Assignment.user_id == actor.user_id,
    )
    return sa.and_(own, sa.or_(sent, attached, submitted))


def listed(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition on the pieces in this person's library: what is his or her own; staff: what was submitted."""
    if not actor.is_staff:
        return whole(actor)
    return sa.or_(whole(actor), _exists(RevisionEvidence.evidence_id == Evidence.id))


def _exists(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Rows beside the piece; the list around it may name the same tables."""
    return sa.exists().where(*conditions).correlate(Evidence)
