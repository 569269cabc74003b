"""A progress report, as its own party writes, approves, submits and answers it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError

from tracker import wording
from tracker.db import db, transaction
from tracker.domain.errors import Stale, Unmet, WrongState
from tracker.domain.measures import CURRENCIES
from tracker.domain.policy import Permission, can
from tracker.domain.workflow import EDITABLE, TRANSITIONS, Action, may_start
from tracker.models import ProgressReport
from tracker.services import approvals as approving
from tracker.services import (
    assignment_lists,
    drafts,
    evidence_library,
    extension_lists,
    extensions,
    observations,
    parts,
    questions,
    reading,
    records,
    reports,
)
from tracker.services.assignment_lists import Given
from tracker.services.dashboard import last_day
from tracker.web import access
from tracker.web.access import requires
from tracker.web.approvals import Decided, decide_each
from tracker.web.forms.personal_data import said_findings
from tracker.web.forms.report_links import LANGUAGES
from tracker.web.forms.reports import ReportForm, version_in
from tracker.web.languages import choose
from tracker.web.languages import gettext as _
from tracker.web.report_conflict import differences
from tracker.web.report_saving import read_and_save
from tracker.web.report_words import before
from tracker.web.said import language_name

blueprint = Blueprint("reports", __name__)
STEPS = (Action.ASK_APPROVAL, Action.SUBMIT, Action.REFUSE, Action.RECALL, Action.COMMENT, Action.WAIVE)
WITH_ANSWERS = (None, Action.ASK_APPROVAL, Action.SUBMIT)
"""What is sent together with the answers: saving, and the steps whose buttons stand in the same form."""
Verb = Callable[..., Any]


@blueprint.get("/reports/<id:report_id>")
@requires(Permission.COMMITMENT_VIEW)
def show(report_id: int) -> ResponseReturnValue:
    """The form while the party may write, else what it said and what it can do. Staff read it at the review desk."""
    report = access.get_report(report_id, Permission.COMMITMENT_VIEW)
    subject = records.subject_of(report, now=g.now)
    if access.actor().is_staff and not can(access.actor(), Permission.REPORT_VIEW_DRAFT, subject):
        return redirect(url_for("reviews.show", report_id=report_id))
    access.check(Permission.REPORT_VIEW_DRAFT, subject)
    return _page(report)


@blueprint.post("/reports/<id:report_id>")
@requires(Permission.REPORT_EDIT)
def save(report_id: int) -> ResponseReturnValue:
    """Keep the draft as it is; with the buttons beside the fields also carry over what was said before."""
    if "unchanged" in request.form:
        done = _("The draft says what the last report said, and that nothing changed since.")
        return _act(report_id, Permission.REPORT_EDIT, drafts.nothing_changed, done)
    field = request.form.get("carry")
    if field:
        done = _("The draft is saved, with what was carried over. Confirm what still holds, or change it.")
        verb = partial(drafts.carry_over, field=None if field == "all" else field)
        return _act(report_id, Permission.REPORT_EDIT, verb, done, anchor=None if field == "all" else field)
    return _act(report_id, Permission.REPORT_EDIT, None, _("The draft is saved."), anchor=request.form.get("more"))


@blueprint.post("/reports/<id:report_id>/ask-approval")
@requires(Permission.REPORT_ASK_APPROVAL)
def ask_approval(report_id: int) -> ResponseReturnValue:
    done = _("The report is with the national approver.")
    return _step(report_id, Action.ASK_APPROVAL, reports.ask_approval, done)


@blueprint.post("/reports/<id:report_id>/submit")
@requires(Permission.REPORT_SUBMIT)
def submit(report_id: int) -> ResponseReturnValue:
    return _step(report_id, Action.SUBMIT, reports.submit, _("The report is submitted to the Secretariat."))


@blueprint.post("/reports/<id:report_id>/hand-in")
@requires(Permission.PART_HAND_IN)
def hand_in(report_id: int) -> ResponseReturnValue:
    """A contributor says that what was asked of him or her is ready."""
    done = _("Your focal point is told that your part is ready. You may still change it.")
    return _act(report_id, Permission.PART_HAND_IN, parts.hand_in, done)


@blueprint.post("/reports/<id:report_id>/refuse")
@requires(Permission.REPORT_APPROVE)
def refuse(report_id: int) -> ResponseReturnValue:
    return _step(report_id, Action.REFUSE, reports.refuse, _("The report went back with your comment."), says="comment")


@blueprint.post("/reports/<id:report_id>/recall")
@requires(Permission.REPORT_RECALL)
def recall(report_id: int) -> ResponseReturnValue:
    return _step(report_id, Action.RECALL, reports.recall, _("The report is a draft again."))


@blueprint.post("/reports/<id:report_id>/comment")
@requires(Permission.REPORT_COMMENT)
def comment(report_id: int) -> ResponseReturnValue:
    done = _("The rating is published with your comment beside it.")
    return _step(report_id, Action.COMMENT, reports.comment, done, says="text")


@blueprint.post("/reports/<id:report_id>/waive")
@requires(Permission.REPORT_COMMENT)
def waive(report_id: int) -> ResponseReturnValue:
    return _step(report_id, Action.WAIVE, reports.waive, _("The rating is published without a comment."))


@blueprint.get("/approvals")
@requires(Permission.REPORT_APPROVE)
def approvals() -> ResponseReturnValue:
    """All that waits for the national approver, on one page."""
    waiting = approving.waiting(db.session, access.actor())
    return render_template("pages/reports/approvals.html", waiting=waiting, given=Decided())


@blueprint.post("/approvals")
@requires(Permission.REPORT_APPROVE)
def decide() -> ResponseReturnValue:
    """One decision for many reports, each carried out by itself."""
    approving.require_approver(db.session, access.actor())
    given = decide_each(request.form)
    if given.all_done:
        flash(given.message, "success")
        return redirect(url_for("reports.approvals"), 303)
    waiting = approving.waiting(db.session, access.actor())
    page = render_template(
        "pages/reports/approvals.html",
        waiting=waiting,
        given=given,
    )
    return page, 422


def _step(report_id: int, action: Action, verb: Verb, done: str, *, says: str = "") -> ResponseReturnValue:
    """Take a step of the workflow; ``says``: the argument of the service that takes the typed comment."""
    g.action = action
    permission = TRANSITIONS[action].permission
    assert permission is not None  # noqa: S101  (the clock's step has no address)
    return _act(report_id, permission, verb, done, says=says)


def _act(
    report_id: int, permission: Permission, verb: Verb | None, done: str, *, says: str = "", anchor: str | None = None
) -> ResponseReturnValue:
    """Save what was typed, where answers were sent, and take the step: both or neither."""
    with transaction() as session:
        report = access.get_report(report_id, permission)
        version = version_in(request.form)
        said = {}
        if says:
            g.form = ReportForm.read_comment(request.form)
            said = {says: g.form.comment, "explanation": g.form.explanation}
        elif "content" in request.form and g.get("action") in WITH_ANSWERS:
            read_and_save(session, report, version)
            version = report.version
        if g.get("form") and g.form.errors:
            raise Unmet
        if verb:
            verb(session, report, seen_version=version, actor=access.actor(), now=g.now, **said)
    flash(done, "success")
    for typed, kept in g.form.doubts if g.get("form") else ():
        number = wording.say_number(kept, choose())
        flash(_("“%(typed)s” was read as %(kept)s. Look whether that is meant.") % {"typed": typed, "kept": number})
    return redirect(_onward(report_id, anchor), 303)


def _onward(report_id: int, anchor: str | None = None) -> str:
    """A draft stays open; after a step the next thing to do stands on the dashboard."""
    if "action" in g and g.action in (Action.ASK_APPROVAL, Action.SUBMIT):
        return url_for("dashboard.index")
    if request.form.get("then") == "add-file":
        return url_for("evidence.new", report=report_id)
    if request.form.get("then") == "files":
        return url_for("evidence_reports.show", report_id=report_id)
    return url_for("reports.show", report_id=report_id, _anchor=anchor)


def _page(report: ProgressReport, form: ReportForm | None = None, status: int = 200) -> ResponseReturnValue:
    """The page of one report; ``form`` holds what was typed and not accepted."""
    actor = access.actor()
    subject = records.subject_of(report, now=g.now)
    draft = reading.draft(db.session, report, actor)
    editable = report.state in EDITABLE and can(actor, Permission.REPORT_EDIT, subject)
    # A comment that was not accepted belongs to its own small form; the answers are shown as stored.
    answers = form if form is not None and form.answers else ReportForm.of(draft, report.version)
    party = report.commitment.party
    page = render_template(
        f"pages/reports/{'form' if editable else 'read'}.html",
        report=report,
        party=party,
        provision=report.commitment.provision,
        draft=draft,
        attached=evidence_library.of_report(db.session, report.id) if draft.questions.whole else [],
        answers=answers,
        currencies=CURRENCIES,
        link_languages=[(code, language_name(code)) for code in LANGUAGES],
        before=before(draft) if editable else {},
        form=form,
        steps={a.value for a in STEPS if may_start(a, report.state) and can(actor, _permission(a), subject)},
        findings=said_findings(answers.texts()) if editable else {},
        comment_until=last_day(report.window_ends_at, party.time_zone) if report.window_ends_at else None,
        extensions=extension_lists.of_reports(db.session, [report.id], actor, now=g.now),
        may_extend=extensions.has_room(report, g.now) and can(actor, Permission.EXTENSION_ASK, subject),
        mine=_asked_of(report) if can(actor, Permission.PART_HAND_IN, subject) else [],
        from_reviewer=questions.of_report(db.session, report, actor, now=g.now),
        observed=[] if editable else observations.for_report(db.session, report.id, actor),
        answers_questions=report.state in questions.ANSWERED_IN and can(actor, Permission.QUESTION_ANSWER, subject),
    )
    return page, status


def _asked_of(report: ProgressReport) -> list[Given]:
    """What this contributor was asked for in the report."""
    return assignment_lists.of_person(db.session, report.commitment, access.actor().user_id, now=g.now)


def _permission(action: Action) -> Permission:
    permission = TRANSITIONS[action].permission
    assert permission is not None  # noqa: S101
    return permission


@blueprint.errorhandler(Unmet)
def _unmet(error: Unmet) -> ResponseReturnValue:
    report = access.get_report(_asked_id(), Permission.COMMITMENT_VIEW)
    form: ReportForm | None = g.get("form")
    if form is None:
        form = ReportForm.of(reading.draft(db.session, report, access.actor()), report.version)
    form.put_problems(error.problems)
    return _page(report, form, 422)


@blueprint.errorhandler(Stale)
@blueprint.errorhandler(StaleDataError)
@blueprint.errorhandler(WrongState)
def _moved_on(_error: Exception) -> ResponseReturnValue:
    """Somebody was faster: both texts, and the way to go on. A second click on one's own step is no error."""
    report = access.get_report(_asked_id(), Permission.COMMITMENT_VIEW)
    form: ReportForm | None = g.get("form")
    draft = reading.draft(db.session, report, access.actor())
    differing = differences(draft, form) if form else []
    said = form.comment if form and not form.answers else None
    twice = "action" in g and reading.is_done_already(db.session, report, g.action, access.actor(), said)
    if twice and not differing:
        return redirect(_onward(report.id), 303)
    subject = records.subject_of(report, now=g.now)
    wanted = _permission(g.action) if form and not form.answers else Permission.REPORT_EDIT
    still = may_start(g.action, report.state) if form and not form.answers else report.state in EDITABLE
    page = render_template(
        "pages/reports/conflict.html",
        report=report,
        provision=report.commitment.provision,
        differing=differing,
        form=form,
        possible=still and can(access.actor(), wanted, subject),
        action=g.get("action"),
        editor=reading.last_editor(db.session, report),
    )
    return page, 409


def _asked_id() -> int:
    return request.view_args["report_id"]  # type: ignore[index]
