"""A note verbale as a Word document, to be put on letterhead: from its frozen content to bytes, and the same again.

Text goes in as runs, never as XML or field codes: what was typed stays text. Nothing in the file refers outside it.
"""

from __future__ import annotations

import re
from datetime import datetime, time
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from tracker.documents.note_verbale_words import Words
from tracker.services.note_content import NoteContent

FONT = "Times New Roman"
TAGS = {"en": "en-US", "es": "es-419", "pt": "pt-BR", "fr": "fr-FR"}
WIDTHS = (Cm(1.9), Cm(6.5), Cm(3.0), Cm(3.0), Cm(2.0))
_NO_XML = re.compile(r"[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML cannot hold; what comes from forms has none."""


def render(content: NoteContent) -> bytes:
    """The document. The same content gives the same bytes: dates and order in the file are the note's own."""
    words = Words(content)
    document = Document()
    _set_up(document, words)
    _write(document, words)
    raw = BytesIO()
    document.save(raw)
    return _same_again(raw.getvalue(), content)


def _set_up(document: Any, words: Words) -> None:
    content = words.content
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.59), Cm(27.94)
    section.left_margin = section.right_margin = Cm(2.6)
    section.top_margin = section.bottom_margin = Cm(2.4)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(12)
    normal.paragraph_format.space_after = Pt(10)
    normal.paragraph_format.line_spacing = 1.1
    for name in ("Normal", "Title", "Heading 1"):
        style = document.styles[name]
        style.font.name, style.font.color.rgb = FONT, RGBColor(0, 0, 0)
        properties = style.element.get_or_add_rPr()
        fonts = properties.find(qn("w:rFonts"))
        for kind in [key for key in fonts.attrib if key.endswith("Theme")]:
            del fonts.attrib[kind]
        for kind in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(kind), FONT)
    _language(document, TAGS[content.language])
    made = datetime.combine(content.day, time.min)
    about = document.core_properties
    about.title, about.author, about.last_modified_by = words.document_title, words.sender, words.sender
    about.language, about.comments, about.revision = TAGS[content.language], "", 1
    about.created = about.modified = about.last_printed = made


def _language(document: Any, tag: str) -> None:
    """The language of the whole document, for spelling and for screen readers."""
    defaults = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    language = defaults.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        defaults.append(language)
    for kind in ("w:val", "w:eastAsia"):
        language.set(qn(kind), tag)


def _write(document: Any, words: Words) -> None:
    sender = _paragraph(document, words.sender, bold=True)
    sender.alignment = WD_ALIGN_PARAGRAPH.CENTER
    sender.paragraph_format.space_after = Pt(24)
    heading = document.add_paragraph(_text(words.title), style="Heading 1")
    heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(0), Pt(2)
    _paragraph(document, words.content.number, bold=True).paragraph_format.space_after = Pt(18)
    for text in (words.opening, words.owed):
        _paragraph(document, text)
    _table(document, words)
    for number, text in enumerate(words.after_table):
        written = _paragraph(document, text)
        if number == 0:
            written.paragraph_format.space_before = Pt(12)
    # The words of courtesy stand on the page of the initials.
    written.paragraph_format.keep_with_next = True
    _foot(document, words)


def _table(document: Any, words: Words) -> None:
    table = document.add_table(rows=1, cols=len(words.heads))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), words.caption)
    table._tbl.tblPr.append(caption)
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = width
    head = table.rows[0]
    _row(head, words.heads, bold=True)
    for name in ("w:tblHeader", "w:cantSplit"):
        mark = OxmlElement(name)
        mark.set(qn("w:val"), "true")
        head._tr.get_or_add_trPr().append(mark)
    for cells in words.rows:
        row = table.add_row()
        _row(row, cells)
        mark = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(mark)


def _row(row: Any, texts: tuple[str, ...], *, bold: bool = False) -> None:
    for number, (cell, text, width) in enumerate(zip(row.cells, texts, WIDTHS, strict=True)):
        cell.width = width
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = paragraph.paragraph_format.space_before = Pt(2)
        paragraph.paragraph_format.line_spacing = 1
        if number == len(texts) - 1:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        run = paragraph.add_run(_text(text))
        run.font.size, run.bold = Pt(10), bold


def _foot(document: Any, words: Words) -> None:
    """Place and date, room for initials and seal, addressee: kept together."""
    place = _paragraph(document, words.place_and_date)
    place.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    place.paragraph_format.space_before = Pt(18)
    place.paragraph_format.space_after = Pt(54)
    marks = _paragraph(document, f"________________________\t[{words.seal}]")
    marks.paragraph_format.tab_stops.add_tab_stop(Cm(12))
    marks.paragraph_format.space_after = Pt(0)
    below = _paragraph(document, words.initials)
    below.paragraph_format.space_after = Pt(30)
    kept = [place, marks, below]
    for line in words.addressee:
        written = _paragraph(document, line)
        written.paragraph_format.space_after = Pt(0)
        kept.append(written)
    for written in kept[:-1]:
        written.paragraph_format.keep_with_next = True


def _paragraph(document: Any, text: str, *, bold: bool = False) -> Any:
    paragraph = document.add_paragraph()
    paragraph.add_run(_text(text)).bold = bold
    return paragraph


def _text(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)


def _same_again(made: bytes, content: NoteContent) -> bytes:
    """The same parts in a container that holds no moment but the note's day."""
    at = (content.day.year, content.day.month, content.day.day, 0, 0, 0)
    out = BytesIO()
    with ZipFile(BytesIO(made)) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            info = ZipInfo(name, date_time=at)
            info.compress_type, info.external_attr, info.create_system = ZIP_DEFLATED, 0o600 << 16, 3
            target.writestr(info, source.read(name))
    return out.getvalue()
