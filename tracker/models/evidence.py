"""Evidence: files and links that show what is said, kept in versions, and where each is used."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.domain.vocabulary import EvidenceKind, FileState
from tracker.models.base import LINE, NAME, TEXT, URL, Base, Id, closed_list


class Evidence(Base):
    """A file or a link of one party, or of one observer organisation. One piece may serve several commitments."""

    __tablename__ = "evidence"
    __table_args__ = (
        sa.CheckConstraint("(party_id IS NULL) <> (organisation_id IS NULL)", name="one_owner"),
        sa.CheckConstraint("(kind = 'link') = (url <> '')", name="links_have_an_address"),
    )

    id: Mapped[Id]
    public_id: Mapped[str] = mapped_column(sa.String(32), unique=True)
    """Random; what addresses carry. It opens nothing by itself."""
    party_id: Mapped[int | None] = mapped_column(sa.ForeignKey("reporting_party.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    kind: Mapped[EvidenceKind] = mapped_column(closed_list(EvidenceKind, "kind"))
    title: Mapped[str] = mapped_column(sa.String(NAME))
    url: Mapped[str] = mapped_column(sa.String(URL), default="")
    language: Mapped[str] = mapped_column(sa.String(2), default="")
    """Of the document; empty: not said."""
    speaks_of: Mapped[date | None]
    """The date the evidence speaks of."""
    is_public: Mapped[bool] = mapped_column(default=True)
    """Restricted evidence is read by its owner and the Secretariat only."""
    explanation: Mapped[str] = mapped_column(sa.String(LINE * 4), default="")
    """Why what the personal-data check found in title or name is none."""
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    version: Mapped[int] = mapped_column(default=1)

    versions: Mapped[list[EvidenceVersion]] = relationship(back_populates="evidence", order_by="EvidenceVersion.number")

    __mapper_args__ = {"version_id_col": version}


class EvidenceVersion(Base):
    """One file as it was sent. Never overwritten: a newer one is a new row, and revisions name the one they meant."""

    __tablename__ = "evidence_version"
    __table_args__ = (
        sa.UniqueConstraint("evidence_id", "number"),
        sa.CheckConstraint("size > 0", name="not_empty"),
    )

    id: Mapped[Id]
    evidence_id: Mapped[int] = mapped_column(sa.ForeignKey("evidence.id"))
    number: Mapped[int]
    file_name: Mapped[str] = mapped_column(sa.String(NAME))
    media_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]
    """Bytes, of what is kept."""
    sha256: Mapped[str] = mapped_column(sa.String(64))
    store_key: Mapped[str] = mapped_column(sa.String(100), unique=True)
    """Random name in the object store; empty content once purged."""
    state: Mapped[FileState] = mapped_column(closed_list(FileState, "state"), index=True)
    scan: Mapped[str] = mapped_column(sa.String(40), default="")
    """What the virus scanner said: clean, not_scanned, infected; empty before the check."""
    problem: Mapped[str] = mapped_column(sa.String(40), default="")
    """Why it was refused, as a code."""
    findings: Mapped[list[Any]] = mapped_column(default=list)
    """What the personal-data check found: (place, kind, masked excerpt)."""
    explanation: Mapped[str] = mapped_column(sa.String(LINE * 4), default="")
    uploaded_at: Mapped[datetime]
    uploaded_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    checked_at: Mapped[datetime | None]
    purged_at: Mapped[datetime | None]
    purged_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    purge_reason: Mapped[str] = mapped_column(sa.String(LINE * 4), default="")

    evidence: Mapped[Evidence] = relationship(back_populates="versions")


class ReportEvidence(Base):
    """A piece of evidence attached to the draft of a report."""

    __tablename__ = "report_evidence"
    __table_args__ = (sa.UniqueConstraint("report_id", "evidence_id"),)

    id: Mapped[Id]
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("progress_report.id"))
    evidence_id: Mapped[int] = mapped_column(sa.ForeignKey("evidence.id"), index=True)
    attached_at: Mapped[datetime]
    attached_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))

    report: Mapped[Any] = relationship("ProgressReport", back_populates="attached")  # which imports this module
    evidence: Mapped[Evidence] = relationship()


class RevisionEvidence(Base):
    """The piece, and the version of its file, that a submission named: who may read which version hangs on it."""

    __tablename__ = "revision_evidence"
    __table_args__ = (sa.UniqueConstraint("revision_id", "evidence_id"),)

    id: Mapped[Id]
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("report_revision.id"))
    evidence_id: Mapped[int] = mapped_column(sa.ForeignKey("evidence.id"), index=True)
    number: Mapped[int] = mapped_column(default=0)
    """Of the version; 0 for a link."""
    is_public: Mapped[bool] = mapped_column(default=False)
    """As it was submitted. Everybody reads what was submitted as public and is not restricted since."""


class ObservationEvidence(Base):
    """A piece of evidence of an observer organisation attached to one of its observations."""

    __tablename__ = "observation_evidence"
    __table_args__ = (sa.UniqueConstraint("observation_id", "evidence_id"),)

    id: Mapped[Id]
    observation_id: Mapped[int] = mapped_column(sa.ForeignKey("observation.id"))
    evidence_id: Mapped[int] = mapped_column(sa.ForeignKey("evidence.id"), index=True)
    number: Mapped[int] = mapped_column(default=0)
    """Of the file's version when the observation was filed; 0 for a link. What was moderated is what others read."""
    is_public: Mapped[bool] = mapped_column(default=False)
    """As it was filed, like that of ``RevisionEvidence``."""

    evidence: Mapped[Evidence] = relationship()


class Purge(Base):
    """What was erased from all versions: never what it was, only that it was, where, by whom and why."""

    __tablename__ = "purge"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(sa.String(20))
    """passage or file."""
    party_id: Mapped[int | None] = mapped_column(sa.ForeignKey("reporting_party.id"), index=True)
    commitment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("commitment.id"))
    reason: Mapped[str] = mapped_column(sa.String(TEXT))
    places: Mapped[dict[str, Any]]
    """How many times by kind of place."""
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
