"""What changed since the report issued last, in sentences; and what a report says of being issued, or of not being."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.documents.status_report_speech import Speech, indicator
from tracker.services.status_report_content import DateChange, FigureChange, RatingChange, SeriesPoint
from tracker.wording import N_


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
            (N_("Ratings published since"), [(c.code, c.title, self._became(c)) for c in changes.rated]),
            (N_("Ratings that changed"), [(c.code, c.title, self._became(c)) for c in changes.rerated]),
            (N_("Ratings no longer shown"), _plain(changes.no_longer_rated)),
            (N_("Comments received since"), _plain(changes.commented)),
            (N_("Views of observers published since"), _plain(changes.observed)),
            (N_("Later due dates granted since"), [(c.code, c.title, self._moved(c)) for c in changes.extended]),
            (N_("Figures declared since"), self._figures(is_new=True)),
            (N_("Figures that changed"), self._figures(is_new=False)),
            (N_("Budget lines declared since"), self._money(is_new=True)),
            (N_("Budget lines that changed"), self._money(is_new=False)),
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
        rating, before = self.label(change.rating), self.label(change.before)
        parts = []
        if change.before is None:
            return rating
        if change.before is not change.rating:
            parts.append(self.say(N_("from %(before)s to %(now)s"), before=before, now=rating))
        if change.strength_before is not change.strength:
            moved = self.say(
                N_("from %(before)s to %(now)s"),
                before=self.label(change.strength_before),
                now=self.label(change.strength),
            )
            parts.append(self.named(self.say(N_("Strength of evidence")), moved))
        return "; ".join(parts)

    def _figures(self, *, is_new: bool) -> list[tuple[str, str, str]]:
        assert self.report.changes is not None  # noqa: S101
        return [
            (one.code, one.title, self._figure(one))
            for one in self.report.changes.figures
            if (one.before is None) is is_new
        ]

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

    def _money(self, *, is_new: bool) -> list[tuple[str, str, str]]:
        assert self.report.changes is not None  # noqa: S101
        return [
            (
                one.code,
                one.title,
                self.named(
                    f"{one.now.fiscal_year}, {self.label(one.now.stage)}",
                    self._from_to(self.amounts(one.before) if one.before else "", self.amounts(one.now)),
                ),
            )
            for one in self.report.changes.money
            if (one.before is None) is is_new
        ]

    def _from_to(self, before: str, now: str) -> str:
        return self.say(N_("from %(before)s to %(now)s"), before=before, now=now) if before else now

    def _moved(self, change: DateChange) -> str:
        return self.say(N_("from %(before)s to %(now)s"), before=self.date(change.before), now=self.date(change.until))


def _plain(named: Iterable[tuple[str, str]]) -> list[tuple[str, str, str]]:
    return [(code, title, "") for code, title in named]


def _listed(group: ChangeGroup) -> str:
    """ "2 (CS-03 Implemented; CS-07 Not implemented)."."""
    items: Sequence[str] = [f"{code} {detail}" if detail else code for code, _title, detail in group.items]
    separator = "; " if any(detail for _code, _title, detail in group.items) else ", "
    return f"{len(items)} ({separator.join(items)})."
