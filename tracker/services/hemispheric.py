"""The hemispheric report of a cycle: all States, per provision and pillar, gathered with few queries.

Figures come from ``public_cells`` and ``domain.compliance``: the same as everywhere. The number of queries is the same
whatever the data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tracker.domain.compliance import Figures, Share, figures, together
from tracker.domain.deadlines import local_date
from tracker.domain.errors import NotVisible
from tracker.domain.text import sort_key
from tracker.domain.vocabulary import PartyKind
from tracker.services import hemispheric_rows as rows_of
from tracker.services.hemispheric_content import (
    ExtensionLine,
    HemisphericReport,
    MandateLine,
    PracticeLine,
    ProvisionLine,
    StageCount,
    StateLine,
)
from tracker.services.public_cells import Cell, cell_item, cells
from tracker.services.status_report_content import CycleFacts, PillarFigures, Stage, TrendPoint
from tracker.wording import pick


def build(session: Session, cycle_code: str, language: str, now: datetime) -> HemisphericReport:
    """The report of one opened cycle; ``cycle_code`` in any letters. Raises NotVisible where there is no such cycle.

    Eleven queries, whatever the data.
    """
    cycles = rows_of.cycles(session, cycle_code)
    cycle = next((c for c in cycles if c.code.lower() == cycle_code.lower()), None)
    if cycle is None:
        raise NotVisible
    parties = {row.id: row for row in rows_of.parties(session)}
    owed = cells(session, cycle.id, now)
    of_states = [c for c in owed if c.party_kind is PartyKind.MEMBER_STATE]
    listed = rows_of.provisions(session)
    provisions = tuple(_provisions(listed, of_states, language))
    coverage = together(line.figures for line in provisions)
    pillars, themes = rows_of.classifications(session, language)
    states = {row.id: pick(row.name, language) for row in parties.values() if row.kind is PartyKind.MEMBER_STATE}
    parts = rows_of.elements(session)
    mandates = _mandates(owed, parties, listed, parts, {p.code: p.figures.reported for p in provisions}, language)
    return HemisphericReport(
        code=f"hemispheric-{cycle.code}".lower(),
        language=language,
        time_zone=_time_zone(parties.values()),
        as_of=now.replace(second=0, microsecond=0),
        cycle=_cycle(cycle, language),
        cycles=tuple((c.code, pick(c.title, language)) for c in rows_of.newest_first(cycles)),
        states=_states(of_states, states),
        apart=tuple(sorted((states[i] for i in states.keys() - {c.party_id for c in of_states}), key=sort_key)),
        provisions=provisions,
        coverage=coverage,
        voices=Share(sum(line.voices.count for line in provisions), sum(line.voices.total for line in provisions)),
        stages=tuple(StageCount(stage, sum(line.at(stage) for line in provisions)) for stage in Stage),
        pillars=_grouped(provisions, pillars, lambda line: line.pillars),
        themes=_grouped(provisions, themes, lambda line: line.themes),
        mandates=tuple(m for m in mandates if m.party_kind is PartyKind.GENERAL_SECRETARIAT),
        agencies=tuple(m for m in mandates if m.party_kind is PartyKind.COOPERATION_AGENCIES),
        trend=_trend(session, cycles, cycle, coverage, language),
        extensions=_extensions(session, cycle.id, states),
        practices=_practices(session, cycle, cycles, parties, language),
    )


def _cycle(row: Any, language: str) -> CycleFacts:
    return CycleFacts(
        code=row.code,
        title=pick(row.title, language),
        period_start=row.period_start,
        period_end=row.period_end,
        opens_on=row.opens_on,
        due_on=row.due_on,
        closes_on=row.closes_on,
    )


def _time_zone(parties: Iterable[Any]) -> str:
    return next((p.time_zone for p in parties if p.kind is PartyKind.GENERAL_SECRETARIAT), "UTC")


def _states(owed: Iterable[Cell], names: Mapping[int, str]) -> tuple[StateLine, ...]:
    by_state: dict[int, list[Cell]] = {}
    for cell in owed:
        by_state.setdefault(cell.party_id, []).append(cell)
    lines = []
    for party_id, mine in by_state.items():
        found = figures(map(cell_item, mine))
        lines.append(
            StateLine(
                code=mine[0].party_code,
                name=names[party_id],
                reported=found.reported,
                on_time=found.on_time,
                not_reported=tuple(c.provision_code for c in mine if c.stage is Stage.NOT_REPORTED),
                not_due=tuple(c.provision_code for c in mine if c.stage is Stage.NOT_DUE),
            )
        )
    return tuple(sorted(lines, key=lambda line: sort_key(line.name)))


def _provisions(listed: Sequence[Any], owed: Iterable[Cell], language: str) -> Iterable[ProvisionLine]:
    by_provision: dict[int, list[Cell]] = {}
    for cell in owed:
        by_provision.setdefault(cell.provision_id, []).append(cell)
    for row in listed:
        mine = by_provision.get(row.id)
        if mine is None:
            continue
        yield ProvisionLine(
            code=row.code,
            title=pick(row.title, language),
            instrument=pick(row.instrument, language),
            reading_note=pick(row.reading_note, language),
            bindingness=row.bindingness,
            pillars=mine[0].pillars,
            themes=mine[0].themes,
            figures=figures(map(cell_item, mine)),
            voices=_voices(mine),
            stages=_stages(mine),
        )


def _voices(owed: Iterable[Cell]) -> Share:
    """Where State, Secretariat and observers do not all say the same, of the published ratings."""
    rated = [cell for cell in owed if cell.rating is not None]
    return Share(sum(cell.voices_differ for cell in rated), len(rated))


def _stages(owed: Iterable[Cell]) -> tuple[StageCount, ...]:
    counted = Counter(cell.stage for cell in owed)
    return tuple(StageCount(stage, counted[stage]) for stage in Stage)


def _grouped(
    lines: Iterable[ProvisionLine], names: Mapping[str, str], codes: Callable[[ProvisionLine], tuple[str, ...]]
) -> tuple[PillarFigures, ...]:
    """The figures per pillar or theme, in the order of the catalogue; the last for what the source names none.

    What serves several counts in each (``compliance.by_pillar``); provisions share no commitment, so theirs add up.
    """
    groups: dict[str, list[Figures]] = {code: [] for code in (*names, "")}
    for line in lines:
        for code in codes(line) or ("",):
            groups.setdefault(code, []).append(line.figures)
    found = {code: together(group) for code, group in groups.items() if group}
    return tuple(PillarFigures(code, names.get(code, ""), one, one.reported.total) for code, one in found.items())


def _mandates(
    owed: Iterable[Cell],
    parties: Mapping[int, Any],
    listed: Sequence[Any],
    parts: Mapping[int, Sequence[Any]],
    states: Mapping[str, Share],
    language: str,
) -> list[MandateLine]:
    """What others than States owe, by party and then in the order of the catalogue."""
    provisions = {row.id: row for row in listed}
    lines = []
    for cell in owed:
        if cell.party_kind is PartyKind.MEMBER_STATE:
            continue
        party, row = parties[cell.party_id], provisions[cell.provision_id]
        lines.append(
            MandateLine(
                party_code=cell.party_code,
                party_kind=cell.party_kind,
                party=pick(party.name, language),
                code=row.code,
                title=pick(row.title, language),
                instrument=pick(row.instrument, language),
                bindingness=row.bindingness,
                due_on=cell.due_on,
                reported_on=local_date(cell.reported_at, party.time_zone) if cell.reported_at else None,
                on_time=cell.on_time,
                stage=cell.stage,
                self_assessment=cell.self_assessment,
                rating=cell.rating,
                strength=cell.strength,
                comment_outcome=cell.comment_outcome,
                parts=rows_of.owed_parts(parts.get(row.id, ()), cell.party_kind),
                states=states.get(row.code),
            )
        )
    return lines


def _trend(
    session: Session, cycles: Sequence[Any], until: Any, coverage: Figures, language: str
) -> tuple[TrendPoint, ...]:
    """This cycle, whose figures are known, and those before it, oldest first."""
    before = [c for c in cycles if (c.opens_on, c.id) < (until.opens_on, until.id)]
    items = rows_of.items_by_cycle(session, [c.id for c in before])
    counted = {c.id: figures(items.get(c.id, ())) for c in before} | {until.id: coverage}
    return tuple(
        TrendPoint(c.code, pick(c.title, language), c.due_on, counted[c.id])
        for c in reversed(rows_of.newest_first([*before, until]))
    )


def _extensions(session: Session, cycle_id: int, names: Mapping[int, str]) -> tuple[ExtensionLine, ...]:
    by_state: dict[int, list[Any]] = {}
    codes = {}
    for row in rows_of.extensions(session, cycle_id):
        by_state.setdefault(row.party_id, []).append(row)
        codes[row.party_id] = row.party_code
    lines = [
        ExtensionLine(
            code=codes[party_id],
            name=names[party_id],
            asked=sum(row.asked for row in mine),
            granted=sum(row.granted for row in mine),
            provisions=tuple(row.code for row in mine if row.granted),
        )
        for party_id, mine in by_state.items()
        if party_id in names
    ]
    return tuple(sorted(lines, key=lambda line: sort_key(line.name)))


def _practices(
    session: Session, cycle: Any, cycles: Sequence[Any], parties: Mapping[int, Any], language: str
) -> tuple[PracticeLine, ...]:
    """What was agreed to be shared while this cycle was the newest one, by State."""
    later = [c.opens_on for c in cycles if (c.opens_on, c.id) > (cycle.opens_on, cycle.id)]
    lines = [
        PracticeLine(
            id=row.id,
            state_code=parties[row.party_id].code,
            state=pick(parties[row.party_id].name, language),
            provision_code=row.code,
            provision=pick(row.provision, language),
            title=row.title,
            text=row.text,
            language=row.language,
            url=row.url,
            shared_on=local_date(row.decided_at, parties[row.party_id].time_zone),
        )
        for row in rows_of.practices(session, cycle.opens_on, min(later, default=None))
    ]
    return tuple(sorted(lines, key=lambda line: (sort_key(line.state), line.shared_on, line.id)))
