"""Progress reports: what a party says about one commitment in one cycle, its revisions, and the Secretariat's view."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.domain.policy import Subject
from tracker.domain.vocabulary import (
    BudgetPurpose,
    BudgetStage,
    CommentOutcome,
    Rating,
    ReportState,
    Strength,
    Visibility,
)
from tracker.models.base import LINE, NAME, TEXT, URL, Base, Id, closed_list
from tracker.models.catalogue import Element, Indicator
from tracker.models.commitments import Commitment, ReportingCycle
from tracker.models.evidence import ReportEvidence


class ProgressReport(Base):
    """What a party says about one commitment in one cycle. Made empty, as a draft, when the cycle opens.

    ``version`` counts every change: a form carries the one it was made from, and a stale one is refused.
    """

    __tablename__ = "progress_report"
    __table_args__ = (
        sa.UniqueConstraint("cycle_id", "commitment_id"),
        sa.Index("ix_progress_report_party", "party_id", "cycle_id", "state"),
        # The figures of the public pages are counted from this index alone.
        sa.Index(
            "ix_progress_report_figures",
            "cycle_id",
            "party_id",
            "first_submitted_at",
            "on_time",
            "published_assessment_id",
        ),
        sa.Index("ix_progress_report_state", "state", "submitted_at"),
        sa.Index("ix_progress_report_window", "state", "window_ends_at"),
        # The newest report of a commitment, whatever the number of cycles.
        sa.Index("ix_progress_report_commitment", "commitment_id", "opens_on", "cycle_id"),
        # What a party must do, past what it left undone in cycles that are over.
        sa.Index("ix_progress_report_open", "party_id", "state", "due_on"),
    )

    id: Mapped[Id]
    commitment_id: Mapped[int] = mapped_column(sa.ForeignKey("commitment.id"))
    cycle_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_cycle.id"))
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_party.id"))
    """The commitment's party, kept here so that lists need no join."""
    opens_on: Mapped[date]
    """The cycle's, kept here so that the newest report is found without a join. Fixed once a cycle is open."""
    state: Mapped[ReportState] = mapped_column(closed_list(ReportState, "state"), default=ReportState.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    due_on: Mapped[date]
    due_at: Mapped[datetime]
    """The end of ``due_on`` in the party's time zone (``domain.deadlines.ends_at``)."""

    self_assessment: Mapped[Rating | None] = mapped_column(closed_list(Rating, "self_assessment"))
    """Rolled up from the elements as they stand in the draft (``compliance.roll_up``)."""
    summary: Mapped[str] = mapped_column(sa.String(TEXT), default="")
    """What should be said of the whole, beyond the elements."""
    privacy_explanation: Mapped[str] = mapped_column(sa.String(LINE * 4), default="")
    """Why what the personal-data check found is none."""
    obstacles: Mapped[str] = mapped_column(sa.String(TEXT), default="")
    help_needed: Mapped[str] = mapped_column(sa.String(TEXT), default="")
    nothing_changed: Mapped[bool] = mapped_column(default=False)
    """The party says that the last report still holds as it stands."""
    unconfirmed: Mapped[list[str]] = mapped_column(default=list)
    """Names of fields carried over from the last report and not yet confirmed."""
    started_at: Mapped[datetime | None]
    """First saved by a person; None: not started."""
    edited_at: Mapped[datetime | None]
    edited_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))

    first_submitted_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    """Who submitted last: he or she may not assess it."""
    on_time: Mapped[bool | None]
    """Decided once, at the first submission."""
    revision_number: Mapped[int] = mapped_column(default=0)
    """Of the newest submission; 0 before the first."""
    reviewer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"), index=True)
    window_ends_at: Mapped[datetime | None]
    """The end of the State's window for comment."""
    assessment_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("assessment.id", use_alter=True, name="fk_progress_report_assessment_id_assessment")
    )
    """The assessment in the making (rating proposed, open for comment) or the newest published."""
    published_assessment_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("assessment.id", use_alter=True, name="fk_progress_report_published_assessment_id_assessment"),
        index=True,
    )
    """What the public reads; stays while a report is reopened."""

    commitment: Mapped[Commitment] = relationship()
    cycle: Mapped[ReportingCycle] = relationship()
    answers: Mapped[list[ElementAnswer]] = relationship(
        back_populates="report", order_by="ElementAnswer.element_id", cascade="all, delete-orphan"
    )
    evidence: Mapped[list[EvidenceLink]] = relationship(
        back_populates="report", order_by="EvidenceLink.position", cascade="all, delete-orphan"
    )
    indicator_values: Mapped[list[IndicatorValue]] = relationship(
        back_populates="report", order_by="IndicatorValue.position", cascade="all, delete-orphan"
    )
    budget_lines: Mapped[list[BudgetLine]] = relationship(
        back_populates="report", order_by="BudgetLine.position", cascade="all, delete-orphan"
    )
    attached: Mapped[list[ReportEvidence]] = relationship(
        order_by="ReportEvidence.id", cascade="all, delete-orphan", back_populates="report"
    )
    revisions: Mapped[list[ReportRevision]] = relationship(back_populates="report", order_by="ReportRevision.number")
    assessment: Mapped[Assessment | None] = relationship(foreign_keys=[assessment_id], viewonly=True)
    published_assessment: Mapped[Assessment | None] = relationship(
        foreign_keys=[published_assessment_id], viewonly=True
    )

    __mapper_args__ = {"version_id_col": version}

    def subject(self, *, cycle_open: bool) -> Subject:
        """What the policy must know of this report as stored."""
        party = self.commitment.party
        return Subject(
            party_id=party.id,
            party_kind=party.kind,
            state=self.state,
            approval_required=party.approval_required,
            assignee_ids=frozenset(a.user_id for a in self.commitment.assignments),
            whole_assignee_ids=frozenset(a.user_id for a in self.commitment.assignments if a.element_id is None),
            reviewer_id=self.reviewer_id,
            proposer_id=self.assessment.proposed_by_id if self.assessment else None,
            author_ids=frozenset(i for i in (self.submitted_by_id, self.edited_by_id) if i is not None),
            frozen=not self.commitment.is_followed,
            cycle_open=cycle_open,
        )


class ElementAnswer(Base):
    """What the draft says about one element."""

    __tablename__ = "element_answer"
    __table_args__ = (sa.UniqueConstraint("report_id", "element_id"),)

    id: Mapped[Id]
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("progress_report.id"))
    element_id: Mapped[int] = mapped_column(sa.ForeignKey("element.id"))
    self_assessment: Mapped[Rating | None] = mapped_column(closed_list(Rating, "self_assessment"))
    narrative: Mapped[str] = mapped_column(sa.String(TEXT), default="")

    report: Mapped[ProgressReport] = relationship(back_populates="answers")
    element: Mapped[Element] = relationship()


class EvidenceLink(Base):
    """A link that shows what is said, with the date it speaks of."""

    __tablename__ = "evidence_link"

    id: Mapped[Id]
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("progress_report.id"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(NAME))
    url: Mapped[str] = mapped_column(sa.String(URL))
    speaks_of: Mapped[date | None]
    is_public: Mapped[bool] = mapped_column(default=True)
    """Restricted evidence is read by the party and the Secretariat only."""
    language: Mapped[str] = mapped_column(sa.String(2), default="")
    """Of what is linked to; empty: not said."""

    report: Mapped[ProgressReport] = relationship(back_populates="evidence")


class IndicatorValue(Base):
    """What the draft says of one indicator: its total, or one category of one disaggregation.

    ``value`` is canonical text for the indicator's data type (``domain.measures``); ``not_available`` is not zero.
    """

    __tablename__ = "indicator_value"
    __table_args__ = (
        sa.UniqueConstraint("report_id", "indicator_id", "axis", "category"),
        sa.CheckConstraint("NOT (not_available AND value <> '')", name="value_or_not_available"),
    )

    id: Mapped[Id]
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("progress_report.id"))
    indicator_id: Mapped[int] = mapped_column(sa.ForeignKey("indicator.id"))
    position: Mapped[int]
    axis: Mapped[int] = mapped_column(default=0)
    """0: the whole; 1 and on: which disaggregation of the indicator."""
    category: Mapped[str] = mapped_column(sa.String(NAME), default="")
    """Of the disaggregation: "women", "2024"; empty for the whole."""
    value: Mapped[str] = mapped_column(sa.String(NAME), default="")
    currency: Mapped[str] = mapped_column(sa.String(3), default="")
    """ISO 4217, for money."""
    not_available: Mapped[bool] = mapped_column(default=False)
    period_start: Mapped[date | None]
    period_end: Mapped[date | None]
    note: Mapped[str] = mapped_column(sa.String(LINE), default="")

    report: Mapped[ProgressReport] = relationship(back_populates="indicator_values")
    indicator: Mapped[Indicator] = relationship()


class BudgetLine(Base):
    """An amount allocated or executed in a fiscal year, in the currency in which it was declared."""

    __tablename__ = "budget_line"

    id: Mapped[Id]
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("progress_report.id"), index=True)
    position: Mapped[int]
    purpose: Mapped[BudgetPurpose] = mapped_column(closed_list(BudgetPurpose, "purpose"))
    stage: Mapped[BudgetStage] = mapped_column(closed_list(BudgetStage, "stage"))
    amount: Mapped[str] = mapped_column(sa.String(40))
    """Canonical decimal, as declared: never rounded, never converted."""
    currency: Mapped[str] = mapped_column(sa.String(3))
    fiscal_year: Mapped[str] = mapped_column(sa.String(20))
    """As the State writes it: 2025, 2024/2025."""
    note: Mapped[str] = mapped_column(sa.String(LINE), default="")

    report: Mapped[ProgressReport] = relationship(back_populates="budget_lines")


class ReportRevision(Base):
    """A submission, frozen. ``content`` has the shape of ``services.report_content.ReportContent``."""

    __tablename__ = "report_revision"
    __table_args__ = (sa.UniqueConstraint("report_id", "number"),)

    id: Mapped[Id]
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("progress_report.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]]
    self_assessment: Mapped[Rating | None] = mapped_column(closed_list(Rating, "self_assessment"))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    """Of the content as canonical JSON."""
    submitted_at: Mapped[datetime]
    submitted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))

    report: Mapped[ProgressReport] = relationship(back_populates="revisions")


class Assessment(Base):
    """The reviewer's rating of one revision, confirmed by a colleague, with the State's comment beside it."""

    __tablename__ = "assessment"
    __table_args__ = (
        sa.UniqueConstraint("report_id", "number"),
        sa.CheckConstraint("confirmed_by_id IS NULL OR confirmed_by_id <> proposed_by_id", name="confirmed_by_another"),
        sa.CheckConstraint("published_at IS NULL OR confirmed_at IS NOT NULL", name="published_after_confirmation"),
    )

    id: Mapped[Id]
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("progress_report.id"))
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("report_revision.id"))
    number: Mapped[int]
    rating: Mapped[Rating] = mapped_column(closed_list(Rating, "rating"))
    strength: Mapped[Strength] = mapped_column(closed_list(Strength, "strength"))
    reasons: Mapped[str] = mapped_column(sa.String(TEXT))
    strength_reason: Mapped[str] = mapped_column(sa.String(TEXT), default="")
    """Asked for where a high rating rests on what is declared only."""
    element_ratings: Mapped[dict[str, str]] = mapped_column(default=dict)
    """A rating by element's code, where the reviewer gave them (``compliance.roll_up`` says what they come to)."""
    proposed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    proposed_at: Mapped[datetime]
    confirmed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    confirmed_at: Mapped[datetime | None]
    comment: Mapped[str] = mapped_column(sa.String(TEXT), default="")
    """The State comment, published beside the rating."""
    comment_outcome: Mapped[CommentOutcome | None] = mapped_column(closed_list(CommentOutcome, "comment_outcome"))
    commented_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    commented_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None] = mapped_column(index=True)

    report: Mapped[ProgressReport] = relationship(foreign_keys=[report_id])
    revision: Mapped[ReportRevision] = relationship()


class HistoryEntry(Base):
    """Who did what when to a commitment. Rows are only added.

    ``action`` is an ``Action`` of the workflow or one of ``services.history.OTHER_ACTIONS``.
    """

    __tablename__ = "history_entry"
    __table_args__ = (
        sa.Index("ix_history_entry_commitment", "commitment_id", "id"),
        sa.Index("ix_history_entry_party", "party_id", "id"),
    )

    id: Mapped[Id]
    commitment_id: Mapped[int] = mapped_column(sa.ForeignKey("commitment.id"))
    report_id: Mapped[int | None] = mapped_column(sa.ForeignKey("progress_report.id"), index=True)
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_party.id"))
    at: Mapped[datetime]
    action: Mapped[str] = mapped_column(sa.String(40))
    from_state: Mapped[str | None] = mapped_column(sa.String(40))
    to_state: Mapped[str | None] = mapped_column(sa.String(40))
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    """None: the clock."""
    actor_role: Mapped[str | None] = mapped_column(sa.String(40))
    visibility: Mapped[Visibility] = mapped_column(closed_list(Visibility, "visibility"))
    comment: Mapped[str] = mapped_column(sa.String(TEXT), default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Further facts in plain words' placeholders: due date, revision number, rating."""
