"""The plain parts a Word document is made of: paragraphs, tables, links, pictures, and the same bytes again.

The body is written as text of XML, from top to bottom: building it element by element takes four times as long. So
whatever comes from people passes ``_escaped``, in one place; it is never XML and never a field code. python-docx keeps
the package around it: styles, properties, pictures, relations. The only references outside are addresses of the web,
for a click.
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
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Length

from tracker.documents.word_styles import TAGS, Look, blank

_NO_XML = re.compile(r"[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML cannot hold; what comes from forms has none."""
TAB = "<w:r><w:tab/></w:r>"
_TAB_INSIDE = '</w:t><w:tab/><w:t xml:space="preserve">'
LETTER = 0.55
"""The width of a letter in a word of bold ones, in parts of their size: what the widest words need."""
LONGEST_WORD = 14
AFTER_TABLE = 160
"""Twentieths of a point between a table and the paragraph below it."""


@dataclass(frozen=True)
class About:
    """What the properties of the file say."""

    title: str
    author: str
    language: str
    """Code."""
    at: datetime
    """The only moment in the file."""


@dataclass(frozen=True)
class TableLook:
    """How a kind of table looks: its style, and those of its head, of the first line in a cell, and of the others."""

    style: str
    head: str
    first: str
    other: str
    size: float
    """Of its letters, in points."""
    margin: int
    """Beside what is in a cell, in twentieths of a point."""

    def width_of(self, texts: Iterable[str]) -> float:
        """Twentieths of a point in which the words of a column surely stand whole, the longest ones excepted."""
        longest = max(map(len, " ".join(texts).replace("-", "- ").split()), default=0)
        return min(longest, LONGEST_WORD) * self.size * 20 * LETTER + 2 * self.margin


class Word:
    """A document on paper of letter size, written from top to bottom."""

    def __init__(self, about: About, look: Look) -> None:
        self.about, self.look = about, look
        self.document: Any = Document(BytesIO(blank(look, about.language)))
        said = self.document.core_properties
        said.title, said.author, said.last_modified_by = about.title, about.author, about.author
        said.language, said.comments, said.revision = TAGS[about.language], "", 1
        said.created = said.modified = said.last_printed = about.at.replace(tzinfo=None)
        self._body: list[str] = []
        self._headings: list[tuple[int, str, str]] = []
        self._contents: tuple[int, str] | None = None
        self._is_below_table = False

    # text

    def paragraph(self, style: str, *runs: str, keep: bool = False, page_break: bool = False) -> None:
        """A paragraph of what ``run``, ``to_web`` and ``tab`` give. ``keep``: stays on the page of what follows."""
        more = ""
        if keep:
            more += "<w:keepNext/>"
        if page_break:
            more += "<w:pageBreakBefore/>"
        if page_break:
            # Above the first line of a page there is room already, which Word leaves away by itself, others do not.
            more += '<w:spacing w:before="0"/>'
        elif self._is_below_table and not style.startswith("Heading"):
            more += f'<w:spacing w:before="{AFTER_TABLE}"/>'
        self._is_below_table = False
        self._body.append(f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{"".join(runs)}</w:p>')

    def text(self, style: str, text: str, *, keep: bool = False) -> None:
        """A paragraph for each line that is not blank."""
        for line in text.split("\n"):
            if line.strip():
                self.paragraph(style, run(line), keep=keep)

    def heading(self, text: str, level: int, *, page_break: bool = False) -> None:
        """A heading of the document's structure; those of the first two levels stand in the contents."""
        number = len(self._headings) + 1
        name = f"part{number}"
        self._headings.append((level, text, name))
        begin, end = f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>', f'<w:bookmarkEnd w:id="{number}"/>'
        self.paragraph(f"Heading{level}", begin, run(text), end, page_break=page_break)

    def contents(self, title: str) -> None:
        """The contents, on a page of their own: a field, filled with what it will find."""
        self._contents = len(self._body), title

    def to_web(self, text: str, address: str) -> str:
        """A link to an address of the web in plain letters; the text alone for anything else."""
        if not _is_of_web(address):
            return run(text, "Quiet")
        return f'<w:hyperlink r:id="{self._linked(address)}" w:history="1">{run(text, "Hyperlink")}</w:hyperlink>'

    def _linked(self, address: str) -> str:
        return str(self.document.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))

    def picture(self, style: str, png: bytes, alt: str, width: Length, address: str) -> None:
        """A picture with the words that stand for it; a click on it leads to the address."""
        shape = self.document.part.new_pic_inline(BytesIO(png), width)
        shape.docPr.set("descr", text_of(alt))
        if _is_of_web(address):
            link = OxmlElement("a:hlinkClick")
            link.set(qn("r:id"), self._linked(address))
            shape.docPr.append(link)
        self.paragraph(style, f"<w:r><w:drawing>{shape.xml}</w:drawing></w:r>")

    # tables

    def table(
        self,
        caption: str,
        heads: Sequence[str],
        rows: Iterable[Sequence[str]],
        widths: Sequence[float],
        look: TableLook,
        *,
        right: Iterable[int] = (),
        keep: bool = False,
    ) -> None:
        """A table whose first row is repeated on each page, and whose rows are not torn. ``keep``: on one page.

        ``widths`` are parts of the line; a column too narrow for a word takes from those that have room.
        """
        if self._is_below_table:
            # Word makes one table of two that touch.
            self.paragraph("TableGap")
        told = list(rows)
        parts = [self.look.line * part / sum(widths) for part in widths]
        needed = [look.width_of(column) for column in zip(heads, *told, strict=True)]
        twips = _fitting(parts, needed)
        to_right = frozenset(right)
        head, plain, kept = (
            _cells(first, other, twips, to_right, keep=is_kept)
            for first, other, is_kept in (
                (look.head, look.head, False),
                (look.first, look.other, False),
                (look.first, look.other, True),
            )
        )
        named = _escaped(caption).replace('"', "&quot;")
        made = [
            f'<w:tbl><w:tblPr><w:tblStyle w:val="{look.style}"/><w:tblW w:w="{sum(twips)}" w:type="dxa"/>'
            '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0620" w:firstRow="1" w:lastRow="0" w:firstColumn="0"'
            f' w:lastColumn="0" w:noHBand="1" w:noVBand="1"/><w:tblCaption w:val="{named}"/></w:tblPr><w:tblGrid>',
            *(f'<w:gridCol w:w="{width}"/>' for width in twips),
            "</w:tblGrid>",
            _row(heads, head, is_head=True),
        ]
        # No row stands alone at the foot of a page or at the head of the next.
        alone = {1, len(told) - 1}
        whole = len(told) if keep else 0
        made += [
            _row(cells, kept if n < len(told) and (n < whole or n in alone) else plain)
            for n, cells in enumerate(told, 1)
        ]
        made.append("</w:tbl>")
        self._body.append("".join(made))
        self._is_below_table = True

    # the file

    def foot(self, text: str) -> None:
        """Text and page number below each page but the first."""
        section = self.document.sections[0]
        section.different_first_page_header_footer = True
        numbers = (f'<w:fldSimple w:instr="{code}">{run("1")}</w:fldSimple>' for code in ("PAGE", "NUMPAGES"))
        old = section.footer.paragraphs[0]._p
        old.getparent().replace(
            old,
            parse_xml(
                f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="Footer"/></w:pPr>'
                f"{run(text)}{TAB}{run(' / ').join(numbers)}</w:p>"
            ),
        )

    def content(self) -> bytes:
        """The file. The same parts give the same bytes: the container holds no moment but that of ``About``."""
        if self._is_below_table:
            self.paragraph("TableGap")
        if self._contents:
            at, title = self._contents
            self._body.insert(at, _contents(title, self._headings))
            self._contents = None
        raw = BytesIO()
        self.document.save(raw)
        moment = self.about.at.timetuple()
        out = BytesIO()
        with ZipFile(raw) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
            for name in source.namelist():
                part = source.read(name)
                if name == "word/document.xml":
                    before, mark, after = part.partition(b"<w:sectPr")
                    part = b"".join((before, "".join(self._body).encode(), mark, after))
                info = ZipInfo(name, date_time=(*moment[:6],))
                info.compress_type, info.external_attr, info.create_system = ZIP_DEFLATED, 0o600 << 16, 3
                target.writestr(info, part)
        return out.getvalue()


def run(text: str, style: str = "", *, look: str = "") -> str:
    """Text inside a paragraph; ``style``: of characters; ``look``: as ``word_styles.letters`` gives it."""
    said = _escaped(text)
    if "\t" in said:
        said = said.replace("\t", _TAB_INSIDE)
    styled = f'<w:rStyle w:val="{style}"/>' if style else ""
    about = f"<w:rPr>{styled}{look}</w:rPr>" if style or look else ""
    return f'<w:r>{about}<w:t xml:space="preserve">{said}</w:t></w:r>'


def _is_of_web(address: str) -> bool:
    return address.isascii() and address.startswith(("https://", "http://"))


def text_of(text: str) -> str:
    """The text without what XML cannot hold."""
    return _NO_XML.sub("\ufffd", text)


def _escaped(text: str) -> str:
    """The text as it stands in XML between two marks."""
    return text_of(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _fitting(parts: Sequence[float], needed: Sequence[float]) -> list[int]:
    """The widths of columns: as given, but for those that need more; the others give of what they can spare."""
    lacking = sum(max(need - part, 0) for part, need in zip(parts, needed, strict=True))
    spare = sum(max(part - need, 0) for part, need in zip(parts, needed, strict=True))
    share = min(lacking / spare, 1) if spare else 0
    given = min(spare / lacking, 1) if lacking else 0
    return [
        int(part + (need - part) * given if need > part else part - (part - need) * share)
        for part, need in zip(parts, needed, strict=True)
    ]


Column = tuple[str, str, str]
"""What stands before a cell of a column, before its first paragraph, and before the others."""


def _cells(first: str, other: str, twips: Sequence[int], right: frozenset[int], *, keep: bool) -> list[Column]:
    made = []
    for number, width in enumerate(twips):
        more = "<w:keepNext/>" if keep else ""
        if number in right:
            more += '<w:jc w:val="right"/>'
        begun, further = (f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>' for style in (first, other))
        made.append((f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>', begun, further))
    return made


def _row(texts: Sequence[str], columns: Sequence[Column], *, is_head: bool = False) -> str:
    made = ["<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>" if is_head else _BODY_ROW]
    for text, (cell, paragraph, other) in zip(texts, columns, strict=True):
        made.append(cell)
        for line in text.split("\n"):
            made += (paragraph, run(line) if line else "", "</w:p>")
            paragraph = other
        made.append("</w:tc>")
    made.append("</w:tr>")
    return "".join(made)


_BODY_ROW = "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
_FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
_BEGIN, _SEPARATE, _END = (_FIELD.format(kind) for kind in ("begin", "separate", "end"))


def _code(said: str) -> str:
    """The beginning of a field, up to what it shows."""
    return f'{_BEGIN}<w:r><w:instrText xml:space="preserve"> {said} </w:instrText></w:r>{_SEPARATE}'


def _contents(title: str, headings: Sequence[tuple[int, str, str]]) -> str:
    """The table of contents as word processors make it, with its entries.

    The number of a page is left for them to find: none is better than a wrong one.
    """
    listed = [heading for heading in headings if heading[0] <= 2]
    lines = []
    for number, (level, text, name) in enumerate(listed, 1):
        entry = (
            f'<w:hyperlink w:anchor="{name}" w:history="1">{run(text)}{TAB}'
            f"{_code(f'PAGEREF {name} {chr(92)}h')}{_END}</w:hyperlink>"
        )
        begin = _code(r'TOC \o "1-2" \h \z \u') if number == 1 else ""
        end = _END if number == len(listed) else ""
        lines.append(f'<w:p><w:pPr><w:pStyle w:val="TOC{level}"/></w:pPr>{begin}{entry}{end}</w:p>')
    return (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/></w:docPartObj>'
        '</w:sdtPr><w:sdtContent><w:p><w:pPr><w:pStyle w:val="TOCHeading"/></w:pPr>'
        f"{run(title)}</w:p>{''.join(lines)}</w:sdtContent></w:sdt>"
    )
