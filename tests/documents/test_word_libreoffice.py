"""The Word documents as people see them, opened in LibreOffice Writer and printed, beside the PDF of the same."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from typing import Any

import pypdf

from tests.cast import Cast
from tests.documents.test_note_verbale import LONG, content
from tests.documents.test_status_report_docx import ISSUE, full, squeezed
from tests.support.office import Convert
from tracker.documents import (
    hemispheric_docx,
    hemispheric_pdf,
    hemispheric_printed,
    note_verbale_docx,
    status_report_docx,
    status_report_pdf,
    status_report_printed,
)
from tracker.documents.hemispheric_words import Words as HemisphericWords
from tracker.documents.note_verbale_words import Words as NoteWords
from tracker.documents.status_report_words import Words
from tracker.domain.vocabulary import ReportState
from tracker.services import hemispheric

LETTER = (612, 792)
"""Points."""


def read(pdf: bytes) -> tuple[pypdf.PdfReader, list[str]]:
    """The file, and the text of each page without spaces and hyphens."""
    made = pypdf.PdfReader(BytesIO(pdf))
    return made, [squeezed(page.extract_text()) for page in made.pages]


def structure(made: pypdf.PdfReader, level: int = 0, outline: list[Any] | None = None) -> list[tuple[int, str]]:
    """The headings of the file's outline, each with its level from 0; its title is none of them."""
    found: list[tuple[int, str]] = []
    for one in made.outline if outline is None else outline:
        if isinstance(one, list):
            found += structure(made, level + 1, one)
        else:
            found.append((level, squeezed(str(one.title))))
    return found


def is_set_well(pages: list[str], made: pypdf.PdfReader, foot: str) -> list[str]:
    """Letter paper, no empty page, and the foot with its number on all but the first; the pages without it."""
    inner = []
    for number, (page, text) in enumerate(zip(made.pages, pages, strict=True), 1):
        assert tuple(round(float(side)) for side in page.mediabox[2:]) == LETTER
        assert len(text) > len(foot) + 40, f"page {number} is empty"
        told = squeezed(foot) + f"{number}/{len(pages)}"
        assert text.count(told) == (number > 1), f"foot of page {number}"
        inner.append(text.replace(told, ""))
    assert made.metadata
    assert made.metadata.title
    return inner


def are_in_order(texts: list[str], pages: list[str]) -> None:
    """Each text once more after the one before it."""
    whole, at = "".join(pages), 0
    for text in texts:
        found = whole.find(squeezed(text), at)
        assert found >= 0, f"not found in its place: {text!r}"
        at = found + 1


def blocks(parts: list[dict[str, Any]]) -> list[str]:
    """The headings and the sentences of sections, in order."""
    told = []
    for part in parts:
        told.append(part["title"])
        told += [block["text"] for block in part["blocks"] if "text" in block and "\n" not in block["text"]]
    return told


def test_the_reports_of_word_are_those_of_the_pdf(cast: Cast, writer: Convert) -> None:
    cast.bring_to(cast.report_id("BR", "CS-02"), ReportState.PUBLISHED)
    with cast.reading() as session:
        # The longest cover: it stays on one page, in the widest typeface that may stand in for the one asked for.
        of_all = replace(hemispheric.build(session, "2026", "fr", cast.clock.now()), issue=ISSUE)
    issued, live = replace(full("pt"), issue=ISSUE), full("en")
    note = content("es", 30, LONG)
    seen = writer(
        {
            "issued": status_report_docx.render(issued),
            "live": status_report_docx.render(live),
            "hemispheric": hemispheric_docx.render(of_all),
            "note": note_verbale_docx.render(note),
        }
    )
    for name, words, printed, pdf in (
        ("issued", Words(issued), status_report_printed, status_report_pdf.render(issued)),
        ("live", Words(live), status_report_printed, status_report_pdf.render(live)),
        ("hemispheric", HemisphericWords(of_all), hemispheric_printed, hemispheric_pdf.render(of_all)),
    ):
        about = printed.head(words)
        parts = printed.sections(words, 10**6) if printed is status_report_printed else printed.sections(words)
        made, pages = read(seen[name])
        # A title on the cover is a heading for Writer; in Word and in the PDF it is the title of the document.
        headings = [one for one in structure(made) if one[1] != squeezed(about["name"])]
        assert headings == structure(read(pdf)[0])
        assert [text for level, text in headings if level == 0] == [squeezed(part["title"]) for part in parts]
        pages = is_set_well(pages, made, about["footer"])
        assert squeezed(about["name"]) in pages[0]
        assert squeezed(about["issue_note"]) in pages[0]
        # Contents stand alone on the second page, with what they lead to.
        are_in_order([about["contents"], *(part["title"] for part in parts)], pages[1:2])
        are_in_order(blocks(parts), pages[2:])
        assert len(pages) <= len(read(pdf)[1]) * 1.3 + 1
    is_a_note(seen["note"], note)


def is_a_note(pdf: bytes, note: Any) -> None:
    words = NoteWords(note)
    made, pages = read(pdf)
    pages = is_set_well(pages, made, f"{words.title} {note.number}")
    are_in_order([words.opening, words.owed, *words.after_table, words.place_and_date, *words.addressee], pages)
    # The head of the table stands above its rows on each page; no row is torn; the end is on one page.
    rows = [page for page in pages if re.search(r"CS\d\d", page)]
    assert len(rows) > 1
    head = squeezed("".join(words.heads))
    assert all(head in page for page in rows)
    for row in words.rows:
        assert any(squeezed("".join(row)) in page for page in pages), f"torn: {row[0]}"
    end = squeezed(words.after_table[-1])
    assert [end in page for page in pages] == [squeezed(words.addressee[-1]) in page for page in pages]
