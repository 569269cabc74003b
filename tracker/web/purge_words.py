"""Where a passage stands, in the reader's words: kinds of places by what people call them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tracker.web.languages import gettext as _
from tracker.wording import N_

PLACES: dict[str, str] = {
    "element_answer": N_("Answers in drafts"),
    "progress_report": N_("Drafts: summary, obstacles, help needed, explanation"),
    "evidence_link": N_("Links in drafts"),
    "indicator_value": N_("Indicators in drafts"),
    "budget_line": N_("Budget lines in drafts"),
    "report_revision": N_("Submissions"),
    "assessment": N_("Ratings: reasons and State comments"),
    "history_entry": N_("History: comments and explanations"),
    "question": N_("Questions and answers"),
    "internal_note": N_("Internal notes"),
    "observation": N_("Observations"),
    "extension": N_("Requests for a later due date"),
    "good_practice": N_("Good practices"),
    "closing": N_("Closing of commitments"),
    "handover": N_("Handovers"),
    "evidence": N_("Evidence: titles, addresses, explanations"),
    "evidence_version": N_("Evidence: names of files, explanations"),
    "workbook_return": N_("Spreadsheets that came back"),
    "message": N_("E-mails, sent and waiting"),
    "message_attachment": N_("Documents attached to e-mails"),
    "participation": N_("Participation: reasons"),
    "provision_version": N_("Catalogue: reasons of corrections"),
    "organisation": N_("Organizations"),
    "institution": N_("Institutions"),
    "reporting_cycle": N_("Reporting cycles: titles"),
    "purge": N_("Reasons of what was erased before"),
    "evidence_version.content": N_("Files"),
    "issued_edition": N_("Issued reports: they are withdrawn, and issued anew without it"),
    "issued_report": N_("Issued reports: reasons"),
}
"""By table, or by "table.column" where that is something else to people."""


def said_places(counts: Iterable[tuple[str, int]] | Mapping[str, int]) -> list[tuple[str, int]]:
    """(words, how often), those of one name added up, in the order given. A new table is named as it is."""
    found: dict[str, int] = {}
    for place, count in counts.items() if isinstance(counts, Mapping) else counts:
        table = place.partition(".")[0]
        words = PLACES.get(place) or PLACES.get(table)
        name = _(words) if words else table
        found[name] = found.get(name, 0) + count
    return list(found.items())
