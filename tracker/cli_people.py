"""The command that invites a person: how the first administrator gets in."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from config import LANGUAGES, Settings
from tracker.cli_errors import plainly
from tracker.clock import Clock
from tracker.db import transaction
from tracker.domain.vocabulary import Role
from tracker.services import people

user = AppGroup("user", help="Accounts.")
COMMANDS: tuple[click.Command, ...] = (user,)


@user.command("invite")
@click.argument("email")
@click.option("--name", required=True, help="As the person writes it.")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--party", default="", help="Code of the State (BR), for the roles of a State.")
@click.option("--alternate", is_flag=True, help="A focal point's deputy.")
@click.option("--organisation", default="", help="Name of the organisation, for observers; made if it is new.")
@click.option("--language", type=click.Choice(LANGUAGES), default=None)
@click.option("--time-zone", default="", help="Like America/Lima; else that of the State.")
@plainly
def invite_command(
    email: str,
    name: str,
    role: str,
    party: str,
    alternate: bool,
    organisation: str,
    language: str | None,
    time_zone: str,
) -> None:
    """Make an account and mail the invitation to choose a password."""
    settings: Settings = current_app.extensions["tracker.settings"]
    clock: Clock = current_app.extensions["tracker.clock"]
    details = people.Details(
        email=email,
        name=name,
        role=Role(role),
        party_code=party.upper(),
        is_alternate=alternate,
        organisation_name=organisation,
        language=language or "",
        time_zone=time_zone,
    )
    with transaction() as session:
        made = people.invite(session, details, actor=None, base_url=settings.base_url, now=clock.now())
        address = made.email
    click.echo(f"{address} is invited; the link is on its way (see `mail list`).")
