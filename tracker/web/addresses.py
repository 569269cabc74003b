"""What every page with a code or a page number in its address needs: one spelling, and 404 for the rest."""

from __future__ import annotations

import re
from typing import TypeVar

from flask import redirect, request
from flask.typing import ResponseReturnValue

from tracker.domain.errors import NotVisible

LAST_PAGE = 1_000_000
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", re.ASCII)
Record = TypeVar("Record")


def found(record: Record | None) -> Record:
    """The record. Raises NotVisible (404, with a way back) where there is none."""
    if record is None:
        raise NotVisible
    return record


def page_number(raw: str | None) -> int:
    """The number of a page, from 1. Raises NotVisible for anything but ASCII digits up to a million."""
    if raw is None:
        return 1
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 7 and 1 <= int(raw) <= LAST_PAGE):
        raise NotVisible
    return int(raw)


def code(raw: str) -> str:
    """A code in an address, in capitals. Raises NotVisible for what no code can hold, before a database sees it."""
    if CODE.fullmatch(raw) is None:
        raise NotVisible
    return raw.upper()


def chosen(name: str) -> str:
    """What a filter asks for: a code, or nothing where it was left out or cannot be one."""
    raw = request.args.get(name, "")
    return raw if CODE.fullmatch(raw) else ""


def to_canonical(path: str) -> ResponseReturnValue:
    """Send the reader to the one spelling, with what else was asked."""
    query = request.query_string.decode("ascii", "ignore")
    return redirect(f"{path}?{query}" if query else path, 301)
