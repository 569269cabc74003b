"""What status report and hemispheric report have alike in print: cover, foot, and how the PDF is set."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tracker.documents.qr import runs
from tracker.documents.row_heights import with_heights
from tracker.documents.status_report_changed import Changed
from tracker.documents.typesetting import REGIONS, typeset
from tracker.services.status_report_content import CycleFacts, IssueFacts
from tracker.wording import N_

TEMPLATE = "status_report.typ"


def period(words: Changed, cycle: CycleFacts) -> tuple[str, str]:
    """Label and dates of the period reported on, for the cover."""
    start, end = words.date(cycle.period_start), words.date(cycle.period_end)
    return words.say(N_("Period reported on")), words.say(N_("%(start)s to %(end)s"), start=start, end=end)


def head(
    words: Changed,
    issue: IssueFacts | None,
    *,
    title: str,
    document_title: str,
    name: str,
    official_name: str,
    subject: str,
    cover: Iterable[tuple[str, str]],
    note: str = "",
    foot: Iterable[str],
) -> dict[str, Any]:
    """What stands on the cover and below each page.

    ``cover``: label and text of the facts there, to which number and code are added; ``note``: how this kind of report
    is to be read; ``foot``: what is named below each page.
    """
    say = words.say
    facts = list(cover)
    if issue:
        facts += [(say(N_("Document number")), issue.number), (say(N_("Code")), issue.code)]
    marks = (issue.number, issue.code) if issue else (say(N_("Not an issued document")),)
    whose = say(
        N_(
            "Follow-up of recommendations made by civil society and of mandates of the Organization of American"
            " States against trafficking in persons. What civil society recommended is not an obligation that"
            " States accepted."
        )
    )
    limits = say(N_("Holds only what is public. How to read the figures stands at the end, under “Method and limits”."))
    return {
        "publisher": say(N_("Commitments Tracker")),
        "publisher_line": say(N_("Follow-up of recommendations against trafficking in persons in the Americas")),
        "title": title,
        "document_title": document_title,
        "name": name,
        "official_name": official_name,
        "subject": subject,
        "contents": say(N_("Contents")),
        "cover": facts,
        "issue_note": words.issue_note,
        "verify_note": " ".join(one for one in (words.verify_note, words.replaces_note) if one),
        "verify_url": issue.verify_url if issue else "",
        "qr_alt": say(N_("QR code with the address %(address)s"), address=issue.verify_url) if issue else "",
        "cover_notes": [one for one in (whose, note, limits) if one],
        "footer": " · ".join((*foot, *marks)),
    }


def data(
    words: Changed, printed: dict[str, Any], sections: list[dict[str, Any]], *, keywords: list[str], name_size: int
) -> dict[str, Any]:
    """All that the template reads: a head, its sections, and the squares of the QR code."""
    address = printed["verify_url"]
    side, dark = runs(address) if address else (0, [])
    return {
        **printed,
        "lang": words.language,
        "region": REGIONS[words.language],
        "keywords": keywords,
        "name_size": name_size,
        "sections": with_heights(sections),
        "qr": {"side": side, "dark": dark, "address": address},
    }


def pdf(found: dict[str, Any], as_of: datetime) -> bytes:
    """The PDF, dated with the as-of moment: the same data are the same bytes."""
    return typeset(TEMPLATE, found, int(as_of.timestamp()))
