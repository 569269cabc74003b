"""What the pages about issued reports share: the issue behind an address, its words, what it says in short."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import g, render_template

from tracker.db import db, transaction
from tracker.documents.formats import RENDERERS
from tracker.documents.status_report_words import Words
from tracker.domain.compliance import Share
from tracker.domain.issue_codes import of_address
from tracker.domain.vocabulary import PublicationKind
from tracker.logs import log
from tracker.services import issue_reasons, issued_reports, issued_reports_read
from tracker.services.issued_reports_read import Issue
from tracker.web.languages import choose
from tracker.web.languages import gettext as _
from tracker.web.status_report_page import context
from tracker.wording import pick

ISSUED = "/status-reports"
VERIFY = "/verify"


@dataclass(frozen=True)
class Gist:
    """What a report says, in short."""

    headline: str
    tiles: list[tuple[str, Share, str]]
    """(what is counted, the figure, its percentage in words or nothing)."""
    sentences: list[str]


def issue_of(raw: str) -> tuple[Issue, bool]:
    """(the issue of a code in an address, whether that is its one spelling). Raises NotVisible."""
    code, is_canonical = of_address(raw)
    return issued_reports_read.get(db.session, code), is_canonical


def about(issue: Issue) -> str:
    """What an issue is about, in the reader's language: a party and a cycle, or a date."""
    lang = choose()
    whom = pick(issue.party, lang) if issue.party else _("All States")
    if issue.is_as_of_date:
        return _("%(party)s, as of a date") % {"party": whom}
    return _("%(party)s, %(cycle)s") % {"party": whom, "cycle": pick(issue.cycle, lang)}


def reason(issue: Issue) -> str:
    """Why it was replaced or withdrawn, as the reader is told it."""
    return issue_reasons.said(issue.reason, choose())


def gist(report: Any, kind: PublicationKind) -> Gist:
    """Headline, key figures and summary of a report."""
    words: Any = words_of(report, kind)
    tiles = [(label, share, words.percent(share)) for label, share in words.tiles()]
    return Gist(words.headline, tiles, words.summary())


def words_of(report: Any, kind: PublicationKind) -> Any:
    """The sentences of a report of this kind."""
    if kind is PublicationKind.STATUS_REPORT:
        return Words(report)
    from tracker.documents.hemispheric_words import Words as OfAll  # seldom asked for

    return OfAll(report)


def rendered(issue: Issue, report: Any, **more: Any) -> str:
    """The page of a report as it was issued, of either kind, with what became of it."""
    more |= {"issue": issue, "about": about(issue), "reason": reason(issue), "page_address": f"{ISSUED}/{issue.slug}"}
    if issue.kind is PublicationKind.STATUS_REPORT:
        return render_template(
            "pages/issued_reports/status_report.html", **context(report), **more, may_mail=False, may_issue=False
        )
    return render_template(
        "pages/issued_reports/hemispheric.html",
        **_of_all(report),
        **more,
    )


def _of_all(report: Any) -> dict[str, Any]:
    from tracker.web.hemispheric_page import context as of_all  # seldom asked for

    return of_all(report)


def preview(report: Any, kind: PublicationKind) -> dict[str, Any]:
    """What the page before issuing shows: all of a State's report, of the hemispheric one the gist."""
    if kind is PublicationKind.STATUS_REPORT:
        return {**context(report), "gist": None}
    return {"report": report, "words": words_of(report, kind), "gist": gist(report, kind)}


def make_documents(issue_id: int) -> bool:
    """Make the documents of what was just issued; whether it stands. What fails is logged, and left to the clock."""
    try:
        return issued_reports.finish(transaction, issue_id, RENDERERS, now=g.now)
    except Exception as error:
        log.error("issue.documents_failed", issue=issue_id, kind=type(error).__name__, exc_info=error)
        db.session.rollback()
        return False
