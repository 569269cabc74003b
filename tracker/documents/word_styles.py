"""The blank Word document that is written into: styles, settings and paper, kept as bytes for each look and language.

How a paragraph looks stands in its style, so that a file is small, soon made, and changed by its readers in one place.
python-docx brings a template with 164 styles, their doubles and a picture of an empty page: of it the package stays.

What stands inside ``w:pPr``, ``w:rPr``, ``w:tblPr`` and so on has its place in the standard (ISO/IEC 29500-1, annex A):
Word takes a file in another order for damaged.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm, Emu

TAGS = {"en": "en-US", "es": "es-419", "pt": "pt-BR", "fr": "fr-FR"}
INK, NAVY, NAVY_SOFT, GOLD, GOLD_INK = "16202F", "10264A", "3C5378", "D2A13C", "80600F"
MUTED, LINK, LINE, SURFACE = "515D6E", "1C4F8C", "CBD3DE", "F4F6FA"
PAGE_WIDTH, PAGE_HEIGHT = Cm(21.59), Cm(27.94)
"""US Letter."""
BUILT_IN = (
    *("Title", "heading 1", "heading 2", "heading 3", "toc 1", "toc 2", "TOC Heading", "footer"),
    *("Strong", "Hyperlink"),
)
_NEEDED = (RELATIONSHIP_TYPE.STYLES, RELATIONSHIP_TYPE.SETTINGS, RELATIONSHIP_TYPE.FONT_TABLE, RELATIONSHIP_TYPE.THEME)

SUBSTITUTES = {
    "Calibri": ("Carlito", "020F0502020204030204", "swiss"),
    "Times New Roman": ("Liberation Serif", "02020603050405020304", "roman"),
    "Arial": ("Liberation Sans", "020B0604020202020204", "swiss"),
}
"""A typeface: one of the same widths where it is missing, its PANOSE numbers, its family."""


@dataclass(frozen=True)
class Look:
    """How a kind of document looks."""

    font: str
    for_other_scripts: str
    """Typeface for what runs from right to left."""
    margin: float
    """Left and right, in cm."""
    styles: str
    """As XML."""

    @property
    def line(self) -> int:
        """Width of a line in twentieths of a point."""
        return line_of(self.margin)


def line_of(margin: float) -> int:
    """Width of a line between margins of so many cm, in twentieths of a point."""
    return Emu(PAGE_WIDTH - 2 * Cm(margin)).twips


def letters(*, size: float = 0, bold: bool = False, italic: bool = False, colour: str = "", more: str = "") -> str:
    """What stands inside ``w:rPr``; ``size`` in points."""
    half = round(size * 2)
    return "".join(
        (
            "<w:b/><w:bCs/>" if bold else "",
            "<w:i/><w:iCs/>" if italic else "",
            f'<w:color w:val="{colour}"/>' if colour else "",
            f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>' if half else "",
            more,
        )
    )


def paragraph_style(
    name: str,
    *,
    identifier: str = "",
    based: str = "Normal",
    following: str = "",
    keep: bool = False,
    page_break: bool = False,
    borders: str = "",
    ground: str = "",
    tabs: str = "",
    hyphens: bool | None = None,
    before: float | None = None,
    after: float | None = None,
    line: int = 0,
    indent: tuple[float, float] | None = None,
    align: str = "",
    level: int | None = None,
    look: str = "",
) -> str:
    """A style of paragraphs.

    ``before``, ``after``: in points; ``line``: in 240ths; ``indent``: left and hanging, in cm; ``level``: of the
    document's structure, from 0; ``look``: as ``letters`` gives it.
    """
    identifier = identifier or name.replace(" ", "")
    spacing = "".join(
        (
            f' w:before="{round(before * 20)}"' if before is not None else "",
            f' w:after="{round(after * 20)}"' if after is not None else "",
            f' w:line="{line}" w:lineRule="auto"' if line else "",
        )
    )
    hanging = f' w:hanging="{Cm(indent[1]).twips}"' if indent and indent[1] else ""
    inside = "".join(
        (
            "<w:keepNext/>" if keep else "",
            "<w:keepLines/>" if level is not None else "",
            "<w:pageBreakBefore/>" if page_break else "",
            f"<w:pBdr>{borders}</w:pBdr>" if borders else "",
            f'<w:shd w:val="clear" w:color="auto" w:fill="{ground}"/>' if ground else "",
            f"<w:tabs>{tabs}</w:tabs>" if tabs else "",
            f'<w:suppressAutoHyphens w:val="{0 if hyphens else 1}"/>' if hyphens is not None else "",
            f"<w:spacing{spacing}/>" if spacing else "",
            f'<w:ind w:left="{Cm(indent[0]).twips}"{hanging}/>' if indent else "",
            f'<w:jc w:val="{align}"/>' if align else "",
            f'<w:outlineLvl w:val="{level}"/>' if level is not None else "",
        )
    )
    is_normal = identifier == "Normal"
    kind = ' w:default="1"' if is_normal else _own(name)
    return "".join(
        (
            f'<w:style w:type="paragraph"{kind} w:styleId="{identifier}"><w:name w:val="{name}"/>',
            "" if is_normal else f'<w:basedOn w:val="{based}"/>',
            f'<w:next w:val="{following}"/>' if following else "",
            "<w:qFormat/>",
            f"<w:pPr>{inside}</w:pPr>" if inside else "",
            f"<w:rPr>{look}</w:rPr>" if look else "",
            "</w:style>",
        )
    )


def heading_style(
    level: int, size: float, *, before: float, after: float, line: int, colour: str = "", borders: str = ""
) -> str:
    """A heading of the document's structure, ``level`` from 1: in bold, never alone at the foot of a page."""
    return paragraph_style(
        f"heading {level}",
        identifier=f"Heading{level}",
        following="Normal",
        keep=True,
        borders=borders,
        before=before,
        after=after,
        line=line,
        level=level - 1,
        look=letters(size=size, bold=True, colour=colour),
    )


def foot_style(size: float, width: int, *, borders: str = "") -> str:
    """What stands below each page: words at the left, the number of the page at the right; ``width`` in twentieths."""
    look = letters(size=size, colour=MUTED)
    return paragraph_style("footer", identifier="Footer", borders=borders, tabs=tab(width, "right"), after=0, look=look)


def character_style(name: str, look: str) -> str:
    """A style of words inside a paragraph."""
    return (
        f'<w:style w:type="character"{_own(name)} w:styleId="{name.replace(" ", "")}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="DefaultParagraphFont"/><w:qFormat/><w:rPr>{look}</w:rPr></w:style>'
    )


def table_style(name: str, borders: str, *, margin: int, below: int = 0, ground: str = "", head: str = "") -> str:
    """A style of tables: ``borders`` of all of it, ``ground`` of its cells.

    ``margin``: beside what is in a cell, ``below``: under it, in twentieths of a point; ``head``: what stands inside
    ``w:tcPr`` for the first row.
    """
    cells = f'<w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{ground}"/></w:tcPr>' if ground else ""
    first = f'<w:tblStylePr w:type="firstRow"><w:tcPr>{head}</w:tcPr></w:tblStylePr>' if head else ""
    return (
        f'<w:style w:type="table"{_own(name)} w:styleId="{name.replace(" ", "")}"><w:name w:val="{name}"/>'
        '<w:basedOn w:val="TableNormal"/><w:qFormat/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblCellMar><w:left w:w="{margin}" w:type="dxa"/>'
        f'<w:bottom w:w="{below}" w:type="dxa"/><w:right w:w="{margin}" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"{cells}{first}</w:style>"
    )


def _own(name: str) -> str:
    """Says of a style that Word does not know it by itself."""
    return "" if name in BUILT_IN else ' w:customStyle="1"'


def border(side: str, colour: str, eighths: int, space: int = 0) -> str:
    """A line at a side of a paragraph or a table, ``eighths`` of a point thick, ``space`` points away."""
    return f'<w:{side} w:val="single" w:sz="{eighths}" w:space="{space}" w:color="{colour}"/>'


def tab(place: int, kind: str = "left", leader: str = "") -> str:
    """A stop of the tabulator, at twentieths of a point."""
    led = f' w:leader="{leader}"' if leader else ""
    return f'<w:tab w:val="{kind}"{led} w:pos="{place}"/>'


@cache
def blank(look: Look, language: str) -> bytes:
    """A document without a word, of this look, in this language (code)."""
    document: Any = Document()
    package = document.part.package
    for rels, needed in ((document.part.rels, _NEEDED), (package.rels, None)):
        for key, rel in list(rels.items()):
            dropped = rel.reltype not in needed if needed else rel.reltype.endswith("/thumbnail")
            if dropped:
                del rels[key]
    for part in package.iter_parts():
        match str(part.partname):
            case "/word/styles.xml":
                part._element = _styles(look, TAGS[language])
            case "/word/settings.xml":
                part._element = _settings()
            case "/word/fontTable.xml":
                part._blob = _fonts(look).encode()
            case "/docProps/app.xml":
                part._blob = _APP
    section = document.sections[0]
    section.page_width, section.page_height = PAGE_WIDTH, PAGE_HEIGHT
    section.left_margin = section.right_margin = Cm(look.margin)
    section.top_margin = section.bottom_margin = Cm(2.4)
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def _styles(look: Look, tag: str) -> Any:
    fonts = (
        f'<w:rFonts w:ascii="{look.font}" w:eastAsia="{look.font}" w:hAnsi="{look.font}"'
        f' w:cs="{look.for_other_scripts}"/>'
    )
    return parse_xml(
        f"<w:styles {nsdecls('w')}><w:docDefaults><w:rPrDefault><w:rPr>{fonts}"
        f'<w:sz w:val="22"/><w:szCs w:val="22"/><w:lang w:val="{tag}" w:eastAsia="{tag}" w:bidi="ar-SA"/></w:rPr>'
        "</w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
        '<w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        f"{look.styles}</w:styles>"
    )


def _settings() -> Any:
    """For Word from 2013: nothing of a file of before, so that it does not open in a mode of compatibility.

    Hyphens are on, for the narrow heads of tables; every other style turns them off.
    """
    uri = "http://schemas.microsoft.com/office/word"
    kept = "".join(
        f'<w:compatSetting w:name="{name}" w:uri="{uri}" w:val="{value}"/>'
        for name, value in (
            ("compatibilityMode", 15),
            ("overrideTableStyleFontSizeAndJustification", 1),
            ("enableOpenTypeFeatures", 1),
            ("doNotFlipMirrorIndents", 1),
            ("differentiateMultirowTableHeaders", 1),
        )
    )
    return parse_xml(
        f'<w:settings {nsdecls("w")}><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/><w:autoHyphenation/>'
        f'<w:characterSpacingControl w:val="doNotCompress"/><w:compat>{kept}</w:compat>'
        '<w:clrSchemeMapping w:bg1="light1" w:t1="dark1" w:bg2="light2" w:t2="dark2" w:accent1="accent1"'
        ' w:accent2="accent2" w:accent3="accent3" w:accent4="accent4" w:accent5="accent5" w:accent6="accent6"'
        ' w:hyperlink="hyperlink" w:followedHyperlink="followedHyperlink"/>'
        '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
    )


def _fonts(look: Look) -> str:
    listed = ""
    for name in dict.fromkeys((look.font, look.for_other_scripts)):
        instead, panose, family = SUBSTITUTES[name]
        listed += (
            f'<w:font w:name="{name}"><w:altName w:val="{instead}"/><w:panose1 w:val="{panose}"/>'
            f'<w:charset w:val="00"/><w:family w:val="{family}"/><w:pitch w:val="variable"/></w:font>'
        )
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:fonts {nsdecls("w")}>{listed}</w:fonts>'


_APP = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>Commitments Tracker</Application></Properties>"
)
