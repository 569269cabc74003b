"""The sentences of a hemispheric report, built from its figures: the same in page and documents."""

from __future__ import annotations

from tracker import wording
from tracker.documents.hemispheric_tables import Tables
from tracker.documents.status_report_speech import MISSING
from tracker.domain.compliance import Share
from tracker.wording import N_


class Words(Tables):
    """What is said about one hemispheric report, in its language."""

    # the head

    @property
    def title(self) -> str:
        return self.say(N_("Hemispheric report"))

    @property
    def subtitle(self) -> str:
        return self.say(N_("Recommendations and mandates against trafficking in persons in the Americas"))

    @property
    def subject(self) -> str:
        return self.say(N_("Reporting cycle %(cycle)s"), cycle=self.report.cycle.code)

    @property
    def as_of(self) -> str:
        return wording.say_moment(self.report.as_of, self.language, self.report.time_zone)

    @property
    def document_title(self) -> str:
        return self.named(self.title, f"{self.subject}, {self.date(self.report.as_of_day)}")

    @property
    def headline(self) -> str:
        """ "279 of 480 commitments of States reported, 31 of 32 States reported on at least one"."""
        states, reported = self.report.states_reporting, self.report.coverage.reported
        return self.say(
            N_(
                "%(reported)s of %(total)s commitments of States reported;"
                " %(states)s of %(all_states)s States reported on at least one"
            ),
            reported=reported.count,
            total=reported.total,
            states=states.count,
            all_states=states.total,
        )

    def tiles(self) -> list[tuple[str, Share]]:
        """The figures that come first."""
        report = self.report
        return [
            (self.say(N_("States that reported on at least one commitment")), report.states_reporting),
            (self.say(N_("Commitments reported on")), report.coverage.reported),
            (self.say(N_("On time, of those reported")), report.coverage.on_time),
            (self.say(N_("Ratings published")), report.coverage.rated),
        ]

    # the summary: did they report, then what was done, then how well it is shown

    def summary(self) -> list[str]:
        found = (
            self._states(),
            self._covered(),
            self._stages(),
            self._extended(),
            self._before(),
            self.rated(self.report.coverage),
            self.shown(self.report.coverage),
            self._voices(),
            self._secretariat(),
            self._shared(),
        )
        return [sentence for sentence in found if sentence]

    def _states(self) -> str:
        return self.say(
            N_("States that reported on at least one commitment in the reporting cycle %(cycle)s: %(share)s."),
            cycle=self.report.cycle.code,
            share=self.share(self.report.states_reporting),
        )

    def _covered(self) -> str:
        coverage = self.report.coverage
        return self.say(
            N_("Commitments of States reported on: %(reported)s; of these in time: %(on_time)s. Due on: %(due)s."),
            reported=self.share(coverage.reported),
            on_time=self.share(coverage.on_time),
            due=self.date(self.report.cycle.due_on),
        )

    def _stages(self) -> str:
        counts = [(self.stage(stage), self.report.at(stage)) for stage in MISSING]
        present = [self.named(text, count) for text, count in counts if count]
        return ". ".join(present) + "." if present else ""

    def _extended(self) -> str:
        report = self.report
        if not report.extensions_asked:
            return ""
        return self.say(
            N_("Later due dates asked for: %(asked)s; granted: %(granted)s."),
            asked=report.extensions_asked,
            granted=report.extensions_granted,
        )

    def _before(self) -> str:
        if len(self.report.trend) < 2:
            return ""
        before = self.report.trend[-2]
        return self.say(
            N_("In the reporting cycle before, %(cycle)s, commitments of States reported on: %(share)s."),
            cycle=before.code,
            share=self.share(before.figures.reported),
        )

    def _voices(self) -> str:
        if not self.report.voices.total:
            return ""
        return self.say(
            N_("Where the State, the Secretariat and observers do not all say the same: %(share)s published ratings."),
            share=self.share(self.report.voices),
        )

    def _secretariat(self) -> str:
        mandates = self.report.mandates
        if not mandates:
            return ""
        reported = Share(sum(1 for m in mandates if m.reported_on), len(mandates))
        rated = Share(sum(1 for m in mandates if m.rating), reported.count)
        return self.say(
            N_("The General Secretariat's own commitments reported on: %(reported)s; ratings published: %(rated)s."),
            reported=self.share(reported),
            rated=self.share(rated),
        )

    def _shared(self) -> str:
        if not self.report.practices:
            return ""
        return self.say(N_("Good practices that were shared: %(number)s."), number=len(self.report.practices))
