"""Whom a focal point asks to answer a commitment, or elements of it, and by when: contributors of the same State."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.assignments import is_ready, latest_date
from tracker.domain.deadlines import local_date
from tracker.domain.errors import NotPermitted, Unmet
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.vocabulary import Role, Visibility
from tracker.domain.workflow import WITH_THE_PARTY
from tracker.models import (
    Assignment,
    Commitment,
    Element,
    HistoryEntry,
    Institution,
    ProgressReport,
    ReportingCycle,
    User,
)
from tracker.services import assignment_mails, audit
from tracker.services.history import ASSIGNED, PART_ASKED_AGAIN, PART_CHANGED, PART_DATED, UNASSIGNED
from tracker.services.plain_rows import rows as plain
from tracker.services.records import subject_of_commitment

MOST = 400
"""Parts times people in one act."""

UNKNOWN_USER = "unknown_user"
UNKNOWN_PART = "unknown_part"
WHOLE_ALREADY = "whole_already"
PAST = "past"
AFTER_DUE = "after_due"
NO_OPEN_REPORT = "no_open_report"

ASKED, DATED, ALREADY = "asked", "dated", "already"


@dataclass(frozen=True)
class Contributor:
    """Somebody who can be asked."""

    user_id: int
    name: str
    institution: str | None


@dataclass(frozen=True)
class Part:
    """A commitment, or one element of it (``element_id``)."""

    commitment: Commitment
    element_id: int | None = None


@dataclass(frozen=True)
class Result:
    """What became of one part for one person. ``problem`` "" where it is done; then ``outcome`` says what was done."""

    code: str
    """Of the element, else of the provision."""
    person: str
    outcome: str = ""
    problem: str = ""


def contributors(session: Session, party_id: int) -> list[Contributor]:
    """The active contributors of a State, by institution and name. One query."""
    return [Contributor(r.id, r.name, r.institution) for r in plain(session, _contributors(), {"party": party_id})]


@cache
def _contributors() -> sa.Select:
    return (
        sa.select(User.id, User.name, Institution.name.label("institution"))
        .outerjoin(Institution, Institution.id == User.institution_id)
        .where(User.party_id == sa.bindparam("party"), User.role == Role.CONTRIBUTOR, User.active.is_(True))
        .order_by(Institution.name, User.name, User.id)
    )


def assign(
    session: Session,
    parts: Sequence[Part],
    user_ids: Sequence[int],
    *,
    due_on: date | None = None,
    actor: Actor,
    now: datetime,
    tell: bool = True,
) -> list[Result]:
    """Ask each of these contributors to answer each of these parts: all of it or, where one is impossible, nothing.

    ``due_on`` is a date of their own in the State's time zone, not after the report's (``latest_date``); None: the
    report's own. Who has the part already is given the date, if it is another. The whole takes the place of single
    elements that the person had. Each person gets one mail. Raises NotPermitted, Unmet(parts, users).
    """
    for part in parts:
        _permit(part.commitment, actor)
    if not parts or not user_ids or len(parts) * len(user_ids) > MOST:
        raise Unmet(**({} if parts else {"parts": "required"}), **({} if user_ids else {"users": "required"}))
    commitments = {part.commitment.id: part.commitment for part in parts}
    _lock(session, sorted(commitments))
    people = _people(session, actor, user_ids)
    elements = _elements(session, parts)
    existing = _existing(session, list(commitments), user_ids)
    problems = _problems_of_date(session, parts, due_on, now) if due_on else {}
    plan: list[tuple[Part, int, Result]] = []
    for user_id in dict.fromkeys(user_ids):
        for part in dict.fromkeys(parts):
            given = existing.get((part.commitment.id, user_id), {})
            problem = problems.get(part.commitment.id, "") or _problem(part, user_id, people, elements, given)
            plan.append((part, user_id, _result(part, user_id, people, elements, given, due_on, problem)))
    if not any(result.problem for _part, _user, result in plan):
        _carry_out(session, plan, existing, elements, people, due_on, actor=actor, now=now, tell=tell)
    return [result for _part, _user, result in plan]


def set_date(session: Session, assignment: Assignment, due_on: date | None, *, actor: Actor, now: datetime) -> bool:
    """Give the part another date of its own, or none (None: the report's). False where it has it already.

    Raises NotPermitted; Unmet(due_on=…) with a problem code as for ``assign``.
    """
    commitment = assignment.commitment
    _permit(commitment, actor)
    _lock(session, [commitment.id])
    if assignment.due_on == due_on:
        return False
    if due_on:
        problem = _problems_of_date(session, [Part(commitment)], due_on, now).get(commitment.id)
        if problem:
            raise Unmet(due_on=problem)
    old, assignment.due_on = assignment.due_on, due_on
    entry = _note(session, PART_DATED, assignment, assignment.user.name, actor=actor, now=now, old=old)
    assignment_mails.tell_contributor(session, assignment.user, [assignment], entry_id=entry, dated=True, now=now)
    return True


def remove(session: Session, assignment: Assignment, *, actor: Actor, now: datetime) -> None:
    """No longer ask. What the contributor wrote stays. Raises NotPermitted."""
    _permit(assignment.commitment, actor)
    _lock(session, [assignment.commitment_id])
    entry = _note(session, UNASSIGNED, assignment, assignment.user.name, actor=actor, now=now)
    assignment_mails.tell_taken_back(session, assignment.user, assignment, entry_id=entry, now=now)
    session.delete(assignment)
    session.flush()


def ask_again(session: Session, assignment: Assignment, *, actor: Actor, now: datetime) -> bool:
    """Take back that the part is ready: the contributor is told and goes on. False where nobody said it is ready."""
    _permit(assignment.commitment, actor)
    _lock(session, [assignment.commitment_id])
    if assignment.done_at is None:
        return False
    assignment.done_at = None
    entry = _note(session, PART_ASKED_AGAIN, assignment, assignment.user.name, actor=actor, now=now)
    assignment_mails.tell_contributor(session, assignment.user, [assignment], entry_id=entry, again=True, now=now)
    return True


def note_change(session: Session, report: ProgressReport, *, actor: Actor, now: datetime) -> None:
    """A contributor goes on writing a part said to be ready: it is not ready any more. Called at each save."""
    if actor.role is not Role.CONTRIBUTOR:
        return
    ready = [
        one
        for one in report.commitment.assignments
        if one.user_id == actor.user_id and is_ready(one.done_at, report.cycle.opened_at)
    ]
    for one in ready:
        one.done_at = None
    if ready:
        _note(session, PART_CHANGED, ready[0], actor.name, actor=actor, now=now)


def by_id(session: Session, assignment_id: int) -> Assignment | None:
    """The assignment as stored now."""
    return session.get(Assignment, assignment_id, populate_existing=True)


def require_focal_point(actor: Actor) -> None:
    """Raises NotPermitted for whoever assigns nothing, before a commitment is known."""
    if actor.role is not Role.FOCAL_POINT:
        raise NotPermitted(Permission.COMMITMENT_ASSIGN)


Existing = dict[tuple[int, int], dict[int | None, Assignment]]
"""What a person has of a commitment, by (commitment, user) and element."""


def _permit(commitment: Commitment, actor: Actor) -> None:
    if not can(actor, Permission.COMMITMENT_ASSIGN, subject_of_commitment(commitment)):
        raise NotPermitted(Permission.COMMITMENT_ASSIGN)


def _lock(session: Session, commitment_ids: Sequence[int]) -> None:
    """Two clicks at once are one. Always in the same order."""
    session.execute(
        sa.select(Commitment.id).where(Commitment.id.in_(commitment_ids)).order_by(Commitment.id).with_for_update()
    )


def _people(session: Session, actor: Actor, user_ids: Sequence[int]) -> dict[int, User]:
    found = session.scalars(
        sa.select(User).where(
            User.id.in_(list(user_ids)),
            User.party_id == actor.party_id,
            User.role == Role.CONTRIBUTOR,
            User.active.is_(True),
        )
    )
    return {user.id: user for user in found}


def _elements(session: Session, parts: Sequence[Part]) -> dict[int, Element]:
    ids = {part.element_id for part in parts if part.element_id is not None}
    return {e.id: e for e in session.scalars(sa.select(Element).where(Element.id.in_(ids)))} if ids else {}


def _existing(session: Session, commitment_ids: Sequence[int], user_ids: Sequence[int]) -> Existing:
    rows = session.scalars(
        sa.select(Assignment)
        .where(Assignment.commitment_id.in_(commitment_ids), Assignment.user_id.in_(list(user_ids)))
        .execution_options(populate_existing=True)
    )
    found: Existing = {}
    for row in rows:
        found.setdefault((row.commitment_id, row.user_id), {})[row.element_id] = row
    return found


def _problems_of_date(session: Session, parts: Sequence[Part], due_on: date, now: datetime) -> dict[int, str]:
    """Why the date is impossible, by commitment: the newest report that is still with the State sets the limit."""
    commitments = {part.commitment.id: part.commitment for part in parts}
    rows = session.execute(
        sa.select(ProgressReport.commitment_id, ProgressReport.due_on, ReportingCycle.closes_on)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .where(
            ProgressReport.commitment_id.in_(list(commitments)),
            ProgressReport.state.in_(WITH_THE_PARTY),
            ReportingCycle.opened_at.is_not(None),
        )
        .order_by(ProgressReport.opens_on)
    )
    newest: dict[int, Any] = {row.commitment_id: row for row in rows}
    found = {}
    for commitment_id, commitment in commitments.items():
        today, row = local_date(now, commitment.party.time_zone), newest.get(commitment_id)
        latest = latest_date(row.due_on, row.closes_on, today) if row else None
        if latest is None:
            found[commitment_id] = NO_OPEN_REPORT
        elif due_on < today:
            found[commitment_id] = PAST
        elif due_on > latest:
            found[commitment_id] = AFTER_DUE
    return found


def _problem(
    part: Part, user_id: int, people: dict[int, User], elements: dict[int, Element], given: dict[int | None, Assignment]
) -> str:
    if user_id not in people:
        return UNKNOWN_USER
    if part.element_id is None:
        return ""
    element = elements.get(part.element_id)
    commitment = part.commitment
    if element is None or element.provision_id != commitment.provision_id or element.is_whole:
        return UNKNOWN_PART
    if not element.is_owed_by(commitment.party.kind):
        return UNKNOWN_PART
    return WHOLE_ALREADY if None in given else ""


def _result(
    part: Part,
    user_id: int,
    people: dict[int, User],
    elements: dict[int, Element],
    given: dict[int | None, Assignment],
    due_on: date | None,
    problem: str,
) -> Result:
    element = elements.get(part.element_id) if part.element_id is not None else None
    code = element.code if element else part.commitment.provision.code
    person = people[user_id].name if user_id in people else "–"
    if problem:
        return Result(code, person, problem=problem)
    there = given.get(part.element_id)
    if there is None:
        return Result(code, person, ASKED)
    return Result(code, person, DATED if due_on and there.due_on != due_on else ALREADY)


def _carry_out(
    session: Session,
    plan: Sequence[tuple[Part, int, Result]],
    existing: Existing,
    elements: dict[int, Element],
    people: dict[int, User],
    due_on: date | None,
    *,
    actor: Actor,
    now: datetime,
    tell: bool,
) -> None:
    told: dict[int, list[Assignment]] = {}
    entries: dict[int, int] = {}
    for part, user_id, result in plan:
        if result.outcome == ALREADY:
            continue
        commitment, given = part.commitment, existing.get((part.commitment.id, user_id), {})
        if result.outcome == DATED:
            row = given[part.element_id]
            old, row.due_on = row.due_on, due_on
            entry = _note(session, PART_DATED, row, people[user_id].name, actor=actor, now=now, old=old)
        else:
            if part.element_id is None:
                for single in given.values():
                    session.delete(single)
                session.flush()
            row = Assignment(
                commitment_id=commitment.id,
                user_id=user_id,
                element_id=part.element_id,
                due_on=due_on,
                assigned_at=now,
                assigned_by_id=actor.user_id,
                commitment=commitment,
            )
            session.add(row)
            session.flush()
            entry = _note(session, ASSIGNED, row, people[user_id].name, actor=actor, now=now)
        told.setdefault(user_id, []).append(row)
        entries.setdefault(user_id, entry)
    if tell:
        for user_id, rows in told.items():
            user = people[user_id]
            assignment_mails.tell_contributor(session, user, rows, entry_id=entries[user_id], now=now)


def _note(
    session: Session,
    action: str,
    assignment: Assignment,
    name: str,
    *,
    actor: Actor,
    now: datetime,
    old: date | None = None,
) -> int:
    """The history entry, inside the State, and the audit entry of one act; the former's id."""
    commitment = assignment.commitment
    element = session.get(Element, assignment.element_id) if assignment.element_id else None
    details: dict[str, Any] = {"assignee": name}
    if element:
        details["element"] = element.code
    if assignment.due_on:
        details["due_on"] = assignment.due_on.isoformat()
    entry = HistoryEntry(
        commitment_id=commitment.id,
        party_id=commitment.party_id,
        at=now,
        action=action,
        actor_id=actor.user_id,
        actor_role=actor.role.value,
        visibility=Visibility.PARTY,
        details=details,
    )
    session.add(entry)
    audit.record(
        session,
        f"commitment.{action}",
        now=now,
        actor=actor,
        about=("commitment", commitment.id),
        old={"due_on": old.isoformat()} if old else None,
        new={"user": assignment.user_id, **{k: v for k, v in details.items() if k != "assignee"}},
    )
    session.flush()
    return entry.id
