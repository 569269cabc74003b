"""The rules of docs/mail.md once more, in other words: from plain facts, who gets which mail on which day.

Written from that page alone, without any of the product's code, to be compared with what the product sent in a
simulated year (tests/journeys/test_a_year_of_mail.py). Slow and plain on purpose: one person after the other, one item
after the other, one step after the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tests.support.mail_reference_facts import (
    DONE,
    EXTENDED,
    GROUPED,
    PASSED_OVER,
    SENT,
    Facts,
    Item,
    News,
    Person,
    Told,
    first_day_of_period,
    first_working_day_of_week,
    in_order,
    is_away,
    is_working_day,
    local,
    sending_day,
)
from tests.support.mail_reference_ledger import Ledger
from tests.support.mail_reference_summaries import Telling


@dataclass
class Mail:
    """A mail of the day."""

    person: int
    day: date
    made_at: datetime
    items: list[Told]
    news: list[int]
    summaries: list[int]
    """Subscriptions."""
    left: datetime | None = None
    withdrawn: bool = False

    @property
    def kind(self) -> str:
        return "reminder" if self.items else "notice" if self.news else "summary"

    @property
    def waits(self) -> bool:
        return self.left is None and not self.withdrawn


class Reference(Ledger):
    """Replays the rules. Tell it how things stand (``know``), what happened, and when the jobs ran."""

    def __init__(self, facts: Facts) -> None:
        super().__init__(facts)
        self.mails: list[Mail] = []
        self.news: dict[int, str] = {}
        """What became of each: held, waiting, left, named, withdrawn."""
        self._news: dict[int, News] = {}
        self._kept: list[int] = []
        """News for a mail of the day."""
        self._made: set[tuple[int, date]] = set()

    def happened(self, news: News) -> None:
        """A mail about something was put, or moved to a successor: it leaves at once, or with the mail of the day."""
        self._news[news.id] = news
        self.news[news.id] = "held" if news.waits else "waiting"
        self._kept = [*(n for n in self._kept if n != news.id), *([news.id] if news.waits else [])]

    def reader_of(self, number: int) -> int:
        """Whose this news is."""
        return self._news[number].person

    # --- when

    def to_tell(self, person: Person, now: datetime, carried: set[tuple[int, date]]) -> list[tuple[Item, int]]:
        """The items of the mail of this day, in its order, each with its step.

        What is overdue comes before what is due by its date already. ``carried``: named by a mail that could not leave.
        """
        today, holidays = local(now, person.zone).date(), self.holidays(person)
        everything = not person.weekly or today == first_working_day_of_week(today, holidays)
        found = []
        for item in self.items(person, now):
            reached = [step for step in item.steps if sending_day(item.due_on, step, holidays) <= today]
            if not reached:
                continue
            step, key = max(reached), (item.report.id, item.due_on)
            if self._told.get((person.id, *key), -1000) >= step:
                continue
            if everything or step >= -1 or key in carried:
                found.append((item, step))
        return sorted(found, key=lambda one: in_order(one[0]))

    # --- the jobs

    def run(self, now: datetime) -> None:
        """The mails of the day were made, and the ledger was looked after."""
        for person in self.facts.people.values():
            self._one(person, now)
        self.look_after_the_ledger(now)

    def _one(self, person: Person, now: datetime) -> None:
        clock = local(now, person.zone)
        today = clock.date()
        if not person.active or clock.hour < person.hour or (person.id, today) in self._made:
            return
        if person.bouncing or is_away(person, today) or not is_working_day(today, self.holidays(person)):
            return
        items = self.to_tell(person, now, set())
        held = [n for n in self._kept if self._news[n].person == person.id]
        news = [n for n in held if not self._acted_on(n)]
        due = self._due_summaries(person, now, today)
        told = [one.id for one in due if self._has_something(one, person, due, now)]
        before = [m for m in self.mails if m.person == person.id and m.waits] if items or news or told else []
        carried: set[tuple[int, date]] = set()
        if before:
            # They could not leave before this one: what they told is told by this one.
            for mail in before:
                mail.withdrawn = True
                carried |= {item[:2] for item in mail.items}
                held += mail.news
                for subscription in mail.summaries:
                    self._telling[subscription].pop()
            self._forget(person, before)
            items = self.to_tell(person, now, carried)
            news = [n for n in sorted(held) if not self._acted_on(n)]
            due = self._due_summaries(person, now, today)
            told = [one.id for one in due if self._has_something(one, person, due, now)]
        for one in due:
            self._telling[one.id].append(Telling(first_day_of_period(today, one.rhythm), self._settled(now)))
        for number in held:
            if number not in news:
                self.news[number] = "withdrawn"
        self._kept = [n for n in self._kept if n not in held]
        if items or news or told:
            self._made.add((person.id, today))
            for number in news:
                self.news[number] = "named"
            named = [(item.report.id, item.due_on, step) for item, step in items]
            self.mails.append(Mail(person.id, today, now, named, news, told))
            self._write_down(person, items)
        for mail in before:
            self._what_was_not_carried(person, mail, now)

    def _write_down(self, person: Person, items: list[tuple[Item, int]]) -> None:
        for number, (item, step) in enumerate(items):
            key = (item.report.id, item.due_on)
            for earlier in item.steps:
                if earlier < step:
                    self.ledger.setdefault((*key, earlier, person.id), PASSED_OVER)
            self.ledger[*key, step, person.id] = GROUPED if number else SENT
            self._told[person.id, *key] = step

    def _forget(self, person: Person, mails: list[Mail]) -> None:
        """What a mail told that never left has not been told."""
        for mail in mails:
            for report, due_on, step in mail.items:
                earlier = [
                    day
                    for (other, date_, day, who), outcome in self.ledger.items()
                    if (other, date_, who) == (report, due_on, person.id) and outcome in (SENT, GROUPED) and day != step
                ]
                if earlier:
                    self._told[person.id, report, due_on] = max(earlier)
                else:
                    self._told.pop((person.id, report, due_on), None)

    def _what_was_not_carried(self, person: Person, mail: Mail, now: datetime) -> None:
        """A step that a withdrawn mail had named and the next did not: passed over by a later one, moved, or done."""
        still = {(item.report.id, item.due_on) for item in self.items(person, now)}
        for report, due_on, step in mail.items:
            if self._told.get((person.id, report, due_on)) == step:
                continue
            outcome = PASSED_OVER if (report, due_on) in still else _moved_or_done(report, still)
            self.ledger[report, due_on, step, person.id] = outcome

    def deliver(self, now: datetime) -> None:
        """What waits leaves, after one more look."""
        for number, state in self.news.items():
            if state == "waiting":
                self.news[number] = "withdrawn" if self._acted_on(number) else "left"
        for mail in self.mails:
            if mail.waits:
                self._last_look(mail, now)

    def _last_look(self, mail: Mail, now: datetime) -> None:
        person = self.facts.people[mail.person]
        found = {(i.report.id, i.due_on): i for i in self.items(person, now)} if person.active else {}
        kept = [told for told in mail.items if told[:2] in found]
        for report, due_on, step in mail.items:
            if (report, due_on) not in found:
                self.ledger[report, due_on, step, person.id] = _moved_or_done(report, set(found))
                self._forget(person, [Mail(person.id, mail.day, now, [(report, due_on, step)], [], [])])
        for number in [n for n in mail.news if self._acted_on(n)]:
            self.news[number] = "withdrawn"
        mail.news = [n for n in mail.news if self.news[n] == "named"]
        kept.sort(key=lambda told: in_order(found[told[:2]]))
        mail.items = kept
        for number, (report, due_on, step) in enumerate(kept):
            self.ledger[report, due_on, step, person.id] = GROUPED if number else SENT
        if person.active and (kept or mail.news or mail.summaries):
            mail.left = now
        else:
            mail.withdrawn = True

    def _acted_on(self, number: int) -> bool:
        """Whether the reader of this news acted on the same report after the step it tells of."""
        news = self._news[number]
        entry = self._entries.get(news.entry or 0)
        if entry is None or entry.report is None:
            return False
        return any(e.id > entry.id and e.actor == news.person for e in self._by_report[entry.report])


def _moved_or_done(report: int, still: set[tuple[int, date]]) -> str:
    """What became of a step that a mail had named and does not name any more; ``still``: what its reader has to do."""
    return EXTENDED if any(other == report for other, _due_on in still) else DONE
