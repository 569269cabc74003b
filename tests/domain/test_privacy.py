"""The personal-data check: what it finds, what it leaves alone, and that no input makes it slow."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from tracker.domain.privacy import LONGEST_EXCERPT, Suspicion, examine
from tracker.domain.text import MOST_MARKS, UnusableText, clean, fold, without_unusable

S = Suspicion


def suspicions(text: str) -> set[Suspicion]:
    return {f.suspicion for f in examine([("narrative-CS-02", text)])}


@pytest.mark.parametrize(
    ("text", "suspicion"),
    [
        ("Write to maria.lopez+x@example.org for more.", S.EMAIL),
        ("Call +502 2345-6789 at night.", S.PHONE),
        ("Ligue para +55 (11) 91234-5678.", S.PHONE),
        ("DNI 12345678", S.IDENTITY_NUMBER),
        ("Cédula No. 1-234-567 890", S.IDENTITY_NUMBER),
        ("passport number AB1234567", S.IDENTITY_NUMBER),
        ("CPF 123.456.789-09", S.IDENTITY_NUMBER),
        ("inscrita sob 123.456.789-09", S.IDENTITY_NUMBER),
        ("expediente penal núm. 1234/2024", S.DOCKET),
        ("Expediente No. 55-2023", S.DOCKET),
        ("docket # 12-cv-345", S.DOCKET),
        ("Processo nº 0001234-55.2024", S.DOCKET),
        ("nacida el 3 de mayo de 2005", S.BIRTH_DATE),
        ("date of birth: 3 May 2005", S.BIRTH_DATE),
        ("née le 3 mai 2005", S.BIRTH_DATE),
        ("data de nascimento 03/05/2005", S.BIRTH_DATE),
        ("El refugio está en la calle Falsa 123", S.SHELTER_ADDRESS),
        ("The shelter at Example street 12", S.SHELTER_ADDRESS),
        ("La víctima María González declaró", S.NAMED_PERSON),
        ("the witness John Smith said", S.NAMED_PERSON),
        ("A vítima chamada Ana Souza", S.NAMED_PERSON),
        ("le témoin Jean Dupont", S.NAMED_PERSON),
    ],
)
def test_finds(text: str, suspicion: Suspicion) -> None:
    assert suspicion in suspicions(text)
    assert suspicion in suspicions("Some words before. " + text + " Some words after.")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Law 28.950 of 2007 was amended by Decree 1.234 of 12 May 2020.",
        "The budget was USD 1,234,567.89 in 2024, up from 1 000 000.",
        "Se capacitó a 1.250 fiscales en 2023-2024; 12/05/2020.",
        "Victims were assisted in 14 shelters in 9 departments.",
        "Article 3 of the Palermo Protocol; resolution AG/RES. 2432 (XXXVIII-O/08).",
        "Las víctimas de trata reciben asistencia integral.",
        "A Lei nº 13.344, de 6 de outubro de 2016.",
        "https://www.example.org/leyes/2020/12345678.pdf?id=987654321",
        "The hotline 1 888 373 7888 is published by the Ministry.",
    ],
)
def test_leaves_alone(text: str) -> None:
    assert suspicions(text) == set()


def test_names_field_and_excerpt_as_typed() -> None:
    [finding] = examine([("summary", "nothing"), ("narrative-CS-02", "La Cédula Núm 12345678 dice")])
    assert finding.field == "narrative-CS-02"
    assert finding.excerpt.startswith("Cédula")
    long = examine([("summary", "victim Aaa Bbbbbbbbbbbbbbbbbbbb " + "a@" + "b" * 63 + "." + "c" * 63)])
    assert all(len(f.excerpt) <= LONGEST_EXCERPT for f in long)


N = 30_000
HOSTILE: dict[str, str] = {
    "one letter": "a" * N,
    "digits": "1" * N,
    "digits and blanks": "1 " * (N // 2),
    "plus and digits": "+1" * (N // 2),
    "plus signs": "+" * N,
    "at signs": "@" * N,
    "addresses without an end": "a@" * (N // 2),
    "one address without an end": "a" * (N // 2) + "@" + "a" * (N // 2),
    "addresses": "a@b.cc " * (N // 7),
    "dotted address": "a@" + "b." * (N // 2),
    "identity words": "dni " * (N // 4),
    "identity and dots": "dni " + "1." * (N // 2),
    "identity many": "ci 1 " * (N // 5),
    "dotted numbers": "123.456.789-" * (N // 12),
    "docket words": "expediente " * (N // 11),
    "docket and dots": "expediente no. " + "." * N,
    "docket many": "causa no " * (N // 9),
    "born": "born on " * (N // 8),
    "born and blanks": "date of birth" + " " * N,
    "shelters": "shelter " * (N // 8),
    "shelter and street": "shelter street " * (N // 15),
    "streets": "street " * (N // 7),
    "victims": "victim " * (N // 7),
    "capitals": "Aa " * (N // 3),
    "victim and capitals": "victim Aaa " * (N // 11),
    "victim and letters": "victim A" + "a" * N,
    "blanks": " " * N,
    "line breaks": "\n" * N,
    "combining": "e\u0301" * (N // 2),
    "many combining": "e" + "\u0301" * N,
    "mixed combining": "a" + "\u0315\u0300\u05ae\u0301" * (N // 4),
    "marks without a class": "a" + "\u0f73" * N,
    "marks of two kinds": "a" + "\u0f73\u0301" * (N // 2),
    "direction and marks": "a" + "\u200e\u0315\u0300" * (N // 3),
    "half-width marks": "\uff9e\u0f73\u0315" * (N // 3),
    "growing when folded": "\ufdfa" * N,
    "emoji": "👩‍👩‍👧" * (N // 5),
    "right to left": "\u0627\u0644" * (N // 2),
    "underscores": "_" * N,
    "hyphens": "-" * N,
    "brackets": "(" * N,
}
CHECKS: dict[str, Callable[[str], object]] = {
    "examine": lambda text: examine([("summary", text)]),
    "clean": clean,
    "without_unusable": without_unusable,
    "fold": fold,
}


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("kind", HOSTILE)
def test_no_check_takes_a_second_for_30_000_characters(kind: str, check: str) -> None:
    began = time.process_time()
    with suppress(UnusableText):
        CHECKS[check](HOSTILE[kind])
    assert time.process_time() - began < 1


def test_a_text_as_large_as_a_request_is_refused_at_once() -> None:
    began = time.process_time()
    with pytest.raises(UnusableText):
        clean("a" + "\u0315\u0300\u05ae\u0301" * 250_000)
    without_unusable("a" + "\u0315\u0300\u05ae\u0301" * 250_000)
    fold("a" + "\u0315\u0300\u05ae\u0301" * 250_000)
    assert time.process_time() - began < 5


def test_marks_that_languages_use_are_kept() -> None:
    written = "g\u0303uarani Ts\u0323\u0302o  e\u0301"
    assert clean(written) == "g\u0303uarani T\u1e63\u0302o  \u00e9"
    assert len(clean("a" + "\u0315" * MOST_MARKS)) == MOST_MARKS + 1
    with pytest.raises(UnusableText):
        clean("a" + "\u0315" * (MOST_MARKS + 1))


@pytest.mark.parametrize("text", ["São Tomé", "ÑANDUTÍ g\u0303", "İstanbul", "ﬁn ½ ①", "ἄλφα", "\uff9e\uff76", "ệ ộ"])
def test_folding_leaves_letters_only(text: str) -> None:
    import unicodedata

    plain = unicodedata.normalize("NFKD", text.casefold())
    assert fold(text) == "".join(c for c in plain if not unicodedata.combining(c))
