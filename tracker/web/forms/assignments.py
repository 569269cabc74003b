"""The form that asks contributors for parts: the date. Who and what is ticked is read apart."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from tracker.services import assignments
from tracker.web.forms.fields import DayField, Form
from tracker.wording import N_

PROBLEMS: dict[str, str] = {
    assignments.UNKNOWN_USER: N_("This is no active contributor of your State."),
    assignments.UNKNOWN_PART: N_("This is no part that your State answers by itself."),
    assignments.WHOLE_ALREADY: N_("The whole commitment was asked of this person already."),
    assignments.PAST: N_("The date has passed."),
    assignments.AFTER_DUE: N_("The date is after the due date of the report."),
    assignments.NO_OPEN_REPORT: N_("No report is to be given for it now, so that no date can be set."),
}
"""Why a part cannot be asked for, beside its code."""


class DateForm(Form):
    due_on = DayField(_l("A date of its own"), required=False)
    problems = PROBLEMS


def ticked(sent: MultiDict[str, str]) -> list[tuple[int, int | None]]:
    """The parts ticked, as (commitment, element or None), each once; what is no such pair is left out."""
    found: dict[tuple[int, int | None], None] = {}
    for raw in sent.getlist("part"):
        commitment, dash, element = raw.partition("-")
        if _is_id(commitment) and (not dash or _is_id(element)):
            found[int(commitment), int(element) if dash else None] = None
    return list(found)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
