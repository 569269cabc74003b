"""The database: one engine, a session per application context, and the only place that begins and commits.

SQLite needs care: with the driver's own transactions two writers that read first lose updates silently. Here the
driver begins nothing; reading begins a plain (deferred) transaction, and ``transaction()`` begins IMMEDIATE, so a
writer waits its turn before it reads (docs/decisions/0003-sqlite-transactions.md).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy.orm import Session

from config import Settings

BUSY_TIMEOUT_MS = 15_000
_IMMEDIATE = "tracker_immediate"
_MIGRATING: ContextVar[bool] = ContextVar("migrating", default=False)

db = SQLAlchemy(session_options={"autoflush": True, "expire_on_commit": True})


KEPT_TEXT = 2_000
"""Texts in four languages and lists of codes up to this length are parsed once per process."""


@lru_cache(maxsize=2048)
def _flat(raw: str) -> dict[str, str] | list[str] | None:
    """What a column of JSON holds, where it is one level of plain strings; None for anything deeper."""
    value = json.loads(raw)
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else [None]
    return value if all(type(part) is str for part in parts) else None


def read_json(raw: str) -> Any:
    """A column of JSON as Python has it; the caller may change what it gets.

    The same few hundred names and titles are read with every page: a copy costs a tenth of parsing them again.
    """
    kept = _flat(raw) if len(raw) <= KEPT_TEXT else None
    return json.loads(raw) if kept is None else kept.copy()


def engine_options(settings: Settings) -> dict[str, Any]:
    """What ``SQLALCHEMY_ENGINES['default']`` holds for these settings."""
    url = sa.engine.make_url(settings.database_url)
    # What a statement carries may be personal data: an error names the statement, never the values.
    options: dict[str, Any] = {"json_deserializer": read_json, "hide_parameters": True}
    if url.get_backend_name() == "sqlite":
        return options | {"url": url, "connect_args": {"timeout": BUSY_TIMEOUT_MS / 1000}}
    return options | {
        "url": url.set(drivername="postgresql+psycopg"),
        "pool_pre_ping": True,
        "pool_size": 5,
        "max_overflow": 10,
        "pool_recycle": 1800,
    }


def prepare_engine(engine: sa.Engine) -> None:
    """Make SQLite durable and honest: WAL, full sync, foreign keys, our own BEGIN. Other engines stay as they are."""
    if engine.dialect.name != "sqlite":
        return

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        if _MIGRATING.get():
            # Only possible outside a transaction; the connection is thrown away after the migration.
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        if connection.get_execution_options().get(_IMMEDIATE, False):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            # Waits for nobody and cannot fail, so it may take the short way; every page begins with it.
            connection.connection.driver_connection.execute("BEGIN")  # type: ignore[union-attr]


@contextmanager
def foreign_keys_off() -> Iterator[None]:
    """What begins inside runs without SQLite's foreign keys: for migrations only, which see to the rest."""
    token = _MIGRATING.set(True)
    try:
        yield
    finally:
        _MIGRATING.reset(token)


@contextmanager
def writing(session: Session) -> Iterator[Session]:
    """A write transaction on this session: begun before the first read, committed at the end, or undone whole.

    What was read before is forgotten, so that rules are checked on the rows as they are now.
    """
    session.rollback()
    session.connection(execution_options={_IMMEDIATE: True})
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


@contextmanager
def transaction() -> Iterator[Session]:
    """The write transaction of this request, job item or command."""
    with writing(db.session) as session:
        yield session


@contextmanager
def rehearsal() -> Iterator[Session]:
    """As ``transaction``, and always undone: to see what a change would do, with the rules that would do it."""
    session = db.session
    session.rollback()
    session.connection(execution_options={_IMMEDIATE: True})
    try:
        yield session
    finally:
        session.rollback()
