"""Words of texts and questions: no accent, no case, no sign; and nothing typed is an error."""

from __future__ import annotations

import time

import pytest

from tracker.domain.search_marks import excerpt, finder, marked
from tracker.domain.search_words import LONGEST_QUESTION, Question, Term, folded, question, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Prevención de la TRATA", "prevencion de la trata"),
        ("CS-03: açãos, d'avril_2026", "cs 03 acaos d avril 2026"),
        ("Mbyja g̃uarani", "mbyja guarani"),
        ("Straße ﬁn ½", "strasse fin 1 2"),
        ("Дети 子供 שלום", "дети 子供 שלום"),
        ("😀 … \x00 --", ""),
    ],
)
def test_folded(text: str, words: str) -> None:
    assert folded(text) == words


def test_a_question_is_taken_apart() -> None:
    asked = question('tráfico "trata de personas" -niños CS-03 de col:umn "open end')
    assert asked == Question(
        wanted=(
            Term(("trafico",), is_beginning=True),
            Term(("trata", "de", "personas")),
            Term(("cs", "03")),
            Term(("de",)),
            Term(("col", "umn"), is_beginning=True),
            Term(("open", "end")),
        ),
        unwanted=(Term(("ninos",)),),
    )
    assert question("«una frase»").wanted == (Term(("una", "frase")),)


@pytest.mark.parametrize(
    "typed", ["", "   ", "-", '"', '""', '-""', "😀", "*:^()", "\x00", "-nothing", "'; --", "AND()"]
)
def test_what_holds_no_word_asks_for_nothing_or_for_plain_words(typed: str) -> None:
    asked = question(typed)
    assert bool(asked) is bool(words_of(typed) and not typed.startswith("-"))


def test_a_question_beyond_measure_is_cut() -> None:
    assert len(question("word%s " * 10_000).wanted) <= 16
    assert question("a" * 10_000).wanted == (Term(("a" * 60,), is_beginning=True),)
    assert LONGEST_QUESTION == 200


def test_what_the_databases_read() -> None:
    asked = question('trat "de ni" -no')
    assert asked.for_fts5() == '("trat" * AND "de ni") NOT ("no")'
    assert asked.for_tsquery() == "('trat':*) & ('de' <-> 'ni') & !('no')"


def test_marks_stand_in_the_text_as_written() -> None:
    pattern = finder(question("prevencion guarani ni"))
    text = "Prevención, PREVENCIÓNES; g̃uaraní - ni un niño. Reprevencion"
    assert [piece for piece, hit in marked(text, pattern) if hit] == ["Prevención", "PREVENCIÓNES", "g̃uaraní"]
    assert "".join(piece for piece, _hit in marked(text, pattern)) == text
    assert [piece for piece, hit in marked(text, finder(question("ni"))) if hit] == ["ni"]


def test_an_excerpt_shows_the_passage_with_most_of_the_words() -> None:
    text = "alpha " + "word " * 300 + "near alpha and   beta\nstand together " + "more " * 300
    found = excerpt(text, finder(question("alpha beta")))
    shown = "".join(piece for piece, _hit in found)
    assert shown.startswith("… ") and shown.endswith(" …")  # noqa: PT018
    assert "near alpha and beta stand together" in shown
    assert len(shown) < 320
    assert [piece for piece, hit in found if hit] == ["alpha", "beta"]
    assert excerpt("short", None) == (("short", False),)
    assert excerpt("", finder(question("alpha"))) == ()


def test_a_text_beyond_measure_takes_no_time() -> None:
    begun = time.monotonic()
    text = "prevención y protección de las víctimas " * 25_000
    assert len(folded(text)) <= 200_000
    excerpt(text, finder(question("inexistente víctimas")))
    excerpt("a" * 1_000_000, finder(question("aaa " + "a" * 150)))
    assert time.monotonic() - begun < 3
