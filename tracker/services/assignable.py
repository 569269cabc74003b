"""What a focal point may ask contributors for: the commitments that have a report to be given, with their elements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain import assignments as rules
from tracker.domain.deadlines import local_date
from tracker.domain.policy import Actor
from tracker.domain.vocabulary import PartyKind
from tracker.domain.workflow import WITH_THE_PARTY
from tracker.models import Commitment, Element, ProgressReport, Provision, ReportingCycle
from tracker.services.assignees import assigned_to
from tracker.services.assignment_lists import time_zone
from tracker.services.plain_rows import rows as plain

MOST_ASKABLE = 100
"""A State owes some 15 commitments a cycle."""


@dataclass(frozen=True)
class Askable:
    """A commitment whose report is with the State, with the elements that can be asked for apart."""

    commitment_id: int
    code: str
    title: dict[str, str]
    report_due_on: date
    latest: date
    """The last date of its own that a part of it may be given."""
    elements: tuple[tuple[int, str, dict[str, str]], ...]
    """(id, code, label); empty where the provision has no parts."""
    asked: tuple[str, ...]
    """Who was asked already: institutions or names."""


def askable(session: Session, actor: Actor, *, now: datetime) -> list[Askable]:
    """The commitments of the reader's State that have a report to be given, by due date. Four queries."""
    today = local_date(now, time_zone(session, actor))
    found: dict[int, Any] = {}
    for row in plain(session, _askable(), {"party": actor.party_id, "today": today}):
        found.setdefault(row.id, row)
    if not found:
        return []
    elements: dict[int, list[tuple[int, str, dict[str, str]]]] = {}
    for one in plain(session, _owed_elements(), {"provisions": sorted({row.provision_id for row in found.values()})}):
        if PartyKind.MEMBER_STATE.value in one.addressees:
            elements.setdefault(one.provision_id, []).append((one.id, one.code, one.label))
    asked = assigned_to(session, list(found))
    return [
        Askable(
            commitment_id=row.id,
            code=row.code,
            title=row.title,
            report_due_on=row.due_on,
            latest=rules.latest_date(row.due_on, row.closes_on, today) or row.due_on,
            elements=tuple(elements.get(row.provision_id, ())),
            asked=tuple(dict.fromkeys(asked.get(row.id, ()))),
        )
        for row in found.values()
    ]


@cache
def _askable() -> sa.Select:
    today = sa.bindparam("today", type_=sa.Date)
    return (
        sa.select(
            Commitment.id,
            Commitment.provision_id,
            Provision.code,
            Provision.title,
            ProgressReport.due_on,
            ReportingCycle.closes_on,
        )
        .join(ProgressReport, ProgressReport.commitment_id == Commitment.id)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .where(
            Commitment.party_id == sa.bindparam("party"),
            Commitment.is_followed,
            ProgressReport.state.in_(WITH_THE_PARTY),
            ReportingCycle.opened_at.is_not(None),
            sa.or_(ReportingCycle.closes_on >= today, ProgressReport.first_submitted_at.is_not(None)),
        )
        .order_by(ProgressReport.opens_on.desc(), ProgressReport.due_on, Provision.position)
        .limit(MOST_ASKABLE)
    )


@cache
def _owed_elements() -> sa.Select:
    return (
        sa.select(Element.provision_id, Element.id, Element.code, Element.label, Element.addressees)
        .where(Element.provision_id.in_(sa.bindparam("provisions", expanding=True)), Element.is_whole.is_(False))
        .order_by(Element.position)
    )
