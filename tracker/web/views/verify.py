"""Whether a document is genuine: by its code, or by a copy that is sent, looked at and not kept."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from tracker.db import db
from tracker.domain import issue_codes
from tracker.domain.text import without_unusable
from tracker.domain.vocabulary import PublicationState
from tracker.services import issued_reports_read, verification
from tracker.services.issued_reports_read import Issue
from tracker.web import issue_pages
from tracker.web.access import large_body, public
from tracker.web.addresses import to_canonical
from tracker.web.forms.fields import problems_into
from tracker.web.forms.verify import CopyForm
from tracker.web.issue_pages import VERIFY, issue_of
from tracker.web.languages import choose

blueprint = Blueprint("verify", __name__)
LARGEST_BODY = verification.MOST_BYTES + 256 * 1024
LONGEST_TYPED = 80


@blueprint.get("/verify")
@public
def index() -> ResponseReturnValue:
    """Where a code is entered. What cannot be one, or is none of ours, is said beside the field."""
    typed = request.args.get("code")
    if typed is None:
        return render_template("pages/verify/index.html", typed="", problem="")
    code = issue_codes.read(typed)
    if code is None:
        return _no_such(typed, "malformed", 422)
    found = issued_reports_read.known(db.session, code)
    if found is None:
        return _no_such(typed, "unknown", 404)
    return redirect(f"{VERIFY}/{found.slug}", 303)


@blueprint.get("/verify/<code>")
@public
def show(code: str) -> ResponseReturnValue:
    """What the document of this code said, and whether it stands."""
    read = issue_codes.read(code)
    if read is None or not code.isascii():
        return _no_such(code, "malformed", 404)
    if code != issue_codes.in_address(read):
        return to_canonical(f"{VERIFY}/{issue_codes.in_address(read)}")
    issue = issued_reports_read.known(db.session, read)
    if issue is None:
        return _no_such(read, "unknown", 404)
    return _page(issue)


@blueprint.get("/verify/file")
@public
def ask() -> ResponseReturnValue:
    """Where a copy is sent. This page alone sets a cookie: the form needs one."""
    return render_template("pages/verify/file.html", issue=None, form=CopyForm(formdata=None))


@blueprint.post("/verify/file")
@public
@large_body(LARGEST_BODY)
def check() -> ResponseReturnValue:
    """What a copy is, among all documents that were issued."""
    return _checked(None)


@blueprint.get("/verify/<issue:issue_code>/file")
@public
def ask_against(issue_code: str) -> ResponseReturnValue:
    """Where a copy of this document is sent."""
    issue, is_canonical = issue_of(issue_code)
    if not is_canonical:
        return to_canonical(f"{VERIFY}/{issue.slug}/file")
    form = CopyForm(formdata=None)
    return render_template("pages/verify/file.html", issue=issue, form=form, about=issue_pages.about(issue))


@blueprint.post("/verify/<issue:issue_code>/file")
@public
@large_body(LARGEST_BODY)
def check_against(issue_code: str) -> ResponseReturnValue:
    """Whether a copy is a document of this issue."""
    issue, _is_canonical = issue_of(issue_code)
    return _checked(issue)


def _checked(asked: Issue | None) -> ResponseReturnValue:
    form = CopyForm()
    if form.validate() and form.file.data is not None:
        with problems_into(form):
            digest, size = verification.digest(form.file.data.stream)
    about = issue_pages.about(asked) if asked else ""
    if form.errors:
        return render_template("pages/verify/file.html", issue=asked, form=form, about=about), 422
    found = verification.check(db.session, digest, size, asked=asked)
    return render_template(
        "pages/verify/checked.html",
        asked=asked,
        found=found,
        about=issue_pages.about(found.issue) if found.issue else "",
        reason=issue_pages.reason(found.issue) if found.issue else "",
    )


def _page(issue: Issue) -> ResponseReturnValue:
    is_ready = issue.state is not PublicationState.PREPARING
    report = issued_reports_read.report(db.session, issue, choose()) if is_ready else None
    return render_template(
        "pages/verify/show.html",
        issue=issue,
        about=issue_pages.about(issue),
        reason=issue_pages.reason(issue),
        gist=issue_pages.gist(report, issue.kind) if report is not None else None,
        documents=issued_reports_read.documents(db.session, issue),
    )


def _no_such(typed: str, problem: str, status: int) -> ResponseReturnValue:
    shown = without_unusable(typed[:LONGEST_TYPED], multiline=False)
    return render_template("pages/verify/index.html", typed=shown, problem=problem), status
