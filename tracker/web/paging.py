"""Pages of a list: the number asked for, and the links to the others."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import abort, request

LARGEST = 10**6
AROUND = 2
"""How many page numbers are linked on each side of the present one."""


@dataclass(frozen=True)
class Page:
    """What ``macros/ui.html`` pagination reads."""

    number: int
    pages: int
    total: int
    prev_url: str | None
    next_url: str | None
    urls: list[tuple[int | None, str | None, bool]]


def asked() -> int:
    """The page number in the address, from 1. Anything that is no such number is 404."""
    text = request.args.get("page", "1")
    if not (text.isascii() and text.isdigit() and len(text) <= 7 and 1 <= int(text) <= LARGEST):
        abort(404)
    return int(text)


def page(number: int, total: int, size: int) -> Page:
    """The page and its neighbours, keeping the filters of the address. Beyond the end is 404."""
    pages = max(1, -(-total // size))
    if number > pages:
        abort(404)
    kept = [(k, v) for k, v in request.args.items(multi=True) if k not in ("page", "lang")]

    def url(n: int) -> str:
        return f"{request.path}?{urlencode([*kept, ('page', n)])}"

    shown = sorted({1, pages, *range(max(1, number - AROUND), min(pages, number + AROUND) + 1)})
    urls: list[tuple[int | None, str | None, bool]] = []
    before = 0
    for n in shown:
        if n > before + 1:
            urls.append((None, None, False))
        urls.append((n, url(n), n == number))
        before = n
    return Page(
        number, pages, total, url(number - 1) if number > 1 else None, url(number + 1) if number < pages else None, urls
    )
