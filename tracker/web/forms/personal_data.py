"""What the personal-data check found, in the reader's words: highlighted in its passage, with what is to be done.

``sentence(text)`` is the error beside a field (what was found is marked in it, and all of it is escaped);
``said_findings(texts)`` is for pages that list passages (``templates/macros/personal_data.html``);
``looks_personal`` says whether the field for an explanation is to be shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from flask import Flask
from markupsafe import Markup

from tracker.domain.privacy import Finding, Suspicion, around, examine
from tracker.models.base import LINE
from tracker.services.personal_data import IDENTIFIER, PERSONAL_DATA
from tracker.web.languages import gettext as _
from tracker.wording import N_

EXPLANATION = LINE * 4
"""The longest explanation why something found is no data about a person, in characters."""
PROBLEMS = frozenset({IDENTIFIER, PERSONAL_DATA})
"""Codes of ``services.personal_data`` for which ``sentence`` has the words."""
MOST_NAMED = 3
SUSPICIONS: dict[Suspicion, str] = {
    Suspicion.EMAIL: N_("an e-mail address"),
    Suspicion.PHONE: N_("a telephone number"),
    Suspicion.IDENTITY_NUMBER: N_("an identity or passport number"),
    Suspicion.DOCKET: N_("a docket number"),
    Suspicion.BIRTH_DATE: N_("a date of birth"),
    Suspicion.NAMED_PERSON: N_("the name of a person"),
    Suspicion.AGE_WITH_INITIALS: N_("an age beside initials"),
    Suspicion.COORDINATES: N_("the coordinates of a place"),
    Suspicion.SHELTER_ADDRESS: N_("the address of a shelter"),
}
"""What the check takes a text for."""


@dataclass(frozen=True)
class Passage:
    """A finding for the eye: what it looks like, and its words between their neighbours."""

    kind: str
    certain: bool
    before: str
    found: str
    after: str
    field: str = ""

    @property
    def place(self) -> str:
        """Where it stands in a report, in the reader's words; an element or indicator by its code."""
        part, _dash, rest = self.field.partition("-")
        if part == "narrative":
            return rest
        if part == "indicator":
            return re.sub(r"(?:-\d+)?-(?:note|category)$", "", rest)
        words = PLACES.get(part)
        return _(words) if words else ""


PLACES = {
    "summary": N_("Of the whole"),
    "obstacles": N_("Obstacles"),
    "help_needed": N_("Help needed"),
    "evidence": N_("Evidence"),
    "budget": N_("Budget lines"),
}


def passages(texts: Iterable[tuple[str, str]]) -> list[Passage]:
    """What is found in (field, text) pairs, in their order."""
    texts = list(texts)
    by_field = dict(texts)
    return [_passage(by_field[one.field], one) for one in examine(texts)]


def said_findings(texts: Iterable[tuple[str, str]]) -> dict[str, list[Passage]]:
    """The passages by field. Those of links stand at the evidence."""
    found: dict[str, list[Passage]] = {}
    for one in passages(texts):
        found.setdefault("evidence" if one.field.startswith("evidence-") else one.field, []).append(one)
    return found


def looks_personal(*texts: str) -> bool:
    """Whether an explanation is asked for: something doubtful stands in one of the texts."""
    return any(not one.certain for one in examine(("", text) for text in texts))


def is_refused(text: str, explanation: str) -> bool:
    """Whether the rules refuse the text with this explanation (``services.personal_data.require_clean``)."""
    found = examine([("", text)])
    return any(one.certain or not explanation for one in found)


def sentence(text: str) -> Markup:
    """What was found in one text and what is to be done, for the error beside its field."""
    found = passages([("", text)])
    certain, doubtful = [p for p in found if p.certain], [p for p in found if not p.certain]
    said = []
    if certain:
        said.append(
            Markup(_("This must be taken out, and cannot be explained: %(found)s.")) % {"found": _listed(certain)}  # noqa: S704
        )
    if doubtful:
        words = _("This looks like data about a person: %(found)s. Take it out, or explain why it is none.")
        said.append(Markup(words) % {"found": _listed(doubtful)})  # noqa: S704
    return Markup(" ").join(said)


def _listed(found: list[Passage]) -> Markup:
    shown = Markup(
        "; "
    ).join(
        Markup(_("%(kind)s (“%(passage)s”)"))  # noqa: S704
        % {
            "kind": one.kind,
            "passage": Markup("<bdi>{}<mark>{}</mark>{}</bdi>").format(one.before, one.found, one.after),
        }
        for one in found[:MOST_NAMED]
    )
    more = len(found) - MOST_NAMED
    return shown + (Markup(_("; and %(number)s more")) % {"number": more} if more > 0 else "")  # noqa: S704


def _passage(text: str, finding: Finding) -> Passage:
    before, found, after = around(text, finding, 30)
    return Passage(_(SUSPICIONS[finding.suspicion]), finding.certain, before, found, after, finding.field)


def init_app(app: Flask) -> None:
    """Filters: ``texts | passages`` and ``texts | said_findings``."""
    app.jinja_env.filters["passages"] = passages
    app.jinja_env.filters["said_findings"] = said_findings
