"""The title of an office: whether a person seems to be named in it. Offices are kept, never who holds them."""

from __future__ import annotations

import re

_FORMS = (
    *("mr", "mrs", "ms", "miss", "dr", "dra", "prof", "profa", "hon", "sir", "lady", "ambassador", "h\\.?e"),
    *("sr", "sra", "srta", "don", "doña", "lic", "licda", "ing", "abog", "embajador", "embajadora", "excmo", "excma"),
    *("dom", "dona", "exmo", "exma", "senhor", "senhora", "embaixador", "embaixadora", "s\\.?e", "v\\.?exa?"),
    *("m", "mme", "mlle", "monsieur", "madame", "maître", "me", "ambassadeur", "ambassadrice"),
)
_NAMED = re.compile(rf"(?:^|[\s,;(/]) (?i:{'|'.join(_FORMS)})\.? \s+ (?=[^\W\d_])(\w+)", re.VERBOSE)


def names_a_person(title: str) -> bool:
    """Whether a form of address stands before what may be a name: “Amb. …”, “Sra. Ana …”, but not “Ambassador of …”."""
    return any(match[1][:1].isupper() for match in _NAMED.finditer(title))
