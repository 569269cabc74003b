"""The pillars: what was asked under each, and what is published of it."""

from __future__ import annotations

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from tracker.db import db
from tracker.domain.errors import NotVisible
from tracker.services import catalogue_read, instruments_read, public_figures
from tracker.web.access import public
from tracker.web.addresses import chosen, found, to_canonical
from tracker.web.addresses import code as code_of
from tracker.web.languages import choose

blueprint = Blueprint("pillars", __name__)


@blueprint.get("/pillars")
@public
def index() -> ResponseReturnValue:
    session = db.session
    words = catalogue_read.words(session, "pillar")
    cycle = public_figures.current_cycle(session)
    figures = instruments_read.figures_of_pillars(session, cycle.id, words.of("pillar"), now=g.now) if cycle else {}
    return render_template(
        "pages/pillars/index.html",
        pillars=words.of("pillar"),
        provisions={code: catalogue_read.provisions(session, pillar=code) for code in words.of("pillar")},
        cycle=cycle,
        figures=figures,
    )


@blueprint.get("/pillars/<code>")
@public
def show(code: str) -> ResponseReturnValue:
    session = db.session
    pillar = code_of(code).lower()
    words = catalogue_read.words(session, "pillar", "theme")
    if pillar not in words.of("pillar"):
        raise NotVisible
    if code != pillar:
        return to_canonical(f"/pillars/{pillar}")
    asked = chosen("cycle")
    cycle = public_figures.cycle(session, asked)
    provisions = catalogue_read.provisions(session, pillar=pillar)
    activities = catalogue_read.activities(session, pillar=pillar)
    themes = {theme for provision in provisions for theme in provision.themes}
    return render_template(
        "pages/pillars/show.html",
        pillar=pillar,
        name=words.of("pillar")[pillar],
        cycle=found(cycle) if asked else cycle,
        figures=instruments_read.figures_of_pillars(session, cycle.id, [pillar], now=g.now)[pillar] if cycle else None,
        provisions=provisions,
        instruments={one.id: one for one in catalogue_read.instruments(session)},
        themes=[pair for pair in words.choices("theme", choose()) if pair[0] in themes],
        activities=activities,
    )
