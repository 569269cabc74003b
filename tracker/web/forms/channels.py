"""The form about a place to report a case: what it is, how it is reached, when that was last checked."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext as _l

from config import LANGUAGES
from tracker import wording
from tracker.domain.vocabulary import ChannelKind
from tracker.models import ReportingChannel
from tracker.models.base import LINE, NAME, URL
from tracker.services.reporting_channels import Said
from tracker.web.forms.fields import ChoiceField, DayField, Form, LineField, TextField, VersionField
from tracker.web.forms.personal_data import EXPLANATION, looks_personal
from tracker.web.languages import choose
from tracker.wording import N_

LONGEST_PHONE = 60


def _kinds() -> list[tuple[str, str]]:
    return [(kind.value, wording.label(kind, choose())) for kind in ChannelKind]


class ChannelForm(Form):
    problems = {
        "a_person": N_("“%(label)s” seems to name a person. Enter the office or the line only."),
        "bad_phone": N_("Enter one telephone number: digits, spaces and + - ( ) * # only."),
        "no_way": N_("Enter a telephone number or a web address."),
        "bad_link": N_("Enter a full web address that begins with https:// or http://."),
        "in_the_future": N_("“%(label)s” cannot lie in the future."),
        "taken": N_("The same is entered for this State already."),
        "too_many": N_("Too many are entered for this State: at most 20."),
    }

    version = VersionField()
    kind = ChoiceField(_l("What it is"), choices=_kinds)
    name = LineField(_l("Name"), longest=NAME, render_kw={"autocomplete": "off"})
    phone = LineField(
        _l("Telephone number"),
        longest=LONGEST_PHONE,
        required=False,
        render_kw={"autocomplete": "off", "inputmode": "tel"},
    )
    url = LineField(_l("Web address"), longest=URL, required=False, render_kw={"autocomplete": "off"})
    note_en = LineField(_l("Note in English"), longest=LINE, required=False)
    note_es = LineField(_l("Note in Spanish"), longest=LINE, required=False)
    note_pt = LineField(_l("Note in Portuguese"), longest=LINE, required=False)
    note_fr = LineField(_l("Note in French"), longest=LINE, required=False)
    checked_on = DayField(_l("Last checked on"))
    explanation = TextField(_l("Why what was found is no data about a person"), longest=EXPLANATION, required=False)

    @classmethod
    def of(cls, kept: ReportingChannel) -> ChannelForm:
        """The form as the record stands."""
        notes = {f"note_{lang}": kept.note.get(lang, "") for lang in LANGUAGES}
        return cls(formdata=None, obj=kept, data=notes)

    @classmethod
    def blank(cls, today: date) -> ChannelForm:
        """A new one, checked today."""
        return cls(formdata=None, data={"checked_on": today})

    @property
    def asks_to_explain(self) -> bool:
        """Whether what was typed is only accepted with an explanation."""
        notes = (self[f"note_{lang}"].data or "" for lang in LANGUAGES)
        return bool(self.explanation.data) or looks_personal(self.name.data or "", *notes)

    def said(self) -> Said:
        """What the form hands to the service; only of a form that is valid."""
        notes = {lang: self[f"note_{lang}"].data or "" for lang in LANGUAGES}
        assert self.checked_on.data is not None  # noqa: S101 (a valid form has it)
        return Said(
            ChannelKind(self.kind.data),
            self.name.data or "",
            self.phone.data or "",
            self.url.data or "",
            {lang: text for lang, text in notes.items() if text},
            self.checked_on.data,
        )


class RemoveForm(Form):
    """Taking one away: the version that was seen."""

    version = VersionField()
