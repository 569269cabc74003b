"""The committed geometry of the Americas, for `templates/macros/map.html`.

Built by `frontend/map.mjs` from Natural Earth (public domain); see `docs/licences.md`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from flask import current_app
from markupsafe import Markup

from tracker.services.public_figures import Coverage, PartyCoverage
from tracker.web.languages import choose, gettext
from tracker.wording import pick

_FILE = Path(__file__).with_name("map_geometry.json")


@cache
def map_geometry() -> dict[str, Any]:
    """Read once per process. Lengths are tenths of a pixel on a map 640 px wide.

    Shape: width, height, land (path of other land), states {iso2: {x, y, and d (path) or r (radius)}},
    inset {x, y, width, height, states {iso2: {x, y, and d or r}}}, marked (corners of the inset's area).
    """
    geometry: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    geometry["land"] = _path(geometry["land"])
    for part in (geometry, geometry["inset"]):
        for state in part["states"].values():
            if "d" in state:
                state["d"] = _path(state["d"])
    return geometry


def _path(data: str) -> Markup:
    """A path of our own file needs no escaping on each of its thousands of drawings."""
    if not set(data) <= set("Mlz0123456789-, ."):
        raise ValueError("map_geometry.json holds something that is not an SVG path")
    return Markup(data)  # noqa: S704 (checked above)


def states_drawing(states: Sequence[PartyCoverage]) -> Markup:
    """The map of these States by coverage, in the reader's language.

    It is a function of its figures: the same figures are drawn once per process and language.
    """
    language = choose()
    figures = tuple((s.slug, pick(s.name, language), s.coverage) for s in states)
    return _drawn(language, figures)


@lru_cache(maxsize=32)
def _drawn(language: str, figures: tuple[tuple[str, str, Coverage], ...]) -> Markup:
    items = {
        slug: {"name": name, "href": f"/states/{slug}", "level": coverage.level, "title": _title(name, coverage)}
        for slug, name, coverage in figures
    }
    module = current_app.jinja_env.get_template("macros/coverage.html").module
    return Markup(module.coverage_map(map_geometry(), items))  # type: ignore[attr-defined]  # noqa: S704 (a macro's)


def kept_states_map(
    items: Mapping[str, Mapping[str, str]], title: str, legend: Sequence[tuple[str, str]], id: str
) -> Markup:
    """The macro ``states_map``, drawn once for the same items and words."""
    key = tuple((slug, *one.items()) for slug, one in items.items())
    return _states_map(key, title, tuple(legend), id, choose())


@lru_cache(maxsize=16)
def _states_map(
    items: tuple[Any, ...], title: str, legend: tuple[tuple[str, str], ...], id: str, _language: str
) -> Markup:
    module = current_app.jinja_env.get_template("macros/map.html").module
    named = {slug: dict(one) for slug, *one in items}
    return Markup(module.states_map(map_geometry(), named, title, legend, id))  # type: ignore[attr-defined]  # noqa: S704 (a macro's)


def _title(name: str, coverage: Coverage) -> str:
    if not coverage.owed:
        return gettext("%(state)s: no report is asked for") % {"state": name}
    return gettext("%(state)s: %(number)s of %(total)s commitments reported on") % {
        "state": name,
        "number": coverage.reported,
        "total": coverage.owed,
    }
