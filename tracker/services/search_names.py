"""The names behind the codes of what was found, in one language: four queries for all facets, one for titles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.text import sort_key
from tracker.domain.vocabulary import CommentOutcome
from tracker.models import (
    Assessment,
    Classification,
    Commitment,
    Instrument,
    ProgressReport,
    Provision,
    ReportingCycle,
    ReportingParty,
)
from tracker.services.plain_rows import rows
from tracker.wording import pick

Names = dict[str, dict[str, str]]
"""Facet: code: name, in the order in which they are offered."""

_PARTIES = sa.select(ReportingParty.code, ReportingParty.name)
_WORDS = (
    sa.select(Classification.axis, Classification.code, Classification.name)
    .where(Classification.axis.in_(("pillar", "theme")))
    .order_by(Classification.axis, Classification.position)
)
_INSTRUMENTS = sa.select(Instrument.code, Instrument.title).order_by(Instrument.position)
_CYCLES = (
    sa.select(ReportingCycle.code, ReportingCycle.title)
    .where(ReportingCycle.opened_at.is_not(None))
    .order_by(ReportingCycle.opens_on.desc(), ReportingCycle.id.desc())
)
_TITLES = (
    sa.select(ProgressReport.id, ReportingParty.name, Provision.title, Assessment.comment_outcome)
    .join(Commitment, Commitment.id == ProgressReport.commitment_id)
    .join(ReportingParty, ReportingParty.id == Commitment.party_id)
    .join(Provision, Provision.id == Commitment.provision_id)
    .join(Assessment, Assessment.id == ProgressReport.published_assessment_id)
    .where(ProgressReport.id.in_(sa.bindparam("reports", expanding=True)))
)


def of_facets(session: Session, language: str) -> Names:
    """State, pillar, theme, instrument and cycle by code; States in the order of the language."""
    parties = {code: pick(name, language) for code, name in rows(session, _PARTIES)}
    names: Names = {
        "state": dict(sorted(parties.items(), key=lambda pair: sort_key(pair[1]))),
        "pillar": {},
        "theme": {},
        "instrument": {code: pick(title, language) for code, title in rows(session, _INSTRUMENTS)},
        "cycle": {code: pick(title, language) for code, title in rows(session, _CYCLES)},
    }
    for axis, code, name in rows(session, _WORDS):
        names[axis][code] = pick(name, language)
    return names


class ReportName(NamedTuple):
    """What a report is called in the reader's language, and whether the State commented on its rating."""

    title: str
    is_commented: bool


def of_reports(session: Session, reports: Sequence[int], language: str) -> dict[int, ReportName]:
    """State and provision, by the report's id."""
    return {
        report_id: ReportName(f"{pick(name, language)}: {pick(title, language)}", outcome == CommentOutcome.COMMENTED)
        for report_id, name, title, outcome in rows(session, _TITLES, {"reports": reports})
    }
