"""The committed geometry of the Americas, for `templates/macros/map.html`.

Built by `frontend/map.mjs` from Natural Earth (public domain); see `docs/licences.md`.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

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
