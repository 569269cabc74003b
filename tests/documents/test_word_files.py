"""What Microsoft Word asks of a file: the order of properties, styles that exist, and nothing of what it calls damage.

The sequences are those of the schema (ISO/IEC 29500-1, transitional, wml.xsd): Word refuses a file, or silently leaves
out what it does not find in its place, where LibreOffice reads it all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.documents.test_note_verbale import content
from tests.documents.test_status_report_docx import ISSUE, full
from tests.documents.test_status_report_pdf import line, report
from tracker.documents import note_verbale_docx, status_report_docx
from tracker.documents.report_look import REPORT
from tracker.documents.word import TAB, About, TableLook, Word, run, text_of
from tracker.documents.word_styles import TAGS

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
SEQUENCES = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs"
    " suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd"
    " snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment"
    " textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid"
    " vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em"
    " lang eastAsianLayout specVanish oMath",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing"
    " tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "trPr": "cnfStyle divId gridBefore gridAfter wBefore wAfter cantSplit trHeight tblHeader tblCellSpacing jc hidden",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType"
    " pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings",
    "pBdr": "top left bottom right between bar",
    "tblBorders": "top left bottom right insideH insideV",
    "tcBorders": "top left bottom right insideH insideV tl2br tr2bl",
    "tblCellMar": "top left bottom right",
    "tbl": "tblPr tblGrid tr",
    "tr": "trPr tc",
    "tc": "tcPr p",
    "sdt": "sdtPr sdtContent",
    "style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked"
    " personal personalCompose personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr",
    "tblStylePr": "pPr rPr tblPr trPr tcPr",
    "styles": "docDefaults latentStyles style",
    "docDefaults": "rPrDefault pPrDefault",
    "font": "altName panose1 charset family notTrueType pitch sig",
    "settings": "zoom defaultTabStop autoHyphenation characterSpacingControl compat clrSchemeMapping decimalSymbol"
    " listSeparator",
    "hyperlink": "r",
    "r": "rPr t tab drawing fldChar instrText",
}
"""The children of each element in their order; of the last two, which ones there may be."""
ABOUT = About("A title", "An author", "en", datetime(2026, 5, 20, tzinfo=UTC))
UNORDERED = {"r", "hyperlink"}


BUILT_IN = {
    *("Normal", "Title", "heading 1", "heading 2", "heading 3", "toc 1", "toc 2", "TOC Heading", "footer"),
    *("Default Paragraph Font", "Strong", "Hyperlink", "Normal Table"),
}
"""Names of styles that Word knows by itself."""


def parts(made: bytes) -> dict[str, ElementTree.Element]:
    with ZipFile(BytesIO(made)) as file:
        return {
            name: ElementTree.fromstring(file.read(name))  # noqa: S314 (made by us)
            for name in file.namelist()
            if name.endswith((".xml", ".rels"))
        }


def values(root: ElementTree.Element, *names: str) -> set[str]:
    return {node.get(f"{W}val", "") for name in names for node in root.iter(f"{W}{name}")}


@pytest.fixture(
    scope="module",
    params=["issued en", "live es", "live pt", "issued fr", "note en", "note fr", "nothing reported"],
)
def made(request: pytest.FixtureRequest) -> bytes:
    kind, _, language = str(request.param).partition(" ")
    if kind == "note":
        return note_verbale_docx.render(content(language, 17))
    if kind == "nothing":
        waiting = replace(line("CS-02", ""), rating=None, reported_on=None, on_time=None, reported_ever=False)
        return status_report_docx.render(report(waiting))
    one = full(language)
    return status_report_docx.render(replace(one, issue=ISSUE) if kind == "issued" else one)


def test_properties_stand_in_the_order_of_the_standard(made: bytes) -> None:
    seen = set()
    for name, root in parts(made).items():
        for node in root.iter():
            kind = node.tag.removeprefix(W)
            if kind not in SEQUENCES or kind == node.tag:
                continue
            sequence = SEQUENCES[kind].split()
            children = [child.tag.removeprefix(W) for child in node]
            assert set(children) <= set(sequence), f"{name}: {kind} holds {children}"
            if kind in UNORDERED:
                continue
            places = [sequence.index(child) for child in children]
            assert places == sorted(places), f"{name}: {kind} holds {children}"
            seen.add(kind)
            if kind.endswith(("Pr", "Borders", "Bdr")):
                # Word takes one that stands twice for damage too; a footer may be referred to once for each kind.
                assert len(set(children)) == len(children) or kind == "sectPr", f"{name}: {kind} holds {children}"
    assert {"pPr", "rPr", "tblPr", "trPr", "tcPr", "sectPr", "style", "settings", "font"} <= seen


def test_what_is_referred_to_is_there(made: bytes) -> None:
    found = parts(made)
    document, styles = found["word/document.xml"], found["word/styles.xml"]
    there = {node.get(f"{W}styleId"): node.get(f"{W}type") for node in styles.iter(f"{W}style")}
    assert len(there) == len(list(styles.iter(f"{W}style")))
    for kind, names in (("paragraph", ("pStyle",)), ("character", ("rStyle",)), ("table", ("tblStyle",))):
        for root in (document, found["word/footer1.xml"]):
            assert {there.get(name) for name in values(root, *names)} <= {kind}
    assert values(styles, "basedOn", "next") <= set(there)
    named: dict[str | None, set[str | None]] = {node.get(f"{W}customStyle"): set() for node in styles.iter(f"{W}style")}
    for node in styles.iter(f"{W}style"):
        named[node.get(f"{W}customStyle")] |= {one.get(f"{W}val") for one in node.iter(f"{W}name")}
    assert named[None] <= BUILT_IN
    assert not named["1"] & BUILT_IN
    ids = {node.get("Id") for node in found["word/_rels/document.xml.rels"]}
    used = {value for node in document.iter() for key, value in node.attrib.items() if key.startswith(R)}
    assert used <= ids
    targets = {node.get("Target") for node in found["word/_rels/document.xml.rels"] if not node.get("TargetMode")}
    with ZipFile(BytesIO(made)) as file:
        assert {f"word/{target}" for target in targets} <= set(file.namelist())
        assert not [name for name in file.namelist() if "customXml" in name or "thumbnail" in name]
    bookmarks = {node.get(f"{W}name") for node in document.iter(f"{W}bookmarkStart")}
    assert {node.get(f"{W}anchor") for node in document.iter(f"{W}hyperlink")} - {None} <= bookmarks


def test_fields_begin_and_end(made: bytes) -> None:
    depth, shown = 0, []
    for node in parts(made)["word/document.xml"].iter(f"{W}fldChar"):
        depth += {"begin": 1, "separate": 0, "end": -1}[node.get(f"{W}fldCharType", "")]
        shown.append(depth)
        assert depth >= 0
    assert depth == 0
    assert max(shown, default=0) <= 2


def test_paper_typefaces_language_and_no_mode_of_compatibility(made: bytes) -> None:
    found = parts(made)
    (paper,) = found["word/document.xml"].iter(f"{W}pgSz")
    assert (paper.get(f"{W}w"), paper.get(f"{W}h")) == ("12240", "15840"), "US Letter"
    listed = {node.get(f"{W}name"): node for node in found["word/fontTable.xml"].iter(f"{W}font")}
    used = {value for node in found["word/styles.xml"].iter(f"{W}rFonts") for value in node.attrib.values()}
    assert used == set(listed)
    assert all(node.find(f"{W}altName") is not None for node in listed.values()), "what stands in for it"
    (language,) = found["word/styles.xml"].iter(f"{W}lang")
    assert language.get(f"{W}val") in TAGS.values()
    mode = {node.get(f"{W}name"): node.get(f"{W}val") for node in found["word/settings.xml"].iter(f"{W}compatSetting")}
    assert mode["compatibilityMode"] == "15"


def test_nothing_is_empty_and_every_table_has_a_head(made: bytes) -> None:
    document = parts(made)["word/document.xml"]
    body = document.find(f"{W}body")
    assert body is not None
    for paragraph in body.iter(f"{W}p"):
        said = "".join(node.text or "" for node in paragraph.iter(f"{W}t")).strip()
        assert said or paragraph.find(f".//{W}drawing") is not None, "an empty paragraph"
    kinds = [node.tag for node in body]
    assert kinds[-2:] == [f"{W}p", f"{W}sectPr"]
    assert (f"{W}tbl", f"{W}tbl") not in pairwise(kinds), "Word makes one table of two that touch"
    for table in body.iter(f"{W}tbl"):
        rows = list(table.iter(f"{W}tr"))
        assert [row.find(f".//{W}tblHeader") is not None for row in rows] == [True] + [False] * (len(rows) - 1)
        assert all(row.find(f".//{W}cantSplit") is not None for row in rows)
        columns = [int(node.get(f"{W}w", "")) for node in table.iter(f"{W}gridCol")]
        (width,) = table.iter(f"{W}tblW")
        assert sum(columns) == int(width.get(f"{W}w", ""))
        for row in rows:
            assert [int(node.get(f"{W}w", "")) for node in row.iter(f"{W}tcW")] == columns
        (caption,) = table.iter(f"{W}tblCaption")
        assert caption.get(f"{W}val")


def columns_of(heads: tuple[str, ...], widths: tuple[float, ...]) -> list[int]:
    look = TableLook("Figures", "TableHead", "TableText", "TableText", 8, 50)
    word = Word(ABOUT, REPORT)
    word.paragraph("Normal", run("A table"))
    word.table("c", heads, [("1",) * len(heads)], widths, look)
    word.text("Normal", "After it.")
    found = parts(word.content())["word/document.xml"]
    return [int(node.get(f"{W}w", "")) for node in found.iter(f"{W}gridCol")]


def test_a_column_is_as_wide_as_its_words_where_others_can_spare_it() -> None:
    even = columns_of(("State", "a", "b"), (2, 1, 1))
    assert even[1] == even[2]
    wide = columns_of(("State", *["parcialmente"] * 8), (2.6, *[1] * 8))
    assert wide[0] < wide[1] * 2.6
    assert min(wide[1:]) >= 12 * 8 * 20 * 0.5
    assert wide[0] >= len("State") * 8 * 20 * 0.5
    # Where nobody can spare anything, the widths are as they were asked for.
    full_up = columns_of(("incompreensibilidade",) * 20, (1,) * 20)
    assert max(full_up) - min(full_up) <= 1


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_stays_text(text: str, caption: str) -> None:
    word = Word(ABOUT, REPORT)
    word.heading(text, 1)
    word.table(caption, ("a",), [(text,)], (1,), TableLook("Figures", "TableHead", "TableText", "TableText", 8, 50))
    word.paragraph("Normal", run(text), TAB, word.to_web(text, "https://example.org/?a=1&b=<2>"))
    word.contents("Contents")
    word.foot(text)
    found = parts(word.content())
    (caption_there,) = found["word/document.xml"].iter(f"{W}tblCaption")
    # XML makes a space of a tab or a line break in an attribute.
    assert caption_there.get(f"{W}val") == re.sub("[\t\n]", " ", text_of(caption))
    told = [said(node) for node in found["word/document.xml"].iter(f"{W}p")]
    plain = text_of(text)
    assert told.count(plain) >= 1
    assert f"{plain}\t{plain}" in told
    assert plain in said(next(found["word/footer1.xml"].iter(f"{W}p")))
    kinds = {node.tag for node in found["word/document.xml"].iter()}
    assert kinds <= {f"{W}{name}" for name in WRITTEN.split()}


WRITTEN = (
    "document body p pPr pStyle r rPr rStyle t tab hyperlink bookmarkStart bookmarkEnd tbl tblPr tblStyle tblW"
    " tblLayout tblLook tblCaption tblGrid gridCol tr trPr cantSplit tblHeader tc tcPr tcW spacing sdt sdtPr"
    " docPartObj docPartGallery docPartUnique sdtContent fldChar instrText sectPr footerReference pgSz pgMar cols"
    " titlePg docGrid"
)


def said(paragraph: ElementTree.Element) -> str:
    """Its text, with tabs; without the codes of fields."""

    def pieces() -> Iterator[Any]:
        for node in paragraph.iter():
            if node.tag == f"{W}t":
                yield node.text or ""
            elif node.tag == f"{W}tab":
                yield "\t"

    return "".join(pieces())
