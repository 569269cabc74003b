"""A note verbale as a PDF for print: from its frozen content to bytes, and the same bytes again."""

from __future__ import annotations

from datetime import UTC, datetime, time

from tracker.documents.note_verbale_words import Words
from tracker.documents.typesetting import REGIONS, typeset
from tracker.services.note_content import NoteContent

TEMPLATE = "note_verbale.typ"


def render(content: NoteContent) -> bytes:
    """The PDF. The same content gives the same bytes: the date in the file is the note's."""
    words = Words(content)
    data = {
        "lang": content.language,
        "region": REGIONS[content.language],
        "document_title": words.document_title,
        "sender": words.sender,
        "title": words.title,
        "number": content.number,
        "before": [words.opening, words.owed],
        "caption": words.caption,
        "heads": list(words.heads),
        "rows": [list(row) for row in words.rows],
        "after": words.after_table,
        "place_and_date": words.place_and_date,
        "initials": words.initials,
        "seal": words.seal,
        "addressee": words.addressee,
    }
    return typeset(TEMPLATE, data, int(datetime.combine(content.day, time.min, UTC).timestamp()))
