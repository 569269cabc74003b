"""One commitment as everybody may read it: what was asked, what was published, and nothing before it is published."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.models import (
    Assessment,
    Commitment,
    Element,
    Instrument,
    ProgressReport,
    Provision,
    ReportingCycle,
    ReportingParty,
    ReportRevision,
)
from tracker.services import extension_dates, observations
from tracker.services.evidence_access import as_it_stands
from tracker.services.measured import counting_persons
from tracker.services.plain_rows import rows
from tracker.services.public_figures import CYCLE, CYCLES_SHOWN
from tracker.services.report_content import ReportContent
from tracker.services.voices import Assessed, Said, Voices

_PR = ProgressReport

_COMMITMENT = (
    sa.select(
        Commitment.id,
        Commitment.frozen_at,
        Commitment.closed_at,
        ReportingParty.code.label("party_code"),
        ReportingParty.kind.label("party_kind"),
        ReportingParty.name.label("party_name"),
        Provision.id.label("provision_id"),
        Provision.code.label("provision_code"),
        Provision.kind.label("provision_kind"),
        Provision.number,
        Provision.strength,
        Provision.title,
        Provision.text,
        Provision.text_status,
        Instrument.code.label("instrument_code"),
        Instrument.title.label("instrument_title"),
        Instrument.symbol,
        Instrument.is_paraphrase,
    )
    .join(ReportingParty, ReportingParty.id == Commitment.party_id)
    .join(Provision, Provision.id == Commitment.provision_id)
    .join(Instrument, Instrument.id == Provision.instrument_id)
    .where(ReportingParty.code == sa.bindparam("party"), sa.func.upper(Provision.code) == sa.bindparam("provision"))
)


def commitment(session: Session, party_code: str, provision_code: str) -> sa.Row | None:
    """One commitment with what was asked; codes in capitals."""
    return rows(session, _COMMITMENT, {"party": party_code, "provision": provision_code}).one_or_none()


_REPORTS = (
    sa.select(
        *CYCLE,
        _PR.id.label("report_id"),
        _PR.due_on.label("report_due_on"),
        _PR.first_submitted_at,
        _PR.on_time,
        Assessment.id.label("assessment_id"),
        Assessment.rating,
        Assessment.strength,
        Assessment.comment_outcome,
        Assessment.published_at,
        ReportRevision.self_assessment,
        *extension_dates.columns(_PR.id)[:2],
    )
    .select_from(_PR)
    .join(ReportingCycle, ReportingCycle.id == _PR.cycle_id)
    .outerjoin(Assessment, Assessment.id == _PR.published_assessment_id)
    .outerjoin(ReportRevision, ReportRevision.id == Assessment.revision_id)
    .where(_PR.commitment_id == sa.bindparam("commitment"))
    .order_by(_PR.opens_on.desc(), _PR.cycle_id.desc())
)


_IN_CYCLE = _REPORTS.where(ReportingCycle.code == sa.bindparam("cycle"))
_NEWEST = _REPORTS.limit(CYCLES_SHOWN)


def reports_on(session: Session, commitment_id: int) -> list[sa.Row]:
    """The newest cycles of one commitment, newest first, each with its published rating."""
    return list(rows(session, _NEWEST, {"commitment": commitment_id}).all())


def shown_report(session: Session, commitment_id: int, reports: Sequence[sa.Row], cycle_code: str) -> sa.Row | None:
    """The cycle asked for; else the newest with something published, else the newest."""
    if cycle_code:
        listed = [row for row in reports if row.code == cycle_code]
        values = {"commitment": commitment_id, "cycle": cycle_code}
        return listed[0] if listed else rows(session, _IN_CYCLE, values).one_or_none()
    return next((row for row in reports if row.rating), reports[0] if reports else None)


_PUBLISHED = (
    sa.select(
        Assessment.rating,
        Assessment.strength,
        Assessment.reasons,
        Assessment.strength_reason,
        Assessment.element_ratings,
        Assessment.comment,
        Assessment.comment_outcome,
        Assessment.commented_at,
        Assessment.published_at,
        ReportRevision.number,
        ReportRevision.content,
        ReportRevision.self_assessment,
        ReportRevision.submitted_at,
    )
    .join(ReportRevision, ReportRevision.id == Assessment.revision_id)
    .where(Assessment.id == sa.bindparam("assessment"), Assessment.published_at.is_not(None))
)


def published(session: Session, assessment_id: int) -> tuple[sa.Row, ReportContent] | None:
    """A published assessment and what the State had submitted, without anything restricted."""
    row = rows(session, _PUBLISHED, {"assessment": assessment_id}).one_or_none()
    if row is None:
        return None
    (content,) = as_it_stands(session, ReportContent.from_json(row.content))
    return row, content.for_the_public(counting_persons(session) if content.indicators else ())


def voices_of(session: Session, shown: sa.Row, row: sa.Row, content: ReportContent) -> Voices:
    """What State, Secretariat and observers say, all published; of ``shown_report`` and ``published``. Two queries."""
    return Voices(
        report_id=shown.report_id,
        cycle_code=shown.code,
        cycle_title=shown.title,
        reported=True,
        said=Said(row.self_assessment, content.answers, content.summary, row.submitted_at),
        assessed=Assessed(
            row.rating,
            row.strength,
            row.reasons,
            row.strength_reason,
            row.comment,
            row.comment_outcome,
            row.published_at,
            row.element_ratings,
        ),
        observed=tuple(observations.for_report(session, shown.report_id, None)),
    )


_ELEMENTS = (
    sa.select(Element.code, Element.label, Element.fragment, Element.is_whole, Element.addressees)
    .where(Element.provision_id == sa.bindparam("provision"))
    .order_by(Element.position)
)


def elements(session: Session, provision_id: int) -> list[sa.Row]:
    """The parts of a provision, in order."""
    return list(rows(session, _ELEMENTS, {"provision": provision_id}).all())
