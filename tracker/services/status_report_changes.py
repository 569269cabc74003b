"""What changed from one status report to the next of the same subject: from their plain data, without a query."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from tracker.domain.ratios import SideBySide
from tracker.domain.vocabulary import BudgetStage
from tracker.services.status_report_content import (
    Changes,
    CommitmentLine,
    DateChange,
    EvidenceEntry,
    FigureChange,
    MoneyChange,
    Named,
    PublishedRating,
    RatingChange,
    StatusReport,
)


def between(previous: StatusReport, current: StatusReport) -> Changes:
    """What ``current`` says and ``previous`` did not. Titles are those of ``current``; of ``previous`` for what left.

    Both are of one party; where their cycles differ, "reported" means reported in the newer one.
    """
    before = {line.code: line for line in previous.lines}
    titles = {line.code: line.title for line in current.lines}
    is_same_cycle = previous.cycle.code == current.cycle.code
    pairs = [(before[line.code], line) for line in current.lines if line.code in before]
    ratings = [(line, old.rating, line.rating) for old, line in pairs if line.rating]
    ratings += [(line, None, line.rating) for line in current.lines if line.code not in before and line.rating]
    return Changes(
        since=previous.as_of,
        since_number=previous.issue.number if previous.issue else "",
        cycle_before=previous.cycle.code,
        reported=tuple(
            _named(line)
            for line in current.lines
            if line.reported_on and not (is_same_cycle and line.code in before and before[line.code].reported_on)
        ),
        rated=tuple(_changed(line, None, new) for line, old, new in ratings if old is None),
        rerated=tuple(
            _changed(line, old, new)
            for line, old, new in ratings
            if old and (old.rating, old.strength) != (new.rating, new.strength)
        ),
        commented=tuple(_named(line) for line, old, new in ratings if new.comment and not _same(old, new, "comment")),
        observed=tuple(_named(line) for line, old, new in ratings if new.observed and not _same(old, new, "observed")),
        extended=tuple(
            DateChange(line.code, line.title, old.extended_to or line.extended_from, line.extended_to)
            for old, line in pairs
            if is_same_cycle and line.extended_from and line.extended_to and line.extended_to != old.extended_to
        ),
        joined=tuple(_named(line) for line in current.lines if line.code not in before),
        left=tuple(_named(line) for line in previous.lines if line.code not in titles),
        no_longer_rated=tuple(_named(line) for old, line in pairs if old.rating and not line.rating),
        figures=tuple(_figures(previous, current, titles)),
        money=tuple(_money(previous, current, titles)),
        evidenced=tuple(_evidenced(previous, current)),
    )


def _figures(previous: StatusReport, current: StatusReport, titles: Mapping[str, str]) -> Iterator[FigureChange]:
    before = {
        (one.provision, one.code, one.category, point.cycle_code): point
        for one in previous.series
        for point in one.points
    }
    for one in current.series:
        for point in () if one.computed else one.points:
            old = before.get((one.provision, one.code, one.category, point.cycle_code))
            # What the value is called belongs to the language: it is not compared.
            if old is None or replace(old, said=point.said) != point:
                title = titles.get(one.provision, "")
                yield FigureChange(one.provision, title, one.code, one.label, one.category, one.unit, point, old)


def _money(previous: StatusReport, current: StatusReport, titles: Mapping[str, str]) -> Iterator[MoneyChange]:
    before = {(year.provision, *_line(year.money)): year.money for year in previous.budget}
    for year in current.budget:
        old = before.get((year.provision, *_line(year.money)))
        if old != year.money:
            yield MoneyChange(year.provision, titles.get(year.provision, ""), year.money, old)


def _line(money: SideBySide) -> tuple[str, str, BudgetStage]:
    return money.fiscal_year, money.currency, money.stage


def _evidenced(previous: StatusReport, current: StatusReport) -> Iterator[Named]:
    before = {_piece(one) for one in previous.evidence}
    fresh = {one.provision for one in current.evidence if _piece(one) not in before}
    return (_named(line) for line in current.lines if line.code in fresh)


def _piece(one: EvidenceEntry) -> tuple[object, ...]:
    """What makes a piece the same: its number may be another."""
    file = (one.piece.evidence, one.piece.version) if one.piece else ()
    return one.provision, one.title, one.speaks_of, one.url, file


def _named(line: CommitmentLine) -> tuple[str, str]:
    return line.code, line.title


def _same(old: PublishedRating | None, new: PublishedRating, name: str) -> bool:
    return old is not None and getattr(old, name) == getattr(new, name)


def _changed(line: CommitmentLine, old: PublishedRating | None, new: PublishedRating) -> RatingChange:
    return RatingChange(
        line.code,
        line.title,
        new.rating,
        new.strength,
        old.rating if old else None,
        old.strength if old else None,
    )
