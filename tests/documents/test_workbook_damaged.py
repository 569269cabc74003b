"""Files that are damaged or made to break their reader: refused, never an error of ours, and not for long."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest

from tests.documents.test_workbook import made
from tracker.documents import workbook, workbook_read
from tracker.domain.errors import Unmet
from tracker.services.workbook_return import MOST_BYTES, MOST_UNPACKED, check_file

CHANCE = random.Random(20260302)  # noqa: S311


@pytest.fixture(scope="module")
def whole() -> bytes:
    return workbook.render(made(), "seal")


def changed(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            kept = old.read(member)
            new.writestr(member.filename, change(kept) if member.filename == part else kept)
    return stream.getvalue()


def problem(content: bytes) -> str:
    """Why it is refused; "" where it is read."""
    stream = BytesIO(content)
    try:
        check_file("a.xlsx", stream, len(content))
        workbook_read.read(stream)
    except Unmet as refused:
        return refused.problems["file"]
    return ""


def test_an_entity_is_not_resolved(whole: bytes) -> None:
    entity = b'?>\n<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    for part in ("xl/worksheets/sheet2.xml", "xl/sharedStrings.xml"):
        assert problem(changed(whole, part, lambda xml: xml.replace(b"?>\n", entity, 1))) == "damaged"


def test_too_much_inside(whole: bytes) -> None:
    filling = b"<!-- " + CHANCE.randbytes(MOST_UNPACKED // 2).hex().encode() + b" -->"
    large = changed(whole, "xl/styles.xml", lambda xml: xml + filling)
    assert problem(large) == ("too_large" if len(large) > MOST_BYTES else "package")
    hollow = changed(whole, "xl/styles.xml", lambda xml: xml + b" " * MOST_UNPACKED)
    assert problem(hollow) == "package"


def test_half_a_million_texts(whole: bytes) -> None:
    texts = b"<si><t>x</t></si>" * 500_000 + b"</sst>"
    content = changed(whole, "xl/sharedStrings.xml", lambda xml: xml.replace(b"</sst>", texts))
    with pytest.raises(Unmet):
        workbook_read.read(BytesIO(content))


def test_rows_far_below_are_not_walked_to(whole: bytes) -> None:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    content = changed(whole, "xl/worksheets/sheet2.xml", lambda xml: xml.replace(b"</sheetData>", far))
    assert problem(content) == ""


def test_many_rows_are_cut_off_and_it_is_told(whole: bytes) -> None:
    cell = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>a:1:CS-03.a</t></is></c></row>'
    rows = "".join(cell.format(number) for number in range(10, 4000)).encode()
    content = changed(whole, "xl/worksheets/sheet2.xml", lambda x: x.replace(b"</sheetData>", rows + b"</sheetData>"))
    back = workbook_read.read(BytesIO(content))
    assert back.cut_off == ("answers",)
    assert len(back.rows) < 3100


def test_any_damage_is_the_files_fault(whole: bytes) -> None:
    for _number in range(40):
        spoilt = bytearray(whole)
        for _byte in range(20):
            spoilt[CHANCE.randrange(len(spoilt))] = CHANCE.randrange(256)
        problem(bytes(spoilt))

    def scramble(xml: bytes) -> bytes:
        mixed = bytearray(xml)
        for _byte in range(6):
            mixed[CHANCE.randrange(len(mixed))] = CHANCE.randrange(32, 127)
        return bytes(mixed)

    for part in ("xl/worksheets/sheet2.xml", "xl/workbook.xml", "xl/styles.xml", "docProps/custom.xml"):
        for _number in range(10):
            problem(changed(whole, part, scramble))
