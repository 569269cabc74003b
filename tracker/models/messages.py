"""The outbox and the ledgers that keep a mail from going twice."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.domain.vocabulary import (
    MessageState,
    PartyKind,
    ReminderOutcome,
    Rung,
    SummaryRhythm,
    SummaryScope,
)
from tracker.models.base import ADDRESS, LINE, NAME, TEXT, URL, Base, Id, closed_list

UNREAD = (
    "read_at IS NULL AND state <> 'grouped' AND state <> 'withdrawn'"
    " AND kind <> 'invitation' AND kind <> 'password_reset'"
)
"""What counts as unread in the inbox, word for word as the index has it (``services.inbox`` says why)."""


class Message(Base):
    """An e-mail, rendered and put here in the transaction of its cause, sent later by the relay.

    ``key`` is unique: the same cause never makes a second mail. ``message_id`` stays the same at every try.
    """

    __tablename__ = "message"
    __table_args__ = (
        sa.Index("ix_message_due", "state", "urgency", "next_attempt_at"),
        sa.Index("ix_message_recipient", "recipient_id", "id"),
        # Counted at every request of somebody who is signed in (web.session), from this index alone.
        sa.Index(
            "ix_message_unread",
            "recipient_id",
            "read_at",
            sqlite_where=sa.text(UNREAD),
            postgresql_where=sa.text(UNREAD),
        ),
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
    urgency: Mapped[int] = mapped_column(default=50)
    """The queue drains in this order, the smallest first (``outbox.URGENCY``)."""
    domain: Mapped[str] = mapped_column(sa.String(ADDRESS), default="")
    """Of the address, in lower case: what limits and pauses go by."""
    url: Mapped[str] = mapped_column(sa.String(URL), default="")
    """Where it leads: the page with the thing to do."""
    unsubscribe_url: Mapped[str] = mapped_column(sa.String(URL), default="")
    """For ``List-Unsubscribe``; "" where nothing can be changed with one click."""
    last_attempt_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    """Opened in the inbox on the site."""
    within_id: Mapped[int | None] = mapped_column(sa.ForeignKey("message.id"))
    """The mail of the day that names it."""
    sections: Mapped[list[Any]] = mapped_column(default=list)
    """Of a mail of the day: what it tells beside reminders and news, as plain data, to put it together anew."""

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


class LadderStep(Base):
    """A step of the ladder: so many days before (negative) or after the due date, somebody is told.

    ``cycle_id`` None: the ladder of every cycle that has none of its own for this kind of party.
    """

    __tablename__ = "ladder_step"
    __table_args__ = (
        sa.CheckConstraint("day BETWEEN -365 AND 365", name="day"),
        sa.Index(
            "uq_ladder_step_cycle",
            "cycle_id",
            "party_kind",
            "day",
            unique=True,
            sqlite_where=sa.text("cycle_id IS NOT NULL"),
            postgresql_where=sa.text("cycle_id IS NOT NULL"),
        ),
        sa.Index(
            "uq_ladder_step_default",
            "party_kind",
            "day",
            unique=True,
            sqlite_where=sa.text("cycle_id IS NULL"),
            postgresql_where=sa.text("cycle_id IS NULL"),
        ),
    )

    id: Mapped[Id]
    cycle_id: Mapped[int | None] = mapped_column(sa.ForeignKey("reporting_cycle.id"))
    party_kind: Mapped[PartyKind] = mapped_column(closed_list(PartyKind, "party_kind"))
    day: Mapped[int]
    rung: Mapped[Rung] = mapped_column(closed_list(Rung, "rung"))


class Holiday(Base):
    """A day on which a party's people do not work, beside Saturdays and Sundays."""

    __tablename__ = "holiday"
    __table_args__ = (sa.UniqueConstraint("party_id", "day"),)

    id: Mapped[Id]
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_party.id"))
    day: Mapped[date]
    name: Mapped[str] = mapped_column(sa.String(NAME))


class ReminderEntry(Base):
    """The ledger of reminders: one row per commitment, cycle, due date, step and person, and what became of it.

    ``user_id`` is None where nobody holds the post. ``message_id`` is set where a mail named it.
    """

    __tablename__ = "reminder_entry"
    __table_args__ = (
        sa.UniqueConstraint("report_id", "due_on", "day", "user_id"),
        sa.Index(
            "uq_reminder_entry_vacant",
            "report_id",
            "due_on",
            "day",
            unique=True,
            sqlite_where=sa.text("user_id IS NULL"),
            postgresql_where=sa.text("user_id IS NULL"),
        ),
        sa.Index("ix_reminder_entry_message_id", "message_id"),
    )

    id: Mapped[Id]
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("progress_report.id"))
    """A report is one commitment in one cycle."""
    due_on: Mapped[date]
    """The date that the step counts from."""
    day: Mapped[int]
    """The step: days after the due date, negative before it."""
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"), index=True)
    outcome: Mapped[ReminderOutcome] = mapped_column(closed_list(ReminderOutcome, "outcome"))
    at: Mapped[datetime]
    message_id: Mapped[int | None] = mapped_column(sa.ForeignKey("message.id"))


class Subscription(Base):
    """A summary that a person takes: how often, and of what. Several are possible; ended ones stay."""

    __tablename__ = "subscription"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    rhythm: Mapped[SummaryRhythm] = mapped_column(closed_list(SummaryRhythm, "rhythm"))
    scope: Mapped[SummaryScope] = mapped_column(closed_list(SummaryScope, "scope"))
    party_ids: Mapped[list[Any]] = mapped_column(default=list)
    """The States, where the scope is some of them."""
    instrument_id: Mapped[int | None] = mapped_column(sa.ForeignKey("instrument.id"))
    when_empty: Mapped[bool] = mapped_column(default=False)
    """Whether to say that nothing changed."""
    attach_report: Mapped[bool] = mapped_column(default=False)
    """Whether the status report comes along as PDF."""
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class SummaryEntry(Base):
    """The ledger of summaries: how far each subscription has told.

    ``last_entry_id`` is the newest history entry that was looked at, told or not.
    """

    __tablename__ = "summary_entry"
    __table_args__ = (sa.UniqueConstraint("subscription_id", "period"),)

    id: Mapped[Id]
    subscription_id: Mapped[int] = mapped_column(sa.ForeignKey("subscription.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    period: Mapped[date]
    """The first day of the week, month or quarter, or the day of publication, on the reader's calendar."""
    at: Mapped[datetime]
    last_entry_id: Mapped[int]
    message_id: Mapped[int | None] = mapped_column(sa.ForeignKey("message.id"))
    """None: nothing had changed, so nothing was sent."""
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The figures that were told last, so that they are told again only when they are others."""


class MailText(Base):
    """Wording of a mail that an administrator put in place of the shipped one, in one language."""

    __tablename__ = "mail_text"
    __table_args__ = (sa.UniqueConstraint("language", "key"),)

    id: Mapped[Id]
    language: Mapped[str] = mapped_column(sa.String(2))
    key: Mapped[str] = mapped_column(sa.String(64))
    """SHA-256 of the English text as shipped, with its plural where it has one."""
    shipped: Mapped[str] = mapped_column(sa.Text)
    """That English text, so that a row can be read and an outdated one be recognised."""
    text: Mapped[str] = mapped_column(sa.String(TEXT))
    plural: Mapped[str] = mapped_column(sa.String(TEXT), default="")
    edited_at: Mapped[datetime]
    edited_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Bounce(Base):
    """What a mail server reported later about a mail it had taken (RFC 3464). The same report counts once."""

    __tablename__ = "bounce"

    id: Mapped[Id]
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    """SHA-256 of the report as it came, with the address it is about."""
    message_id: Mapped[int | None] = mapped_column(sa.ForeignKey("message.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"), index=True)
    address: Mapped[str] = mapped_column(sa.String(ADDRESS))
    permanent: Mapped[bool]
    status: Mapped[str] = mapped_column(sa.String(20))
    """The enhanced status code, e.g. 5.1.1."""
    said: Mapped[str] = mapped_column(sa.String(LINE), default="")
    at: Mapped[datetime]


class MailPause(Base):
    """A mail domain that takes nothing now: no mail goes there until the pause is over. "" is our own server."""

    __tablename__ = "mail_pause"

    domain: Mapped[str] = mapped_column(sa.String(ADDRESS), primary_key=True)
    until: Mapped[datetime]
    failures: Mapped[int] = mapped_column(default=1)
    """In a row: the pauses grow with them."""
    said: Mapped[str] = mapped_column(sa.String(LINE), default="")
    at: Mapped[datetime]


class StatusReportMail(Base):
    """The ledger of status reports mailed at the end of a cycle: one row per party and cycle."""

    __tablename__ = "status_report_mail"
    __table_args__ = (sa.UniqueConstraint("party_id", "cycle_id"),)

    id: Mapped[Id]
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_party.id"))
    cycle_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_cycle.id"))
    at: Mapped[datetime]
