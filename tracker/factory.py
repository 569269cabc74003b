"""Puts the application together: settings, database, doors, commands."""

from __future__ import annotations

from inspect import iscoroutinefunction
from pathlib import Path

from flask import Flask, has_app_context
from sqlalchemy.orm import Session

from config import Settings, SettingsError
from tracker import cli, logs, trail, web
from tracker.clock import Clock, SystemClock, is_old_zone_data, use_own_zone_data
from tracker.db import db, engine_options, prepare_engine
from tracker.files.store import open_store
from tracker.mail import links, texts
from tracker.mail.delivery import Transport
from tracker.migrate import alembic, is_of_the_models

ROOT = Path(__file__).parent.parent


def build(settings: Settings | None, clock: Clock | None, transport: Transport | None) -> Flask:
    """See ``tracker.create_app``."""
    settings = settings or _from_environment()
    logs.configure()
    app = Flask(
        "tracker",
        template_folder=str(ROOT / "templates"),
        static_folder=None,
    )
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_ENGINES={"default": engine_options(settings)},
        ALEMBIC={"script_location": str(ROOT / "migrations")},
        # In one transaction on SQLite too, since we begin it ourselves: a migration that is broken off leaves nothing.
        ALEMBIC_CONTEXT={
            "render_as_batch": True,
            "compare_type": True,
            "transactional_ddl": True,
            "include_name": is_of_the_models,
        },
    )
    app.extensions["tracker.settings"] = settings
    app.extensions["tracker.clock"] = clock or SystemClock()
    app.extensions["tracker.transport"] = transport
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    app.extensions["tracker.store"] = open_store(settings)
    zone_data = use_own_zone_data()
    if is_old_zone_data(zone_data, app.extensions["tracker.clock"].now()):
        logs.log.warning("time_zones.old", version=zone_data)
    db.init_app(app)
    # The extension also closes asynchronous sessions after each request, in a thread of its own: we have none.
    app.teardown_appcontext_funcs[:] = [f for f in app.teardown_appcontext_funcs if not iscoroutinefunction(f)]
    with app.app_context():
        prepare_engine(db.engine)
        trail.listen(db.sessionmaker)
        texts.configure(_session)
        db.sessionmaker.configure(info=links.session_info(settings.base_url, settings.mail_from))
    alembic.init_app(app)
    web.init_app(app, settings)
    cli.init_app(app)
    return app


def _session() -> Session | None:
    """Of the present request, job or command."""
    return db.session if has_app_context() else None


def _from_environment() -> Settings:
    """The settings of a program that starts; a wrong one ends it with its sentence and no traceback."""
    try:
        return Settings.from_environment()
    except SettingsError as error:
        raise SystemExit(f"{error}") from None
