"""A State with reports at every stage in the cycle "2026", for tests of the status report. Everything is invented."""

from __future__ import annotations

import sqlalchemy as sa

from tests.cast import Cast
from tests.support.worlds import kept
from tracker.domain.vocabulary import Rating, ReportState, Strength
from tracker.models import Assessment, ProgressReport, ReportRevision

PUBLISHED: dict[str, tuple[Rating, Rating, Strength]] = {
    "CS-01": (Rating.LARGELY, Rating.PARTIALLY, Strength.DOCUMENTED),
    "CS-02": (Rating.PARTIALLY, Rating.PARTIALLY, Strength.DECLARED_ONLY),
    "CS-03": (Rating.NOT, Rating.PARTIALLY, Strength.MEASURED),
    "CS-06": (Rating.IMPLEMENTED, Rating.IMPLEMENTED, Strength.CONFIRMED),
    "CS-08": (Rating.INSUFFICIENT, Rating.PARTIALLY, Strength.DECLARED_ONLY),
    "WP-S-05": (Rating.NO_LONGER_APPLICABLE, Rating.NO_LONGER_APPLICABLE, Strength.DOCUMENTED),
}
"""Provision: rating, self-assessment, strength of evidence."""
UNPUBLISHED = {
    "CS-04": ReportState.OPEN_FOR_COMMENT,
    "CS-05": ReportState.RATING_PROPOSED,
    "CS-07": ReportState.SUBMITTED,
    "WP-S-01": ReportState.RETURNED,
    "WP-S-02": ReportState.AWAITING_APPROVAL,
}
"""The rest stay empty drafts."""
LATE = ("CS-08", "WP-S-05", "CS-07")


@kept
def play(cast: Cast, state: str = "br") -> None:
    """Bring one State's reports to these stages: most in time, those of ``LATE`` after the due date."""
    early = dict.fromkeys(PUBLISHED, ReportState.PUBLISHED) | UNPUBLISHED
    for code, wanted in early.items():
        if code not in LATE:
            cast.bring_to(cast.report_id(state.upper(), code), wanted, state)
    cast.clock.advance(days=70)
    for code in LATE:
        cast.bring_to(cast.report_id(state.upper(), code), early[code], state)
    for code, (rating, own, strength) in PUBLISHED.items():
        rate(cast, cast.report_id(state.upper(), code), rating, own, strength)


def rate(cast: Cast, report_id: int, rating: Rating, own: Rating, strength: Strength) -> None:
    """Let the published assessment of a report say this."""
    with cast.writing() as session:
        assessment_id = session.scalars(
            sa.select(ProgressReport.published_assessment_id).where(ProgressReport.id == report_id)
        ).one()
        assessment = session.get_one(Assessment, assessment_id)
        assessment.rating, assessment.strength = rating, strength
        session.get_one(ReportRevision, assessment.revision_id).self_assessment = own
