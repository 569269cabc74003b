"""The form of a handover."""

from __future__ import annotations

import wtforms
from flask_babel import lazy_gettext as _l

from tracker.models.base import TEXT
from tracker.web.forms.fields import ChoiceField, Form, TextField
from tracker.web.forms.personal_data import EXPLANATION, looks_personal


class HandoverForm(Form):
    successor = ChoiceField(_l("Who takes over"), blank=_l("Choose a person"))
    note = TextField(_l("A word for the newcomer"), longest=TEXT, required=False)
    explanation = TextField(_l("Why what was found is no data about a person"), longest=EXPLANATION, required=False)
    disable = wtforms.BooleanField(_l("Shut the predecessor’s account at once"))

    @property
    def asks_to_explain(self) -> bool:
        """Whether what was typed is only accepted with an explanation."""
        return bool(self.explanation.data) or looks_personal(self.note.data or "")
