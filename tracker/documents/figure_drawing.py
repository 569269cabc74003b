"""Pictures from plain figures, as SVG of presentation attributes: no style, no script, nothing fetched.

460 units wide, so that words stay readable on a telephone. What is drawn follows from the arguments alone and is kept:
the same figures are drawn once per process. Every picture has the table of the same figures beside it, so its parts
carry no words for screen readers; the title says the finding.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import pairwise

from tracker.documents.figure_palette import DASHED, DASHES, INK, LINE, MUTED, PALETTE, POINTS, fill, patterns

WIDTH = 460
LETTER = 0.53
"""Width of an average letter, in its size."""


@dataclass(frozen=True)
class Drawing:
    """``body`` is SVG without its outer element; everything in it is escaped."""

    width: int
    height: int
    body: str
    legend: tuple[tuple[str, str], ...] = ()
    """(key of the palette, label)."""


def words(x: float, y: float, said: str, *, size: float = 12, most: float = 0, **more: str) -> str:
    """A line of text; made smaller where it would be wider than ``most``."""
    wide = len(said) * size * LETTER
    if most and wide > most:
        size = max(8, size * most / wide)
    attributes = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in more.items())
    return f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}"{attributes}>{escape(said)}</text>'


@dataclass(frozen=True)
class Bar:
    """A row of ``bars``: parts by key, with the figure in words at its end."""

    label: str
    parts: tuple[tuple[str, int], ...]
    note: str


@lru_cache(maxsize=32)
def bars(rows: tuple[Bar, ...], legend: tuple[tuple[str, str], ...], longest: int = 0) -> Drawing:
    """Stacked bars. Each is as long as its own total, or by ``longest``: the total that fills the width."""
    step, left, right = 21, 186, 84
    space = WIDTH - left - right
    body = [patterns(tuple(key for key, _label in legend), "f")]
    for number, row in enumerate(rows):
        y = number * step
        body.append(words(left - 8, y + 14, row.label, most=left - 10, text_anchor="end", fill=INK))
        x = float(left)
        whole = longest or sum(count for _key, count in row.parts)
        for key, count in row.parts:
            if not count or not whole:
                continue
            wide = space * count / whole
            body.append(_rect(x, y + 3, wide, step - 6, key))
            if wide >= 15 and not longest:
                paper, pattern, ink = PALETTE[key]
                # On a pattern a number stands in a gap of its own.
                gap = paper if pattern else "none"
                middle = {"text_anchor": "middle", "fill": ink, "stroke": gap, "stroke_width": "4"}
                body.append(words(x + wide / 2, y + 14, str(count), size=10.5, most=0, **middle, paint_order="stroke"))
            x += wide
        body.append(words(WIDTH - right + 6, y + 14, row.note, size=11.5, most=right - 6, fill=INK))
    return Drawing(WIDTH, max(step, len(rows) * step + 2), "".join(body), legend)


@dataclass(frozen=True)
class Line:
    """A series of ``lines``: from 0 to 1, None where there is nothing to draw; ``last`` in words."""

    key: str
    label: str
    values: tuple[float | None, ...]
    last: str


@lru_cache(maxsize=32)
def lines(points: tuple[str, ...], series: tuple[Line, ...], marks: tuple[str, str, str]) -> Drawing:
    """Lines over cycles; ``marks`` are the words at the bottom, the middle and the top of the axis."""
    left, right, top, bottom = 58, 86, 12, 214
    span = (WIDTH - left - right) / max(1, len(points) - 1)
    body = []
    for place, said in zip((bottom, (top + bottom) / 2, top), marks, strict=True):
        body.append(f'<path d="M{left} {_n(place)}H{WIDTH - right}" stroke="{LINE}" stroke-width=".7"/>')
        body.append(words(left - 8, place + 4, said, size=11, most=left - 10, text_anchor="end", fill=MUTED))
    each = max(1, -(-len(points) // 6))
    for number, said in enumerate(points):
        if (len(points) - 1 - number) % each == 0:
            x = left + number * span
            body.append(words(x, bottom + 20, said, size=11, most=span * each - 4, text_anchor="middle", fill=INK))
    ends = _apart([(bottom - (one.values[-1] or 0) * (bottom - top)) if one.values else bottom for one in series])
    for one, end in zip(series, ends, strict=True):
        colour = PALETTE[one.key][0]
        drawn, pen = [], "M"
        for number, value in enumerate(one.values):
            if value is None:
                pen = "M"
                continue
            x, y = left + number * span, bottom - value * (bottom - top)
            drawn.append(f"{pen}{_n(x)} {_n(y)}")
            body.append(point(one.key, x, y))
            pen = "L"
        dash = f' stroke-dasharray="{DASHES[one.key]}"'
        body.append(
            f'<path d="{"".join(drawn)}" fill="none" stroke="{colour}" stroke-width="2.4"{dash}/>' * bool(drawn)
        )
        if one.values and one.values[-1] is not None:
            body.append(
                words(WIDTH - right + 8, end + 4, one.last, size=11.5, most=right - 8, fill=colour, font_weight="600")
            )
    return Drawing(WIDTH, bottom + 30, "".join(body), tuple((one.key, one.label) for one in series))


@lru_cache(maxsize=32)
def cells(
    rows: tuple[tuple[str, tuple[str, ...]], ...], columns: tuple[str, ...], legend: tuple[tuple[str, str], ...]
) -> Drawing:
    """Rows by columns, a square for each; an empty key leaves its place empty."""
    left, head = 180, 54
    step = min(18.0, (WIDTH - left - 4) / max(1, len(columns)))
    side = step - 2
    shapes: dict[str, list[str]] = {}
    body = [patterns(tuple(key for key, _label in legend), "f")]
    for number, said in enumerate(columns):
        x, y = left + number * step + side / 2 + 4, head - 4
        body.append(words(x, y, said, size=10.5, transform=f"rotate(-90 {_n(x)} {_n(y)})", fill=INK))
    for line, (said, keys) in enumerate(rows):
        top = head + line * step
        body.append(words(left - 8, top + side / 2 + 4, said, size=11.5, most=left - 10, text_anchor="end", fill=INK))
        for number, key in enumerate(keys):
            if key:
                shapes.setdefault(key, []).append(
                    f"M{_n(left + number * step)} {_n(top)}h{_n(side)}v{_n(side)}h-{_n(side)}z"
                )
    for key, drawn in shapes.items():
        dash = ' stroke-dasharray="2 2"' if key in DASHED else ""
        body.append(f'<path d="{"".join(drawn)}" fill="{fill(key, "f")}" stroke="{INK}" stroke-width=".6"{dash}/>')
    return Drawing(WIDTH, round(head + len(rows) * step + 4), "".join(body), legend)


@lru_cache(maxsize=32)
def crossed(keys: tuple[tuple[str, str], ...], counts: tuple[tuple[int, ...], ...], axes: tuple[str, str]) -> Drawing:
    """How often each pair of values occurs: rows and columns have the same keys; ``axes``: the words for both."""
    left, head, step = 176, 62, 44
    most = max((count for line in counts for count in line), default=0) or 1
    body = [patterns(tuple(key for key, _label in keys), "f")]
    body.append(
        words(left + step * len(keys) / 2, 13, axes[1], size=12, text_anchor="middle", fill=INK, font_weight="600")
    )
    body.append(words(4, head - 8, axes[0], size=12, most=left - 10, fill=INK, font_weight="600"))
    for number, (key, said) in enumerate(keys):
        x, y = left + number * step, head + number * step
        body.append(_rect(x + 12, 28, 20, 16, key))
        body.append(words(left - 34, y + step / 2 + 4, said, size=11.5, most=left - 38, text_anchor="end", fill=INK))
        body.append(_rect(left - 28, y + step / 2 - 8, 20, 16, key))
    for line, counted in enumerate(counts):
        for number, count in enumerate(counted):
            x, y = left + number * step, head + line * step
            paper = PALETTE["same"][0] if line == number else "#ffffff"
            body.append(
                f'<rect x="{x}" y="{y}" width="{step}" height="{step}" fill="{paper}"'
                f' stroke="{LINE}" stroke-width=".7"/>'
            )
            if count:
                radius = 6 + 13 * (count / most) ** 0.5
                body.append(
                    f'<circle cx="{x + step / 2:g}" cy="{y + step / 2:g}" r="{_n(radius)}" fill="{PALETTE["other"][0]}"'
                    f' stroke="{INK}" stroke-width=".6"/>'
                )
                body.append(
                    words(x + step / 2, y + step / 2 + 4, str(count), text_anchor="middle", fill=INK, font_weight="600")
                )
    return Drawing(WIDTH, head + step * len(keys) + 4, "".join(body), keys)


def key_of(entries: Iterable[tuple[str, str]], width: int) -> tuple[str, int]:
    """The legend as SVG for a picture that stands alone, and its height."""
    entries = list(entries)
    body, x, y = [], 0.0, 0
    for key, said in entries:
        wide = 34 + len(said) * 12 * LETTER
        if x and x + wide > width:
            x, y = 0.0, y + 22
        body.append(
            f'<g transform="translate({_n(x)} 0)">{swatch(key, y + 2)}</g>{words(x + 26, y + 14, said, fill=INK)}'
        )
        x += wide + 10
    return "".join(body), (y + 26 if entries else 0)


def _rect(x: float, y: float, wide: float, high: float, key: str) -> str:
    dash = ' stroke-dasharray="3 2"' if key in DASHED else ""
    return (
        f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(wide)}" height="{_n(high)}" fill="{fill(key, "f")}"'
        f' stroke="{INK}" stroke-width=".7"{dash}/>'
    )


def point(key: str, x: float, y: float) -> str:
    """A point of the line of this key."""
    return f'<path d="{POINTS[key].format(x=_n(x), y=_n(y))}" fill="{PALETTE[key][0]}"/>'


def swatch(key: str, y: float) -> str:
    """What stands before a word of the legend: 20 wide, 14 high."""
    if key not in POINTS:
        return _rect(0, y, 20, 14, key)
    line = (
        f'<path d="M0 {_n(y + 7)}h20" stroke="{PALETTE[key][0]}" stroke-width="2.4" stroke-dasharray="{DASHES[key]}"/>'
    )
    return line + point(key, 10, y + 7)


def _apart(places: list[float], least: float = 15) -> list[float]:
    """The places moved as little as keeps the words beside them apart, in the order given."""
    order = sorted(range(len(places)), key=lambda n: places[n])
    moved = list(places)
    for before, after in pairwise(order):
        moved[after] = max(moved[after], moved[before] + least)
    over = moved[order[-1]] - 214 if order else 0
    for place, n in enumerate(reversed(order)):
        if over > 0:
            moved[n] = min(moved[n], 214 - place * least)
    return moved


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
