"""What a summary tells: the commitments that changed, and the figures, each within a subscription's scope and reach."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.deadlines import local_date
from tracker.domain.policy import Actor
from tracker.domain.vocabulary import SummaryScope
from tracker.mail import links
from tracker.mail.messages.summaries import STEPS, ChangedItem, Counted
from tracker.models import Commitment, HistoryEntry, ProgressReport, Provision, ReportingParty
from tracker.services import cycles
from tracker.services.history import visible_to
from tracker.services.standing import visible_commitments
from tracker.services.summary_due import SETTLED_AFTER
from tracker.wording import pick

SHOWN = 40
"""Changed commitments that are listed; the others are counted."""
MOST_STEPS = 12
"""Of one commitment, the newest; those before are counted."""


def in_scope(scope: SummaryScope, party_ids: Sequence[int], instrument_id: int | None) -> sa.ColumnElement[bool]:
    """The condition on commitments joined with their provisions; what the reader may open is asked apart."""
    if scope is SummaryScope.STATES:
        return Commitment.party_id.in_(party_ids)
    if scope is SummaryScope.INSTRUMENT:
        return Provision.instrument_id == instrument_id
    return sa.true()


def news(actor: Actor, since: datetime | int, until: int, now: datetime) -> sa.ColumnElement[bool]:
    """The condition on entries of the history that are news to this reader.

    ``since``: the last entry that was told, or the moment from which on things are told where none was. What the
    reader did is no news, nor are the entries that open the follow-up of a commitment.
    """
    unseen = HistoryEntry.id > since if isinstance(since, int) else HistoryEntry.at > since
    return sa.and_(
        unseen,
        HistoryEntry.id <= until,
        HistoryEntry.at <= now - SETTLED_AFTER,
        HistoryEntry.action.in_(list(STEPS)),
        sa.func.coalesce(HistoryEntry.actor_id, 0) != actor.user_id,
        visible_to(actor),
        visible_commitments(actor),
    )


def changed(session: Session, actor: Actor, *which: sa.ColumnElement[bool]) -> tuple[tuple[ChangedItem, ...], int]:
    """The commitments to which something happened, by party and catalogue, and how many more there are. Two queries.

    ``which``: conditions on the history joined with commitment, provision and party.
    """
    statement: sa.Select = (
        sa.select(
            HistoryEntry.commitment_id,
            ReportingParty.name.label("party"),
            Provision.code,
            Provision.title,
            sa.literal_column("count(*) OVER ()").label("total"),
        )
        .select_from(HistoryEntry)
        .join(Commitment, Commitment.id == HistoryEntry.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .join(ReportingParty, ReportingParty.id == HistoryEntry.party_id)
        .where(HistoryEntry.id.in_(_newest(*which)))
        .order_by(ReportingParty.code, Provision.position, HistoryEntry.commitment_id)
        .limit(SHOWN)
    )
    found = session.execute(statement).all()
    if not found:
        return (), 0
    steps = _steps(session, [row.commitment_id for row in found], *which)
    site = links.site(session)
    listed = tuple(
        ChangedItem(
            pick(row.party, actor.language),
            f"{row.code} {pick(row.title, actor.language)}",
            site.commitment(row.commitment_id),
            tuple((one.action, local_date(one.at, actor.time_zone)) for one in steps[row.commitment_id][-MOST_STEPS:]),
            max(len(steps[row.commitment_id]) - MOST_STEPS, 0),
        )
        for row in found
    )
    return listed, found[0].total - len(found)


def _newest(*which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """The newest entry of each commitment."""
    return (
        sa.select(sa.func.max(HistoryEntry.id))
        .join(Commitment, Commitment.id == HistoryEntry.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .where(*which)
        .group_by(HistoryEntry.commitment_id)
    )


def _steps(session: Session, commitments: list[int], *which: sa.ColumnElement[bool]) -> dict[int, list[sa.Row[Any]]]:
    found: dict[int, list[sa.Row[Any]]] = {}
    rows: Iterable[sa.Row[Any]] = session.execute(
        sa.select(HistoryEntry.commitment_id, HistoryEntry.action, HistoryEntry.at)
        .join(Commitment, Commitment.id == HistoryEntry.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .where(HistoryEntry.commitment_id.in_(commitments), *which)
        .order_by(HistoryEntry.id)
    )
    for row in rows:
        found.setdefault(row.commitment_id, []).append(row)
    return found


def overlap(session: Session, news: sa.ColumnElement[bool], told: sa.ColumnElement[bool]) -> bool:
    """Whether some of this news is told already, under another heading."""
    both = (
        sa.select(HistoryEntry.id)
        .join(Commitment, Commitment.id == HistoryEntry.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .where(news, told)
        .limit(1)
    )
    return session.scalar(both) is not None


def counted(session: Session, actor: Actor, scope: sa.ColumnElement[bool]) -> Counted | None:
    """The figures of the present cycle, of what this reader sees in this scope; None before the first cycle."""
    cycle = cycles.current(session)
    if cycle is None:
        return None
    row = session.execute(
        sa.select(
            sa.func.count().label("owed"),
            sa.func.count(ProgressReport.first_submitted_at).label("reported"),
            sa.func.count(sa.case((ProgressReport.on_time.is_(True), 1))).label("on_time"),
            sa.func.count(ProgressReport.published_assessment_id).label("rated"),
        )
        .select_from(ProgressReport)
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .where(ProgressReport.cycle_id == cycle.id, visible_commitments(actor), scope)
    ).one()
    return Counted(pick(cycle.title, actor.language), row.owed, row.reported, row.on_time, row.rated)
