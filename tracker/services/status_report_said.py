"""What was said of one commitment, as a status report holds it: by whoever reports, and by observers. Plain data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.domain.ratios import SideBySide
from tracker.domain.vocabulary import Rating


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
