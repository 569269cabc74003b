"""What a State declared beside its answers, in the words of a status report: figures, budget lines, obstacles, help."""

from __future__ import annotations

from tracker.documents.status_report_words import Words
from tracker.services.status_report_content import StatedFigure, Statement
from tracker.wording import N_


def figures(words: Words, said: Statement) -> list[str]:
    """A line for each figure."""
    return [_figure(words, one) for one in said.figures]


def budget(words: Words, said: Statement) -> list[str]:
    """A line for each fiscal year, currency and stage: the amounts side by side, and the ratio. No verdict."""
    lines = []
    for one in said.budget:
        lines.append(words.named(f"{one.fiscal_year}, {words.label(one.stage)}", words.amounts(one)))
    return lines


def declared(words: Words, said: Statement) -> list[tuple[str, str]]:
    """(heading, text) of each part that says something."""
    same = words.say(N_("The report says that nothing changed since the one before.")) if said.nothing_changed else ""
    parts = (
        (words.say(N_("Nothing changed")), same),
        (words.say(N_("Figures")), "\n".join(figures(words, said))),
        (words.say(N_("Budget lines")), "\n".join(budget(words, said))),
        (words.say(N_("Obstacles")), said.obstacles),
        (words.say(N_("Help asked for")), said.help_needed),
    )
    return [(heading, text) for heading, text in parts if text]


def _figure(words: Words, one: StatedFigure) -> str:
    name = f"{one.label} ({one.category})" if one.category else one.label
    value = words.say(N_("Not available")) if one.not_available else one.said or "–"
    if one.period_start and one.period_end:
        start, end = words.date(one.period_start), words.date(one.period_end)
        period = words.say(N_("%(start)s to %(end)s"), start=start, end=end)
        value = f"{value} ({period})"
    line = words.named(name, value)
    return f"{line} · {one.note}" if one.note else line
