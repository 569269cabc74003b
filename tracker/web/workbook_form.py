"""What the pages about spreadsheets send: a file, ticked lines, the versions that were before the eyes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, cast

from flask import Request
from werkzeug.datastructures import MultiDict

from tracker.web.forms.reports import version_in

MOST_LINES = 1000


@dataclass(frozen=True)
class SentFile:
    name: str
    stream: BinaryIO
    size: int


def sent_file(request: Request) -> SentFile:
    """The file that was chosen; without a name where none was."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return SentFile("", BytesIO(), 0)
    file.stream.seek(0, 2)
    size = file.stream.tell()
    file.stream.seek(0)
    return SentFile(file.filename, cast(BinaryIO, file.stream), size)


def chosen(sent: MultiDict[str, str]) -> set[str] | None:
    """Ids of the ticked lines; None where the button for all lines without conflict was used."""
    return None if sent.get("accept") == "clean" else set(sent.getlist("line")[:MOST_LINES])


def versions(sent: Mapping[str, str]) -> dict[int, int]:
    """The version of each report that the page showed, by the report's id."""
    found = {}
    for name in sent:
        report_id = version_in({"version": name.removeprefix("version-")}) if name.startswith("version-") else 0
        if report_id:
            found[report_id] = version_in(sent, name)
    return found
