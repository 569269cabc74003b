"""Two people on one report: what is stored now and what was typed, field by field, so that nothing is lost."""

from __future__ import annotations

from dataclasses import dataclass

from tracker import wording
from tracker.services.reading import Draft
from tracker.web.forms.reports import RESTRICTED, ReportForm, TypedLink
from tracker.web.languages import choose
from tracker.web.languages import gettext as _


@dataclass(frozen=True)
class Difference:
    """One field where the two differ. ``name`` is the field's; ``is_text`` whether it can be put together by hand."""

    name: str
    label: str
    theirs: str
    yours: str
    is_text: bool


def differences(draft: Draft, form: ReportForm) -> list[Difference]:
    """Where the typed answers differ from what is stored, in the order of the page. A comment differs from nothing."""
    if not form.answers:
        return []
    stored = ReportForm.of(draft.content, 0)
    theirs = {a.element: a for a in stored.answers}
    found = []
    for typed in form.answers:
        kept = theirs[typed.element]
        if typed.element not in form.given:
            continue
        found += [
            Difference(
                f"self_assessment-{typed.element}",
                _("%(code)s: self-assessment") % {"code": typed.element},
                _rating(kept.self_assessment),
                _rating(typed.self_assessment),
                False,
            ),
            Difference(
                f"narrative-{typed.element}",
                _("%(code)s: what was done") % {"code": typed.element},
                kept.narrative,
                typed.narrative,
                True,
            ),
        ]
    if "evidence" in form.given:
        found.append(Difference("evidence", _("Evidence"), _links(stored.links), _links(form.links), False))
    if "summary" in form.given:
        found.append(Difference("summary", _("Of the whole"), stored.summary, form.summary, True))
    if "privacy_explanation" in form.given:
        label = _("Explanation for the personal-data check")
        found.append(
            Difference("privacy_explanation", label, stored.privacy_explanation, form.privacy_explanation, True)
        )
    return [one for one in found if one.theirs != one.yours]


def _rating(value: str) -> str:
    return wording.label(value, choose()) if value else _("Not answered")


def _links(links: list[TypedLink]) -> str:
    return "\n".join(
        " · ".join(
            part for part in (e.title, e.url, e.speaks_of, _("restricted") if e.access == RESTRICTED else "") if part
        )
        for e in links
    )
