"""Telephone numbers and web addresses that are shown to the public: of offices and of places to report a case."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlsplit

DAYS_UNTIL_OLD = 365
"""A number that nobody made sure of for longer than this is marked for administrators."""
_PHONE = re.compile(r"[+*#]?[0-9(][0-9 ()/.#*+-]*", re.ASCII)
_DIALLED = re.compile(r"[^0-9+*#]", re.ASCII)
FEWEST_DIGITS, MOST_DIGITS = 2, 15
"""From short codes such as 112 to the longest number of ITU-T E.164."""


def is_phone(text: str) -> bool:
    """Whether it is one telephone number as people write it, for a person to read and a telephone to dial."""
    digits = sum(character.isdigit() for character in text)
    return _PHONE.fullmatch(text) is not None and FEWEST_DIGITS <= digits <= MOST_DIGITS


def dialled(phone: str) -> str:
    """The number as the address of a ``tel:`` link holds it; ``#`` is written so that it begins no fragment."""
    return _DIALLED.sub("", phone).replace("#", "%23")


def is_web_address(text: str) -> bool:
    """A full http or https address, without spaces and without a name and password in it."""
    if not text or any(c.isspace() for c in text) or "\\" in text:
        return False
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(host) and "@" not in parts.netloc


def is_old(checked_on: date, today: date) -> bool:
    """Whether nobody has made sure of it for over a year."""
    return (today - checked_on).days > DAYS_UNTIL_OLD
