"""Reading the catalogue: provisions, context, activities and their documents, as rows for pages."""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.text import sort_key
from tracker.models import (
    Activity,
    ActivityDocument,
    Classification,
    ContextStatement,
    Indicator,
    Instrument,
    MemberState,
    Provision,
    ProvisionVersion,
    ReportingParty,
)
from tracker.services.plain_rows import rows
from tracker.wording import pick

FIRST_INSTRUMENT = "CSC-2012"


@dataclass(frozen=True)
class Words:
    """The names of the catalogue's own closed lists, by axis and code; ``ours`` are those no source gave."""

    names: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    ours: frozenset[tuple[str, str]] = frozenset()

    def of(self, axis: str) -> dict[str, dict[str, str]]:
        return self.names.get(axis, {})

    def choices(self, axis: str, language: str) -> list[tuple[str, str]]:
        """(Code, name in that language), for a filter."""
        return [(code, pick(name, language)) for code, name in self.of(axis).items()]


_WORDS = (
    sa.select(Classification.axis, Classification.code, Classification.name, Classification.origin)
    .where(Classification.axis.in_(sa.bindparam("axes", expanding=True)))
    .order_by(Classification.axis, Classification.position)
)


def words(session: Session, *axes: str) -> Words:
    """The words of some axes (pillar, theme, subregion, activity_type, …), in order."""
    found = rows(session, _WORDS, {"axes": axes}).all()
    names: dict[str, dict[str, dict[str, str]]] = {axis: {} for axis in axes}
    ours = set()
    for axis, code, name, origin in found:
        names[axis][code] = name
        if origin == "ours":
            ours.add((axis, code))
    return Words(names, frozenset(ours))


def _holds(column: sa.ColumnElement | sa.orm.InstrumentedAttribute, name: str) -> sa.ColumnElement[bool]:
    """Whether a list of codes kept as JSON holds the one bound to ``name`` (made by ``_quoted``)."""
    return sa.cast(column, sa.Text).like(sa.bindparam(name), escape="/")


def _quoted(code: str) -> str:
    escaped = code.replace("/", "//").replace("%", "/%").replace("_", "/_")
    return f'%"{escaped}"%'


_INSTRUMENTS = sa.select(
    Instrument.id,
    Instrument.code,
    Instrument.kind,
    Instrument.title,
    Instrument.symbol,
    Instrument.document_date,
    Instrument.period_start_year,
    Instrument.period_end_year,
    Instrument.is_paraphrase,
    Instrument.reading_note,
).order_by(Instrument.position)


def instruments(session: Session) -> list[sa.Row]:
    """The source documents, in order."""
    return list(rows(session, _INSTRUMENTS).all())


_LISTED = sa.select(
    Provision.code,
    Provision.number,
    Provision.kind,
    Provision.instrument_id,
    Provision.strength,
    Provision.title,
    Provision.pillars,
    Provision.themes,
    Provision.pillar_basis,
    Provision.is_scored,
).order_by(Provision.position)


def provisions(session: Session, *, instrument: str = "", pillar: str = "", theme: str = "") -> list[sa.Row]:
    """The provisions of the catalogue in its order, filtered by codes; an empty code filters nothing."""
    query, values = _LISTED, {}
    if instrument:
        query = query.join(Instrument, Instrument.id == Provision.instrument_id).where(Instrument.code == instrument)
    if pillar:
        query, values["pillar"] = query.where(_holds(Provision.pillars, "pillar")), _quoted(pillar)
    if theme:
        query, values["theme"] = query.where(_holds(Provision.themes, "theme")), _quoted(theme)
    return list(rows(session, query, values).all())


_RECOMMENDATIONS = (
    sa.select(
        Provision.code,
        Provision.number,
        Provision.title,
        Provision.text,
        Provision.text_status,
        Instrument.title.label("instrument_title"),
        Instrument.symbol,
        Instrument.document_date,
    )
    .join(Instrument, Instrument.id == Provision.instrument_id)
    .where(Instrument.code == FIRST_INSTRUMENT)
    .order_by(Provision.position)
)


def recommendations(session: Session) -> list[sa.Row]:
    """The ten recommendations of civil society; the first is the reason for this follow-up."""
    return list(rows(session, _RECOMMENDATIONS).all())


_PROVISION = (
    sa.select(
        Provision.id,
        Provision.code,
        Provision.number,
        Provision.kind,
        Provision.strength,
        Provision.is_scored,
        Provision.not_scored_reason,
        Provision.pillars,
        Provision.themes,
        Provision.pillar_basis,
        Provision.addressees,
        Provision.addressee_basis,
        Provision.passage,
        Provision.measurement,
        Provision.components,
        Provision.notes,
        Provision.title,
        Provision.text,
        Provision.text_status,
        Provision.version_number,
        Instrument.id.label("instrument_id"),
        Instrument.code.label("instrument_code"),
        Instrument.kind.label("instrument_kind"),
        Instrument.title.label("instrument_title"),
        Instrument.symbol,
        Instrument.document_date,
        Instrument.period_start_year,
        Instrument.period_end_year,
        Instrument.is_paraphrase,
        Instrument.reading_note,
    )
    .join(Instrument, Instrument.id == Provision.instrument_id)
    .where(sa.func.upper(Provision.code) == sa.bindparam("code"))
)


def provision(session: Session, code: str) -> sa.Row | None:
    """One provision with its instrument; ``code`` in capitals."""
    return rows(session, _PROVISION, {"code": code}).one_or_none()


_INDICATORS = (
    sa.select(
        Indicator.code,
        Indicator.label,
        Indicator.kind,
        Indicator.data_type,
        Indicator.unit,
        Indicator.disaggregation,
        Indicator.note,
    )
    .where(Indicator.provision_id == sa.bindparam("provision"))
    .order_by(Indicator.position)
)


def indicators(session: Session, provision_id: int) -> list[sa.Row]:
    """How progress on a provision is measured."""
    return list(rows(session, _INDICATORS, {"provision": provision_id}).all())


_CONTEXT = (
    sa.select(
        ContextStatement.code,
        ContextStatement.kind,
        ContextStatement.number,
        ContextStatement.text,
        ContextStatement.text_status,
    )
    .where(
        ContextStatement.instrument_id == sa.bindparam("instrument"),
        _holds(ContextStatement.related, "code"),
    )
    .order_by(ContextStatement.position)
)


def context_of(session: Session, instrument_id: int, code: str) -> list[sa.Row]:
    """Challenges and statements that bear on this provision."""
    return list(rows(session, _CONTEXT, {"instrument": instrument_id, "code": _quoted(code)}).all())


def versions(session: Session, provision_id: int) -> list[sa.Row]:
    """The versions of a provision's text, newest first, each with the reason for it."""
    return list(
        session.execute(
            sa.select(
                ProvisionVersion.number,
                ProvisionVersion.text,
                ProvisionVersion.text_status,
                ProvisionVersion.reason,
                ProvisionVersion.made_at,
            )
            .where(ProvisionVersion.provision_id == provision_id)
            .order_by(ProvisionVersion.number.desc())
        )
    )


_ACTIVITY = (
    Activity.id,
    Activity.code,
    Activity.title,
    Activity.title_status,
    Activity.starts_on,
    Activity.ends_on,
    Activity.date_precision,
    Activity.date_uncertain,
    Activity.is_programme,
    Activity.type,
    Activity.place,
    Activity.country_iso2,
    Activity.state_iso2s,
    Activity.pillars,
)


_ACTIVITIES = sa.select(*_ACTIVITY).order_by(Activity.is_programme, Activity.position)
_IN_STATE = sa.or_(Activity.country_iso2 == sa.bindparam("iso2"), _holds(Activity.state_iso2s, "held"))


def activities(
    session: Session, *, year: int | None = None, type_: str = "", iso2: str = "", pillar: str = ""
) -> list[sa.Row]:
    """Activities newest first, programmes without a date last; filtered by year, type, State and pillar."""
    query, values = _ACTIVITIES, {}
    if year is not None:
        query = query.where(sa.extract("year", Activity.starts_on) == year)
    if type_:
        query = query.where(Activity.type == type_)
    if iso2:
        query, values = query.where(_IN_STATE), {"iso2": iso2, "held": _quoted(iso2)}
    if pillar:
        query, values = query.where(_holds(Activity.pillars, "pillar")), {**values, "pillar": _quoted(pillar)}
    return list(rows(session, query, values).all())


_ACTIVITIES_IN = (
    sa.select(Activity.code, Activity.title, Activity.starts_on, Activity.date_precision)
    .where(_IN_STATE)
    .order_by(Activity.is_programme, Activity.position)
)


def activities_in(session: Session, iso2: str) -> list[sa.Row]:
    """What was done in, or with, one State: code, title, date."""
    return list(rows(session, _ACTIVITIES_IN, {"iso2": iso2, "held": _quoted(iso2)}).all())


def year_of(raw: str) -> int | None:
    """A year as typed into an address; None for anything else."""
    return int(raw) if len(raw) == 4 and raw.isascii() and raw.isdigit() else None


_YEAR = sa.extract("year", Activity.starts_on)
_YEARS = sa.select(_YEAR).where(Activity.starts_on.is_not(None)).distinct().order_by(_YEAR.desc())


def years(session: Session) -> list[int]:
    """The years in which activities began, newest first."""
    return [int(year) for (year,) in rows(session, _YEARS)]


def activity(session: Session, code: str) -> sa.Row | None:
    """One activity with its facts; ``code`` in capitals."""
    return session.execute(
        sa.select(*_ACTIVITY, Activity.themes, Activity.facts).where(sa.func.upper(Activity.code) == code)
    ).one_or_none()


def documents_of(session: Session, activity_id: int) -> list[sa.Row]:
    """The documents that an activity's entry names."""
    return list(
        session.execute(
            sa.select(ActivityDocument.name, ActivityDocument.kind, ActivityDocument.language)
            .where(ActivityDocument.activity_id == activity_id)
            .order_by(ActivityDocument.position)
        )
    )


def named_in_order(names: dict[str, dict[str, str]], language: str) -> list[tuple[str, str]]:
    """(Code, name in that language), in the order of the names, accents aside."""
    return sorted(((code, pick(name, language)) for code, name in names.items()), key=lambda pair: sort_key(pair[1]))


_STATE_NAMES = sa.select(ReportingParty.code, ReportingParty.name).join(
    MemberState, MemberState.party_id == ReportingParty.id
)


def state_names(session: Session) -> dict[str, dict[str, str]]:
    """The names of the Member States by ISO 3166 alpha-2 code in capitals."""
    return {row.code: row.name for row in rows(session, _STATE_NAMES)}
