"""The cycles of the demonstration, and the reports of one: opened by the service, then filled row by row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.demo import fates, measures, rows
from tracker.demo.fates import CLOSES_AFTER, COMMENT_DAYS, DUE_AFTER, OPENED_AGO, Fate, dice
from tracker.demo.lives import Life
from tracker.demo.narratives import narratives
from tracker.demo.people import People
from tracker.demo.scripts import Commission, Period, live
from tracker.domain.policy import Actor
from tracker.models import Assignment, Commitment, Element, ProgressReport, Provision, ReportingCycle, ReportingParty
from tracker.services import assignments
from tracker.services import cycles as service

LANGUAGES = ("en", "es", "pt", "fr")
OPENING = time(6, tzinfo=UTC)
YEAR = 365
MONTH = 30
ASSIGNED_AFTER = timedelta(days=2, hours=10)
ASSIGNED_EACH = 4
"""Commitments that each contributor is asked to answer."""
WITH_THE_PARTY = (
    "started",
    "not_started",
    "returned_soon",
    "returned_overdue",
    "refused",
    "awaiting_again",
    "recalled",
)
"""In the open cycle: where a contributor finds work first."""


@dataclass(frozen=True)
class Planned:
    """A cycle to be made."""

    plan: service.CyclePlan
    is_open: bool
    """The one that people work in; the others are over and published."""
    assigns: bool = False
    """In this one contributors are first asked to answer."""

    @property
    def seed(self) -> str:
        """What its fates are drawn from: not its years, which depend on the day of loading."""
        if self.is_open:
            return "open"
        return self.plan.code if self.plan.code.startswith("S") else "closed"

    @property
    def opened_at(self) -> datetime:
        return datetime.combine(self.plan.opens_on, OPENING)


def planned(now: datetime, scale: int) -> list[Planned]:
    """``2 * scale`` cycles, oldest first: the open one, the closed one a year before, older ones month by month."""
    today = now.date()
    opens_on = today - timedelta(days=OPENED_AGO)
    older = [
        _cycle(opens_on - timedelta(days=YEAR + MONTH * number), f"S{1 + number // 2:03}-{1 + number % 2}")
        for number in range(2 * (scale - 1), 0, -1)
    ]
    closed = _cycle(opens_on - timedelta(days=YEAR), assigns=True)
    return [*older, closed, _cycle(opens_on, is_open=True)]


def _cycle(opens_on: date, code: str | None = None, *, is_open: bool = False, assigns: bool = False) -> Planned:
    """A cycle about the twelve months before the month of its opening."""
    period_end = opens_on.replace(day=1) - timedelta(days=1)
    year, month = period_end.year, period_end.month
    period_start = date(year, 1, 1) if month == 12 else date(year - 1, month + 1, 1)
    years = sorted({period_start.year, period_end.year})
    period = "-".join(str(y) for y in years)
    title = {language: narratives(language).cycle_title(period) for language in LANGUAGES}
    plan = service.CyclePlan(
        code=code or period,
        title=title,
        period_start=period_start,
        period_end=period_end,
        opens_on=opens_on,
        due_on=opens_on + timedelta(days=DUE_AFTER),
        closes_on=opens_on + timedelta(days=CLOSES_AFTER),
        comment_days=COMMENT_DAYS,
    )
    return Planned(plan, is_open, assigns)


def make(session: Session, wanted: Planned, people: People, *, now: datetime) -> int:
    """Plan, open and fill one cycle; the number of its reports."""
    cycle = service.plan(session, wanted.plan, actor=None, now=wanted.opened_at)
    service.open_cycle(session, cycle.id, now=wanted.opened_at)
    reports = _reports(session, cycle.id)
    elements = _elements(session)
    wanted_measures = measures.asked(session)
    dealt = _deal(reports, wanted.seed)
    if wanted.assigns:
        _assign(session, reports, people, at=wanted.opened_at + ASSIGNED_AFTER)
    assigned = _assigned(session)
    period = Period(
        wanted.seed,
        wanted.plan.code,
        wanted.plan.opens_on,
        wanted.plan.due_on,
        wanted.plan.period_start,
        wanted.plan.period_end,
        wanted.plan.comment_days,
        now.date() if wanted.is_open else None,
    )
    lives = []
    for report in reports:
        team = people.teams[report.party_id]
        commission = Commission(
            report.provision,
            tuple(
                (code, label.get(team.language, label["en"]))
                for code, label, owed_by in elements[report.provision_id]
                if team.kind.value in owed_by
            ),
            assigned.get(report.commitment_id),
            wanted_measures[report.provision],
        )
        life = Life(team.zone, period.comment_days, report.due_on, report.due_at)
        live(life, dealt[team.code, report.provision], commission, period, team, people.staff)
        lives.append((report, life))
    rows.write(session, cycle.id, lives)
    return len(reports)


def _assign(session: Session, reports: list[sa.Row], people: People, *, at: datetime) -> None:
    """Ask each State's contributor to answer some commitments, so that there is work in the open cycle."""
    dealt = _deal(reports, "open")
    by_party: dict[int, list[sa.Row]] = {}
    for report in reports:
        by_party.setdefault(report.party_id, []).append(report)
    for party_id, owed in by_party.items():
        team = people.teams[party_id]
        if team.contributor is None:
            continue
        asks = Actor(team.focal.id, team.focal.role, party_id=party_id, party_kind=team.kind)
        chosen = _for_the_contributor(owed, dealt, team.code)
        parts = [assignments.Part(session.get_one(Commitment, row.commitment_id)) for row in chosen]
        assignments.assign(session, parts, [team.contributor.id], actor=asks, now=at, tell=False)


def _assigned(session: Session) -> dict[int, datetime]:
    """Since when each assigned commitment is with a contributor."""
    return {
        row.commitment_id: row.assigned_at
        for row in session.execute(sa.select(Assignment.commitment_id, Assignment.assigned_at))
    }


def _for_the_contributor(owed: list[sa.Row], dealt: dict[tuple[str, str], Fate], code: str) -> list[sa.Row]:
    rng = dice(code, "assigned")
    shuffled = rng.sample(owed, len(owed))
    # One each of what is still with the State, then whatever comes.
    with_work: dict[str, sa.Row] = {}
    for row in shuffled:
        name = dealt[code, row.provision].name
        if name in WITH_THE_PARTY:
            with_work.setdefault(name, row)
    first = list(with_work.values())[: ASSIGNED_EACH - 1]
    taken = {row.commitment_id for row in first}
    return [*first, *(row for row in shuffled if row.commitment_id not in taken)][:ASSIGNED_EACH]


def _deal(reports: Iterable[sa.Row], seed: str) -> dict[tuple[str, str], Fate]:
    parties: dict[str, list[str]] = {}
    for report in reports:
        parties.setdefault(report.party, []).append(report.provision)
    return fates.deal(seed, parties, is_open=seed == "open")


def _reports(session: Session, cycle_id: int) -> list[sa.Row]:
    return list(
        session.execute(
            sa.select(
                ProgressReport.id,
                ProgressReport.cycle_id,
                ProgressReport.due_on,
                ProgressReport.due_at,
                ProgressReport.commitment_id,
                ProgressReport.party_id,
                ReportingParty.code.label("party"),
                Provision.id.label("provision_id"),
                Provision.code.label("provision"),
            )
            .join(Commitment, Commitment.id == ProgressReport.commitment_id)
            .join(ReportingParty, ReportingParty.id == ProgressReport.party_id)
            .join(Provision, Provision.id == Commitment.provision_id)
            .where(ProgressReport.cycle_id == cycle_id)
            .order_by(ReportingParty.code, Provision.position)
        )
    )


def _elements(session: Session) -> dict[int, list[tuple[str, dict[str, str], list[str]]]]:
    found: dict[int, list[tuple[str, dict[str, str], list[str]]]] = {}
    for row in session.execute(
        sa.select(Element.provision_id, Element.code, Element.label, Element.addressees).order_by(Element.position)
    ):
        found.setdefault(row.provision_id, []).append((row.code, row.label, row.addressees))
    return found


def existing(session: Session) -> set[str]:
    """Codes of the cycles that are there already."""
    return set(session.scalars(sa.select(ReportingCycle.code)))
