"""A note verbale as a Word document, to be put on letterhead: from its frozen content to bytes, and the same again.

Text goes in as runs, never as XML or field codes: what was typed stays text. Nothing in the file refers outside it.
"""

from __future__ import annotations

from datetime import datetime, time

from docx.shared import Cm

from tracker.documents.note_verbale_words import Words
from tracker.documents.word import TAB, About, TableLook, Word, run
from tracker.documents.word_styles import (
    Look,
    border,
    foot_style,
    heading_style,
    letters,
    line_of,
    paragraph_style,
    tab,
    table_style,
)
from tracker.services.note_content import NoteContent

MARGIN = 2.6
WIDTHS = (1.9, 6.5, 3.0, 3.0, 2.0)
"""Of the columns, in cm."""
_BORDER = "9AA3B1"
_TABLE = TableLook("Reports", "TableHead", "TableText", "TableText", 10, 90)
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
_STYLES = "".join(
    (
        paragraph_style("Normal", hyphens=False, after=10, line=264, look=letters(size=12)),
        paragraph_style("Sender", after=24, align="center", look=letters(bold=True)),
        heading_style(1, 15, before=0, after=2, line=264),
        paragraph_style("Number", after=18, look=letters(bold=True)),
        paragraph_style(
            "Table Head", keep=True, hyphens=True, before=3, after=3, line=240, look=letters(size=10, bold=True)
        ),
        paragraph_style("Table Text", before=3, after=3, line=240, look=letters(size=10)),
        paragraph_style("Table Gap", after=0, line=240, look=letters(size=4)),
        paragraph_style("Place", keep=True, before=18, after=54, align="right"),
        # The line to write on is drawn by the tabulator: nothing that is read out.
        paragraph_style("Marks", keep=True, tabs=tab(Cm(7).twips, leader="underscore") + tab(Cm(12).twips), after=0),
        paragraph_style("Initials", keep=True, after=30, look=letters(size=10)),
        paragraph_style("Addressee", after=0),
        foot_style(9, line_of(MARGIN)),
        table_style("Reports", "".join(border(side, _BORDER, 4) for side in _SIDES), margin=_TABLE.margin),
    )
)
LOOK = Look("Times New Roman", "Times New Roman", MARGIN, _STYLES)


def render(content: NoteContent) -> bytes:
    """The document. The same content gives the same bytes: dates and order in the file are the note's own."""
    words = Words(content)
    day = datetime.combine(content.day, time.min)
    word = Word(About(words.document_title, words.sender, content.language, day), LOOK)
    word.paragraph("Sender", run(words.sender))
    word.heading(words.title, 1)
    word.paragraph("Number", run(content.number))
    word.paragraph("Normal", run(words.opening))
    word.paragraph("Normal", run(words.owed), keep=True)
    word.table(words.caption, words.heads, words.rows, WIDTHS, _TABLE, right=(len(WIDTHS) - 1,))
    for text in words.after_table[:-1]:
        word.paragraph("Normal", run(text))
    # The words of courtesy stand on the page of the initials.
    word.paragraph("Normal", run(words.after_table[-1]), keep=True)
    _foot(word, words)
    return word.content()


def _foot(word: Word, words: Words) -> None:
    """Place and date, room for initials and seal, addressee: kept together; below each page, its number."""
    word.paragraph("Place", run(words.place_and_date))
    word.paragraph("Marks", TAB, TAB, run(f"[{words.seal}]"))
    word.paragraph("Initials", run(words.initials))
    for number, line in enumerate(words.addressee, 1):
        word.paragraph("Addressee", run(line), keep=number < len(words.addressee))
    word.foot(f"{words.title} {words.content.number}")
