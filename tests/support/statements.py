"""Each test has an engine of its own; what SQLAlchemy compiles for a statement is the same for all of a dialect.

The application itself has one engine, and so one such cache, for its whole life.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.util import LRUCache

_COMPILED: dict[type, Any] = {}
"""By class of dialect: that of SQLite, that of PostgreSQL."""


def share(engine: sa.Engine) -> None:
    """Let this engine use what others of its dialect compiled before it in this process."""
    kind = type(engine.dialect)
    if kind not in _COMPILED:
        # What was compiled is kept by dialect: all those of one class count as one here.
        kind.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign]
        kind.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign]
        _COMPILED[kind] = LRUCache(5000)
    engine._compiled_cache = _COMPILED[kind]
