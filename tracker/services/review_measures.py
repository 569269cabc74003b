"""The values of a commitment's indicators over the cycles, as submitted: a table for the review desk."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.models import ProgressReport, ReportingCycle, ReportRevision
from tracker.services.plain_rows import rows as plain
from tracker.services.report_content import IndicatorAnswer, ReportContent

CYCLES = 5
"""So many cycles beside each other at most, the newest."""


@dataclass(frozen=True)
class OverCycles:
    """``values`` by (indicator's code, axis, category), a value per cycle, oldest first; None: nothing was said."""

    cycles: list[dict[str, str]]
    values: dict[tuple[str, int, str], list[IndicatorAnswer | None]]

    def rows(self) -> list[tuple[tuple[str, int, str], list[IndicatorAnswer | None]]]:
        """A row per indicator and category, in order."""
        return list(self.values.items())


def over_cycles(session: Session, report: ProgressReport) -> OverCycles | None:
    """What was submitted for each indicator up to this cycle; None where nothing was. One query."""
    values = {"commitment": report.commitment_id, "until": report.opens_on}
    rows = list(plain(session, _submitted(), values))[::-1]
    given = [{(a.indicator, a.axis, a.category): a for a in _read(row.indicators)} for row in rows]
    keys = list(dict.fromkeys(key for one in given for key in one))
    if not keys:
        return None
    keys.sort(key=lambda key: (key[0], key[1]))
    return OverCycles([row.title for row in rows], {key: [one.get(key) for one in given] for key in keys})


def _read(plain_answers: list[dict[str, Any]] | None) -> tuple[IndicatorAnswer, ...]:
    content = {"answers": [], "summary": "", "evidence": [], "indicators": plain_answers or []}
    return ReportContent.from_json(content).indicators


@cache
def _submitted() -> sa.Select:
    """Of each submission only the indicators are read: narratives are long."""
    return (
        sa.select(ReportingCycle.title, ReportRevision.content["indicators"].label("indicators"))
        .select_from(ProgressReport)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .join(
            ReportRevision,
            sa.and_(
                ReportRevision.report_id == ProgressReport.id,
                ReportRevision.number == ProgressReport.revision_number,
            ),
        )
        .where(
            ProgressReport.commitment_id == sa.bindparam("commitment"),
            ProgressReport.opens_on <= sa.bindparam("until", type_=sa.Date),
            ProgressReport.submitted_at.is_not(None),
        )
        .order_by(ProgressReport.opens_on.desc())
        .limit(CYCLES)
    )
