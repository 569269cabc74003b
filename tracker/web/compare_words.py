"""The differences of two states of a report, passage by passage, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tracker import wording
from tracker.domain.differences import Piece, compare, differs
from tracker.services.compare import DRAFT as IN_THE_FORM
from tracker.services.compare import LAST, Comparison, Named, Sight, Version
from tracker.services.measured import Measured
from tracker.services.report_content import Attachment, Budget, Evidence, IndicatorAnswer, ReportContent
from tracker.web.languages import choose
from tracker.web.languages import gettext as _
from tracker.web.measures import in_words


@dataclass(frozen=True)
class Passage:
    """One text of the report, with its changes marked."""

    label: str
    pieces: list[Piece]
    code: str = ""

    @property
    def changed(self) -> bool:
        return differs(self.pieces)


@dataclass(frozen=True)
class Section:
    title: str
    passages: list[Passage]
    code: str = ""

    @property
    def changed(self) -> bool:
        return any(passage.changed for passage in self.passages)


def version_name(version: Version, time_zone: str) -> str:
    """How a state of a report is called where one is chosen."""
    lang = choose()
    cycle = wording.pick(version.cycle, lang)
    if version.key == IN_THE_FORM:
        return _("%(cycle)s: what stands in the form now") % {"cycle": cycle}
    when = wording.say_moment(version.submitted_at, lang, time_zone) if version.submitted_at else "–"
    values = {"cycle": cycle, "number": version.number, "when": when}
    if version.key == LAST:
        return _("The cycle before (%(cycle)s): submission %(number)s, %(when)s") % values
    return _("%(cycle)s: submission %(number)s, %(when)s") % values


def sections(found: Comparison) -> list[Section]:
    """Everything the two sides say, in the order of the report; what neither says is left out."""
    if found.before is None or found.after is None:
        return []
    before, after = found.before, found.after
    made = [_element(element, before, after) for element in found.elements]
    made.append(
        Section(
            _("Of the whole"),
            _passages(
                (_("What was said of the whole"), before.summary, after.summary),
                (_("Obstacles"), before.obstacles, after.obstacles),
                (_("Help asked for"), before.help_needed, after.help_needed),
                (_("“Nothing has changed”"), _said(before.nothing_changed), _said(after.nothing_changed)),
            ),
        )
    )
    made.append(_lines(_("Indicators"), _measures(before, found.indicators), _measures(after, found.indicators)))
    made.append(_lines(_("Budget"), _budget(before.budget), _budget(after.budget)))
    made.append(_lines(_("Evidence"), _evidence(before), _evidence(after)))
    if found.sight is not Sight.PUBLIC:
        explained = (_("Explanation"), before.privacy_explanation, after.privacy_explanation)
        made.append(Section(_("What was explained to the personal-data check"), _passages(explained)))
    return [section for section in made if section.passages]


def _element(element: Named, before: ReportContent, after: ReportContent) -> Section:
    one, other = (next((a for a in side.answers if a.element == element.code), None) for side in (before, after))
    lang = choose()
    return Section(
        _("Answer") if element.is_whole else wording.pick(element.label, lang),
        _passages(
            (
                _("Self-assessment"),
                _label(one.self_assessment if one else None),
                _label(other.self_assessment if other else None),
            ),
            (_("What was done"), one.narrative if one else "", other.narrative if other else ""),
        ),
        "" if element.is_whole else element.code,
    )


def _passages(*texts: tuple[str, str, str]) -> list[Passage]:
    return [Passage(label, compare(before, after)) for label, before, after in texts if before or after]


Lines = dict[tuple[Any, ...], tuple[str, str]]
"""By what makes a line the same on both sides: its label and its text."""


def _lines(title: str, before: Lines, after: Lines) -> Section:
    nothing = ("", "")
    keys = [*before, *(key for key in after if key not in before)]
    return Section(
        title,
        [
            Passage(
                (after.get(key) or before[key])[0], compare(before.get(key, nothing)[1], after.get(key, nothing)[1])
            )
            for key in keys
        ],
    )


def _measures(content: ReportContent, indicators: Iterable[Measured]) -> Lines:
    named = {one.code: one for one in indicators}
    lines: Lines = {}
    for answer in content.indicators:
        label = wording.pick(named[answer.indicator].label, choose()) if answer.indicator in named else answer.indicator
        if answer.category:
            label = f"{label} – {answer.category}"
        lines[(answer.indicator, answer.axis, answer.category)] = (label, _value(answer, named.get(answer.indicator)))
    return lines


def _value(answer: IndicatorAnswer, indicator: Measured | None) -> str:
    """A value with its period and note, as one line to compare."""
    lang = choose()
    said = in_words(answer, indicator) if indicator else answer.value
    parts = [_("not available") if answer.not_available else said]
    if answer.period_start and answer.period_end:
        start, end = (wording.say_date(day, lang) for day in (answer.period_start, answer.period_end))
        parts.append(_("%(start)s to %(end)s") % {"start": start, "end": end})
    if answer.note:
        parts.append(answer.note)
    return "\n".join(part for part in parts if part)


def _budget(lines: Iterable[Budget]) -> Lines:
    found: Lines = {}
    for line in lines:
        key: tuple[Any, ...] = (line.purpose, line.stage, line.fiscal_year)
        while key in found:
            key = (*key, "again")
        label = f"{_label(line.purpose)}, {_label(line.stage)}, {line.fiscal_year}"
        found[key] = (label, "\n".join(part for part in (f"{line.amount} {line.currency}", line.note) if part))
    return found


def _evidence(content: ReportContent) -> Lines:
    found: Lines = {}
    for link in content.evidence:
        found[("link", link.url)] = (_("Link"), "\n".join((link.title, link.url, *_facts(link))))
    for piece in content.attachments:
        about = [piece.title, piece.url or f"{piece.file_name} ({piece.version})", *_facts(piece)]
        found[("piece", piece.evidence)] = (_label(piece.kind), "\n".join(about))
    return found


def _facts(item: Evidence | Attachment) -> list[str]:
    facts = []
    if item.speaks_of:
        facts.append(_("speaks of %(day)s") % {"day": wording.say_date(item.speaks_of, choose())})
    if not item.is_public:
        facts.append(_("Restricted"))
    return facts


def _label(value: Any) -> str:
    return wording.label(value, choose()) if value else ""


def _said(said: bool) -> str:
    return _("Yes") if said else ""
