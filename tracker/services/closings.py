"""Is the measure still valid? Ending the follow-up of a commitment, and taking it up again: acts with a reason.

Decision 0022: a commitment is closed between reports. What is owed is reported and rated first; a party that finds a
measure overtaken says so in its report ("no longer applicable"), and the closing then rests on a published rating.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from tracker.domain.deadlines import ends_at
from tracker.domain.errors import NotPermitted, Unmet, WrongState
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.vocabulary import ClosingKind, Rating, ReportState, Visibility
from tracker.mail import links, outbox
from tracker.mail.messages import closings as messages
from tracker.models import (
    Assessment,
    Closing,
    Commitment,
    HistoryEntry,
    ProgressReport,
    Provision,
    ReportingCycle,
    ReportingParty,
    User,
)
from tracker.services import audit, recipients
from tracker.services.history import CLOSED, FOLLOWED_AGAIN
from tracker.services.personal_data import require_clean
from tracker.services.plain_rows import rows as plain
from tracker.services.records import subject_of_commitment
from tracker.wording import pick

PAGE = 50
WITH_SUCCESSOR = frozenset({ClosingKind.SUPERSEDED, ClosingKind.MERGED})
"""What may name the commitment that stands in its place; merging must."""
CLOSE, FOLLOW = "close", "follow_again"


@dataclass(frozen=True)
class Candidate:
    """A commitment on a provision, and what keeps it from being closed as this kind, as a problem code."""

    commitment_id: int
    party: dict[str, str]
    problem: str | None


def close(
    session: Session,
    commitment: Commitment,
    *,
    kind: ClosingKind | None,
    successor: str,
    reason: str,
    explanation: str = "",
    actor: Actor,
    now: datetime,
) -> Closing:
    """End the follow-up of a commitment. ``successor``: code of the provision that stands in its place, for this party.

    Raises NotPermitted; WrongState where it is closed already; Unmet(kind=…, successor=…, reason=…, commitment=…),
    where ``commitment`` is "report_open" while a report of it is owed, under review or open for comment.
    """
    _permit(commitment, actor)
    _lock(session, commitment)
    if commitment.closed_at is not None:
        raise WrongState(CLOSE, "closed")
    problems: dict[str, str] = {}
    if kind is None:
        problems["kind"] = "required"
    if not reason:
        problems["reason"] = "required"
    problem = obstacle(session, commitment, kind, now=now)
    if problem:
        problems["kind" if problem == "not_implemented" else "commitment"] = problem
    other, wrong = _successor(session, commitment, kind, successor)
    if wrong:
        problems["successor"] = wrong
    if problems or kind is None:
        raise Unmet(**problems)
    explained = require_clean(explanation, reason=reason)
    act = Closing(
        commitment_id=commitment.id,
        kind=kind,
        successor_id=other.id if other else None,
        reason=reason,
        at=now,
        by_id=actor.user_id,
    )
    session.add(act)
    commitment.closed_at = now
    details = {"kind": kind.value, **({"successor": successor} if other else {}), **explained}
    _write_down(session, commitment, CLOSED, reason, details, actor=actor, now=now)
    _tell(session, commitment, act, successor if other else "", actor=actor, now=now)
    return act


def follow_again(
    session: Session,
    commitment: Commitment,
    *,
    reason: str,
    explanation: str = "",
    actor: Actor,
    now: datetime,
) -> Closing:
    """Take the follow-up up again: the next cycle asks for a report. The closing stays in the history.

    Raises NotPermitted; WrongState where it is not closed; Unmet(reason=…).
    """
    _permit(commitment, actor)
    _lock(session, commitment)
    if commitment.closed_at is None:
        raise WrongState(FOLLOW, "followed")
    if not reason:
        raise Unmet(reason="required")
    explained = require_clean(explanation, reason=reason)
    act = Closing(commitment_id=commitment.id, kind=None, reason=reason, at=now, by_id=actor.user_id)
    session.add(act)
    commitment.closed_at = None
    _write_down(session, commitment, FOLLOWED_AGAIN, reason, explained, actor=actor, now=now)
    _tell(session, commitment, act, "", actor=actor, now=now)
    return act


def obstacle(session: Session, commitment: Commitment, kind: ClosingKind | None, *, now: datetime) -> str | None:
    """Why this commitment cannot be closed now, as a problem code; None where it can.

    "report_open": a report is owed in an open cycle, or is with the Secretariat, or open for comment.
    "not_implemented": fulfilled is what the newest published rating calls implemented, and nothing else.
    """
    zone = commitment.party.time_zone
    for state, closes_on in plain(session, _unfinished(), {"commitment": commitment.id}):
        owed = state in (ReportState.DRAFT, ReportState.AWAITING_APPROVAL)
        if not owed or now < ends_at(closes_on, zone):
            return "report_open"
    if kind is ClosingKind.FULFILLED:
        rating = plain(session, _newest_rating(), {"commitment": commitment.id}).scalar()
        if rating is not Rating.IMPLEMENTED:
            return "not_implemented"
    return None


def newest(session: Session, commitment_id: int) -> sa.Row | None:
    """The act that closed the commitment: kind, reason, at, successor (code, title), who; None where it is followed."""
    row = plain(session, _newest(), {"commitment": commitment_id}).one_or_none()
    return row if row is not None and row.kind is not None else None


def candidates(session: Session, provision_id: int, *, now: datetime) -> list[Candidate]:
    """The commitments on a provision that are followed, by party, and what keeps each from being closed. One query."""
    found = []
    by_commitment: dict[int, list[sa.Row]] = {}
    for row in plain(session, _candidates(), {"provision": provision_id}):
        by_commitment.setdefault(row.id, []).append(row)
    for commitment_id, reports in by_commitment.items():
        is_open = any(
            r.state is not None
            and r.state is not ReportState.PUBLISHED
            and (
                r.state not in (ReportState.DRAFT, ReportState.AWAITING_APPROVAL)
                or now < ends_at(r.closes_on, r.time_zone)
            )
            for r in reports
        )
        found.append(Candidate(commitment_id, reports[0].name, "report_open" if is_open else None))
    return found


def listing(session: Session, *, page: int) -> tuple[list[sa.Row], int]:
    """What is closed, the newest act first, a page at a time, and how many there are."""
    total = plain(session, _count()).scalar() or 0
    return list(plain(session, _closed(), {"offset": (page - 1) * PAGE})), total


def possible_successors(session: Session, party_id: int, but: int) -> list[tuple[str, dict[str, str]]]:
    """Provisions of the party's followed commitments, as (code, title): what may stand in another's place."""
    return [(row.code, row.title) for row in plain(session, _followed(), {"party": party_id, "but": but})]


def _permit(commitment: Commitment, actor: Actor) -> None:
    if not can(actor, Permission.COMMITMENT_CLOSE, subject_of_commitment(commitment)):
        raise NotPermitted(Permission.COMMITMENT_CLOSE)


def _lock(session: Session, commitment: Commitment) -> None:
    """Two administrators at once: the second sees what the first did."""
    session.refresh(commitment, with_for_update={"of": Commitment})


def _successor(
    session: Session, commitment: Commitment, kind: ClosingKind | None, code: str
) -> tuple[Commitment | None, str | None]:
    if not code:
        return None, "required" if kind is ClosingKind.MERGED else None
    if kind not in WITH_SUCCESSOR:
        return None, "not_for_this_kind"
    other = session.scalar(
        sa.select(Commitment)
        .join(Provision, Provision.id == Commitment.provision_id)
        .where(
            Commitment.party_id == commitment.party_id,
            Provision.code == code,
            Commitment.id != commitment.id,
            Commitment.closed_at.is_(None),
        )
    )
    return (other, None) if other is not None else (None, "unknown")


def _write_down(
    session: Session,
    commitment: Commitment,
    action: str,
    reason: str,
    details: dict[str, Any],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    session.add(
        HistoryEntry(
            commitment_id=commitment.id,
            party_id=commitment.party_id,
            at=now,
            action=action,
            actor_id=actor.user_id,
            actor_role=actor.role.value,
            visibility=Visibility.PUBLIC,
            comment=reason,
            details=details,
        )
    )
    audit.record(
        session,
        f"commitment.{action}",
        now=now,
        actor=actor,
        party_id=commitment.party_id,
        internal=False,
        about=("commitment", commitment.id),
        old={"closed": action == FOLLOWED_AGAIN},
        new={"closed": action == CLOSED, "reason": reason, **details},
    )
    session.flush()


def _tell(
    session: Session, commitment: Commitment, act: Closing, successor: str, *, actor: Actor, now: datetime
) -> None:
    """Those who answer for the party, but not who acted."""
    site = links.site(session)
    for reader in recipients.writers(session, commitment.party.kind, commitment.party_id):
        if reader.user_id == actor.user_id:
            continue
        said = messages.Said(
            code=commitment.provision.code,
            title=pick(commitment.provision.title, reader.language),
            party=pick(commitment.party.name, reader.language),
            kind=act.kind,
            successor=successor,
            reason=act.reason,
            url=site.commitment(commitment.id),
            account_url=site.my_mail,
        )
        outbox.put(
            session,
            key=f"closing:{act.id}:{reader.user_id}",
            kind="notice",
            recipient_id=reader.user_id,
            to_address=reader.email,
            message=messages.closing(reader.name, reader.language, said),
            now=now,
            url=said.url,
        )


# Statements are put together once per process: that costs more than asking the database.
@cache
def _unfinished() -> sa.Select:
    return (
        sa.select(ProgressReport.state, ReportingCycle.closes_on)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .where(
            ProgressReport.commitment_id == sa.bindparam("commitment"), ProgressReport.state != ReportState.PUBLISHED
        )
    )


@cache
def _newest_rating() -> sa.Select:
    return (
        sa.select(Assessment.rating)
        .join(ProgressReport, ProgressReport.published_assessment_id == Assessment.id)
        .where(ProgressReport.commitment_id == sa.bindparam("commitment"))
        .order_by(ProgressReport.opens_on.desc())
        .limit(1)
    )


@cache
def _newest() -> sa.Select:
    other = aliased(Commitment)
    return (
        sa.select(
            Closing.kind,
            Closing.reason,
            Closing.at,
            User.name.label("by"),
            Provision.code.label("successor_code"),
            Provision.title.label("successor_title"),
            Closing.successor_id,
        )
        .join(User, User.id == Closing.by_id)
        .outerjoin(other, other.id == Closing.successor_id)
        .outerjoin(Provision, Provision.id == other.provision_id)
        .where(Closing.commitment_id == sa.bindparam("commitment"))
        .order_by(Closing.id.desc())
        .limit(1)
    )


@cache
def _candidates() -> sa.Select:
    return (
        sa.select(
            Commitment.id,
            ReportingParty.name,
            ReportingParty.time_zone,
            ProgressReport.state,
            ReportingCycle.closes_on,
        )
        .join(ReportingParty, ReportingParty.id == Commitment.party_id)
        .outerjoin(
            ProgressReport,
            sa.and_(ProgressReport.commitment_id == Commitment.id, ProgressReport.state != ReportState.PUBLISHED),
        )
        .outerjoin(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .where(Commitment.provision_id == sa.bindparam("provision"), Commitment.closed_at.is_(None))
        .order_by(ReportingParty.id, Commitment.id)
    )


@cache
def _count() -> sa.Select:
    return sa.select(sa.func.count()).select_from(Commitment).where(Commitment.closed_at.is_not(None))


@cache
def _closed() -> sa.Select:
    last = sa.select(sa.func.max(Closing.id)).group_by(Closing.commitment_id)
    return (
        sa.select(
            Commitment.id,
            Provision.code,
            Provision.title,
            ReportingParty.name.label("party"),
            Closing.kind,
            Closing.reason,
            Closing.at,
            User.name.label("by"),
        )
        .join(Closing, Closing.commitment_id == Commitment.id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .join(ReportingParty, ReportingParty.id == Commitment.party_id)
        .join(User, User.id == Closing.by_id)
        .where(Closing.id.in_(last), Commitment.closed_at.is_not(None))
        .order_by(Closing.id.desc())
        .limit(PAGE)
        .offset(sa.bindparam("offset", type_=sa.Integer))
    )


@cache
def _followed() -> sa.Select:
    return (
        sa.select(Provision.code, Provision.title)
        .join(Commitment, Commitment.provision_id == Provision.id)
        .where(
            Commitment.party_id == sa.bindparam("party"),
            Commitment.id != sa.bindparam("but"),
            Commitment.closed_at.is_(None),
        )
        .order_by(Provision.position)
    )
