"""The figures of one party and one cycle, counted straight from the rows by code of its own.

Nothing of the product's counting is used here: no service, no rule of ``domain.compliance``, plain SQL and Python.
Written from docs/publications.md, so that both would have to be wrong in the same way.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

RATINGS = (
    "implemented",
    "largely_implemented",
    "partially_implemented",
    "not_implemented",
    "insufficient_information",
    "no_longer_applicable",
)
_LINES = """
SELECT s.code AS party, s.kind AS party_kind, p.code AS provision, p.position AS position, p.pillars AS pillars,
       p.themes AS themes, r.id AS report, r.due_at AS due_at, r.due_on AS due_on,
       r.first_submitted_at AS first_sent, r.on_time AS on_time, r.state AS state,
       a.id AS assessment, a.rating AS rating, a.strength AS strength, a.published_at AS published_at,
       a.comment_outcome AS comment_outcome, v.self_assessment AS own, v.submitted_at AS rated_sent,
       v.content AS content
FROM progress_report r
JOIN reporting_cycle y ON y.id = r.cycle_id
JOIN commitment c ON c.id = r.commitment_id
JOIN provision p ON p.id = c.provision_id
JOIN reporting_party s ON s.id = c.party_id
LEFT JOIN assessment a ON a.id = (
    SELECT MAX(b.id) FROM assessment b WHERE b.report_id = r.id AND b.published_at IS NOT NULL)
LEFT JOIN report_revision v ON v.id = a.revision_id
WHERE y.code = :cycle
ORDER BY s.code, p.position
"""
_VIEWS = """
SELECT o.report_id AS report, o.view AS view FROM observation o
JOIN progress_report r ON r.id = o.report_id JOIN reporting_cycle y ON y.id = r.cycle_id
WHERE y.code = :cycle AND o.state = 'observation_accepted'
AND EXISTS (SELECT 1 FROM assessment a WHERE a.report_id = r.id AND a.published_at IS NOT NULL)
"""
_EXTENSIONS = """
SELECT r.id AS report, e.decision AS decision FROM extension e
JOIN progress_report r ON r.id = e.report_id JOIN reporting_cycle y ON y.id = r.cycle_id WHERE y.code = :cycle
"""


@dataclass
class Line:
    """One commitment in the cycle."""

    party: str
    party_kind: str
    provision: str
    pillars: list[str]
    themes: list[str]
    stage: str
    reported: bool
    on_time: bool
    rating: str | None
    strength: str | None
    own: str | None
    comment: str | None
    views: list[str]
    content: dict[str, Any] | None
    days_of_review: int | None
    extensions: list[str | None] = field(default_factory=list)

    @property
    def voices_differ(self) -> bool:
        return self.rating is not None and len({self.rating, *self.views, *([self.own] if self.own else [])}) > 1


@dataclass
class Counted:
    """Numbers of a set of lines."""

    owed: int
    reported: int
    on_time: int
    rated: int
    differing: int
    both: int
    """Rated, with a self-assessment beside it."""
    ratings: dict[str, int]
    strengths: dict[str, int]
    stages: dict[str, int]


def lines(session: Session, cycle: str, now: datetime) -> list[Line]:
    """Every commitment of the cycle, all parties."""
    views: dict[int, list[str]] = {}
    for row in session.execute(sa.text(_VIEWS), {"cycle": cycle}):
        views.setdefault(row.report, []).append(row.view)
    extensions: dict[int, list[str | None]] = {}
    for row in session.execute(sa.text(_EXTENSIONS), {"cycle": cycle}):
        extensions.setdefault(row.report, []).append(row.decision)
    found = []
    for row in session.execute(sa.text(_LINES), {"cycle": cycle}):
        sent, rated = row.first_sent is not None, row.rating is not None
        if rated:
            stage = "published"
        elif sent:
            stage = "open_for_comment" if row.state == "open_for_comment" else "in_review"
        else:
            stage = "not_reported" if _moment(row.due_at) <= now else "not_due"
        days = None
        if rated:
            days = (_moment(row.published_at) - _moment(row.rated_sent)).days
        found.append(
            Line(
                party=row.party,
                party_kind=row.party_kind,
                provision=row.provision,
                pillars=_list(row.pillars),
                themes=_list(row.themes),
                stage=stage,
                reported=sent,
                on_time=bool(row.on_time) and sent,
                rating=row.rating,
                strength=row.strength,
                own=row.own,
                comment=row.comment_outcome,
                views=views.get(row.report, []) if rated else [],
                content=_dict(row.content),
                days_of_review=days,
                extensions=extensions.get(row.report, []),
            )
        )
    return found


def count(of: list[Line]) -> Counted:
    rated = [line for line in of if line.rating]
    both = [line for line in rated if line.own]
    return Counted(
        owed=len(of),
        reported=len([line for line in of if line.reported]),
        on_time=len([line for line in of if line.on_time]),
        rated=len(rated),
        differing=len([line for line in both if line.own != line.rating]),
        both=len(both),
        ratings={code: len([line for line in rated if line.rating == code]) for code in RATINGS},
        strengths=dict(Counter(line.strength for line in rated if line.strength)),
        stages=dict(Counter(line.stage for line in of)),
    )


def by(of: list[Line], axis: str) -> dict[str | None, Counted]:
    """By pillar or theme ("pillars", "themes"); None for what has none. A line counts in each of its groups."""
    groups: dict[str | None, list[Line]] = {}
    for line in of:
        for code in getattr(line, axis) or [None]:
            groups.setdefault(code, []).append(line)
    return {code: count(group) for code, group in groups.items()}


def _moment(value: Any) -> datetime:
    """SQLite gives text without a zone, PostgreSQL an aware moment."""
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _list(value: Any) -> list[str]:
    return json.loads(value) if isinstance(value, str) else list(value or [])


def _dict(value: Any) -> dict[str, Any] | None:
    return json.loads(value) if isinstance(value, str) else value
