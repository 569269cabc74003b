"""The commands: ``flask --app tracker …``. What a rule refuses is said in one sentence, with exit status 1.

Jobs, documents and the demonstration are imported by the commands that need them: every web worker loads this module.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from config import Settings
from tracker import cli_audit, cli_documents, cli_mail, cli_people, cli_search
from tracker.cli_errors import plainly
from tracker.clock import Clock
from tracker.db import db, transaction
from tracker.services import catalogue_load


class Moment(click.ParamType):
    """A date and time as ISO 8601 writes it; UTC where it names no zone."""

    name = "ISO"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"'{value}' is no moment: write it like 2026-03-31T15:00+00:00", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def settings() -> Settings:
    found: Settings = current_app.extensions["tracker.settings"]
    return found


def now() -> datetime:
    clock: Clock = current_app.extensions["tracker.clock"]
    return clock.now()


catalogue = AppGroup("catalogue", help="The catalogue of recommendations and mandates.")


@catalogue.command("load")
@plainly
def catalogue_load_command() -> None:
    """Bring the database in step with seed_recommendations/; again changes nothing."""
    with transaction() as session:
        loaded = catalogue_load.load(session, now=now(), say=click.echo)
    if loaded.unchanged:
        click.echo("The catalogue is up to date.")
        return
    for title, counts in (("new", loaded.made), ("changed", loaded.changed), ("edited here, kept", loaded.kept)):
        for kind, count in sorted(counts.items()):
            click.echo(f"{title}: {count} {kind}")


demo = AppGroup("demo", help="The demonstration.")


@demo.command("load")
@click.option("--scale", type=int, default=1, show_default=True, help="Multiplies cycles and reports.")
@plainly
def demo_load_command(scale: int) -> None:
    """Load an invented world: accounts, one closed and one open cycle; again changes nothing."""
    from tracker.demo.load import Refused, load
    from tracker.documents.formats import RENDERERS

    try:
        load(db.session, settings(), now=now(), scale=scale, say=click.echo, renderers=RENDERERS)
    except Refused as reason:
        raise click.ClickException(str(reason)) from None


jobs = AppGroup("jobs", help="The jobs of the scheduler.")


@jobs.command("list")
def jobs_list_command() -> None:
    """Show the timetable."""
    from tracker.jobs import TIMETABLE

    for job in TIMETABLE:
        seconds = int(job.every.total_seconds())
        if seconds < 60:
            rhythm = f"every {seconds} s"
        elif seconds < 3600:
            rhythm = f"every {seconds // 60} min"
        else:
            rhythm = f"every {seconds // 3600} h"
        click.echo(f"{job.name:<16} {rhythm:<13} {job.what}")


@jobs.command("run")
@click.argument("name")
@click.option("--at", type=Moment(), help="As if it were this moment.")
@plainly
def jobs_run_command(name: str, at: datetime | None) -> None:
    """Run one job now, or as if it were another moment."""
    from tracker.jobs import JOBS, run_job

    if name not in JOBS:
        raise click.ClickException(f"There is no job '{name}'; there are: {', '.join(JOBS)}.")
    run = run_job(current_app._get_current_object(), name, at)  # type: ignore[attr-defined]
    click.echo(f"{name}: {run.done} done, {run.failed} failed")
    if run.failed:
        raise SystemExit(1)


@click.command("scheduler")
@with_appcontext
@plainly
def scheduler_command() -> None:
    """Run the timetable in the foreground until SIGTERM; a second scheduler refuses to run."""
    from tracker.jobs_scheduler import AnotherRuns, LockLost, serve

    try:
        serve(current_app._get_current_object())  # type: ignore[attr-defined]
    except AnotherRuns:
        raise click.ClickException("A scheduler runs for this database already; a second one refuses.") from None
    except LockLost:
        raise click.ClickException("The scheduler's lock was lost with its connection to the database.") from None


def init_app(app: Flask) -> None:
    """Register the commands."""
    # `db upgrade` says what it does by itself; Alembic's own lines are for developers.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    for command in (catalogue, demo, jobs, scheduler_command, *cli_mail.COMMANDS, *cli_documents.COMMANDS,
                    *cli_people.COMMANDS, *cli_audit.COMMANDS, *cli_search.COMMANDS):  # fmt: skip
        app.cli.add_command(command)
