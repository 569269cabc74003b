"""Reporting parties: who owes reports. A Member State, the General Secretariat, the cooperation agencies."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.domain.vocabulary import IssueRhythm, PartyKind
from tracker.models.base import LINE, NAME, Base, Id, Translations, closed_list


class ReportingParty(Base):
    """Who owes reports. ``code`` is the ISO 3166 alpha-2 code in capitals for a State, else GS or ICA."""

    __tablename__ = "reporting_party"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(sa.String(8), unique=True)
    kind: Mapped[PartyKind] = mapped_column(closed_list(PartyKind, "kind"))
    name: Mapped[Translations]
    time_zone: Mapped[str] = mapped_column(sa.String(64))
    language: Mapped[str] = mapped_column(sa.String(2))
    approval_required: Mapped[bool] = mapped_column(default=True)
    """Whether the national approver signs off before a report leaves the country."""
    issue_rhythm: Mapped[IssueRhythm] = mapped_column(
        closed_list(IssueRhythm, "issue_rhythm"), default=IssueRhythm.NEVER
    )
    """How often the clock issues a status report between the ends of cycles."""
    issue_rhythm_since: Mapped[date | None]
    """From which day the rhythm holds: periods that began before it are not made up for."""

    state: Mapped[MemberState | None] = relationship(back_populates="party", uselist=False)
    participations: Mapped[list[Participation]] = relationship(
        back_populates="party", order_by="Participation.starts_on"
    )


class MemberState(Base):
    """The facts about a Member State that do not concern reporting."""

    __tablename__ = "member_state"

    party_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_party.id"), primary_key=True)
    iso2: Mapped[str] = mapped_column(sa.String(2), unique=True)
    iso3: Mapped[str] = mapped_column(sa.String(3), unique=True)
    official_name: Mapped[Translations]
    subregion: Mapped[str] = mapped_column(sa.String(40), index=True)
    status: Mapped[str] = mapped_column(sa.String(40))
    status_note: Mapped[Translations | None]
    facts: Mapped[dict[str, Any]]
    """Capital, membership periods, Palermo Protocol, notes: as in the catalogue file."""
    seed_digest: Mapped[str] = mapped_column(sa.String(64))

    party: Mapped[ReportingParty] = relationship(back_populates="state")


class Participation(Base):
    """A period in which a State takes part in the follow-up. Leaving ends it and freezes; nothing is deleted."""

    __tablename__ = "participation"
    __table_args__ = (
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="period"),
        sa.UniqueConstraint("party_id", "starts_on"),
    )

    id: Mapped[Id]
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_party.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    """The last day; None while it goes on."""
    reason: Mapped[str] = mapped_column(sa.String(LINE), default="")
    """Why it begins."""
    end_reason: Mapped[str] = mapped_column(sa.String(LINE), default="")

    party: Mapped[ReportingParty] = relationship(back_populates="participations")


class Institution(Base):
    """A body of a State that fills in the parts assigned to it."""

    __tablename__ = "institution"
    __table_args__ = (sa.UniqueConstraint("party_id", "name"),)

    id: Mapped[Id]
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_party.id"))
    name: Mapped[str] = mapped_column(sa.String(NAME))
