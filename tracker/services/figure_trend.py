"""Coverage, timeliness and published ratings over the cycles: counted by the database, one query for all cycles."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.models import Commitment, ProgressReport, Provision, ReportingParty
from tracker.services.figure_board import Board
from tracker.services.plain_rows import rows
from tracker.services.public_figures import Coverage

_PR = ProgressReport

# Of everything: answered from the index of the figures alone.
_ALL = (
    sa.select(
        _PR.cycle_id,
        sa.func.count().label("owed"),
        sa.func.count(_PR.first_submitted_at).label("reported"),
        sa.func.count(sa.case((_PR.on_time.is_(True), 1))).label("on_time"),
        sa.func.count(_PR.published_assessment_id).label("rated"),
    )
    .where(_PR.cycle_id.in_(sa.bindparam("cycles", expanding=True)))
    .group_by(_PR.cycle_id)
)
_NARROWED = (
    _ALL.join(Commitment, Commitment.id == _PR.commitment_id)
    .join(Provision, Provision.id == Commitment.provision_id)
    .join(ReportingParty, ReportingParty.id == _PR.party_id)
    .where(
        Provision.code.in_(sa.bindparam("provisions", expanding=True)),
        ReportingParty.code.in_(sa.bindparam("parties", expanding=True)),
    )
)


def by_cycle(session: Session, board: Board) -> list[tuple[Any, Coverage]]:
    """The board's cycles, oldest first, each with the coverage of what the filters leave; cycles without any are out.

    One query.
    """
    statement, values = _ALL, {"cycles": [row.id for row in board.cycles]}
    if board.is_narrowed:
        statement = _NARROWED
        values |= {"provisions": board.narrowed_provisions, "parties": board.narrowed_parties}
    counted = {cycle_id: Coverage(*numbers) for cycle_id, *numbers in rows(session, statement, values)}
    return [(row, counted[row.id]) for row in board.cycles if row.id in counted]
