"""Migration 0006 with data: what was found is found after it, and the narrow rows follow the entries from then on."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.cast import Cast
from tracker.db import db
from tracker.migrate import alembic
from tracker.models import SearchEntry, SearchFacet
from tracker.services.search import Facets, search
from tracker.services.search_sources import Kind, Made

pytestmark = pytest.mark.both_databases


def facets(cast: Cast) -> dict[int, tuple[str, str, str]]:
    with cast.reading() as session:
        table = SearchFacet.__table__
        return {row.entry_id: (row.about, row.dated, row.rated) for row in session.execute(sa.select(table))}


def expected(cast: Cast) -> dict[int, tuple[str, str, str]]:
    """The same, made here from the entries."""
    found = {}
    with cast.reading() as session:
        for one in session.scalars(sa.select(SearchEntry)):
            key = "" if one.is_only else one.key
            about = (one.kind, one.language, key, one.instrument, one.pillars, one.themes)
            dated = (one.cycle_code, str(one.year) if one.year else "")
            found[one.id] = ("\n".join(about), "\n".join(dated), "\n".join((one.rating, one.parties)))
    return found


def migrate(cast: Cast, revision: str | None) -> None:
    with cast.app.app_context():
        db.session.rollback()
        if revision:
            alembic.downgrade(revision)
        else:
            alembic.upgrade()
            assert alembic.compare_metadata() == []


def test_an_old_database_counts_like_a_new_one(cast: Cast) -> None:
    with cast.writing() as session:
        made = Made(
            Kind.REPORT, "7", "es", "zxwide", "zxwide", "/x", is_only=True, parties=("BR", "AR"), year=2026,
            rating="largely_implemented", cycle_code="2026", pillars=("prevention",), themes=("a", "b"),
        )  # fmt: skip
        session.execute(sa.insert(SearchEntry).values(made.row()))
    with cast.reading() as session:
        before = search(session, "zxwide", language="en", facets=Facets(state="AR"))
    assert before.total == 1
    migrate(cast, "0005")
    migrate(cast, None)
    assert facets(cast) == expected(cast)
    assert len(facets(cast)) > 100
    with cast.reading() as session:
        assert search(session, "zxwide", language="en", facets=Facets(state="AR")) == before


def test_narrow_rows_follow_their_entries(cast: Cast) -> None:
    migrate(cast, "0005")
    migrate(cast, None)
    table = SearchEntry.__table__
    changes = {
        "kind": "document", "key": "zx", "language": "gn", "is_only": True, "instrument": "I", "cycle_code": "C",
        "rating": "R", "year": None, "parties": "|XX|", "pillars": "|p|q|", "themes": "",
    }  # fmt: skip
    ids = sorted(facets(cast))
    for entry_id, (column, value) in zip(ids, changes.items(), strict=False):
        with cast.writing() as session:
            session.execute(sa.update(table).where(table.c.id == entry_id).values({column: value}))
        assert facets(cast) == expected(cast), column
    with cast.writing() as session:
        session.execute(sa.delete(table).where(table.c.id == ids[0]))
        added = Made(Kind.ACTIVITY, "zxadded", "en", "zxadded", "", "/x", year=1999)
        session.execute(sa.insert(table).values(added.row()))
    assert facets(cast) == expected(cast)
    assert ids[0] not in facets(cast)
