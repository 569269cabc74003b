"""Which files are taken: the written list of types. Extension and content must agree, whatever the browser says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from typing import BinaryIO

import filetype

from tracker.domain.errors import Unmet
from tracker.domain.text import without_unusable
from tracker.files.packages import check_package

LONGEST_NAME = 200
"""As in the column (``models.base.NAME``); a longer name is shortened, not refused."""
HEAD = 8192


class Kind(StrEnum):
    PDF = "pdf"
    WORD = "docx"
    EXCEL = "xlsx"
    PNG = "png"
    JPEG = "jpg"
    TEXT = "txt"
    CSV = "csv"


EXTENSIONS = {kind.value: kind for kind in Kind} | {"jpeg": Kind.JPEG}
MEDIA_TYPES: dict[Kind, str] = {
    Kind.PDF: "application/pdf",
    Kind.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.EXCEL: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Kind.PNG: "image/png",
    Kind.JPEG: "image/jpeg",
    Kind.TEXT: "text/plain",
    Kind.CSV: "text/csv",
}
KIND_OF = {media_type: kind for kind, media_type in MEDIA_TYPES.items()}
PICTURES = frozenset({Kind.PNG, Kind.JPEG})
WITH_MACROS = frozenset({"docm", "dotm", "xlsm", "xltm", "xlsb", "xlam", "doc", "dot", "xls", "xlt", "ppt", "pptm"})
"""Formats that may hold programs: the old ones of Office too. They can be saved as DOCX, XLSX or PDF."""
PROGRAMS = frozenset(
    {"exe", "bat", "cmd", "scr", "pif", "msi", "msp", "dll", "cpl", "js", "jse", "mjs", "vbs", "vbe", "wsf", "wsh"}
    | {"ps1", "psm1", "jar", "hta", "lnk", "php", "phtml", "asp", "aspx", "jsp", "cgi", "html", "htm", "xhtml"}
    | {"mht", "mhtml", "svg", "svgz", "xml", "xsl", "swf", "iso", "apk", "deb", "rpm", "dmg", "zip", "rar", "7z"}
)
"""Never an honest inner ending: ``report.exe.pdf``. Not ``py`` or ``com``: ``www.mre.gov.py.pdf`` is honest."""


@dataclass(frozen=True)
class Recognised:
    """A file that may be taken: its name as it will be kept, its kind."""

    name: str
    kind: Kind

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.kind]


def recognise(name: str, stream: BinaryIO) -> Recognised:
    """What the file is, by its name and its content; the stream stands at its beginning afterwards.

    Raises Unmet(file=code): ``empty``, ``type``, ``macros``, ``program``, ``content`` (extension and content disagree),
    ``protected``, ``package`` (a container that is damaged, too large unpacked or holds what it must not).
    """
    kept = file_name(name)
    kind = _by_name(kept)
    stream.seek(0)
    head = stream.read(HEAD)
    if not head:
        raise Unmet(file="empty")
    if kind in (Kind.WORD, Kind.EXCEL):
        check_package(stream, kind.value)
    elif kind in (Kind.TEXT, Kind.CSV):
        _check_text(stream)
    elif kind is Kind.PDF:
        _check_pdf(head)
    elif filetype.guess_mime(head) != MEDIA_TYPES[kind]:
        raise Unmet(file="content")
    stream.seek(0)
    return Recognised(kept, kind)


def file_name(raw: str) -> str:
    """The name as kept and shown: NFC, no folder, no controls, shortened before its ending where it is too long."""
    name = re.split(r"[/\\]", without_unusable(raw, multiline=False))[-1].replace("\ufffd", "_").strip(" .")
    path = PurePath(name or "file")
    return path.stem[: LONGEST_NAME - len(path.suffix)].rstrip() + path.suffix[:LONGEST_NAME]


def _by_name(name: str) -> Kind:
    suffixes = [part.lower() for part in name.split(".")[1:]]  # "Res. Exe. 4.pdf" has no such ending: blanks count
    ending = suffixes[-1] if suffixes else ""
    if ending in WITH_MACROS:
        raise Unmet(file="macros")
    if ending not in EXTENSIONS:
        raise Unmet(file="type")
    if any(part in PROGRAMS or part in WITH_MACROS for part in suffixes):
        raise Unmet(file="program")
    return EXTENSIONS[ending]


_PRINTER_JOB = b"\x1b%-12345X"


def _check_pdf(head: bytes) -> None:
    """``%PDF-`` within the first 1024 bytes, as the format allows, after nothing but blanks or a printer's preamble.

    Some scanners send the latter; anything else before it is a page of HTML or a program in disguise.
    """
    before, found, _ = head[:1029].partition(b"%PDF-")
    preamble = before.removeprefix(b"\xef\xbb\xbf").strip(b" \t\r\n\x00")
    if not found or (preamble and not preamble.startswith(_PRINTER_JOB)):
        raise Unmet(file="content")


_MARKUP = re.compile(rb"^\s*(<|%!PS|%PDF|\{\\rtf|#!)|<\s*(!doctype|html|script|svg|\?xml|iframe)", re.I)
_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\f\x1a")


def _check_text(stream: BinaryIO) -> None:
    """Text in UTF-8, UTF-16 with its mark or a Western code page: no controls, and no page or program in disguise."""
    stream.seek(0)
    head = stream.read(HEAD)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        stream.seek(0)
        try:
            head = stream.read().decode("utf-16").encode("utf-8")
        except UnicodeDecodeError:
            raise Unmet(file="content") from None
        chunks = iter((head,))
    else:
        stream.seek(0)
        chunks = iter(lambda: stream.read(HEAD), b"")
    if _MARKUP.search(head.removeprefix(b"\xef\xbb\xbf")[:HEAD]):
        raise Unmet(file="content")
    for chunk in chunks:
        if not _CONTROLS.isdisjoint(chunk):
            raise Unmet(file="content")
