"""Questions over many reports: what waits for a party, and what a reviewer asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.policy import Actor
from tracker.domain.vocabulary import Role
from tracker.models import (
    Assignment,
    Commitment,
    Element,
    ProgressReport,
    Provision,
    Question,
    ReportingCycle,
    ReportingParty,
)
from tracker.services.plain_rows import rows as plain
from tracker.services.questions import ANSWERED_IN
from tracker.services.standing import Reach, reach_of, reach_values, within

PAGE = 50


@dataclass(frozen=True)
class Listed:
    """A question in a list over many reports."""

    question_id: int
    report_id: int
    code: str
    title: dict[str, str]
    party: dict[str, str]
    cycle: dict[str, str]
    element: str | None
    text: str
    asked_at: datetime
    answered_at: datetime | None


def listing(session: Session, actor: Actor, *, open_only: bool, number: int) -> tuple[list[Listed], int]:
    """Page ``number`` (from 1) of the questions this person may read, oldest first, and how many there are. One query.

    For reviewers those that they asked; for administrators all; for a party's people those to their party.
    """
    rows = plain(session, _listed(reach_of(actor), actor.role, open_only), _values(actor, number)).all()
    lines = [
        Listed(
            row.id,
            row.report_id,
            row.code,
            row.title,
            row.name,
            row.cycle,
            None if row.is_whole else row.element,
            row.text,
            row.asked_at,
            row.answered_at,
        )
        for row in rows
    ]
    return lines, rows[0].total if rows else 0


def open_count(session: Session, actor: Actor) -> int:
    """How many questions wait for this person's party; for a reviewer: how many of his or hers are unanswered."""
    return int(plain(session, _open_count(reach_of(actor), actor.role), _values(actor, 1)).scalar_one())


def _values(actor: Actor, number: int) -> dict[str, object]:
    return {"me": actor.user_id, "offset": (number - 1) * PAGE, **reach_values(actor)}


def _theirs(reach: Reach, role: Role, open_only: bool) -> sa.Select:
    found = (
        sa.select(Question.id)
        .join(ProgressReport, ProgressReport.id == Question.report_id)
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .where(within(reach, ProgressReport.party_id), Question.withdrawn_at.is_(None))
    )
    if role is Role.OBSERVER:
        found = found.where(sa.false())
    if role is Role.REVIEWER:
        found = found.where(Question.asked_by_id == sa.bindparam("me"))
    if role is Role.CONTRIBUTOR:
        asked_for = sa.select(Assignment.id).where(
            Assignment.commitment_id == Commitment.id,
            Assignment.user_id == sa.bindparam("me"),
            sa.or_(Assignment.element_id.is_(None), Assignment.element_id == Question.element_id),
        )
        found = found.where(asked_for.exists())
    if open_only:
        found = found.where(
            Question.answered_at.is_(None),
            ProgressReport.state.in_(ANSWERED_IN),
            Commitment.is_followed,
        )
    return found


@cache
def _open_count(reach: Reach, role: Role) -> sa.Select:
    return sa.select(sa.func.count()).select_from(_theirs(reach, role, True).subquery())


@cache
def _listed(reach: Reach, role: Role, open_only: bool) -> sa.Select:
    theirs = _theirs(reach, role, open_only)
    total = sa.select(sa.func.count()).select_from(theirs.subquery()).scalar_subquery()
    page = theirs.order_by(Question.id).limit(PAGE).offset(sa.bindparam("offset", type_=sa.Integer)).subquery()
    return (
        sa.select(
            Question.id,
            Question.report_id,
            Question.text,
            Question.asked_at,
            Question.answered_at,
            Provision.code,
            Provision.title,
            ReportingParty.name,
            ReportingCycle.title.label("cycle"),
            Element.code.label("element"),
            Element.is_whole,
            total.label("total"),
        )
        .join(page, page.c.id == Question.id)
        .join(ProgressReport, ProgressReport.id == Question.report_id)
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .join(ReportingParty, ReportingParty.id == ProgressReport.party_id)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .outerjoin(Element, Element.id == Question.element_id)
        .order_by(Question.id)
    )
