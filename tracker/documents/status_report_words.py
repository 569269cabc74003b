"""The sentences of a status report, built from its figures: the same in page, PDF, spreadsheet and mail.

Sentences avoid the name of the State, which takes an article and a gender in three of the four languages.
"""

from __future__ import annotations

from tracker import wording
from tracker.documents.status_report_behind import BehindFigures
from tracker.documents.status_report_changed import Changed
from tracker.documents.status_report_speech import MISSING, RATINGS, STAGES, STRENGTHS, UNRATED
from tracker.documents.status_report_table import EvidenceRow, PillarRow, Table
from tracker.documents.status_report_tables import Tables
from tracker.domain.compliance import Share
from tracker.domain.vocabulary import CommentOutcome
from tracker.services.status_report_content import CommitmentLine, PublishedRating, Stage
from tracker.wording import N_

__all__ = [
    "MISSING",
    "RATINGS",
    "STAGES",
    "STRENGTHS",
    "UNRATED",
    "EvidenceRow",
    "PillarRow",
    "Table",
    "Words",
]


class Words(Tables, Changed, BehindFigures):
    """What is said about one report, in its language."""

    # the head

    @property
    def title(self) -> str:
        return self.say(N_("Status report"))

    @property
    def official_name(self) -> str:
        if self.report.is_state:
            return self.report.official_name
        return self.say(N_("General Secretariat of the Organization of American States"))

    @property
    def subject(self) -> str:
        """What the report covers: a cycle, or everything until today, or until the day on which it was issued."""
        if self.report.is_as_of_today and self.report.is_issued:
            return self.say(N_("As of %(date)s, all reporting cycles"), date=self.date(self.report.as_of_day))
        if self.report.is_as_of_today:
            return self.say(N_("As of today, all reporting cycles"))
        return self.say(N_("Reporting cycle %(cycle)s"), cycle=self.report.cycle.code)

    @property
    def as_of(self) -> str:
        """The moment on the party's own clock, with its zone."""
        return wording.say_moment(self.report.as_of, self.language, self.report.time_zone)

    @property
    def document_title(self) -> str:
        return self.named(self.title, f"{self.report.name}, {self.date(self.report.as_of_day)}")

    @property
    def self_assessment(self) -> str:
        if self.report.is_state:
            return self.say(N_("Self-assessment of the State"))
        return self.say(N_("Self-assessment of the General Secretariat"))

    def rating_beside_comment(self, rating: PublishedRating) -> str:
        """A rating in a table that holds no comments: that there is one is said beside it."""
        word = self.label(rating.rating)
        if not rating.comment:
            return word
        beside = (
            N_("%(rating)s (with a comment of the State)") if self.report.is_state else N_("%(rating)s (commented)")
        )
        return self.say(beside, rating=word)

    def by_element(self, rating: PublishedRating) -> str:
        """How the elements were rated, in one line; empty where they were not rated by themselves."""
        return "; ".join(f"{code}: {self.label(given)}" for code, given in rating.element_ratings)

    @property
    def comment(self) -> str:
        return self.say(N_("State comment")) if self.report.is_state else self.say(N_("Comment on the rating"))

    @property
    def statement(self) -> str:
        if self.report.is_state:
            return self.say(N_("What the State reported"))
        return self.say(N_("What the General Secretariat reported"))

    @property
    def headline(self) -> str:
        """ "18 of 20 reported, 15 on time"."""
        reported = self.report.coverage.reported
        return self.say(
            N_("%(reported)s of %(total)s reported, %(on_time)s on time"),
            reported=reported.count,
            total=reported.total,
            on_time=self.report.coverage.on_time.count,
        )

    # the summary

    def summary(self) -> list[str]:
        """The report in a few sentences: coverage and timeliness first, then ratings, then what was declared."""
        return [
            s
            for s in (
                self._covered(),
                self._missing(),
                self._extended(),
                self._before(),
                self.rated(self.report.standing),
                self.shown(self.report.standing),
                self._differing(),
                self._observed(),
                self._declared_besides(),
                self._changed(),
            )
            if s
        ]

    def _covered(self) -> str:
        coverage = self.report.coverage
        cycle = self.report.cycle
        values = {"total": coverage.reported.total, "cycle": cycle.code, "due": self.date(cycle.due_on)}
        if not coverage.reported.count:
            if self.report.at(Stage.NOT_REPORTED):
                return self.say(
                    N_(
                        "In the reporting cycle %(cycle)s, due on %(due)s, no report has been received on any of the"
                        " %(total)s commitments."
                    ),
                    **values,
                )
            return self.say(
                N_(
                    "In the reporting cycle %(cycle)s reports on %(total)s commitments are due by %(due)s; none has"
                    " been received so far."
                ),
                **values,
            )
        return self.say(
            N_(
                "In the reporting cycle %(cycle)s, due on %(due)s, reports received: %(reported)s commitments; of"
                " these in time: %(on_time)s."
            ),
            reported=self.share(coverage.reported),
            on_time=self.share(coverage.on_time),
            **values,
        )

    def _missing(self) -> str:
        counts = [(self.stage(stage), len(self.report.at(stage))) for stage in MISSING]
        present = [self.named(text, count) for text, count in counts if count]
        return ". ".join(present) + "." if present else ""

    def _extended(self) -> str:
        asked, granted = self.report.extensions
        if not asked:
            return ""
        return self.say(N_("Later due dates asked for: %(asked)s; granted: %(granted)s."), asked=asked, granted=granted)

    def _before(self) -> str:
        """Coverage of the cycle before the one shown."""
        if len(self.report.trend) < 2:
            return ""
        before = self.report.trend[-2]
        return self.say(
            N_(
                "In the reporting cycle before (%(cycle)s), reports received: %(reported)s commitments; of these in"
                " time: %(on_time)s."
            ),
            cycle=before.code,
            reported=self.share(before.figures.reported),
            on_time=self.share(before.figures.on_time),
        )

    @property
    def differing_sentence(self) -> str:
        """How often rating and self-assessment differ."""
        return self._differing() or self.say(N_("No rating has been published yet."))

    def _differing(self) -> str:
        differing = self.report.standing.differing
        if not differing.total:
            return ""
        return self.say(
            N_("Rating and self-assessment differ: %(share)s commitments that carry both."),
            share=self.share(differing),
        )

    def _observed(self) -> str:
        rated = [line.rating for line in self.report.lines if line.rating]
        beside = Share(sum(1 for rating in rated if rating.observed), len(rated))
        if not beside.count:
            return ""
        return self.say(
            N_("Ratings with views of observers beside them: %(share)s commitments rated."), share=self.share(beside)
        )

    def _declared_besides(self) -> str:
        """How much there is in the tables of indicators, money and evidence; nothing where there is nothing."""
        report = self.report
        counts = (
            (N_("Indicators with published figures"), len({one.code for one in report.series})),
            (N_("Budget lines"), len(report.budget)),
            (N_("Pieces of evidence made public"), len(report.evidence)),
        )
        present = [self.named(self.say(text), count) for text, count in counts if count]
        return ". ".join(present) + "." if present else ""

    def _changed(self) -> str:
        """How much changed since the report issued last, where there is one."""
        changes = self.report.changes
        if changes is None:
            return ""
        parts = [self.named(group.heading, len(group.items)) for group in self.change_groups()]
        told = "; ".join(parts) if parts else self.say(N_("nothing that this report shows"))
        number, day = changes.since_number, self.moment_day(changes.since)
        if not number:
            return self.say(N_("What changed since %(date)s: %(changes)s."), date=day, changes=told)
        return self.say(
            N_("What changed since %(number)s, as of %(date)s: %(changes)s."), number=number, date=day, changes=told
        )

    # one commitment

    def timeliness(self, line: CommitmentLine) -> str:
        """Reported when, in time or late; or that it was not, and until when it is due."""
        if line.reported_on is None:
            return self.stage(line.stage)
        on = self.date(line.reported_on)
        if line.on_time:
            return self.say(N_("Reported on %(date)s, in time"), date=on)
        return self.say(N_("Reported on %(date)s, late"), date=on)

    def due(self, line: CommitmentLine) -> str:
        """The due date; both dates where a later one was granted."""
        day = self.date(line.due_on)
        if line.extended_from is None:
            return day
        was, until = self.date(line.extended_from), self.date(line.extended_to)
        return self.say(N_("%(day)s (extended from %(was)s to %(until)s)"), day=day, was=was, until=until)

    def rated_in(self, line: CommitmentLine) -> str:
        """The cycle of a rating, where the report is as of today and the rating may be an earlier one."""
        if line.rating is None or not self.report.is_as_of_today:
            return ""
        return self.say(N_("Rated in the reporting cycle %(cycle)s"), cycle=line.rating.cycle_code)

    @property
    def observers(self) -> str:
        return self.say(N_("View of observers"))

    def observed(self, rating: PublishedRating) -> list[tuple[str, str]]:
        """(organisation and its view, its text) of each observation; that none was filed, where there is none."""
        if not rating.observed:
            return [("", self.say(N_("No observation was filed.")))]
        return [(self.named(one.organisation, self.label(one.view)), one.text) for one in rating.observed]

    def views(self, rating: PublishedRating) -> str:
        """The views alone, for a table."""
        return ", ".join(dict.fromkeys(self.label(one.view) for one in rating.observed)) or "–"

    def outcome(self, rating: PublishedRating) -> str:
        """How the right of reply ended, where nothing was said."""
        if rating.comment_outcome is CommentOutcome.WAIVED:
            return self.say(N_("The right to comment was waived."))
        return self.say(N_("No comment was received within the time given."))

    def bindingness(self, line: CommitmentLine) -> str:
        """Recommended by civil society, possible activity, mandate …; the source's own degree."""
        key = line.bindingness
        return self.label(key) if key in wording.LABELS else key.replace("_", " ").capitalize()

    @property
    def pillars_finding(self) -> str:
        """What the picture of ratings per pillar shows: its title."""
        return self._finding(N_("By pillar: ratings published on %(share)s commitments reported on"))

    @property
    def themes_finding(self) -> str:
        """The same of the ratings per theme."""
        return self._finding(N_("By theme: ratings published on %(share)s commitments reported on"))

    def _finding(self, text: str) -> str:
        rated = self.report.standing.rated
        if not rated.count:
            return self.say(N_("No rating has been published yet."))
        return self.say(text, share=self.share(rated))

    def tiles(self) -> list[tuple[str, Share]]:
        """The four figures that come first."""
        coverage, standing = self.report.coverage, self.report.standing
        # As of a date the ratings are of any cycle, and the coverage beside them is of the newest one.
        rated = N_("Ratings published, of all cycles") if self.report.is_as_of_today else N_("Ratings published")
        return [
            (self.say(N_("Reported")), coverage.reported),
            (self.say(N_("On time, of those reported")), coverage.on_time),
            (self.say(rated), standing.rated),
            (self.say(N_("Rating and self-assessment differ")), standing.differing),
        ]

    @property
    def overlap(self) -> str:
        return self.say(
            N_(
                "A commitment that serves several pillars counts in each of them, so the rows do not add up to the"
                " whole."
            )
        )

    @property
    def themes_overlap(self) -> str:
        return self.say(
            N_(
                "A commitment that carries several themes counts in each of them, so the rows do not add up to the"
                " whole."
            )
        )
