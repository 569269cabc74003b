"""What the pages of the public figures are made of: what the address asks for, the figure, the fields of its filter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode

from flask import request
from sqlalchemy.orm import Session

from tracker import wording
from tracker.documents.figure_content import Figure
from tracker.domain.errors import NotVisible
from tracker.domain.vocabulary import Rating
from tracker.services import figure_board
from tracker.services import figure_review_time as review_time_read
from tracker.services import figure_trend as trend_read
from tracker.services.figure_board import Asked, Board
from tracker.web import figure_map, figure_matrix, figure_not_reported, figure_review_time, figure_trend, figure_voices
from tracker.web.addresses import chosen
from tracker.web.figure_speech import Speech
from tracker.web.languages import choose, gettext
from tracker.wording import N_

ROWS = 50
"""Lines of a table on a page."""
_RATINGS = tuple(r.value for r in Rating)
_CAPITALS = frozenset({"state", "provision", "instrument"})
_NARROWING = ("pillar", "theme", "instrument", "provision", "state", "subregion")


@dataclass(frozen=True)
class Kind:
    """One of the figures. ``more``: its own parameters, each with the values it takes."""

    filters: tuple[str, ...]
    more: dict[str, tuple[str, ...]]
    slides: bool = True
    """Shows one cycle at a time."""
    needs_cells: bool = True


KINDS = {
    "map": Kind(("pillar", "provision", "theme", "instrument", "subregion"), {"show": ("coverage", "rating")}),
    "matrix": Kind(_NARROWING, {}),
    "trend": Kind(_NARROWING, {}, slides=False, needs_cells=False),
    "voices": Kind(_NARROWING, {"own": _RATINGS, "rating": _RATINGS}),
    "not-reported": Kind(_NARROWING, {"by": tuple(figure_not_reported.WAYS)}),
    "review-time": Kind(
        _NARROWING,
        {"by": ("cycle", "commitment"), "days": tuple(figure_review_time.KEYS)},
        slides=False,
        needs_cells=False,
    ),
}
SUMMARIES = {
    "map": N_("What the States have reported, the rating of one recommendation or of one pillar, cycle by cycle."),
    "matrix": N_("Every commitment at a glance: States by recommendations."),
    "trend": N_("Coverage, timeliness and published ratings over the cycles."),
    "voices": N_("The State, the Secretariat and observers on the same commitment."),
    "not-reported": N_("What was due and has not been reported, apart from what is not due yet."),
    "review-time": N_("Days from a submission to the publication of its rating."),
}


class Field(NamedTuple):
    """A select of the filter."""

    name: str
    label: str
    options: list[tuple[str, str]]
    value: str
    all_label: str | None


class Step(NamedTuple):
    """A cycle on the slider."""

    title: str
    href: str
    is_current: bool


@dataclass(frozen=True)
class Page:
    kind: Kind
    figure: Figure
    board: Board
    asked: dict[str, str]
    """What the address asks for beside the cycle, without what is left open."""


def build(session: Session, name: str, now: datetime) -> Page:
    """The figure that the address asks for. Raises NotVisible for an unknown cycle or an unknown way of showing."""
    kind = KINDS[name]
    more = {key: _one_of(key, values) for key, values in kind.more.items()}
    narrowed = {key: chosen(key) for key in kind.filters}
    codes = {key: value.upper() if key in _CAPITALS else value for key, value in narrowed.items()}
    asked = Asked(cycle=chosen("cycle"), **codes)
    is_counted = name == "map" and not figure_map.needs_cells(asked, more["show"])
    board = figure_board.load(session, asked, now, with_cells=kind.needs_cells, is_counted=is_counted)
    figure = _MAKERS[name](session, board, choose(), more)
    kept = {key: value for key, value in {**narrowed, **more}.items() if value}
    return Page(kind, figure, board, kept)


def everything(session: Session, now: datetime) -> list[Figure]:
    """All figures without any filter, from one board."""
    board = figure_board.load(session, Asked(), now)
    return [_MAKERS[name](session, board, choose(), dict.fromkeys(kind.more, "")) for name, kind in KINDS.items()]


def _one_of(name: str, values: tuple[str, ...]) -> str:
    raw = request.args.get(name, "")
    if raw and raw not in values:
        raise NotVisible
    return raw


def address(name: str, query: dict[str, str], **more: str) -> str:
    said = {key: value for key, value in {**query, **more}.items() if value}
    return f"/figures/{name}?{urlencode(said)}" if said else f"/figures/{name}"


def query(page: Page) -> dict[str, str]:
    """All that the address asks for, with the cycle where it names one."""
    return {"cycle": page.board.asked.cycle, **page.asked} if page.board.asked.cycle else page.asked


def steps(page: Page) -> list[Step]:
    """The cycles of the slider, oldest first."""
    if not page.kind.slides or page.board.cycle is None:
        return []
    now = page.board.cycle.code
    return [
        Step(wording.pick(row.title, choose()), address(page.figure.name, page.asked, cycle=row.code), row.code == now)
        for row in page.board.cycles
    ]


def fields(page: Page) -> list[Field]:
    """The selects of the filter, in the reader's language."""
    board, asked, speech = page.board, page.asked, Speech(page.board, choose())
    made = [_field(name, page) for name in page.kind.more if name != "days" or asked.get("by") == "commitment"]
    if page.kind.needs_cells is False and page.figure.name == "review-time":
        cycles = [(row.code, speech.pick(row.title)) for row in reversed(board.cycles)]
        made.append(Field("cycle", gettext("Reporting cycle"), cycles, board.asked.cycle, None))
    options: dict[str, Callable[[], tuple[str, list[tuple[str, str]]]]] = {
        "pillar": lambda: (gettext("Pillar"), board.words.choices("pillar", choose())),
        "theme": lambda: (gettext("Theme"), board.words.choices("theme", choose())),
        "instrument": lambda: (
            gettext("Instrument"),
            [(code, speech.pick(row.title)) for code, row in board.instruments.items() if row.kind != "strategy"],
        ),
        "provision": lambda: (
            gettext("Recommendation or mandate"),
            [(code, f"{code} {speech.pick(row.title)}") for code, row in board.provisions.items() if row.is_scored],
        ),
        "state": lambda: (
            gettext("State"),
            [(p.slug, speech.pick(p.name)) for p in speech.alphabetical(board.parties)],
        ),
        "subregion": lambda: (gettext("Region"), board.words.choices("subregion", choose())),
    }
    for name in page.kind.filters:
        label, choices = options[name]()
        made.append(Field(name, label, choices, asked.get(name, ""), None))
    return made


_LABELS = {"show": N_("Show"), "by": N_("Count"), "own": N_("The State about itself"), "rating": N_("The Secretariat"),
           "days": N_("Days")}  # fmt: skip
_WORDS = {
    ("map", "coverage"): N_("What was reported"),
    ("map", "rating"): N_("Ratings of the recommendation or pillar chosen"),
    ("review-time", "cycle"): N_("Cycle by cycle"),
    ("review-time", "commitment"): N_("Rating by rating"),
    **{("not-reported", key): word for key, word in figure_not_reported.WAYS.items()},
}


def _field(name: str, page: Page) -> Field:
    figure = page.figure.name
    options = [(value, _word(figure, name, value)) for value in page.kind.more[name]]
    first = None
    if (figure, options[0][0]) in _WORDS:  # the first is what is shown where nothing is chosen
        first, options = options[0][1], options[1:]
    return Field(name, gettext(_LABELS[name]), options, page.asked.get(name, ""), first)


def _word(figure: str, name: str, value: str) -> str:
    if (figure, value) in _WORDS:
        return gettext(_WORDS[figure, value])
    return value.replace("-", "–", 1) if name == "days" else wording.label(value, choose())


_Maker = Callable[[Session, Board, str, dict[str, str]], Figure]
_MAKERS: dict[str, _Maker] = {
    "map": lambda _s, board, lang, more: figure_map.figure(board, lang, more["show"] or figure_map.COVERAGE),
    "matrix": lambda _s, board, lang, _more: figure_matrix.figure(board, lang),
    "trend": lambda s, board, lang, _more: figure_trend.figure(board, lang, trend_read.by_cycle(s, board)),
    "voices": lambda _s, board, lang, more: figure_voices.figure(board, lang, more["own"], more["rating"]),
    "not-reported": lambda _s, board, lang, more: figure_not_reported.figure(
        board, lang, more["by"] or figure_not_reported.BY_STATE
    ),
    "review-time": lambda s, board, lang, more: figure_review_time.figure(
        board, lang, review_time_read.reviews(s, board), more["by"] or figure_review_time.BY_CYCLE, more["days"]
    ),
}
