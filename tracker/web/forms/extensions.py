"""The forms about a later due date: asking for it, deciding on it. Which reports or requests are chosen is apart."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from tracker.services import extensions
from tracker.web.forms.fields import DayField, Form, RadiosField, TextField
from tracker.web.forms.personal_data import EXPLANATION, looks_personal
from tracker.web.languages import gettext as _
from tracker.wording import N_

AS_ASKED, OTHER_DAY, REFUSE = "as_asked", "other_day", "refuse"


class _Reasoned(Form):
    reason = TextField(_l("Reason"))
    explanation = TextField(_l("Why what was found is no data about a person"), longest=EXPLANATION, required=False)

    @property
    def asks_to_explain(self) -> bool:
        """Whether the reason is only accepted with an explanation."""
        return bool(self.explanation.data) or looks_personal(self.reason.data or "")


class AskForm(_Reasoned):
    until = DayField(_l("New due date you ask for"))


class DecideForm(_Reasoned):
    decision = RadiosField(
        _l("Decision"),
        choices=lambda: [
            (AS_ASKED, _("Grant the date asked for")),
            (OTHER_DAY, _("Grant another date")),
            (REFUSE, _("Do not grant it")),
        ],
    )
    until = DayField(_l("The other date"), required=False)

    def validate(self, extra_validators: object = None) -> bool:
        valid = super().validate()
        if self.decision.data == OTHER_DAY and self.until.data is None and not self.until.errors:
            self.until.errors = [_("Fill in “%(label)s”.") % {"label": self.until.label.text}]
            return False
        return valid


PROBLEMS: dict[str, str] = {
    extensions.NOT_WITH_THE_PARTY: N_("The report is not with the State any more."),
    extensions.CYCLE_CLOSED: N_("The reporting cycle is closed."),
    extensions.ASKED_ALREADY: N_("A request for this report waits for a decision already."),
    extensions.DECIDED_ALREADY: N_("It was decided, taken back or overtaken by a submission meanwhile."),
    extensions.PAST: N_("The date is not in the future in the State’s time zone."),
    extensions.NOT_LATER: N_("The date is not later than the due date the report has."),
    extensions.AFTER_CLOSING: N_("The date is after the day on which the reporting cycle closes."),
}
"""Why a report or request was left out, beside its code."""


def chosen(sent: MultiDict[str, str], name: str) -> list[int]:
    """The ids that were ticked, each once; what is no id is left out."""
    found = (int(i) for i in sent.getlist(name) if i.isascii() and i.isdigit() and len(i) < 10)
    return list(dict.fromkeys(found))
