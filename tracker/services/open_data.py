"""The rows of the open data, gathered from what is public: a constant number of queries, and four for each cycle."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain import ratios, small_counts
from tracker.domain.compliance import figures
from tracker.domain.deadlines import local_date
from tracker.models import (
    Activity,
    Assessment,
    Commitment,
    Indicator,
    Instrument,
    MemberState,
    ProgressReport,
    Provision,
    ReportingCycle,
    ReportingParty,
    ReportRevision,
)
from tracker.services import open_data_content as shapes
from tracker.services.measured import counting_persons
from tracker.services.open_data_content import Shape, Table, Value
from tracker.services.plain_rows import rows
from tracker.services.public_cells import Cell, cell_item, cells
from tracker.services.public_figures import TAKES_PART
from tracker.services.report_content import ReportContent

LANGUAGES = ("en", "es", "pt", "fr")
_FISCAL_YEAR = re.compile(r"\d{4}(/\d{4})?", re.ASCII)


def tables(session: Session, now: datetime) -> tuple[Table, ...]:
    """Every table as it is now, in the order in which it is published."""
    parties = rows(session, _PARTIES, {"today": now.astimezone(UTC).date()}).all()
    zones = {row.code: row.time_zone for row in parties}
    counting = counting_persons(session)
    cycles = rows(session, _CYCLES).all()
    by_cycle = {cycle.code: cells(session, cycle.id, now) for cycle in cycles}
    said = {cycle.code: _contents(session, cycle.id, counting) for cycle in cycles}
    return (
        _table(shapes.PARTIES, (_party(row) for row in parties)),
        _table(shapes.INSTRUMENTS, (_instrument(row) for row in rows(session, _INSTRUMENTS))),
        _table(shapes.PROVISIONS, (_provision(row) for row in rows(session, _PROVISIONS))),
        _table(shapes.INDICATORS, (_indicator(row) for row in rows(session, _INDICATORS))),
        _table(shapes.CYCLES, (_cycle(row) for row in cycles)),
        _table(shapes.COMMITMENTS, (_cell(one, zones) for found in by_cycle.values() for one in found)),
        _table(shapes.COVERAGE, (line for code, found in by_cycle.items() for line in _coverage(code, found))),
        _table(shapes.FIGURES, (line for code, found in said.items() for line in _figures(code, found))),
        _table(shapes.BUDGET, (line for code, found in said.items() for line in _budget(code, found))),
        _table(shapes.ACTIVITIES, (_activity(row) for row in rows(session, _ACTIVITIES))),
    )


def _table(shape: Shape, lines: Iterable[tuple[Value, ...]]) -> Table:
    return Table(shape, tuple(lines))


def _texts(texts: Mapping[str, str] | None) -> tuple[str | None, ...]:
    return tuple((texts or {}).get(code) for code in LANGUAGES)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


_PARTIES = (
    sa.select(
        ReportingParty.code,
        ReportingParty.kind,
        ReportingParty.name,
        ReportingParty.time_zone,
        MemberState.iso3,
        MemberState.subregion,
        TAKES_PART.label("takes_part"),
    )
    .outerjoin(MemberState, MemberState.party_id == ReportingParty.id)
    .order_by(ReportingParty.code)
)


def _party(row: Any) -> tuple[Value, ...]:
    takes = bool(row.takes_part) or row.iso3 is None
    return row.code, row.iso3, row.kind.value, row.subregion, takes, *_texts(row.name)


_INSTRUMENTS = sa.select(
    Instrument.code,
    Instrument.kind,
    Instrument.symbol,
    Instrument.document_date,
    Instrument.is_paraphrase,
    Instrument.title,
).order_by(Instrument.position)


def _instrument(row: Any) -> tuple[Value, ...]:
    return (
        row.code, row.kind.value, row.symbol, _day(row.document_date), bool(row.is_paraphrase), *_texts(row.title),
    )  # fmt: skip


_PROVISIONS = (
    sa.select(
        Provision.code,
        Instrument.code.label("instrument"),
        Provision.number,
        Provision.kind,
        Provision.strength,
        Provision.is_scored,
        Provision.addressees,
        Provision.pillars,
        Provision.pillar_basis,
        Provision.themes,
        Provision.title,
    )
    .join(Instrument, Instrument.id == Provision.instrument_id)
    .order_by(Provision.position)
)


def _provision(row: Any) -> tuple[Value, ...]:
    return (
        row.code, row.instrument, row.number, row.kind.value, row.strength, bool(row.is_scored),
        tuple(row.addressees), tuple(row.pillars), row.pillar_basis, tuple(row.themes), *_texts(row.title),
    )  # fmt: skip


_INDICATORS = (
    sa.select(
        Indicator.code,
        Provision.code.label("provision"),
        Indicator.kind,
        Indicator.data_type,
        Indicator.computed,
        Indicator.counts_persons,
        Indicator.label,
    )
    .join(Provision, Provision.id == Indicator.provision_id)
    .order_by(Provision.position, Indicator.position)
)


def _indicator(row: Any) -> tuple[Value, ...]:
    return (
        row.code, row.provision, row.kind, row.data_type, bool(row.computed), bool(row.counts_persons),
        *_texts(row.label),
    )  # fmt: skip


_CYCLES = (
    sa.select(
        ReportingCycle.id,
        ReportingCycle.code,
        ReportingCycle.period_start,
        ReportingCycle.period_end,
        ReportingCycle.opens_on,
        ReportingCycle.due_on,
        ReportingCycle.closes_on,
        ReportingCycle.title,
    )
    .where(ReportingCycle.opened_at.is_not(None))
    .order_by(ReportingCycle.opens_on, ReportingCycle.id)
)


def _cycle(row: Any) -> tuple[Value, ...]:
    days = (row.period_start, row.period_end, row.opens_on, row.due_on, row.closes_on)
    return row.code, *(_day(day) for day in days), *_texts(row.title)


def _cell(one: Cell, zones: Mapping[str, str]) -> tuple[Value, ...]:
    rated = one.rating is not None
    return (
        one.party_code,
        one.provision_code,
        one.cycle_code,
        _day(one.due_on),
        one.stage.value,
        _day(local_date(one.reported_at, zones[one.party_code])) if one.reported_at else None,
        one.on_time,
        one.self_assessment.value if one.self_assessment else None,
        one.rating.value if one.rating else None,
        one.strength.value if one.strength else None,
        one.comment_outcome.value if one.comment_outcome else None,
        tuple(view.value for view in one.views),
        one.voices_differ if rated else None,
        _day(one.published_at.astimezone(UTC).date()) if one.published_at else None,
    )


def _coverage(cycle: str, found: Iterable[Cell]) -> Iterable[tuple[Value, ...]]:
    by_party: dict[str, list[Cell]] = {}
    for one in found:
        by_party.setdefault(one.party_code, []).append(one)
    for party in sorted(by_party):
        counted = figures(cell_item(one) for one in by_party[party])
        reported = counted.reported
        yield party, cycle, reported.total, reported.count, counted.on_time.count, counted.rated.count


_CONTENTS = (
    sa.select(ReportingParty.code.label("party"), Provision.code.label("provision"), ReportRevision.content)
    .select_from(ProgressReport)
    .join(Assessment, Assessment.id == ProgressReport.published_assessment_id)
    .join(ReportRevision, ReportRevision.id == Assessment.revision_id)
    .join(ReportingParty, ReportingParty.id == ProgressReport.party_id)
    .join(Commitment, Commitment.id == ProgressReport.commitment_id)
    .join(Provision, Provision.id == Commitment.provision_id)
    .where(ProgressReport.cycle_id == sa.bindparam("cycle"))
    .order_by(ReportingParty.code, Provision.position)
)


def _contents(session: Session, cycle_id: int, counting: frozenset[str]) -> list[tuple[str, str, ReportContent]]:
    """(party, provision, the published revision as the public may read it)."""
    found = rows(session, _CONTENTS, {"cycle": cycle_id})
    return [(row.party, row.provision, ReportContent.from_json(row.content).for_the_public(counting)) for row in found]


def _figures(cycle: str, said: Iterable[tuple[str, str, ReportContent]]) -> Iterable[tuple[Value, ...]]:
    for party, _provision_code, content in said:
        for one in content.indicators:
            if one.axis:
                continue
            masked = one.value in small_counts.MASKS
            yield (
                party, cycle, one.indicator, None if masked or not one.value else one.value,
                one.value if masked else None, one.currency or None, one.not_available,
                _day(one.period_start), _day(one.period_end),
            )  # fmt: skip


def _budget(cycle: str, said: Iterable[tuple[str, str, ReportContent]]) -> Iterable[tuple[Value, ...]]:
    for party, provision, content in said:
        for line in content.budget:
            year = ratios.same_year(line.fiscal_year)
            # What a State writes here is text; only what is a year goes out.
            shown = year if _FISCAL_YEAR.fullmatch(year) else None
            yield (
                party, provision, cycle, shown, line.stage.value, line.purpose.value, line.amount, line.currency,
            )  # fmt: skip


_ACTIVITIES = sa.select(
    Activity.code,
    Activity.is_programme,
    Activity.type,
    Activity.starts_on,
    Activity.ends_on,
    Activity.date_precision,
    Activity.date_uncertain,
    Activity.country_iso2,
    Activity.state_iso2s,
    Activity.pillars,
    Activity.title,
).order_by(Activity.position)
_EXACT = {"year": 4, "month": 7}


def _activity(row: Any) -> tuple[Value, ...]:
    def vague(day: date | None) -> str | None:
        return day.isoformat()[: _EXACT.get(row.date_precision or "", 10)] if day else None

    return (
        row.code, bool(row.is_programme), row.type, vague(row.starts_on), vague(row.ends_on), row.date_precision,
        bool(row.date_uncertain), row.country_iso2, tuple(row.state_iso2s), tuple(row.pillars), *_texts(row.title),
    )  # fmt: skip
