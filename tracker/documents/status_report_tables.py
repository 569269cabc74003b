"""The tables of a status report, each built once: page, PDF, Word and workbook show the same rows.

A table has what is shown (``rows``, text) and what it stands for (``values``, for cells of a workbook): same shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from tracker import wording
from tracker.documents.status_report_speech import RATINGS, UNRATED, Speech, indicator
from tracker.documents.status_report_table import NOTHING, EvidenceRow, PillarRow, SeriesGroup, Table, Value
from tracker.domain.compliance import Share
from tracker.domain.measures import NUMERIC
from tracker.domain.small_counts import MASKS
from tracker.domain.vocabulary import BudgetPurpose
from tracker.services.status_report_content import IndicatorSeries, PillarFigures, SeriesPoint
from tracker.wording import N_

__all__ = ["NOTHING", "EvidenceRow", "PillarRow", "SeriesGroup", "Table", "Tables", "Value"]


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

    def trend_keys(self) -> list[tuple[str, str]]:
        """(key, word) of the parts of a bar of the trend; drawn as the ratings of these names are."""
        return [
            ("implemented", self.say(N_("Reported on time"))),
            ("largely_implemented", self.say(N_("Reported late"))),
            ("not_reported", self.say(N_("No report received"))),
        ]

    def trend_rows(self) -> list[PillarRow]:
        """What was reported in each cycle, oldest first, of the shape of the ratings per pillar: for a picture."""
        found = []
        for point in self.report.trend:
            reported, on_time = point.figures.reported, point.figures.on_time.count
            parts = (on_time, reported.count - on_time, reported.total - reported.count)
            counts = {key: count for (key, _word), count in zip(self.trend_keys(), parts, strict=True)}
            found.append(PillarRow(point.code, reported.total, counts, point.code))
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
                indicator(one),
                one.computed,
                tuple((p.cycle_code, self.period(p), self.declared_value(p)) for p in one.points),
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
                start: list[str] = [one.provision, indicator(one), point.cycle_code, self.period(point)]
                said = self.declared_value(point)
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

    def _from_first_to_last(self, one: IndicatorSeries) -> str:
        ends = [one.points[0], *one.points[1:][-1:]]
        return "; ".join(self.named(p.cycle_code, self.declared_value(p)) for p in ends)

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
                self.say(N_("No.")),
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
                self.say(N_("Requests")),
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
