"""The personal-data check: what must never get in is data about victims, witnesses or suspects.

A check by pattern finds what looks like an identity number, a docket number, a birth date, an e-mail address, a
telephone number or somebody named as a victim. It can be wrong: the author takes the text out or explains why it is
none. The list of what must not get in stands in the product's specification ("What must never get in").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from tracker.domain.text import fold


class Suspicion(StrEnum):
    EMAIL = "email"
    PHONE = "phone"
    IDENTITY_NUMBER = "identity_number"
    DOCKET = "docket"
    BIRTH_DATE = "birth_date"
    NAMED_PERSON = "named_person"
    SHELTER_ADDRESS = "shelter_address"


@dataclass(frozen=True)
class Finding:
    """Something that looks like personal data in one field."""

    field: str
    suspicion: Suspicion
    excerpt: str


LONGEST_EXCERPT = 60

# Each pattern is linear: no nested repetition, so that 30,000 characters take no more than milliseconds.
_PATTERNS: tuple[tuple[Suspicion, re.Pattern[str]], ...] = (
    (Suspicion.EMAIL, re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,63}")),
    (Suspicion.PHONE, re.compile(r"(?<![\w/.=-])\+\d[\d ().-]{7,17}\d(?![\w-])")),
    (
        Suspicion.IDENTITY_NUMBER,
        re.compile(
            r"\b(?:dni|cpf|curp|rut|rg|cedula|ci|c\.i\.|ssn|passport|pasaporte|passaporte|passeport|nin|id card)"
            r"\s{0,3}(?:no\.?|nr\.?|n[o°º]\.?|num\.?|number|numero|#|:)?\s{0,3}[a-z]{0,3}[\d][\d.\- ]{4,18}\d",
            re.I,
        ),
    ),
    (Suspicion.IDENTITY_NUMBER, re.compile(r"(?<!\d)\d{3}\.\d{3}\.\d{3}-\d{2}(?!\d)")),
    (
        Suspicion.DOCKET,
        re.compile(
            r"\b(?:expediente|causa|case file|docket|processo|inquerito|dossier|carpeta de investigacion)"
            r"\s{0,3}(?:penal|judicial|criminal)?\s{0,3}(?:no\.?|nr\.?|n[o°º]\.?|num\.?|number|numero|#|:)\s{0,3}[\w./-]{0,20}\d",
            re.I,
        ),
    ),
    (
        Suspicion.BIRTH_DATE,
        re.compile(
            r"\b(?:born on|date of birth|dob|nacid[oa] el|fecha de nacimiento|nascid[oa] em|data de nascimento"
            r"|nee? le|date de naissance)\b[^\n]{0,20}\d",
            re.I,
        ),
    ),
    (
        Suspicion.SHELTER_ADDRESS,
        re.compile(
            r"\b(?:shelter|refugio|albergue|abrigo|casa de acogida|foyer|refuge)\b[^.\n]{0,60}"
            r"\b(?:street|avenue|calle|avenida|rua|rue|address is|direccion|endereco|adresse)\b[^.\n]{0,40}\d",
            re.I,
        ),
    ),
)
_NAMED = re.compile(
    r"\b(?:[Vv]ictim|[Ss]urvivor|[Ww]itness|[Ss]uspect|[Vv][ií]ctima|[Ss]obreviviente|[Tt]estigo"
    r"|[Vv]ítima|[Ss]obrevivente|[Tt]estemunha|[Vv]ictime|[Ss]urvivante|[Tt]émoin)s?,? "
    r"(?:named |called |llamad[oa] |de nombre |chamad[oa] |nommée? |Sra?\. |Mrs?\. |Ms\. )?"
    r"[\"“«]?[A-ZÁÉÍÓÚÑÇÂÊÔ][a-záéíóúñçâêôãõ]{2,20} [A-ZÁÉÍÓÚÑÇÂÊÔ][a-záéíóúñçâêôãõ]{2,20}"
)


def examine(texts: list[tuple[str, str]]) -> list[Finding]:
    """What looks like personal data in (field, text) pairs, in order; empty where nothing does."""
    found = []
    for field, text in texts:
        folded = fold(text)
        same_length = len(folded) == len(text)
        for suspicion, pattern in _PATTERNS:
            for match in pattern.finditer(folded):
                source = text if same_length else folded
                found.append(Finding(field, suspicion, source[match.start() : match.end()][:LONGEST_EXCERPT]))
        found.extend(
            Finding(field, Suspicion.NAMED_PERSON, match.group()[:LONGEST_EXCERPT]) for match in _NAMED.finditer(text)
        )
    return found
