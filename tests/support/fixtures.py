"""Application, database and clock for tests. How to choose among them stands in tests/README.md."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from typing import cast as as_type

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from config import Settings
from tests.cast import Cast
from tests.support import apps, html, summary
from tests.support import session as shared_session
from tests.support.clock import START, MovableClock
from tests.support.databases import SECRET, Databases, Unavailable
from tests.support.worlds import Worlds

CLOCK = MovableClock(START)
"""The same for all tests of a process, as the applications that hold it are (``apps``)."""


@pytest.fixture(scope="session")
def databases(pytestconfig: pytest.Config) -> Iterator[Databases]:
    """Makes copies of the templates, on SQLite and PostgreSQL."""
    found = Databases(pytestconfig)
    yield found
    found.close()


@pytest.fixture
def clock() -> MovableClock:
    """Stands at 2026-03-02 15:00 UTC until moved: ``clock.advance(days=30)``."""
    CLOCK.set(START)
    return CLOCK


@pytest.fixture
def settings_changes() -> dict[str, Any]:
    """Settings that differ from the usual; a module or class overrides this fixture."""
    return {}


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """The kind of database: ``sqlite``, or one after the other where a test asks for both."""
    return as_type(str, getattr(request, "param", "sqlite"))


def _optional(request: pytest.FixtureRequest, name: str) -> Any:
    """A fixture's value, only where the test asked for it by itself."""
    return request.getfixturevalue(name) if name in request.fixturenames else None


def stage(request: pytest.FixtureRequest) -> str:
    """The template that a test gets a copy of, by what it asked for."""
    asked = set(request.fixturenames)
    for name, apps_of_it in (("demo", {"demo_app", "any_demo_app"}), ("cast", {"cast", "any_cast"})):
        if apps_of_it & asked:
            return name
    return "catalogue" if {"catalogue_app", "any_catalogue_app"} & asked else "migrated"


@pytest.fixture
def settings(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    database: str,
    databases: Databases,
    settings_changes: dict[str, Any],
) -> Iterator[Settings]:
    """Settings of a demonstration in a folder of this test, with a migrated database of its own."""
    port, smtp = _optional(request, "live_port"), _optional(request, "smtp_server")
    # The same place for all tests of a process, so that an application can be lent again; then it moves to this test's.
    data_dir = tmp_path_factory.getbasetemp() / "data"
    data_dir.mkdir()
    try:
        with _database(request, databases, database, stage(request), data_dir) as url:
            yield replace(
                Settings(
                    base_url=f"http://127.0.0.1:{port}" if port else "http://tracker.test",
                    data_dir=data_dir,
                    database_url=url,
                    secret_key=SECRET,
                    smtp_url=smtp.url if smtp else None,
                    mail_from="tracker@tracker.test",
                    page_cache=0,
                ),
                **settings_changes,
            )
    finally:
        data_dir.rename(tmp_path / "data")


@contextmanager
def _database(
    request: pytest.FixtureRequest, databases: Databases, kind: str, stage: str, folder: Path
) -> Iterator[str]:
    try:
        copy = databases.copy(kind, stage, folder, databases.name)
        url = copy.__enter__()
    except Unavailable as reason:
        summary.skip(request, kind, f"{reason}")
    summary.note(request, kind)
    try:
        yield url
    finally:
        copy.__exit__(None, None, None)


def compiled_templates(config: pytest.Config) -> Path:
    """Where the templates of this run are kept compiled: each test has an application of its own."""
    folder = shared_session.shared(config) / "templates"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def app(pytestconfig: pytest.Config, settings: Settings, clock: MovableClock) -> Iterator[Flask]:
    """The application on a migrated, empty SQLite database. ``any_app`` runs the test on PostgreSQL too."""
    with apps.lent(settings, clock, compiled_templates(pytestconfig)) as app:
        app.test_client_class = type("Client", (html.PageClient,), {"pages": html.page_folder(pytestconfig)})
        yield app


@pytest.fixture
def any_app(app: Flask) -> Flask:
    """``app``; the test runs on SQLite and on PostgreSQL."""
    return app


@pytest.fixture
def catalogue_app(app: Flask) -> Flask:
    """``app`` with the catalogue that ships loaded: States, instruments, provisions, commitments."""
    return app


@pytest.fixture
def any_catalogue_app(app: Flask) -> Flask:
    """``catalogue_app``; the test runs on SQLite and on PostgreSQL."""
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor's browser without JavaScript; its pages are checked for valid HTML at the end of the run."""
    return app.test_client()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A database session inside an application context; it begins nothing and commits nothing by itself."""
    from tracker.db import db

    with app.app_context():
        yield db.session


@pytest.fixture
def cast(request: pytest.FixtureRequest, app: Flask, settings: Settings, clock: MovableClock) -> Iterator[Cast]:
    """The invented people and the open cycle of ``tests/cast.py``, on the real catalogue."""
    with _worlds(request, app, settings) as worlds:
        yield Cast(app, clock, worlds)


@contextmanager
def _worlds(request: pytest.FixtureRequest, app: Flask, settings: Settings) -> Iterator[Worlds | None]:
    """What the cast's worlds are copied from, where they are: see there."""
    from tracker.db import db

    with app.app_context():
        engine = db.engine
    if engine.dialect.name != "sqlite" or settings.page_cache or "monkeypatch" in request.fixturenames:
        yield None
        return
    place = shared_session.shared(request.config) / "worlds"
    place.mkdir(exist_ok=True)
    worlds = Worlds(engine, settings.data_dir / "tracker.sqlite3", place, f"{settings!r} {stage(request)}")
    yield worlds
    worlds.close()


@pytest.fixture
def any_cast(cast: Cast) -> Cast:
    """``cast``; the test runs on SQLite and on PostgreSQL."""
    return cast


@pytest.fixture
def demo_app(app: Flask) -> Flask:
    """``app`` with the demonstration, loaded at the moment where ``clock`` stands."""
    return app


@pytest.fixture
def any_demo_app(app: Flask) -> Flask:
    """``demo_app``; the test runs on SQLite and on PostgreSQL."""
    return app
