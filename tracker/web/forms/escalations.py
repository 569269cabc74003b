"""The forms of a case beyond the focal points: write, not now, and the day a note was handed over."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from tracker.models.base import TEXT
from tracker.web.forms.fields import DayField, Form, SeenField, TextField, VersionField
from tracker.web.forms.personal_data import EXPLANATION, looks_personal
from tracker.wording import N_


class WriteForm(Form):
    """One click, on what was seen."""

    problems = {
        "no_address": N_("No e-mail address of the head of the authority is known. Enter it under Offices first."),
        "no_title": N_("The Permanent Mission is not entered yet. Enter its title under Offices first."),
        "nothing_overdue": N_("Nothing is overdue any more: there is nothing to write about."),
    }

    version = VersionField()


class NotNowForm(Form):
    version = VersionField()
    reason = TextField(_l("Reason"), longest=TEXT)
    explanation = TextField(_l("Why what was found is no data about a person"), longest=EXPLANATION, required=False)

    @property
    def asks_to_explain(self) -> bool:
        """Whether what was typed is only accepted with an explanation."""
        return bool(self.explanation.data) or looks_personal(self.reason.data or "")


class HandedOverForm(Form):
    problems = {
        "in_the_future": N_("“%(label)s” is in the future."),
        "before_the_note": N_("“%(label)s” is before the day of the note."),
    }

    seen = SeenField()
    on = DayField(_l("Handed over on"))
