"""What can be found by searching, made ready: public things only, each kind with the same few queries for many.

A thing with words in four languages is found in each of them by its own words; one that was written in one language
is found from all of them (``is_only``), and the page says which language it is in.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from config import LANGUAGES
from tracker.domain.search_words import folded
from tracker.models import Activity, ActivityDocument, Element, Instrument, Provision
from tracker.models.base import LINE
from tracker.services.plain_rows import rows

VERSION = 1
"""Of how entries are made; another number has all of them made anew."""


class Kind(StrEnum):
    """What can be found."""

    PROVISION = "provision"
    REPORT = "report"
    ACTIVITY = "activity"
    DOCUMENT = "document"
    GOOD_PRACTICE = "good_practice"
    STATUS_REPORT = "status_report"


@dataclass(frozen=True)
class Made:
    """One entry: what can be found, in one language."""

    kind: Kind
    key: str
    language: str
    """Empty where nobody said."""
    title: str
    text: str
    url: str
    is_only: bool = False
    names: tuple[str, ...] = ()
    """Other words it is found by like by its title."""
    also: tuple[str, ...] = ()
    """Other words it is found by like by its text."""
    parties: tuple[str, ...] = ()
    instrument: str = ""
    cycle_code: str = ""
    rating: str = ""
    year: int | None = None
    pillars: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()

    @cached_property
    def digest(self) -> str:
        """Of all it holds."""
        said = json.dumps([VERSION, *astuple(self)], ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(said.encode()).hexdigest()

    def row(self) -> dict[str, Any]:
        """As ``SearchEntry`` keeps it."""
        return {
            "kind": self.kind.value,
            "key": self.key,
            "language": self.language,
            "is_only": self.is_only,
            "instrument": self.instrument,
            "cycle_code": self.cycle_code,
            "rating": self.rating,
            "year": self.year,
            "parties": barred(self.parties),
            "pillars": barred(self.pillars),
            "themes": barred(self.themes),
            "url": self.url,
            "digest": self.digest,
            "title": self.title[:LINE],
            "folded_title": " ".join(dict.fromkeys(folded(words) for words in (self.title, *self.names))),
            "text": self.text,
            "folded": folded("\n".join((self.text, *self.also))),
        }


@dataclass(frozen=True)
class Source:
    """Where the entries of one kind come from."""

    keys: Callable[[Session], list[str]]
    """Of everything public now."""
    make: Callable[[Session, Sequence[str]], Iterable[Made]]
    """The entries of those of these keys that are public now."""


def barred(codes: Iterable[str]) -> str:
    """Codes as one column holds them: |BR|AR|."""
    kept = "|".join(codes)
    return f"|{kept}|" if kept else ""


def unbarred(kept: str) -> list[str]:
    return kept.strip("|").split("|") if kept else []


def known(language: str | None) -> str:
    """The code of a language; empty for what is none of two letters."""
    return language if language and len(language) == 2 else ""


_PROVISION_KEYS = sa.select(Provision.code).order_by(Provision.position)
_PROVISIONS = (
    sa.select(
        Provision.id,
        Provision.code,
        Provision.title,
        Provision.text,
        Provision.pillars,
        Provision.themes,
        Instrument.code.label("instrument"),
        Instrument.document_date,
        Instrument.period_start_year,
    )
    .join(Instrument, Instrument.id == Provision.instrument_id)
    .where(Provision.code.in_(sa.bindparam("keys", expanding=True)))
    .order_by(Provision.position)
)
_ELEMENTS = (
    sa.select(Element.provision_id, Element.label)
    .join(Provision, Provision.id == Element.provision_id)
    .where(Provision.code.in_(sa.bindparam("keys", expanding=True)), Element.is_whole.is_(False))
    .order_by(Element.provision_id, Element.position)
)


def _provisions(session: Session, keys: Sequence[str]) -> Iterator[Made]:
    labels: dict[int, list[dict[str, str]]] = {}
    for provision_id, label in rows(session, _ELEMENTS, {"keys": keys}):
        labels.setdefault(provision_id, []).append(label)
    for row in rows(session, _PROVISIONS, {"keys": keys}):
        written = [code for code in LANGUAGES if row.title.get(code)]
        for language in written:
            parts = [row.text.get(language, ""), *(one.get(language, "") for one in labels.get(row.id, ()))]
            yield Made(
                kind=Kind.PROVISION,
                key=row.code,
                language=language,
                is_only=len(written) == 1,
                title=row.title[language],
                text="\n".join(filter(None, parts)),
                names=(row.code,),
                url=f"/provisions/{row.code}",
                instrument=row.instrument,
                year=row.document_date.year if row.document_date else row.period_start_year,
                pillars=tuple(row.pillars),
                themes=tuple(row.themes),
            )


_ACTIVITY_KEYS = sa.select(Activity.code).order_by(Activity.position)
_ACTIVITIES = (
    sa.select(
        Activity.code,
        Activity.title,
        Activity.starts_on,
        Activity.place,
        Activity.country_iso2,
        Activity.state_iso2s,
        Activity.pillars,
        Activity.themes,
        Activity.facts,
    )
    .where(Activity.code.in_(sa.bindparam("keys", expanding=True)))
    .order_by(Activity.position)
)


def _activities(session: Session, keys: Sequence[str]) -> Iterator[Made]:
    for row in rows(session, _ACTIVITIES, {"keys": keys}):
        written = [code for code in LANGUAGES if row.title.get(code)]
        # What the page of an activity shows to everybody; the notes for staff are not among it.
        said = [row.facts.get("text") or "", row.place or ""]
        said += [one for name in ("organizers", "partners", "funders", "outputs") for one in row.facts.get(name) or ()]
        for language in written:
            yield Made(
                kind=Kind.ACTIVITY,
                key=row.code,
                language=language,
                is_only=len(written) == 1,
                title=row.title[language],
                text="\n".join(filter(None, said)),
                names=(row.code,),
                url=f"/activities/{row.code}",
                parties=_states(row),
                year=row.starts_on.year if row.starts_on else None,
                pillars=tuple(row.pillars),
                themes=tuple(row.themes),
            )


def _states(row: Any) -> tuple[str, ...]:
    return tuple(sorted({*row.state_iso2s, *filter(None, [row.country_iso2])}))


_DOCUMENT_KEYS = (
    sa.select(Activity.code, ActivityDocument.position)
    .join(Activity, Activity.id == ActivityDocument.activity_id)
    .order_by(Activity.position, ActivityDocument.position)
)
_DOCUMENTS = (
    sa.select(
        ActivityDocument.name,
        ActivityDocument.position,
        ActivityDocument.language,
        Activity.code,
        Activity.title,
        Activity.starts_on,
        Activity.country_iso2,
        Activity.state_iso2s,
        Activity.pillars,
        Activity.themes,
    )
    .join(Activity, Activity.id == ActivityDocument.activity_id)
    .where(Activity.code.in_(sa.bindparam("activities", expanding=True)))
    .order_by(Activity.position, ActivityDocument.position)
)


def _documents(session: Session, keys: Sequence[str]) -> Iterator[Made]:
    wanted = set(keys)
    for row in rows(session, _DOCUMENTS, {"activities": sorted({key.rpartition(".")[0] for key in keys})}):
        key = f"{row.code}.{row.position}"
        if key in wanted:
            language = known(row.language)
            yield Made(
                kind=Kind.DOCUMENT,
                key=key,
                language=language,
                is_only=True,
                title=row.name,
                text=row.title.get(language) or row.title.get("en", ""),
                also=tuple(row.title.values()),
                url=f"/activities/{row.code}#documents",
                parties=_states(row),
                year=row.starts_on.year if row.starts_on else None,
                pillars=tuple(row.pillars),
                themes=tuple(row.themes),
            )


def _codes(statement: sa.Select) -> Callable[[Session], list[str]]:
    return lambda session: [".".join(map(str, row)) for row in rows(session, statement)]


CATALOGUE: dict[Kind, Source] = {
    Kind.PROVISION: Source(_codes(_PROVISION_KEYS), _provisions),
    Kind.ACTIVITY: Source(_codes(_ACTIVITY_KEYS), _activities),
    Kind.DOCUMENT: Source(_codes(_DOCUMENT_KEYS), _documents),
}
