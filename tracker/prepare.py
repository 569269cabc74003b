"""The application as the web server loads it: made fit for a demonstration first, or refused where it is unfit.

gunicorn's master calls ``application("run")`` or ``application("serve")`` once, before it opens the port and makes its
workers: so the code is imported once, and nobody is answered by an application that is not ready. Preparing uses the
commands ``db upgrade``, ``catalogue load`` and ``demo load`` as the command line does.
"""

from __future__ import annotations

import logging
import sys

import sqlalchemy as sa
from flask import Flask
from flask.cli import ScriptInfo

from config import SettingsError
from tracker import create_app
from tracker.db import db
from tracker.migrate import alembic
from tracker.models import User
from tracker.supervisor import UNFIT

STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Preparing the database …", ("db", "upgrade")),
    ("Loading the catalogue …", ("catalogue", "load")),
    ("Loading the demonstration …", ("demo", "load")),
)


class Unfit(Exception):
    """The application can't be served as it is; the message is one sentence for the operator."""


def application(mode: str) -> Flask:
    """The application, prepared (``run``) or checked (``serve``).

    Ends the process with the status UNFIT and one sentence where settings or database do not allow a start.
    """
    try:
        app = create_app()
        logging.getLogger("alembic").setLevel(logging.WARNING)
        with app.app_context():
            try:
                if mode == "run":
                    demonstrate(app)
                check(production=app.extensions["tracker.settings"].is_production)
            finally:
                # The workers are forks of this process: none may inherit a connection that another one uses.
                db.engine.dispose()
    except (SettingsError, Unfit) as error:
        print(error, file=sys.stderr)
        raise SystemExit(UNFIT) from None
    except sa.exc.OperationalError:
        print("The database cannot be reached: check TRACKER_DATABASE_URL.", file=sys.stderr)
        raise SystemExit(UNFIT) from None
    return app


def demonstrate(app: Flask) -> None:
    """Migrations, catalogue and demonstration; each is quick where it is done already."""
    info = ScriptInfo(create_app=lambda: app)
    for title, words in STEPS:
        print(title, flush=True)
        app.cli.main(args=list(words), prog_name="flask", standalone_mode=False, obj=info)


def check(*, production: bool) -> None:
    """Whether the database can be served. Raises Unfit."""
    if alembic.needs_upgrade():
        raise Unfit("The database is not up to date: run `.venv/bin/flask --app tracker db upgrade` first.")
    if production and db.session.scalar(sa.select(sa.exists().where(User.is_demonstration))):
        raise Unfit("The database holds demonstration accounts: production does not start with them.")
