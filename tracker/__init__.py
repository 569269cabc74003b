"""Commitments Tracker: recommendations and mandates against trafficking in persons, followed up.

``create_app`` puts the floors together. Its imports stand inside it, so that ``import tracker.domain…`` loads
neither Flask nor SQLAlchemy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from config import Settings
    from tracker.clock import Clock
    from tracker.mail.delivery import Transport

__version__ = "0.1.0"


def create_app(
    settings: Settings | None = None,
    clock: Clock | None = None,
    transport: Transport | None = None,
) -> Flask:
    """The application for these settings; without any, as the environment says.

    ``transport`` carries e-mail away; without one it is built from the settings when first needed.
    Raises config.SettingsError with one plain sentence where a setting is wrong.
    """
    from tracker.factory import build

    return build(settings, clock, transport)
