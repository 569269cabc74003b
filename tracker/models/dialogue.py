"""What is said about a report beside the report: questions, notes, extensions, observations, files sent back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.domain.vocabulary import ExtensionDecision, ObservationState, Rating
from tracker.models.base import LINE, TEXT, Base, Id, closed_list
from tracker.models.evidence import ObservationEvidence
from tracker.models.people import Organisation
from tracker.models.reports import ProgressReport


class Question(Base):
    """A reviewer's question about a report or one element of it, and the party's answer. Both are part of the file."""

    __tablename__ = "question"
    __table_args__ = (
        sa.Index("ix_question_report", "report_id", "id"),
        sa.CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answer_with_its_date"),
    )

    id: Mapped[Id]
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("progress_report.id"))
    element_id: Mapped[int | None] = mapped_column(sa.ForeignKey("element.id"))
    """None: about the whole report."""
    revision_number: Mapped[int]
    """The submission it is about."""
    text: Mapped[str] = mapped_column(sa.String(TEXT))
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    answer: Mapped[str] = mapped_column(sa.String(TEXT), default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    withdrawn_at: Mapped[datetime | None]
    """The reviewer no longer asks."""
    version: Mapped[int] = mapped_column(default=1)

    report: Mapped[ProgressReport] = relationship()

    __mapper_args__ = {"version_id_col": version}


class InternalNote(Base):
    """A note inside the Secretariat about a report. Never shown, mailed or exported outside."""

    __tablename__ = "internal_note"

    id: Mapped[Id]
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("progress_report.id"), index=True)
    text: Mapped[str] = mapped_column(sa.String(TEXT))
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))


class Extension(Base):
    """A new due date asked for, and what was decided. The old date stays visible for ever."""

    __tablename__ = "extension"
    __table_args__ = (
        sa.Index("ix_extension_report", "report_id", "id"),
        sa.Index("ix_extension_party", "party_id", "decision"),
        sa.Index(
            "uq_extension_undecided",
            "report_id",
            unique=True,
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        ),
        sa.CheckConstraint("(decided_at IS NULL) = (decision IS NULL)", name="decision_with_its_date"),
        sa.CheckConstraint("(decision = 'granted') = (granted_until IS NOT NULL)", name="granted_until_a_day"),
    )

    id: Mapped[Id]
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("progress_report.id"))
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_party.id"))
    due_on: Mapped[date]
    """As it stood when the extension was asked for."""
    asked_until: Mapped[date]
    reason: Mapped[str] = mapped_column(sa.String(TEXT))
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    decision: Mapped[ExtensionDecision | None] = mapped_column(closed_list(ExtensionDecision, "decision"))
    granted_until: Mapped[date | None]
    """The new due date; the Secretariat may grant less or more than was asked for."""
    decision_reason: Mapped[str] = mapped_column(sa.String(TEXT), default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))

    report: Mapped[ProgressReport] = relationship()


class Observation(Base):
    """What an accredited organisation says about a commitment in one cycle, with a view and evidence of its own."""

    __tablename__ = "observation"
    __table_args__ = (
        sa.UniqueConstraint("report_id", "organisation_id"),
        sa.Index("ix_observation_state", "state", "filed_at"),
        sa.Index("ix_observation_commitment", "commitment_id", "state"),
    )

    id: Mapped[Id]
    commitment_id: Mapped[int] = mapped_column(sa.ForeignKey("commitment.id"))
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("progress_report.id"))
    """The commitment's report in the cycle the observation is about: it becomes public with that report's rating."""
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_party.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    state: Mapped[ObservationState] = mapped_column(
        closed_list(ObservationState, "state"), default=ObservationState.DRAFT
    )
    view: Mapped[Rating | None] = mapped_column(closed_list(Rating, "view"))
    """How far the commitment is carried out, as the organisation sees it."""
    text: Mapped[str] = mapped_column(sa.String(TEXT), default="")
    language: Mapped[str] = mapped_column(sa.String(2), default="")
    explanation: Mapped[str] = mapped_column(sa.String(LINE * 4), default="")
    """Why what the personal-data check found is none."""
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime]
    edited_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    filed_at: Mapped[datetime | None]
    filed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    moderated_at: Mapped[datetime | None]
    moderated_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    moderation_reason: Mapped[str] = mapped_column(sa.String(TEXT), default="")
    version: Mapped[int] = mapped_column(default=1)

    report: Mapped[ProgressReport] = relationship()
    organisation: Mapped[Organisation] = relationship()
    attached: Mapped[list[ObservationEvidence]] = relationship(
        order_by="ObservationEvidence.id", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}


class WorkbookReturn(Base):
    """A spreadsheet that came back: its lines as read, until somebody accepts all or some of them."""

    __tablename__ = "workbook_return"

    id: Mapped[Id]
    public_id: Mapped[str] = mapped_column(sa.String(32), unique=True)
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_party.id"), index=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    made_at: Mapped[datetime]
    """When the spreadsheet was made."""
    uploaded_at: Mapped[datetime]
    content: Mapped[dict[str, Any]]
    """Lines as read, in the shape of ``services.workbook_return``."""
    applied_at: Mapped[datetime | None]
    outcome: Mapped[dict[str, Any] | None]
    """What was accepted and left, by number of lines."""
