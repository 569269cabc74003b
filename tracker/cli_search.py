"""The command that makes the index of what is searched anew."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from tracker.cli_errors import plainly
from tracker.db import db, transaction
from tracker.services import search_index

search = AppGroup("search", help="What is searched.")


@search.command("rebuild")
@plainly
def search_rebuild_command() -> None:
    """Make the index anew from what is public; people may search and work meanwhile."""
    with transaction() as session:
        search_index.index_words_anew(session)
    found = search_index.batches(db.session)
    changed = 0
    for batch in found:
        with transaction() as session:
            changed += search_index.refresh(session, batch.kind, *batch.keys)
    click.echo(f"Searched: {sum(len(batch.keys) for batch in found)} things; entries written or removed: {changed}.")


COMMANDS: tuple[click.Command, ...] = (search,)
