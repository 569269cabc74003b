"""The code of an issued document: eight letters and digits that nobody misreads, in two groups of four.

No vowels, so that no word comes out; no 0, 1, I, L, O, which are taken for one another. Made by chance and not from the
number, so that nobody finds a document by counting.
"""

from __future__ import annotations

import re
import secrets

from tracker.domain.errors import NotVisible

ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"
"""27 signs: some 280,000 million codes."""
GROUP = 4
ADDRESS = r"[0-9A-Za-z]{4}-[0-9A-Za-z]{4}"
"""How a code looks in an address; that of a live report (br-2026, br) never looks so."""
_TYPED = re.compile(r"[\s\u2010-\u2015\u2212_.\-]+")
_SIGNS = frozenset(ALPHABET)


def make() -> str:
    """A code by chance, in capitals: ``7KQM-4XWP``. Whether it is taken is for the caller to see."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(2 * GROUP))
    return f"{signs[:GROUP]}-{signs[GROUP:]}"


def read(typed: str) -> str | None:
    """The code that a person typed, forgiving about capitals, blanks and hyphens; None where it cannot be one."""
    bare = _TYPED.sub("", typed[:80]).upper()
    if len(bare) != 2 * GROUP or not _SIGNS.issuperset(bare):
        return None
    return f"{bare[:GROUP]}-{bare[GROUP:]}"


def in_address(code: str) -> str:
    """As addresses carry it: in small letters."""
    return code.lower()


def of_address(raw: str) -> tuple[str, bool]:
    """(code in capitals, whether ``raw`` is its one spelling in addresses). Raises NotVisible for what is no code."""
    code = read(raw) if raw.isascii() else None
    if code is None:
        raise NotVisible
    return code, raw == in_address(code)
