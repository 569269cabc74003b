"""The invented test set of the personal-data check: some 210 sentences a language, a quarter of them held out.

One file a language: ``kind+kind | sentence``, "-" where nothing should be found, "~" in front of what is held out.
Numbers that need check digits are made here, so that no file holds one that might be somebody's.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tracker.domain.privacy import Suspicion, digits

FOLDER = Path(__file__).resolve().parent
LANGUAGES = ("en", "es", "pt", "fr")


@dataclass(frozen=True)
class Sentence:
    language: str
    text: str
    expected: frozenset[Suspicion]
    held_out: bool


def sentences(language: str) -> Iterator[Sentence]:
    """Those of a language, in the order of its file; the made numbers are the same each time."""
    invented = random.Random(language)  # noqa: S311
    for line in (FOLDER / f"{language}.txt").read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        kinds, _mark, text = line.partition(" | ")
        held_out = kinds.startswith("~")
        named = kinds.removeprefix("~")
        expected = frozenset() if named == "-" else frozenset(Suspicion(kind) for kind in named.split("+"))
        yield Sentence(language, _filled(text, invented), expected, held_out)


def _filled(text: str, invented: random.Random) -> str:
    for name, make in NUMBERS.items():
        if f"{{{name}}}" in text:
            text = text.replace(f"{{{name}}}", make(invented))
    return text


def cpf(invented: random.Random) -> str:
    plain = cpf_bare(invented)
    return f"{plain[:3]}.{plain[3:6]}.{plain[6:9]}-{plain[9:]}"


def cpf_bare(invented: random.Random) -> str:
    body = f"{invented.randrange(10**9):09}"
    return next(f"{body}{n:02}" for n in range(100) if digits.is_cpf(f"{body}{n:02}"))


def rut(invented: random.Random) -> str:
    number = invented.randrange(8_000_000, 26_000_000)
    return f"{number:,}".replace(",", ".") + "-" + digits.rut_check(number)


def rut_entity(invented: random.Random) -> str:
    number = invented.randrange(60_000_000, 90_000_000)
    return f"{number:,}".replace(",", ".") + "-" + digits.rut_check(number)


def curp(invented: random.Random) -> str:
    body = f"XEXX{invented.randrange(5, 12):02}0{invented.randrange(1, 10)}1{invented.randrange(10)}MNEXXXA"
    return body + digits.curp_check(body)


def cuil(invented: random.Random) -> str:
    while True:
        body = f"27{invented.randrange(10**7, 10**8)}"
        check = digits.cuil_check(digits.only_digits(body))
        if check < 10:
            return f"{body[:2]}-{body[2:]}-{check}"


def cedula_do(invented: random.Random) -> str:
    body = f"{invented.randrange(1, 123):03}{invented.randrange(10**7):07}"
    return f"{body[:3]}-{body[3:]}-{digits.luhn_check(digits.only_digits(body))}"


def cui(invented: random.Random) -> str:
    while True:
        body = f"{invented.randrange(10**7, 10**8)}"
        found = next((f"{body}{n}0101" for n in range(10) if digits.is_cui(f"{body}{n}0101")), None)
        if found:
            return found


def cui_spaced(invented: random.Random) -> str:
    plain = cui(invented)
    return f"{plain[:4]} {plain[4:9]} {plain[9:]}"


def ci_uy(invented: random.Random) -> str:
    body = f"{invented.randrange(10**6, 5 * 10**6)}"
    check = next(n for n in range(10) if digits.is_uruguayan(f"{body}{n}"))
    return f"{body[0]}.{body[1:4]}.{body[4:]}-{check}"


NUMBERS = {
    made.__name__: made for made in (cpf, cpf_bare, rut, rut_entity, curp, cuil, cedula_do, cui, cui_spaced, ci_uy)
}
