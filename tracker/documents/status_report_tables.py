"""The tables of a status report, each built once: page, PDF, Word and workbook show the same rows.

A table has what is shown (``rows``, text) and what it stands for (``values``, for cells of a workbook): same shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tracker import wording
from tracker.documents.status_report_speech import RATINGS, UNRATED, Speech
from tracker.domain.compliance import Share
from tracker.domain.measures import NUMERIC
from tracker.domain.small_counts import MASKS
from tracker.domain.vocabulary import BudgetPurpose
from tracker.services.status_report_content import IndicatorSeries, PillarFigures, SeriesPoint, StatedAttachment
from tracker.wording import N_

Value = str | int | Decimal | date | Share | None
"""What a cell stands for; None where there is nothing. A share is "18 of 20 (90%)": count, of, percent."""
NOTHING = "–"


@dataclass(frozen=True)
class PillarRow:
    """One row of the picture and of the table beside it."""

    label: str
    total: int
    counts: dict[str, int]
    """By rating, and ``UNRATED``; adds up to ``total``."""
    code: str = ""
    """Of the pillar or theme; empty where the source names none."""


@dataclass(frozen=True)
class Table:
    """A table as everybody shows it."""

    key: str
    """themes, trend, …: anchor of the section, and name for a sheet's formats."""
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    values: tuple[tuple[Value, ...], ...]
    numeric: frozenset[int] = frozenset()
    """Columns set to the right."""
    finding: str = ""
    """What the table shows, in one sentence, to stand above it."""
    note: str = ""
    """How to read it, to stand below it."""
    empty: str = ""
    """What stands in its place where there are no rows."""


@dataclass(frozen=True)
class EvidenceRow:
    """One line of the evidence list."""

    number: str
    """CS-03/1."""
    provision: str
    title: str
    date: str
    """That it speaks of, in words; empty where none was given."""
    where: str
    """Address, name of the file, or that it was erased."""
    url: str
    """What a click may open: an address of the web in plain letters, or nothing."""
    piece: StatedAttachment | None


@dataclass(frozen=True)
class SeriesGroup:
    """One indicator over time."""

    provision: str
    commitment: str
    """Title."""
    label: str
    """With unit and category."""
    computed: bool
    points: tuple[tuple[str, str, str], ...]
    """(cycle, period in words, value in words), oldest first."""
    finding: str
    """First and last value in one line."""
    numbers: tuple[tuple[str, Decimal], ...] = ()
    """(cycle, number), for a picture: all points are numbers of one currency; else empty."""


class Tables(Speech):
    """The tables of one report."""

    # ratings by pillar and theme

    def rating_keys(self) -> list[tuple[str, str]]:
        """(key, word) in the order drawn."""
        return [*((str(r), self.label(r)) for r in RATINGS), (UNRATED, self.unrated)]

    def pillar_rows(self) -> list[PillarRow]:
        """The ratings per pillar, the same for picture and table."""
        return self._rating_rows(self.report.pillars, self.say(N_("No pillar named by the source")))

    def theme_rows(self) -> list[PillarRow]:
        """The ratings per theme, of the same shape."""
        return self._rating_rows(self.report.themes, self.say(N_("No theme")))

    def _rating_rows(self, groups: Iterable[PillarFigures], unnamed: str) -> list[PillarRow]:
        return [
            PillarRow(
                group.name or unnamed,
                group.total,
                {**{str(r): n for r, n in group.figures.ratings.items()}, UNRATED: group.unrated},
                group.code,
            )
            for group in groups
        ]

    @property
    def unrated(self) -> str:
        return self.say(N_("No rating published"))

    # over time

    def trend_rows(self) -> list[PillarRow]:
        """The published ratings of each cycle, oldest first, of the shape of those per pillar: for a picture."""
        found = []
        for point in self.report.trend:
            total, counts = point.figures.reported.total, point.figures.ratings
            unrated = total - point.figures.rated.count
            found.append(
                PillarRow(point.code, total, {**{str(r): n for r, n in counts.items()}, UNRATED: unrated}, point.code)
            )
        return found

    def trend_table(self) -> Table:
        """Coverage, timeliness and ratings of each cycle, oldest first."""
        head = (
            self.say(N_("Reporting cycle")),
            self.say(N_("Reported")),
            self.say(N_("On time, of those reported")),
            self.say(N_("Ratings published")),
            *(self.label(r) for r in RATINGS),
        )
        values: tuple[tuple[Value, ...], ...] = tuple(
            (
                point.code,
                point.figures.reported,
                point.figures.on_time,
                point.figures.rated,
                *(point.figures.ratings[r] for r in RATINGS),
            )
            for point in self.report.trend
        )
        return Table(
            "trend",
            self.say(N_("Trend over the reporting cycles")),
            head,
            self._texts(values),
            values,
            numeric=frozenset(range(4, len(head))),
            finding=self.trend_finding,
            note=self.say(
                N_(
                    "Each line shows what is public about that cycle: what was reported in it and the ratings"
                    " published of it. The list of commitments may differ from one cycle to the next."
                )
            ),
        )

    @property
    def trend_finding(self) -> str:
        """Coverage of the first and of the last cycle; of the only one."""
        said = [
            self.named(point.code, self.say(N_("%(share)s reported"), share=self.share(point.figures.reported)))
            for point in self.report.trend
        ]
        return "; ".join(dict.fromkeys([*said[:1], *said[-1:]]))

    def series_groups(self) -> list[SeriesGroup]:
        """Each indicator with its values, oldest first, in the order of the catalogue."""
        titles = {line.code: line.title for line in self.report.lines}
        return [
            SeriesGroup(
                one.provision,
                titles.get(one.provision, ""),
                self._indicator(one),
                one.computed,
                tuple((p.cycle_code, self._period(p), self._declared(p)) for p in one.points),
                self._from_first_to_last(one),
                _numbers(one),
            )
            for one in self.report.series
        ]

    def series_table(self) -> Table:
        """The same, a line for each value."""
        values: list[tuple[Value, ...]] = []
        rows = []
        for one in self.report.series:
            for point in one.points:
                start: list[str] = [one.provision, self._indicator(one), point.cycle_code, self._period(point)]
                said = self._declared(point)
                number = _number(one, point)
                values.append((*start, said if number is None else number, point.currency))
                rows.append((*start, said, point.currency))
        return Table(
            "series",
            self.say(N_("Indicators over time")),
            (
                self.say(N_("Code")),
                self.say(N_("Indicator")),
                self.say(N_("Reporting cycle")),
                self.say(N_("Period")),
                self.say(N_("Value")),
                self.say(N_("Currency")),
            ),
            tuple(rows),
            tuple(values),
            numeric=frozenset({4}),
            note=self.say(
                N_(
                    "Figures as declared in the reports that were rated. “Not available” is not zero; a cycle without a"
                    " line is one in which nothing was published of the indicator."
                )
            ),
            empty=self.say(N_("No figure of an indicator has been published.")),
        )

    def _indicator(self, one: IndicatorSeries) -> str:
        label = f"{one.label} ({one.category})" if one.category else one.label
        return f"{label}, {one.unit}" if one.unit else label

    def _period(self, point: SeriesPoint) -> str:
        if not (point.period_start and point.period_end):
            return ""
        start, end = self.date(point.period_start), self.date(point.period_end)
        return self.say(N_("%(start)s to %(end)s"), start=start, end=end)

    def _declared(self, point: SeriesPoint) -> str:
        return self.say(N_("Not available")) if point.not_available else point.said or NOTHING

    def _from_first_to_last(self, one: IndicatorSeries) -> str:
        ends = [one.points[0], *one.points[1:][-1:]]
        return "; ".join(self.named(p.cycle_code, self._declared(p)) for p in ends)

    # money, evidence, extensions

    def budget_table(self) -> Table:
        """The money against trafficking in persons beside that against drug trafficking, under all commitments."""
        rows: list[tuple[str, ...]] = []
        values: list[tuple[Value, ...]] = []
        for year in self.report.budget:
            one = year.money
            amounts = (one.anti_trafficking, one.anti_drug)
            start = (one.fiscal_year, year.provision, self.label(one.stage), one.currency)
            told = [wording.say_money(a, one.currency, self.language) if a is not None else NOTHING for a in amounts]
            ratio = wording.say_ratio(one.one_to, self.language) if one.one_to else NOTHING
            rows.append((*start, *told, ratio))
            numbers = [Decimal(a) if a is not None else None for a in (*amounts, one.one_to)]
            values.append((*start, *numbers))
        return Table(
            "budget",
            self.say(N_("Budget lines")),
            (
                self.say(N_("Fiscal year")),
                self.say(N_("Code")),
                self.say(N_("Stage")),
                self.say(N_("Currency")),
                self.label(BudgetPurpose.ANTI_TRAFFICKING),
                self.label(BudgetPurpose.ANTI_DRUG),
                self.say(N_("Ratio")),
            ),
            tuple(rows),
            tuple(values),
            numeric=frozenset({4, 5, 6}),
            note=self.say(
                N_(
                    "Amounts as declared; nothing is converted and nothing is added up across commitments, under which"
                    " the same money may be named twice. The ratio says how much is declared against drug trafficking"
                    " for one unit against trafficking in persons, of the same year, currency and stage."
                )
            ),
            empty=self.say(N_("No budget line has been published.")),
        )

    def evidence_rows(self) -> list[EvidenceRow]:
        """All public evidence, numbered within each commitment."""
        return [
            EvidenceRow(
                f"{one.provision}/{one.number}",
                one.provision,
                one.title,
                self.date(one.speaks_of),
                self.attached(one.piece) if one.piece else one.url,
                one.url if one.url.isascii() and one.url.startswith(("https://", "http://")) else "",
                one.piece,
            )
            for one in self.report.evidence
        ]

    def evidence_table(self) -> Table:
        """The same as a table."""
        listed = self.evidence_rows()
        rows = tuple((one.number, one.title, one.date or NOTHING, one.where) for one in listed)
        return Table(
            "evidence",
            self.say(N_("Evidence made public")),
            (
                self.say(N_("Number")),
                self.say(N_("Title")),
                self.say(N_("Date it speaks of")),
                self.say(N_("Where it is found")),
            ),
            rows,
            tuple(
                (row.number, row.title, one.speaks_of, row.where)
                for row, one in zip(listed, self.report.evidence, strict=True)
            ),
            note=self.say(N_("Evidence that is restricted is left out.")),
            empty=self.say(N_("No evidence has been made public.")),
        )

    def extension_table(self) -> Table:
        """Later due dates asked for in the cycle, commitment by commitment."""
        values = tuple(
            (
                line.code,
                line.title,
                line.extensions_asked,
                line.extensions_granted,
                line.extensions_refused,
                line.extended_from or line.due_on,
                line.extended_to,
            )
            for line in self.report.extension_list
        )
        return Table(
            "extensions",
            self.say(N_("Later due dates")),
            (
                self.say(N_("Code")),
                self.say(N_("Commitment")),
                self.say(N_("Asked for")),
                self.say(N_("Granted")),
                self.say(N_("Not granted")),
                self.say(N_("First due date")),
                self.say(N_("Extended to")),
            ),
            self._texts(values),
            values,
            numeric=frozenset({2, 3, 4}),
            note=self.say(
                N_("What was asked for and neither granted nor refused was taken back, lapsed, or is not decided yet.")
            ),
            empty=self.say(N_("No later due date was asked for in this cycle.")),
        )

    def _texts(self, values: Iterable[Sequence[Value]]) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(self._text(value) for value in row) for row in values)

    def _text(self, value: Value) -> str:
        if value is None:
            return NOTHING
        if isinstance(value, Share):
            return self.share(value)
        return self.date(value) if isinstance(value, date) else str(value)


def _number(one: IndicatorSeries, point: SeriesPoint) -> Decimal | None:
    if one.data_type not in NUMERIC or point.not_available or not point.value or point.value in MASKS:
        return None
    return Decimal(point.value)


def _numbers(one: IndicatorSeries) -> tuple[tuple[str, Decimal], ...]:
    found = [(point.cycle_code, _number(one, point)) for point in one.points]
    if len({point.currency for point in one.points}) > 1:
        return ()
    drawn = tuple((code, number) for code, number in found if number is not None)
    return drawn if len(drawn) == len(found) else ()
