"""The database: one engine, a session per application context, and the only place that begins and commits.

SQLite needs care: with the driver's own transactions two writers that read first lose updates silently. Here the
driver begins nothing; reading begins a plain (deferred) transaction, and ``transaction()`` begins IMMEDIATE, so a
writer waits its turn before it reads (docs/decisions/0003-sqlite-transactions.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy.orm import Session

from config import Settings

BUSY_TIMEOUT_MS = 15_000
_IMMEDIATE = "tracker_immediate"

db = SQLAlchemy(session_options={"autoflush": True, "expire_on_commit": True})


def engine_options(settings: Settings) -> dict[str, Any]:
    """What ``SQLALCHEMY_ENGINES['default']`` holds for these settings."""
    url = sa.engine.make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        return {"url": url, "connect_args": {"timeout": BUSY_TIMEOUT_MS / 1000}}
    return {
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
        immediate = connection.get_execution_options().get(_IMMEDIATE, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


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
