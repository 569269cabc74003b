"""What is wrong with a field of a progress report, in the reader's words, by problem code."""

from __future__ import annotations

from tracker.web.languages import gettext as _
from tracker.wording import N_

WORDS: dict[str, str] = {
    "no_number": N_("Enter a number with figures only, like 1234.5 or 1.234,5."),
    "ambiguous": N_("This can be read in two ways. Write thousands without a mark, decimals with one more zero."),
    "not_whole": N_("Enter a whole number."),
    "negative": N_("Enter a number that is not below zero."),
    "over_100": N_("Enter a percentage from 0 to 100."),
    "too_large": N_("The number has too many figures."),
    "too_precise": N_("At most six decimals can be kept."),
    "no_date": N_("Enter the date as year-month-day."),
    "no_choice": N_("Choose one of the answers."),
    "no_currency": N_("Enter the currency by its three letters, like USD or BRL."),
    "no_category": N_("Say which category this value is for."),
    "no_year": N_("Enter the fiscal year, like 2025 or 2024/2025."),
    "no_stage": N_("Choose whether the amount was allocated or executed."),
    "no_amount": N_("Enter at least one amount, or empty this line."),
    "value_and_not_available": N_("Give either a value or “Not available”."),
    "period": N_("The period must end after it begins."),
    "twice": N_("This category stands here twice."),
    "too_many": N_("There are more lines than can be kept."),
    "unconfirmed": N_("Carried over from the last report: confirm that it still holds, or change it."),
    "unchecked": N_(
        "A file is still being checked, or needs a reason. Wait a moment, or open the file and give the reason."
    ),
    "refused": N_("A file was refused by the check, or erased. Replace it, or take it off the report."),
    "nothing": N_("There is no earlier report to take this from."),
    "unknown": N_("There is nothing to carry over here."),
    "differs": N_(
        "Your draft already says something that the last report did not say, so it cannot be said that nothing changed."
    ),
}
"""One sentence for each code of ``domain.measures`` and of the services, wherever the field stands."""


def sentence(field: str, code: str) -> str:
    """What to do about it."""
    if code == "required":
        if field.startswith("self_assessment-"):
            return _("Say how far this is carried out.")
        if field.startswith("narrative-"):
            return _("Say in a sentence or more what was done, or why nothing was.")
        if field == "privacy_explanation":
            return _("Take out what looks like data about a person, or explain why it is none.")
        if field == "comment":
            return _("Write a comment.")
    words = WORDS.get(code)
    return _(words) if words else _("This is not accepted as it is.")
