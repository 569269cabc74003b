"""The page for somebody who is new to the work of a party: what came, what is open, what was said last, who is who."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from tracker.domain.policy import Actor
from tracker.domain.vocabulary import REPORTING_ROLES, Role
from tracker.models import (
    Assignment,
    Commitment,
    Handover,
    HistoryEntry,
    Institution,
    ProgressReport,
    Provision,
    Question,
    ReportingCycle,
    User,
)
from tracker.services.dashboard import PartyDesk, party_desk
from tracker.services.history import visible_to
from tracker.services.plain_rows import rows as plain

LATEST = 15
OPEN_QUESTIONS = 20


@dataclass(frozen=True)
class Briefing:
    handovers: list[sa.Row]
    """What was handed over to the reader, newest first: before, by, at, note, moved."""
    desk: PartyDesk | None
    """What is open (``services.dashboard``)."""
    questions: list[sa.Row]
    """Unanswered questions of the Secretariat: report_id, code, title, text, asked_at."""
    said: list[sa.Row]
    """The newest words about the party's commitments that this person may read, as ``services.history`` has them."""
    people: list[sa.Row]
    """Who is who: name, role, is_alternate, institution, email, signed_in (ever)."""


def briefing(session: Session, actor: Actor, cycle: ReportingCycle | None, *, now: datetime) -> Briefing:
    """Everything for one reader; the same number of queries whatever the data."""
    values = {"me": actor.user_id, "party": actor.party_id}
    return Briefing(
        handovers=list(plain(session, _handovers(), values)),
        desk=party_desk(session, actor, cycle, now=now),
        questions=list(plain(session, _questions(), values)) if actor.role is not Role.CONTRIBUTOR else [],
        said=list(session.execute(_said(actor))),
        people=list(plain(session, _people(), values)),
    )


@cache
def _handovers() -> sa.Select:
    before, by = aliased(User), aliased(User)
    return (
        sa.select(Handover.at, Handover.note, Handover.moved, before.name.label("before"), by.name.label("by"))
        .join(before, before.id == Handover.from_user_id)
        .join(by, by.id == Handover.by_id)
        .where(Handover.to_user_id == sa.bindparam("me"), Handover.party_id == sa.bindparam("party"))
        .order_by(Handover.id.desc())
        .limit(LATEST)
    )


@cache
def _questions() -> sa.Select:
    return (
        sa.select(Question.report_id, Question.text, Question.asked_at, Provision.code, Provision.title)
        .join(ProgressReport, ProgressReport.id == Question.report_id)
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .where(
            ProgressReport.party_id == sa.bindparam("party"),
            Question.answered_at.is_(None),
            Question.withdrawn_at.is_(None),
        )
        .order_by(Question.id)
        .limit(OPEN_QUESTIONS)
    )


def _said(actor: Actor) -> sa.Select:
    """Entries with words in them, of the party's commitments; a contributor's own ones only."""
    reach = [HistoryEntry.party_id == actor.party_id, HistoryEntry.comment != "", visible_to(actor)]
    if actor.role is Role.CONTRIBUTOR:
        asked = sa.select(Assignment.commitment_id).where(Assignment.user_id == actor.user_id)
        reach.append(HistoryEntry.commitment_id.in_(asked))
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
            HistoryEntry.commitment_id,
            User.name.label("actor_name"),
            Provision.code,
        )
        .outerjoin(User, User.id == HistoryEntry.actor_id)
        .join(Commitment, Commitment.id == HistoryEntry.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .where(*reach)
        .order_by(HistoryEntry.id.desc())
        .limit(LATEST)
    )


@cache
def _people() -> sa.Select:
    return (
        sa.select(
            User.name,
            User.role,
            User.is_alternate,
            User.email,
            Institution.name.label("institution"),
            User.last_sign_in_at.is_not(None).label("signed_in"),
        )
        .outerjoin(Institution, Institution.id == User.institution_id)
        .where(User.party_id == sa.bindparam("party"), User.active.is_(True), User.role.in_(REPORTING_ROLES))
        .order_by(User.role.desc(), User.is_alternate, User.name)
    )
