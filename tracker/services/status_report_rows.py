"""The queries of a status report: columns, not entities, and as many of them whatever the data.

Each statement is put together once per language and kept: building it costs more than running it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from tracker.domain.errors import NotVisible
from tracker.domain.vocabulary import PartyKind
from tracker.models import (
    Assessment,
    Classification,
    Commitment,
    Element,
    Evidence,
    Indicator,
    Instrument,
    MemberState,
    Observation,
    Organisation,
    ProgressReport,
    Provision,
    ReportingCycle,
    ReportingParty,
    ReportRevision,
    RevisionEvidence,
)
from tracker.services import extension_dates, plain_rows
from tracker.services.measured import MEASURED, Measured, of_row
from tracker.services.observations import is_public

REPORTED_ABOUT = (PartyKind.MEMBER_STATE, PartyKind.GENERAL_SECRETARIAT)
MOST_CYCLES = 12
"""How many cycles a report links to, and looks back on."""
GROUPED_BY = ("pillar", "theme")


def party(session: Session, code: str, language: str) -> Any:
    """The party by its code in capitals, with its names in one language. Raises NotVisible."""
    found = plain_rows.rows(session, _party(language), {"code": code}).one_or_none()
    if found is None:
        raise NotVisible
    return found


@cache
def _party(language: str) -> sa.Select[Any]:
    return (
        sa.select(
            ReportingParty.id,
            ReportingParty.code,
            ReportingParty.kind,
            ReportingParty.time_zone,
            _in(ReportingParty.name, language).label("name"),
            _in(MemberState.official_name, language).label("official_name"),
        )
        .outerjoin(MemberState, MemberState.party_id == ReportingParty.id)
        .where(ReportingParty.code == sa.bindparam("code"), ReportingParty.kind.in_(REPORTED_ABOUT))
    )


def cycles(session: Session, party_id: int, wanted: str | None, language: str) -> Sequence[Any]:
    """The opened cycles in which this party owed reports: the one wanted first, then the newest."""
    values = {"party_id": party_id, "wanted": (wanted or "").lower()}
    return plain_rows.rows(session, _cycles(language, wanted is not None), values).all()


@cache
def _cycles(language: str, one_is_wanted: bool) -> sa.Select[Any]:
    owed = sa.exists().where(
        ProgressReport.cycle_id == ReportingCycle.id, ProgressReport.party_id == sa.bindparam("party_id")
    )
    newest = (ReportingCycle.opens_on.desc(), ReportingCycle.id.desc())
    is_wanted = sa.case((sa.func.lower(ReportingCycle.code) == sa.bindparam("wanted"), 0), else_=1)
    # Where none is wanted the newest are read in the order of an index, without a look at the others.
    order = (is_wanted, *newest) if one_is_wanted else newest
    return (
        sa.select(
            ReportingCycle.id,
            ReportingCycle.code,
            _in(ReportingCycle.title, language).label("title"),
            ReportingCycle.period_start,
            ReportingCycle.period_end,
            ReportingCycle.opens_on,
            ReportingCycle.due_on,
            ReportingCycle.closes_on,
        )
        .where(ReportingCycle.opened_at.is_not(None), owed)
        .order_by(*order)
        .limit(MOST_CYCLES)
    )


def lines(session: Session, party_id: int, cycle_id: int, language: str, *, any_cycle: bool) -> Sequence[Any]:
    """One row per commitment of the cycle, with its published assessment: of this cycle, or the newest of any."""
    return plain_rows.rows(session, _lines(language, any_cycle), {"party": party_id, "cycle": cycle_id}).all()


# The statements are put together once per process and language: that costs more than asking the database.
@cache
def _lines(language: str, any_cycle: bool) -> sa.Select[Any]:
    rated = aliased(ProgressReport)
    rated_in = aliased(ReportingCycle)
    assessment_id: Any = ProgressReport.published_assessment_id
    reported_ever: Any = ProgressReport.first_submitted_at.is_not(None)
    if any_cycle:
        earlier = aliased(ProgressReport)
        assessment_id = (
            sa.select(earlier.published_assessment_id)
            .where(earlier.commitment_id == ProgressReport.commitment_id, earlier.published_assessment_id.is_not(None))
            .order_by(earlier.opens_on.desc(), earlier.cycle_id.desc())
            .limit(1)
            .scalar_subquery()
        )
        reported_ever = sa.exists().where(
            earlier.commitment_id == ProgressReport.commitment_id, earlier.first_submitted_at.is_not(None)
        )
    columns: list[Any] = [
        ProgressReport.state,
        ProgressReport.published_assessment_id,
        ProgressReport.due_on,
        ProgressReport.due_at,
        ProgressReport.first_submitted_at,
        ProgressReport.on_time,
        reported_ever.label("reported_ever"),
        Provision.id.label("provision_id"),
        Provision.code,
        _in(Provision.title, language).label("title"),
        _in(Provision.text, language).label("asked"),
        Provision.text_status[language].as_string().label("text_status"),
        Provision.pillars,
        Provision.themes,
        Provision.strength.label("bindingness"),
        _in(Instrument.title, language).label("instrument"),
        _in(Instrument.reading_note, language).label("reading_note"),
        Assessment.id.label("assessment_id"),
        Assessment.rating,
        Assessment.strength,
        Assessment.reasons,
        Assessment.strength_reason,
        Assessment.element_ratings,
        Assessment.comment,
        Assessment.comment_outcome,
        Assessment.published_at,
        ReportRevision.self_assessment,
        ReportRevision.content,
        rated_in.code.label("rated_in"),
        *extension_dates.columns(),
    ]
    return (
        sa.select(*columns)
        .select_from(ProgressReport)
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .join(Instrument, Instrument.id == Provision.instrument_id)
        .outerjoin(Assessment, Assessment.id == assessment_id)
        .outerjoin(ReportRevision, ReportRevision.id == Assessment.revision_id)
        .outerjoin(rated, rated.id == Assessment.report_id)
        .outerjoin(rated_in, rated_in.id == rated.cycle_id)
        .where(ProgressReport.party_id == sa.bindparam("party"), ProgressReport.cycle_id == sa.bindparam("cycle"))
        .order_by(Provision.position)
    )


def history(session: Session, party_id: int, cycle_id: int, opens_on: date, language: str) -> Sequence[Any]:
    """One row per report of this cycle and of those before it, oldest first, with what is published of each.

    ``indicators`` is the part of the rated submission that holds its figures, as kept; None where it has none.
    """
    values = {"party": party_id, "party_id": party_id, "cycle": cycle_id, "opens_on": opens_on}
    return plain_rows.rows(session, _history(language), values).all()


@cache
def _history(language: str) -> sa.Select[Any]:
    owed = sa.exists().where(
        ProgressReport.cycle_id == ReportingCycle.id, ProgressReport.party_id == sa.bindparam("party_id")
    )
    opens_on = sa.bindparam("opens_on", type_=sa.Date())
    looked_back_on = (
        sa.select(ReportingCycle.id)
        .where(
            ReportingCycle.opened_at.is_not(None),
            owed,
            sa.or_(
                ReportingCycle.opens_on < opens_on,
                sa.and_(ReportingCycle.opens_on == opens_on, ReportingCycle.id <= sa.bindparam("cycle")),
            ),
        )
        .order_by(ReportingCycle.opens_on.desc(), ReportingCycle.id.desc())
        .limit(MOST_CYCLES)
    )
    return (
        sa.select(
            ReportingCycle.id,
            ReportingCycle.code,
            _in(ReportingCycle.title, language).label("title"),
            ReportingCycle.due_on,
            Provision.code.label("provision"),
            ProgressReport.first_submitted_at,
            ProgressReport.on_time,
            ReportRevision.self_assessment,
            Assessment.rating,
            Assessment.strength,
            ReportRevision.content["indicators"].label("indicators"),
        )
        .select_from(ProgressReport)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .outerjoin(Assessment, Assessment.id == ProgressReport.published_assessment_id)
        .outerjoin(ReportRevision, ReportRevision.id == Assessment.revision_id)
        .where(ProgressReport.party_id == sa.bindparam("party"), ProgressReport.cycle_id.in_(looked_back_on))
        .order_by(ReportingCycle.opens_on, ReportingCycle.id, Provision.position)
    )


def observed(session: Session, rows: Iterable[Any]) -> dict[int, list[Any]]:
    """What observers said beside the ratings of these rows, by assessment: accepted before it was published."""
    wanted = sorted({row.assessment_id for row in rows if row.assessment_id is not None})
    found: dict[int, list[Any]] = {}
    for row in plain_rows.rows(session, _OBSERVED, {"assessments": wanted}):
        found.setdefault(row.assessment_id, []).append(row)
    return found


_OBSERVED = (
    sa.select(
        Assessment.id.label("assessment_id"),
        Organisation.name,
        Observation.view,
        Observation.text,
        Observation.language,
    )
    .select_from(Observation)
    .join(Assessment, Assessment.report_id == Observation.report_id)
    .join(Organisation, Organisation.id == Observation.organisation_id)
    .where(Assessment.id.in_(sa.bindparam("assessments", expanding=True)), is_public())
    .order_by(Organisation.name, Observation.id)
)


def restricted(session: Session, rows: Iterable[Any]) -> set[str]:
    """The public ids of what the rated submissions of these rows name and is restricted now, whatever it was then."""
    wanted = sorted({row.assessment_id for row in rows if row.assessment_id is not None})
    return set(plain_rows.rows(session, _RESTRICTED, {"assessments": wanted}).scalars())


_RESTRICTED = (
    sa.select(Evidence.public_id)
    .join(RevisionEvidence, RevisionEvidence.evidence_id == Evidence.id)
    .join(Assessment, Assessment.revision_id == RevisionEvidence.revision_id)
    .where(Assessment.id.in_(sa.bindparam("assessments", expanding=True)), ~Evidence.is_public)
    .distinct()
)


def element_labels(session: Session, rows: Iterable[Any], language: str) -> dict[str, str]:
    wanted = {row.provision_id for row in rows}
    found = plain_rows.rows(session, _element_labels(language), {"provisions": sorted(wanted)})
    return {row[0]: row[1] for row in found}


@cache
def _element_labels(language: str) -> sa.Select[Any]:
    return sa.select(Element.code, _in(Element.label, language)).where(
        Element.provision_id.in_(sa.bindparam("provisions", expanding=True)), Element.is_whole.is_(False)
    )


def indicators(session: Session, rows: Iterable[Any]) -> dict[str, list[Measured]]:
    """The indicators of each provision, by the provision's code, in the order of the rows."""
    codes = {row.provision_id: row.code for row in rows}
    found: dict[str, list[Measured]] = {}
    for row in plain_rows.rows(session, _INDICATORS, {"provisions": sorted(codes)}):
        found.setdefault(codes[row.provision_id], []).append(of_row(row))
    return {code: found[code] for code in codes.values() if code in found}


_INDICATORS = (
    sa.select(Indicator.provision_id, *MEASURED)
    .where(Indicator.provision_id.in_(sa.bindparam("provisions", expanding=True)))
    .order_by(Indicator.position)
)


def names(session: Session, language: str) -> dict[str, dict[str, str]]:
    """Pillars and themes by code, in their order: ``{"pillar": {code: name}, "theme": {…}}``."""
    found: dict[str, dict[str, str]] = {axis: {} for axis in GROUPED_BY}
    for axis, code, name in plain_rows.rows(session, _names(language)):
        found[axis][code] = name
    return found


@cache
def _names(language: str) -> sa.Select[Any]:
    return (
        sa.select(Classification.axis, Classification.code, _in(Classification.name, language))
        .where(Classification.axis.in_(GROUPED_BY))
        .order_by(Classification.position)
    )


def _in(column: Any, language: str) -> Any:
    """One language of a text kept in several, picked by the database; English where it is missing."""
    wanted = sa.func.nullif(column[language].as_string(), "")
    return sa.func.coalesce(wanted, column["en"].as_string())
