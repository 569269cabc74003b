"""Why somebody was not told of a step ("The ledger" in docs/mail.md), by other code than the product's."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from tests.support.mail_reference_facts import (
    DONE,
    EXTENDED,
    MUTED,
    NO_ADDRESS,
    OPEN,
    WAITING_FOR_APPROVAL,
    Extension,
    Facts,
    Key,
    Party,
    Person,
    day_ends,
    is_away,
    last_day_begun,
    local,
    sending_day,
    takes_part,
)
from tests.support.mail_reference_summaries import Summaries


class Ledger(Summaries):
    """What stands in the ledger, and why nobody was told."""

    def __init__(self, facts: Facts) -> None:
        super().__init__(facts)
        self.ledger: dict[Key, str] = {}
        self._told: dict[tuple[int, int, date], int] = {}
        """The latest step that a mail named, by person, report and date."""
        self._looked_after: datetime | None = None

    def look_after_the_ledger(self, now: datetime) -> None:
        """Once a day for each reader, when the hour has come: steps since the last time, and of ten days before."""
        before, self._looked_after = self._looked_after, now
        for person in self.facts.people.values():
            days = self._days(person.zone, person.hour, before, now)
            if person.active and days is not None:
                self._why_not(person, days, now)
        for party in self.facts.parties.values():
            days = self._days(party.zone, 7, before, now)
            if days is not None and not self.writers(party):
                self._nobody(party, days, now)

    def _days(self, zone: str, hour: int, before: datetime | None, now: datetime) -> tuple[date, date] | None:
        until = last_day_begun(now, zone, hour)
        after = last_day_begun(before, zone, hour) if before else until - timedelta(days=1)
        return (after - timedelta(days=10 if before else 9), until) if after < until else None

    def _why_not(self, person: Person, days: tuple[date, date], now: datetime) -> None:
        holidays, today = self.holidays(person), local(now, person.zone).date()
        outcome = NO_ADDRESS if person.bouncing else MUTED if is_away(person, today) else ""
        for item in self.items(person, now) if outcome else ():
            # Whom it is not for by the end of the day that is looked at, is not named.
            for step in item.steps:
                told = self._told.get((person.id, item.report.id, item.due_on), -1000)
                if days[0] < sending_day(item.due_on, step, holidays) <= days[1] and told < step:
                    self.ledger.setdefault((item.report.id, item.due_on, step, person.id), outcome)
        for report, due_on, done in self._candidates(person):
            party = self.facts.parties[report.party]
            asked = person.role == "contributor"
            if not done or not self.goes_on(report, now) or not (asked or self.writes_for(person, party)):
                continue
            steps = self.ladder(report) if asked else self.writers_steps(person, report, days[1])
            for step in steps:
                if days[0] < sending_day(due_on, step, holidays) <= days[1]:
                    self.ledger.setdefault((report.id, due_on, step, person.id), DONE)
        for moved in self.facts.extensions:
            self._moved(person, moved, days, now)

    def _moved(self, person: Person, moved: Extension, days: tuple[date, date], now: datetime) -> None:
        report = self.facts.reports[moved.report]
        party = self.facts.parties[report.party]
        cycle = self.facts.cycles[report.cycle]
        asked = person.role == "contributor" and any(
            r.id == report.id and due_on == moved.until for r, due_on, _done in self._candidates(person)
        )
        if not (asked or self.writes_for(person, party)) or moved.due_on == moved.until:
            return
        over = day_ends(max(cycle.closes_on, moved.until), party.zone) <= now
        if over or not takes_part(party, local(now, party.zone).date()):
            return
        since = local(moved.decided_at, person.zone).date()
        steps = self.ladder(report) if asked else self.writers_steps(person, report, days[1])
        for step in steps:
            day = sending_day(moved.due_on, step, self.holidays(person))
            if days[0] < day <= days[1] and day >= since:
                self.ledger.setdefault((report.id, moved.due_on, step, person.id), EXTENDED)

    def _nobody(self, party: Party, days: tuple[date, date], now: datetime) -> None:
        for report in self._reports[party.id]:
            if report.state not in OPEN or not self.goes_on(report, now):
                continue
            if report.state == WAITING_FOR_APPROVAL and self.has_approver(party):
                continue
            for step in self.ladder(report):
                if days[0] < sending_day(report.due_on, step, party.holidays) <= days[1]:
                    self.ledger.setdefault((report.id, report.due_on, step, None), NO_ADDRESS)
