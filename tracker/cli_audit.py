"""The command that walks the chain of the audit trail."""

from __future__ import annotations

import re

import click
from flask.cli import AppGroup

from tracker.cli_errors import plainly
from tracker.db import db
from tracker.services import audit_verify
from tracker.services.audit_verify import Break, Fault

audit = AppGroup("audit", help="The audit trail.")
COMMANDS: tuple[click.Command, ...] = (audit,)
NOTED = re.compile(r"([1-9]\d{0,17}):([0-9a-fA-F]{64})")

SENTENCES: dict[Fault, str] = {
    Fault.GAP: "entry {expected} is missing: entry {number} stands in its place",
    Fault.CONTENT: "entry {number} was changed: it does not give the hash it carries",
    Fault.LINK: "entry {number} does not carry the hash of the entry before it",
    Fault.HEAD: "the chain ends with entry {number}, but its head says {expected}",
    Fault.EXPECTED: "entry {number} is not the one that was noted: its hash is another, or it is gone",
}


class Noted(click.ParamType):
    """A hash that was noted earlier: number of the entry, colon, SHA-256."""

    name = "NUMBER:SHA256"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, str]:
        found = NOTED.fullmatch(str(value))
        if found is None:
            self.fail(f"'{value}' is not NUMBER:SHA256", param, ctx)
        return int(found[1]), found[2].lower()


@audit.command("verify")
@click.option("--expect", type=Noted(), multiple=True, help="A hash noted earlier, from a log line or a summary.")
@plainly
def verify_command(expect: tuple[tuple[int, str], ...]) -> None:
    """Walk the chain; name the first broken link, with exit status 1, or the last hash."""
    verdict = audit_verify.verify(db.session, dict(expect))
    if verdict.broken is None:
        click.echo(f"The audit trail is whole: {verdict.number} entries, the last with SHA-256 {verdict.sha256}")
        for number, _sha256 in expect:
            click.echo(f"Entry {number} is the one that was noted.")
        return
    click.echo(f"The audit trail is broken: {say(verdict.broken)}.")
    click.echo(f"Whole up to entry {verdict.number}, SHA-256 {verdict.sha256}")
    raise SystemExit(1)


def say(broken: Break) -> str:
    """What is wrong, with number, moment and event of the entry that shows it."""
    what = SENTENCES[broken.fault].format(number=broken.number, expected=broken.expected)
    if broken.at is None:
        return what
    return f"{what} ({broken.at:%Y-%m-%d %H:%M:%S} UTC, {broken.event})"
