"""The personal-data check: what it finds, what it leaves alone, and that no input makes it slow."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise

import pytest

from bench import privacy as measured
from tests.domain.privacy_sentences import LANGUAGES, sentences
from tracker.domain import privacy
from tracker.domain.privacy import LONGEST_EXCERPT, Suspicion, around, digits, examine
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


@pytest.mark.parametrize(
    ("text", "certain"),
    [
        ("maria.lopez@example.com", True),
        ("maria.lopez@mj.gov.example.gov", False),  # an official by name
        ("contacto@fundacion.example.org", False),  # an office on a host of nobody known
        ("marlon [at] example.com", True),
        ("CPF 111.222.333-44", True),  # the word says what it is, right or wrong
        ("123.456.789-09", True),
        ("123.456.789-00", False),
        ("RUN 12.345.678-5", True),
        ("12.345.678-5", True),
        ("12.345.678-9", False),
        ("HEGG560427MVZRRL04", True),
        ("HEGG560427MVZRRL05", False),
        ("219-09-9999", False),
        ("DNI 40.555.123", True),
        ("pasaporte de la mayor (n.º AB555123)", False),
        ("-12.04642, -77.04279", True),
        ("-12.046, -77.042", False),
        ("17°58'17.4\"N 76°47'36.1\"W", True),
        ("+502 2345-6789", False),
        ("nacida el 3 de mayo de 2005", False),
        ("M.R., 15 años", False),
        ("la víctima Ana Souza", False),
        ("expediente penal 118-2023", False),
        ("El refugio de la calle Falsa 123", False),
    ],
)
def test_says_what_is_certain(text: str, certain: bool) -> None:
    [finding] = examine([("summary", text)])
    assert finding.certain is certain


@pytest.mark.parametrize(
    "text",
    [
        "info@ministry.gov.example.gov",
        "Ligue 180, Disque 100, línea 1818, 0800 555 1234, 1-888-373-7888, 868-800-1234",
        "Decreto 9.440/2018, Ley N.º 28.950, Lei nº 13.344, loi n° 2014-0010, Public Law 106-386",
        "R$ 1.480.000,00; USD 1,234,567.89; 1 480 000 gourdes; 2023-2024; 2023/2024",
        "CNPJ 12.345.678/0001-95; RUT 60.501.000-8; RUC 20131370564",
        "https://example.gob/2023/12345678.pdf?id=9876543210&dni=40555123",
        "The capital lies at -12.05, -77.04.",
        "0.2145, 0.3567",
        "Pena de 15 años; C.P., 15 años de prisión; U.S., 15 years later",
    ],
)
def test_leaves_offices_laws_amounts_and_years_alone(text: str) -> None:
    assert suspicions(text) == set()


def test_says_where_in_the_text_as_typed() -> None:
    before = "e\u0301 ﬁ\u00adn 👩‍👩‍👧 "
    text = f"{before}víctima José Niño\u0301 y maria\u200b.l@example.com."
    for finding in examine([("summary", text)]):
        assert text[finding.start : finding.end].startswith(finding.excerpt)
    named, address = examine([("summary", text)])
    assert text[address.start : address.end] == "maria\u200b.l@example.com"
    assert text[named.start : named.end] == "víctima José Niño\u0301"
    assert around(text, address) == (text[: address.start], "maria\u200b.l@example.com", ".")


def test_findings_do_not_overlap_and_the_certain_one_stays() -> None:
    text = "tel. y DNI 40.555.123, correo a@example.com, +51 955 501 234; causa N.º 12/2022 víctima Ana Souza, 15 años"
    findings = examine([("summary", text)])
    assert all(a.end <= b.start for a, b in pairwise(findings))
    assert {f.suspicion for f in findings} == {
        S.IDENTITY_NUMBER,
        S.EMAIL,
        S.PHONE,
        S.DOCKET,
        S.NAMED_PERSON,
    }


def test_what_was_found_stands_in_no_repr() -> None:
    [finding] = examine([("summary", "maria.lopez@example.com")])
    assert "maria" not in repr(finding)
    assert finding.masked.startswith("ma▮")
    assert "example" not in finding.masked


def test_keeps_no_text_of_what_it_saw() -> None:
    examine([("summary", "Only here: zacarias@example.com")])
    assert "zacarias" not in repr(privacy._kept)


def test_check_digits() -> None:
    assert digits.is_cpf("529.982.247-25")
    assert not digits.is_cpf("111.111.111-11")
    assert digits.rut_check(12_345_678) == "5"
    assert digits.rut_check(10_000_013) == "K"
    assert digits.is_curp("HEGG560427MVZRRL04")
    assert digits.is_cuil("20-12345678-6")
    assert digits.is_uruguayan("1.234.567-2")
    assert not digits.is_uruguayan("1.234.567-3")


class TestInventedSentences:
    """Floors for the invented test set (tests/domain/privacy_sentences); `make bench` prints the figures."""

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_is_large_enough_and_mixed(self, language: str) -> None:
        every = list(sentences(language))
        with_something = [one for one in every if one.expected]
        assert len(every) >= 200
        assert 0.4 < len(with_something) / len(every) < 0.6
        assert 0.2 < sum(one.held_out for one in every) / len(every) < 0.3
        assert set().union(*(one.expected for one in every)) == set(Suspicion)
        assert len({one.text for one in every}) == len(every)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_by_language(self, language: str) -> None:
        every = list(sentences(language))
        for chosen, recall in ((every, 0.93), ([one for one in every if one.held_out], 0.80)):
            counted = measured.count(chosen)[measured.ANY]
            assert counted.precision >= 0.95
            assert counted.recall >= recall

    def test_by_kind(self) -> None:
        counts = measured.count(one for language in LANGUAGES for one in sentences(language))
        for kind in Suspicion:
            assert counts[kind].precision >= 0.9, kind
            assert counts[kind].recall >= (0.8 if kind in (S.NAMED_PERSON, S.SHELTER_ADDRESS) else 0.9), kind


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
    "degrees": "12°3'" * (N // 5),
    "decimals": "-12.04642 " * (N // 10),
    "pairs of decimals": "-12.046,-77.042 " * (N // 16),
    "latitudes": "latitud " * (N // 8),
    "plus codes": "CCCC+" * (N // 5),
    "initials": "A. " * (N // 3),
    "initials and ages": "A.B., 15 " * (N // 9),
    "ages": "15 anos " * (N // 8),
    "passports": "passport " * (N // 9),
    "passports and letters": "passport aaa " * (N // 13),
    "passport no": "passport no no " * (N // 15),
    "telephones": "telephone aaaaaaaaaaaaaaaaaaaaaaaaaaaa " * (N // 39),
    "shelters and addresses": "shelter Rue A B C D 1 " * (N // 22),
    "shelters, then addresses": "shelter " * (N // 16) + "Calle Uno 12 " * (N // 26),
    "curps": "AAAA000000H" * (N // 11),
    "web addresses": "https://a " * (N // 10),
    "one web address": "https://" + "a" * N,
    "names": "Ana Souza " * (N // 10),
    "the mother of": "mother of Aaa " * (N // 14),
    "files": "expediente penal judicial " * (N // 26),
    "invisible": "\u200b" * N,
    "quotes": '"Aaa" ' * (N // 6),
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


def test_a_short_way_leads_to_the_same_text() -> None:
    """Beside a letter that is looked at by itself, every character is: the answer must be the same without it."""
    beside = "\u4e00"

    def said(check: Callable[[str], str], text: str) -> str:
        try:
            return check(text).removesuffix(beside)
        except UnusableText as refusal:
            return f"refused: {refusal}"

    for check in (clean, without_unusable):
        for char in map(chr, range(0x3000)):
            assert said(check, f"a{char}b") == said(check, f"a{char}b{beside}"), hex(ord(char))


@pytest.mark.parametrize("text", ["São Tomé", "ÑANDUTÍ g\u0303", "İstanbul", "ﬁn ½ ①", "ἄλφα", "\uff9e\uff76", "ệ ộ"])
def test_folding_leaves_letters_only(text: str) -> None:
    import unicodedata

    plain = unicodedata.normalize("NFKD", text.casefold())
    assert fold(text) == "".join(c for c in plain if not unicodedata.combining(c))
