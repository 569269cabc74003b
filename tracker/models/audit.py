"""The audit trail: who did what, when, from where. Rows are only added."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import NAME, Base, Id


class AuditEntry(Base):
    """One event. Holds no password, no token and no narrative.

    ``old`` and ``new`` name the changed fields; long texts by length and hash only.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (sa.Index("ix_audit_entry_record", "record_type", "record_id"),)

    id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(index=True)
    event: Mapped[str] = mapped_column(sa.String(60), index=True)
    """A static name such as ``sign_in.failed`` or ``report.submit``."""
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"), index=True)
    source_address: Mapped[str] = mapped_column(sa.String(64), default="")
    record_type: Mapped[str | None] = mapped_column(sa.String(40))
    record_id: Mapped[str | None] = mapped_column(sa.String(NAME))
    old: Mapped[dict[str, Any] | None]
    new: Mapped[dict[str, Any] | None]


class Heartbeat(Base):
    """When each job last ran to its end: what the health page reads."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    at: Mapped[datetime]
    ok: Mapped[bool]
