"""Of other cycles and of the report before, as a status report holds it: trend, indicators over time, changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tracker.domain.compliance import Figures
from tracker.domain.ratios import SideBySide
from tracker.domain.vocabulary import Rating, Strength


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


@dataclass(frozen=True)
class FigureChange:
    """A published figure that is new, or not what the report before showed; ``before`` is None where it showed none."""

    code: str
    """Of the commitment."""
    title: str
    indicator: str
    """Code."""
    label: str
    category: str
    unit: str
    now: SeriesPoint
    before: SeriesPoint | None = None


@dataclass(frozen=True)
class MoneyChange:
    """The money of one fiscal year, currency and stage that is new, or other than before; None where there was none."""

    code: str
    """Of the commitment."""
    title: str
    now: SideBySide
    before: SideBySide | None = None


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
    figures: tuple[FigureChange, ...] = ()
    """Figures of indicators; those that follow from others are not told again."""
    money: tuple[MoneyChange, ...] = ()
    evidenced: tuple[Named, ...] = ()
    """Commitments with a piece of public evidence that the report before did not list."""

    @property
    def is_empty(self) -> bool:
        parts = (self.reported, self.rated, self.rerated, self.commented, self.observed, self.extended)
        declared = (self.figures, self.money, self.evidenced)
        return not any((*parts, *declared, self.joined, self.left, self.no_longer_rated))
