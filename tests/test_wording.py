"""The words and dates that pages, mails and documents share."""

from __future__ import annotations

from datetime import date

import pytest

from tracker import wording


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "1 October 2026"),
        ("es", "1 de octubre de 2026"),
        ("pt", "1 de outubro de 2026"),
        ("fr", "1er octobre 2026"),
    ],
)
def test_the_first_of_a_month_is_said_as_the_language_says_it(language: str, said: str) -> None:
    assert wording.say_date(date(2026, 10, 1), language) == said


def test_other_days_are_said_plainly_in_french() -> None:
    assert [wording.say_date(date(2026, 10, day), "fr") for day in (11, 21, 31)] == [
        "11 octobre 2026",
        "21 octobre 2026",
        "31 octobre 2026",
    ]
