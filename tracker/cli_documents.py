"""The command that writes a State's status report to a file."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from config import LANGUAGES
from tracker.cli_errors import plainly
from tracker.clock import Clock
from tracker.db import db
from tracker.domain.vocabulary import PublicationKind
from tracker.services import status_reports

FORMATS = ("pdf", "docx", "xlsx", "json")


@click.command("status-report")
@click.argument("iso2")
@click.option("--cycle", help="Code of a reporting cycle; without it, as of today.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="pdf", show_default=True)
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.option("-o", "output", type=click.Path(dir_okay=False, path_type=Path), help="A file, or - for standard output.")
@with_appcontext
@plainly
def status_report_command(iso2: str, cycle: str | None, form: str, lang: str, output: Path | None) -> None:
    """Write the live status report of a State (ISO 3166 alpha-2), or of the General Secretariat (gs).

    It is no issued document: those have a number and a code, and are issued on the site (docs/publications.md).
    """
    from tracker.documents.formats import RENDERERS

    clock: Clock = current_app.extensions["tracker.clock"]
    report = status_reports.build(db.session, iso2.upper(), cycle, lang, clock.now())
    content = RENDERERS[PublicationKind.STATUS_REPORT][form](report)
    if output == Path("-"):
        sys.stdout.buffer.write(content)
        return
    path = output or Path(report.file_name(form))
    try:
        path.write_bytes(content)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}.") from None
    click.echo(f"{path}: {len(content)} bytes")


COMMANDS: tuple[click.Command, ...] = (status_report_command,)
