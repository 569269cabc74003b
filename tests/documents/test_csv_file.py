"""CSV that spreadsheets open as it was meant."""

from __future__ import annotations

import csv

import pytest

from tracker.documents import csv_file


def test_as_spreadsheets_want_it() -> None:
    made = csv_file.write(["State", "n"], [['Perú; "x"', 12], ["two\nlines", None]])
    assert made.startswith(b"\xef\xbb\xbfState,n\r\n")
    read = list(csv.reader(made.decode("utf-8-sig").splitlines(keepends=True)))
    assert read == [["State", "n"], ['Perú; "x"', "12"], ["two\nlines", ""]]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "  =1+1", "\t=1", "\r=1", "＝1", "\n=1"])
def test_nothing_runs(text: str) -> None:
    assert csv_file.safe(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "–", "a=1", "12 of 15", "'quoted"])
def test_what_is_no_formula_stays(text: str) -> None:
    assert csv_file.safe(text) == text
