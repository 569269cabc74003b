"""Reading the audit trail: administrators search all of it, a party reads what is about itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.policy import Actor
from tracker.models import AuditEntry, Commitment, ProgressReport, Provision, ReportingCycle, ReportingParty, User

PAGE = 50


@dataclass(frozen=True)
class Filters:
    """What is asked for; empty means all. Moments from ``since`` on and before ``before``.

    ``words`` are looked for in names and addresses of who acted. ``record``: type and id, the id may be empty.
    """

    event: str = ""
    words: str = ""
    party_code: str = ""
    record: tuple[str, str] | None = None
    since: datetime | None = None
    before: datetime | None = None


def listing(session: Session, filters: Filters, *, number: int) -> tuple[list[sa.Row[Any]], int]:
    """A page of entries, newest first, and how many there are in all; the same few queries whatever the number."""
    return _page(session, _conditions(filters), number)


def of_party(session: Session, actor: Actor, filters: Filters, *, number: int) -> tuple[list[sa.Row[Any]], int]:
    """The same, of what is about the actor's own party; nothing that is inside the Secretariat.

    Names are looked for among the party's own people: a search must not tell whose name the list hides.
    """
    own = [AuditEntry.party_id == actor.party_id, AuditEntry.internal.is_(False)]
    if filters.words:
        own.append(User.party_id == actor.party_id)
    return _page(session, [*own, *_conditions(filters)], number)


def seen_by_party(session: Session, actor: Actor, events: tuple[str, ...]) -> set[str]:
    """Which of these events the party's entries hold: what its page offers to filter by."""
    wanted = sa.select(AuditEntry.event).where(
        AuditEntry.party_id == actor.party_id, AuditEntry.internal.is_(False), AuditEntry.event.in_(events)
    )
    return set(session.scalars(wanted.distinct()))


def parties(session: Session) -> list[sa.Row[Any]]:
    """Code and name of every party, by code."""
    return list(session.execute(sa.select(ReportingParty.code, ReportingParty.name).order_by(ReportingParty.code)))


ACCOUNTS = ("user", "recipient_id", "reviewer_before", "from_user", "to_user")
"""Fields of entries that hold the number of an account."""
NAMED = ("progress_report", "commitment", "user")


def names(session: Session, rows: Iterable[sa.Row[Any]], actor: Actor) -> dict[tuple[str, str], str]:
    """What the records of these entries are called, by (type, id): three queries at most, whatever the number.

    A report by provision and cycle, a commitment by provision, an account by its name. Who is not of the Secretariat
    gets names of the own party's records only.
    """
    ids: dict[str, set[int]] = {kind: set() for kind in NAMED}
    for row in rows:
        if row.record_type in NAMED and (row.record_id or "").isdecimal():
            ids[row.record_type].add(int(row.record_id))
        for values in (row.old or {}, row.new or {}):
            ids["user"] |= {values[field] for field in ACCOUNTS if type(values.get(field)) is int}
    found: dict[tuple[str, str], str] = {}
    for kind, wanted in ids.items():
        if wanted:
            table, query = _NAMES[kind]
            query = query.where(table.id.in_(wanted))
            if not actor.is_staff:
                query = query.where(table.party_id == actor.party_id)
            found |= {(kind, str(row[0])): ", ".join(row[1:]) for row in session.execute(query)}
    return found


_NAMES: dict[str, tuple[Any, Any]] = {
    "user": (User, sa.select(User.id, User.name)),
    "commitment": (
        Commitment,
        sa.select(Commitment.id, Provision.code).join(Provision, Provision.id == Commitment.provision_id),
    ),
    "progress_report": (
        ProgressReport,
        sa.select(ProgressReport.id, Provision.code, ReportingCycle.code)
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id),
    ),
}


def _page(session: Session, conditions: list[sa.ColumnElement[bool]], number: int) -> tuple[list[sa.Row[Any]], int]:
    joined = sa.outerjoin(AuditEntry, User, User.id == AuditEntry.actor_id).outerjoin(
        ReportingParty, ReportingParty.id == AuditEntry.party_id
    )
    total = session.scalar(sa.select(sa.func.count()).select_from(joined).where(*conditions)) or 0
    rows = session.execute(
        sa.select(
            AuditEntry.number,
            AuditEntry.at,
            AuditEntry.event,
            AuditEntry.source_address,
            AuditEntry.record_type,
            AuditEntry.record_id,
            AuditEntry.internal,
            AuditEntry.old,
            AuditEntry.new,
            User.name.label("actor_name"),
            User.role.label("actor_role"),
            User.party_id.label("actor_party_id"),
            ReportingParty.code.label("party_code"),
            ReportingParty.name.label("party_name"),
        )
        .select_from(joined)
        .where(*conditions)
        .order_by(AuditEntry.number.desc())
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    )
    return list(rows), total


def _conditions(filters: Filters) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if filters.event:
        found.append(AuditEntry.event == filters.event)
    if filters.words:
        found.append(
            sa.or_(
                User.name.icontains(filters.words, autoescape=True),
                User.email.icontains(filters.words, autoescape=True),
            )
        )
    if filters.party_code:
        found.append(ReportingParty.code == filters.party_code)
    if filters.record is not None:
        kind, identity = filters.record
        found.append(AuditEntry.record_type == kind)
        if identity:
            found.append(AuditEntry.record_id == identity)
    if filters.since is not None:
        found.append(AuditEntry.at >= filters.since)
    if filters.before is not None:
        found.append(AuditEntry.at < filters.before)
    return found
