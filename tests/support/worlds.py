"""Worlds that many tests build alike: built by the first, copied by the others. On SQLite; PostgreSQL builds each.

``@kept`` marks a function of the cast that brings its database from one state to another. What it makes is known by
the steps that led there: the template, each marked call with its arguments and the moment of the clock. It is copied
only while nothing else wrote to the database in between; a test that patches anything builds for itself.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import shutil
from collections.abc import Callable
from datetime import date, datetime
from enum import Enum
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa

from tests.support import room

if TYPE_CHECKING:
    from tests.cast import Cast

P = ParamSpec("P")
R = TypeVar("R")
State = tuple[object, ...]
SIMPLE = (str, int, float, bool, type(None), date, datetime, Enum, bytes)


class Worlds:
    """The worlds of one test's cast, whose database is ``file``; all tests of the run share ``folder``."""

    def __init__(self, engine: sa.Engine, file: Path, folder: Path, template: str) -> None:
        self.engine, self.file, self.folder = engine, file, folder
        self.steps: tuple[object, ...] | None = (template,)
        """What led to the present state; None once something else did."""
        self.left = self._state()
        self.commits = self.counted = 0
        sa.event.listen(engine, "commit", self._committed)

    def close(self) -> None:
        sa.event.remove(self.engine, "commit", self._committed)

    def made(self, cast: Cast, step: tuple[object, ...], build: Callable[[], R]) -> R:
        """What ``build`` returns, after it or a copy of what it made."""
        before = self.steps if self._is_as_left() else None
        self.steps = None
        if before is None or not self._is_plain(step):
            return build()
        steps = (*before, step, cast.clock.moment)
        kept = self.folder / hashlib.sha256(repr(steps).encode()).hexdigest()[:32]
        if kept.with_suffix(".made").exists() and self._closed():
            shutil.copyfile(kept.with_suffix(".sqlite3"), self.file)
            result, cast.clock.moment = pickle.loads(kept.with_suffix(".made").read_bytes())  # noqa: S301  (our own)
            self._leave(steps)
            return result
        result = build()
        if self._is_plain(result) and self._closed():
            self._keep(kept, (result, cast.clock.moment))
            self._leave(steps)
        return result

    def _leave(self, steps: tuple[object, ...]) -> None:
        self.steps, self.left, self.counted = steps, self._state(), self.commits

    def _keep(self, kept: Path, rest: tuple[object, datetime]) -> None:
        if shutil.disk_usage(self.folder).free < room.ENOUGH:
            return
        own = kept.with_suffix(f".{os.getpid()}")
        shutil.copyfile(self.file, own)
        own.replace(kept.with_suffix(".sqlite3"))
        own.write_bytes(pickle.dumps(rest))
        own.replace(kept.with_suffix(".made"))

    def _committed(self, _connection: sa.Connection) -> None:
        self.commits += 1

    def _is_as_left(self) -> bool:
        return (
            self.steps is not None
            and self.commits == self.counted
            and self.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
            and self._state() == self.left
        )

    def _closed(self) -> bool:
        """Whether all of the database is in its one file now, and nothing in files beside it."""
        if self.engine.pool.checkedout():  # type: ignore[attr-defined]
            return False
        self.engine.dispose()
        return [path for path in self.file.parent.rglob("*") if path.is_file()] == [self.file]

    def _state(self) -> State:
        """Changes with everything that is written, by whatever process."""
        log = self.file.with_name(f"{self.file.name}-wal")
        found = [path.stat() for path in (self.file, log) if path.exists() and path.stat().st_size]
        return tuple((one.st_size, one.st_mtime_ns) for one in found)

    def _is_plain(self, value: object) -> bool:
        """Whether ``repr`` says all of it."""
        if isinstance(value, tuple | list):
            return all(map(self._is_plain, value))
        if isinstance(value, dict):
            return all(map(self._is_plain, value.items()))
        return isinstance(value, SIMPLE)


def kept(build: Callable[Concatenate[Cast, P], R]) -> Callable[Concatenate[Cast, P], R]:
    """Marks what brings the cast's database from one state to the next; it returns plain values, or nothing."""

    @wraps(build)
    def made(cast: Cast, /, *args: P.args, **named: P.kwargs) -> R:
        if cast.worlds is None:
            return build(cast, *args, **named)
        step = (build.__module__, build.__qualname__, args, named)
        return cast.worlds.made(cast, step, lambda: build(cast, *args, **named))

    return made
