"""A contributor hands in: what was asked of him or her in a report is ready."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.assignments import is_ready
from tracker.domain.errors import NotPermitted, Stale, Unmet, WrongState
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.vocabulary import Visibility
from tracker.domain.workflow import EDITABLE
from tracker.models import Assignment, HistoryEntry, Institution, ProgressReport, User
from tracker.services import assignment_mails, audit, reports
from tracker.services.history import PART_READY
from tracker.services.records import subject_of
from tracker.services.report_content import of_draft
from tracker.services.report_parts import elements_for


def hand_in(session: Session, report: ProgressReport, *, seen_version: int, actor: Actor, now: datetime) -> bool:
    """Say that all that was asked of this person here is ready; the focal points are told. False where it was said.

    Raises NotPermitted; WrongState once the report left the State; Stale where it was changed since
    ``seen_version``; Unmet with the fields of the part that are not answered, or carried over and not confirmed.
    """
    if not can(actor, Permission.PART_HAND_IN, subject_of(report, now=now)):
        raise NotPermitted(Permission.PART_HAND_IN)
    session.refresh(report, with_for_update={"of": ProgressReport})
    if report.state not in EDITABLE:
        raise WrongState("hand_in", report.state.value)
    if seen_version != report.version:
        raise Stale
    waiting = [
        one
        for one in session.scalars(
            sa.select(Assignment)
            .where(Assignment.commitment_id == report.commitment_id, Assignment.user_id == actor.user_id)
            .execution_options(populate_existing=True)
        )
        if not is_ready(one.done_at, report.cycle.opened_at)
    ]
    if not waiting:
        return False
    codes = elements_for(report, actor)
    problems = lacking(report, codes)
    if problems:
        raise Unmet(**problems)
    for one in waiting:
        one.done_at = now
    listed = sorted(codes or ())
    entry = HistoryEntry(
        commitment_id=report.commitment_id,
        report_id=report.id,
        party_id=report.party_id,
        at=now,
        action=PART_READY,
        actor_id=actor.user_id,
        actor_role=actor.role.value,
        visibility=Visibility.PARTY,
        details={"element": ", ".join(listed)} if listed else {},
    )
    session.add(entry)
    about = ("progress_report", report.id)
    audit.record(
        session, "part.hand_in", now=now, actor=actor, about=about, new={"element": audit.Plain(", ".join(listed))}
    )
    session.flush()
    institution = session.scalar(
        sa.select(Institution.name).join(User, User.institution_id == Institution.id).where(User.id == actor.user_id)
    )
    assignment_mails.tell_focal_points(
        session, report, listed, person=actor.name, institution=institution, entry_id=entry.id, now=now
    )
    return True


def lacking(report: ProgressReport, codes: frozenset[str] | None) -> dict[str, str]:
    """What is missing in these elements, by field; ``codes`` None: in all of the report."""
    problems = reports.lacking(report, of_draft(report))
    if codes is None:
        return problems
    return {name: problem for name, problem in problems.items() if name.partition("-")[2] in codes}
