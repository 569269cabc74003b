"""Applications for tests: put together once per process and kind of settings, lent to one test after the other.

What a test changes of one is put back, or the application is not lent again: see ``_shape``.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from config import Settings
from tests.support import statements, templates
from tests.support.clock import MovableClock

MOST = 6
"""Applications kept: nearly all tests ask for one of two, on SQLite or on PostgreSQL."""
_kept: dict[Hashable, Lent] = {}


class Lent:
    """An application with what it was before the first test had it."""

    def __init__(self, settings: Settings, clock: MovableClock, compiled: Path) -> None:
        from tracker import create_app
        from tracker.db import db

        self.app = app = create_app(settings, clock)
        app.testing = True
        app.jinja_env.bytecode_cache = templates.Compiled(str(compiled))
        with app.app_context():
            self.engine: sa.Engine = db.engine
            self.sessionmaker: Any = db.sessionmaker
        statements.share(self.engine)
        self.config, self.extensions = dict(app.config), dict(app.extensions)
        self.client, self.shape = app.test_client_class, self._shape()

    def prepare(self, settings: Settings) -> Flask:
        """As new, for one more test: ``settings`` differ from those of the first in nothing that was built in."""
        from tracker import logs
        from tracker.files.store import open_store
        from tracker.web.uploads import INCOMING

        app = self.app
        logs.configure()
        app.config.clear()
        app.config.update(self.config)
        app.extensions.clear()
        app.extensions.update(self.extensions)
        app.extensions["tracker.settings"] = settings
        app.extensions["tracker.store"] = open_store(settings)
        app.extensions[INCOMING].mkdir(mode=0o700, exist_ok=True)
        app.test_client_class = self.client
        app._got_first_request = False  # a test may still add to it; then it is not lent again
        return app

    def is_unchanged(self) -> bool:
        return self.shape == self._shape()

    def _shape(self) -> tuple[object, ...]:
        """What would make the next test see something of this one: routes, hooks, names of templates, listeners."""
        app, session = self.app, self.sessionmaker()
        hooks = (app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs)
        return (
            len(app.view_functions),
            sum(1 for _ in app.url_map.iter_rules()),
            [[*map(len, of.values())] for of in hooks],
            len(app.teardown_appcontext_funcs),
            dict(app.jinja_env.globals),
            dict(app.jinja_env.filters),
            [len(list(getattr(self.engine.dispatch, name))) for name in LISTENED],
            [len(list(getattr(self.engine.pool.dispatch, name))) for name in LISTENED_POOL],
            [len(list(getattr(session.dispatch, name))) for name in LISTENED_SESSION],
            app.wsgi_app,
            app.session_interface,
        )


LISTENED = ("before_cursor_execute", "after_cursor_execute", "before_execute", "after_execute", "begin", "commit")
LISTENED_POOL = ("connect", "checkout", "checkin")
LISTENED_SESSION = ("before_commit", "after_commit", "before_flush", "after_flush", "do_orm_execute", "after_begin")


@contextmanager
def lent(settings: Settings, clock: MovableClock, compiled: Path) -> Iterator[Flask]:
    """The application for one test. It reads ``smtp_url`` when it needs it; all else is part of what it is."""
    key = replace(settings, smtp_url=None), id(clock)
    one = _kept.pop(key, None) or Lent(settings, clock, compiled)
    yield one.prepare(settings)
    one.engine.dispose()
    if settings.page_cache == 0 and one.is_unchanged():
        _kept[key] = one  # the one lent last stands last
        while len(_kept) > MOST:
            del _kept[next(iter(_kept))]
