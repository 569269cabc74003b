"""The forms of issuing: a report, a rhythm, a withdrawal."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from tracker import wording
from tracker.domain.vocabulary import IssueRhythm
from tracker.models.base import TEXT
from tracker.web.forms.fields import ChoiceField, Form, RadiosField, SeenField, TextField, VersionField
from tracker.web.forms.personal_data import EXPLANATION, looks_personal
from tracker.web.languages import choose
from tracker.wording import N_


class _Reasoned(Form):
    reason = TextField(_l("Reason"), longest=TEXT)
    explanation = TextField(_l("Why what was found is no data about a person"), longest=EXPLANATION, required=False)

    @property
    def asks_to_explain(self) -> bool:
        """Whether the reason is only accepted with an explanation."""
        return bool(self.explanation.data) or looks_personal(self.reason.data or "")


class WithdrawForm(_Reasoned):
    version = VersionField()

    def said(self) -> dict[str, Any]:
        """What the form hands to the service."""
        return {"reason": self.reason.data, "explanation": self.explanation.data, "seen_version": self.version.data}


class IssueForm(_Reasoned):
    problems = {
        "being_prepared": N_("A report about the same is being prepared right now. Wait until it is issued."),
        "issued_already": N_("It was issued for this period already."),
    }

    reason = TextField(_l("Why it is issued anew"), longest=TEXT, required=False)
    replaces = VersionField()
    """Id of the issue that the page showed as standing; 0: none."""

    def said(self) -> dict[str, Any]:
        """What the form hands to the service."""
        return {
            "reason": self.reason.data or "",
            "explanation": self.explanation.data or "",
            "replaces": self.replaces.data or None,
        }


class IssueAsOfForm(IssueForm):
    """As of a date issues stand beside one another, so it is asked whether one is replaced."""

    standing = ChoiceField(_l("It stands in for"), required=False, blank=_l("None: it stands beside earlier ones"))

    def said(self) -> dict[str, Any]:
        return super().said() | {"replaces": int(self.standing.data) if self.standing.data else None}


class RhythmForm(Form):
    rhythm = RadiosField(
        _l("How often"), choices=lambda: [(one.value, wording.label(one, choose())) for one in IssueRhythm]
    )
    seen = SeenField()
