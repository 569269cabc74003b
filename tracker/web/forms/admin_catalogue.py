"""The forms for texts of the catalogue and for the participation of States."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from tracker import wording
from tracker.models import Provision
from tracker.models.base import LINE
from tracker.services.catalogue_edit import SOURCE
from tracker.web.forms.fields import DayField, Form, LineField, RadiosField, TextField, VersionField
from tracker.web.languages import choose
from tracker.wording import N_

STATUS_WORDS = {"unofficial": N_("Unofficial translation"), "official": N_("Official text in this language")}


def _statuses() -> list[tuple[str, str]]:
    return [(value, wording.translate(text, choose())) for value, text in STATUS_WORDS.items()]


class WordsForm(Form):
    """Title and text of a provision in one language, as a new version."""

    version = VersionField()
    title = LineField(_l("Title"), longest=LINE)
    text = TextField(_l("Text"))
    status = RadiosField(_l("What this text is"), choices=_statuses)
    reason = LineField(_l("Reason for the new version"), longest=LINE)
    problems = {"unchanged": N_("Nothing differs from what is stored: change the title, the text or what it is.")}

    @classmethod
    def for_language(cls, provision: Provision, language: str, *, sent: bool) -> WordsForm:
        """The form as sent, or as stored. The text of the source has no other status to choose."""
        stored = {
            "version": provision.version_number,
            "title": provision.title.get(language, ""),
            "text": provision.text.get(language, ""),
            "status": provision.text_status.get(language, ""),
        }
        form = cls() if sent else cls(formdata=None, data=stored)
        if provision.text_status.get(language) == SOURCE:
            del form.status
        return form

    def said(self) -> dict[str, Any]:
        return {
            "title": self.title.data,
            "text": self.text.data,
            "status": self.status.data if "status" in self else SOURCE,
            "reason": self.reason.data,
            "seen_version": self.version.data,
        }


class EndForm(Form):
    """End a participation; ``version`` is the id of the period that was seen."""

    version = VersionField()
    last_day = DayField(_l("Last day of the participation"))
    reason = LineField(_l("Reason"), longest=LINE)
    problems = {
        "before_start": N_("“%(label)s” is before the first day of this period."),
        "too_far": N_("“%(label)s” is more than a year ahead."),
    }

    def said(self) -> dict[str, Any]:
        return {"last_day": self.last_day.data, "reason": self.reason.data, "seen_period": self.version.data}


class BeginForm(Form):
    """Begin a new participation; ``version`` is the id of the newest period that was seen, 0 where there is none."""

    version = VersionField()
    first_day = DayField(_l("First day of the participation"))
    reason = LineField(_l("Reason"), longest=LINE)
    problems = {
        "taking_part": N_("The State takes part already."),
        "overlaps": N_("“%(label)s” must be after the last day of the period before."),
        "too_far": N_("“%(label)s” is more than a year ahead."),
    }

    def said(self) -> dict[str, Any]:
        return {"first_day": self.first_day.data, "reason": self.reason.data, "seen_period": self.version.data}
