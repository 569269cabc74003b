"""The commitments behind each figure of a status report, so that a reader can follow every number to what it counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tracker.documents.status_report_speech import MISSING, RATINGS, STRENGTHS, Speech
from tracker.services.status_report_content import CommitmentLine, PillarFigures, Stage
from tracker.wording import N_

Codes = tuple[str, ...]


@dataclass(frozen=True)
class FigureRow:
    """A figure with what it counts."""

    label: str
    text: str
    """ "18 of 20 (90%)"."""
    codes: Codes
    """Of the commitments counted, in the order of the catalogue."""
    key: str = ""


@dataclass(frozen=True)
class Behind:
    """A pillar or theme, and its commitments by published rating: (rating in words, codes)."""

    label: str
    code: str
    parts: tuple[tuple[str, Codes], ...]


class BehindFigures(Speech):
    """Which commitments a figure counts."""

    def coverage_rows(self) -> list[FigureRow]:
        """Coverage and timeliness, and where the commitments stand."""
        coverage, lines = self.report.coverage, self.report.lines
        total = FigureRow(self.say(N_("Commitments of this cycle")), str(len(lines)), _codes(lines), "all")
        reported = [line for line in lines if line.reported_on]
        rows = [
            total,
            FigureRow(self.say(N_("Reported")), self.share(coverage.reported), _codes(reported), "reported"),
            FigureRow(
                self.say(N_("On time, of those reported")),
                self.share(coverage.on_time),
                _codes(line for line in reported if line.on_time),
                "on_time",
            ),
        ]
        for stage in (*MISSING, Stage.PUBLISHED):
            there = self.report.at(stage)
            rows.append(FigureRow(self.stage(stage), str(len(there)), _codes(there), str(stage)))
        return rows

    def strength_rows(self) -> list[FigureRow]:
        """Published ratings by the strength of the evidence behind them."""
        return [
            FigureRow(
                self.label(strength),
                str(self.report.standing.strengths[strength]),
                _codes(line for line in self.report.lines if line.rating and line.rating.strength is strength),
                str(strength),
            )
            for strength in STRENGTHS
        ]

    def behind_pillars(self) -> list[Behind]:
        """In the order of ``Words.pillar_rows``."""
        return self._behind(
            self.report.pillars, lambda line: line.pillars, self.say(N_("No pillar named by the source"))
        )

    def behind_themes(self) -> list[Behind]:
        """In the order of ``Words.theme_rows``."""
        return self._behind(self.report.themes, lambda line: line.themes, self.say(N_("No theme")))

    def _behind(
        self, groups: Iterable[PillarFigures], of: Callable[[CommitmentLine], Codes], unnamed: str
    ) -> list[Behind]:
        found = []
        for group in groups:
            mine = [line for line in self.report.lines if (group.code in of(line) if group.code else not of(line))]
            parts = [
                (self.label(rating), _codes(x for x in mine if x.rating and x.rating.rating is rating))
                for rating in RATINGS
            ]
            parts.append((self.say(N_("No rating published")), _codes(line for line in mine if line.rating is None)))
            found.append(Behind(group.name or unnamed, group.code, tuple(part for part in parts if part[1])))
        return found


def _codes(lines: Iterable[CommitmentLine]) -> Codes:
    return tuple(line.code for line in lines)
