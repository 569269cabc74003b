"""E-mail addresses and telephone numbers.

**An address is certain, and blocks, unless it belongs to an office.** Two signs of an office: what stands before the @
is the name of a function (info, contacto, ouvidoria …); the host is that of a government, parliament, court,
university or international organisation. Both: it is a published contact and is left alone. One: doubtful, the author
says why it may stay. None: certain.

**A telephone number is always doubtful**: whose it is cannot be read from it. Short numbers (180, 100, 1742) and
free ones (0800, 1-888 …) are given to hot lines only and are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tracker.domain.privacy.flat import Flat
from tracker.domain.privacy.kinds import Span, Suspicion
from tracker.domain.privacy.words import FUNCTIONS

_EMAIL = re.compile(
    r"(?<![\w.+%-])[\w.+%'-]{1,64}(?:@| ?\[ ?(?:at|arroba|arobase) ?\] ?| ?\( ?(?:at|arroba|arobase) ?\) ?)"
    r"[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"
)
_SPELT = re.compile(r"[\[(] ?(?:at|arroba|arobase)")
_OFFICE_HOST = re.compile(
    r"(?:^|\.)(?:gov|gob|gouv|gub|govt|go|gc|jus|mp|mpf|leg|mil|edu|int|un|oas|iom|unodc|paho)(?:\.|$)"
)
_FUNCTION = re.compile(rf"^(?:{'|'.join(sorted(FUNCTIONS))})(?:[._-][\w.-]*)?\d{{0,4}}$")


def emails(flat: Flat) -> Iterator[Span]:
    if "@" not in flat.low and not _SPELT.search(flat.low):
        return
    for match in _EMAIL.finditer(flat.low):
        found = match[0]
        mark = "@" if "@" in found else "[" if "[" in found else "("
        local, _mark, rest = found.partition(mark)
        host = re.split(r"@|[\])] ?", rest)[-1].rstrip(".")
        if host.rpartition(".")[2].isdigit():
            continue
        signs = bool(_FUNCTION.match(local.strip())) + bool(_OFFICE_HOST.search(host))
        if signs < 2:
            yield Span(Suspicion.EMAIL, match.start(), match.start() + len(found.rstrip(".-")), signs == 0)


_SEP = r"[ .\-/]{1,2}"
_WORD = (
    r"(?:tel|tels|telf|tfno|fone|fono|ph|cel|mob|whats ?app|zap|wsp|telefono|telefonos|telefone|telefones|telephone"
    r"|telephones|phone|phones|celular|celulares|movil|mobile|cell|cellphone|portable|signal|telegram"
    r"|call(?:ing)? ?(?:her|him|them|me|us)?|dial|text|llamar|llamarla|llamarlo|llame|ligar|ligue|appeler|appelez"
    r"|joindre|joignable|numero de contacto|contact number|numero de contato)"
)
# A word for telephones, a few letters in between ("number is", "celular de la madre:"), then seven digits or more.
_NATIONAL = re.compile(rf"\b{_WORD}\b[^\d\n+]{{0,40}}(\(?\d[\d ().\-/]{{5,17}}\d)(?![\d%])")
_INTERNATIONAL = re.compile(r"(?<![\w/.=+-])(?:\+|\b00 ?(?=[1-9]))[ ]?[1-9][\d ().-]{6,17}\d(?![\w])")
_BRACKETED = re.compile(rf"(?<![\w)])\(\d{{2,4}}\) ?\d{{3,5}}(?:{_SEP})?\d{{4}}(?![\w])")
_NANP = re.compile(r"(?<![\w.,/-])\d{3}([-.])\d{3}\1\d{4}(?![\w.,/-]\d|\w)")
_PAIRS = re.compile(r"(?<![\w.,-])0[1-9](?:[ .]\d\d){4}(?![ .]?\d)")
_FREE = re.compile(
    r"^(?:\+|00)?[ (]*(?:1[ -]*\(?)?(?:800|888|877|866|855|844|833|822)\b|^0[ -]?800|^0800|^0500|^0300"
    r"|^01[ -]?800|^01[ -]?900|^1[ -]?800|^\(?800\)?\b|^\+\d{2,3}[ -]?800\b|^\(?\d{3}\)?[ .-]800[ .-]"
)
_YEARS = re.compile(r"^(?:19|20)\d\d ?[-/.] ?(?:19|20)\d\d$")
_DATE = re.compile(r"^\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)\d\d$|^(?:19|20)\d\d-\d\d-\d\d$")
_AMOUNT = re.compile(r"^\d{1,3}(?:[. ]\d{3})+$")


_LONG = re.compile(r"\d[\d ().\-/]{5,17}\d")


def phones(low: str) -> Iterator[Span]:
    """``low``: the flat text in small letters, with web addresses blanked out."""
    if not _LONG.search(low):
        return
    for match in _INTERNATIONAL.finditer(low):
        yield from _phone(match.start(), match[0], 8)
    for match in _BRACKETED.finditer(low):
        yield from _phone(match.start(), match[0], 8)
    for match in _NANP.finditer(low):
        yield from _phone(match.start(), match[0], 10)
    for match in _PAIRS.finditer(low):
        yield from _phone(match.start(), match[0], 10)
    for match in _NATIONAL.finditer(low):
        if not (_AMOUNT.match(match[1]) and len(match[1]) < 11):
            yield from _phone(match.start(1), match[1], 7)


def _phone(start: int, found: str, fewest: int) -> Iterator[Span]:
    found = found.rstrip(" .-/(")
    digits = sum(char.isdigit() for char in found)
    if fewest <= digits <= 15 and not (_FREE.match(found) or _YEARS.match(found) or _DATE.match(found)):
        yield Span(Suspicion.PHONE, start, start + len(found))
