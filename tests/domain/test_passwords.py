"""Which passwords are refused, and that the check is quick whatever is typed."""

from __future__ import annotations

import time

import pytest

from tracker.domain import passwords
from tracker.domain.passwords import COMMON, CONTEXT, PATTERN, TOO_LONG, TOO_SHORT, problem

PERSON = ("Ana María Pérez-Quispe", "aperez.quispe")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", TOO_SHORT),
        ("fourteen chars", TOO_SHORT),
        ("é" * 14, TOO_SHORT),
        ("long enough but " + "y x!" * 47, TOO_LONG),
        ("aaaaaaaaaaaaaaaa", PATTERN),
        ("abcabcabcabcabcabc", PATTERN),
        ("12345678901234567890", PATTERN),
        ("qwertyuiopasdfghjkl", PATTERN),
        ("1qaz2wsx3edc4rfv", PATTERN),
        ("zyxwvutsrqponmlkji", PATTERN),
        ("password-password", COMMON),
        ("P@ssw0rd-2026-admin", COMMON),
        ("demo-password-2026", COMMON),
        ("contraseña123456789", COMMON),
        ("minha senha 2026!!!", COMMON),
        ("MotDePasse20262026", COMMON),
        ("correct horse battery staple", COMMON),
        ("Trafficking-2026-x", CONTEXT),
        ("llamas contra la trata", CONTEXT),
        ("tráfico lento en Lima", CONTEXT),
        ("la traite des vaches", CONTEXT),
        ("OAS wandering llamas", CONTEXT),
        ("veinte llamas en la OEA", CONTEXT),
        ("tr4t4 is written so", CONTEXT),
        ("thirty-one quispe hats", CONTEXT),
        ("MARIA walks at night", CONTEXT),
        ("my friend Ana sleeps", CONTEXT),
    ],
)
def test_refused(password: str, why: str) -> None:
    assert problem(password, own_words=PERSON) == why


@pytest.mark.parametrize(
    "password",
    [
        "dez lhamas na chuva",
        "fifteen  chars!",
        "a coastal banana boat",
        "                é ñ 漢字 😀",
        "ñandutĩ oguata pytũme",
        "all lower case letters",
        "8316 4290 7153 9962",
        "a password that only one llama knows",
    ],
)
def test_taken_without_rules_of_composition(password: str) -> None:
    assert problem(password, own_words=PERSON) is None


def test_sixty_four_characters_and_more_are_allowed() -> None:
    sentence = "every morning nine old fishermen whistle at the same grey pelican by the harbour, and it bows"
    assert len(sentence) > 64
    assert problem(sentence) is None


@pytest.mark.parametrize(
    "text", ["a" * 30_000, "love" * 7_500, "\u0301" * 30_000, "ab" * 100, "de la " * 33, "😀" * 200]
)
def test_quick_for_any_length(text: str) -> None:
    begun = time.perf_counter()
    problem(text, own_words=("x" * 200, "y" * 64))
    assert time.perf_counter() - begun < 1


def test_words_are_written_without_accents() -> None:
    from tracker.domain.text import fold

    assert all(fold(word) == word for word in passwords.CONTEXT_WORDS)
