"""The outbox and the ledgers that keep a mail from going twice."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.domain.vocabulary import MessageState, Step
from tracker.models.base import ADDRESS, LINE, NAME, Base, Id, closed_list


class Message(Base):
    """An e-mail, rendered and put here in the transaction of its cause, sent later by the relay.

    ``key`` is unique: the same cause never makes a second mail. ``message_id`` stays the same at every try.
    """

    __tablename__ = "message"
    __table_args__ = (
        sa.Index("ix_message_due", "state", "next_attempt_at"),
        sa.Index("ix_message_recipient", "recipient_id", "id"),
    )

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(sa.String(NAME), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    recipient_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    to_address: Mapped[str] = mapped_column(sa.String(ADDRESS))
    language: Mapped[str] = mapped_column(sa.String(2))
    subject: Mapped[str] = mapped_column(sa.String(LINE))
    text: Mapped[str] = mapped_column(sa.Text)
    html: Mapped[str] = mapped_column(sa.Text)
    message_id: Mapped[str] = mapped_column(sa.String(NAME), unique=True)
    state: Mapped[MessageState] = mapped_column(closed_list(MessageState, "state"), default=MessageState.QUEUED)
    made_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    """While sending: afterwards another run may take it up again."""
    last_error: Mapped[str] = mapped_column(sa.String(LINE * 2), default="")
    sent_at: Mapped[datetime | None]

    attachments: Mapped[list[MessageAttachment]] = relationship(
        back_populates="message", order_by="MessageAttachment.id"
    )


class MessageAttachment(Base):
    """A file that goes with a message."""

    __tablename__ = "message_attachment"

    id: Mapped[Id]
    message_id: Mapped[int] = mapped_column(sa.ForeignKey("message.id"), index=True)
    file_name: Mapped[str] = mapped_column(sa.String(NAME))
    content_type: Mapped[str] = mapped_column(sa.String(NAME))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)

    message: Mapped[Message] = relationship(back_populates="attachments")


class ReminderEntry(Base):
    """The ledger of reminders: one row per commitment, cycle, due date, step and person.

    ``message_id`` is None for a step that an outage swallowed and that was not made up for.
    """

    __tablename__ = "reminder_entry"
    __table_args__ = (sa.UniqueConstraint("report_id", "due_on", "step", "user_id"),)

    id: Mapped[Id]
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("progress_report.id"))
    """A report is one commitment in one cycle."""
    due_on: Mapped[date]
    step: Mapped[Step] = mapped_column(closed_list(Step, "step"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    at: Mapped[datetime]
    message_id: Mapped[int | None] = mapped_column(sa.ForeignKey("message.id"))


class SummaryEntry(Base):
    """The ledger of summaries: how far each person has been told.

    ``last_entry_id`` is the newest history entry that was looked at, told or not.
    """

    __tablename__ = "summary_entry"
    __table_args__ = (sa.UniqueConstraint("user_id", "week"),)

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    week: Mapped[date]
    """The Monday it belongs to, on the reader's calendar."""
    at: Mapped[datetime]
    last_entry_id: Mapped[int]
    message_id: Mapped[int | None] = mapped_column(sa.ForeignKey("message.id"))
    """None: nothing had changed, so nothing was sent."""


class StatusReportMail(Base):
    """The ledger of status reports mailed at the end of a cycle: one row per party and cycle."""

    __tablename__ = "status_report_mail"
    __table_args__ = (sa.UniqueConstraint("party_id", "cycle_id"),)

    id: Mapped[Id]
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_party.id"))
    cycle_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_cycle.id"))
    at: Mapped[datetime]
