"""What changed since the report issued last, in sentences; and what a report says of being issued, or of not being."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tracker.documents.status_report_speech import Speech, indicator
from tracker.services.status_report_content import (
    DateChange,
    FigureChange,
    MoneyChange,
    RatingChange,
    SeriesPoint,
)
from tracker.wording import N_

Change = TypeVar("Change", RatingChange, DateChange, FigureChange, MoneyChange)
Declared = TypeVar("Declared", FigureChange, MoneyChange)


@dataclass(frozen=True)
class ChangeGroup:
    """One kind of change with what it touches."""

    heading: str
    items: tuple[tuple[str, str, str], ...]
    """(code, title, what changed; empty where the heading says it)."""


class Changed(Speech):
    """The sentences on issue and changes."""

    @property
    def issue_note(self) -> str:
        """That this is an issued document, with its number; or that it is none."""
        issue = self.report.issue
        if issue is None:
            return self.say(N_("This is a live view of what is public. It is not an issued document."))
        return self.say(
            N_("Issued document %(number)s of %(date)s, code %(code)s."),
            number=issue.number,
            date=self.date(issue.issued_on),
            code=issue.code,
        )

    @property
    def verify_note(self) -> str:
        """Where it can be checked; empty for a live view."""
        issue = self.report.issue
        if issue is None:
            return ""
        return self.say(N_("Whether it still stands can be checked at %(address)s."), address=issue.verify_url)

    @property
    def replaces_note(self) -> str:
        issue = self.report.issue
        if issue is None or not issue.replaces_number:
            return ""
        return self.say(N_("It replaces %(number)s."), number=issue.replaces_number)

    def change_sentences(self) -> list[str]:
        """What changed since the report issued last, one sentence for each kind of change."""
        changes = self.report.changes
        if changes is None:
            return [self.say(N_("No earlier report has been issued with which this one could be compared."))]
        found = [self.named(group.heading, _listed(group)) for group in self.change_groups()]
        if not found:
            return [self._since(), self.say(N_("Nothing that this report shows has changed since."))]
        return [self._since(), *found]

    def change_groups(self) -> list[ChangeGroup]:
        """The same as lists, for who can link each commitment; empty where nothing changed."""
        changes = self.report.changes
        if changes is None:
            return []
        groups = (
            (N_("Reported since"), _plain(changes.reported)),
            (N_("Ratings published since"), _told(changes.rated, self._became)),
            (N_("Ratings that changed"), _told(changes.rerated, self._became)),
            (N_("Ratings no longer shown"), _plain(changes.no_longer_rated)),
            (N_("Comments received since"), _plain(changes.commented)),
            (N_("Views of observers published since"), _plain(changes.observed)),
            (N_("Later due dates granted since"), _told(changes.extended, self._moved)),
            (N_("Figures declared since"), _told(_new(changes.figures), self._figure)),
            (N_("Figures that changed"), _told(_other(changes.figures), self._figure)),
            (N_("Budget lines declared since"), _told(_new(changes.money), self._line)),
            (N_("Budget lines that changed"), _told(_other(changes.money), self._line)),
            (N_("Evidence made public since"), _plain(changes.evidenced)),
            (N_("Commitments that came in"), _plain(changes.joined)),
            (N_("Commitments that left"), _plain(changes.left)),
        )
        return [ChangeGroup(self.say(heading), tuple(items)) for heading, items in groups if items]

    def _since(self) -> str:
        changes = self.report.changes
        assert changes is not None  # noqa: S101
        day = self.moment_day(changes.since)
        if changes.since_number:
            told = self.say(
                N_("Compared with the report %(number)s, as of %(date)s."), number=changes.since_number, date=day
            )
        else:
            told = self.say(N_("Compared with the report as of %(date)s."), date=day)
        if changes.cycle_before == self.report.cycle.code:
            return told
        other = self.say(
            N_("That report covered the reporting cycle %(before)s, this one the cycle %(now)s."),
            before=changes.cycle_before,
            now=self.report.cycle.code,
        )
        return f"{told} {other}"

    def _became(self, change: RatingChange) -> str:
        """What the rating is, and what it was; the strength of evidence where that is another."""
        if change.before is None:
            return self.label(change.rating)
        parts = []
        if change.before is not change.rating:
            parts.append(self._from_to(self.label(change.before), self.label(change.rating)))
        if change.strength_before is not change.strength:
            moved = self._from_to(self.label(change.strength_before), self.label(change.strength))
            parts.append(self.named(self.say(N_("Strength of evidence")), moved))
        return "; ".join(parts)

    def _moved(self, change: DateChange) -> str:
        return self._from_to(self.date(change.before), self.date(change.until))

    def _figure(self, one: FigureChange) -> str:
        """The period stands with the name; beside each value where it is another one."""
        when, now = self._when(one.now), self.declared_value(one.now)
        if one.before is None:
            return self.named(f"{indicator(one)} ({when})", now)
        before, earlier = self.declared_value(one.before), self._when(one.before)
        if earlier == when:
            return self.named(f"{indicator(one)} ({when})", self._from_to(before, now))
        return self.named(indicator(one), self._from_to(f"{before} ({earlier})", f"{now} ({when})"))

    def _when(self, point: SeriesPoint) -> str:
        return self.period(point) or point.cycle_code

    def _line(self, one: MoneyChange) -> str:
        now = self.amounts(one.now)
        told = self._from_to(self.amounts(one.before), now) if one.before else now
        return self.named(f"{one.now.fiscal_year}, {self.label(one.now.stage)}", told)

    def _from_to(self, before: str, now: str) -> str:
        return self.say(N_("from %(before)s to %(now)s"), before=before, now=now)


def _told(changes: Iterable[Change], how: Callable[[Change], str]) -> list[tuple[str, str, str]]:
    return [(one.code, one.title, how(one)) for one in changes]


def _new(changes: Iterable[Declared]) -> list[Declared]:
    return [one for one in changes if one.before is None]


def _other(changes: Iterable[Declared]) -> list[Declared]:
    return [one for one in changes if one.before is not None]


def _plain(named: Iterable[tuple[str, str]]) -> list[tuple[str, str, str]]:
    return [(code, title, "") for code, title in named]


def _listed(group: ChangeGroup) -> str:
    """ "2 (CS-03 Implemented; CS-07 Not implemented)."."""
    items: Sequence[str] = [f"{code} {detail}" if detail else code for code, _title, detail in group.items]
    separator = "; " if any(detail for _code, _title, detail in group.items) else ", "
    return f"{len(items)} ({separator.join(items)})."
