"""What was published, made ready for searching: reports with a published rating, good practices, issued reports.

Of a report: the State's own words in the revision that was rated, the reasons of the rating, the State's comment, and
what accredited observers said beside it. Never figures, restricted evidence, or the titles of files, which may be
restricted later.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from config import LANGUAGES
from tracker.domain.vocabulary import GoodPracticeState, PublicationKind, PublicationState
from tracker.models import (
    Assessment,
    Commitment,
    Instrument,
    Observation,
    Organisation,
    ProgressReport,
    Provision,
    ReportingCycle,
    ReportingParty,
    ReportRevision,
)
from tracker.models.publications import GoodPractice, IssuedReport
from tracker.services.observations import is_public
from tracker.services.plain_rows import rows
from tracker.services.report_content import ReportContent
from tracker.services.search_sources import Kind, Made, Source, known
from tracker.wording import label, pick

_PUBLISHED = ProgressReport.published_assessment_id.is_not(None)
_REPORT_KEYS = sa.select(ProgressReport.id).where(_PUBLISHED).order_by(ProgressReport.id)
_REPORTS = (
    sa.select(
        ProgressReport.id,
        ReportingParty.code.label("party"),
        ReportingParty.name,
        ReportingParty.language,
        Provision.code,
        Provision.title,
        Provision.pillars,
        Provision.themes,
        Instrument.code.label("instrument"),
        ReportingCycle.code.label("cycle"),
        Assessment.rating,
        Assessment.reasons,
        Assessment.strength_reason,
        Assessment.comment,
        Assessment.published_at,
        ReportRevision.content,
    )
    .join(Commitment, Commitment.id == ProgressReport.commitment_id)
    .join(ReportingParty, ReportingParty.id == Commitment.party_id)
    .join(Provision, Provision.id == Commitment.provision_id)
    .join(Instrument, Instrument.id == Provision.instrument_id)
    .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
    .join(Assessment, Assessment.id == ProgressReport.published_assessment_id)
    .join(ReportRevision, ReportRevision.id == Assessment.revision_id)
    .where(ProgressReport.id.in_(sa.bindparam("keys", expanding=True)))
)
_OBSERVED = (
    sa.select(ProgressReport.id, Organisation.name, Observation.text)
    .select_from(Observation)
    .join(ProgressReport, ProgressReport.id == Observation.report_id)
    .join(Assessment, Assessment.id == ProgressReport.published_assessment_id)
    .join(Organisation, Organisation.id == Observation.organisation_id)
    .where(ProgressReport.id.in_(sa.bindparam("keys", expanding=True)), is_public())
    .order_by(Organisation.name, Observation.id)
)


def _reports(session: Session, keys: Sequence[str]) -> Iterator[Made]:
    wanted = {"keys": [int(key) for key in keys]}
    observed: dict[int, list[str]] = {}
    for report_id, name, text in rows(session, _OBSERVED, wanted):
        observed.setdefault(report_id, []).append(f"{name}: {text}")
    for row in rows(session, _REPORTS, wanted):
        language = known(row.language)
        said = _said(ReportContent.from_json(row.content))
        parts = [*said, row.reasons, row.strength_reason, row.comment, *observed.get(row.id, ())]
        yield Made(
            kind=Kind.REPORT,
            key=str(row.id),
            language=language,
            is_only=True,
            title=f"{pick(row.name, language)}: {pick(row.title, language)}",
            text="\n".join(filter(None, parts)),
            names=(row.code, row.cycle, *row.name.values()),
            also=tuple(row.title.values()),
            url=f"/states/{row.party.lower()}/{row.code}?cycle={row.cycle}",
            parties=(row.party,),
            instrument=row.instrument,
            cycle_code=row.cycle,
            rating=row.rating.value,
            year=row.published_at.year,
            pillars=tuple(row.pillars),
            themes=tuple(row.themes),
        )


def _said(content: ReportContent) -> list[str]:
    """The State's own words."""
    said = content.for_the_public()
    narratives = [answer.narrative for answer in said.answers]
    return [*narratives, said.summary, said.obstacles, said.help_needed, *(one.title for one in said.evidence)]


_SHARED = GoodPractice.state == GoodPracticeState.SHARED
_PRACTICE_KEYS = sa.select(GoodPractice.id).where(_SHARED).order_by(GoodPractice.id)
_PRACTICES = (
    sa.select(
        GoodPractice.id,
        GoodPractice.title,
        GoodPractice.text,
        GoodPractice.language,
        GoodPractice.decided_at,
        ReportingParty.code.label("party"),
        ReportingParty.name,
        Provision.code,
        Provision.pillars,
        Provision.themes,
        Instrument.code.label("instrument"),
    )
    .join(ReportingParty, ReportingParty.id == GoodPractice.party_id)
    .join(Commitment, Commitment.id == GoodPractice.commitment_id)
    .join(Provision, Provision.id == Commitment.provision_id)
    .join(Instrument, Instrument.id == Provision.instrument_id)
    .where(_SHARED, GoodPractice.id.in_(sa.bindparam("keys", expanding=True)))
)


def _practices(session: Session, keys: Sequence[str]) -> Iterator[Made]:
    for row in rows(session, _PRACTICES, {"keys": [int(key) for key in keys]}):
        yield Made(
            kind=Kind.GOOD_PRACTICE,
            key=str(row.id),
            language=known(row.language),
            is_only=True,
            title=row.title,
            text=row.text,
            names=(row.code, *row.name.values()),
            url=f"/good-practices/{row.id}",
            parties=(row.party,),
            instrument=row.instrument,
            year=row.decided_at.year if row.decided_at else None,
            pillars=tuple(row.pillars),
            themes=tuple(row.themes),
        )


_STANDING = IssuedReport.state == PublicationState.ISSUED
_ISSUE_KEYS = sa.select(IssuedReport.code).where(_STANDING).order_by(IssuedReport.id)
_ISSUES = (
    sa.select(
        IssuedReport.kind,
        IssuedReport.code,
        IssuedReport.year,
        IssuedReport.sequence,
        IssuedReport.is_as_of_date,
        ReportingParty.code.label("party"),
        ReportingParty.name,
        ReportingCycle.code.label("cycle"),
        ReportingCycle.title.label("cycle_title"),
    )
    .outerjoin(ReportingParty, ReportingParty.id == IssuedReport.party_id)
    .join(ReportingCycle, ReportingCycle.id == IssuedReport.cycle_id)
    .where(_STANDING, IssuedReport.code.in_(sa.bindparam("keys", expanding=True)))
)


def _issues(session: Session, keys: Sequence[str]) -> Iterator[Made]:
    for row in rows(session, _ISSUES, {"keys": keys}):
        prefix = "SR" if row.kind == PublicationKind.STATUS_REPORT else "HR"
        number = f"{prefix} {row.sequence}/{row.year}"
        for language in LANGUAGES:
            about = [label(row.kind, language), number]
            about += [pick(row.name, language)] if row.party else []
            about += [] if row.is_as_of_date else [pick(row.cycle_title, language)]
            yield Made(
                kind=Kind.STATUS_REPORT,
                key=row.code,
                language=language,
                title=" · ".join(about),
                text="",
                names=(row.code,),
                url=f"/status-reports/{row.code.lower()}",
                parties=(row.party,) if row.party else (),
                cycle_code=row.cycle,
                year=row.year,
            )


PUBLISHED: dict[Kind, Source] = {
    Kind.REPORT: Source(lambda session: [str(key) for (key,) in rows(session, _REPORT_KEYS)], _reports),
    Kind.GOOD_PRACTICE: Source(lambda session: [str(key) for (key,) in rows(session, _PRACTICE_KEYS)], _practices),
    Kind.STATUS_REPORT: Source(lambda session: [key for (key,) in rows(session, _ISSUE_KEYS)], _issues),
}
