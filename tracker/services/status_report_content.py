"""What a status report holds, as plain data: page, PDF, workbook and JSON are made from it and from nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby

from tracker.domain.compliance import Figures, disagree
from tracker.domain.deadlines import local_date
from tracker.domain.ratios import SideBySide, same_year
from tracker.domain.vocabulary import CommentOutcome, PartyKind, Rating, Strength
from tracker.services.status_report_over_time import (
    Changes,
    DateChange,
    FigureChange,
    IndicatorSeries,
    MoneyChange,
    Named,
    RatingChange,
    SeriesPoint,
    TrendPoint,
)
from tracker.services.status_report_said import Observed, StatedAttachment, StatedElement, StatedFigure, Statement

__all__ = [
    "BudgetYear",
    "Changes",
    "CommitmentLine",
    "CycleFacts",
    "DateChange",
    "EvidenceEntry",
    "FigureChange",
    "IndicatorSeries",
    "IssueFacts",
    "MoneyChange",
    "Named",
    "Observed",
    "PillarFigures",
    "PublishedRating",
    "RatingChange",
    "SeriesPoint",
    "Stage",
    "StatedAttachment",
    "StatedElement",
    "StatedFigure",
    "Statement",
    "StatusReport",
    "TrendPoint",
]


class Stage(StrEnum):
    """How far one commitment has come, as far as the public may know. Derived, never stored."""

    NOT_DUE = "not_due"
    """Not reported, and the due date has not ended."""
    NOT_REPORTED = "not_reported"
    """Not reported, and the due date has ended."""
    IN_REVIEW = "in_review"
    """Reported; no rating published in this cycle."""
    OPEN_FOR_COMMENT = "open_for_comment"
    PUBLISHED = "published"


@dataclass(frozen=True)
class IssueFacts:
    """What makes a report an issued document."""

    number: str
    """SR 12/2026."""
    code: str
    """As printed: 7KQM-4XWP."""
    issued_on: date
    verify_url: str
    """Address of the page that says whether it stands."""
    replaces_number: str = ""


@dataclass(frozen=True)
class CycleFacts:
    code: str
    title: str
    period_start: date
    period_end: date
    opens_on: date
    due_on: date
    closes_on: date


@dataclass(frozen=True)
class PublishedRating:
    """A published assessment with the State's answer to it."""

    cycle_code: str
    self_assessment: Rating | None
    rating: Rating
    strength: Strength
    reasons: str
    strength_reason: str
    comment: str
    comment_outcome: CommentOutcome | None
    published_on: date
    statement: Statement | None
    """None where the report was built without the State's narratives."""
    element_ratings: tuple[tuple[str, Rating], ...] = ()
    """(code, rating) where the reviewer rated the elements by themselves."""
    observed: tuple[Observed, ...] = ()

    @property
    def voices_differ(self) -> bool:
        """Self-assessment, rating and the views of observers are not all the same."""
        return disagree(self.self_assessment, self.rating, *(one.view for one in self.observed))

    @property
    def differs(self) -> bool:
        """Rated otherwise than the State rated itself."""
        return self.self_assessment is not None and self.self_assessment is not self.rating


@dataclass(frozen=True)
class CommitmentLine:
    """One commitment. Dates are those on the party's own calendar."""

    code: str
    title: str
    asked: str
    is_unofficial: bool
    """The text asked is a translation of ours."""
    instrument: str
    reading_note: str
    bindingness: str
    """A key of ``wording.LABELS``: recommended_by_civil_society, mandate, …"""
    pillars: tuple[str, ...]
    due_on: date
    reported_on: date | None
    on_time: bool | None
    reported_ever: bool
    """In this cycle or an earlier one."""
    stage: Stage
    rating: PublishedRating | None
    extended_from: date | None = None
    """The first due date, where a later one was granted."""
    extended_to: date | None = None
    """The last date granted; ``due_on`` is another where the report was returned since."""
    extensions_asked: int = 0
    extensions_granted: int = 0
    extensions_refused: int = 0
    themes: tuple[str, ...] = ()
    """Codes."""


@dataclass(frozen=True)
class PillarFigures:
    """Of the commitments of one pillar, or of one theme."""

    code: str
    """ "" for commitments whose source names no pillar."""
    name: str
    figures: Figures
    total: int

    @property
    def unrated(self) -> int:
        """Commitments without a published rating."""
        return self.total - self.figures.rated.count


@dataclass(frozen=True)
class BudgetYear:
    """One line of the budget table, with the commitment under which it was declared."""

    provision: str
    """Code."""
    money: SideBySide


@dataclass(frozen=True)
class EvidenceEntry:
    """One piece of public evidence, numbered within its commitment."""

    provision: str
    """Code."""
    number: int
    """From 1 within the commitment."""
    title: str
    speaks_of: date | None
    url: str
    """Of a link; empty for a file."""
    piece: StatedAttachment | None = None
    """The file, or the link kept as one."""


@dataclass(frozen=True)
class StatusReport:
    """All that page, PDF, spreadsheet and JSON show. Texts are in ``language``; the figures have no language.

    Two are equal where everything but the figures is: those follow from the lines.
    """

    code: str
    """br-2026, or br for "as of today"."""
    language: str
    party_id: int
    party_code: str
    party_kind: PartyKind
    name: str
    official_name: str
    time_zone: str
    as_of: datetime
    cycle: CycleFacts
    is_as_of_today: bool
    cycles: tuple[tuple[str, str], ...]
    """(code, title) of the cycles this party reported in or owed reports in, newest first."""
    lines: tuple[CommitmentLine, ...]
    coverage: Figures = field(compare=False)
    """Of the cycle: reported, on time."""
    standing: Figures = field(compare=False)
    """Published ratings; "reported" means in any cycle where the report is as of today."""
    pillars: tuple[PillarFigures, ...] = field(compare=False)
    # What follows has defaults: reports frozen before it existed are still read.
    themes: tuple[PillarFigures, ...] = field(default=(), compare=False)
    """The standing of the commitments of each theme; a commitment may serve several."""
    trend: tuple[TrendPoint, ...] = ()
    """Oldest first; at most twelve cycles."""
    series: tuple[IndicatorSeries, ...] = ()
    issue: IssueFacts | None = None
    """None: a live view, not an issued document."""
    changes: Changes | None = None
    """Since the report issued last; None where there is none."""

    @property
    def is_issued(self) -> bool:
        return self.issue is not None

    @property
    def as_of_day(self) -> date:
        """On the party's own calendar."""
        return local_date(self.as_of, self.time_zone)

    @property
    def is_state(self) -> bool:
        return self.party_kind is PartyKind.MEMBER_STATE

    @property
    def extensions(self) -> tuple[int, int]:
        """(asked for, granted) in the cycle; asked for counts every request, however it ended."""
        lines = self.lines
        return sum(line.extensions_asked for line in lines), sum(line.extensions_granted for line in lines)

    @property
    def extension_list(self) -> tuple[CommitmentLine, ...]:
        """The commitments for which a later due date was asked in the cycle."""
        return tuple(line for line in self.lines if line.extensions_asked)

    @property
    def budget(self) -> tuple[BudgetYear, ...]:
        """What was declared under all commitments: newest fiscal year first, then in the order of the catalogue."""
        found = [BudgetYear(line.code, one) for line, said in self._said for one in said.budget]
        return tuple(sorted(found, key=lambda year: same_year(year.money.fiscal_year), reverse=True))

    @property
    def evidence(self) -> tuple[EvidenceEntry, ...]:
        """All public evidence behind the ratings, in the order of the catalogue."""
        found: list[EvidenceEntry] = []
        for line, said in self._said:
            links = [(title, on, url, None) for title, url, on in said.evidence]
            pieces = [(one.title, one.speaks_of, one.url, one) for one in said.attachments]
            for number, (title, on, url, piece) in enumerate([*links, *pieces], 1):
                found.append(EvidenceEntry(line.code, number, title, on, url, piece))
        return tuple(found)

    @property
    def _said(self) -> list[tuple[CommitmentLine, Statement]]:
        return [(line, line.rating.statement) for line in self.lines if line.rating and line.rating.statement]

    @property
    def differing(self) -> tuple[CommitmentLine, ...]:
        return tuple(line for line in self.lines if line.rating and line.rating.differs)

    @property
    def by_instrument(self) -> tuple[tuple[str, tuple[CommitmentLine, ...]], ...]:
        """(title of the instrument, its commitments), in the order of the catalogue."""
        return tuple((title, tuple(lines)) for title, lines in groupby(self.lines, key=lambda line: line.instrument))

    def at(self, stage: Stage) -> tuple[CommitmentLine, ...]:
        return tuple(line for line in self.lines if line.stage is stage)

    def file_name(self, suffix: str) -> str:
        """status-report-br-2026-es.pdf; plain letters only."""
        code = "".join(c if c.isascii() and c.isalnum() else "-" for c in self.code)
        return f"status-report-{code}-{self.language}.{suffix}"
