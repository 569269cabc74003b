"""The pages measured: who opens what. Addresses with numbers in them are looked up in the database."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.vocabulary import ReportState
from tracker.models import Commitment, ProgressReport, Provision, ReportingParty
from tracker.services import cycles

FOCAL, REVIEWER = "focal.br@tracker.example", "reviewer@tracker.example"
STATE = "BR"
EDITABLE = (ReportState.DRAFT, ReportState.RETURNED)


@dataclass(frozen=True)
class Page:
    name: str
    person: str | None
    """Who is signed in; None: nobody."""
    path: str
    aim: float
    """At most this many times the bare hello."""
    is_kept_in_part: bool = False
    """For people with an account too, what it shows is worked out once for all readers."""


def pages(session: Session) -> list[Page]:
    """The pages, with the addresses of this database."""
    commitment_id, editable_id, reviewed_id = _ids(session)
    newest = cycles.current(session)
    state = STATE.lower()
    return [
        Page("public home", None, "/", 8),
        Page("States (map and list)", None, "/states", 8),
        Page("a State's page", None, f"/states/{state}", 8),
        Page("recommendations", None, "/provisions", 8),
        Page("a recommendation", None, "/provisions/CS-02", 8),
        Page("status report, visitor", None, f"/status-reports/{state}", 8),
        Page("matrix", None, "/figures/matrix", 8),
        Page("map of figures", None, "/figures/map", 8),
        Page("trend", None, "/figures/trend", 8),
        Page("hemispheric report", None, f"/hemispheric-report/{newest.code.lower() if newest else ''}", 8),
        Page("activities", None, "/activities", 8),
        Page("open data", None, "/data", 8),
        Page("search", None, "/search?q=trafficking&lang=en", 8),
        Page(
            "search, focal point", FOCAL, f"/search?q=trata+de+personas&state={STATE}&lang=es", 8, is_kept_in_part=True
        ),
        Page("dashboard, focal point", FOCAL, "/dashboard", 8),
        Page("commitments, focal point (15 rows)", FOCAL, "/commitments", 8),
        Page("commitment", FOCAL, f"/commitments/{commitment_id}", 8),
        Page("report form", FOCAL, f"/reports/{editable_id}", 12),
        Page("status report, focal point", FOCAL, f"/status-reports/{state}", 8, is_kept_in_part=True),
        Page("inbox", FOCAL, "/inbox", 8),
        Page("dashboard, reviewer", REVIEWER, "/dashboard", 8),
        Page("commitments, reviewer (50 rows)", REVIEWER, "/commitments", 8),
        Page("queue of reviews", REVIEWER, "/reviews", 8),
        Page("review", REVIEWER, f"/reviews/{reviewed_id}", 8),
        Page("compare with the last cycle", REVIEWER, f"/reports/{reviewed_id}/compare", 12),
    ]


def _ids(session: Session) -> tuple[int, int, int]:
    """A commitment with a long history, a report that the focal point edits, one under review."""
    current = cycles.current(session)
    of_state = (
        sa.select(ProgressReport.id, ProgressReport.commitment_id, ProgressReport.state)
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .join(ReportingParty, ReportingParty.id == ProgressReport.party_id)
        .where(ReportingParty.code == STATE, ProgressReport.cycle_id == (current.id if current else 0))
        .order_by(sa.func.json_array_length(Provision.pillars).desc(), Provision.position)
    )
    rows = session.execute(of_state).all()
    editable = next(row for row in rows if row.state in EDITABLE)
    published = next(row for row in rows if row.state is ReportState.PUBLISHED)
    reviewed = next(row for row in rows if row.state is ReportState.UNDER_REVIEW)
    return published.commitment_id, editable.id, reviewed.id
