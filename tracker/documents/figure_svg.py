"""A public figure as a picture that stands alone: title, key, figures, source; nothing is loaded from anywhere."""

from __future__ import annotations

from html import escape

from tracker import wording
from tracker.documents.figure_content import Figure
from tracker.documents.figure_drawing import LETTER, Drawing, key_of, words
from tracker.documents.figure_palette import INK, MUTED
from tracker.wording import N_

FONT = "'Public Sans', 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
"""The first that the reader's machine has; none is fetched."""
MARGIN = 24


def render(figure: Figure, drawing: Drawing, address: str) -> bytes:
    """UTF-8. ``drawing``: of the figure, 460 to 640 wide; ``address``: of the page that shows the same."""
    wide = drawing.width
    parts: list[str] = []
    y = 0.0
    for line in _lines(figure.title, wide, 17):
        y += 23
        parts.append(words(0, y, line, size=17, fill=INK, font_weight="600"))
    scope = " · ".join(f"{label}: {value}" for label, value in figure.scope)
    y += 6
    for line in _lines(scope, wide, 12):
        y += 17
        parts.append(words(0, y, line, fill=MUTED))
    y += 14
    legend, high = key_of(drawing.legend, wide)
    parts.append(f'<g transform="translate(0 {y:g})">{legend}</g>')
    y += high + 10
    parts.append(f'<g transform="translate(0 {y:g})">{drawing.body}</g>')
    y += drawing.height + 16
    for sentence in (*figure.reading, _source(figure, address)):
        for line in _lines(sentence, wide, 11):
            y += 15
            parts.append(words(0, y, line, size=11, fill=MUTED))
        y += 4
    width, height = wide + 2 * MARGIN, round(y + 2 * MARGIN)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="{width}"'
        f' height="{height}" viewBox="0 0 {width} {height}" role="img" aria-labelledby="title description"'
        f' xml:lang="{figure.language}" font-family="{escape(FONT)}">'
        f'<title id="title">{escape(figure.title)}</title>'
        f'<desc id="description">{escape(" ".join(figure.reading))}</desc>'
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>'
        f'<g transform="translate({MARGIN} {MARGIN})">{"".join(parts)}</g></svg>\n'
    ).encode()


def _source(figure: Figure, address: str) -> str:
    said = wording.translate(N_("As of %(moment)s. Source: %(address)s"), figure.language)
    return said % {"moment": wording.say_moment(figure.as_of, figure.language, "UTC"), "address": address}


def _lines(text: str, wide: float, size: float) -> list[str]:
    """The text in lines that fit, as far as letters can be measured without their font."""
    most = int(wide / (size * LETTER))
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= most:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
