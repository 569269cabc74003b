"""What the personal-data check found, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.domain.privacy import Finding, Suspicion, examine
from tracker.models.base import LINE
from tracker.web.languages import gettext as _
from tracker.wording import N_

EXPLANATION = LINE * 4
"""The longest explanation why something found is no data about a person, in characters."""
MOST_NAMED = 3
SUSPICIONS: dict[Suspicion, str] = {
    Suspicion.EMAIL: N_("an e-mail address"),
    Suspicion.PHONE: N_("a telephone number"),
    Suspicion.IDENTITY_NUMBER: N_("an identity number"),
    Suspicion.DOCKET: N_("a docket number"),
    Suspicion.BIRTH_DATE: N_("a date of birth"),
    Suspicion.NAMED_PERSON: N_("the name of a person"),
    Suspicion.SHELTER_ADDRESS: N_("the address of a shelter"),
}
"""What the check takes a text for."""


def said_findings(findings: Iterable[Finding]) -> dict[str, list[tuple[str, str]]]:
    """Findings by field: (what it looks like, the excerpt). A link's findings stand at the evidence."""
    found: dict[str, list[tuple[str, str]]] = {}
    for one in findings:
        name = "evidence" if one.field.startswith("evidence-") else one.field
        found.setdefault(name, []).append((_(SUSPICIONS[one.suspicion]), one.excerpt))
    return found


def looks_personal(*texts: str) -> bool:
    """Whether any of the texts is refused without an explanation."""
    return bool(examine([("", text) for text in texts]))


def sentence(text: str) -> str:
    """What the check found in one text, for the error beside its field."""
    found = said_findings(examine([("", text)])).get("", [])[:MOST_NAMED]
    what = "; ".join(_("%(kind)s (“%(excerpt)s”)") % {"kind": kind, "excerpt": excerpt} for kind, excerpt in found)
    return _("This looks like data about a person: %(found)s. Take it out, or explain why it is none.") % {
        "found": what
    }
