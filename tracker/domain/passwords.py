"""Which passwords are refused, and why. Length counts; there are no rules of composition and no expiry.

NIST SP 800-63B, 3.1.1.2 (15 characters where the password is the only factor; a list of expected and common
passwords); OWASP ASVS 5.0, 6.2.1 to 6.2.12.
"""

from __future__ import annotations

import re
from functools import cache

from tracker.domain.text import fold

SHORTEST = 15
LONGEST = 200

TOO_SHORT = "too_short"
TOO_LONG = "too_long"
COMMON = "common"
PATTERN = "pattern"
CONTEXT = "context"

CONTEXT_WORDS: tuple[str, ...] = (
    *("trafficking", "trafficker", "trafico", "trata", "traite", "oas", "oea", "commitments tracker", "commitment"),
    *("recommendation", "recomendacion", "recomendacao", "recommandation", "secretariat"),
)
"""What somebody who guesses would try first on this site, without accents."""
_SHORT_WORD = 4

_COMMON = (
    *("password", "passw", "passwort", "passphrase", "contrasena", "contrasenia", "clave", "senha", "motdepasse"),
    *(
        "secret",
        "secreto",
        "segredo",
        "admin",
        "administrator",
        "administrador",
        "root",
        "user",
        "usuario",
        "utilisateur",
    ),
    *(
        "login",
        "welcome",
        "bienvenido",
        "bienvenida",
        "bemvindo",
        "bienvenue",
        "letmein",
        "changeme",
        "default",
        "guest",
    ),
    *("qwerty", "qwertz", "azerty", "asdf", "zxcv", "iloveyou", "teamo", "tequiero", "euteamo", "jetaime", "amor"),
    *("love", "monkey", "dragon", "football", "futbol", "futebol", "baseball", "princess", "princesa", "sunshine"),
    *("master", "superman", "batman", "shadow", "michael", "jesus", "dios", "deus", "computer", "internet", "google"),
    *("correcthorsebatterystaple", "correct", "horse", "battery", "staple", "hello", "hola", "bonjour", "test", "demo"),
    *("temporary", "temporal", "provisional", "temp", "new", "nueva", "nova", "nouveau", "my", "mi", "minha", "mon"),
    *("this", "is", "the", "es", "la", "el", "de", "a", "o", "our", "your", "super", "pass", "word", "pwd", "abc"),
    *(
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ),
    *("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre"),
    *("diciembre", "spring", "summer", "autumn", "winter", "primavera", "verano", "otono", "invierno", "year", "ano"),
)
"""The words that the lists of leaked passwords are made of; a password of nothing but these and figures is refused."""

_RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "qwertzuiop",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "!@#$%^&*()_+",
)
_LEET = str.maketrans("013457@$!|", "oieastasil")


def problem(password: str, *, own_words: tuple[str, ...] = ()) -> str | None:
    """Why this password is refused, or None. ``own_words`` are the person's name and address.

    Codes: ``too_short``, ``too_long``, ``pattern`` (a repetition or a run of keys), ``common``, ``context``.
    """
    if len(password) < SHORTEST:
        return TOO_SHORT
    if len(password) > LONGEST:
        return TOO_LONG
    if _is_repetition(password) or _is_run(password):
        return PATTERN
    if _is_common(password):
        return COMMON
    if _holds_context(password, own_words):
        return CONTEXT
    return None


def _is_repetition(password: str) -> bool:
    """Few different characters, or a short piece again and again."""
    folded = fold(password)
    if len(set(folded)) < 5:
        return True
    return any(
        all(folded[i] == folded[i % period] for i in range(period, len(folded)))
        for period in range(1, len(folded) // 3 + 1)
    )


@cache
def _steps() -> frozenset[str]:
    pairs = {run[i : i + 2] for run in _RUNS for i in range(len(run) - 1)}
    return frozenset(pairs | {pair[::-1] for pair in pairs})


def _is_run(password: str) -> bool:
    """Three quarters of the steps from one character to the next are neighbours on a keyboard or in the alphabet."""
    folded = fold(password)
    steps = _steps()
    along = sum(1 for i in range(len(folded) - 1) if folded[i : i + 2] in steps or folded[i] == folded[i + 1])
    return along >= 0.75 * (len(folded) - 1)


def _is_common(password: str) -> bool:
    """Nothing but common words and figures, also with the usual figures in the place of letters."""
    folded = fold(password)
    spellings = {re.sub(r"[^a-z]", "", folded), re.sub(r"[^a-z]", "", folded.translate(_LEET))}
    return any(letters and _is_made_of_common(letters) for letters in spellings)


def _is_made_of_common(letters: str) -> bool:
    reachable = [True] + [False] * len(letters)
    for end in range(1, len(letters) + 1):
        reachable[end] = any(
            reachable[end - len(word)] and letters.startswith(word, end - len(word))
            for word in _COMMON
            if len(word) <= end
        )
    return reachable[-1]


def _holds_context(password: str, own_words: tuple[str, ...]) -> bool:
    """A long word of the context anywhere, a short one ("OAS", "Ana") where it stands by itself."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", password)
    folded = fold(password)
    spellings = (folded, folded.translate(_LEET))
    alone = {piece for piece in re.split(r"[^a-z]+", fold(spaced)) if piece}
    words = {fold(word) for word in CONTEXT_WORDS}
    words |= {piece for text in own_words for piece in re.split(r"[^\w]+|_", fold(text)) if len(piece) >= 3}
    for word in words:
        if len(word) <= _SHORT_WORD:
            if word in alone:
                return True
        elif any(word in spelling for spelling in spellings):
            return True
    return False
