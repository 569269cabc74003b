"""Check digits of identity numbers of the region: a number that passes is one, by all likelihood.

Sources: the published rules of Receita Federal (CPF), Registro Civil de Chile (RUN), RENAPO (CURP), AFIP (CUIL),
Junta Central Electoral (Dominican cédula), RENAP (CUI), DNIC (Uruguayan cédula), RNPN (DUI).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_CURP = "0123456789ABCDEFGHIJKLMN?OPQRSTUVWXYZ"
"""The place of the question mark is Ñ, which no CURP holds."""


def only_digits(text: str) -> list[int]:
    return [int(char) for char in text if "0" <= char <= "9"]


def _weighed(digits: Iterable[int], weights: Iterable[int]) -> int:
    return sum(d * w for d, w in zip(digits, weights, strict=False))


def is_cpf(text: str) -> bool:
    """Brazil, 11 digits, the last two check."""
    digits = only_digits(text)
    if len(digits) != 11 or len(set(digits)) == 1:
        return False
    for length in (9, 10):
        rest = _weighed(digits, range(length + 1, 1, -1)) * 10 % 11 % 10
        if rest != digits[length]:
            return False
    return True


def rut_check(number: int) -> str:
    """Chile: the character after the hyphen."""
    total, weight = 0, 2
    while number:
        number, digit = divmod(number, 10)
        total += digit * weight
        weight = 2 if weight == 7 else weight + 1
    check = -total % 11
    return "K" if check == 10 else str(check)


def is_rut(text: str) -> bool:
    """Chile, up to eight digits and a check digit or K."""
    plain = text.replace(".", "").replace("-", "").replace(" ", "").upper()
    if not plain[:-1].isdigit() or len(plain) < 7:
        return False
    return rut_check(int(plain[:-1])) == plain[-1]


def rut_of_entity(text: str) -> bool:
    """Chile gives numbers from 50 million on to companies and institutions, which are no persons."""
    plain = text.replace(".", "").partition("-")[0]
    return plain.isdigit() and int(plain) >= 50_000_000


def curp_check(body: str) -> str:
    """Mexico: the last digit, of the 17 characters before it."""
    total = sum(_CURP.index(char) * (18 - place) for place, char in enumerate(body))
    return str(-total % 10)


def is_curp(text: str) -> bool:
    plain = text.upper()
    return len(plain) == 18 and all(c in _CURP and c != "?" for c in plain) and curp_check(plain[:17]) == plain[17]


def cuil_check(digits: Sequence[int]) -> int:
    """Argentina: of the ten digits before it; 10 is never given out."""
    return -_weighed(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11


def is_cuil(text: str) -> bool:
    digits = only_digits(text)
    return len(digits) == 11 and cuil_check(digits[:10]) == digits[10]


def luhn_check(digits: Sequence[int]) -> int:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = digit * 2 if place % 2 == 0 else digit
        total += value - 9 if value > 9 else value
    return -total % 10


def is_dominican(text: str) -> bool:
    """Dominican Republic: 11 digits, the last by Luhn's rule."""
    digits = only_digits(text)
    return len(digits) == 11 and luhn_check(digits[:10]) == digits[10]


def is_cui(text: str) -> bool:
    """Guatemala: 8 digits, a check digit, two of the department (22), two of the municipality."""
    digits = only_digits(text)
    if len(digits) != 13:
        return False
    department = digits[9] * 10 + digits[10]
    return 1 <= department <= 22 and _weighed(digits, range(2, 10)) % 11 == digits[8]


def is_uruguayan(text: str) -> bool:
    """Uruguay: seven digits and one that checks."""
    digits = only_digits(text)
    return len(digits) == 8 and -_weighed(digits[:7], (2, 9, 8, 7, 6, 3, 4)) % 10 == digits[7]


def is_dui(text: str) -> bool:
    """El Salvador: eight digits and one that checks."""
    digits = only_digits(text)
    return len(digits) == 9 and -_weighed(digits[:8], range(9, 1, -1)) % 10 == digits[8]
