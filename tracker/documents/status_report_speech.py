"""How a status report speaks: its language, the words for closed lists, dates and shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from tracker import wording
from tracker.documents import shares
from tracker.documents.status_report_table import NOTHING
from tracker.domain.compliance import Figures, Member, Share
from tracker.domain.deadlines import local_date
from tracker.domain.ratios import SideBySide
from tracker.domain.vocabulary import SCALE, BudgetPurpose, FileState, Rating, Strength
from tracker.services.status_report_content import (
    FigureChange,
    IndicatorSeries,
    SeriesPoint,
    Stage,
    StatedAttachment,
    StatusReport,
)
from tracker.wording import N_

RATINGS: tuple[Rating, ...] = (*SCALE, Rating.INSUFFICIENT, Rating.NO_LONGER_APPLICABLE)
STRENGTHS: tuple[Strength, ...] = tuple(reversed(Strength))
UNRATED = "not_reported"
"""The key under which charts draw what carries no published rating."""

STAGES: dict[Stage, str] = {
    Stage.NOT_REPORTED: N_("Due and not reported"),
    Stage.NOT_DUE: N_("Not reported yet, not due yet"),
    Stage.IN_REVIEW: N_("Reported, under review"),
    Stage.OPEN_FOR_COMMENT: N_("Reported, open for comment"),
    Stage.PUBLISHED: N_("Rating published"),
}
MISSING: tuple[Stage, ...] = (Stage.NOT_REPORTED, Stage.NOT_DUE, Stage.IN_REVIEW, Stage.OPEN_FOR_COMMENT)
"""The stages without a published rating, in the order shown."""


def indicator(one: IndicatorSeries | FigureChange) -> str:
    """What is counted: the label, the category, the unit."""
    label = f"{one.label} ({one.category})" if one.category else one.label
    return f"{label}, {one.unit}" if one.unit else label


class Speech:
    """One report in its language."""

    def __init__(self, report: StatusReport) -> None:
        self.report = report
        self.language = report.language

    def say(self, text: str, **values: object) -> str:
        """A sentence marked with ``N_``, translated and filled in."""
        translated = wording.translate(text, self.language)
        return translated % values if values else translated

    def say_number(self, one: str, many: str, number: int, **values: object) -> str:
        translated = wording.translations(self.language).ngettext(one, many, number)
        return translated % {"number": number, **values}

    def named(self, name: str, value: object) -> str:
        """``name: value``, with the colon as the language sets it."""
        told = self.say(N_("%(label)s:"), label=name)
        return f"{told} {value}"

    def label(self, value: str | None) -> str:
        return wording.label(value, self.language) if value else ""

    def declared_value(self, point: SeriesPoint) -> str:
        """The figure in words; "Not available" is not zero."""
        return self.say(N_("Not available")) if point.not_available else point.said or NOTHING

    def period(self, point: SeriesPoint) -> str:
        """The days between which it was counted; empty where none were declared."""
        if not (point.period_start and point.period_end):
            return ""
        start, end = self.date(point.period_start), self.date(point.period_end)
        return self.say(N_("%(start)s to %(end)s"), start=start, end=end)

    def amounts(self, money: SideBySide) -> str:
        """Against trafficking in persons, against drug trafficking, and the ratio of both. No verdict."""
        amounts = ((BudgetPurpose.ANTI_TRAFFICKING, money.anti_trafficking), (BudgetPurpose.ANTI_DRUG, money.anti_drug))
        parts = [
            self.named(self.label(purpose), wording.say_money(amount, money.currency, self.language))
            for purpose, amount in amounts
            if amount is not None
        ]
        if money.one_to:
            parts.append(self.named(self.say(N_("Ratio")), wording.say_ratio(money.one_to, self.language)))
        return "; ".join(parts)

    def attached(self, piece: StatedAttachment) -> str:
        """Where a link leads, the name of a file, or that it was erased."""
        return piece.url or piece.file_name or self.label(FileState.PURGED)

    def rated(self, found: Figures) -> str:
        """How many ratings are published, and which; a sentence."""
        if not found.rated.count:
            return self.say(N_("No rating has been published yet."))
        return self.say(
            N_("Ratings published: %(share)s commitments reported on. By rating: %(counts)s."),
            share=self.share(found.rated),
            counts=self.counts(found.ratings, RATINGS),
        )

    def shown(self, found: Figures) -> str:
        """How well the published ratings are shown, a sentence; empty where there are none."""
        if not found.rated.count:
            return ""
        return self.say(
            N_("Strength of evidence behind these ratings: %(counts)s."),
            counts=self.counts(found.strengths, STRENGTHS),
        )

    def counts(self, counted: Mapping[Member, int], order: Iterable[Member]) -> str:
        """ "Implemented 3, Not implemented 1"; what does not occur is left out."""
        return ", ".join(f"{self.label(key)} {counted[key]}" for key in order if counted[key])

    def date(self, day: date | None) -> str:
        return wording.say_date(day, self.language) if day else ""

    def moment_day(self, moment: datetime) -> str:
        """The day on the party's own calendar, in words."""
        return self.date(local_date(moment, self.report.time_zone))

    def stage(self, stage: Stage) -> str:
        return self.say(STAGES[stage])

    def share(self, share: Share) -> str:
        """ "18 of 20 (90%)"; below five the count alone; a dash where there is nothing to count."""
        return shares.say_share(share, self.language)

    def percent(self, share: Share) -> str:
        return shares.say_percent(share, self.language)
