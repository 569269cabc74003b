"""What an issued report is about: a party in a cycle (br-2026), a party as of a date (br), or all States of a cycle.

From a subject all four editions are built; they must say the same, whatever is written meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from config import LANGUAGES
from tracker.domain.cycles import CODE as CYCLE_CODE
from tracker.domain.errors import NotVisible, Stale
from tracker.domain.vocabulary import PublicationKind
from tracker.models import ReportingCycle
from tracker.services import status_reports

HEMISPHERIC = "hemispheric-"
_OF_ALL = re.compile(rf"{HEMISPHERIC}({CYCLE_CODE.pattern})")
TRIES = 3
"""Times that the editions are built where somebody publishes in between."""


@dataclass(frozen=True)
class Subject:
    """``slug`` as in addresses; ``party`` code in capitals or None for all States; ``cycle`` None: as of a date."""

    kind: PublicationKind
    slug: str
    party: str | None
    cycle: str | None

    @property
    def is_as_of_date(self) -> bool:
        return self.cycle is None


def parse(slug: str) -> Subject:
    """What ``br-2026``, ``br`` or ``hemispheric-2026`` names. Raises NotVisible for what names nothing."""
    slug = slug.lower()
    found = _OF_ALL.fullmatch(slug) if slug.isascii() else None
    if found is not None:
        return Subject(PublicationKind.HEMISPHERIC_REPORT, slug, None, found[1])
    party, cycle = status_reports.parse_code(slug)
    return Subject(PublicationKind.STATUS_REPORT, slug, party, cycle)


def of_party(code: str, cycle_code: str | None) -> str:
    """The slug of a party's report."""
    return (code if cycle_code is None else f"{code}-{cycle_code}").lower()


def of_all(cycle_code: str) -> str:
    """The slug of the hemispheric report of a cycle."""
    return f"{HEMISPHERIC}{cycle_code}".lower()


def build(session: Session, subject: Subject, language: str, now: datetime) -> Any:
    """The live StatusReport or HemisphericReport of the subject. Raises NotVisible."""
    if subject.kind is PublicationKind.STATUS_REPORT:
        return status_reports.build(session, subject.party or "", subject.cycle, language, now)
    from tracker.services import hemispheric  # seldom asked for

    return hemispheric.build(session, subject.cycle or "", language, now)


def editions(session: Session, subject: Subject, now: datetime) -> Mapping[str, Any]:
    """The report in each language, all saying the same. Raises NotVisible; Stale where others publish all the time."""
    for _try in range(TRIES):
        built = {language: build(session, subject, language, now) for language in LANGUAGES}
        if len({said(report) for report in built.values()}) == 1:
            return built
    raise Stale


def said(report: Any) -> str:
    """What a report says in figures, dates and codes: the same in every language."""
    if hasattr(report, "provisions"):
        lines = [(p.code, p.figures, p.voices, p.stages) for p in report.provisions]
        by_code = sorted((s.code, s.reported, s.on_time, s.not_reported, s.not_due) for s in report.states)
        return repr((report.cycle.code, report.coverage, lines, by_code, len(report.practices)))
    rated = [
        (r.rating, r.strength, r.self_assessment, r.comment_outcome, r.published_on, len(r.comment), len(r.observed))
        if (r := line.rating)
        else None
        for line in report.lines
    ]
    dated = [(ln.code, ln.stage, ln.due_on, ln.reported_on, ln.on_time, ln.extensions_granted) for ln in report.lines]
    return repr((report.cycle.code, report.coverage, report.standing, dated, rated))


def cycle_id(session: Session, code: str) -> int:
    """The id of an opened cycle. Raises NotVisible."""
    found = session.scalar(sa.select(ReportingCycle.id).where(sa.func.lower(ReportingCycle.code) == code.lower()))
    if found is None:
        raise NotVisible
    return found
