"""People who sign in, their sessions, one-time links and the brake on guessing. No other person has a place here."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from flask_security.core import UserMixin
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.domain.vocabulary import NoticeRhythm, ReminderRhythm, Role
from tracker.models.base import ADDRESS, NAME, TEXT, URL, Base, Id, closed_list
from tracker.models.parties import Institution, ReportingParty


class User(Base, UserMixin):
    """An account: one role, for national roles tied to one State.

    ``fs_uniquifier`` is what Flask-Security keeps of a person in the session.
    """

    __tablename__ = "user"
    __table_args__ = (
        sa.CheckConstraint(
            "role NOT IN ('focal_point', 'contributor', 'approver', 'secretariat_reporter') OR party_id IS NOT NULL",
            name="reporting_roles_have_a_party",
        ),
        sa.CheckConstraint("mail_hour BETWEEN 0 AND 23", name="mail_hour"),
    )

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(sa.String(ADDRESS), unique=True)
    """Kept in lower case."""
    name: Mapped[str] = mapped_column(sa.String(NAME))
    role: Mapped[Role] = mapped_column(closed_list(Role, "role"), index=True)
    is_alternate: Mapped[bool] = mapped_column(default=False)
    """A focal point's deputy, with the same rights."""
    party_id: Mapped[int | None] = mapped_column(sa.ForeignKey("reporting_party.id"), index=True)
    institution_id: Mapped[int | None] = mapped_column(sa.ForeignKey("institution.id"))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    """An observer's."""
    language: Mapped[str] = mapped_column(sa.String(2), default="en")
    time_zone: Mapped[str] = mapped_column(sa.String(64), default="UTC")
    password: Mapped[str | None] = mapped_column(sa.String(255))
    """Hash; None until an invitation is accepted."""
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(sa.String(64), unique=True)
    mail_hour: Mapped[int] = mapped_column(default=7)
    """From this hour on, by the person's own clock, the mail of the day may leave."""
    reminder_rhythm: Mapped[ReminderRhythm] = mapped_column(
        closed_list(ReminderRhythm, "reminder_rhythm"), default=ReminderRhythm.EACH_STEP
    )
    notice_rhythm: Mapped[NoticeRhythm] = mapped_column(
        closed_list(NoticeRhythm, "notice_rhythm"), default=NoticeRhythm.AT_ONCE
    )
    away_until: Mapped[date | None]
    """Until the end of this day, by the person's own calendar, somebody else of the party is reminded."""
    bounced_at: Mapped[datetime | None]
    """When a server said for good that the address takes no mail; None again once it was changed or tried anew."""
    mail_key: Mapped[str] = mapped_column(sa.String(64), unique=True, default=lambda: secrets.token_urlsafe(24))
    """In the links that change the rhythm with one click; opens nothing."""
    calendar_key: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    """In the private address of the calendar; None until the person asks for one."""
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    """Made by ``demo load``; production refuses to start while one exists."""
    created_at: Mapped[datetime]
    invited_at: Mapped[datetime | None]
    last_sign_in_at: Mapped[datetime | None]

    party: Mapped[ReportingParty | None] = relationship()
    institution: Mapped[Institution | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()

    @property
    def roles(self) -> list[object]:  # type: ignore[override]  # read-only here: nobody sets roles
        """Flask-Security's roles are not used: who may do what stands in ``domain.policy``."""
        return []


class Organisation(Base):
    """A civil-society organisation that the Secretariat accredits."""

    __tablename__ = "organisation"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(sa.String(NAME), unique=True)
    website: Mapped[str] = mapped_column(sa.String(URL), default="")
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    accreditations: Mapped[list[Accreditation]] = relationship(
        order_by="Accreditation.id", back_populates="organisation"
    )

    __mapper_args__ = {"version_id_col": version}


class Accreditation(Base):
    """An organisation's accreditation for one State, in one period: all its people share it.

    Both days are included, in the State's time zone. Periods of one State do not overlap; a period that was cut short
    stays, so that it can be read who could see and say what, and when.
    """

    __tablename__ = "accreditation"
    __table_args__ = (
        sa.Index("ix_accreditation_organisation", "organisation_id", "party_id"),
        sa.CheckConstraint("starts_on <= ends_on", name="period"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_party.id"))
    starts_on: Mapped[date | None]
    """None: from the beginning."""
    ends_on: Mapped[date | None]
    """None: until further notice."""
    granted_at: Mapped[datetime | None]
    granted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))

    organisation: Mapped[Organisation] = relationship(back_populates="accreditations")
    party: Mapped[ReportingParty] = relationship()


class Handover(Base):
    """One act that moved a person's work to a successor: what was moved, by whom, and a word for the newcomer."""

    __tablename__ = "handover"
    __table_args__ = (sa.CheckConstraint("from_user_id <> to_user_id", name="to_another"),)

    id: Mapped[Id]
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_party.id"), index=True)
    from_user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    to_user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    note: Mapped[str] = mapped_column(sa.String(TEXT), default="")
    moved: Mapped[dict[str, Any]]
    """How many of each kind: assignments, drafts, messages, subscriptions to summaries."""
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))


class SignInSession(Base):
    """One sign-in on one browser. The cookie is worth nothing once ``ended_at`` is set."""

    __tablename__ = "sign_in_session"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class LinkPurpose(StrEnum):
    RESET = "reset"
    INVITATION = "invitation"


class OneTimeLink(Base):
    """A link in a mail: random, used once, short-lived, dead once a newer one exists. Only its hash is kept."""

    __tablename__ = "one_time_link"

    id: Mapped[Id]
    purpose: Mapped[LinkPurpose] = mapped_column(closed_list(LinkPurpose, "purpose"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """Used, or replaced by a newer one."""


class SignInAttempt(Base):
    """Failed tries per address, whether or not it has an account: what the brake counts."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (sa.Index("ix_sign_in_attempt_who", "address_hash", "at"),)

    id: Mapped[Id]
    address_hash: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime]
