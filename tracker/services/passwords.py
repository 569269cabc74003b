"""Hashes of passwords and of one-time tokens: the only things the database keeps of them.

Argon2id with 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet), in the form that Flask-Security reads
too. The whole password counts, in NFC, whatever its length.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from tracker.domain.passwords import LONGEST

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def hashed(password: str) -> str:
    """What the database keeps of a password."""
    return _HASHER.hash(_bytes(password))


def matches(password: str, stored: str | None) -> bool:
    """Whether this is the password. Takes the same time where there is none stored, or where it is far too long."""
    usable = stored is not None and len(password) <= LONGEST
    try:
        right: bool = _HASHER.verify(stored if usable and stored else _dummy(), _bytes(password[:LONGEST]))
    except (Argon2Error, InvalidHashError):
        return False
    return usable and right


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


def new_token() -> str:
    """256 random bits, for a session or a link."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _dummy() -> str:
    """The hash of a password that nobody knows."""
    return hashed(secrets.token_urlsafe(32))


def _bytes(password: str) -> bytes:
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
