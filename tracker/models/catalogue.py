"""The catalogue: instruments, provisions with their exact texts, elements, indicators, context, activities."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.domain.vocabulary import InstrumentKind, PartyKind, ProvisionKind
from tracker.models.base import LINE, NAME, TEXT, Base, Id, Translations, closed_list


class Classification(Base):
    """A pillar or a theme; ``origin`` says whether the source or we made it."""

    __tablename__ = "classification"
    __table_args__ = (sa.UniqueConstraint("axis", "code"),)

    id: Mapped[Id]
    axis: Mapped[str] = mapped_column(sa.String(20))
    """pillar, theme, form_of_exploitation, subregion, activity_type, oas_role, document_kind."""
    code: Mapped[str] = mapped_column(sa.String(60))
    position: Mapped[int]
    name: Mapped[Translations]
    origin: Mapped[str] = mapped_column(sa.String(10), default="source")


class Instrument(Base):
    """A source document."""

    __tablename__ = "instrument"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    kind: Mapped[InstrumentKind] = mapped_column(closed_list(InstrumentKind, "kind"))
    title: Mapped[Translations]
    symbol: Mapped[str | None] = mapped_column(sa.String(80))
    document_date: Mapped[date | None]
    period_start_year: Mapped[int | None]
    period_end_year: Mapped[int | None]
    original_language: Mapped[str | None] = mapped_column(sa.String(2))
    is_paraphrase: Mapped[bool]
    reading_note: Mapped[Translations]
    """What a reader must know: who recommended it, how far the source can be trusted."""
    facts: Mapped[dict[str, Any]]
    """Meeting, authors, adoption, provenance, notes for staff: as in the catalogue file."""
    position: Mapped[int]
    seed_digest: Mapped[str] = mapped_column(sa.String(64))

    provisions: Mapped[list[Provision]] = relationship(back_populates="instrument", order_by="Provision.position")


class Provision(Base):
    """One numbered recommendation, activity or mandate. Its text changes only by a new version with a reason."""

    __tablename__ = "provision"

    id: Mapped[Id]
    instrument_id: Mapped[int] = mapped_column(sa.ForeignKey("instrument.id"), index=True)
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    number: Mapped[str] = mapped_column(sa.String(20))
    kind: Mapped[ProvisionKind] = mapped_column(closed_list(ProvisionKind, "kind"))
    position: Mapped[int]
    """The order of the catalogue, over all instruments."""
    strength: Mapped[str] = mapped_column(sa.String(40))
    is_scored: Mapped[bool]
    """False for umbrella provisions: shown and never scored."""
    not_scored_reason: Mapped[Translations | None]
    pillars: Mapped[list[str]]
    themes: Mapped[list[str]]
    pillar_basis: Mapped[str] = mapped_column(sa.String(10))
    """source, ours or none: who classified it."""
    addressee_basis: Mapped[str] = mapped_column(sa.String(10))
    addressees: Mapped[list[str]]
    """Kinds of party that owe it."""
    passage: Mapped[Translations | None]
    """The exact passage of the source around a fragment."""
    measurement: Mapped[Translations]
    asks_budget: Mapped[bool] = mapped_column(default=False)
    """Its reports hold budget lines (recommendation 3 of 2012: money against trafficking beside money on drugs)."""
    components: Mapped[list[Any]]
    notes: Mapped[list[str]]
    """Ambiguities, for staff, in English."""
    title: Mapped[Translations]
    text: Mapped[Translations]
    text_status: Mapped[Translations]
    """By language: source, official or unofficial. Title, text and status are those of the newest version."""
    version_number: Mapped[int] = mapped_column(default=1)
    edited_by_person: Mapped[bool] = mapped_column(default=False)
    """A person edited it: loading the catalogue leaves it alone."""
    seed_digest: Mapped[str] = mapped_column(sa.String(64))

    instrument: Mapped[Instrument] = relationship(back_populates="provisions")
    elements: Mapped[list[Element]] = relationship(back_populates="provision", order_by="Element.position")
    indicators: Mapped[list[Indicator]] = relationship(back_populates="provision", order_by="Indicator.position")
    versions: Mapped[list[ProvisionVersion]] = relationship(
        back_populates="provision", order_by="ProvisionVersion.number"
    )


class ProvisionVersion(Base):
    """A frozen version of a provision's title and text."""

    __tablename__ = "provision_version"
    __table_args__ = (sa.UniqueConstraint("provision_id", "number"),)

    id: Mapped[Id]
    provision_id: Mapped[int] = mapped_column(sa.ForeignKey("provision.id"))
    number: Mapped[int]
    title: Mapped[Translations]
    text: Mapped[Translations]
    text_status: Mapped[Translations]
    reason: Mapped[str] = mapped_column(sa.String(LINE))
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))

    provision: Mapped[Provision] = relationship(back_populates="versions")


class Element(Base):
    """A part of a provision that can be answered by itself. A provision without parts has one that stands for it."""

    __tablename__ = "element"

    id: Mapped[Id]
    provision_id: Mapped[int] = mapped_column(sa.ForeignKey("provision.id"), index=True)
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    position: Mapped[int]
    is_whole: Mapped[bool]
    """Stands for the whole provision, because the source names no parts."""
    fragment: Mapped[str] = mapped_column(sa.String(TEXT))
    label: Mapped[Translations]
    addressees: Mapped[list[str]]

    provision: Mapped[Provision] = relationship(back_populates="elements")

    def is_owed_by(self, kind: PartyKind) -> bool:
        return kind.value in self.addressees


class Indicator(Base):
    """How progress on a provision is measured; proposed by us, not by the source."""

    __tablename__ = "indicator"

    id: Mapped[Id]
    provision_id: Mapped[int] = mapped_column(sa.ForeignKey("provision.id"), index=True)
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    position: Mapped[int]
    label: Mapped[Translations]
    kind: Mapped[str] = mapped_column(sa.String(20))
    """structural, process or outcome."""
    data_type: Mapped[str] = mapped_column(sa.String(20))
    unit: Mapped[Translations | None]
    choices: Mapped[list[Any]]
    disaggregation: Mapped[list[Any]]
    computed: Mapped[bool]
    counts_persons: Mapped[bool] = mapped_column(default=False)
    """Counts people: one to four are shown as "fewer than 5" outside the State and the Secretariat."""
    note: Mapped[Translations | None]

    provision: Mapped[Provision] = relationship(back_populates="indicators")


class ContextStatement(Base):
    """A challenge, statement, focus effort or key area: shown as context and never scored."""

    __tablename__ = "context_statement"

    id: Mapped[Id]
    instrument_id: Mapped[int] = mapped_column(sa.ForeignKey("instrument.id"), index=True)
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    number: Mapped[str | None] = mapped_column(sa.String(20))
    position: Mapped[int]
    section: Mapped[Translations | None]
    text: Mapped[Translations]
    text_status: Mapped[Translations]
    pillars: Mapped[list[str]]
    themes: Mapped[list[str]]
    related: Mapped[list[str]]
    """Codes of provisions it bears on."""
    notes: Mapped[list[str]]
    seed_digest: Mapped[str] = mapped_column(sa.String(64))


class Activity(Base):
    """What the Secretariat did: a seminar, a study, a programme."""

    __tablename__ = "activity"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    position: Mapped[int]
    is_programme: Mapped[bool]
    title: Mapped[Translations]
    title_status: Mapped[Translations]
    starts_on: Mapped[date | None] = mapped_column(index=True)
    ends_on: Mapped[date | None]
    date_precision: Mapped[str | None] = mapped_column(sa.String(10))
    date_uncertain: Mapped[bool]
    type: Mapped[str] = mapped_column(sa.String(20))
    place: Mapped[str | None] = mapped_column(sa.String(LINE))
    country_iso2: Mapped[str | None] = mapped_column(sa.String(2))
    state_iso2s: Mapped[list[str]]
    pillars: Mapped[list[str]]
    themes: Mapped[list[str]]
    facts: Mapped[dict[str, Any]]
    """Organizers, partners, funders, outputs, notes: as in the catalogue file."""
    seed_digest: Mapped[str] = mapped_column(sa.String(64))

    documents: Mapped[list[ActivityDocument]] = relationship(
        back_populates="activity",
        order_by="ActivityDocument.position",
        cascade="all, delete-orphan",
    )


class ActivityDocument(Base):
    """A document that an activity's entry names."""

    __tablename__ = "activity_document"

    id: Mapped[Id]
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(LINE))
    kind: Mapped[str | None] = mapped_column(sa.String(NAME))
    language: Mapped[str | None] = mapped_column(sa.String(20))

    activity: Mapped[Activity] = relationship(back_populates="documents")


class CatalogueRelease(Base):
    """Which state of the catalogue files was loaded when: the same files are not read twice."""

    __tablename__ = "catalogue_release"

    id: Mapped[Id]
    digest: Mapped[str] = mapped_column(sa.String(64))
    loaded_at: Mapped[datetime]
