"""Commands about mail: what waits, what goes, what will go."""

from __future__ import annotations

import os
import sys
from typing import Any

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import AppGroup

from tracker.cli_errors import plainly
from tracker.clock import Clock
from tracker.db import db, transaction
from tracker.domain.mail_plan import PlannedMail
from tracker.domain.reminders import is_before
from tracker.mail.bounces import LARGEST
from tracker.models import Message
from tracker.services import bounces, mail_plan

mail = AppGroup("mail", help="The outbox.")
NAMED = 5
"""Commitments that a line of the plan names; the others are counted."""
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


@mail.command("bounce")
@click.argument("file", type=click.File("rb"), default="-")
def bounce_command(file: Any) -> None:
    """Read a report of undeliverable mail: what a mail server hands to a command for the sender's address.

    Ends with 0 also for mail that is no report, because that must not be reported in turn; with 75 where it could not
    be written down, so that the mail server keeps it and tries again (sysexits.h).
    """
    clock: Clock = current_app.extensions["tracker.clock"]
    raw = file.read(LARGEST + 1)
    try:
        with transaction() as session:
            outcome = bounces.take(session, raw, now=clock.now())
    except (sa.exc.SQLAlchemyError, OSError) as error:
        click.echo(f"It could not be written down ({type(error).__name__}).", err=True)
        sys.exit(os.EX_TEMPFAIL)
    click.echo(": ".join(filter(None, (outcome.fate.value, outcome.why))))


@mail.command("plan")
@click.option("--days", type=click.IntRange(0, mail_plan.MOST_DAYS), default=mail_plan.DAYS, show_default=True)
@plainly
def plan_command(days: int) -> None:
    """Every mail of the coming days, as things stand: date, to whom, what, for which commitments."""
    clock: Clock = current_app.extensions["tracker.clock"]
    count = 0
    for planned in mail_plan.plan(db.session, now=clock.now(), days=days):
        count += 1
        click.echo(f"{planned.day} {planned.email or '-':<36} {planned.kind:<13} {_about(planned)}")
    click.echo(f"{count} mails in the coming {days} days, if nothing is submitted meanwhile.")


def _about(planned: PlannedMail) -> str:
    """Why it goes, and what it names."""
    reason = mail_plan.REASONS.get(planned.reason, planned.reason)
    if not planned.items:
        return reason
    if planned.kind == "reminder":
        overdue = sum(not is_before(item.day) for item in planned.items)
        reason = f"{len(planned.items):>3} due, {overdue:>3} overdue"
    named = ", ".join(f"{item.party_code} {item.code}" for item in planned.items[:NAMED])
    more = f" and {len(planned.items) - NAMED} more" if len(planned.items) > NAMED else ""
    return f"{reason}: {named}{more}"
