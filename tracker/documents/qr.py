"""QR codes of addresses: as SVG for a page, as PNG for Word, as rows of squares for the typesetter.

Level M restores 15% of a soiled print. The same text gives the same bytes: the code holds no moment and no identifier.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

QUIET = 4
"""Squares of margin around the code, as ISO/IEC 18004 asks."""


def svg(text: str) -> bytes:
    """An SVG without script, style sheet, identifier or anything fetched; 1 unit is 1 square, the ground is white."""
    stream = BytesIO()
    _made(text).save(
        stream, kind="svg", border=QUIET, light="#fff", xmldecl=False, omitsize=True, svgclass=None, lineclass=None
    )
    return stream.getvalue()


def png(text: str) -> bytes:
    """A PNG of 10 pixels for a square."""
    stream = BytesIO()
    _made(text).save(stream, kind="png", border=QUIET, scale=10)
    return stream.getvalue()


def runs(text: str) -> tuple[int, list[tuple[int, int, int]]]:
    """(squares of a side, [(column, row, squares in a row that are dark)]), without margin."""
    matrix = _made(text).matrix
    found = []
    for y, row in enumerate(matrix):
        begun = None
        for x, dark in enumerate([*row, 0]):
            if dark and begun is None:
                begun = x
            elif not dark and begun is not None:
                found.append((begun, y, x - begun))
                begun = None
    return len(matrix), found


def _made(text: str) -> Any:
    # Only an issued document carries one: the library is loaded by the worker that needs it.
    import segno

    return segno.make(text, error="m", micro=False, boost_error=False)
