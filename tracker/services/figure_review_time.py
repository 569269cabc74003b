"""How long it takes from a submission to the publication of its rating. Public facts: two moments of each rating.

The submission is the one that was rated, the publication the newest: the window in which the State may comment is
part of it, the time a State took after a report was returned is not. A review that was reopened counts from the
submission it rated. Who reviewed is not asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from statistics import median_low

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.compliance import SMALLEST_SHARE
from tracker.models import Assessment, Commitment, ProgressReport, Provision, ReportingParty, ReportRevision
from tracker.services.figure_board import Board
from tracker.services.plain_rows import rows

CLASSES: tuple[tuple[int, int | None], ...] = ((0, 14), (15, 30), (31, 60), (61, 90), (91, 180), (181, None))
"""Whole days, both ends included; None: and more."""

_PR = ProgressReport


@dataclass(frozen=True, slots=True)
class Review:
    """One published rating."""

    cycle_id: int
    party_code: str
    provision_code: str
    submitted_at: datetime
    published_at: datetime

    @property
    def days(self) -> int:
        """Whole days."""
        return (self.published_at - self.submitted_at).days

    @property
    def class_(self) -> tuple[int, int | None]:
        days = max(self.days, 0)
        return next(one for one in CLASSES if days >= one[0] and (one[1] is None or days <= one[1]))


_REVIEWS = (
    sa.select(_PR.cycle_id, ReportingParty.code, Provision.code, ReportRevision.submitted_at, Assessment.published_at)
    .select_from(_PR)
    .join(Assessment, Assessment.id == _PR.published_assessment_id)
    .join(ReportRevision, ReportRevision.id == Assessment.revision_id)
    .join(Commitment, Commitment.id == _PR.commitment_id)
    .join(Provision, Provision.id == Commitment.provision_id)
    .join(ReportingParty, ReportingParty.id == _PR.party_id)
    .where(
        _PR.cycle_id.in_(sa.bindparam("cycles", expanding=True)),
        Provision.code.in_(sa.bindparam("provisions", expanding=True)),
        ReportingParty.code.in_(sa.bindparam("parties", expanding=True)),
    )
    .order_by(_PR.cycle_id, _PR.party_id, Provision.position)
)


def reviews(session: Session, board: Board) -> list[Review]:
    """The published ratings that the filters leave, of the cycle asked for or of all the board's. One query."""
    wanted = [board.cycle] if board.asked.cycle else board.cycles
    values = {
        "cycles": [row.id for row in wanted if row is not None],
        "provisions": board.narrowed_provisions,
        "parties": board.narrowed_parties,
    }
    return [Review(*row) for row in rows(session, _REVIEWS, values)]


def median_days(found: list[Review]) -> int | None:
    """Half of the reviews took so many days or fewer; None for fewer than five."""
    return median_low(one.days for one in found) if len(found) >= SMALLEST_SHARE else None
