"""The forms that end the follow-up of a commitment and take it up again."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from tracker import wording
from tracker.domain.vocabulary import ClosingKind
from tracker.models.base import TEXT
from tracker.web.forms.fields import ChecksField, ChoiceField, Form, RadiosField, TextField
from tracker.web.forms.personal_data import EXPLANATION, looks_personal
from tracker.web.languages import choose
from tracker.wording import N_


def _kinds() -> list[tuple[str, str]]:
    return [(kind.value, wording.label(kind, choose())) for kind in ClosingKind]


class Reasoned(Form):
    reason = TextField(_l("Reason"), longest=TEXT)
    explanation = TextField(_l("Why what was found is no data about a person"), longest=EXPLANATION, required=False)

    @property
    def asks_to_explain(self) -> bool:
        """Whether what was typed is only accepted with an explanation."""
        return bool(self.explanation.data) or looks_personal(self.reason.data or "")

    def said(self) -> dict[str, Any]:
        """What the form hands to the service."""
        return {"reason": self.reason.data, "explanation": self.explanation.data}


class CloseForm(Reasoned):
    kind = RadiosField(_l("Why it is no longer followed"), choices=_kinds)
    successor = ChoiceField(
        _l("What stands in its place"), required=False, blank=_l("Nothing, or not in the catalogue")
    )
    problems = {
        "not_implemented": N_("Only what the newest published rating calls implemented is closed as fulfilled."),
        "not_for_this_kind": N_("Only what is superseded or merged has something in its place."),
        "report_open": N_(
            "A report of it is still owed, under review or open for comment. It is finished first; a State that finds"
            " the measure overtaken says “no longer applicable” in its report."
        ),
    }

    def said(self) -> dict[str, Any]:
        return super().said() | {
            "kind": ClosingKind(self.kind.data) if self.kind.data else None,
            "successor": self.successor.data,
        }


class CloseManyForm(CloseForm):
    """The same act for several parties at once."""

    commitment = ChecksField(_l("Commitments"), required=True)


class FollowForm(Reasoned):
    """Nothing but a reason."""
