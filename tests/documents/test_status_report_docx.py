"""The Word document: it says what the PDF says, is well formed, and the same bytes again; text stays text."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import docx
import pypdf
import pypdfium2
import pytest
from docx.oxml.ns import qn

from tests.documents.test_status_report_pdf import HOSTILE, line, report
from tracker.documents import qr, status_report_docx, status_report_pdf
from tracker.documents.status_report_printed import head, sections
from tracker.documents.status_report_words import Words
from tracker.services.status_report_content import IssueFacts, Stage, StatusReport

ISSUE = IssueFacts("SR 12/2026", "7KQM-4XWP", date(2026, 5, 21), "https://tracker.test/verify/7KQM-4XWP", "SR 3/2026")


def full(language: str = "en") -> StatusReport:
    waiting = replace(
        line("CS-02", ""),
        rating=None,
        stage=Stage.NOT_REPORTED,
        reported_on=None,
        on_time=None,
        reported_ever=False,
        extensions_asked=1,
    )
    return report(line("CS-01", "Ações de proteção\nem duas linhas."), waiting, language=language)


def told(document: Any) -> str:
    """All text in the order of the file, links and cells too."""
    texts = [
        "".join(node.text or "" for node in paragraph.iter(qn("w:t"))) for paragraph in document.element.iter(qn("w:p"))
    ]
    return " ".join(" ".join(texts).split())


def opened(content: bytes) -> Any:
    return docx.Document(BytesIO(content))


def printed(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages).split())


def squeezed(text: str) -> str:
    """Without spaces and hyphens: lines are broken otherwise in each document."""
    return re.sub("[\\s\u00ad-]", "", text)


def strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for key, one in value.items() if key not in {"kind", "key", "address"} for text in strings(one)]
    return [text for one in value for text in strings(one)] if isinstance(value, list | tuple) else []


@pytest.mark.parametrize("language", ["en", "es", "pt", "fr"])
def test_word_and_pdf_say_the_same(language: str) -> None:
    one = full(language)
    in_word = told(opened(status_report_docx.render(one)))
    # A paragraph may go on below the foot of a page.
    foot = re.escape(squeezed(head(Words(one))["footer"])) + r"\d+/\d+"
    in_pdf = re.sub(foot, "", squeezed(printed(status_report_pdf.render(one))))
    pictures = {block["alt"] for part in sections(Words(one), 10**6) for block in part["blocks"] if "alt" in block}
    for part in sections(Words(one), 10**6):
        for text in strings(part):
            for line_of in filter(None, (" ".join(piece.split()) for piece in text.split("\n"))):
                if text not in pictures:
                    assert line_of in in_word, f"Word lacks {line_of!r}"
                    assert squeezed(line_of) in in_pdf, f"the PDF lacks {line_of!r}"


def test_it_has_headings_a_language_a_title_and_heads_that_are_repeated() -> None:
    document = opened(status_report_docx.render(full("pt")))
    styles = [p.style.name for p in document.paragraphs]
    assert styles.count("Title") == 1
    assert {"Heading 1", "Heading 2", "Heading 3"} <= set(styles)
    level = 0
    for name in (s for s in styles if s.startswith("Heading")):
        assert int(name[-1]) <= level + 1, "no level is left out"
        level = int(name[-1])
    assert document.core_properties.language == "pt-BR"
    assert "Brazil" in document.core_properties.title
    assert document.core_properties.created == datetime(2026, 5, 20, 14, 33, tzinfo=UTC)
    assert len(document.tables) >= 6
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))
        assert all(len(row.cells) == len(table.columns) for row in table.rows)


def test_the_same_report_gives_the_same_bytes_of_well_formed_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    one = replace(full(), issue=ISSUE)
    made = status_report_docx.render(one)
    monkeypatch.setattr(time, "localtime", lambda *_: time.struct_time((2031, 1, 1, 0, 0, 0, 0, 1, 0)))
    assert status_report_docx.render(one) == made
    with ZipFile(BytesIO(made)) as file:
        assert file.testzip() is None
        assert {info.date_time for info in file.infolist()} == {(2026, 5, 20, 14, 33, 0)}
        for name in file.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(file.read(name))  # noqa: S314 (made by us)


def test_what_people_typed_stays_text() -> None:
    hostile = f'{HOSTILE} <w:p/> &amp; ]]> {{ INCLUDETEXT "/etc/passwd" }} \x07 \u202e'
    made = status_report_docx.render(report(line("CS-01", hostile), name="<b>&"))
    document = opened(made)
    assert hostile.replace("\x07", "\ufffd") in told(document)
    fields = {node.get(qn("w:instr")) for part in document.sections for node in part.footer._element.iter()} - {None}
    assert fields == {"PAGE", "NUMPAGES"}
    # In the body only the contents are fields: each with the name of a heading, never with a word of the report.
    assert not list(document.element.iter(qn("w:fldSimple")))
    codes = [node.text.strip() for node in document.element.iter(qn("w:instrText"))]
    marks = [node.get(qn("w:name")) for node in document.element.iter(qn("w:bookmarkStart"))]
    assert marks == [f"part{number}" for number in range(1, len(marks) + 1)]
    assert codes[0] == r'TOC \o "1-2" \h \z \u'
    assert set(codes[1:]) <= {rf"PAGEREF {mark} \h" for mark in marks}


def test_only_addresses_of_the_web_are_links() -> None:
    for address in ("javascript:alert(1)", "file:///etc/passwd", "https://example.org/\N{CYRILLIC SMALL LETTER A}"):
        document = opened(status_report_docx.render(report(line("CS-01", "x", evidence=address))))
        assert [r.target_ref for r in document.part.rels.values() if r.is_external] == []
        assert address in told(document)
    document = opened(status_report_docx.render(report(line("CS-01", "x"))))
    assert [r.target_ref for r in document.part.rels.values() if r.is_external] == ["https://example.org/act"]


def test_an_issued_report_says_so_with_number_code_and_qr_code() -> None:
    one = replace(full(), issue=ISSUE)
    pdf = status_report_pdf.render(one)
    document = opened(status_report_docx.render(one))
    for text in (printed(pdf), told(document)):
        for said in ("SR 12/2026", "7KQM-4XWP", ISSUE.verify_url, "It replaces SR 3/2026."):
            assert said in text
        assert "not an issued document" not in text.lower()
    pictures = list(document.element.iter(qn("wp:docPr")))
    assert [ISSUE.verify_url in node.get("descr") for node in pictures] == [True]
    # As in the PDF, a click on the code leads where the code leads.
    (led,) = document.element.iter(qn("a:hlinkClick"))
    assert document.part.rels[led.get(qn("r:id"))].target_ref == ISSUE.verify_url
    # The footer of each page names the issue; the code printed on the cover is the one of the address.
    pages = pypdf.PdfReader(BytesIO(pdf)).pages
    assert all("SR 12/2026 · 7KQM-4XWP" in page.extract_text() for page in pages[1:])
    assert drawn(pdf) == [list(map(bool, row)) for row in qr._made(ISSUE.verify_url).matrix]


def drawn(pdf: bytes) -> list[list[bool]]:
    """The squares of the QR code as a camera would see them on the cover: what is black, from edge to edge."""
    scale = 8
    image = pypdfium2.PdfDocument(pdf)[0].render(scale=scale, grayscale=True)
    width, height, grey = image.width, image.height, bytes(image.buffer)
    stride = image.stride
    left, top, right, bottom = width, height, 0, 0
    for y in range(int(height * 0.6), height):
        for x in range(int(width * 0.7), width):
            if grey[y * stride + x] == 0:
                left, top, right, bottom = min(left, x), min(top, y), max(right, x), max(bottom, y)
    side = len(qr._made(ISSUE.verify_url).matrix)
    step = (right + 1 - left) / side
    return [
        [
            grey[int(top + (row + 0.5) * step) * stride + int(left + (column + 0.5) * step)] < 128
            for column in range(side)
        ]
        for row in range(side)
    ]


def test_a_live_view_says_on_each_page_that_it_is_none() -> None:
    pages = pypdf.PdfReader(BytesIO(status_report_pdf.render(full()))).pages
    assert "It is not an issued document." in pages[0].extract_text()
    assert all("Not an issued document" in page.extract_text() for page in pages[1:])
    document = opened(status_report_docx.render(full()))
    assert "It is not an issued document." in told(document)
    assert "Not an issued document" in document.sections[0].footer.paragraphs[0].text
    assert not list(document.element.iter(qn("wp:docPr")))


def test_narratives_of_a_thousand_pages_are_shortened_say_so_and_take_a_moment() -> None:
    lines = [line(f"CS-{n:02}", "Words and more words. " * 40_000) for n in range(1, 16)]
    begun = time.process_time()
    made = status_report_docx.render(report(*lines))
    assert time.process_time() - begun < 20
    assert "Shortened for print" in told(opened(made))
    assert len(made) < 2_000_000


def test_a_qr_code_is_the_same_again_and_refers_to_nothing() -> None:
    text = ISSUE.verify_url
    assert qr.svg(text) == qr.svg(text)
    assert qr.png(text) == qr.png(text)
    root = ElementTree.fromstring(qr.svg(text))  # noqa: S314 (made by us)
    assert {node.tag.partition("}")[2] for node in root.iter()} == {"svg", "path"}
    assert b"href" not in qr.svg(text)
    side, dark = qr.runs(text)
    assert sum(width for _x, _y, width in dark) == sum(map(sum, qr._made(text).matrix))
    assert side == len(qr._made(text).matrix)
