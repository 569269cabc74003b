"""E-mail addresses: one spelling each, and nothing that could become a header."""

from __future__ import annotations

import pytest

from tracker.domain.addresses import BadAddress, normal_address


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (" Ana.Perez@Ministerio.GOB.pe ", "ana.perez@ministerio.gob.pe"),
        ("o'neil+tip@x-y.example", "o'neil+tip@x-y.example"),
        ("a@b.co", "a@b.co"),
    ],
)
def test_taken(raw: str, kept: str) -> None:
    assert normal_address(raw) == kept


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "ana",
        "@b.co",
        "a@",
        "a@localhost",
        "a@b..co",
        "a@-b.co",
        "a..b@c.co",
        "a b@c.co",
        "a@b.co\nBcc: x@y.co",
        "a@b.co\x00",
        "é@b.co",
        "a@münchen.de",
        "a@b.co, c@d.co",
        '"a"@b.co',
        "x" * 65 + "@b.co",
        "a@" + "b." * 130 + "co",
        "a" * 30_000,
    ],
)
def test_refused(raw: str) -> None:
    with pytest.raises(BadAddress):
        normal_address(raw)
