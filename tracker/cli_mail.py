"""Commands about mail: what waits, what goes, what will go."""

from __future__ import annotations

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import AppGroup

from tracker.cli_errors import plainly
from tracker.clock import Clock
from tracker.db import db
from tracker.domain.reminders import is_before
from tracker.models import Message
from tracker.services import reminders

mail = AppGroup("mail", help="The outbox.")
COMMANDS: tuple[click.Command, ...] = (mail,)


@mail.command("list")
@click.option("--limit", type=click.IntRange(1), help="Only the newest so many.")
@plainly
def list_command(limit: int | None) -> None:
    """One line per message, oldest first: state, when, to, subject."""
    newest = (
        sa.select(Message.id, Message.state, Message.made_at, Message.sent_at, Message.to_address, Message.subject)
        .order_by(Message.id.desc())
        .limit(limit)
        .subquery()
    )
    for row in db.session.execute(sa.select(newest).order_by(newest.c.id)):
        when = row.sent_at or row.made_at
        click.echo(f"{row.state.value:<8} {when:%Y-%m-%d %H:%M} {row.to_address:<36} {row.subject}")


@mail.command("deliver")
@plainly
def deliver_command() -> None:
    """Send now what waits in the outbox."""
    from tracker.jobs import run_job, transport_of

    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if transport_of(app) is None:
        click.echo("TRACKER_SMTP_URL is not set: mail stays in the outbox and can be read there.")
        return
    run = run_job(app, "deliver-mail")
    waiting = db.session.scalar(
        sa.select(sa.func.count()).select_from(Message).where(Message.state.in_(["queued", "sending"]))
    )
    click.echo(f"{run.done} sent, {waiting} waiting")


@mail.command("plan")
@click.option("--days", type=click.IntRange(0, 400), default=90, show_default=True)
@plainly
def plan_command(days: int) -> None:
    """Every reminder of the coming days, as things stand: date, to whom, for which commitments."""
    clock: Clock = current_app.extensions["tracker.clock"]
    count = 0
    for planned in reminders.forecast(db.session, now=clock.now(), days=days):
        count += 1
        overdue = sum(not is_before(item.day) for item in planned.items)
        named = ", ".join(f"{item.party_code} {item.code}" for item in planned.items[:5])
        more = f" and {len(planned.items) - 5} more" if len(planned.items) > 5 else ""
        click.echo(
            f"{planned.day} {planned.email:<36} {len(planned.items):>3} due, {overdue:>3} overdue: {named}{more}"
        )
    click.echo(f"{count} mails in the coming {days} days, if nothing is submitted meanwhile.")
