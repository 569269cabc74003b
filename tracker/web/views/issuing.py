"""Administrators issue reports: what there is to issue, a preview and the act, a State's rhythm, a withdrawal."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template
from flask.typing import ResponseReturnValue

from tracker.db import db, transaction
from tracker.domain.policy import Permission
from tracker.domain.vocabulary import IssueRhythm, PublicationState
from tracker.services import issue_rhythm, issue_subjects, issued_reports, issued_reports_read
from tracker.services.issue_subjects import Subject
from tracker.services.public_figures import in_alphabetical_order
from tracker.web import issue_pages
from tracker.web.access import actor, requires
from tracker.web.addresses import found, to_canonical
from tracker.web.forms.fields import problems_into
from tracker.web.forms.issuing import IssueAsOfForm, IssueForm, RhythmForm, WithdrawForm
from tracker.web.issue_pages import ISSUED, issue_of
from tracker.web.languages import choose
from tracker.web.languages import gettext as _

blueprint = Blueprint("issuing", __name__)


@blueprint.get("/admin/issuing")
@requires(Permission.STATUS_REPORT_ISSUE)
def index() -> ResponseReturnValue:
    """Every party with its rhythm and what stands of it; the cycles with their hemispheric reports."""
    lines = in_alphabetical_order(issue_rhythm.listing(db.session, g.now), choose())
    return render_template(
        "pages/issuing/index.html",
        lines=lines,
        cycles=list(dict.fromkeys(code for line in lines for code in line.cycles))[:3],
        standing=issued_reports_read.standing(db.session),
    )


@blueprint.get("/admin/issuing/<subject>")
@requires(Permission.STATUS_REPORT_ISSUE)
def preview(subject: str) -> ResponseReturnValue:
    """The report as it would be issued now."""
    about = issue_subjects.parse(subject)
    if subject != about.slug:
        return to_canonical(f"/admin/issuing/{about.slug}")
    return _preview(about, None)


@blueprint.post("/admin/issuing/<subject>")
@requires(Permission.STATUS_REPORT_ISSUE)
def issue(subject: str) -> ResponseReturnValue:
    """Number and freeze it, then make its documents; where that is broken off, the clock finishes it."""
    about = issue_subjects.parse(subject)
    form = _form(about, sent=True)
    issue_id = 0
    if form.validate():
        with problems_into(form), transaction() as session:
            issue_id = issued_reports.begin(session, about.kind, about.slug, actor=actor(), now=g.now, **form.said())
    if form.errors:
        return _preview(about, form, 422)
    is_ready = issue_pages.make_documents(issue_id)
    made = issued_reports_read.by_id(db.session, issue_id)
    text = _("%(number)s is issued.") if is_ready else _("%(number)s is being prepared: its documents follow.")
    flash(text % {"number": made.number}, "success")
    return redirect(f"{ISSUED}/{made.slug}", 303)


@blueprint.get("/admin/issuing/<code>/rhythm")
@requires(Permission.STATUS_REPORT_ISSUE)
def rhythm(code: str) -> ResponseReturnValue:
    """How often a State's report as of a date is issued by itself."""
    return _rhythm(code, None)


@blueprint.post("/admin/issuing/<code>/rhythm")
@requires(Permission.STATUS_REPORT_ISSUE)
def set_rhythm(code: str) -> ResponseReturnValue:
    """Change it, from today on."""
    form = RhythmForm()
    if form.validate():
        wanted, seen = IssueRhythm(form.rhythm.data), form.seen.data or ""
        with problems_into(form), transaction() as session:
            issue_rhythm.set_rhythm(session, _party_code(code), wanted, seen=seen, actor=actor(), now=g.now)
    if form.errors:
        return _rhythm(code, form, 422)
    flash(_("The rhythm is saved."), "success")
    return redirect("/admin/issuing", 303)


@blueprint.get("/status-reports/<issue:issue_code>/withdraw")
@requires(Permission.STATUS_REPORT_ISSUE)
def ask_withdraw(issue_code: str) -> ResponseReturnValue:
    """Why it is withdrawn."""
    return _withdraw(issue_code, None)


@blueprint.post("/status-reports/<issue:issue_code>/withdraw")
@requires(Permission.STATUS_REPORT_ISSUE)
def withdraw(issue_code: str) -> ResponseReturnValue:
    """Withdraw it, with a public reason."""
    form = WithdrawForm()
    one, _is_canonical = issue_of(issue_code)
    if form.validate():
        with problems_into(form), transaction() as session:
            issued_reports.withdraw(session, one.id, **form.said(), actor=actor(), now=g.now)
    if form.errors:
        return _withdraw(issue_code, form, 422)
    flash(_("%(number)s is withdrawn.") % {"number": one.number}, "success")
    return redirect(f"{ISSUED}/{one.slug}", 303)


def _form(about: Subject, *, sent: bool) -> IssueForm:
    """The form for this kind of subject, with what stands now."""
    form = (IssueAsOfForm if about.is_as_of_date else IssueForm)() if sent else None
    if form is None:
        form = IssueAsOfForm(formdata=None) if about.is_as_of_date else IssueForm(formdata=None)
    if isinstance(form, IssueAsOfForm):
        issues = issued_reports_read.of_subject(db.session, about.slug)
        stands = [one for one in issues if one.state is PublicationState.ISSUED]
        form.standing.offer((str(one.id), f"{one.number} ({one.as_of:%Y-%m-%d})") for one in stands)
    return form


def _preview(about: Subject, typed: IssueForm | None, status: int = 200) -> ResponseReturnValue:
    report = issue_subjects.build(db.session, about, choose(), g.now)
    stands = issued_reports_read.current(db.session, about.slug)
    form = typed or _form(about, sent=False)
    form.replaces.data = stands.id if stands and not about.is_as_of_date else 0
    form.reason.flags.optional = about.is_as_of_date
    page = render_template(
        "pages/issuing/preview.html",
        subject=about,
        form=form,
        stands=stands,
        preparing=issued_reports_read.preparing(db.session, about.slug),
        **issue_pages.preview(report, about.kind),
    )
    return page, status


def _rhythm(code: str, typed: RhythmForm | None, status: int = 200) -> ResponseReturnValue:
    party = issue_rhythm.party(db.session, _party_code(code))
    form = typed or RhythmForm(formdata=None, rhythm=party.issue_rhythm.value, seen=party.issue_rhythm.value)
    return render_template("pages/issuing/rhythm.html", party=party, form=form), status


def _withdraw(issue_code: str, typed: WithdrawForm | None, status: int = 200) -> ResponseReturnValue:
    one, is_canonical = issue_of(issue_code)
    if not is_canonical:
        return to_canonical(f"{ISSUED}/{one.slug}/withdraw")
    found(None if one.state is PublicationState.WITHDRAWN and typed is None else one)
    form = typed or WithdrawForm(formdata=None, version=one.version)
    page = render_template("pages/issuing/withdraw.html", issue=one, about=issue_pages.about(one), form=form)
    return page, status


def _party_code(raw: str) -> str:
    """The party of an address. Raises NotVisible for what is no code."""
    return found(raw.upper() if len(raw) <= 8 and raw.isascii() and raw.isalnum() else None)
