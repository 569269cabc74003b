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
    _id, _code, _title, _due_on, provision, reported_at, on_time, own, rating, strength, _indicators = row
    reported = reported_at is not None
    return Item(party_id, provision, (), reported, bool(on_time) and reported, own, rating, strength)
