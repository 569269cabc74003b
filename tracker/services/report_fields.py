"""The fields of a report by name: what each says, and how what was said before is put into an empty one.

The names are those of the form, of the problems that a rule puts beside a field, and of
``ProgressReport.unconfirmed``: ``narrative-CS-03.a`` (the answer to an element with its self-assessment),
``indicator-CS-03-I1``, ``budget``, ``evidence`` (the links), ``obstacles``, ``help_needed``, ``summary``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from tracker.models.base import TEXT
from tracker.services.report_content import Answer, ReportContent

TEXTS = ("obstacles", "help_needed", "summary")
LISTS = ("budget", "evidence")
ANSWER, INDICATOR = "narrative-", "indicator-"
Period = tuple[date, date]


def names(content: ReportContent) -> list[str]:
    """Every field that says something, in the order of the form."""
    found = [f"{ANSWER}{a.element}" for a in content.answers]
    found += dict.fromkeys(f"{INDICATOR}{v.indicator}" for v in content.indicators)
    found += ["budget", "obstacles", "help_needed", "evidence", "summary"]
    return [name for name in found if says(content, name)]


def value(content: ReportContent, name: str) -> Any:
    """What the field says; to compare, not to show."""
    if name.startswith(ANSWER):
        return next((a for a in content.answers if a.element == name.removeprefix(ANSWER)), None)
    if name.startswith(INDICATOR):
        return tuple(v for v in content.indicators if v.indicator == name.removeprefix(INDICATOR))
    return getattr(content, name) if name in TEXTS or name in LISTS else None


def says(content: ReportContent, name: str) -> bool:
    """Whether anything stands in the field."""
    found = value(content, name)
    if isinstance(found, Answer):
        return bool(found.narrative or found.self_assessment)
    return bool(found)


def with_period(content: ReportContent, before: Period, now: Period) -> ReportContent:
    """What was said for the whole of one cycle's period, as said for the whole of another's."""
    return replace(
        content,
        indicators=tuple(
            replace(v, period_start=now[0], period_end=now[1]) if (v.period_start, v.period_end) == before else v
            for v in content.indicators
        ),
    )


def carried(content: ReportContent, before: ReportContent, name: str) -> ReportContent:
    """``content`` with what ``before`` says in that field. Nothing typed is ever lost: texts stand one after another,
    lists grow by what they do not hold, and a value that is there already stays.
    """
    if not says(before, name):
        return content
    if name.startswith(ANSWER):
        old = value(before, name)
        return replace(
            content, answers=tuple(_answer(a, old) if a.element == old.element else a for a in content.answers)
        )
    if name.startswith(INDICATOR):
        mine = value(content, name)
        there = {(v.axis, v.category) for v in mine}
        added = tuple(v for v in value(before, name) if (v.axis, v.category) not in there)
        return replace(content, indicators=content.indicators + added)
    if name in TEXTS:
        return _with(content, name, _one_after_another(getattr(content, name), getattr(before, name)))
    there = getattr(content, name)
    return _with(content, name, there + tuple(one for one in getattr(before, name) if one not in there))


def differing(content: ReportContent, before: ReportContent) -> list[str]:
    """Fields in which something stands that was not said before."""
    return [name for name in names(content) if not _same(value(content, name), value(before, name))]


def limited(content: ReportContent, elements: Iterable[str] | None) -> ReportContent:
    """Only the answers to these elements, for who was asked for nothing else; all of it where ``elements`` is None."""
    if elements is None:
        return content
    mine = frozenset(elements)
    return ReportContent(answers=tuple(a for a in content.answers if a.element in mine))


def _with(content: ReportContent, name: str, said: Any) -> ReportContent:
    changes: dict[str, Any] = {name: said}
    return replace(content, **changes)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, tuple) and isinstance(other, tuple):
        return set(one) == set(other)
    return bool(one == other)


def _answer(now: Answer, before: Answer) -> Answer:
    return replace(
        now,
        self_assessment=now.self_assessment or before.self_assessment,
        narrative=_one_after_another(now.narrative, before.narrative),
    )


def _one_after_another(now: str, before: str) -> str:
    if not now or now == before:
        return before
    if before in now:
        return now
    both = f"{now}\n\n{before}"
    return both if len(both) <= TEXT else now
