"""The forms of a State's holidays: one day, or many as pasted lines."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext as _l

from tracker.models.base import NAME, TEXT
from tracker.services.holidays import EARLIEST, LATEST, BadLine
from tracker.web.forms.fields import DayField, Form, LineField, TextField
from tracker.web.forms.personal_data import EXPLANATION, looks_personal
from tracker.web.languages import gettext as _
from tracker.wording import N_

LINES: dict[str, str] = {
    "no_date": N_("Line %(number)s does not begin with a date such as 2026-09-07."),
    "out_of_range": N_("Line %(number)s: the year must lie between %(first)s and %(last)s."),
    "no_name": N_("Line %(number)s has a date and no name."),
    "too_long": N_("Line %(number)s: the name is too long."),
    "unusable": N_("Line %(number)s holds a character that cannot be kept."),
    "twice": N_("Line %(number)s: the same day stands in another line under another name."),
}
"""What is wrong with a line that was pasted."""
MOST_SAID = 20
_PROBLEMS: dict[str, str] = {
    "out_of_range": N_("“%(label)s” is too far away."),
    "too_many": N_("Too many days at once: at most 200."),
    "no_days": N_("No holidays are entered for that year."),
}


class DayForm(Form):
    """One holiday."""

    day = DayField(_l("Day"))
    name = LineField(_l("Name of the holiday"), longest=NAME)
    explanation = TextField(_l("Why what was found is no data about a person"), longest=EXPLANATION, required=False)
    problems = _PROBLEMS

    @property
    def days(self) -> list[tuple[date, str]]:
        """What it says; only of a form that is valid."""
        return [(self.day.data, self.name.data or "")] if self.day.data else []

    @property
    def asks_to_explain(self) -> bool:
        return bool(self.explanation.data) or looks_personal(self.name.data or "")


class LinesForm(Form):
    """Many holidays: a date and a name in each line."""

    lines = TextField(_l("Holidays, one in each line"), longest=TEXT)
    explanation = TextField(_l("Why what was found is no data about a person"), longest=EXPLANATION, required=False)
    problems = _PROBLEMS

    @property
    def asks_to_explain(self) -> bool:
        return bool(self.explanation.data) or looks_personal(self.lines.data or "")

    def put(self, bad: list[BadLine]) -> bool:
        """Say by number which lines are not taken; whether there are any."""
        said = [
            _(LINES[one.problem]) % {"number": one.number, "first": EARLIEST.year, "last": LATEST.year}
            for one in bad[:MOST_SAID]
        ]
        if len(bad) > MOST_SAID:
            said.append(_("Further lines are wrong as well: %(count)s.") % {"count": len(bad) - MOST_SAID})
        self.form_errors.extend(said[1:])
        if said:
            self.lines.errors = said[:1]
        return bool(said)
