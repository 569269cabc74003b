"""Colours and patterns of all pictures: each value has a pattern and a word beside its colour.

Chosen to stay apart for the colour-blind and on a black-and-white printer. ``templates/macros/charts.html`` draws with
the same values.
"""

from __future__ import annotations

INK, MUTED, LINE = "#16202f", "#515d6e", "#9aa7ba"

PALETTE: dict[str, tuple[str, str, str]] = {
    "implemented": ("#10264a", "", "#ffffff"),
    "largely_implemented": ("#3a639c", "#5d84b8", "#ffffff"),
    "partially_implemented": ("#a9c4e6", "#7fa3d0", "#10264a"),
    "not_implemented": ("#b0441c", "#8f330f", "#ffffff"),
    "insufficient_information": ("#d3d8e0", "#a7afbb", "#16202f"),
    "no_longer_applicable": ("#eef1f5", "#c3cad4", "#16202f"),
    "not_reported": ("#ffffff", "", "#16202f"),
    "all": ("#10264a", "", "#ffffff"),
    "most": ("#3a639c", "#6f94c4", "#ffffff"),
    "some": ("#a9c4e6", "#6f94c4", "#10264a"),
    "none": ("#ffffff", "#9aa7ba", "#16202f"),
    "out": ("#dde2ea", "", "#16202f"),
    "in_review": ("#f1e7cf", "#c9b27a", "#16202f"),
    "missing": ("#e9b949", "#80600f", "#16202f"),
    "not_due": ("#ffffff", "#c3cad4", "#16202f"),
    "unrated": ("#ffffff", "#c3cad4", "#16202f"),
    "coverage": ("#10264a", "", "#ffffff"),
    "on_time": ("#b0441c", "", "#ffffff"),
    "rated": ("#80600f", "", "#ffffff"),
    "same": ("#dde2ea", "", "#16202f"),
    "other": ("#a9c4e6", "", "#10264a"),
}
"""key: (colour, colour of the pattern's lines or "", colour of figures on it)."""

LINES: dict[str, str] = {
    "largely_implemented": "M-1 7L7-1M3 11L11 3M-1-1",
    "most": "M-1 7L7-1M3 11L11 3",
    "not_implemented": "M-1 1L9 11M3-3L11 5",
    "insufficient_information": "M0 2H8M0 6H8",
    "no_longer_applicable": "M2 0V8",
    "none": "M-1 7L7-1M3 11L11 3",
    "in_review": "M0 4H8",
    "missing": "M-1 1L9 11M3-3L11 5M-1 7L7-1M3 11L11 3",
    "not_due": "M2 0V8M6 0V8",
    "unrated": "M2 0V8M6 0V8",
}
DASHES = {"coverage": "none", "on_time": "7 4", "rated": "2 4"}
"""Keys of lines, with what their strokes leave out."""
POINTS = {
    "coverage": "M{x} {y}m-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0",
    "on_time": "M{x} {y}m-4-4h8v8h-8z",
    "rated": "M{x} {y}m0-5l5 9h-10z",
}
"""How a point of each line looks."""
DOTS = frozenset({"partially_implemented", "some"})
DASHED = frozenset({"not_reported"})
"""Drawn with a dashed edge."""


def fill(key: str, prefix: str) -> str:
    """What an SVG shape of this key is filled with; ``prefix`` as given to ``patterns``."""
    colour, lines, _figures = PALETTE[key]
    return f"url(#{prefix}-{key})" if lines else colour


def patterns(keys: tuple[str, ...], prefix: str, scale: int = 1) -> str:
    """The <defs> for these keys."""
    made = [_pattern(key, prefix, scale) for key in keys if PALETTE[key][1]]
    return f"<defs>{''.join(made)}</defs>" if made else ""


def _pattern(key: str, prefix: str, scale: int) -> str:
    colour, lines, _figures = PALETTE[key]
    drawn = (
        f'<circle cx="2" cy="2" r="1.2" fill="{lines}"/><circle cx="6" cy="6" r="1.2" fill="{lines}"/>'
        if key in DOTS
        else f'<path d="{LINES[key]}" stroke="{lines}" stroke-width="1.4" fill="none"/>'
    )
    scaled = f' patternTransform="scale({scale})"' if scale != 1 else ""
    return (
        f'<pattern id="{prefix}-{key}" width="8" height="8" patternUnits="userSpaceOnUse"{scaled}>'
        f'<rect width="8" height="8" fill="{colour}"/>{drawn}</pattern>'
    )
