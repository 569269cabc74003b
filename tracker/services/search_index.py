"""Keeping what is searched in step with what is public.

Whoever makes something public, changes it or takes it back calls ``refresh`` in the same transaction. The job
``search-index`` compares everything by digest and mends what differs: after an upgrade, or where a name changed that
many entries carry. What was erased goes at once (``forget_passage``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tracker.models import SearchEntry
from tracker.services.plain_rows import rows
from tracker.services.purge_places import finder
from tracker.services.search_reports import PUBLISHED
from tracker.services.search_sources import CATALOGUE, Kind, Made, Source

BATCH = 200
SOURCES: dict[Kind, Source] = {**CATALOGUE, **PUBLISHED}
LOCK = 72_324
"""Of PostgreSQL, for whoever writes entries: what was read before a change must not be written after it."""

_TABLE: sa.Table = SearchEntry.__table__  # type: ignore[assignment]
_ID = ("kind", "key", "language")


@dataclass(frozen=True)
class Batch:
    """Things of one kind that are looked at together."""

    kind: Kind
    keys: tuple[str, ...]


def refresh(session: Session, kind: Kind, *keys: object) -> int:
    """Bring the entries of these things in step, in this transaction; how many were written or taken out.

    Keys: the code of a provision, an activity or an issued report; the id of a report or a good practice. What is not
    public (any more) has no entry afterwards. Four statements, however many things (up to ``BATCH``).
    """
    session.flush()
    _wait_for_others(session)
    return sum(_mend(session, kind, batch) for batch in _batches([str(key) for key in keys]))


def catalogue(session: Session) -> int:
    """Bring all that comes from the catalogue in step."""
    return sum(refresh(session, batch.kind, *batch.keys) for kind in CATALOGUE for batch in _of_kind(session, kind))


def rebuild(session: Session) -> int:
    """Bring everything in step, in one transaction: for a database that nobody uses yet."""
    return sum(refresh(session, batch.kind, *batch.keys) for batch in batches(session))


def batches(session: Session) -> list[Batch]:
    """Everything that is public or has an entry. Two queries for each kind."""
    return [batch for kind in SOURCES for batch in _of_kind(session, kind)]


def is_stale(session: Session, batch: Batch) -> bool:
    """Whether an entry of these is missing, too many, or says something else than it should. Only reads."""
    written, gone = _differences(session, batch.kind, batch.keys)
    return bool(written or gone)


def index_words_anew(session: Session) -> None:
    """Make the database's index of words and the narrow rows from the entries, whatever they hold now."""
    # The triggers write a row anew when its columns are written, whether they change or not.
    anew = sa.update(_TABLE).values(kind=_TABLE.c.kind)
    if session.get_bind().dialect.name == "sqlite":
        session.execute(anew)
        session.execute(sa.text("INSERT INTO search_word (search_word) VALUES ('rebuild')"))
    else:
        session.execute(anew.values(folded=_TABLE.c.folded))


def forget_passage(session: Session, passage: str) -> None:
    """Make anew what holds a passage that was erased, so that no word of it is found or kept."""
    session.flush()
    _wait_for_others(session)
    anchor = max(passage.split(), key=len, default=passage)
    held = sa.or_(*(_TABLE.c[name].contains(anchor, autoescape=True) for name in ("title", "text")))
    erased = finder(passage)
    found: dict[Kind, set[str]] = {}
    for kind, key, title, text in session.execute(
        sa.select(_TABLE.c.kind, _TABLE.c.key, _TABLE.c.title, _TABLE.c.text).where(held)
    ):
        if erased.search(title) or erased.search(text):
            found.setdefault(Kind(kind), set()).add(key)
    changed = sum(refresh(session, kind, *sorted(keys)) for kind, keys in found.items())
    if changed and session.get_bind().dialect.name == "sqlite":
        # FTS5 keeps the words of what was deleted until parts of its index are merged.
        session.execute(sa.text("INSERT INTO search_word (search_word) VALUES ('optimize')"))


_LOCK = sa.select(sa.func.pg_advisory_xact_lock(sa.bindparam("number", type_=sa.BigInteger)))
_KEYS = sa.select(_TABLE.c.key).where(_TABLE.c.kind == sa.bindparam("kind")).distinct()
_STORED = sa.select(_TABLE.c.id, _TABLE.c.key, _TABLE.c.language, _TABLE.c.digest).where(
    _TABLE.c.kind == sa.bindparam("kind"), _TABLE.c.key.in_(sa.bindparam("keys", expanding=True))
)


def _wait_for_others(session: Session) -> None:
    """One transaction at a time writes entries. SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_LOCK, {"number": LOCK})


def _of_kind(session: Session, kind: Kind) -> Iterator[Batch]:
    keys = dict.fromkeys(SOURCES[kind].keys(session))
    # Those that are no longer public come after.
    keys |= dict.fromkeys(sorted(key for (key,) in rows(session, _KEYS, {"kind": kind.value}) if key not in keys))
    for batch in _batches(list(keys)):
        yield Batch(kind, tuple(batch))


def _batches(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]


def _differences(session: Session, kind: Kind, keys: Sequence[str]) -> tuple[list[Made], list[int]]:
    """The entries to write, and the ids of those to take out."""
    stored = {(row.key, row.language): row for row in rows(session, _STORED, {"kind": kind.value, "keys": keys})}
    written = []
    for made in SOURCES[kind].make(session, keys):
        was = stored.pop((made.key, made.language), None)
        if was is None or was.digest != made.digest:
            written.append(made)
    return written, [row.id for row in stored.values()]


def _mend(session: Session, kind: Kind, keys: Sequence[str]) -> int:
    written, gone = _differences(session, kind, keys)
    if gone:
        session.execute(sa.delete(_TABLE).where(_TABLE.c.id.in_(gone)))
    if written:
        insert = (sqlite if session.get_bind().dialect.name == "sqlite" else postgresql).insert(_TABLE)
        changed = {name: insert.excluded[name] for name in written[0].row() if name not in _ID}
        session.execute(
            insert.on_conflict_do_update(index_elements=_ID, set_=changed), [made.row() for made in written]
        )
    return len(written) + len(gone)
