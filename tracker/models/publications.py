"""What is issued to the public: status reports and hemispheric reports, good practices, where to report, open data."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.domain.vocabulary import ChannelKind, GoodPracticeState, PublicationKind, PublicationState
from tracker.models.base import LINE, NAME, TEXT, URL, Base, Id, Translations, closed_list
from tracker.models.commitments import Commitment, ReportingCycle
from tracker.models.parties import ReportingParty
from tracker.models.people import User

CODE = 9
"""Length of the code of an issued document: eight letters and digits with a hyphen in the middle."""


class IssuedReport(Base):
    """A status report or hemispheric report as it was issued: numbered, frozen, kept for ever.

    The row is made, with number, code and frozen content, before the documents are typeset (PREPARING); what was
    interrupted in between is finished by a job, so that no number is lost.
    """

    __tablename__ = "issued_report"
    __table_args__ = (
        sa.UniqueConstraint("kind", "year", "sequence"),
        sa.CheckConstraint("sequence >= 1", name="sequence"),
        sa.CheckConstraint("(kind = 'status_report') = (party_id IS NOT NULL)", name="party_of_a_status_report"),
        sa.Index(
            "uq_issued_report_preparing",
            "subject",
            unique=True,
            sqlite_where=sa.text("state = 'publication_preparing'"),
            postgresql_where=sa.text("state = 'publication_preparing'"),
        ),
        sa.Index(
            "uq_issued_report_period",
            "subject",
            "period",
            unique=True,
            sqlite_where=sa.text("period <> ''"),
            postgresql_where=sa.text("period <> ''"),
        ),
        sa.Index("ix_issued_report_subject", "subject", "issued_at"),
    )

    id: Mapped[Id]
    kind: Mapped[PublicationKind] = mapped_column(closed_list(PublicationKind, "kind"))
    subject: Mapped[str] = mapped_column(sa.String(40))
    """What it is about, as in addresses: br-2026, br (as of a date), hemispheric-2026."""
    party_id: Mapped[int | None] = mapped_column(sa.ForeignKey("reporting_party.id"), index=True)
    cycle_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_cycle.id"), index=True)
    """Whose coverage it shows; of a report as of a date, the cycle opened last."""
    is_as_of_date: Mapped[bool]
    as_of: Mapped[datetime]
    """The moment of the figures."""
    year: Mapped[int]
    sequence: Mapped[int]
    """With kind and year it makes the number: SR 12/2026, HR 1/2026. Without gaps."""
    code: Mapped[str] = mapped_column(sa.String(CODE), unique=True)
    """In capitals, as printed; addresses carry it in small letters."""
    state: Mapped[PublicationState] = mapped_column(closed_list(PublicationState, "state"))
    period: Mapped[str] = mapped_column(sa.String(40), default="")
    """What the clock issued it for (the end of a cycle, 2026-Q3); empty where a person did."""
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("issued_report.id"), unique=True)
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    """None: the clock."""
    ready_at: Mapped[datetime | None]
    """When all its documents were made."""
    mailed_at: Mapped[datetime | None]
    """When what a rhythm brought about went to those who answer for the party (else: ``StatusReportMail``)."""
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    reason: Mapped[str] = mapped_column(sa.String(TEXT), default="")
    """Why it was withdrawn or replaced; public."""
    version: Mapped[int] = mapped_column(default=1)

    party: Mapped[ReportingParty | None] = relationship()
    cycle: Mapped[ReportingCycle] = relationship()
    replaces: Mapped[IssuedReport | None] = relationship(remote_side="IssuedReport.id")
    editions: Mapped[list[IssuedEdition]] = relationship(back_populates="issue", order_by="IssuedEdition.language")

    __mapper_args__ = {"version_id_col": version}


class IssuedEdition(Base):
    """An issued report in one language: the plain data that page and documents are made from, frozen."""

    __tablename__ = "issued_edition"
    __table_args__ = (sa.UniqueConstraint("issue_id", "language"),)

    id: Mapped[Id]
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issued_report.id"))
    language: Mapped[str] = mapped_column(sa.String(2))
    frozen: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    """JSON of the report's dataclass, compressed (``services.frozen_reports``)."""

    issue: Mapped[IssuedReport] = relationship(back_populates="editions")
    documents: Mapped[list[IssuedDocument]] = relationship(back_populates="edition", order_by="IssuedDocument.format")


class IssuedDocument(Base):
    """One file of an edition. Its digest stays for ever; its content goes where a passage in it had to be erased."""

    __tablename__ = "issued_document"
    __table_args__ = (sa.UniqueConstraint("edition_id", "format"),)

    id: Mapped[Id]
    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("issued_edition.id"))
    format: Mapped[str] = mapped_column(sa.String(10))
    """pdf, docx, xlsx, json."""
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    size: Mapped[int]
    """Bytes."""
    content: Mapped[bytes | None] = mapped_column(sa.LargeBinary, deferred=True)
    erased_at: Mapped[datetime | None]

    edition: Mapped[IssuedEdition] = relationship(back_populates="documents")


class GoodPractice(Base):
    """What a State did that others can learn from. Public once both the State and the Secretariat agreed."""

    __tablename__ = "good_practice"

    id: Mapped[Id]
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_party.id"), index=True)
    commitment_id: Mapped[int] = mapped_column(sa.ForeignKey("commitment.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(NAME))
    text: Mapped[str] = mapped_column(sa.String(TEXT))
    language: Mapped[str] = mapped_column(sa.String(2))
    """Of title and text."""
    url: Mapped[str] = mapped_column(sa.String(URL), default="")
    """Where to read more."""
    state: Mapped[GoodPracticeState] = mapped_column(closed_list(GoodPracticeState, "state"), index=True)
    explanation: Mapped[str] = mapped_column(sa.String(LINE * 4), default="")
    """Why what the personal-data check found is none."""
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]
    """When the other side agreed or declined."""
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    ended_at: Mapped[datetime | None]
    """When it was taken back, before the decision or after it had been shared."""
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    reason: Mapped[str] = mapped_column(sa.String(TEXT), default="")
    """Why it was declined or taken back; for State and Secretariat."""
    version: Mapped[int] = mapped_column(default=1)

    party: Mapped[ReportingParty] = relationship()
    commitment: Mapped[Commitment] = relationship()
    proposed_by: Mapped[User] = relationship(foreign_keys=[proposed_by_id])

    __mapper_args__ = {"version_id_col": version}


class ReportingChannel(Base):
    """Where a case of trafficking is reported in a State: a telephone line or an office, never a person."""

    __tablename__ = "reporting_channel"

    id: Mapped[Id]
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_party.id"), index=True)
    kind: Mapped[ChannelKind] = mapped_column(closed_list(ChannelKind, "kind"))
    name: Mapped[str] = mapped_column(sa.String(NAME))
    """As it is called in the State."""
    phone: Mapped[str] = mapped_column(sa.String(60), default="")
    url: Mapped[str] = mapped_column(sa.String(URL), default="")
    note: Mapped[Translations] = mapped_column(default=dict)
    """Hours, languages, cost."""
    checked_on: Mapped[date]
    """The day on which somebody last made sure that it is right."""
    version: Mapped[int] = mapped_column(default=1)

    party: Mapped[ReportingParty] = relationship()

    __mapper_args__ = {"version_id_col": version}


class PublicVersion(Base):
    """One row: the number of the newest entry of the audit trail after which something public may read otherwise."""

    __tablename__ = "public_version"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]


class SavedView(Base):
    """A search or list with its filters that a person kept under a name."""

    __tablename__ = "saved_view"
    __table_args__ = (sa.UniqueConstraint("user_id", "name"),)

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    name: Mapped[str] = mapped_column(sa.String(NAME))
    path: Mapped[str] = mapped_column(sa.String(NAME))
    """Of a list of this site, by its endpoint's rule: never an address typed by a person."""
    query: Mapped[str] = mapped_column(sa.String(URL), default="")
    created_at: Mapped[datetime]


class SearchEntry(Base):
    """One public thing that can be found, in one language; the index of words (``search_word``) is the database's own.

    Triggers keep that index (migration 0005), and ``SearchFacet`` (0006), from which is counted without the long texts.
    """

    __tablename__ = "search_entry"
    __table_args__ = (sa.UniqueConstraint("kind", "key", "language"),)

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(sa.String(20), index=True)
    """provision, report, activity, document, good_practice, status_report."""
    key: Mapped[str] = mapped_column(sa.String(60))
    """Of the thing within its kind."""
    language: Mapped[str] = mapped_column(sa.String(2))
    """Of title and text; empty where nobody said."""
    is_only: Mapped[bool] = mapped_column(default=False)
    """The thing has no words in another language: it is found from all of them."""
    instrument: Mapped[str] = mapped_column(sa.String(40), default="")
    cycle_code: Mapped[str] = mapped_column(sa.String(20), default="")
    rating: Mapped[str] = mapped_column(sa.String(40), default="")
    year: Mapped[int | None]
    parties: Mapped[str] = mapped_column(sa.String(LINE), default="")
    """Codes between bars: |BR|AR|."""
    pillars: Mapped[str] = mapped_column(sa.String(LINE), default="")
    themes: Mapped[str] = mapped_column(sa.String(LINE), default="")
    url: Mapped[str] = mapped_column(sa.String(LINE))
    digest: Mapped[str] = mapped_column(sa.String(64))
    """Of all that stands in the row: the same is not written again."""
    title: Mapped[str] = mapped_column(sa.String(LINE))
    folded_title: Mapped[str] = mapped_column(sa.Text)
    """The words of the title, without accents and in small letters; of what is named in four languages, all four."""
    text: Mapped[str] = mapped_column(sa.Text)
    folded: Mapped[str] = mapped_column(sa.Text)
    """The words of the text, folded like those of the title: what is searched."""


class SearchFacet(Base):
    """What an entry of the search can be narrowed down by: a narrow row beside ``SearchEntry``. Kept by triggers.

    Codes as the entry has them, a line for each column.
    """

    __tablename__ = "search_facet"

    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("search_entry.id", ondelete="CASCADE"), primary_key=True)
    about: Mapped[str] = mapped_column(sa.Text)
    """Kind, language, key (empty where ``is_only``), instrument, pillars, themes."""
    dated: Mapped[str] = mapped_column(sa.Text)
    """Cycle, year."""
    rated: Mapped[str] = mapped_column(sa.Text)
    """Rating, parties."""


class DataRelease(Base):
    """A version of the open data: frozen, numbered, kept for ever."""

    __tablename__ = "data_release"

    id: Mapped[Id]
    version: Mapped[str] = mapped_column(sa.String(20), unique=True)
    """2026.3: the third of that year."""
    as_of: Mapped[datetime]
    digest: Mapped[str] = mapped_column(sa.String(64))
    """Of its tables: where nothing in them changed there is no new version."""
    looked_at: Mapped[datetime]
    """When it was last compared with what is public."""
    seen_version: Mapped[int]
    """``PublicVersion.number`` at that moment."""

    files: Mapped[list[DataFile]] = relationship(back_populates="release", order_by="DataFile.position")


class DataFile(Base):
    """One file of a release."""

    __tablename__ = "data_file"
    __table_args__ = (sa.UniqueConstraint("release_id", "name"),)

    id: Mapped[Id]
    release_id: Mapped[int] = mapped_column(sa.ForeignKey("data_release.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(NAME))
    media_type: Mapped[str] = mapped_column(sa.String(100))
    rows: Mapped[int]
    """Lines of data, the heading not counted; 0 where it holds none."""
    sha256: Mapped[str] = mapped_column(sa.String(64))
    size: Mapped[int]
    """Bytes."""
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)

    release: Mapped[DataRelease] = relationship(back_populates="files")
