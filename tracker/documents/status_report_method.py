"""How to read a status report, and its limits: the note at the end of page, PDF, workbook and JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.documents.status_report_words import Words
from tracker.wording import N_


@dataclass(frozen=True)
class Note:
    """A paragraph of the method note."""

    heading: str
    text: str


def method(words: Words) -> list[Note]:
    """How to read the report, and its limits."""
    return [Note(words.say(heading), text) for heading, text in _method(words) if text]


def _standing(words: Words) -> str:
    """What kind of document this is, and what holds if it is none."""
    if words.report.is_issued:
        parts = (words.issue_note, words.replaces_note, words.verify_note)
        return " ".join(part for part in parts if part)
    live = words.say(
        N_("It may say something else tomorrow; who needs a text that stays takes a report that was issued.")
    )
    return f"{words.issue_note} {live}"


def _method(words: Words) -> Iterable[tuple[str, str]]:
    yield N_("Issued document or live view"), _standing(words)
    if words.report.is_as_of_today:
        moment = N_(
            "This report shows what was public on %(moment)s. Coverage and timeliness are those of the reporting"
            " cycle opened last (%(cycle)s). Each commitment carries its newest published rating, of whichever"
            " cycle; the cycle is named beside it."
        )
    else:
        moment = N_(
            "This report shows what was public on %(moment)s about the reporting cycle %(cycle)s. Ratings of"
            " other cycles are left out."
        )
    yield N_("What is shown"), words.say(moment, moment=words.as_of, cycle=words.report.cycle.code)
    yield (
        N_("Three questions, never one grade"),
        words.say(
            N_(
                "Was it reported, and in time? What was done? How well is it shown? The three answers stand side"
                " by side and are never merged into one grade. States are not ranked."
            )
        ),
    )
    yield (
        N_("Not reported is no rating"),
        words.say(
            N_(
                "A commitment that was not reported on is listed as such. It is never counted as not implemented,"
                " and a draft that has not been submitted is not known to the Secretariat."
            )
        ),
    )
    yield (
        N_("How a rating comes about"),
        words.say(
            N_(
                "The self-assessment is that of whoever reports. The rating is proposed by a reviewer of the"
                " Secretariat who has no part in the report and confirmed by a second one; before publication there"
                " is time to comment, and the comment is printed unchanged. Nobody reviews his or her own State."
            )
        ),
    )
    yield N_("Pillars and themes"), f"{words.overlap} {words.themes_overlap}"
    yield (
        N_("Trend over the reporting cycles"),
        words.say(
            N_(
                "Up to twelve cycles, the one of this report being the last. The commitments of a cycle are those that"
                " were to be reported on in it: where some came in or left, the numbers beside the shares say so."
            )
        ),
    )
    yield (
        N_("Indicators over time"),
        words.say(
            N_(
                "Figures stand as they were declared, cycle by cycle, and are not corrected or estimated. “Not"
                " available” is not zero, and a cycle in which nothing was published is left out. Counts of persons"
                " from 1 to 4 are given as fewer than 5, and further counts are left out where they would give such a"
                " count away. A percentage that was declared stands without the numbers behind it, which are not known"
                " here. Years, definitions and sources may differ from one cycle to the next."
            )
        ),
    )
    yield (
        N_("Budget lines"),
        words.say(
            N_(
                "Amounts stand in the currency, fiscal year and stage in which they were declared. Nothing is"
                " converted, corrected for prices, or added up across commitments. A ratio is worked out only where"
                " both amounts are declared for the same year, currency and stage; it carries no verdict."
            )
        ),
    )
    yield (
        N_("What changed"),
        words.say(
            N_(
                "Changes are counted against the report of the same subject that was issued last. A rating that"
                " changed may reflect new information, and not only what was done since."
            )
        ),
    )
    yield (
        N_("Counts and percentages"),
        words.say(
            N_(
                "Every percentage stands beside the numbers it is made from. A share of fewer than five is given as"
                " a count only."
            )
        ),
    )
    yield (
        N_("Recommended by civil society"),
        words.say(
            N_(
                "Where a commitment is marked as recommended by civil society, the recommendation was addressed to"
                " States by civil society organizations; it is followed up here and is not an obligation that"
                " States accepted. The note under each instrument says how its text is to be read."
            )
        ),
    )
    yield (
        N_("Languages and characters"),
        words.say(
            N_(
                "Texts marked as unofficial are translations made for this tracker. What was reported and commented"
                " stands in the language in which it was written. Text is shown as it was typed; a character that"
                " the typeface does not have appears as �."
            )
        ),
    )
    yield (
        N_("No data about persons"),
        words.say(
            N_(
                "This report holds no data about victims, witnesses or suspects. Evidence that is restricted is"
                " left out."
            )
        ),
    )
