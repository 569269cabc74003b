"""What stands before a start: ``run`` makes the demonstration fit, ``serve`` only looks whether the database is.

A program of its own (``python -m tracker.prepare run|serve``), so that the supervisor stays small. It uses the
commands ``db upgrade``, ``catalogue load`` and ``demo load`` as the command line does.
"""

from __future__ import annotations

import logging
import sys
import time

import sqlalchemy as sa
from flask import Flask
from flask.cli import ScriptInfo

from config import Settings, SettingsError
from tracker import create_app
from tracker.db import db
from tracker.migrate import alembic
from tracker.models import User

UNFIT = 2
STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Loading the catalogue", ("catalogue", "load")),
    ("Loading the demonstration", ("demo", "load")),
)


def command(app: Flask, *words: str) -> None:
    """Run a command of ``flask --app tracker`` in this process."""
    with app.app_context():
        app.cli.main(args=list(words), prog_name="flask", standalone_mode=False, obj=ScriptInfo(create_app=lambda: app))


def migrate(app: Flask) -> None:
    with app.app_context():
        is_open = bool(alembic.needs_upgrade())
    if is_open:
        print("Preparing the database …", flush=True)
        command(app, "db", "upgrade")


def demonstrate(app: Flask) -> None:
    """Migrations, catalogue and demonstration; each is quick where it is done already."""
    migrate(app)
    for title, words in STEPS:
        begun = time.monotonic()
        print(f"{title} (some seconds the first time) …", flush=True)
        command(app, *words)
        print(f"{title}: done in {time.monotonic() - begun:.1f} s.", flush=True)


def unfitness(app: Flask, settings: Settings) -> str | None:
    """Why this database cannot be served, in one sentence; None where it can."""
    with app.app_context():
        try:
            if alembic.needs_upgrade():
                return "The database is not up to date: run `.venv/bin/flask --app tracker db upgrade` first."
            if settings.is_production and db.session.scalar(sa.select(sa.exists().where(User.is_demonstration))):
                return "The database holds demonstration accounts: production does not start with them."
        except sa.exc.OperationalError:
            return "The database cannot be reached: check TRACKER_DATABASE_URL."
    return None


def main(arguments: list[str]) -> int:
    try:
        settings = Settings.from_environment()
        app = create_app(settings)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return UNFIT
    logging.getLogger("alembic").setLevel(logging.WARNING)
    if arguments == ["run"]:
        demonstrate(app)
        return 0
    reason = unfitness(app, settings)
    if reason:
        print(reason, file=sys.stderr)
        return UNFIT
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
