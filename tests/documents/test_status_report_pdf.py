"""The PDF: standards, language, the same bytes again, and text that stays text."""

from __future__ import annotations

import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.documents import printed, status_report_pdf, typeface, typesetting
from tracker.documents.typeface import LONGEST_WORD, UNKNOWN, presentable
from tracker.domain.compliance import Item, by_pillar, figures
from tracker.domain.text import UnusableText, clean
from tracker.domain.vocabulary import CommentOutcome, PartyKind, Rating, Strength
from tracker.services.status_report_content import (
    CommitmentLine,
    CycleFacts,
    Observed,
    PillarFigures,
    PublishedRating,
    Stage,
    StatedElement,
    Statement,
    StatusReport,
)

DAY = date(2026, 5, 20)
HOSTILE = '#import "x": * ] <b>bold</b> {{ 7*7 }} $x$ *a* _b_ @ref // c \\u{41} #evil() = =1+1 \\"))#evil() \\\\" \\\\'


def line(code: str, text: str, *, evidence: str = "https://example.org/act") -> CommitmentLine:
    said = Statement(
        (StatedElement(f"{code}.a", "An element", Rating.LARGELY, text),), text[:200], (("An act", evidence, DAY),)
    )
    rating = PublishedRating(
        cycle_code="2026",
        self_assessment=Rating.LARGELY,
        rating=Rating.PARTIALLY,
        strength=Strength.DOCUMENTED,
        reasons=text,
        strength_reason="",
        comment=text,
        comment_outcome=CommentOutcome.COMMENTED,
        published_on=DAY,
        statement=said,
        observed=(Observed("An invented organisation", Rating.NOT, text, "en"),),
    )
    return CommitmentLine(
        code=code,
        title=f"An invented commitment {code}",
        asked="Something was asked.",
        is_unofficial=True,
        instrument="An invented instrument",
        reading_note="Recommended by civil society.",
        bindingness="recommended_by_civil_society",
        pillars=("prevention",),
        due_on=DAY,
        reported_on=DAY,
        on_time=True,
        reported_ever=True,
        stage=Stage.PUBLISHED,
        rating=rating,
    )


def report(*lines: CommitmentLine, language: str = "en", name: str = "Brazil") -> StatusReport:
    items = [
        Item(1, x.code, x.pillars, True, True, Rating.LARGELY, x.rating.rating, x.rating.strength)
        if x.rating
        else Item(1, x.code, x.pillars, False, False, None, None, None)
        for x in lines
    ]
    found = by_pillar(items, ["prevention"])["prevention"]
    return StatusReport(
        code="br-2026",
        language=language,
        party_id=1,
        party_code="BR",
        party_kind=PartyKind.MEMBER_STATE,
        name=name,
        official_name="Federative Republic of Brazil",
        time_zone="America/Sao_Paulo",
        as_of=datetime(2026, 5, 20, 14, 33, tzinfo=UTC),
        cycle=CycleFacts("2026", "2026", DAY, DAY, DAY, DAY, DAY),
        is_as_of_today=False,
        cycles=(("2026", "2026"),),
        lines=lines,
        coverage=figures(items),
        standing=figures(items),
        pillars=(PillarFigures("prevention", "Prevention", found, len(items)),) if items else (),
    )


def read(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages).split())


@pytest.mark.parametrize("language", ["en", "es", "pt", "fr"])
def test_it_is_a_tagged_pdf_in_the_readers_language(language: str) -> None:
    made = status_report_pdf.render(report(line("CS-01", "Text."), language=language))
    reader = pypdf.PdfReader(BytesIO(made))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].split("-")[0] == language
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "Brazil" in str(reader.metadata and reader.metadata.title)
    xmp = root["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert "<pdfaid:part>2</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert len(reader.outline) >= 8
    assert b"/Alt" in made or any("/Alt" in str(o) for o in reader.trailer["/Root"]["/StructTreeRoot"].values())
    fonts = {
        str(f["/BaseFont"]) for p in reader.pages for f in (x.get_object() for x in p["/Resources"]["/Font"].values())
    }
    assert all("PublicSans" in f or "DejaVu" in f for f in fonts)


def test_the_same_report_gives_the_same_bytes() -> None:
    one = report(line("CS-01", "Text."), line("CS-02", "More."))
    assert status_report_pdf.render(one) == status_report_pdf.render(one)
    later = replace(one, as_of=datetime(2026, 5, 21, tzinfo=UTC))
    assert status_report_pdf.render(one) != status_report_pdf.render(later)


def test_what_was_made_before_leaves_no_trace() -> None:
    one, other = report(line("CS-01", "Text."), line("CS-02", "More.")), report(line("CS-01", "Text."), language="fr")
    first = status_report_pdf.render(one)
    status_report_pdf.render(other)
    with ThreadPoolExecutor(2) as threads:
        again = list(threads.map(status_report_pdf.render, [one, other, one, other]))
    assert again[0] == again[2] == first
    assert again[1] == again[3] != first


def test_what_people_typed_stays_text() -> None:
    text = read(status_report_pdf.render(report(line("CS-01", HOSTILE))))
    assert HOSTILE in text
    assert "49" not in text


def test_no_address_but_one_of_the_web_can_be_clicked() -> None:
    for address in ("javascript:alert(1)", "file:///etc/passwd", "https://example.org/\N{CYRILLIC SMALL LETTER A}"):
        made = status_report_pdf.render(report(line("CS-01", "x", evidence=address)))
        assert [a for a in links(made) if a.startswith(address[:5])] == []
    assert "https://example.org/act" in links(status_report_pdf.render(report(line("CS-01", "x"))))


def links(pdf: bytes) -> list[str]:
    found = []
    for page in pypdf.PdfReader(BytesIO(pdf)).pages:
        for note in page.get("/Annots") or []:
            action = note.get_object().get("/A")
            if action and "/URI" in action:
                found.append(str(action["/URI"]))
    return found


def test_letters_of_the_americas_come_through() -> None:
    words = "ỹvytu mboʼe g̃ G̃ ñandutî ch’ixi qillqay Ñuble São Tomé œuvre Łódź ǂ"
    shown = presentable(words)
    assert UNKNOWN not in shown
    text = read(status_report_pdf.render(report(line("CS-01", words))))
    for word in ("ỹvytu", "ñandutî", "qillqay", "œuvre"):
        assert word in unicodedata.normalize("NFC", text)


def test_what_no_typeface_shows_is_replaced_and_the_document_is_made() -> None:
    text = "שלום مرحبا 漢字 😀 👨‍👩‍👧 \U0001f1e7\U0001f1f7 क्ष Z̷̛a̸l̶g̵o \u2028 \u200b \ue000"
    assert "漢" not in presentable(text)
    assert UNKNOWN in read(status_report_pdf.render(report(line("CS-01", text, evidence="https://example.org/漢"))))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_be_printed(text: str) -> None:
    try:
        usable = clean(text)
    except UnusableText:
        return
    # The whole data of a report is not needed to try one text.
    typesetting.typeset(
        printed.TEMPLATE,
        {**_smallest(), "sections": [{"title": "Title", "blocks": [{"kind": "text", "text": usable}]}]},
        0,
    )


def _smallest() -> dict:
    global _DATA
    if _DATA is None:
        _DATA = status_report_pdf._data(report())
    return _DATA


_DATA: dict | None = None


def test_an_endless_word_finds_a_place_to_break() -> None:
    shown = presentable("x" * 500)
    assert max(len(part) for part in shown.split("\u200b")) <= LONGEST_WORD
    assert shown.replace("\u200b", "") == "x" * 500
    assert presentable("short words only") == "short words only"


def test_narratives_of_a_thousand_pages_are_shortened_and_say_so() -> None:
    lines = [line(f"CS-{n:02}", "Words and more words. " * 4000) for n in range(1, 16)]
    made = status_report_pdf.render(report(*lines))
    reader = pypdf.PdfReader(BytesIO(made))
    assert len(reader.pages) < 150
    assert "Shortened for print" in read(made)


def test_a_report_with_nothing_in_it_is_a_document_too() -> None:
    empty = replace(
        line("CS-01", ""), rating=None, stage=Stage.NOT_REPORTED, reported_on=None, on_time=None, reported_ever=False
    )
    text = read(status_report_pdf.render(report(empty)))
    assert "No rating has been published yet." in text
    assert "Due and not reported (1)" in text


def test_every_face_of_our_typeface_has_the_same_letters() -> None:
    faces = [typeface._characters(p.name) for p in typeface.FONTS.glob("PublicSans-*.ttf")]
    assert len(faces) == 4
    assert all(face == faces[0] for face in faces)


def test_the_template_reads_and_fetches_nothing() -> None:
    for path in typesetting.TEMPLATES.glob("*.typ"):
        source = path.read_text("utf-8")
        for word in ("@preview", "#import", "#include", "read(", "image(", "eval(", "plugin("):
            assert word not in source, f"{path.name} must not use {word}"
