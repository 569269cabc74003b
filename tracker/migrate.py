"""Migrations: Alembic through Flask-Alembic, for the tables of ``tracker.models``."""

from __future__ import annotations

from flask_alembic import Alembic

from tracker.models import Base

alembic = Alembic(metadatas=Base.metadata, run_mkdir=False, command_name="db")
