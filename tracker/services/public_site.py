"""What the public pages say beside the figures: the authority of a State, what was issued, good practices, news.

Public facts only. Every function costs one query, whatever the data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.vocabulary import (
    CommentOutcome,
    GoodPracticeState,
    OfficeKind,
    PublicationKind,
    PublicationState,
    Rating,
)
from tracker.models import (
    Assessment,
    Commitment,
    DataRelease,
    GoodPractice,
    IssuedReport,
    Office,
    ProgressReport,
    Provision,
    ReportingCycle,
    ReportingParty,
)
from tracker.services.issued_reports_read import number
from tracker.services.plain_rows import rows

ISSUES_SHOWN = 6
PRACTICES_SHOWN = 6
NEWS = 50
"""Entries of the feed, of each kind."""


_AUTHORITY = sa.select(Office.title, Office.url).where(
    Office.party_id == sa.bindparam("party"), Office.kind == OfficeKind.AUTHORITY
)


def authority(session: Session, party_id: int) -> sa.Row | None:
    """The national authority of a State: title and public page. Its addresses are nobody else's; no person is kept."""
    return rows(session, _AUTHORITY, {"party": party_id}).one_or_none()


@dataclass(frozen=True, slots=True)
class Issued:
    """An issued report in a list. ``party`` is None for the hemispheric report."""

    number: str
    code: str
    kind: PublicationKind
    state: PublicationState
    party_code: str | None
    party: dict[str, str] | None
    cycle: dict[str, str]
    is_as_of_date: bool
    as_of: datetime
    issued_at: datetime
    ended_at: datetime | None

    @property
    def slug(self) -> str:
        """Its code as in addresses."""
        return self.code.lower()

    @property
    def href(self) -> str:
        return f"/status-reports/{self.slug}"

    @property
    def stands(self) -> bool:
        return self.state is PublicationState.ISSUED


_ISSUED = (
    sa.select(
        IssuedReport.kind,
        IssuedReport.sequence,
        IssuedReport.year,
        IssuedReport.code,
        IssuedReport.state,
        ReportingParty.code.label("party_code"),
        ReportingParty.name,
        ReportingCycle.title,
        IssuedReport.is_as_of_date,
        IssuedReport.as_of,
        IssuedReport.issued_at,
        IssuedReport.ended_at,
    )
    .join(ReportingCycle, ReportingCycle.id == IssuedReport.cycle_id)
    .outerjoin(ReportingParty, ReportingParty.id == IssuedReport.party_id)
    .where(IssuedReport.ready_at.is_not(None))
    .order_by(IssuedReport.issued_at.desc(), IssuedReport.id.desc())
    .limit(sa.bindparam("most"))
)
_STANDING = _ISSUED.where(IssuedReport.state == PublicationState.ISSUED)
_ISSUED_ABOUT = _ISSUED.where(IssuedReport.party_id == sa.bindparam("party"))


def _issued(found: sa.CursorResult) -> list[Issued]:
    return [Issued(number(row.kind, row.sequence, row.year), row.code, row.kind, row.state, *row[5:]) for row in found]


def issued(session: Session, *, most: int = ISSUES_SHOWN) -> list[Issued]:
    """The reports issued last that stand, of all parties and of the hemisphere."""
    return _issued(rows(session, _STANDING, {"most": most}))


def issued_about(session: Session, party_id: int, *, most: int = ISSUES_SHOWN) -> list[Issued]:
    """The reports issued about one party, newest first; also those withdrawn or replaced, which say so."""
    return _issued(rows(session, _ISSUED_ABOUT, {"most": most, "party": party_id}))


_PRACTICES = (
    sa.select(
        GoodPractice.id,
        GoodPractice.title,
        GoodPractice.language,
        ReportingParty.code.label("party_code"),
        ReportingParty.name.label("party_name"),
        Provision.code.label("provision_code"),
    )
    .join(Commitment, Commitment.id == GoodPractice.commitment_id)
    .join(Provision, Provision.id == Commitment.provision_id)
    .join(ReportingParty, ReportingParty.id == GoodPractice.party_id)
    .where(GoodPractice.state == GoodPracticeState.SHARED)
    .order_by(GoodPractice.decided_at.desc(), GoodPractice.id.desc())
    .limit(PRACTICES_SHOWN)
)
_PRACTICES_IN = _PRACTICES.where(GoodPractice.party_id == sa.bindparam("party"))


def practices_in(session: Session, party_id: int) -> Sequence[sa.Row]:
    """The good practices of one State that are shared, newest first."""
    return rows(session, _PRACTICES_IN, {"party": party_id}).all()


class News(StrEnum):
    """What the feed tells of; also a part of the stable id of an entry."""

    ISSUED = "issue"
    RATING = "rating"
    DATA = "data"


@dataclass(frozen=True, slots=True)
class Entry:
    """One publication. ``key`` is stable and unique within its kind; ``about`` holds what the sentence needs."""

    kind: News
    key: str
    path: str
    published_at: datetime
    updated_at: datetime
    about: Any


@dataclass(frozen=True, slots=True)
class Rated:
    """A rating that was published."""

    party: dict[str, str]
    code: str
    title: dict[str, str]
    cycle: dict[str, str]
    rating: Rating
    comment: CommentOutcome | None


_RATINGS = (
    sa.select(
        Assessment.id,
        ReportingParty.code.label("party_code"),
        ReportingParty.name,
        Provision.code,
        Provision.title,
        ReportingCycle.code.label("cycle_code"),
        ReportingCycle.title.label("cycle_title"),
        Assessment.rating,
        Assessment.comment_outcome,
        Assessment.published_at,
    )
    .select_from(Assessment)
    # As ``public_figures`` joins: a planner without statistics then begins with the newest assessments.
    .join(
        ProgressReport,
        sa.and_(
            ProgressReport.id == Assessment.report_id,
            sa.func.coalesce(ProgressReport.published_assessment_id, 0) == Assessment.id,
        ),
    )
    .join(Commitment, Commitment.id == ProgressReport.commitment_id)
    .join(Provision, Provision.id == Commitment.provision_id)
    .join(ReportingParty, ReportingParty.id == ProgressReport.party_id)
    .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
    .where(Assessment.published_at.is_not(None))
    .order_by(Assessment.published_at.desc(), Assessment.id.desc())
    .limit(NEWS)
)
_RELEASES = sa.select(DataRelease.version, DataRelease.as_of).order_by(DataRelease.id.desc()).limit(NEWS)


def news(session: Session) -> list[Entry]:
    """What was published last, newest first: issued reports (whatever became of them), ratings, open data.

    Three queries.
    """
    entries = [
        Entry(News.ISSUED, one.code, one.href, one.issued_at, one.ended_at or one.issued_at, one)
        for one in _issued(rows(session, _ISSUED, {"most": NEWS}))
    ]
    entries += [
        Entry(
            News.RATING,
            f"{row.party_code}/{row.code}/{row.cycle_code}/{row.id}",
            f"/states/{row.party_code.lower()}/{row.code}?cycle={row.cycle_code}",
            row.published_at,
            row.published_at,
            Rated(row.name, row.code, row.title, row.cycle_title, row.rating, row.comment_outcome),
        )
        for row in rows(session, _RATINGS)
    ]
    entries += [
        Entry(News.DATA, row.version, f"/data/{row.version}", row.as_of, row.as_of, row.version)
        for row in rows(session, _RELEASES)
    ]
    entries.sort(key=lambda entry: (entry.updated_at, entry.kind, entry.key), reverse=True)
    return entries[:NEWS]
