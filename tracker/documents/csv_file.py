"""CSV that spreadsheets open as it was meant: UTF-8 with a byte order mark, and no cell that runs as a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

STARTS_A_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Also in full width: some programs read them alike."""
BLANK = ("\t", "\r", "\n")
"""As the first letter these hide what follows."""

Value = str | int | None


def write(head: Sequence[str], lines: Iterable[Sequence[Value]]) -> bytes:
    """The file; numbers stay numbers, None is an empty cell, lines end as RFC 4180 says."""
    stream = StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([safe(text) for text in head])
    writer.writerows([safe(value) if isinstance(value, str) else value for value in line] for line in lines)
    return stream.getvalue().encode("utf-8-sig")


def safe(text: str) -> str:
    """The text, with an apostrophe before what a spreadsheet would run (also behind blanks)."""
    return f"'{text}" if text.lstrip().startswith(STARTS_A_FORMULA) or text[:1] in BLANK else text
