"""The ladder of protocol beyond the focal points: offices of a State, escalations, notes verbales."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.domain.vocabulary import EscalationState, OfficeKind, Rung
from tracker.models.base import ADDRESS, LINE, NAME, TEXT, URL, Base, Id, closed_list
from tracker.models.commitments import ReportingCycle
from tracker.models.parties import ReportingParty


class Office(Base):
    """An office of a State that the Secretariat writes to. An office, never a person's name."""

    __tablename__ = "office"
    __table_args__ = (sa.UniqueConstraint("party_id", "kind"),)

    id: Mapped[Id]
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_party.id"))
    kind: Mapped[OfficeKind] = mapped_column(closed_list(OfficeKind, "kind"))
    title: Mapped[str] = mapped_column(sa.String(NAME))
    email: Mapped[str] = mapped_column(sa.String(ADDRESS), default="")
    address: Mapped[str] = mapped_column(sa.String(LINE), default="")
    """Postal, several lines."""
    url: Mapped[str] = mapped_column(sa.String(URL), default="")
    """Its public page. Title and this are shown to everybody; the rest to staff."""
    version: Mapped[int] = mapped_column(default=1)

    party: Mapped[ReportingParty] = relationship()

    __mapper_args__ = {"version_id_col": version}


class Escalation(Base):
    """One rung reached for one party in one cycle: it waits until staff write, or say why not."""

    __tablename__ = "escalation"
    __table_args__ = (
        sa.UniqueConstraint("party_id", "cycle_id", "rung"),
        sa.Index("ix_escalation_state", "state", "opened_at"),
        sa.CheckConstraint("rung IN ('rung_head_of_authority', 'rung_permanent_mission')", name="by_hand"),
    )

    id: Mapped[Id]
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_party.id"))
    cycle_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_cycle.id"))
    rung: Mapped[Rung] = mapped_column(closed_list(Rung, "rung"))
    state: Mapped[EscalationState] = mapped_column(
        closed_list(EscalationState, "state"), default=EscalationState.WAITING
    )
    opened_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    reason: Mapped[str] = mapped_column(sa.String(TEXT), default="")
    """Why nothing was written, or a word that went with the letter."""
    message_id: Mapped[int | None] = mapped_column(sa.ForeignKey("message.id"))
    """The mail that went, if one did."""
    version: Mapped[int] = mapped_column(default=1)

    party: Mapped[ReportingParty] = relationship()
    cycle: Mapped[ReportingCycle] = relationship()
    note: Mapped[NoteVerbale | None] = relationship(back_populates="escalation", uselist=False)

    __mapper_args__ = {"version_id_col": version}


class NoteVerbale(Base):
    """A note to a Permanent Mission as it was prepared: numbered, frozen, kept with its two files for ever."""

    __tablename__ = "note_verbale"
    __table_args__ = (
        sa.UniqueConstraint("year", "sequence"),
        sa.CheckConstraint("sequence >= 1", name="sequence"),
    )

    id: Mapped[Id]
    escalation_id: Mapped[int] = mapped_column(sa.ForeignKey("escalation.id"), unique=True)
    year: Mapped[int]
    sequence: Mapped[int]
    """With the year it makes the number: NV 12/2026."""
    language: Mapped[str] = mapped_column(sa.String(2))
    content: Mapped[dict[str, Any]]
    """What the note says, as plain data: addressee, date, the overdue items."""
    pdf: Mapped[bytes] = mapped_column(sa.LargeBinary)
    docx: Mapped[bytes] = mapped_column(sa.LargeBinary)
    pdf_sha256: Mapped[str] = mapped_column(sa.String(64))
    docx_sha256: Mapped[str] = mapped_column(sa.String(64))
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    handed_over_on: Mapped[date | None]
    """The day on which the signed note left, as staff wrote it down."""

    escalation: Mapped[Escalation] = relationship(back_populates="note")
