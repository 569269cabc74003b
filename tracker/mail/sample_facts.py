"""What samples of mails speak of: invented people, commitments and dates, or real ones for a preview.

A sample asks ``facts(language)``; inside ``using(found)`` it speaks of what was found instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date

from tracker.mail.links import Site


@dataclass(frozen=True)
class Facts:
    """One of each thing that mails name, in the reader's language."""

    reader: str
    other: str
    """Another person."""
    institution: str
    organisation: str
    party: str
    other_party: str
    commitments: tuple[tuple[str, str], ...]
    """Code and title; three of them."""
    elements: tuple[str, ...]
    cycle: str
    today: date
    due_on: date
    time_zone: str
    typed: str
    """What a person wrote, in two lines."""
    site: Site


SITE = Site("https://tracker.example", "tracker@tracker.example")
_TITLES = {
    "en": ("Protection and assistance", "Training of public servants", "Prevention and awareness"),
    "es": ("Protección y asistencia", "Capacitación de servidores públicos", "Prevención y sensibilización"),
    "pt": ("Proteção e assistência", "Capacitação de servidores públicos", "Prevenção e sensibilização"),
    "fr": ("Protection et assistance", "Formation des agents publics", "Prévention et sensibilisation"),
}
_TYPED = {
    "en": "Please say since when the decree is in force.\nThe budget of the second half of the year is missing.",
    "es": "Por favor indique desde cuándo está vigente el decreto.\nFalta el presupuesto del segundo semestre.",
    "pt": "Queira indicar desde quando o decreto está em vigor.\nFalta o orçamento do segundo semestre.",
    "fr": "Veuillez préciser depuis quand le décret est en vigueur.\nIl manque le budget du second semestre.",
}
_INSTITUTION = {
    "en": "Invented Ministry of Labour",
    "es": "Ministerio inventado de Trabajo",
    "pt": "Ministério inventado do Trabalho",
    "fr": "Ministère inventé du travail",
}
_PARTIES = {
    "en": ("Brazil", "Saint Lucia"),
    "es": ("Brasil", "Santa Lucía"),
    "pt": ("Brasil", "Santa Lúcia"),
    "fr": ("Brésil", "Sainte-Lucie"),
}
_found: ContextVar[Facts | None] = ContextVar("sample_facts", default=None)


def facts(language: str) -> Facts:
    """What a sample speaks of."""
    return _found.get() or invented(language)


def invented(language: str) -> Facts:
    """The same every time: texts made from it are stored in the tests."""
    codes = ("CS-03", "CS-05", "CS-02")
    return Facts(
        reader="Ana Inventada",
        other="Luis Inventado",
        institution=_INSTITUTION[language],
        organisation="Red Inventada",
        party=_PARTIES[language][0],
        other_party=_PARTIES[language][1],
        commitments=tuple(zip(codes, _TITLES[language], strict=True)),
        elements=("CS-03.a", "CS-03.c"),
        cycle="2026",
        today=date(2026, 4, 23),
        due_on=date(2026, 4, 30),
        time_zone="America/Sao_Paulo",
        typed=_TYPED[language],
        site=SITE,
    )


@contextmanager
def using(found: Facts) -> Iterator[None]:
    """Samples made inside speak of this."""
    token = _found.set(found)
    try:
        yield
    finally:
        _found.reset(token)
