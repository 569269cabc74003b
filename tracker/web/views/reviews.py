"""The reviewers' queue and the desk: from a submission to a published rating."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import MultiDict

from tracker import wording
from tracker.db import db, transaction
from tracker.domain.errors import Stale, Unmet, WrongState
from tracker.domain.policy import Permission, Subject, can
from tracker.domain.text import fold
from tracker.domain.workflow import TRANSITIONS, Action, may_start
from tracker.models import ProgressReport
from tracker.services import (
    extension_lists,
    history,
    observations,
    questions,
    records,
    review_desk,
    review_order,
    review_queue,
    reviews,
    standing,
)
from tracker.services.questions import About
from tracker.services.review_queue import Filters, Only, Tab
from tracker.web import access, paging
from tracker.web.access import requires
from tracker.web.forms.fields import put_problems
from tracker.web.forms.reviews import FORMS, Decision, ProposeForm
from tracker.web.history_words import Told, told
from tracker.web.languages import choose
from tracker.web.languages import gettext as _

blueprint = Blueprint("reviews", __name__)


@blueprint.get("/reviews")
@requires(Permission.REVIEW_QUEUE)
def index() -> ResponseReturnValue:
    """What waits for the Secretariat, longest first."""
    tab = request.args.get("tab", Tab.WAITING)
    if tab not in set(Tab):
        abort(404)
    filters = _filters(request.args)
    number = paging.asked()
    found = review_queue.queue(db.session, Tab(tab), filters, page=number, actor=access.actor(), now=g.now)
    return render_template(
        "pages/reviews/index.html",
        tab=Tab(tab),
        filters=filters,
        queue=found,
        options=_options(),
        page=paging.page(number, found.counts[Tab(tab)], review_queue.PAGE),
    )


def _filters(given: MultiDict[str, str]) -> Filters:
    """What the list is narrowed to; the same from the address and from a form."""
    only = given.get("only", "")
    return Filters(
        party=given.get("state", "").upper()[:8],
        pillar=given.get("pillar", "")[:60],
        cycle=given.get("cycle", "")[:20],
        only=only if only in set(Only) else "",
    )


def _options() -> dict[str, list[tuple[str, str]]]:
    """What the list can be narrowed to, in the reader's language, as (value, text)."""
    named = review_queue.choices(db.session)
    found = {kind: [(code, wording.pick(name, choose())) for code, name in pairs] for kind, pairs in named.items()}
    found["party"] = sorted(((code.lower(), name) for code, name in found["party"]), key=lambda pair: fold(pair[1]))
    return found


@blueprint.post("/reviews/next")
@requires(Permission.REVIEW_QUEUE)
def take_next() -> ResponseReturnValue:
    """Take up what waits longest, under the filters of the list."""
    with transaction() as session:
        taken = review_order.claim_next(session, _filters(request.form), actor=access.actor(), now=g.now)
        report_id = taken.id if taken is not None else None
    if report_id is None:
        flash(_("Nothing waits for a reviewer here."), "notice")
        return redirect(url_for("reviews.index"), 303)
    flash(_("The review is yours."), "success")
    return redirect(url_for("reviews.show", report_id=report_id), 303)


@blueprint.get("/reviews/<id:report_id>")
@requires(Permission.REVIEW_QUEUE)
def show(report_id: int) -> ResponseReturnValue:
    """One report, as submitted, with all that helps to judge it."""
    return _desk(access.get_report(report_id, Permission.COMMITMENT_VIEW))


@blueprint.post("/reviews/<id:report_id>/take-up")
@requires(Permission.REVIEW_TAKE_UP)
def take_up(report_id: int) -> ResponseReturnValue:
    return _decide(report_id, Action.TAKE_UP, reviews.take_up, _("The review is yours."))


@blueprint.post("/reviews/<id:report_id>/take-over")
@requires(Permission.REVIEW_TAKE_OVER)
def take_over(report_id: int) -> ResponseReturnValue:
    return _decide(report_id, Action.TAKE_OVER, reviews.take_over, _("The review is yours now."))


@blueprint.post("/reviews/<id:report_id>/return")
@requires(Permission.REVIEW_ASSESS)
def return_(report_id: int) -> ResponseReturnValue:
    return _decide(report_id, Action.RETURN, reviews.return_, _("The report went back with your comment."))


@blueprint.post("/reviews/<id:report_id>/propose")
@requires(Permission.REVIEW_ASSESS)
def propose(report_id: int) -> ResponseReturnValue:
    return _decide(report_id, Action.PROPOSE, reviews.propose, _("Your rating waits for a colleague to confirm it."))


@blueprint.post("/reviews/<id:report_id>/send-back")
@requires(Permission.REVIEW_CONFIRM)
def send_back(report_id: int) -> ResponseReturnValue:
    return _decide(report_id, Action.SEND_BACK, reviews.send_back, _("The proposal went back to your colleague."))


@blueprint.post("/reviews/<id:report_id>/confirm")
@requires(Permission.REVIEW_CONFIRM)
def confirm(report_id: int) -> ResponseReturnValue:
    return _decide(report_id, Action.CONFIRM, reviews.confirm, _("The rating is confirmed and open for comment."))


@blueprint.post("/reviews/<id:report_id>/reopen")
@requires(Permission.REVIEW_REOPEN)
def reopen(report_id: int) -> ResponseReturnValue:
    return _decide(report_id, Action.REOPEN, reviews.reopen, _("The report is under review again."))


def _decide(report_id: int, action: Action, verb: Callable[..., Any], done: str) -> ResponseReturnValue:
    """Take one step: the refusal comes before any word about the form."""
    permission = TRANSITIONS[action].permission
    assert permission is not None  # noqa: S101  (the clock's step has no address)
    g.action = action
    report = access.get_report(report_id, Permission.COMMITMENT_VIEW)
    form = _form(action, report)
    if access.actor().is_staff and form.typed() and form.version.data not in (0, report.version):
        raise Stale  # a colleague may have taken it over meanwhile: what was typed must come back with the refusal
    access.check(permission, records.subject_of(report, now=g.now))
    if "preview" in request.form and may_start(action, report.state):
        return _desk(report, form)
    if not form.validate():
        return _again(report_id, form)
    with transaction() as session:
        report = access.get_report(report_id, permission)
        verb(session, report, seen_version=form.version.data, actor=access.actor(), now=g.now, **form.said())
    flash(done, "success")
    return redirect(url_for("reviews.show", report_id=report_id), 303)


def _form(
    action: Action, report: ProgressReport, parts: Sequence[review_desk.Part] | None = None, **shown: Any
) -> Decision:
    """The form of a step; the proposal has a field per element of this report (``parts``, where they are read)."""
    kind = FORMS[action]
    if issubclass(kind, ProposeForm):
        elements = [About(p.code, p.label, p.is_whole) for p in parts] if parts else questions.elements_of(report)
        kind = kind.for_elements(elements)
    return kind(**shown)


def _offered(report: ProgressReport) -> set[Action]:
    """The steps that this person may take now."""
    subject = records.subject_of(report, now=g.now)
    return {
        action
        for action in FORMS
        if (wanted := TRANSITIONS[action].permission)
        and may_start(action, report.state)
        and can(access.actor(), wanted, subject)
    }


def _desk(report: ProgressReport, given: Decision | None = None, status: int = 200) -> ResponseReturnValue:
    """The page of one review; ``given`` is a form that was not accepted, and stays filled in."""
    actor, offered = access.actor(), _offered(report)
    desk = review_desk.desk(db.session, report, actor, now=g.now)
    forms = {a.value: _form(a, report, desk.parts, formdata=None, version=report.version) for a in offered}
    if given is not None:
        given.version.data = report.version
        forms[g.action.value] = given
    page = render_template(
        "pages/reviews/show.html",
        report=report,
        form=given,
        forms=forms,
        standing=_standing(report),
        desk=desk,
        beside=review_order.neighbours(db.session, report, _filters(request.args), actor, now=g.now),
        narrowed=_narrowed(),
        asks=report.state in questions.ASKED_IN and can(actor, Permission.QUESTION_ASK, _subject(report)),
        safe_link=review_desk.safe_link,
        extensions=extension_lists.of_reports(db.session, [report.id], actor, now=g.now),
        observed=observations.for_report(db.session, report.id, actor),
        entries=_history(report),
    )
    return page, status


def _narrowed() -> str:
    """The filters of the list this report was opened from, as they stand in an address; they go along."""
    kept = {name: request.args[name] for name in ("state", "pillar", "cycle", "only") if request.args.get(name)}
    return f"?{urlencode(kept)}" if kept else ""


def _subject(report: ProgressReport) -> Subject:
    return records.subject_of(report, now=g.now)


def _history(report: ProgressReport, limit: int = history.PAGE) -> list[Told]:
    """What happened to the commitment, in words; the cycle stands beside what concerns this report."""
    return told(
        history.of_commitment(db.session, report.commitment_id, access.actor(), limit=limit),
        access.actor(),
        party_id=report.party_id,
        party_name=report.commitment.party.name,
        cycles={report.id: report.cycle.title},
    )


def _standing(report: ProgressReport) -> str:
    """Where it stands for the Secretariat, also for an administrator who recorded it."""
    return standing.standing(
        standing.Reader.STAFF,
        report.state,
        submitted_at=report.submitted_at,
        first_submitted_at=report.first_submitted_at,
        published=report.published_assessment_id is not None,
    )


def _again(report_id: int, form: Decision) -> ResponseReturnValue:
    """The same page with the form as typed; where the step is no longer possible, what was typed and why."""
    report = access.get_report(report_id, Permission.COMMITMENT_VIEW)
    if g.action not in _offered(report):
        return _conflict(report_id)
    return _desk(report, form, 422)


@blueprint.errorhandler(Unmet)
def _unmet(error: Unmet) -> ResponseReturnValue:
    report_id = request.view_args["report_id"]  # type: ignore[index]
    form = _form(g.action, access.get_report(report_id, Permission.COMMITMENT_VIEW))
    form.validate()
    put_problems(form, error.problems)
    return _again(report_id, form)


@blueprint.errorhandler(Stale)
@blueprint.errorhandler(StaleDataError)
@blueprint.errorhandler(WrongState)
def _moved_on(_error: Exception) -> ResponseReturnValue:
    return _conflict(request.view_args["report_id"])  # type: ignore[index]


def _conflict(report_id: int) -> ResponseReturnValue:
    """Somebody was faster: what has happened since, what was typed, and the form to go on where that is possible."""
    report = access.get_report(report_id, Permission.COMMITMENT_VIEW)
    form = _form(g.action, report)
    typed = form.typed()
    form.version.data = report.version
    page = render_template(
        "pages/reviews/conflict.html",
        report=report,
        action=g.action,
        standing=_standing(report),
        typed=typed,
        form=form,
        possible=g.action in _offered(report),
        entries=_history(report, limit=5),
    )
    return page, 409
