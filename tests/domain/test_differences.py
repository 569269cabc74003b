"""Two texts word by word: nothing is lost, the marks are where people look for them, and no text takes long."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.differences import Change, Piece, compare, differs

SENTENCE = "the State has a law on trafficking since 2012 , and funds a shelter . prosecutors were trained ; \n\n"
WORDS = SENTENCE.split(" ")


def marked(before: str, after: str) -> str:
    signs = {Change.SAME: "{}", Change.GONE: "[-{}-]", Change.NEW: "[+{}+]"}
    return "".join(signs[p.change].format(p.text) for p in compare(before, after))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("", "", ""),
        ("same words", "same words", "same words"),
        ("", "new", "[+new+]"),
        ("gone", "", "[-gone-]"),
        ("A law is planned.", "A law is in force.", "A law is [-planned-][+in force+]."),
        ("We trained 120 judges.", "We trained 1,250 judges.", "We trained [-120-][+1,250+] judges."),
        ("one two three", "uno dos three", "[-one two-][+uno dos+] three"),
        ("Ñandutí g̃uarani", "Ñandutí guarani", "Ñandutí [-g̃uarani-][+guarani+]"),
        ("l’État agit", "l’Etat agit", "[-l’État-][+l’Etat+] agit"),
        ("a\n\nb", "a\n\nnew\n\nb", "a\n\n[+new\n\n+]b"),
    ],
)
def test_what_changed(before: str, after: str, said: str) -> None:
    assert marked(before, after) == said


def test_a_paragraph_that_moved_costs_no_other_words() -> None:
    a, b, c = ("First, the law. ", "Second, the shelter with a budget. ", "Third, the training of judges. ")
    pieces = compare(a + b + c, a + c + b)
    same = sum(len(p.text) for p in pieces if p.change is Change.SAME)
    assert same >= len(a) + len(b)


@given(st.lists(st.sampled_from(WORDS), max_size=120), st.lists(st.sampled_from(WORDS), max_size=120), st.text())
def test_both_texts_come_back_letter_for_letter(one: list[str], other: list[str], odd: str) -> None:
    before, after = " ".join(one) + odd, " ".join(other)
    pieces = compare(before, after)
    assert "".join(p.text for p in pieces if p.change is not Change.NEW) == before
    assert "".join(p.text for p in pieces if p.change is not Change.GONE) == after
    assert differs(pieces) is (before != after)
    assert all(p.text for p in pieces)
    assert [p.change for p in compare(before, before)] == ([Change.SAME] if before else [])


RANDOM = [random.Random(n).choice(WORDS) + str(n % 900) for n in range(3000)]  # noqa: S311  (words for a test)


def _shuffled(seed: int, words: list[str]) -> str:
    words = list(words)
    random.Random(seed).shuffle(words)  # noqa: S311  (words for a test)
    return " ".join(words)[:20_000]


HARD = {
    "two letters": ("ab " * 6600, "ba " * 6600),
    "one letter": ("a " * 10_000, "a " * 9_990 + "b"),
    "no blank": ("a" * 20_000, "b" * 20_000),
    "lines": ("x\n" * 10_000, "y\nx\n" * 4_990),
    "signs": (".,;" * 6_600, ";,." * 6_600),
    "shuffled few words": (
        _shuffled(1, [f"w{n % 40}" for n in range(5000)]),
        _shuffled(2, [f"w{n % 40}" for n in range(5000)]),
    ),
    "shuffled many words": (
        _shuffled(3, [f"w{n}" for n in range(4000)]),
        _shuffled(4, [f"w{n}" for n in range(4000)]),
    ),
    "reversed": (
        " ".join(f"w{n}" for n in range(3500))[:20_000],
        " ".join(f"w{n}" for n in range(3500, 0, -1))[:20_000],
    ),
    "rewritten": (
        _shuffled(5, RANDOM),
        _shuffled(6, RANDOM),
    ),
}


@pytest.mark.parametrize("kind", HARD)
def test_no_two_texts_take_long(kind: str) -> None:
    before, after = (text[:20_000] for text in HARD[kind])
    started = time.process_time()
    pieces = compare(before, after)
    assert time.process_time() - started < 0.5
    assert "".join(p.text for p in pieces if p.change is not Change.NEW) == before
    assert "".join(p.text for p in pieces if p.change is not Change.GONE) == after


def test_an_edited_long_answer_shows_the_edits_only() -> None:
    words = [f"word{n % 700}" for n in range(2500)]
    edited = [*words[:300], "inserted", *words[300:900], *words[905:1800], "changed", *words[1801:]]
    pieces = compare(" ".join(words), " ".join(edited))
    changed = sum(len(p.text) for p in pieces if p.change is not Change.SAME)
    assert changed < 120
    assert Piece(Change.NEW, "changed") in pieces
