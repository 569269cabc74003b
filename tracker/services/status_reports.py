"""The status report of one State or of the General Secretariat: what the public may see, gathered with few queries.

For a cycle, or "as of today": then coverage is that of the cycle opened last, and each commitment carries its newest
published rating of any cycle. The figures are those of ``domain.compliance``; the same for every reader.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tracker.domain.compliance import Item, by_pillar, figures
from tracker.domain.cycles import CODE as CYCLE_CODE
from tracker.domain.deadlines import local_date
from tracker.domain.errors import NotVisible
from tracker.domain.vocabulary import Rating, ReportState
from tracker.services import status_report_rows as rows_of
from tracker.services.status_report_content import (
    CommitmentLine,
    CycleFacts,
    Observed,
    PillarFigures,
    PublishedRating,
    Stage,
    StatusReport,
)
from tracker.services.status_report_series import series
from tracker.services.status_report_statement import Statements
from tracker.services.status_report_trend import trend

_CODE = re.compile(rf"([a-z]{{2}})(?:-({CYCLE_CODE.pattern}))?")

Render = Callable[[StatusReport], bytes]
"""Makes the PDF (``documents.status_report_pdf.render``)."""


def build(session: Session, party_code: str, cycle_code: str | None, language: str, now: datetime) -> StatusReport:
    """The status report of a party for a cycle, or as of today where ``cycle_code`` is None.

    The number of queries is the same whatever the data: nine. Raises NotVisible where the party is unknown, owes no
    reports, or owed none in that cycle.
    """
    session.flush()  # the queries go past what the session holds
    party = rows_of.party(session, party_code, language)
    cycles = rows_of.cycles(session, party.id, cycle_code, language)
    cycle = next((c for c in cycles if cycle_code is None or c.code.lower() == cycle_code.lower()), None)
    if cycle is None:
        raise NotVisible
    rows = rows_of.lines(session, party.id, cycle.id, language, any_cycle=cycle_code is None)
    labels = rows_of.element_labels(session, rows, language)
    observed = rows_of.observed(session, rows)
    indicators = rows_of.indicators(session, rows)
    said = Statements(labels, indicators, language, rows_of.restricted(session, rows))
    lines = tuple(_line(row, party.time_zone, now, observed, said) for row in rows)
    names = rows_of.names(session, language)
    history = rows_of.history(session, party.id, cycle.id, cycle.opens_on, language)
    items = [_item(party.id, line, standing=True) for line in lines]
    by_theme = [item._replace(pillars=line.themes) for item, line in zip(items, lines, strict=True)]
    return StatusReport(
        code=party.code.lower() if cycle_code is None else f"{party.code}-{cycle.code}".lower(),
        language=language,
        party_id=party.id,
        party_code=party.code,
        party_kind=party.kind,
        name=party.name,
        official_name=party.official_name or "",
        time_zone=party.time_zone,
        as_of=now.replace(second=0, microsecond=0),
        cycle=CycleFacts(*cycle[1:]),
        is_as_of_today=cycle_code is None,
        cycles=tuple((c.code, c.title) for c in sorted(cycles, key=lambda c: c.opens_on, reverse=True)),
        lines=lines,
        coverage=figures(_item(party.id, line, standing=False) for line in lines),
        standing=figures(items),
        pillars=_grouped(items, names["pillar"]),
        themes=_grouped(by_theme, names["theme"]),
        trend=trend(party.id, history),
        series=series(history, indicators, language),
    )


def parse_code(code: str) -> tuple[str, str | None]:
    """(party code, cycle code or None) of ``br`` or ``br-2026``. Raises NotVisible for what no code can be."""
    found = _CODE.fullmatch(code.lower()) if code.isascii() else None
    if found is None:
        raise NotVisible
    return found[1].upper(), found[2]


def _line(row: Any, zone: str, now: datetime, observed: dict[int, list[Any]], said: Statements) -> CommitmentLine:
    rating = None
    if row.rating is not None:
        rating = PublishedRating(
            cycle_code=row.rated_in,
            self_assessment=row.self_assessment,
            rating=row.rating,
            strength=row.strength,
            reasons=row.reasons,
            strength_reason=row.strength_reason,
            element_ratings=tuple((code, Rating(given)) for code, given in sorted(row.element_ratings.items())),
            comment=row.comment,
            comment_outcome=row.comment_outcome,
            published_on=local_date(row.published_at, zone),
            statement=said.of(row.code, row.content),
            observed=tuple(Observed(o.name, o.view, o.text, o.language) for o in observed.get(row.assessment_id, ())),
        )
    return CommitmentLine(
        code=row.code,
        title=row.title,
        asked=row.asked,
        is_unofficial=row.text_status == "unofficial",
        instrument=row.instrument,
        reading_note=row.reading_note,
        bindingness=row.bindingness,
        pillars=tuple(row.pillars),
        themes=tuple(row.themes),
        due_on=row.due_on,
        reported_on=local_date(row.first_submitted_at, zone) if row.first_submitted_at else None,
        on_time=row.on_time if row.first_submitted_at else None,
        reported_ever=bool(row.reported_ever),
        stage=_stage(row, now),
        rating=rating,
        extended_from=row.extended_from,
        extended_to=row.extended_to,
        extensions_asked=row.extensions_asked,
        extensions_granted=row.extensions_granted,
        extensions_refused=row.extensions_refused,
    )


def _stage(row: Any, now: datetime) -> Stage:
    if row.first_submitted_at is None:
        return Stage.NOT_REPORTED if now >= row.due_at else Stage.NOT_DUE
    # What was published stays readable while its report is open again; that it is, the public is not told.
    if row.published_assessment_id is not None:
        return Stage.PUBLISHED
    return Stage.OPEN_FOR_COMMENT if row.state is ReportState.OPEN_FOR_COMMENT else Stage.IN_REVIEW


def _item(party_id: int, line: CommitmentLine, *, standing: bool) -> Item:
    rating = line.rating
    return Item(
        party_id=party_id,
        provision_code=line.code,
        pillars=line.pillars,
        reported=line.reported_ever if standing else line.reported_on is not None,
        on_time=bool(line.on_time),
        self_assessment=rating.self_assessment if rating else None,
        rating=rating.rating if rating else None,
        strength=rating.strength if rating else None,
    )


def _grouped(items: Sequence[Item], names: dict[str, str]) -> tuple[PillarFigures, ...]:
    counted = by_pillar(items, list(names))
    return tuple(
        PillarFigures(code, names.get(code, ""), found, found.reported.total)
        for code, found in counted.items()
        if found.reported.total
    )
