"""The application as the web server loads it: made fit for a demonstration first, or refused where it is unfit.

gunicorn's master calls ``application("run")`` or ``application("serve")`` once, before it opens the port and makes its
workers: so the code is imported once, and nobody is answered by an application that is not ready. Preparing uses the
commands ``db upgrade``, ``catalogue load`` and ``demo load`` as the command line does.
"""

from __future__ import annotations

import logging
import os
import sys
import traceback
from collections.abc import Callable
from functools import partial

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
        db.engine.dispose()
        _apart(partial(app.cli.main, args=list(words), prog_name="flask", standalone_mode=False, obj=info))


def _apart(act: Callable[[], object]) -> None:
    """Carry it out in a fork that ends with it, so that nothing it started is half there in the workers.

    The library of the object store starts threads when it is first used; a fork made afterwards has its locks and not
    its threads, and would wait for ever (``files.store``). Raises SystemExit with the status of a failure.
    """
    child = os.fork()
    if child == 0:
        status = 1
        try:
            act()
            status = 0
        except SystemExit as error:
            status = error.code if isinstance(error.code, int) else 1
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    _pid, ended = os.waitpid(child, 0)
    if status := os.waitstatus_to_exitcode(ended):
        raise SystemExit(status if status > 0 else 1)


def check(*, production: bool) -> None:
    """Whether the database can be served. Raises Unfit."""
    if alembic.needs_upgrade():
        raise Unfit("The database is not up to date: run `.venv/bin/flask --app tracker db upgrade` first.")
    if production and db.session.scalar(sa.select(sa.exists().where(User.is_demonstration))):
        raise Unfit("The database holds demonstration accounts: production does not start with them.")
