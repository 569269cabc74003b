"""Who has to act on what ("Who is reminded" in docs/mail.md), by other code than the product's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime

from tests.support.mail_reference_facts import (
    AGENCIES,
    ALTERNATE,
    FOCAL,
    IN_PLACE_OF_FOCAL_POINTS,
    OPEN,
    SECRETARIAT,
    STAFF,
    STATE,
    WAITING_FOR_APPROVAL,
    WRITTEN,
    Facts,
    Item,
    Party,
    Person,
    Report,
    date_of,
    day_ends,
    is_ready,
    local,
    takes_part,
)


class Duties:
    """Who has to act on what, as things stand (``know``)."""

    def __init__(self, facts: Facts) -> None:
        self.know(facts)

    def know(self, facts: Facts) -> None:
        """From now on things stand like this."""
        self.facts = facts
        self._reports, self._parts, self._people = defaultdict(list), defaultdict(list), defaultdict(list)
        self._of_commitment, self._subscriptions = defaultdict(list), defaultdict(list)
        for report in facts.reports.values():
            self._reports[report.party].append(report)
            self._of_commitment[report.commitment].append(report)
        for part in facts.parts:
            self._parts[part.person].append(part)
        for person in facts.people.values():
            if person.party is not None:
                self._people[person.party].append(person)
        for one in facts.subscriptions:
            self._subscriptions[one.person].append(one)
        house = next(p for p in facts.parties.values() if p.kind == SECRETARIAT)
        self._staff_holidays = house.holidays

    def holidays(self, person: Person) -> frozenset[date]:
        if person.role in STAFF:
            return self._staff_holidays
        return self.facts.parties[person.party].holidays if person.party is not None else frozenset()

    def goes_on(self, report: Report, now: datetime) -> bool:
        """Whether something can still be submitted, whoever has to act."""
        cycle, party = self.facts.cycles[report.cycle], self.facts.parties[report.party]
        return (
            cycle.opened_at is not None
            and now < day_ends(max(cycle.closes_on, report.due_on), party.zone)
            and report.followed
            and takes_part(party, local(now, party.zone).date())
        )

    def main_points(self, party: Party) -> list[Person]:
        return [p for p in self.writers(party) if not p.is_alternate]

    def writers(self, party: Party) -> list[Person]:
        role = IN_PLACE_OF_FOCAL_POINTS[party.kind]
        everybody = self.facts.people.values() if party.kind == AGENCIES else self._people[party.id]
        return [p for p in everybody if p.role == role and p.active]

    def has_approver(self, party: Party) -> bool:
        if party.kind != STATE or not party.approval_required:
            return False
        return any(p.role == "approver" and p.active for p in self._people[party.id])

    def ladder(self, report: Report, *, second_only: bool = False) -> tuple[int, ...]:
        party = self.facts.parties[report.party]
        steps = self.facts.ladders.get((report.cycle, party.kind)) or self.facts.ladders.get((None, party.kind), ())
        rungs = (ALTERNATE,) if second_only else (FOCAL, ALTERNATE)
        return tuple(sorted(day for day, rung in steps if rung in rungs))

    def writers_steps(self, person: Person, report: Report, day: date) -> tuple[int, ...]:
        """The steps of which a focal point, or who stands in the place of one, is told on this day of the own."""
        if not person.is_alternate:
            return self.ladder(report)
        main = self.main_points(self.facts.parties[report.party])
        reachable = any(not p.bouncing and not (p.away_until is not None and day <= p.away_until) for p in main)
        return self.ladder(report, second_only=reachable)

    def writes_for(self, person: Person, party: Party) -> bool:
        if person.role != IN_PLACE_OF_FOCAL_POINTS[party.kind]:
            return False
        return party.kind == AGENCIES or person.party == party.id

    def parties_of(self, person: Person) -> list[int]:
        if person.role == "administrator":
            return [p.id for p in self.facts.parties.values() if p.kind == AGENCIES]
        return [person.party] if person.party is not None else []

    def items(self, person: Person, now: datetime) -> Iterator[Item]:
        """What this person has to act on now."""
        day = local(now, person.zone).date()
        for report, due_on, done in self._candidates(person):
            if done or not self.goes_on(report, now):
                continue
            party = self.facts.parties[report.party]
            if person.role == "contributor":
                steps = self.ladder(report)
            elif report.state == WAITING_FOR_APPROVAL and self.has_approver(party):
                if person.role != "approver":
                    continue
                steps = self.ladder(report)
            elif self.writes_for(person, party):
                steps = self.writers_steps(person, report, day)
            else:
                continue
            yield Item(report, due_on, steps)

    def _candidates(self, person: Person) -> list[tuple[Report, date, bool]]:
        """Reports that this person may have to act on, with date, and whether that is done. Parts of a date are one."""
        if person.role != "contributor":
            return [
                (report, report.due_on, report.state not in OPEN)
                for party in self.parties_of(person)
                for report in self._reports[party]
            ]
        found: dict[tuple[int, date], bool] = {}
        for part in self._parts[person.id]:
            for report in self._of_commitment[part.commitment]:
                cycle = self.facts.cycles[report.cycle]
                if cycle.opened_at is None or report.party != person.party:
                    continue
                key = (report.id, date_of(part, cycle, report))
                done = is_ready(part, cycle) or report.state not in WRITTEN
                found[key] = found.get(key, True) and done
        return [(self.facts.reports[report], due_on, done) for (report, due_on), done in sorted(found.items())]
