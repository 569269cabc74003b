"""Two people on one report: what is stored now and what was typed, field by field, so that nothing is lost."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.services.reading import Draft
from tracker.web.forms.reports import TEXTS, ReportForm
from tracker.web.languages import gettext as _
from tracker.web.report_words import rating, typed_figure, typed_links, typed_money


@dataclass(frozen=True)
class Difference:
    """One field where the two differ. ``name`` is the field's; ``is_text`` whether it can be put together by hand."""

    name: str
    label: str
    theirs: str
    yours: str
    is_text: bool = False
    label_texts: dict[str, str] | None = None
    """A label of the catalogue, in several languages, to stand after ``label``."""


def differences(draft: Draft, form: ReportForm) -> list[Difference]:
    """Where the typed answers differ from what is stored, in the order of the page. A comment differs from nothing."""
    if not form.has_answers:
        return []
    stored = ReportForm.of(draft, 0)
    found = _answers(stored, form)
    figures = {one.name: one for one in stored.figures}
    for typed in form.figures:
        theirs, yours = typed_figure(figures[typed.name]), typed_figure(typed)
        found.append(Difference(typed.name, typed.indicator.code, theirs, yours, label_texts=typed.indicator.label))
    if "budget" in form.given:
        found.append(Difference("budget", _("Budget lines"), typed_money(stored.money), typed_money(form.money)))
    labels = {"obstacles": _("Obstacles"), "help_needed": _("Help asked for"), "summary": _("Of the whole")}
    for name in TEXTS:
        if name == "summary" and "evidence" in form.given:
            found.append(Difference("evidence", _("Evidence"), typed_links(stored.links), typed_links(form.links)))
        if name in form.given:
            found.append(Difference(name, labels[name], getattr(stored, name), getattr(form, name), True))
    if "privacy_explanation" in form.given:
        label = _("Explanation for the personal-data check")
        theirs, yours = stored.privacy_explanation, form.privacy_explanation
        found.append(Difference("privacy_explanation", label, theirs, yours, True))
    return [one for one in found if one.theirs != one.yours]


def _answers(stored: ReportForm, form: ReportForm) -> list[Difference]:
    theirs = {a.element: a for a in stored.answers}
    found = []
    for typed in form.answers:
        if typed.element not in form.given:
            continue
        kept = theirs[typed.element]
        found += [
            Difference(
                f"self_assessment-{typed.element}",
                _("%(code)s: self-assessment") % {"code": typed.element},
                rating(kept.self_assessment),
                rating(typed.self_assessment),
            ),
            Difference(
                f"narrative-{typed.element}",
                _("%(code)s: what was done") % {"code": typed.element},
                kept.narrative,
                typed.narrative,
                True,
            ),
        ]
    return found
