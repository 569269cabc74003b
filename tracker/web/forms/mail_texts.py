"""The form for the wording of one sentence of a mail."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from tracker.services.mail_texts import LONGEST, Wording
from tracker.web.forms.fields import Form, TextField, VersionField
from tracker.web.forms.personal_data import EXPLANATION, looks_personal
from tracker.wording import N_


class WordingForm(Form):
    """One sentence; ``plural`` only where it has one."""

    version = VersionField()
    text = TextField(_l("Wording"), longest=LONGEST)
    plural = TextField(_l("Wording for several"), longest=LONGEST)
    explanation = TextField(_l("Why what was found is no data about a person"), longest=EXPLANATION, required=False)
    problems = {
        "unchanged": N_("“%(label)s” is as it was: nothing was changed."),
        "line_break": N_("“%(label)s” must stand on one line."),
        "stray_percent": N_("“%(label)s” holds a percent sign that belongs to no name: write %%%% for a percent sign."),
        "missing_name": N_("“%(label)s” must hold every name of the shipped text, written in the same way."),
        "unknown_name": N_("“%(label)s” holds a name that the shipped text does not have: it could not be filled in."),
    }

    @classmethod
    def of(cls, wording: Wording, *, sent: bool) -> WordingForm:
        """The form as sent, or as in force."""
        text, plural = wording.in_force
        form = cls() if sent else cls(formdata=None, data={"version": wording.version, "text": text, "plural": plural})
        if not wording.sentence.many:
            del form.plural
        return form

    @property
    def asks_to_explain(self) -> bool:
        """Whether what was typed is only accepted with an explanation."""
        typed = [self.text.data or "", (self.plural.data if "plural" in self else "") or ""]
        return bool(self.explanation.data) or looks_personal(*typed)

    def said(self) -> dict[str, Any]:
        """What the form hands to the service."""
        return {
            "text": self.text.data,
            "plural": self.plural.data if "plural" in self else "",
            "explanation": self.explanation.data,
            "seen_version": self.version.data,
        }
