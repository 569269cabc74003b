"""Lines over the cycles: how much was reported, how much of that on time, how many ratings are published."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracker.documents import figure_drawing
from tracker.documents.figure_content import Figure, Kind, Table, Value
from tracker.documents.figure_drawing import Line
from tracker.domain.compliance import SMALLEST_SHARE, Share
from tracker.services.figure_board import Board
from tracker.services.public_figures import Coverage
from tracker.web.figure_speech import Speech
from tracker.wording import N_

SERIES = (
    ("coverage", N_("Reported, of the commitments")),
    ("on_time", N_("On time, of those reported")),
    ("rated", N_("Rating published, of those reported")),
)


def figure(board: Board, language: str, found: Sequence[tuple[Any, Coverage]]) -> Figure:
    """``found`` of ``services.figure_trend.by_cycle``, for the same board."""
    speech = Speech(board, language)
    rows = []
    for cycle, coverage in found:
        links = {"cycle": cycle.code}
        rows.append(
            (
                Value(speech.pick(cycle.title), cycle.code, speech.address("matrix", links, cycle=False)),
                speech.date_value(cycle.due_on),
                speech.shown_share(
                    coverage.reported_of, speech.address("not-reported", {**links, "by": "commitment"}, cycle=False)
                ),
                speech.shown_share(Share(coverage.on_time, coverage.reported)),
                speech.shown_share(
                    coverage.rated_of, speech.address("review-time", {**links, "by": "commitment"}, cycle=False)
                ),
            )
        )
    return Figure(
        name="trend",
        language=language,
        heading=speech.say(N_("Trend")),
        title=_finding(speech, found),
        scope=speech.scope(cycle=False),
        codes=speech.codes(cycle=False),
        reading=tuple(
            speech.say(text)
            for text in (
                N_(
                    "Each line is a share of its own whole, named beside it; the figures of the last cycle stand at"
                    " its end. A share of fewer than five is not drawn: the table has its count."
                ),
                N_("A cycle whose reports are still coming in lies lower than it will."),
            )
        ),
        as_of=board.as_of,
        table=Table(
            "cycles",
            speech.say(N_("Cycle by cycle")),
            (
                speech.column("cycle", N_("Reporting cycle")),
                speech.column("due_on", N_("Due on"), Kind.DATE),
                speech.column("reported", N_("Reported"), Kind.SHARE),
                speech.column("on_time", N_("On time"), Kind.SHARE),
                speech.column("rated", N_("Ratings published"), Kind.SHARE),
            ),
            tuple(rows),
        ),
        drawing=_drawn(speech, found) if found else None,
    )


def _finding(speech: Speech, found: Sequence[tuple[Any, Coverage]]) -> str:
    if not found:
        return speech.say(N_("No cycle matches."))
    (first, was), (last, now) = found[0], found[-1]
    if len(found) == 1:
        return speech.say(
            N_("Commitments reported on in %(cycle)s: %(share)s."),
            cycle=speech.pick(first.title),
            share=speech.share(was.reported_of),
        )
    return speech.say(
        N_("Commitments reported on in %(first)s: %(was)s; in %(last)s: %(now)s."),
        first=speech.pick(first.title),
        was=speech.share(was.reported_of),
        last=speech.pick(last.title),
        now=speech.share(now.reported_of),
    )


def _drawn(speech: Speech, found: Sequence[tuple[Any, Coverage]]) -> figure_drawing.Drawing:
    shares = [(c.reported_of, Share(c.on_time, c.reported), c.rated_of) for _cycle, c in found]
    series = []
    for number, (key, label) in enumerate(SERIES):
        mine = [three[number] for three in shares]
        values = tuple(s.count / s.total if s.total >= SMALLEST_SHARE else None for s in mine)
        series.append(Line(key, speech.say(label), values, speech.shown_share(mine[-1]).text))
    marks = (speech.say(N_("none")), speech.say(N_("half")), speech.say(N_("all")))
    return figure_drawing.lines(tuple(cycle.code for cycle, _c in found), tuple(series), marks)
