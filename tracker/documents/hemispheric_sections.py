"""The parts of a hemispheric report in their order: page, PDF, Word and workbook show the same ones.

Coverage and timeliness come before ratings, the States' commitments before those of the Secretariat.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.documents.hemispheric_words import Words
from tracker.documents.status_report_method import Note
from tracker.documents.status_report_tables import PillarRow, Table
from tracker.services.hemispheric_content import PracticeLine
from tracker.wording import N_


@dataclass(frozen=True)
class Listed:
    """A table with where its lines lead on the site: a path for the first cell of each, "" for none."""

    table: Table
    paths: tuple[str, ...] = ()

    def path(self, place: int) -> str:
        return self.paths[place] if place < len(self.paths) else ""


@dataclass(frozen=True)
class Section:
    """One part. Its heading, sentences, a picture, tables (the first without a heading where it has the section's)."""

    key: str
    title: str
    text: tuple[str, ...] = ()
    bars: tuple[PillarRow, ...] = ()
    """Drawn as bars of ratings; a table beside it shows the same."""
    of_states: bool = False
    """The bars count States, one commitment each; else commitments."""
    picture: str = ""
    """What the bars show, as their title."""
    tables: tuple[Listed, ...] = ()
    practices: tuple[PracticeLine, ...] = ()


def sections(words: Words) -> list[Section]:
    """All parts but the summary, which comes first, and the method, which comes last."""
    report, say = words.report, words.say
    cycle = report.cycle.code.lower()
    on_states = tuple(f"/status-reports/{state.slug}-{cycle}" for state in report.states)
    paths = {state.name: path for state, path in zip(report.states, on_states, strict=True)}
    made = [
        Section("coverage", say(N_("Coverage and timeliness")), tables=_plain(words.coverage_table())),
        Section("states", say(N_("States")), tables=(Listed(words.states_table(), on_states),)),
        Section(
            "not-reported",
            say(N_("Who has not reported")),
            (say(N_("Not reported is no rating. What is not due yet stands apart from what is due.")),),
            tables=tuple(
                Listed(table, tuple(paths[row[0]] for row in table.rows))
                for table in (words.missing_table(), words.waiting_table())
            ),
        ),
        *_ratings(words),
        *_instruments(words),
        Section("strengths", say(N_("Strength of evidence")), tables=_plain(words.strengths_table())),
        Section(
            "mandates",
            say(N_("The General Secretariat's own commitments")),
            tables=_with(words.mandates_table(), (f"/states/gs/{m.code}" for m in report.mandates)),
        ),
        Section(
            "agencies",
            say(N_("International cooperation agencies")),
            tables=_with(words.agencies_table(), (f"/states/ica/{m.code}" for m in report.agencies)),
        ),
        Section(
            "trend",
            say(N_("Trend over the reporting cycles")),
            tables=_with(words.trend_table(), (f"/hemispheric-report/{p.code.lower()}" for p in report.trend)),
        ),
        Section(
            "extensions",
            say(N_("Later due dates")),
            tables=_with(words.extensions_table(), (paths.get(x.name, "") for x in report.extensions)),
        ),
        Section("practices", say(N_("Good practices")), (practices_note(words),), practices=report.practices),
    ]
    return made


def practices_note(words: Words) -> str:
    """What a good practice is; or that none was shared."""
    if not words.report.practices:
        return words.say(N_("No good practice was shared while this cycle was the newest one."))
    return words.say(
        N_(
            "What States agreed to share while this cycle was the newest one, by State in alphabetical order. Sharing"
            " is no rating. The text stands in the language in which it was written."
        )
    )


def _ratings(words: Words) -> Iterable[Section]:
    rows = words.pillar_bars()
    table = words.bars_table("pillars", N_("Ratings by pillar"), words.say(N_("Pillar")), rows, words.overlap())
    yield Section("pillars", table.title, bars=tuple(rows), picture=_finding(words), tables=_plain(table))
    rows = words.theme_bars()
    table = words.bars_table("themes", N_("Ratings by theme"), words.say(N_("Theme")), rows, words.theme_overlap())
    yield Section("themes", table.title, tables=_plain(table))


def _instruments(words: Words) -> Iterable[Section]:
    for number, (title, lines) in enumerate(words.report.by_instrument, 1):
        paths = [f"/provisions/{line.code}#reported" for line in lines]
        yield Section(
            f"instrument-{number}",
            title,
            (lines[0].reading_note,),
            bars=tuple(words.bars(lines)),
            of_states=True,
            picture=words.say(N_("Published ratings by recommendation or mandate, in number of States")),
            tables=tuple(Listed(table, tuple(paths)) for table in words.instrument_tables(number, title, lines)),
        )


def _finding(words: Words) -> str:
    rated = words.report.coverage.rated
    return words.say(N_("Ratings published of %(share)s commitments reported on, by rating"), share=words.share(rated))


def _plain(table: Table) -> tuple[Listed, ...]:
    return (Listed(table),)


def _with(table: Table, paths: Iterable[str]) -> tuple[Listed, ...]:
    return (Listed(table, tuple(paths)),)


def method(words: Words) -> list[Note]:
    """How to read the report, and its limits."""
    say = words.say
    if words.report.is_issued:
        standing = " ".join(text for text in (words.issue_note, words.replaces_note, words.verify_note) if text)
    else:
        live = say(
            N_("It may say something else tomorrow; who needs a text that stays takes a report that was issued.")
        )
        standing = f"{words.issue_note} {live}"
    notes = [
        (N_("Issued document or live view"), standing),
        (
            N_("What is shown"),
            say(
                N_(
                    "This report shows what was public on %(moment)s about the reporting cycle %(cycle)s. Ratings of"
                    " other cycles are left out."
                ),
                moment=words.as_of,
                cycle=words.report.cycle.code,
            ),
        ),
        *((heading, say(text)) for heading, text in _NOTES),
    ]
    return [Note(say(heading), text) for heading, text in notes]


_NOTES: Sequence[tuple[str, str]] = (
    (
        N_("No ranking"),
        N_(
            "States stand in alphabetical order, with the number of commitments they reported on and nothing else."
            " There is no score per State, and figures of States are not to be compared without their circumstances."
        ),
    ),
    (
        N_("Three questions, never one grade"),
        N_(
            "Was it reported, and in time? What was done? How well is it shown? The three answers stand side"
            " by side and are never merged into one grade. States are not ranked."
        ),
    ),
    (
        N_("Not reported is no rating"),
        N_(
            "A commitment that was not reported on is listed as such. It is never counted as not implemented,"
            " and a draft that has not been submitted is not known to the Secretariat."
        ),
    ),
    (
        N_("How a rating comes about"),
        N_(
            "The self-assessment is that of whoever reports. The rating is proposed by a reviewer of the"
            " Secretariat who has no part in the report and confirmed by a second one; before publication there"
            " is time to comment, and the comment is printed unchanged. Nobody reviews his or her own State."
        ),
    ),
    (
        N_("Where voices differ"),
        N_(
            "Counted are published ratings beside which the State's self-assessment, the rating and the views of"
            " accredited observers are not all the same. Silence is no disagreement."
        ),
    ),
    (
        N_("Secretariat and agencies"),
        N_(
            "What the General Secretariat and cooperation agencies owe stands beside the States' commitments and is"
            " never added to them. The General Secretariat reports like a State and is reviewed by somebody else."
        ),
    ),
    (
        N_("Counts and percentages"),
        N_(
            "Every percentage stands beside the numbers it is made from. A share of fewer than five is given as"
            " a count only."
        ),
    ),
    (
        N_("Recommended by civil society"),
        N_(
            "Where a commitment is marked as recommended by civil society, the recommendation was addressed to"
            " States by civil society organizations; it is followed up here and is not an obligation that"
            " States accepted. The note under each instrument says how its text is to be read."
        ),
    ),
    (
        N_("No data about persons"),
        N_("This report holds no data about victims, witnesses or suspects. Evidence that is restricted is left out."),
    ),
)
