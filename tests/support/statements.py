"""There are several engines in a run; the SQL that a statement compiles to is the same every time, and kept."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.util import LRUCache


class _OfEveryEngine(MutableMapping[Any, Any]):
    """The statements of one kind of database: the key's dialect, another object in each engine, counts by its name."""

    def __init__(self) -> None:
        self._kept: Any = LRUCache(5000)

    @staticmethod
    def _key(key: Any) -> Any:
        return (key[0].name, *key[1:]) if isinstance(key, tuple) and isinstance(key[0], sa.Dialect) else key

    def get(self, key: Any, default: Any = None) -> Any:
        return self._kept.get(self._key(key), default)

    def __getitem__(self, key: Any) -> Any:
        return self._kept[self._key(key)]

    def __setitem__(self, key: Any, value: Any) -> None:
        self._kept[self._key(key)] = value

    def __delitem__(self, key: Any) -> None:
        del self._kept[self._key(key)]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)


_statements: dict[str, _OfEveryEngine] = {}


def share(engine: sa.Engine) -> None:
    """What another test's engine compiled need not be compiled again."""
    engine._compiled_cache = _statements.setdefault(engine.dialect.name, _OfEveryEngine())
