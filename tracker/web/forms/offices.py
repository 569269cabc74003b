"""The form about an office of a State: its title, and where it is written to. Never a person's name."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from tracker.models.base import LINE, NAME, URL
from tracker.web.forms.fields import EmailField, Form, LineField, TextField, VersionField
from tracker.web.forms.personal_data import EXPLANATION, looks_personal
from tracker.wording import N_


class OfficeForm(Form):
    problems = {
        "a_person": N_("“%(label)s” seems to name a person. Enter the office only: people change, the office stays."),
        "bad_address": N_("Enter an e-mail address like office@ministry.gov."),
        "bad_link": N_("Enter a full web address that begins with https:// or http://."),
    }

    version = VersionField()
    title = LineField(_l("Title of the office"), longest=NAME, render_kw={"autocomplete": "off"})
    email = EmailField(_l("E-mail address of the office"), required=False, render_kw={"autocomplete": "off"})
    address = TextField(_l("Postal address"), longest=LINE, required=False)
    url = LineField(_l("Public page of the office"), longest=URL, required=False, render_kw={"autocomplete": "off"})
    explanation = TextField(_l("Why what was found is no data about a person"), longest=EXPLANATION, required=False)

    @property
    def asks_to_explain(self) -> bool:
        """Whether what was typed is only accepted with an explanation."""
        return bool(self.explanation.data) or looks_personal(self.title.data or "", self.address.data or "")

    def said(self) -> dict[str, str]:
        """What the form hands to the service."""
        names = ("title", "email", "address", "url", "explanation")
        return {name: getattr(self, name).data or "" for name in names}
