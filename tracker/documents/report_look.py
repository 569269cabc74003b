"""How status report and hemispheric report look in Word: the colours and sizes of their PDF."""

from __future__ import annotations

from docx.shared import Cm

from tracker.documents.word import TableLook
from tracker.documents.word_styles import (
    GOLD,
    GOLD_INK,
    INK,
    LINE,
    LINK,
    MUTED,
    NAVY,
    NAVY_SOFT,
    SURFACE,
    Look,
    border,
    character_style,
    foot_style,
    heading_style,
    letters,
    line_of,
    paragraph_style,
    tab,
    table_style,
)

FIGURES = TableLook("Figures", "TableHead", "TableText", "TableText", 9.5, 100)
SMALL_FIGURES = TableLook("SmallFigures", "SmallTableHead", "SmallTableText", "SmallTableText", 8, 50)
FACTS = TableLook("Facts", "TileLabel", "FactCell", "FactCell", 9.5, 80)
TILES = TableLook("Tiles", "TileLabel", "TileValue", "TileNote", 8.5, 140)
MARGIN = 2.3
"""Left and right, in cm."""
LINE_WIDTH = line_of(MARGIN)
BIG = letters(size=24)
LONG_NAME = 24
"""Letters from which a name on the cover is set in ``BIG``."""
PANEL = 31
"""Points from the words of the cover to the edge of their ground, the most that a border may be away."""

_PANEL = "".join(border(side, NAVY, 4, PANEL) for side in ("top", "left", "bottom", "right"))
"""Paragraphs with the same borders and the same ground stand on one ground, the space between them too."""


def _on_panel(name: str, size: float, colour: str, *, bold: bool = True, after: float = 0, identifier: str = "") -> str:
    look = letters(size=size, bold=bold, colour=colour)
    return paragraph_style(
        name, identifier=identifier, borders=_PANEL, ground=NAVY, before=0, after=after, line=252, look=look
    )


def _table_texts(prefix: str, size: float, head_size: float) -> str:
    head = letters(size=head_size, bold=True, colour=NAVY)
    return "".join(
        (
            paragraph_style(f"{prefix}Table Head", keep=True, hyphens=True, before=2, after=2, line=240, look=head),
            paragraph_style(f"{prefix}Table Text", before=2.5, after=2.5, line=240, look=letters(size=size)),
        )
    )


_ROWS = border("bottom", LINE, 4) + border("insideH", LINE, 4)
_UNDER_HEAD = f"<w:tcBorders>{border('bottom', NAVY, 8)}</w:tcBorders>"
_STYLES = "".join(
    (
        paragraph_style("Normal", hyphens=False, after=6, line=264, look=letters(size=10.5, colour=INK)),
        _on_panel("Cover Publisher", 12, "FFFFFF"),
        _on_panel("Cover Line", 9, "CFD8E6", bold=False, after=64),
        _on_panel("Cover Kind", 14, GOLD, after=2),
        _on_panel("Title", 34, "FFFFFF", after=6),
        _on_panel("Cover Official", 13, "DFE6F0", bold=False, after=8),
        _on_panel("Cover Subject", 12, "FFFFFF", after=24),
        paragraph_style("Fact", tabs=tab(Cm(8.2).twips), after=5, line=240, indent=(8.2, 8.2)),
        paragraph_style("Issue Note", before=14, after=6, look=letters(bold=True, colour=NAVY)),
        paragraph_style("Picture", keep=True, after=2, indent=(-0.26, 0)),
        paragraph_style("Cover Note", after=5, line=252, look=letters(size=9, colour=MUTED)),
        heading_style(1, 17, before=26, after=10, line=252, colour=NAVY, borders=border("bottom", GOLD, 12, 4)),
        heading_style(2, 13, before=18, after=6, line=252, colour=NAVY),
        heading_style(3, 11.5, before=20, after=4, line=252, colour=NAVY),
        paragraph_style(
            "TOC Heading",
            following="Normal",
            page_break=True,
            borders=border("bottom", GOLD, 12, 4),
            after=10,
            look=letters(size=17, bold=True, colour=NAVY),
        ),
        paragraph_style(
            "toc 1",
            identifier="TOC1",
            following="Normal",
            tabs=tab(LINE_WIDTH, "right"),
            before=6,
            after=2,
            look=letters(bold=True, colour=NAVY),
        ),
        paragraph_style(
            "toc 2", identifier="TOC2", following="Normal", tabs=tab(LINE_WIDTH, "right"), after=2, indent=(0.6, 0)
        ),
        foot_style(8, LINE_WIDTH, borders=border("top", LINE, 4, 6)),
        paragraph_style("Note", look=letters(size=9, colour=MUTED)),
        paragraph_style("Lead", based="Note", keep=True),
        paragraph_style("Finding", keep=True, before=8, after=6, look=letters(size=11.5, bold=True, colour=NAVY_SOFT)),
        paragraph_style("Asked", keep=True, look=letters(italic=True)),
        paragraph_style("Label", keep=True, before=8, after=2, look=letters(size=9, bold=True, colour=GOLD_INK)),
        paragraph_style("Subhead", keep=True, after=2, look=letters(size=9.5, bold=True, colour=NAVY_SOFT)),
        paragraph_style("Bar", after=3),
        paragraph_style("Evidence", tabs=tab(Cm(2.4).twips), after=4, line=252, indent=(2.4, 2.4)),
        paragraph_style("Table Gap", after=0, line=240, look=letters(size=4)),
        _table_texts("", 9.5, 9.5),
        _table_texts("Small ", 8.5, 8),
        paragraph_style("Tile Label", keep=True, before=4, after=2, line=240, look=letters(size=8.5, colour=MUTED)),
        paragraph_style("Tile Value", after=0, line=240, look=letters(size=15, bold=True, colour=NAVY)),
        paragraph_style("Tile Note", after=4, line=240, look=letters(size=8.5, colour=MUTED)),
        paragraph_style("Fact Cell", before=0, after=4, line=240, look=letters(size=9.5, bold=True)),
        character_style("Strong", letters(bold=True, colour=NAVY)),
        character_style("Quiet", letters(size=9, colour=MUTED)),
        character_style("Fact Value", letters(size=11, bold=True, colour=NAVY)),
        character_style("Hyperlink", letters(size=9.5, colour=LINK, more='<w:u w:val="single"/>')),
        table_style("Figures", _ROWS, margin=FIGURES.margin, head=_UNDER_HEAD),
        table_style("Small Figures", _ROWS, margin=SMALL_FIGURES.margin, head=_UNDER_HEAD),
        table_style("Facts", border("top", LINE, 4) + border("bottom", LINE, 4), margin=FACTS.margin),
        table_style(
            "Tiles",
            border("left", GOLD, 18) + border("insideV", GOLD, 18),
            margin=TILES.margin,
            below=60,
            ground=SURFACE,
        ),
    )
)
REPORT = Look("Calibri", "Arial", MARGIN, _STYLES)
