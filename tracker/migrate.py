"""Migrations: Alembic through Flask-Alembic, for the tables of ``tracker.models``."""

from __future__ import annotations

from typing import Any

from flask_alembic import Alembic

from tracker.db import db, foreign_keys_off
from tracker.models import Base

WORDS = "search_word"
"""The index of words for searching: a table of the database's own kind (FTS5 with its four shadows; tsvector)."""


def is_of_the_models(name: str | None, kind: str, _parents: Any) -> bool:
    """Whether a table that the database holds is one that the models should know."""
    return kind != "table" or name is None or not name.startswith(WORDS)


class Migrations(Alembic):
    """Runs migrations with SQLite's foreign keys off, and looks at the end whether they all hold.

    SQLite changes a table by making it anew and dropping the old one, which foreign keys that point to it forbid. On
    other databases nothing differs.
    """

    def run_migrations(self, fn: Any, **kwargs: Any) -> None:
        # A connection that has begun already cannot turn them off any more.
        self._get_cache().clear()
        with foreign_keys_off():
            super().run_migrations(fn, **kwargs)
        self._get_cache().clear()
        if db.engine.dialect.name == "sqlite":
            with db.engine.connect() as connection:
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"{len(broken)} rows point nowhere after the migration, the first in {broken[0][0]}")


alembic = Migrations(metadatas=Base.metadata, run_mkdir=False, command_name="db")
