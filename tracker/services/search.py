"""Searching what is public: one interface, whatever the database.

Words are all wanted, "phrases" as they stand, -words not; case and accents do not count, and a word of three letters
or more finds those that begin with it (``domain.search_words``). Three queries, whatever is asked and found.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.search_marks import Marked, excerpt, finder, marked
from tracker.domain.search_words import Question, question
from tracker.models import SearchEntry, SearchFacet
from tracker.services import search_names
from tracker.services.plain_rows import rows
from tracker.services.search_facets import (
    ABOUT,
    COLUMN,
    DATED,
    ID,
    PLACE,
    RANK,
    Facets,
    Row,
    fitting,
    narrowed,
    thing,
    year,
)
from tracker.services.search_sources import Kind, unbarred

__all__ = ["PAGE", "Facets", "Found", "Hit", "search"]

PAGE = 20
_E = SearchEntry.__table__
_F = SearchFacet.__table__


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


@dataclass(frozen=True)
class _Source:
    """Where the entries come from that match, and how relevant each is (the smaller, the more)."""

    entries: sa.FromClause
    condition: sa.ColumnElement[bool] | sa.TextClause
    rank: sa.ColumnElement
    place: str
    """The name of its function for the place of a text in another."""


_WORDS: sa.ColumnElement = sa.literal_column("search_word.words")
_TSQUERY = sa.func.to_tsquery(sa.literal_column("'pg_catalog.simple'"), sa.bindparam("asked", type_=sa.Text))
_WEIGHTS: sa.ColumnElement = sa.literal_column("'{0.1, 0.2, 0.4, 1.0}'::float4[]")
_NOT_RANKED = sa.literal(0.0)
_SOURCES = {
    "": _Source(_F, sa.true(), _NOT_RANKED, ""),
    "sqlite": _Source(
        sa.table("search_word").join(_F, sa.text("search_facet.entry_id = search_word.rowid")),
        sa.text("search_word MATCH :asked"),
        sa.literal_column("bm25(search_word, 6.0, 1.0)"),
        "instr",
    ),
    "postgresql": _Source(
        sa.table("search_word").join(_F, sa.text("search_facet.entry_id = search_word.entry_id")),
        _WORDS.op("@@")(_TSQUERY),
        -sa.func.ts_rank(_WEIGHTS, _WORDS, _TSQUERY, sa.literal_column("1")),
        "strpos",
    ),
}
"""By the database; without a name: all entries, where no word was given."""


@cache
def _matching(source: str, narrowed_by: tuple[str, ...]) -> sa.Select:
    """All entries with the words, as ``search_facets.Row``; only those with the codes of these facets are ranked."""
    one = _SOURCES[source]
    holds = [
        getattr(sa.func, one.place)(_F.c[COLUMN[PLACE[facet]]], sa.bindparam(f"code_{facet}", type_=sa.Text)) > 0
        for facet in narrowed_by
    ]
    rank = sa.case((sa.and_(*holds), one.rank), else_=_NOT_RANKED) if holds else one.rank
    return (
        sa.select(_F.c.entry_id, *(_F.c[name] for name in COLUMN.values()), rank)
        .select_from(one.entries)
        .where(one.condition)
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
    here, there = _each_once(_matched(session, asked, chosen), language)
    listed, counts = narrowed(here + there if all_languages else here, chosen)
    more = 0 if all_languages else len(fitting(there, chosen))
    shown = _first(listed, page * PAGE)[(page - 1) * PAGE :]
    return Found(len(listed), _hits(session, [row[ID] for row in shown], asked, language), counts, more)


def _matched(session: Session, asked: Question, chosen: Mapping[str, str]) -> Sequence[Row]:
    """All entries with the words, of every language."""
    source = session.get_bind().dialect.name if asked else ""
    values = {}
    if asked:
        # A code that no database takes (NUL, half a character) is not asked for there: nothing has it anyway.
        values = {f"code_{facet}": code for facet, code in chosen.items() if code.isascii() and code.isprintable()}
    statement = _matching(source, tuple(name.removeprefix("code_") for name in values))
    if asked:
        values["asked"] = asked.for_fts5() if source == "sqlite" else asked.for_tsquery()
    found = rows(session, statement, values)
    # As the driver gives them: tens of thousands may match, and twenty are shown.
    taken: Sequence[Row] = found.cursor.fetchall()
    found.close()
    return taken


def _each_once(found: Sequence[Row], language: str) -> tuple[list[Row], list[Row]]:
    """What is in the reader's language or in one only; and what is in others, each thing once, as it fits best."""
    abouts = {row[ABOUT] for row in found}
    foreign = {about for about in abouts if thing(about)[1] and thing(about)[2] != language}
    if not foreign:
        return list(found), []
    seen = {thing(about)[:2] for about in abouts - foreign}
    there = []
    for row in sorted((row for row in found if row[ABOUT] in foreign), key=_order):
        if thing(row[ABOUT])[:2] not in seen:
            seen.add(thing(row[ABOUT])[:2])
            there.append(row)
    return [row for row in found if row[ABOUT] not in foreign], there


def _first(listed: list[Row], most: int) -> list[Row]:
    """The first of them in order."""
    if len(listed) > most:
        # Where the last of them stands is found by the rank alone; few are left to be put into order.
        last = heapq.nsmallest(most, [row[RANK] for row in listed])[-1]
        listed = [row for row in listed if row[RANK] <= last]
    return heapq.nsmallest(most, listed, key=_order)


def _order(row: Row) -> tuple[float, int, int]:
    """Most relevant first, then newest, then as they were made."""
    return row[RANK], -year(row[DATED]), row[ID]


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
