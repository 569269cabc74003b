"""Word and Excel files are packages (ZIP): looked at from their table of contents before anything is unpacked."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable
from typing import BinaryIO
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from tracker.domain.errors import Unmet

MOST_MEMBERS = 5_000
MOST_UNPACKED = 250 * 1024 * 1024
MOST_RATIO = 200
"""Unpacked to packed, of a part over a megabyte. The XML of an honest sheet comes to some 50."""
MOST_NESTED = 5 * 1024 * 1024
MOST_CONTENTS = 1024 * 1024
MEGABYTE = 1024 * 1024
_OOXML = "application/vnd.openxmlformats-officedocument."
MAIN_PARTS = {
    "docx": f"{_OOXML}wordprocessingml.document.main+xml",
    "xlsx": f"{_OOXML}spreadsheetml.sheet.main+xml",
}
CONTENTS = "[Content_Types].xml"
_PROGRAM = re.compile(
    r"(^|/)(vbaproject|vbadata|activex|oleobject|macrosheets)|\.(exe|dll|js|vbs|jar|bat|ps1|lnk|hta)$"
)
_ARCHIVE = re.compile(r"\.(zip|rar|7z|gz|docm|xlsm|xlsb|doc|xls|ppt|html?|svg)$")
_FETCHED = re.compile(
    rb'(attachedTemplate|/oleObject|/frame|/subDocument)"[^>]{0,2000}"(https?|ftp)://|"(https?|ftp)://[^>]{0,2000}'
    rb"(attachedTemplate|/oleObject|/frame|/subDocument)\"",
    re.I,
)

DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, struct.error, ParseError, DefusedXmlException),
    *(EOFError, NotImplementedError, LookupError, ValueError, OSError),
)
"""What a damaged package makes its readers raise."""


def check_package(stream: BinaryIO, ending: str, *, nested: bool = False) -> None:
    """Raises Unmet(file=…) where the package is not what its ending says or holds what it must not.

    ``content``: no such document; ``macros``: holds a program; ``package``: damaged, too large, or odd paths;
    ``protected``: encrypted.
    """
    stream.seek(0)
    magic = stream.read(4)
    if magic == b"\xd0\xcf\x11\xe0":  # Office packs an encrypted DOCX or XLSX into the old container
        raise Unmet(file="protected")
    if magic != b"PK\x03\x04":
        raise Unmet(file="content")
    try:
        with zipfile.ZipFile(stream) as package:
            members = package.infolist()
            _check_members(members)
            _check_contents(package, ending)
            for member in members:
                if member.filename.lower().endswith(".rels"):
                    _check_relations(package, member)
                elif re.search(r"\.(docx|xlsx|pptx)$", member.filename.lower()):
                    _check_nested(package, member, nested=nested)
    except DAMAGED:
        raise Unmet(file="package") from None


def _check_members(members: Iterable[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    unpacked = 0
    offsets = []
    for member in members:
        name = member.orig_filename
        folded = name.lower()
        unpacked += member.file_size
        offsets.append(member.header_offset)
        if member.flag_bits & 1:
            raise Unmet(file="protected")
        if _PROGRAM.search(folded):
            raise Unmet(file="macros")
        odd_path = name.startswith("/") or "\\" in name or "\0" in name or ":" in name or ".." in name.split("/")
        is_link = (member.external_attr >> 16) & 0o170000 == 0o120000
        swollen = member.file_size > MEGABYTE and member.file_size > MOST_RATIO * max(member.compress_size, 1)
        packed_oddly = member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        too_much = len(seen) >= MOST_MEMBERS or unpacked > MOST_UNPACKED
        if odd_path or is_link or swollen or packed_oddly or too_much or folded in seen or _ARCHIVE.search(folded):
            raise Unmet(file="package")
        seen.add(folded)
    if not offsets or min(offsets) != 0:  # something else stands before the package
        raise Unmet(file="content")


def _check_contents(package: zipfile.ZipFile, ending: str) -> None:
    try:
        member = package.getinfo(CONTENTS)
    except KeyError:
        raise Unmet(file="content") from None
    if member.file_size > MOST_CONTENTS:
        raise Unmet(file="package")
    types = {str(element.get("ContentType", "")) for element in fromstring(package.read(member), forbid_dtd=True)}
    if any("macroEnabled" in one or "vbaProject" in one for one in types):
        raise Unmet(file="macros")
    if MAIN_PARTS[ending] not in types:
        raise Unmet(file="content")


def _check_relations(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """A template or object from the web would be fetched, and run, by whoever opens the file."""
    if member.file_size > MOST_NESTED:
        raise Unmet(file="package")
    if _FETCHED.search(package.read(member)):
        raise Unmet(file="macros")


def _check_nested(package: zipfile.ZipFile, member: zipfile.ZipInfo, *, nested: bool) -> None:
    """The table behind a chart is a small XLSX: one level deep, and checked like the whole."""
    ending = member.filename.lower().rpartition(".")[2]
    if nested or ending not in MAIN_PARTS or member.file_size > MOST_NESTED:
        raise Unmet(file="package")
    check_package(io.BytesIO(package.read(member)), ending, nested=True)
