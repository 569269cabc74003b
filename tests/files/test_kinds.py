"""Which files are taken (SAFETY C12, C14): extension and content must agree, and honest files get through."""

from __future__ import annotations

import io
import unicodedata

import pytest

from tests.support import samples
from tracker.domain.errors import Unmet
from tracker.files.kinds import LONGEST_NAME, Kind, file_name, recognise

HONEST = {
    "Informe Final.pdf": samples.pdf(),
    "INFORME.PDF": samples.pdf(),
    "escaneado.pdf": b"\xef\xbb\xbf\r\n" + samples.pdf(),
    "impresora.pdf": b"\x1b%-12345X@PJL JOB\r\n" + samples.pdf(),
    "www.mre.gov.py.pdf": samples.pdf(),
    "Res. Exe. 45-2025 (versión 1.2).pdf": samples.pdf(),
    "relatório nº 3.docx": samples.word("Ação"),
    "figures.XLSX": samples.excel(),
    "foto.JPG": samples.photograph(),
    "foto.jpeg": samples.photograph(),
    "plan.png": samples.photograph("PNG"),
    "notas.txt": "Ñandutí, año 2025 <– sin etiquetas\n".encode(),
    "notas-antiguas.txt": "Informe del año".encode("cp1252"),
    "notas-de-windows.txt": "Informe del año".encode("utf-16"),
    "datos.csv": b"a;b\r\n1;2\r\n",
}


@pytest.mark.parametrize("name", HONEST)
def test_honest_files_are_taken(name: str) -> None:
    found = recognise(name, io.BytesIO(HONEST[name]))
    assert found.name == name
    assert isinstance(found.kind, Kind)


VBA = samples.word(**{"word/vbaProject.bin": b"x"})
REFUSED = {
    "empty.pdf": (b"", "empty"),
    "page.html": (b"<html>", "type"),
    "drawing.svg": (b"<svg>", "type"),
    "data.xml": (b"<?xml?>", "type"),
    "program.exe": (b"MZ\x90", "type"),
    "no-ending": (samples.pdf(), "type"),
    "report.exe.pdf": (samples.pdf(), "program"),
    "report.pdf.exe": (samples.pdf(), "type"),
    "report.html.pdf": (samples.pdf(), "program"),
    "old.doc": (b"\xd0\xcf\x11\xe0", "macros"),
    "macros.docm": (VBA, "macros"),
    "macros.docx": (VBA, "macros"),
    "program.pdf": (b"MZ\x90\x00" + bytes(100), "content"),
    "page.pdf": (b"<html><script>alert(1)</script>" + samples.pdf(), "content"),
    "picture.pdf": (samples.photograph(), "content"),
    "picture.png": (samples.photograph("JPEG"), "content"),
    "page.png": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "content"),
    "page.txt": (b"  <!DOCTYPE html><p>", "content"),
    "hidden.txt": (b"Dear reader <script>alert(1)</script>", "content"),
    "script.txt": (b"#!/bin/sh\nrm -rf", "content"),
    "binary.csv": (b"a,b\x00\x01", "content"),
    "postscript.txt": (b"%!PS-Adobe", "content"),
    "sheet.docx": (samples.excel(), "content"),
    "document.xlsx": (samples.word(), "content"),
    "archive.docx": (samples.package(**{"a.txt": "x"}), "content"),
    "notzip.docx": (b"PK\x03\x04" + bytes(50), "package"),
    "prefixed.docx": (b"MZ\x90\x00" + samples.word(), "content"),
    "protected.docx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "protected"),
    "climbs.docx": (samples.word(**{"../../etc/passwd": "x"}), "package"),
    "absolute.docx": (samples.word(**{"/etc/passwd": "x"}), "package"),
    "nested.docx": (samples.word(**{"word/embeddings/more.zip": b"PK"}), "package"),
    "ole.docx": (samples.word(**{"word/embeddings/oleObject1.bin": b"x"}), "macros"),
    "bomb.docx": (samples.word(**{"word/media/a.bin": bytes(30_000_000)}), "package"),
    "fetches.docx": (
        samples.word(
            **{
                "word/_rels/settings.xml.rels": '<Relationship Type="http://x/attachedTemplate"'
                ' Target="https://elsewhere.example/a.dotm" TargetMode="External"/>'
            }
        ),
        "macros",
    ),
    "doctype.docx": (
        samples.package(**{"[Content_Types].xml": '<!DOCTYPE x [<!ENTITY a "b">]><Types>&a;</Types>'}),
        "package",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_others_are_refused_with_the_reason(name: str) -> None:
    content, reason = REFUSED[name]
    with pytest.raises(Unmet) as refusal:
        recognise(name, io.BytesIO(content))
    assert refusal.value.problems == {"file": reason}


def test_a_table_behind_a_chart_is_honest_and_no_deeper_one() -> None:
    name = "word/embeddings/Microsoft_Excel_Sheet.xlsx"
    assert recognise("chart.docx", io.BytesIO(samples.word(**{name: samples.excel()}))).kind is Kind.WORD
    inner = samples.word(**{name: samples.excel()})
    with pytest.raises(Unmet):
        recognise("deep.docx", io.BytesIO(samples.word(**{"word/embeddings/a.docx": inner})))


def test_names_are_kept_as_people_write_them() -> None:
    assert file_name("C:\\Escritorio\\Año 2025.pdf") == "Año 2025.pdf"
    assert file_name("../../etc/passwd.pdf") == "passwd.pdf"
    assert file_name(unicodedata.normalize("NFD", "relatório.pdf")) == "relatório.pdf"
    assert file_name("a\x00b\u202e.pdf") == "a_b.pdf"
    long = file_name("á" * 300 + ".docx")
    assert (len(long), long[-6:]) == (LONGEST_NAME, "á.docx")
