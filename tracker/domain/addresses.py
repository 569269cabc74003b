"""E-mail addresses: the shape that mail servers everywhere accept, and one spelling for each."""

from __future__ import annotations

import re

LONGEST = 254
_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)


class BadAddress(ValueError):
    """Not an e-mail address that every mail server takes."""


def normal_address(raw: str) -> str:
    """The address in lower case. ASCII only: local part up to 64 characters, a domain with a dot, 254 in all.

    Raises BadAddress. RFC 5321, section 4.5.3.1, and the dot-atom of RFC 5322; quoted local parts are refused.
    """
    address = raw.strip().lower()
    if len(address) > LONGEST or not address.isascii():
        raise BadAddress
    local, at, domain = address.rpartition("@")
    if not at or not 0 < len(local) <= 64 or not _LOCAL.fullmatch(local):
        raise BadAddress
    labels = domain.split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        raise BadAddress
    return address
