"""The note verbale as PDF and Word: diplomatic form in four languages, the same bytes again, text that stays text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import docx
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.documents import note_verbale_docx, note_verbale_pdf
from tracker.documents.note_verbale_words import Words
from tracker.domain.text import UnusableText, clean
from tracker.services.note_content import NoteContent, NoteItem

LANGUAGES = ("en", "es", "pt", "fr")
MISSIONS = {
    "en": "Permanent Mission of Jamaica to the OAS",
    "es": "Misión Permanente de Chile ante la OEA",
    "pt": "Missão Permanente do Brasil junto à OEA",
    "fr": "Mission permanente d’Haïti auprès de l’OEA",
}
FORMS = {
    "en": ("presents its compliments to the Permanent Mission", "has the honour to", "of its highest consideration"),
    "es": (
        "saluda muy atentamente a la Misión Permanente",
        "tiene el honor de",
        "más alta y distinguida consideración",
    ),
    "pt": ("apresenta seus cumprimentos à Missão Permanente", "tem a honra de", "sua mais alta consideração"),
    "fr": ("présente ses compliments à la Mission permanente", "a l’honneur de", "sa très haute considération"),
}
PLACES = {
    "en": "Washington, D.C., 1 December 2026",
    "es": "Washington, D.C., 1 de diciembre de 2026",
    "pt": "Washington, D.C., 1 de dezembro de 2026",
    "fr": "Washington, D.C., 1er décembre 2026",
}
LONG = "Inconstitucionalissimamente desproporcionalizadas responsabilizações internacionalizadas"
HOSTILE = '#import "x": * ] <w:t>bold</w:t> {{ 7*7 }} {mission} %(x)s $x$ *a* @ref // &amp; \\u{41} =1+1'


def content(language: str = "en", count: int = 1, title: str = "A title", **changes: object) -> NoteContent:
    items = tuple(
        NoteItem(f"CS-{n:02}", title, date(2026, 9, 30), date(2026, 10, 15) if n % 3 == 0 else None, 62 - n)
        for n in range(1, count + 1)
    )
    made = NoteContent(
        year=2026,
        sequence=7,
        language=language,
        day=date(2026, 12, 1),
        addressee=MISSIONS[language],
        address="1 Invented Street\nWashington, D.C.",
        party_code="XX",
        party="A State",
        cycle="2026",
        closes_on=date(2026, 12, 31),
        nobody=False,
        items=items,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def of_pdf(made: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(made)).pages).split())


def of_docx(made: bytes) -> str:
    document = docx.Document(BytesIO(made))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return " ".join(" ".join([*(p.text for p in document.paragraphs), *cells]).split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [1, 17])
def test_the_form_of_each_language_in_both_files(language: str, count: int) -> None:
    note = content(language, count, LONG)
    pdf, word = note_verbale_pdf.render(note), note_verbale_docx.render(note)
    for text in (of_pdf(pdf).replace("\u00ad", ""), of_docx(word)):
        for part in (*FORMS[language], PLACES[language], "NV 7/2026", "1 Invented Street", *Words(note).heads[:2]):
            assert part in text
        for item in note.items:
            assert item.code in text
        assert "{" not in text
        assert "%(" not in text
    root = pypdf.PdfReader(BytesIO(pdf)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].split("-")[0] == language
    document = docx.Document(BytesIO(word))
    assert document.core_properties.language.split("-")[0] == language
    assert (
        f'<w:lang w:val="{document.core_properties.language}"'
        in ZipFile(BytesIO(word)).read("word/styles.xml").decode()
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_and_many_and_nobody(language: str) -> None:
    one, many = Words(content(language, 1)), Words(content(language, 17))
    assert one.owed != many.owed
    assert "17" in many.owed
    asked = Words(content(language, nobody=True))
    assert len(asked.after_table) == len(one.after_table) + 1
    assert asked.after_table[-1] == one.after_table[-1]


def test_french_says_the_article_as_it_sounds() -> None:
    assert "à l’Ambassade" in Words(content("fr", addressee="Ambassade d’Haïti")).opening
    assert "à la Mission" in Words(content("fr")).opening


def test_the_same_note_gives_the_same_bytes() -> None:
    for render in (note_verbale_pdf.render, note_verbale_docx.render):
        assert render(content()) == render(content())
        assert render(content()) != render(content(sequence=8))


def test_the_content_survives_its_storage() -> None:
    note = content("pt", 4)
    assert NoteContent.of_json(note.to_json()) == note


def test_what_was_typed_stays_text_and_refers_to_nothing() -> None:
    note = content(addressee=HOSTILE, address=f"{HOSTILE}\nhttps://example.org/x", title=HOSTILE)
    pdf, word = note_verbale_pdf.render(note), note_verbale_docx.render(note)
    assert re.sub(r"\s", "", HOSTILE) in re.sub(r"\s", "", of_pdf(pdf))
    assert " ".join(HOSTILE.split()) in of_docx(word)
    with ZipFile(BytesIO(word)) as files:
        assert not [name for name in files.namelist() if "vbaProject" in name or "embeddings" in name]
        parts = {name: files.read(name).decode("utf-8", "replace") for name in files.namelist()}
    assert not [name for name, text in parts.items() if 'TargetMode="External"' in text]
    assert "<w:fldSimple" not in parts["word/document.xml"]
    assert "<w:instrText" not in parts["word/document.xml"]
    assert "<w:hyperlink" not in parts["word/document.xml"]
    assert not any("/Annots" in page for page in pypdf.PdfReader(BytesIO(pdf)).pages)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60))
def test_any_title_can_be_printed(text: str) -> None:
    try:
        usable = clean(text)
    except UnusableText:
        return
    note = content(addressee=usable, address=usable)
    assert note_verbale_pdf.render(note).startswith(b"%PDF")
    assert docx.Document(BytesIO(note_verbale_docx.render(note))).paragraphs


def test_the_head_of_the_table_is_repeated_and_named() -> None:
    document = docx.Document(BytesIO(note_verbale_docx.render(content(count=40))))
    xml = document.tables[0]._tbl.xml
    assert "w:tblHeader" in xml
    assert "w:tblCaption" in xml
    pages = pypdf.PdfReader(BytesIO(note_verbale_pdf.render(content(count=40)))).pages
    assert len(pages) > 1
    assert all("Days" in page.extract_text() for page in list(pages)[:-1])
