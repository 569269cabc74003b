"""The pictures of the public figures, in a page and alone; what was drawn for some figures is kept per process."""

from __future__ import annotations

from functools import lru_cache

from flask import current_app
from markupsafe import Markup

from tracker.documents.figure_content import Figure, StateOnMap
from tracker.documents.figure_drawing import Drawing
from tracker.web.languages import choose
from tracker.web.map import map_geometry

SCALE = 10
"""Lengths of the geometry on one pixel."""
ALONE = "f"
"""The prefix of ids in drawings."""


def of_page(figure: Figure, prefix: str) -> Markup:
    """What stands inside the <svg>, with ids of its own; the map without links (its page has another, with links)."""
    if figure.states:
        return _map(figure.states, _keys(figure), choose(), prefix, linked=False)
    if figure.drawing is None:
        return Markup("")
    body = figure.drawing.body.replace(f'id="{ALONE}-', f'id="{prefix}-').replace(f"url(#{ALONE}-", f"url(#{prefix}-")
    return Markup(body)  # noqa: S704 (drawn and escaped below)


def of_map(figure: Figure, prefix: str) -> Markup:
    """The States with their links."""
    return _map(figure.states, _keys(figure), choose(), prefix, linked=True)


def alone(figure: Figure) -> Drawing | None:
    """For a picture that stands alone; None where there is nothing to draw."""
    if not figure.states or figure.is_empty:
        return figure.drawing
    geometry = map_geometry()
    body = _map(figure.states, _keys(figure), choose(), ALONE, linked=False)
    width, height = geometry["width"] // SCALE, geometry["height"] // SCALE
    return Drawing(width, height, f'<g transform="scale({1 / SCALE})">{body}</g>', figure.legend)


def view_box(figure: Figure) -> str:
    if figure.states:
        geometry = map_geometry()
        return f"0 0 {geometry['width']} {geometry['height']}"
    return f"0 0 {figure.drawing.width} {figure.drawing.height}" if figure.drawing else "0 0 1 1"


def _keys(figure: Figure) -> tuple[str, ...]:
    return tuple(key for key, _label in figure.legend)


@lru_cache(maxsize=48)
def _map(states: tuple[StateOnMap, ...], keys: tuple[str, ...], _language: str, prefix: str, *, linked: bool) -> Markup:
    items = {s.slug: {"name": s.name, "href": s.href, "level": s.level, "title": s.title} for s in states}
    module = current_app.jinja_env.get_template("macros/map.html").module
    shapes = module.states_shapes(map_geometry(), items, keys, prefix, linked)  # type: ignore[attr-defined]
    return Markup(shapes)  # noqa: S704 (a macro's)
