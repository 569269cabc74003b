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
class StatedElement:
    """What the State said about one element, in the revision that was rated."""

    code: str
    label: str
    self_assessment: Rating | None
    narrative: str


@dataclass(frozen=True)
class StatedFigure:
    """What was declared of an indicator: of the whole, or of one category. Small counts of persons are not in it."""

    code: str
    label: str
    data_type: str
    value: str
    """Canonical (``domain.measures``), or a key of ``wording.LABELS`` in its place; empty where not available."""
    said: str
    """The value in words."""
    unit: str = ""
    currency: str = ""
    category: str = ""
    not_available: bool = False
    computed: bool = False
    """Worked out from other figures, not declared."""
    period_start: date | None = None
    period_end: date | None = None
    note: str = ""


@dataclass(frozen=True)
class StatedAttachment:
    """A file, or a link kept as one, that the rated revision names; public then and now."""

    evidence: str
    """Its public id."""
    title: str
    speaks_of: date | None
    language: str
    """Code; empty: not said."""
    url: str
    """Of a link; empty for a file."""
    version: int
    """Of the file; 0 for a link."""
    file_name: str
    """Empty for a link, and once the file was erased."""
    size: int
    """Bytes."""
    sha256: str

    @property
    def is_erased(self) -> bool:
        return not self.url and not self.file_name


@dataclass(frozen=True)
class Statement:
    """The State's own words in the rated revision, as the public may read them."""

    elements: tuple[StatedElement, ...]
    summary: str
    evidence: tuple[tuple[str, str, date | None], ...]
    """(title, address, the date it speaks of); public evidence only."""
    figures: tuple[StatedFigure, ...] = ()
    budget: tuple[SideBySide, ...] = ()
    """The money against trafficking beside that against drugs, by fiscal year, currency and stage."""
    obstacles: str = ""
    help_needed: str = ""
    nothing_changed: bool = False
    attachments: tuple[StatedAttachment, ...] = ()


@dataclass(frozen=True)
class Observed:
    """What one accredited organisation said, published beside the rating."""

    organisation: str
    view: Rating
    text: str
    language: str
    """Code; of the text."""


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
class TrendPoint:
    """One reporting cycle: what was reported in it, and the ratings published of it."""

    code: str
    title: str
    due_on: date
    figures: Figures


@dataclass(frozen=True)
class SeriesPoint:
    """What was declared of an indicator in one cycle. Small counts of persons are not in it."""

    cycle_code: str
    value: str
    """Canonical, or a key of ``wording.LABELS`` in its place; empty where not available (never the same as zero)."""
    said: str
    """The value in words."""
    currency: str = ""
    not_available: bool = False
    period_start: date | None = None
    period_end: date | None = None


@dataclass(frozen=True)
class IndicatorSeries:
    """One indicator over the cycles: of the whole; of one category where nothing was declared of the whole."""

    provision: str
    """Code."""
    code: str
    label: str
    data_type: str
    unit: str
    points: tuple[SeriesPoint, ...]
    """Oldest first. A cycle in which nothing was published of it has none."""
    category: str = ""
    computed: bool = False
    """Worked out from other figures, not declared."""


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
class RatingChange:
    """A rating that is new, or not the one of the report before. ``before`` is None where there was none."""

    code: str
    title: str
    rating: Rating
    strength: Strength
    before: Rating | None = None
    strength_before: Strength | None = None


@dataclass(frozen=True)
class DateChange:
    """A later due date, granted since; ``before`` is the date that the report before showed."""

    code: str
    title: str
    before: date
    until: date


Named = tuple[str, str]
"""(code, title) of a commitment."""


@dataclass(frozen=True)
class Changes:
    """What is not as it was in the report issued last. Everything in the order of the catalogue."""

    since: datetime
    """The as-of moment of that report."""
    since_number: str
    cycle_before: str
    """Its cycle: where it is another, reports are those of another cycle."""
    reported: tuple[Named, ...] = ()
    """Reported since."""
    rated: tuple[RatingChange, ...] = ()
    """Their first published rating."""
    rerated: tuple[RatingChange, ...] = ()
    """Rating or strength of evidence is another."""
    commented: tuple[Named, ...] = ()
    """A comment stands beside the rating that did not stand there."""
    observed: tuple[Named, ...] = ()
    """Observers' views stand beside the rating that did not stand there."""
    extended: tuple[DateChange, ...] = ()
    joined: tuple[Named, ...] = ()
    """Commitments that the report before did not list."""
    left: tuple[Named, ...] = ()
    """Commitments that it listed and this one does not: closed, or not of this cycle."""
    no_longer_rated: tuple[Named, ...] = ()
    """Ratings that it showed and this one does not (a report of another cycle shows its own)."""

    @property
    def is_empty(self) -> bool:
        parts = (self.reported, self.rated, self.rerated, self.commented, self.observed, self.extended)
        return not any((*parts, self.joined, self.left, self.no_longer_rated))


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
