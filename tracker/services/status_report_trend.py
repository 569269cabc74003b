"""The figures of each reporting cycle, for the trend of a status report."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from tracker.domain.compliance import Item, figures
from tracker.services.status_report_content import TrendPoint


def trend(party_id: int, history: Iterable[Any]) -> tuple[TrendPoint, ...]:
    """One point per cycle, from ``status_report_rows.history``: by the same function as every other figure."""
    points = []
    for _cycle_id, of_cycle in groupby(history, key=lambda row: row.id):
        rows = list(of_cycle)
        first = rows[0]
        points.append(TrendPoint(first.code, first.title, first.due_on, figures(_item(party_id, row) for row in rows)))
    return tuple(points)


def _item(party_id: int, row: Any) -> Item:
    return Item(
        party_id=party_id,
        provision_code=row.provision,
        pillars=(),
        reported=row.first_submitted_at is not None,
        on_time=bool(row.on_time) and row.first_submitted_at is not None,
        self_assessment=row.self_assessment,
        rating=row.rating,
        strength=row.strength,
    )
