"""Issued reports, for everybody: the list, the frozen page of each, its documents, two of them side by side."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from tracker.db import db
from tracker.documents.formats import MEDIA_TYPES
from tracker.domain.errors import NotVisible
from tracker.domain.policy import Permission, can
from tracker.domain.vocabulary import PublicationKind, PublicationState
from tracker.services import issue_compare, issued_reports_read
from tracker.services.issued_reports_read import Issue
from tracker.services.public_figures import in_alphabetical_order
from tracker.web import issue_pages, paging, traces
from tracker.web.access import maybe_actor, public
from tracker.web.addresses import chosen, to_canonical
from tracker.web.issue_pages import ISSUED, issue_of
from tracker.web.issue_words import compared
from tracker.web.languages import choose

blueprint = Blueprint("issued_reports", __name__)
KINDS = {"states": PublicationKind.STATUS_REPORT, "hemispheric": PublicationKind.HEMISPHERIC_REPORT}
GONE = 410
MOST_OTHERS = 12
"""Other issues that a page links to; all are in the list."""


@blueprint.get("/status-reports")
@public
def index() -> ResponseReturnValue:
    """All that was issued, newest first, or by State; with what was replaced or withdrawn."""
    number, party, order = paging.asked(), chosen("state").upper(), chosen("order")
    kind = KINDS.get(chosen("kind"))
    found, total = issued_reports_read.listed(
        db.session, party=party, kind=kind, by_name_in=choose() if order == "name" else "", page=number
    )
    return render_template(
        "pages/issued_reports/index.html",
        issues=found,
        page=paging.page(number, total, issued_reports_read.PAGE),
        parties=in_alphabetical_order(issued_reports_read.parties(db.session), choose()),
        party=party,
        order=order,
        kind=chosen("kind"),
        about=issue_pages.about,
    )


@blueprint.get("/status-reports/<issue:issue_code>")
@public
def show(issue_code: str) -> ResponseReturnValue:
    """The report as it was issued; or that it is being prepared, or withdrawn."""
    issue, is_canonical = issue_of(issue_code)
    if not is_canonical:
        return to_canonical(f"{ISSUED}/{issue.slug}")
    if not issue.is_readable:
        return _ended(issue, 200)
    report = issued_reports_read.report(db.session, issue, choose())
    return issue_pages.rendered(
        issue, report, others=_others(issue), may_withdraw=can(maybe_actor(), Permission.STATUS_REPORT_ISSUE)
    )


@blueprint.get("/status-reports/<issue:issue_code>.<any(pdf, docx, xlsx, json):format>")
@public
def document(issue_code: str, format: str) -> ResponseReturnValue:
    """A document as it was issued, byte for byte. Of a withdrawn issue none is given out: 410, with the reason."""
    issue, is_canonical = issue_of(issue_code)
    if not is_canonical:
        return to_canonical(f"{ISSUED}/{issue.slug}.{format}")
    if not issue.is_readable:
        return _ended(issue, GONE if issue.state is PublicationState.WITHDRAWN else 404)
    found = issued_reports_read.document(db.session, issue, choose(), format)
    if found.content is None:
        return _ended(issue, GONE)
    traces.exported("issued_report", issue.id, format=format, language=found.language)
    response = Response(found.content, content_type=MEDIA_TYPES[format])
    shown = "inline" if format == "pdf" else "attachment"
    response.headers["Content-Disposition"] = f'{shown}; filename="{file_name(issue, found.language, format)}"'
    response.set_etag(found.sha256)
    return response.make_conditional(request)


@blueprint.get("/status-reports/<issue:issue_code>/differences/<issue:other_code>")
@public
def differences(issue_code: str, other_code: str) -> ResponseReturnValue:
    """What differs between two issues about the same, line by line; the older one first, however they are named."""
    (one, first), (other, second) = issue_of(issue_code), issue_of(other_code)
    if not (one.is_readable and other.is_readable) or one.id == other.id or not _comparable(one, other):
        raise NotVisible
    before, after = sorted((one, other), key=lambda issue: (issue.as_of, issue.id))
    if not (first and second and before is one):
        return to_canonical(f"{ISSUED}/{before.slug}/differences/{after.slug}")
    reports = [issued_reports_read.report(db.session, issue, choose()) for issue in (before, after)]
    found = issue_compare.compare(*reports)
    return render_template(
        "pages/issued_reports/differences.html",
        before=before,
        after=after,
        report=reports[1],
        found=compared(found, choose()),
        about=issue_pages.about,
    )


def file_name(issue: Issue, language: str, form: str) -> str:
    """SR-12-2026-br-2026-es.pdf; plain letters only."""
    name = f"{issue.number}-{issue.subject}-{language}"
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in name) + f".{form}"


def _comparable(one: Issue, other: Issue) -> bool:
    return one.kind is other.kind and one.party_code == other.party_code


def _others(issue: Issue) -> list[Issue]:
    """Other issues that it can be compared with: of the same subject, then others about the same party."""
    if issue.party_code is None:
        found, _total = issued_reports_read.listed(db.session, kind=issue.kind)
    else:
        found = issued_reports_read.of_party(db.session, issue.party_code)
    others = [one for one in found if one.id != issue.id and one.is_readable]
    return sorted(others, key=lambda one: one.subject != issue.subject)[:MOST_OTHERS]


def _ended(issue: Issue, status: int) -> ResponseReturnValue:
    newer = issued_reports_read.current(db.session, issue.subject)
    page = render_template(
        "pages/issued_reports/ended.html",
        issue=issue,
        about=issue_pages.about(issue),
        reason=issue_pages.reason(issue),
        newer=newer if newer is not None and newer.id != issue.id else None,
        is_document=status >= 400,
    )
    return page, status
