"""Codes of issued documents: what is made is read again, however it was typed, and nothing else is."""

from __future__ import annotations

import pytest

from tracker.domain import issue_codes
from tracker.domain.errors import NotVisible


def test_made_codes_are_read_again_and_have_no_signs_that_are_misread() -> None:
    codes = {issue_codes.make() for _n in range(500)}
    assert len(codes) == 500
    assert not set("".join(codes)) & set("AEIOUY01L")
    assert all(issue_codes.read(code) == code for code in codes)
    assert len(issue_codes.ALPHABET) == len(set(issue_codes.ALPHABET)) == 27


@pytest.mark.parametrize(
    "typed", ["7KQM-4XWP", "7kqm-4xwp", "7kqm4xwp", " 7KQM 4XWP ", "7KQM\u20134XWP", "7K QM-4X WP", "7KQM\n4XWP"]
)
def test_what_people_type(typed: str) -> None:
    assert issue_codes.read(typed) == "7KQM-4XWP"


@pytest.mark.parametrize(
    "typed", ["", "7KQM", "7KQM-4XW0", "7KQM-4XWPP", "AEIO-4XWP", "br-2026", "７KQM-4XWP", "x" * 100_000, "7KQM-4XWPé"]
)
def test_what_is_no_code(typed: str) -> None:
    assert issue_codes.read(typed) is None
    with pytest.raises(NotVisible):
        issue_codes.of_address(typed)


def test_one_spelling_in_addresses() -> None:
    assert issue_codes.of_address("7kqm-4xwp") == ("7KQM-4XWP", True)
    assert issue_codes.of_address("7KQM-4xwp") == ("7KQM-4XWP", False)
