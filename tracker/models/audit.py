"""The audit trail: who did what, when, from where. Rows are only added, each chained to the one before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import NAME, Base, Id


class AuditEntry(Base):
    """One event. Holds no password, no token and no text that people typed, but its length and hash.

    ``old`` and ``new`` name the changed fields. Triggers of the database refuse to change or remove a row
    (migrations/0003_audit_chain.py); how a row is chained stands in ``tracker.trail``.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        sa.Index("ix_audit_entry_record", "record_type", "record_id"),
        sa.Index("ix_audit_entry_party", "party_id", "number"),
    )

    id: Mapped[Id]
    number: Mapped[int] = mapped_column(unique=True)
    """From 1, without a gap."""
    at: Mapped[datetime] = mapped_column(index=True)
    event: Mapped[str] = mapped_column(sa.String(60), index=True)
    """A static name such as ``sign_in.failed`` or ``report.submit``."""
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"), index=True)
    source_address: Mapped[str] = mapped_column(sa.String(64), default="")
    record_type: Mapped[str | None] = mapped_column(sa.String(40))
    record_id: Mapped[str | None] = mapped_column(sa.String(NAME))
    party_id: Mapped[int | None] = mapped_column(sa.ForeignKey("reporting_party.id"))
    """Whose record it is about, or whose person acted."""
    internal: Mapped[bool] = mapped_column(default=False)
    """Inside the Secretariat: the party it is about is not shown it."""
    old: Mapped[dict[str, Any] | None]
    new: Mapped[dict[str, Any] | None]
    previous_sha256: Mapped[str] = mapped_column(sa.String(64))
    """Hash of the entry before; zeros in the first."""
    sha256: Mapped[str] = mapped_column(sa.String(64))


class AuditHead(Base):
    """One row: the end of the chain. Locked by who writes, compared by who verifies."""

    __tablename__ = "audit_head"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    """Of the last entry; 0 where there is none."""
    sha256: Mapped[str] = mapped_column(sa.String(64))


class Heartbeat(Base):
    """When each job last ran to its end: what the health page reads."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    at: Mapped[datetime]
    ok: Mapped[bool]
