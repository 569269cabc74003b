"""Searching what is public: one interface, whatever the database.

Words are all wanted, "phrases" as they stand, -words not; case and accents do not count, and a word of three letters
or more finds those that begin with it (``domain.search_words``). Three queries, whatever is asked and found.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.search_marks import Marked, excerpt, finder, marked
from tracker.domain.search_words import Question, question
from tracker.models import SearchEntry
from tracker.services import search_names
from tracker.services.plain_rows import rows
from tracker.services.search_sources import Kind, unbarred

PAGE = 20
_E = SearchEntry.__table__


@dataclass(frozen=True)
class Facets:
    """What the hits are narrowed down to, by code; empty: not at all."""

    kind: str = ""
    state: str = ""
    """Code of a reporting party, in capitals."""
    pillar: str = ""
    theme: str = ""
    instrument: str = ""
    rating: str = ""
    cycle: str = ""
    year: str = ""

    def chosen(self) -> dict[str, str]:
        """Facet: code, of those that narrow anything down."""
        return {one.name: code for one in fields(self) if (code := getattr(self, one.name))}


@dataclass(frozen=True)
class Hit:
    """Something that was found."""

    kind: Kind
    key: str
    language: str
    """Of title and excerpt; empty where it is not known."""
    is_foreign: bool
    """The words are in another language than the reader's."""
    title: Marked
    excerpt: Marked
    url: str
    parties: tuple[str, ...]
    instrument: str
    cycle_code: str
    rating: str
    is_commented: bool
    """The State commented on the rating."""
    year: int | None


@dataclass(frozen=True)
class Found:
    """One page of what was found."""

    total: int
    hits: tuple[Hit, ...]
    counts: Mapping[str, Mapping[str, int]]
    """Facet: code: how many hits there would be with it, the other facets as they are."""
    elsewhere: int
    """Hits there would be in other languages too; 0 where all are searched already."""


_COLUMNS = (
    _E.c.id,
    _E.c.kind,
    _E.c.key,
    sa.and_(~_E.c.is_only, _E.c.language != sa.bindparam("language")).label("is_foreign"),
    _E.c.parties,
    _E.c.pillars,
    _E.c.themes,
    _E.c.instrument,
    _E.c.rating,
    _E.c.cycle_code,
    _E.c.year,
)
_ID, _KIND, _KEY, _FOREIGN, _YEAR, _RANK = 0, 1, 2, 3, 10, 11
_PLACE = {"kind": 1, "state": 4, "pillar": 5, "theme": 6, "instrument": 7, "rating": 8, "cycle": 9, "year": 10}
"""Facet: its place among these columns."""
_SEVERAL = frozenset({"state", "pillar", "theme"})
"""Facets of which a thing may have several."""

_ALL = sa.select(*_COLUMNS, sa.literal(0.0).label("rank")).select_from(_E)
_FTS5 = (
    sa.select(*_COLUMNS, sa.literal_column("bm25(search_word, 6.0, 1.0)").label("rank"))
    .select_from(sa.table("search_word", sa.column("rowid")).join(_E, sa.text("search_entry.id = search_word.rowid")))
    .where(sa.text("search_word MATCH :asked"))
)
_WORDS: sa.ColumnElement = sa.literal_column("search_word.words")
_TSQUERY = sa.func.to_tsquery(sa.literal_column("'pg_catalog.simple'"), sa.bindparam("asked", type_=sa.Text))
_WEIGHTS: sa.ColumnElement = sa.literal_column("'{0.1, 0.2, 0.4, 1.0}'::float4[]")
_TSVECTOR = (
    sa.select(*_COLUMNS, (-sa.func.ts_rank(_WEIGHTS, _WORDS, _TSQUERY, sa.literal_column("1"))).label("rank"))
    .select_from(sa.table("search_word").join(_E, sa.text("search_entry.id = search_word.entry_id")))
    .where(_WORDS.op("@@")(_TSQUERY))
)


def search(
    session: Session,
    typed: str,
    *,
    language: str,
    facets: Facets | None = None,
    page: int = 1,
    all_languages: bool = False,
) -> Found:
    """What was found, most relevant first; where only facets are given, the newest first.

    Things with words in several languages are searched in the reader's only, unless ``all_languages``; those in one
    language are found from all. Where neither a word nor a facet is given, nothing is found. Never an error, whatever
    is typed.
    """
    asked, facets = question(typed), facets or Facets()
    chosen = facets.chosen()
    if not asked and (not chosen or typed.strip()):
        return Found(0, (), {}, 0)
    everything = _once(_matching(session, asked, language))
    here = everything if all_languages else [row for row in everything if not row[_FOREIGN]]
    listed, counts = _narrowed(here, chosen)
    more = 0 if all_languages else len(_fitting([row for row in everything if row[_FOREIGN]], chosen))
    shown = heapq.nsmallest(page * PAGE, listed, key=_order)[(page - 1) * PAGE :]
    return Found(len(listed), _hits(session, [row[_ID] for row in shown], asked, language), counts, more)


def _matching(session: Session, asked: Question, language: str) -> Sequence[Any]:
    """All entries with the words, of every language."""
    values = {"language": language}
    if not asked:
        found = rows(session, _ALL, values)
    elif session.get_bind().dialect.name == "sqlite":
        found = rows(session, _FTS5, {**values, "asked": asked.for_fts5()})
    else:
        found = rows(session, _TSVECTOR, {**values, "asked": asked.for_tsquery()})
    # As the driver gives them: tens of thousands may match, and twenty are shown.
    taken: Sequence[Any] = found.cursor.fetchall()
    found.close()
    return taken


def _once(found: Sequence[Any]) -> list[Any]:
    """Each thing once: in the reader's language, else in the one that fits best."""
    here = [row for row in found if not row[_FOREIGN]]
    there = sorted((row for row in found if row[_FOREIGN]), key=_order)
    if there:
        several = {row[_KIND] for row in there}
        seen = {(row[_KIND], row[_KEY]) for row in here if row[_KIND] in several}
        for row in there:
            if (row[_KIND], row[_KEY]) not in seen:
                seen.add((row[_KIND], row[_KEY]))
                here.append(row)
    return here


def _order(row: Any) -> tuple[float, int, int]:
    """Most relevant first, then newest, then as they were made."""
    return row[_RANK], -(row[_YEAR] or 0), row[_ID]


def _narrowed(found: list[Any], chosen: Mapping[str, str]) -> tuple[list[Any], dict[str, dict[str, int]]]:
    """Those that fit all that was chosen; and for each facet, the counts among those that fit the others."""
    listed = _fitting(found, chosen)
    counts = {}
    for facet in _PLACE:
        others = {name: code for name, code in chosen.items() if name != facet}
        counts[facet] = _counted(facet, _fitting(found, others) if facet in chosen else listed)
    return listed, counts


def _fitting(found: list[Any], chosen: Mapping[str, str]) -> list[Any]:
    for facet, code in chosen.items():
        place = _PLACE[facet]
        if facet in _SEVERAL:
            code = f"|{code}|"
            found = [row for row in found if code in row[place]]
        elif facet == "year":
            found = [row for row in found if str(row[place]) == code]
        else:
            found = [row for row in found if row[place] == code]
    return found


def _counted(facet: str, found: Iterable[Any]) -> dict[str, int]:
    raw = Counter(map(itemgetter(_PLACE[facet]), found))
    if facet not in _SEVERAL:
        return {str(code): count for code, count in raw.items() if code}
    counts: Counter[str] = Counter()
    for kept, count in raw.items():
        for code in unbarred(kept):
            counts[code] += count
    return dict(counts)


_SHOWN = sa.select(
    _E.c.id,
    _E.c.kind,
    _E.c.key,
    _E.c.language,
    _E.c.title,
    _E.c.text,
    _E.c.url,
    _E.c.parties,
    _E.c.instrument,
    _E.c.cycle_code,
    _E.c.rating,
    _E.c.year,
).where(_E.c.id.in_(sa.bindparam("ids", expanding=True)))


def _hits(session: Session, ids: Sequence[int], asked: Question, language: str) -> tuple[Hit, ...]:
    """In the order of the ids."""
    by_id = {row.id: row for row in rows(session, _SHOWN, {"ids": ids})}
    reports = [int(row.key) for row in by_id.values() if row.kind == Kind.REPORT]
    names = search_names.of_reports(session, reports, language)
    pattern = finder(asked)
    found = []
    for row in (by_id[one] for one in ids):
        name = names.get(int(row.key)) if row.kind == Kind.REPORT else None
        found.append(
            Hit(
                kind=Kind(row.kind),
                key=row.key,
                language=row.language,
                is_foreign=row.language not in ("", language),
                title=marked(name.title if name else row.title, pattern),
                excerpt=excerpt(row.text, pattern),
                url=row.url,
                parties=tuple(unbarred(row.parties)),
                instrument=row.instrument,
                cycle_code=row.cycle_code,
                rating=row.rating,
                is_commented=name is not None and name.is_commented,
                year=row.year,
            )
        )
    return tuple(found)
