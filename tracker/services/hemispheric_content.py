"""What a hemispheric report holds, as plain data: page, PDF, Word, Excel and JSON are made from it and nothing else.

All States of one cycle. No score and no order but the alphabet: the figures of a State are its coverage alone. The
General Secretariat's own mandates and what cooperation agencies do stand beside the States', never added to them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from tracker.domain.compliance import Figures, Share
from tracker.domain.deadlines import local_date
from tracker.domain.vocabulary import CommentOutcome, PartyKind, Rating, Strength
from tracker.services.status_report_content import CycleFacts, IssueFacts, PillarFigures, Stage, TrendPoint


@dataclass(frozen=True)
class StageCount:
    """How many commitments have come this far."""

    stage: Stage
    count: int


@dataclass(frozen=True)
class ProvisionLine:
    """One provision over all States that owe a report on it."""

    code: str
    title: str
    instrument: str
    reading_note: str
    bindingness: str
    """A key of ``wording.LABELS``: recommended_by_civil_society, mandate, …"""
    pillars: tuple[str, ...]
    themes: tuple[str, ...]
    figures: Figures = field(compare=False)
    """``reported`` is of the States that owe a report; ``rated`` of those that reported."""
    voices: Share
    """State, Secretariat and observers do not all say the same: of the published ratings."""
    stages: tuple[StageCount, ...]
    """Every stage, also where nobody stands there; adds up to ``figures.reported.total``."""

    @property
    def states(self) -> int:
        """States that owe a report on it."""
        return self.figures.reported.total

    @property
    def unrated(self) -> int:
        """States without a published rating; that is no rating either."""
        return self.states - self.figures.rated.count

    def at(self, stage: Stage) -> int:
        """How many have come this far."""
        return next((one.count for one in self.stages if one.stage is stage), 0)


@dataclass(frozen=True)
class StateLine:
    """One State: its coverage, and nothing that could be ranked by."""

    code: str
    name: str
    reported: Share
    on_time: Share
    """Of those reported."""
    not_reported: tuple[str, ...]
    """Codes of provisions whose due date has ended without a report."""
    not_due: tuple[str, ...]
    """Codes of provisions not reported and not due yet."""

    @property
    def slug(self) -> str:
        """As in addresses."""
        return self.code.lower()


@dataclass(frozen=True)
class MandateLine:
    """What one party other than a State owes, as it stands."""

    party_code: str
    party_kind: PartyKind
    party: str
    code: str
    title: str
    instrument: str
    bindingness: str
    due_on: date
    reported_on: date | None
    on_time: bool | None
    stage: Stage
    self_assessment: Rating | None
    rating: Rating | None
    strength: Strength | None
    comment_outcome: CommentOutcome | None
    parts: tuple[str, ...] = ()
    """Codes of the elements it owes, where it owes some of them only."""
    states: Share | None = None
    """States that reported on the same provision, of those that owe it; None where it is not asked of States."""


@dataclass(frozen=True)
class ExtensionLine:
    """Later due dates of one State: how many it asked for, and how many were granted."""

    code: str
    name: str
    asked: int
    granted: int
    provisions: tuple[str, ...]
    """Codes of the commitments that a later date was granted for."""


@dataclass(frozen=True)
class PracticeLine:
    """A good practice that a State and the Secretariat agreed to share. Title and text in ``language``."""

    id: int
    state_code: str
    state: str
    provision_code: str
    provision: str
    title: str
    text: str
    language: str
    url: str
    shared_on: date


@dataclass(frozen=True)
class HemisphericReport:
    """All that page and documents show. Texts are in ``language``; the figures have no language."""

    code: str
    """hemispheric-2026: the subject, as issues carry it."""
    language: str
    time_zone: str
    """The General Secretariat's."""
    as_of: datetime
    cycle: CycleFacts
    cycles: tuple[tuple[str, str], ...]
    """(code, title) of the cycles to choose from, newest first."""
    states: tuple[StateLine, ...]
    """Those that owe reports in this cycle, alphabetical in the reader's language."""
    apart: tuple[str, ...]
    """Names of the States that owe none in this cycle."""
    provisions: tuple[ProvisionLine, ...]
    """In the order of the catalogue."""
    coverage: Figures = field(compare=False)
    """Of the States' commitments together."""
    voices: Share = field(compare=False)
    stages: tuple[StageCount, ...] = field(compare=False)
    pillars: tuple[PillarFigures, ...] = field(compare=False)
    themes: tuple[PillarFigures, ...] = field(compare=False)
    mandates: tuple[MandateLine, ...] = ()
    """The General Secretariat's own."""
    agencies: tuple[MandateLine, ...] = ()
    """Cooperation agencies, as recorded by the Secretariat's staff."""
    trend: tuple[TrendPoint, ...] = ()
    """Oldest first, up to this cycle; figures of the States' commitments."""
    extensions: tuple[ExtensionLine, ...] = ()
    practices: tuple[PracticeLine, ...] = ()
    issue: IssueFacts | None = None

    @property
    def is_issued(self) -> bool:
        return self.issue is not None

    @property
    def as_of_day(self) -> date:
        """On the General Secretariat's calendar."""
        return local_date(self.as_of, self.time_zone)

    @property
    def states_reporting(self) -> Share:
        """States that reported on at least one commitment, of those that owe any."""
        return Share(sum(1 for state in self.states if state.reported.count), len(self.states))

    @property
    def by_instrument(self) -> tuple[tuple[str, tuple[ProvisionLine, ...]], ...]:
        """(title of the instrument, its provisions), in the order of the catalogue."""
        found = groupby(self.provisions, key=lambda line: line.instrument)
        return tuple((title, tuple(lines)) for title, lines in found)

    @property
    def missing(self) -> tuple[StateLine, ...]:
        """States with something due and not reported."""
        return tuple(state for state in self.states if state.not_reported)

    @property
    def waiting(self) -> tuple[StateLine, ...]:
        """States with something not reported that is not due yet."""
        return tuple(state for state in self.states if state.not_due)

    @property
    def extensions_asked(self) -> int:
        return sum(line.asked for line in self.extensions)

    @property
    def extensions_granted(self) -> int:
        return sum(line.granted for line in self.extensions)

    def at(self, stage: Stage) -> int:
        """The States' commitments that have come this far."""
        return next((one.count for one in self.stages if one.stage is stage), 0)

    def file_name(self, suffix: str) -> str:
        """hemispheric-report-2026-es.pdf; plain letters only."""
        code = "".join(c if c.isascii() and c.isalnum() else "-" for c in self.cycle.code.lower())
        return f"hemispheric-report-{code}-{self.language}.{suffix}"
