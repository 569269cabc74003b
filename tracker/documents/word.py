"""The plain parts a Word document is made of: paragraphs, tables, links, pictures, and the same bytes again.

Text goes in as runs, never as XML or field codes: what was typed stays text. The only references outside are addresses
of the web, for a click.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Length, Pt, RGBColor

TAGS = {"en": "en-US", "es": "es-419", "pt": "pt-BR", "fr": "fr-FR"}
NAVY, MUTED, LINK, LINE, SURFACE = "10264A", "515D6E", "1C4F8C", "CBD3DE", "F4F6FA"
_NO_XML = re.compile(r"[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML cannot hold; what comes from forms has none."""


@dataclass(frozen=True)
class About:
    """What the properties of the file say."""

    title: str
    author: str
    language: str
    """Code."""
    at: datetime
    """The only moment in the file."""


class Word:
    """A document on paper of letter size, written from top to bottom."""

    def __init__(self, about: About, font: str) -> None:
        self.about = about
        self.document: Any = Document()
        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(21.59), Cm(27.94)
        section.left_margin = section.right_margin = Cm(2.3)
        section.top_margin = section.bottom_margin = Cm(2.4)
        self._style("Normal", font, 10.5, "16202F")
        for name, size in (("Title", 30), ("Heading 1", 17), ("Heading 2", 13), ("Heading 3", 11.5)):
            self._style(name, font, size, NAVY).bold = True
        normal = self.document.styles["Normal"].paragraph_format
        normal.space_after, normal.line_spacing = Pt(6), 1.1
        self._language(TAGS[about.language])
        said = self.document.core_properties
        said.title, said.author, said.last_modified_by = about.title, about.author, about.author
        said.language, said.comments, said.revision = TAGS[about.language], "", 1
        said.created = said.modified = said.last_printed = about.at.replace(tzinfo=None)
        self._bookmarks = 0

    def _style(self, name: str, font: str, size: float, colour: str) -> Any:
        style = self.document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = font, Pt(size), RGBColor.from_string(colour)
        fonts = style.element.get_or_add_rPr().find(qn("w:rFonts"))
        for kind in [key for key in fonts.attrib if key.endswith("Theme")]:
            del fonts.attrib[kind]
        for kind in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(kind), font)
        return style.font

    def _language(self, tag: str) -> None:
        """The language of the whole document, for spelling and for screen readers."""
        defaults = self.document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
        language = defaults.find(qn("w:lang"))
        if language is None:
            language = OxmlElement("w:lang")
            defaults.append(language)
        for kind in ("w:val", "w:eastAsia"):
            language.set(qn(kind), tag)

    # text

    def heading(self, text: str, level: int) -> str:
        """A heading of the document's structure; the name by which ``to_heading`` leads to it."""
        paragraph = self.document.add_paragraph()
        # By its id: looking up a style by name reads them all.
        paragraph._p.style = f"Heading{level}" if level else "Title"
        self._bookmarks += 1
        name = f"part{self._bookmarks}"
        for kind in ("w:bookmarkStart", "w:bookmarkEnd"):
            mark = _element(kind, id=str(self._bookmarks))
            if kind == "w:bookmarkStart":
                mark.set(qn("w:name"), name)
                paragraph._p.append(mark)
                paragraph.add_run(text_of(text))
            else:
                paragraph._p.append(mark)
        return name

    def text(
        self,
        text: str,
        *,
        size: float = 0,
        bold: bool = False,
        italic: bool = False,
        colour: str = "",
        keep: bool = False,
        after: float | None = None,
    ) -> Any:
        """A paragraph for each line; the last one. ``keep``: stays on the page of what follows."""
        for line in [part for part in text.split("\n") if part.strip()] or [""]:
            paragraph = self.document.add_paragraph()
            run(paragraph, line, size=size, bold=bold, italic=italic, colour=colour)
            paragraph.paragraph_format.keep_with_next = keep or None
            if after is not None:
                paragraph.paragraph_format.space_after = Pt(after)
        return paragraph

    def to_heading(self, paragraph: Any, text: str, name: str) -> None:
        """A link inside the document."""
        link = OxmlElement("w:hyperlink")
        link.set(qn("w:anchor"), name)
        _linked(paragraph, link, text)

    def to_web(self, paragraph: Any, text: str, address: str, *, size: float = 0) -> None:
        """A link to an address of the web in plain letters; the text alone for anything else."""
        if not (address.isascii() and address.startswith(("https://", "http://"))):
            run(paragraph, text, size=size, colour=MUTED)
            return
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), self.document.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        _linked(paragraph, link, text, size)

    def picture(self, png: bytes, alt: str, width: Length) -> Any:
        """A picture with the words that stand for it."""
        paragraph = self.document.add_paragraph()
        shape = paragraph.add_run().add_picture(BytesIO(png), width=width)
        shape._inline.docPr.set("descr", text_of(alt))
        return paragraph

    # tables

    def table(
        self,
        caption: str,
        heads: Sequence[str],
        rows: Iterable[Sequence[str]],
        widths: Sequence[float],
        right: Iterable[int] = (),
        size: float = 9,
    ) -> None:
        """A table whose first row is repeated on each page; ``widths`` are parts of the line."""
        whole = int(Cm(21.59 - 2 * 2.3).twips)
        twips = [int(whole * part / sum(widths)) for part in widths]
        table = _element("w:tbl")
        about = _child(table, "w:tblPr")
        _child(about, "w:tblW", w=str(sum(twips)), type="dxa")
        borders = _child(about, "w:tblBorders")
        for side in ("w:top", "w:bottom", "w:insideH"):
            _child(borders, side, val="single", sz="4", space="0", color=LINE)
        _child(about, "w:tblLayout", type="fixed")
        _child(about, "w:tblLook", val="0020", firstRow="1", lastRow="0", firstColumn="0", noHBand="1", noVBand="1")
        _child(about, "w:tblCaption", val=text_of(caption))
        grid = _child(table, "w:tblGrid")
        for width in twips:
            _child(grid, "w:gridCol", w=str(width))
        to_right = frozenset(right)
        _row(table, heads, twips, to_right, size, is_head=True)
        for cells in rows:
            _row(table, cells, twips, to_right, size)
        self.document.element.body.insert_element_before(table, "w:sectPr")
        after = self.document.add_paragraph()
        after.paragraph_format.space_after = after.paragraph_format.space_before = Pt(0)
        after.paragraph_format.line_spacing = Pt(8)

    # the file

    def foot(self, text: str) -> None:
        """Text and page number below each page but the first."""
        section = self.document.sections[0]
        section.different_first_page_header_footer = True
        paragraph = section.footer.paragraphs[0]
        run(paragraph, f"{text} · ", size=8, colour=MUTED)
        for number, code in enumerate(("PAGE", "NUMPAGES")):
            if number:
                run(paragraph, " / ", size=8, colour=MUTED)
            field = OxmlElement("w:fldSimple")
            field.set(qn("w:instr"), code)
            _text(field, "1", size=8, colour=MUTED)
            paragraph._p.append(field)

    def page_break(self) -> None:
        self.document.add_page_break()

    def content(self) -> bytes:
        """The file. The same parts give the same bytes: the container holds no moment but that of ``About``."""
        raw = BytesIO()
        self.document.save(raw)
        at = self.about.at.timetuple()[:6]
        out = BytesIO()
        with ZipFile(raw) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
            for name in source.namelist():
                info = ZipInfo(name, date_time=(at[0], at[1], at[2], at[3], at[4], at[5]))
                info.compress_type, info.external_attr, info.create_system = ZIP_DEFLATED, 0o600 << 16, 3
                target.writestr(info, source.read(name))
        return out.getvalue()


def run(
    paragraph: Any, text: str, *, size: float = 0, bold: bool = False, italic: bool = False, colour: str = ""
) -> None:
    """Text at the end of a paragraph."""
    _text(paragraph._p, text, size=size, bold=bold, italic=italic, colour=colour)


def text_of(text: str) -> str:
    """The text without what XML cannot hold."""
    return _NO_XML.sub("\ufffd", text)


def _row(
    table: Any, texts: Sequence[str], twips: Sequence[int], right: frozenset[int], size: float, *, is_head: bool = False
) -> None:
    row = _child(table, "w:tr")
    about = _child(row, "w:trPr")
    _child(about, "w:cantSplit")
    if is_head:
        _child(about, "w:tblHeader")
    for number, (text, width) in enumerate(zip(texts, twips, strict=True)):
        cell = _child(row, "w:tc")
        properties = _child(cell, "w:tcPr")
        _child(properties, "w:tcW", w=str(width), type="dxa")
        if is_head:
            _child(properties, "w:shd", val="clear", color="auto", fill=SURFACE)
        for line in text.split("\n"):
            paragraph = _child(cell, "w:p")
            about_it = _child(paragraph, "w:pPr")
            if is_head:
                _child(about_it, "w:keepNext")
            _child(about_it, "w:spacing", before="40", after="40", line="240", lineRule="auto")
            if number in right:
                _child(about_it, "w:jc", val="right")
            _text(paragraph, line, size=size, bold=is_head, colour=NAVY if is_head else "")


def _linked(paragraph: Any, link: Any, text: str, size: float = 0) -> None:
    _text(link, text, size=size, colour=LINK)
    paragraph._p.append(link)


def _text(
    parent: Any, text: str, *, size: float = 0, bold: bool = False, italic: bool = False, colour: str = ""
) -> None:
    """A run of text; nothing in it is read as anything else."""
    made = _child(parent, "w:r")
    if size or bold or italic or colour:
        look = _child(made, "w:rPr")
        if bold:
            _child(look, "w:b")
        if italic:
            _child(look, "w:i")
        if colour:
            _child(look, "w:color", val=colour)
        if size:
            _child(look, "w:sz", val=str(round(size * 2)))
    for number, piece in enumerate(text_of(text).split("\t")):
        if number:
            _child(made, "w:tab")
        if piece:
            inner = _child(made, "w:t")
            inner.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            inner.text = piece


def _child(parent: Any, name: str, **values: str) -> Any:
    made = _element(name, **values)
    parent.append(made)
    return made


def _element(name: str, **values: str) -> Any:
    made = OxmlElement(name)
    for key, value in values.items():
        made.set(qn(f"w:{key}"), value)
    return made
