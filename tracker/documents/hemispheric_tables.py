"""The tables of a hemispheric report, each built once: page, PDF, Word and workbook show the same rows.

States stand in the alphabet of the reader's language and carry their coverage alone: no score, no ranking.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tracker import wording
from tracker.documents.shares import say_count
from tracker.documents.status_report_changed import Changed
from tracker.documents.status_report_speech import MISSING, RATINGS, STRENGTHS, UNRATED
from tracker.documents.status_report_tables import PillarRow, Table, Value
from tracker.domain.compliance import Figures, Share
from tracker.services.hemispheric_content import HemisphericReport, MandateLine, ProvisionLine
from tracker.services.status_report_content import PillarFigures, Stage
from tracker.wording import N_

STAGES_HEADING = {Stage.NOT_REPORTED: N_("Due and not reported"), Stage.NOT_DUE: N_("Not reported yet, not due yet")}


class Tables(Changed):
    """The tables of one report."""

    report: HemisphericReport  # type: ignore[assignment]

    def __init__(self, report: HemisphericReport) -> None:
        super().__init__(report)  # type: ignore[arg-type]

    # coverage

    def count(self, share: Share) -> str:
        """ "8 of 15", without a percentage."""
        return say_count(share, self.language)

    def coverage_table(self) -> Table:
        report = self.report
        values: list[tuple[Value, ...]] = [
            (self.say(N_("States that reported on at least one commitment")), report.states_reporting),
            (self.say(N_("Commitments reported on")), report.coverage.reported),
            (self.say(N_("On time, of those reported")), report.coverage.on_time),
            *((self.stage(stage), report.at(stage)) for stage in (*MISSING, Stage.PUBLISHED)),
            (self.say(N_("Later due dates asked for")), report.extensions_asked),
            (self.say(N_("Later due dates granted")), report.extensions_granted),
        ]
        head = (self.say(N_("Figure")), self.say(N_("Number")))
        return self._table("coverage", N_("Coverage and timeliness"), head, values, numeric={1})

    def states_table(self) -> Table:
        """Every State that owes reports, with its coverage alone, as "n of m"."""
        head = (self.say(N_("State")), self.say(N_("Commitments reported on")))
        values = [(state.name, state.reported) for state in self.report.states]
        rows = [(state.name, self.count(state.reported)) for state in self.report.states]
        note = self.say(N_("The list is alphabetical; it is no ranking."))
        if self.report.apart:
            label = self.say(N_("States that owe no report in this cycle"))
            names = self.named(label, ", ".join(self.report.apart))
            note = f"{note} {names}."
        return self._table("states", N_("States"), head, values, rows=rows, numeric={1}, note=note)

    def missing_table(self) -> Table:
        rows = [(state.name, _codes(state.not_reported)) for state in self.report.missing]
        return self._table(
            "missing",
            STAGES_HEADING[Stage.NOT_REPORTED],
            (self.say(N_("State")), self.say(N_("Recommendations and mandates"))),
            rows,
            note=self.say(N_("What is listed here is not counted as not implemented.")),
            empty=self.say(N_("Nothing that is due was left without a report.")),
        )

    def waiting_table(self) -> Table:
        rows = [(state.name, _codes(state.not_due)) for state in self.report.waiting]
        return self._table(
            "waiting",
            STAGES_HEADING[Stage.NOT_DUE],
            (self.say(N_("State")), self.say(N_("Recommendations and mandates"))),
            rows,
            empty=self.say(N_("Nothing: every report is in, or its due date has ended.")),
        )

    # ratings

    def rating_keys(self) -> list[tuple[str, str]]:
        """(key, word) in the order drawn."""
        return [*((str(r), self.label(r)) for r in RATINGS), (UNRATED, self.say(N_("No rating published")))]

    def bars(self, lines: Sequence[ProvisionLine]) -> list[PillarRow]:
        """The ratings per provision, for a picture: one commitment for each State."""
        return [PillarRow(f"{x.code} {x.title}", x.states, _drawn(x.figures, x.unrated), x.code) for x in lines]

    def group_bars(self, groups: Iterable[PillarFigures], unnamed: str) -> list[PillarRow]:
        """The same per pillar or theme."""
        return [PillarRow(g.name or unnamed, g.total, _drawn(g.figures, g.unrated), g.code) for g in groups]

    def owed(self, row: PillarRow, of_states: bool) -> str:
        """How many a bar stands for: "32 States", "288 commitments"."""
        if of_states:
            return self.say_number("%(number)s State", "%(number)s States", row.total)
        return self.say_number("%(number)s commitment", "%(number)s commitments", row.total)

    def pillar_bars(self) -> list[PillarRow]:
        return self.group_bars(self.report.pillars, self.say(N_("No pillar named by the source")))

    def theme_bars(self) -> list[PillarRow]:
        return self.group_bars(self.report.themes, self.say(N_("No theme")))

    def bars_table(self, key: str, title: str, first: str, rows: Sequence[PillarRow], note: str = "") -> Table:
        """The table beside a picture: the same figures."""
        keys = self.rating_keys()
        head = (first, *(label for _key, label in keys), self.say(N_("Commitments")))
        values = [(row.label, *(row.counts[k] for k, _label in keys), row.total) for row in rows]
        return self._table(key, title, head, values, numeric=set(range(1, len(head))), note=note)

    def instrument_tables(self, number: int, title: str, lines: Sequence[ProvisionLine]) -> list[Table]:
        """Of one instrument: who reported and where voices differ; the ratings; the strength of evidence."""
        coverage = self._table(
            f"reported-{number}",
            title,
            (
                self.say(N_("Recommendation or mandate")),
                self.say(N_("States that reported")),
                self.say(N_("On time, of those reported")),
                self.say(N_("Ratings published")),
                self.say(N_("Voices differ")),
            ),
            [(f"{x.code} {x.title}", x.figures.reported, x.figures.on_time, x.figures.rated, x.voices) for x in lines],
            numeric={1, 2, 3, 4},
            note=self.say(
                N_(
                    "Voices differ: published ratings beside which State, Secretariat and observers do not all say the"
                    " same."
                )
            ),
        )
        keys = self.rating_keys()
        ratings = self._table(
            f"ratings-{number}",
            self.say(N_("By rating, in number of States")),
            (self.say(N_("Code")), *(label for _key, label in keys), self.say(N_("States"))),
            [(x.code, *(_drawn(x.figures, x.unrated)[k] for k, _label in keys), x.states) for x in lines],
            numeric=set(range(1, len(keys) + 2)),
        )
        strengths = self._table(
            f"strengths-{number}",
            self.say(N_("By strength of evidence, in number of States")),
            (self.say(N_("Code")), *(self.label(s) for s in STRENGTHS)),
            [(x.code, *(x.figures.strengths[s] for s in STRENGTHS)) for x in lines],
            numeric=set(range(1, len(STRENGTHS) + 1)),
        )
        return [coverage, ratings, strengths]

    def strengths_table(self) -> Table:
        coverage = self.report.coverage
        return self._table(
            "strengths",
            N_("Strength of evidence"),
            (self.say(N_("Strength of evidence")), self.say(N_("Ratings"))),
            [(self.label(s), coverage.strengths[s]) for s in STRENGTHS] if coverage.rated.count else [],
            numeric={1},
            empty=self.say(N_("No rating has been published yet.")),
        )

    # beside the States

    def mandates_table(self) -> Table:
        return self._mandates(
            "mandates",
            N_("The General Secretariat's own commitments"),
            self.report.mandates,
            with_states=True,
            empty=N_("The General Secretariat owes no report in this cycle."),
        )

    def agencies_table(self) -> Table:
        return self._mandates(
            "agencies",
            N_("International cooperation agencies"),
            self.report.agencies,
            with_states=False,
            note=N_("Agencies have no account here: staff of the Secretariat record what is known."),
            empty=N_("Nothing is asked of cooperation agencies in this cycle."),
        )

    def _mandates(
        self, key: str, title: str, lines: Sequence[MandateLine], *, with_states: bool, note: str = "", empty: str = ""
    ) -> Table:
        head = [
            self.say(N_("Commitment")),
            self.say(N_("Reporting")),
            self.say(N_("Self-assessment")),
            self.say(N_("Rating")),
            self.say(N_("Strength of evidence")),
        ]
        rows = []
        for line in lines:
            named = f"{', '.join(line.parts) or line.code} {line.title}"
            row = [named, self.timeliness(line), *(self.label(v) or "–" for v in
                   (line.self_assessment, line.rating, line.strength))]  # fmt: skip
            rows.append((*row, self.share(line.states) if line.states else "–") if with_states else tuple(row))
        if with_states:
            head.append(self.say(N_("States that reported on the same")))
        return self._table(key, title, tuple(head), rows, note=self.say(note), empty=self.say(empty))

    def timeliness(self, line: MandateLine) -> str:
        if line.reported_on is None:
            return self.stage(line.stage)
        on = self.date(line.reported_on)
        return self.say(
            N_("Reported on %(date)s, in time") if line.on_time else N_("Reported on %(date)s, late"), date=on
        )

    def trend_table(self) -> Table:
        head = (
            self.say(N_("Reporting cycle")),
            self.say(N_("Reported")),
            self.say(N_("On time, of those reported")),
            self.say(N_("Ratings published")),
            *(self.label(r) for r in RATINGS),
        )
        values = [
            (p.code, p.figures.reported, p.figures.on_time, p.figures.rated, *(p.figures.ratings[r] for r in RATINGS))
            for p in self.report.trend
        ]
        return self._table(
            "trend",
            N_("Trend over the reporting cycles"),
            head,
            values,
            numeric=set(range(1, len(head))),
            note=self.say(
                N_(
                    "Each line shows what is public about that cycle: what was reported in it and the ratings"
                    " published of it. The list of commitments may differ from one cycle to the next."
                )
            ),
        )

    def extensions_table(self) -> Table:
        values = [(x.name, x.asked, x.granted, _codes(x.provisions) or "–") for x in self.report.extensions]
        return self._table(
            "extensions",
            N_("Later due dates"),
            (
                self.say(N_("State")),
                self.say(N_("Requests")),
                self.say(N_("Granted")),
                self.say(N_("Granted for")),
            ),
            values,
            numeric={1, 2},
            empty=self.say(N_("No later due date was asked for in this cycle.")),
        )

    def overlap(self) -> str:
        return self.say(
            N_(
                "A commitment that serves several pillars counts in each of them, so the rows do not add up to the"
                " whole."
            )
        )

    def theme_overlap(self) -> str:
        return self.say(
            N_(
                "A commitment that carries several themes counts in each of them, so the rows do not add up to the"
                " whole."
            )
        )

    def bindingness(self, line: ProvisionLine) -> str:
        key = line.bindingness
        return self.label(key) if key in wording.LABELS else key.replace("_", " ").capitalize()

    def _table(
        self,
        key: str,
        title: str,
        head: tuple[str, ...],
        values: Sequence[tuple[Any, ...]],
        *,
        rows: Sequence[tuple[str, ...]] | None = None,
        numeric: Iterable[int] = (),
        note: str = "",
        empty: str = "",
    ) -> Table:
        said = rows if rows is not None else [tuple(self._said(value) for value in row) for row in values]
        return Table(
            key,
            self.say(title),
            head,
            tuple(said),
            tuple(values),
            numeric=frozenset(numeric),
            note=note,
            empty=empty,
        )

    def _said(self, value: Value) -> str:
        return self.share(value) if isinstance(value, Share) else str(value)


def _drawn(found: Figures, unrated: int) -> dict[str, int]:
    return {**{str(rating): number for rating, number in found.ratings.items()}, UNRATED: unrated}


def _codes(codes: Sequence[str]) -> str:
    return ", ".join(codes)
