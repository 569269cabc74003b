"""Cycles and commitments: what is owed, by whom, in which period, and who in a State was asked to answer."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.domain.vocabulary import ClosingKind
from tracker.models.base import TEXT, Base, Id, Translations, closed_list
from tracker.models.catalogue import Provision
from tracker.models.parties import ReportingParty
from tracker.models.people import User


class ReportingCycle(Base):
    """The period a report covers, when it opens, is due and closes. Dates end in each party's own time zone."""

    __tablename__ = "reporting_cycle"
    __table_args__ = (
        sa.CheckConstraint("period_start <= period_end", name="period"),
        sa.CheckConstraint("opens_on <= due_on AND due_on <= closes_on", name="order_of_dates"),
        sa.CheckConstraint("comment_days BETWEEN 1 AND 365", name="comment_days"),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    title: Mapped[Translations]
    period_start: Mapped[date]
    period_end: Mapped[date]
    opens_on: Mapped[date] = mapped_column(index=True)
    due_on: Mapped[date]
    closes_on: Mapped[date]
    """The last day on which a report may be submitted."""
    comment_days: Mapped[int] = mapped_column(default=30)
    """Length of the State's window for comment, in days."""
    opened_at: Mapped[datetime | None] = mapped_column(index=True)
    """Set once, when its reports were made."""
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Commitment(Base):
    """One provision as owed by one reporting party."""

    __tablename__ = "commitment"
    __table_args__ = (sa.UniqueConstraint("party_id", "provision_id"),)

    id: Mapped[Id]
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_party.id"))
    provision_id: Mapped[int] = mapped_column(sa.ForeignKey("provision.id"), index=True)
    made_at: Mapped[datetime]
    frozen_at: Mapped[datetime | None]
    """The party left the follow-up: read, not changed."""
    closed_at: Mapped[datetime | None]
    """No longer followed, by an act (``Closing``): read, not changed, and no new reports."""

    party: Mapped[ReportingParty] = relationship()
    provision: Mapped[Provision] = relationship()
    assignments: Mapped[list[Assignment]] = relationship(back_populates="commitment")

    @hybrid_property
    def is_followed(self) -> bool:
        """Neither frozen nor closed: reports on it may be written and reviewed. Also a condition in queries."""
        return self.frozen_at is None and self.closed_at is None

    @is_followed.inplace.expression
    @classmethod
    def _is_followed(cls) -> sa.ColumnElement[bool]:
        return sa.and_(cls.frozen_at.is_(None), cls.closed_at.is_(None))


class Assignment(Base):
    """A commitment, or one element of it, that a focal point asked a contributor to answer."""

    __tablename__ = "assignment"
    __table_args__ = (
        sa.Index(
            "uq_assignment_whole",
            "commitment_id",
            "user_id",
            unique=True,
            sqlite_where=sa.text("element_id IS NULL"),
            postgresql_where=sa.text("element_id IS NULL"),
        ),
        sa.Index(
            "uq_assignment_element",
            "commitment_id",
            "user_id",
            "element_id",
            unique=True,
            sqlite_where=sa.text("element_id IS NOT NULL"),
            postgresql_where=sa.text("element_id IS NOT NULL"),
        ),
    )

    id: Mapped[Id]
    commitment_id: Mapped[int] = mapped_column(sa.ForeignKey("commitment.id"), index=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    element_id: Mapped[int | None] = mapped_column(sa.ForeignKey("element.id"))
    """None: the whole commitment."""
    due_on: Mapped[date | None]
    """A date of its own inside the State, in the State's time zone; None: the report's."""
    done_at: Mapped[datetime | None]
    """When the contributor said that the part is ready."""
    assigned_at: Mapped[datetime]
    assigned_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))

    commitment: Mapped[Commitment] = relationship(back_populates="assignments")
    user: Mapped[User] = relationship(foreign_keys=[user_id])


class Closing(Base):
    """The act that ends the follow-up of a commitment, or takes that back: who, when, why. Rows are only added."""

    __tablename__ = "closing"

    id: Mapped[Id]
    commitment_id: Mapped[int] = mapped_column(sa.ForeignKey("commitment.id"), index=True)
    kind: Mapped[ClosingKind | None] = mapped_column(closed_list(ClosingKind, "kind"))
    """None: the commitment is followed again."""
    successor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("commitment.id"))
    """What stands in its place (superseded, merged)."""
    reason: Mapped[str] = mapped_column(sa.String(TEXT))
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
