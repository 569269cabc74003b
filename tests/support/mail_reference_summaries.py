"""Which summaries are due and tell something ("Summaries" in docs/mail.md), by other code than the product's."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tests.support.mail_reference_duties import Duties
from tests.support.mail_reference_facts import (
    AGENCIES,
    AT_PUBLICATION,
    STAFF,
    Entry,
    Facts,
    Person,
    Subscription,
    first_day_of_period,
    local,
)


@dataclass
class Telling:
    """How far a subscription has told: the period looked at last, and the newest entry."""

    period: date
    upto: int


class Summaries(Duties):
    """Which subscriptions are due, and whether they have something to tell."""

    def __init__(self, facts: Facts) -> None:
        super().__init__(facts)
        self._entries: dict[int, Entry] = {}
        self._by_report: dict[int, list[Entry]] = defaultdict(list)
        self._telling: dict[int, list[Telling]] = defaultdict(list)

    def wrote(self, entry: Entry) -> None:
        """Something stands in the history now."""
        self._entries[entry.id] = entry
        if entry.report is not None:
            self._by_report[entry.report].append(entry)

    def looked_at(self) -> set[tuple[int, date, int]]:
        """Of the summaries: subscription, period, last entry."""
        return {(one, told.period, told.upto) for one, periods in self._telling.items() for told in periods}

    def _due_summaries(self, person: Person, now: datetime, today: date) -> list[Subscription]:
        found = []
        for one in self._subscriptions[person.id]:
            if one.ended:
                continue
            told = self._telling[one.id][-1] if self._telling[one.id] else None
            begins = first_day_of_period(local(one.made_at, person.zone).date(), one.rhythm)
            if one.rhythm == AT_PUBLICATION:
                fresh = told is None or told.period < today
                if fresh and any(e.is_publication for e in self._unsaid(one, person, now)):
                    found.append(one)
            elif (told.period if told else begins) < first_day_of_period(today, one.rhythm):
                found.append(one)
        return found

    def _has_something(self, one: Subscription, person: Person, due: list[Subscription], now: datetime) -> bool:
        """What stands under an earlier one is not told again under a later one; it is news all the same."""
        return one.when_empty or bool(self._unsaid(one, person, now))

    def _settled(self, now: datetime) -> int:
        """The last entry that is two minutes old; they are written in the order of time."""
        for entry in reversed(self._entries.values()):
            if entry.at <= now - timedelta(minutes=2):
                return entry.id
        return 0

    def _unsaid(self, one: Subscription, person: Person, now: datetime) -> list[Entry]:
        told, settled = self._telling[one.id][-1] if self._telling[one.id] else None, self._settled(now)
        found = []
        for entry in reversed(self._entries.values()):
            if entry.id <= (told.upto if told else 0):
                break
            if entry.id > settled or not entry.is_news or entry.actor == person.id:
                continue
            if told is None and entry.at <= one.made_at:
                continue
            if one.parties is not None and entry.party not in one.parties:
                continue
            if self._may_open(person, entry) and self._may_read(person, entry):
                found.append(entry)
        return found

    def _may_open(self, person: Person, entry: Entry) -> bool:
        if person.role in STAFF:
            return True
        if person.role == "observer":
            return entry.party in self.facts.accredited.get(person.id, frozenset())
        if person.role == "contributor" and all(p.commitment != entry.commitment for p in self._parts[person.id]):
            return False
        return entry.party == person.party

    def _may_read(self, person: Person, entry: Entry) -> bool:
        if entry.visibility == "public":
            return True
        if person.role in STAFF:
            of_agencies = self.facts.parties[entry.party].kind == AGENCIES
            return entry.visibility in ("staff", "file") or (person.role == "administrator" and of_agencies)
        return person.role != "observer" and entry.party == person.party and entry.visibility in ("file", "party")
