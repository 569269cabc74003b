"""The map: what the States have reported, the rating of one provision, or the ratings in one pillar.

A map of ratings is drawn of one provision (its rating, word by word) or of one pillar. For a pillar no State gets a
grade: the map tells only whether all, some or none of its published ratings there are "implemented" or "largely
implemented", and the list says how many of how many. What carries no rating on the scale stays apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tracker.documents.figure_content import Figure, Kind, StateOnMap, Table, Value
from tracker.domain.compliance import Share, figures
from tracker.domain.vocabulary import HIGH_RATINGS, SCALE, Rating
from tracker.services.figure_board import Asked, Board
from tracker.services.public_cells import Cell, cell_item
from tracker.services.public_figures import Coverage, PartyCoverage
from tracker.web.figure_speech import Speech, code_of
from tracker.wording import N_

COVERAGE, RATING = "coverage", "rating"
RATINGS = (*SCALE, Rating.INSUFFICIENT, Rating.NO_LONGER_APPLICABLE)
OUT = ("out", N_("No report is asked for"))
COVERED = (
    ("all", N_("All commitments reported on")),
    ("most", N_("Half or more")),
    ("some", N_("Fewer than half")),
    ("none", N_("None yet")),
    OUT,
)
SPREAD = (
    ("all", N_("All that are rated")),
    ("some", N_("Some of those rated")),
    ("none", N_("None of those rated")),
    ("unrated", N_("No rating on this scale yet")),
    OUT,
)


def needs_cells(asked: Asked, show: str) -> bool:
    """Whether more is asked for than how much each State has reported: that the database counts."""
    return show == RATING or replace(asked, cycle="", subregion="") != Asked()


def figure(board: Board, language: str, show: str = COVERAGE) -> Figure:
    """The map of the board's cycle. ``show`` RATING asks for a provision or a pillar; else coverage is shown."""
    speech = Speech(board, language)
    asked = board.asked
    states = speech.alphabetical(
        s
        for s in board.states
        if (not asked.subregion or s.subregion == asked.subregion) and asked.state in ("", s.code)
    )
    owed = {state.code: board.at(state.code) for state in states}
    if show == RATING and asked.provision:
        return _of_provision(speech, states, owed)
    if show == RATING and asked.pillar:
        return _of_pillar(speech, states, owed)
    return _of_coverage(speech, states, owed)


def _of_coverage(speech: Speech, states: Sequence[PartyCoverage], owed: dict[str, list[Cell]]) -> Figure:
    if speech.board.is_counted:
        reported = {state.code: state.coverage.reported_of for state in states}
    else:
        reported = {code: figures(map(cell_item, mine)).reported for code, mine in owed.items()}
    shares = [share for share in reported.values() if share.total]
    reporting = Share(sum(1 for s in shares if s.count), len(shares))
    levels = {code: Coverage(share.total, share.count, 0, 0).level for code, share in reported.items()}
    said = {
        code: speech.say(N_("%(number)s of %(total)s commitments reported on"), number=share.count, total=share.total)
        for code, share in reported.items()
    }
    rows = []
    for state in states:
        behind = speech.address("not-reported", {"by": "commitment", "state": state.slug})
        level = _level(speech, COVERED, levels[state.code])
        rows.append((speech.state_value(state, state.code), level, speech.shown_share(reported[state.code], behind)))
    title = speech.say(
        N_("States that have reported on at least one commitment: %(share)s."), share=speech.share(reporting)
    )
    reading = (
        N_(
            "The darker a State, the larger the part of its commitments on which a report came in. It says nothing"
            " about what was done."
        ),
        N_("States from which no report is asked for are grey; their pages say why."),
    )
    columns = [
        ("level", N_("How much was reported"), Kind.TEXT),
        ("reported", N_("Reported"), Kind.SHARE),
    ]
    return _figure(speech, COVERAGE, title, states, (levels, said), COVERED, columns, rows, reading)


def _of_provision(speech: Speech, states: Sequence[PartyCoverage], owed: dict[str, list[Cell]]) -> Figure:
    code = speech.board.asked.provision
    levels, said, rows = {}, {}, []
    for state in states:
        cell = next(iter(owed[state.code]), None)
        levels[state.code], said[state.code] = speech.standing(cell) if cell else (OUT[0], speech.say(OUT[1]))
        href = speech.commitment(state.code, code, cell.cycle_code) if cell else ""
        mark = cell.rating.value if cell and cell.rating else ""
        standing = Value(said[state.code], code_of(levels[state.code]), href, mark)
        rows.append((speech.state_value(state, state.code), standing))
    cells = [cell for mine in owed.values() for cell in mine]
    rated = Share(sum(1 for c in cells if c.rating), len(cells))
    title = speech.say(
        N_("%(code)s, States with a published rating: %(share)s."),
        code=code,
        share=speech.share(rated),
    )
    reading = (
        N_(
            "Each State carries the Secretariat's published rating of this one recommendation or mandate. What is not"
            " rated stays apart: it is not counted as not implemented."
        ),
    )
    legend = (*speech.standing_legend(RATINGS), OUT)
    columns = [("standing", N_("Where it stands"), Kind.TEXT)]
    return _figure(speech, RATING, title, states, (levels, said), legend, columns, rows, reading)


def _of_pillar(speech: Speech, states: Sequence[PartyCoverage], owed: dict[str, list[Cell]]) -> Figure:
    asked = speech.board.asked
    levels, said, rows = {}, {}, []
    high = scaled = 0
    for state in states:
        mine = owed[state.code]
        on_scale = [c for c in mine if c.rating in SCALE]
        share = Share(sum(1 for c in on_scale if c.rating in HIGH_RATINGS), len(on_scale))
        level = OUT[0] if not mine else "unrated" if not on_scale else "none"
        if share.count:
            level = "all" if share.count == share.total else "some"
        levels[state.code] = level
        said[state.code] = speech.say(
            N_("implemented or largely implemented: %(number)s of %(total)s rated"),
            number=share.count,
            total=share.total,
        )
        high, scaled = high + share.count, scaled + share.total
        href = speech.address("matrix", {"state": state.slug})
        rows.append(
            (
                speech.state_value(state, state.code),
                _level(speech, SPREAD, level),
                speech.shown_share(share, href),
            )
        )
    title = speech.say(
        N_("%(pillar)s, ratings that are “implemented” or “largely implemented”: %(share)s."),
        pillar=speech.classified("pillar", asked.pillar),
        share=speech.share(Share(high, scaled)),
    )
    reading = (
        N_(
            "The map tells whether all, some or none of the published ratings of a State in this pillar are"
            " “implemented” or “largely implemented”. It is no grade: the list says how many of how many, and each"
            " figure leads to the ratings."
        ),
        N_(
            "“Insufficient information” and “no longer applicable” are not on the scale and not counted here; nor is"
            " what carries no rating yet."
        ),
    )
    columns = [
        ("level", N_("Implemented or largely"), Kind.TEXT),
        ("high", N_("Of the ratings on the scale"), Kind.SHARE),
    ]
    return _figure(speech, RATING, title, states, (levels, said), SPREAD, columns, rows, reading)


def _level(speech: Speech, legend: Sequence[tuple[str, str]], level: str) -> Value:
    return Value(speech.say(dict(legend)[level]), level)


def _figure(
    speech: Speech,
    show: str,
    title: str,
    states: Sequence[PartyCoverage],
    levels_and_words: tuple[dict[str, str], dict[str, str]],
    legend: Sequence[tuple[str, str]],
    columns: Sequence[tuple[str, str, Kind]],
    rows: Sequence[tuple[Value, ...]],
    reading: Sequence[str],
) -> Figure:
    levels, said = levels_and_words
    out = speech.say(OUT[1])
    drawn = []
    for state, line in zip(states, rows, strict=True):
        level, name = levels[state.code], speech.pick(state.name)
        told = out if level == OUT[0] else said[state.code]
        said_of = speech.say(N_("%(state)s: %(told)s"), state=name, told=told)
        href = next((value.href for value in (line[-1], line[0]) if value.href), "")
        drawn.append(StateOnMap(state.slug, name, level, said_of, href))
    used = set(levels.values())
    shown = [(key, speech.say(text)) for key, text in legend if show == COVERAGE or key in used]
    return Figure(
        name="map",
        language=speech.language,
        heading=speech.say(N_("Map")),
        title=title,
        scope=speech.scope(),
        codes=speech.codes(show="" if show == COVERAGE else show),
        reading=tuple(speech.say(text) for text in reading),
        as_of=speech.board.as_of,
        table=Table(
            "states",
            speech.say(N_("The States in alphabetical order")),
            (speech.column("state", N_("State")), *(speech.column(*column) for column in columns)),
            () if speech.board.is_empty else tuple(rows),
        ),
        states=tuple(drawn),
        legend=tuple(shown),
    )
