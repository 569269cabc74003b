"""Two issued reports of one subject side by side: figures, then line by line what is not the same.

Pure: from what was frozen, without a query. Values stay as they are (ratings, dates, shares, texts): the page says
them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tracker.domain import differences
from tracker.domain.compliance import Figures
from tracker.domain.differences import Piece
from tracker.services.hemispheric_content import HemisphericReport, ProvisionLine, StateLine
from tracker.services.status_report_content import CommitmentLine, PublishedRating, StatusReport
from tracker.wording import N_

SHORT = 40
"""Characters up to which two texts simply stand side by side."""


class LineChange(StrEnum):
    NEW = "line_new"
    """Only in the later report."""
    GONE = "line_gone"
    """Only in the earlier one."""
    CHANGED = "line_changed"


@dataclass(frozen=True)
class Field:
    """One thing that both say. ``label``: marked for translation; ``of``: what is named beside it (a code, an
    organisation, a word of a closed list). ``pieces`` where both are longer texts and differ."""

    label: str
    before: Any
    after: Any
    of: tuple[str, ...] = ()
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class Line:
    code: str
    title: str
    change: LineChange
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """``figures``: every figure of the whole, also where it is the same; ``lines``: only those that differ."""

    figures: tuple[Field, ...]
    lines: tuple[Line, ...]
    states: tuple[Line, ...]
    """Of a hemispheric report."""
    same: int
    """Lines that say the same in both."""

    @property
    def is_empty(self) -> bool:
        return not self.lines and not self.states and all(one.before == one.after for one in self.figures)


Values = Iterator[tuple[str, tuple[str, ...], Any]]
"""(label, of, value) of one line, in the order of the page."""


def compare(before: Any, after: Any) -> Comparison:
    """``before`` is the older. Both StatusReport, or both HemisphericReport."""
    if isinstance(after, HemisphericReport):
        lines, same = _lines(before.provisions, after.provisions, _of_provision)
        states, same_states = _lines(before.states, after.states, _of_state)
        return Comparison(_both(_of_all(before), _of_all(after)), tuple(lines), tuple(states), same + same_states)
    lines, same = _lines(before.lines, after.lines, _of_commitment)
    return Comparison(_both(_of_report(before), _of_report(after)), tuple(lines), (), same)


def _lines(before: Iterable[Any], after: Iterable[Any], values: Any) -> tuple[list[Line], int]:
    old = {line.code: line for line in before}
    new = {line.code: line for line in after}
    found, same = [], 0
    for code, line in new.items():
        title = getattr(line, "title", None) or line.name
        if code not in old:
            found.append(Line(code, title, LineChange.NEW))
            continue
        fields = tuple(one for one in _both(values(old[code]), values(line)) if one.before != one.after)
        if fields:
            found.append(Line(code, title, LineChange.CHANGED, fields))
        else:
            same += 1
    gone = [one for code, one in old.items() if code not in new]
    found += [Line(one.code, getattr(one, "title", None) or one.name, LineChange.GONE) for one in gone]
    return found, same


def _both(before: Values, after: Values) -> tuple[Field, ...]:
    """The values of both under their labels; what only one has stands beside nothing."""
    old = {(label, of): value for label, of, value in before}
    new = {(label, of): value for label, of, value in after}
    return tuple(_field(key, old.get(key), new.get(key)) for key in dict.fromkeys([*new, *old]))


def _field(key: tuple[str, tuple[str, ...]], old: Any, new: Any) -> Field:
    pieces: tuple[Piece, ...] = ()
    if type(old) is str and type(new) is str and old != new and max(len(old), len(new)) > SHORT:
        pieces = tuple(differences.compare(old, new))
    return Field(key[0], old, new, key[1], pieces)


def _of_report(report: StatusReport) -> Values:
    yield N_("Reported in this cycle"), (), report.coverage.reported
    yield N_("Reported on time"), (), report.coverage.on_time
    yield from _figures(report.standing)


def _of_all(report: HemisphericReport) -> Values:
    yield N_("States reporting"), (), report.states_reporting
    yield N_("Reported in this cycle"), (), report.coverage.reported
    yield N_("Reported on time"), (), report.coverage.on_time
    yield from _figures(report.coverage)
    yield N_("The three voices differ"), (), report.voices
    yield N_("Good practices"), (), len(report.practices)


def _figures(figures: Figures) -> Values:
    yield N_("Ratings published"), (), figures.rated
    for rating, count in figures.ratings.items():
        yield N_("Ratings published"), (rating,), count
    for strength, count in figures.strengths.items():
        yield N_("Strength of evidence"), (strength,), count
    yield N_("Rated otherwise than self-assessed"), (), figures.differing


def _of_provision(line: ProvisionLine) -> Values:
    yield N_("Reported in this cycle"), (), line.figures.reported
    yield N_("Reported on time"), (), line.figures.on_time
    yield from _figures(line.figures)
    yield N_("The three voices differ"), (), line.voices


def _of_state(line: StateLine) -> Values:
    yield N_("Reported in this cycle"), (), line.reported
    yield N_("Reported on time"), (), line.on_time
    yield N_("Due and not reported"), (), ", ".join(line.not_reported)


def _of_commitment(line: CommitmentLine) -> Values:
    yield N_("Stage"), (), line.stage
    yield N_("Due"), (), line.due_on
    yield N_("Reported on"), (), line.reported_on
    yield N_("Reported on time"), (), line.on_time
    yield N_("Later due dates granted"), (), line.extensions_granted
    if line.rating is not None:
        yield from _of_rating(line.rating)


def _of_rating(given: PublishedRating) -> Values:
    yield N_("Rated in the cycle"), (), given.cycle_code
    yield N_("Rating published on"), (), given.published_on
    yield N_("Self-assessment of the State"), (), given.self_assessment
    yield N_("Rating"), (), given.rating
    yield N_("Strength of evidence"), (), given.strength
    yield N_("Reasons"), (), given.reasons
    yield N_("Reason for the strength of evidence"), (), given.strength_reason
    yield N_("Comment of the State"), (), given.comment
    for one in given.observed:
        yield N_("View of an organization"), (one.organisation,), one.view
        yield N_("Observation"), (one.organisation,), one.text
    said = given.statement
    if said is None:
        return
    yield N_("Summary by the State"), (), said.summary
    for element in said.elements:
        yield N_("Self-assessment of the State"), (element.code,), element.self_assessment
        yield N_("Answer of the State"), (element.code,), element.narrative
    yield N_("Obstacles"), (), said.obstacles
    yield N_("Help needed"), (), said.help_needed
    for figure in said.figures:
        yield N_("Indicator"), tuple(filter(None, (figure.code, figure.category))), figure.said
    for year in said.budget:
        of = (year.fiscal_year, year.currency, year.stage)
        yield N_("Against trafficking in persons"), of, year.anti_trafficking
        yield N_("Against drug trafficking"), of, year.anti_drug
    for title, url, _on in said.evidence:
        yield N_("Evidence"), (url,), title
    for piece in said.attachments:
        yield N_("Evidence"), (piece.evidence,), piece.title
