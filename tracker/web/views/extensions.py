"""A later due date: the party asks, for one report or several; the Secretariat decides, on one request or several."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.db import db, rehearsal, transaction
from tracker.domain.errors import NotVisible
from tracker.domain.plan_difference import Difference
from tracker.domain.policy import Permission
from tracker.domain.vocabulary import ExtensionDecision
from tracker.models import Extension
from tracker.services import extension_lists, extensions, records, what_if
from tracker.services.extension_lists import Tab
from tracker.services.extensions import Outcome
from tracker.services.review_queue import choices
from tracker.web import access, languages, paging
from tracker.web.access import requires
from tracker.web.forms.extensions import OTHER_DAY, PROBLEMS, REFUSE, AskForm, DecideForm, chosen
from tracker.web.forms.fields import problems_into
from tracker.web.languages import gettext as _
from tracker.web.languages import ngettext
from tracker.wording import pick

blueprint = Blueprint("extensions", __name__)


@blueprint.get("/extensions")
@requires(Permission.EXTENSION_LIST)
def index() -> ResponseReturnValue:
    """For staff what waits for a decision; for a party its own requests."""
    return _staff_page() if access.actor().is_staff else _party_page()


@blueprint.get("/extensions/new")
@requires(Permission.EXTENSION_ASK)
def new() -> ResponseReturnValue:
    """The form to ask, for one report (``?report=``) or several."""
    return _ask_page(AskForm(), chosen(request.args, "report"))


@blueprint.post("/extensions/new")
@requires(Permission.EXTENSION_ASK)
def ask() -> ResponseReturnValue:
    """Ask for a later due date: each report is looked at by itself."""
    extension_lists.require_writer(access.actor())
    form, ids = AskForm(), chosen(request.form, "report")
    for report_id in ids:
        access.get_report(report_id, Permission.EXTENSION_ASK)
    if not _something(form, ids, _("Choose at least one report.")):
        return _ask_page(form, ids, status=422)
    outcomes: list[Outcome] = []
    with problems_into(form), transaction() as session:
        reports = [access.get_report(one, Permission.EXTENSION_ASK) for one in ids]
        outcomes = extensions.ask(
            session,
            reports,
            until=form.until.data,
            reason=form.reason.data or "",
            explanation=form.explanation.data or "",
            actor=access.actor(),
            now=g.now,
        )
    if form.errors or any(o.problem for o in outcomes):
        return _ask_page(form, [o.report_id for o in outcomes if o.problem] or ids, outcomes, status=422)
    told = ngettext(
        "A later due date is asked for, for %(num)s report.",
        "A later due date is asked for, for %(num)s reports.",
        len(outcomes),
    )
    flash(told % {"num": len(outcomes)}, "success")
    return redirect(url_for("extensions.index"), 303)


@blueprint.post("/extensions/decide")
@requires(Permission.EXTENSION_DECIDE)
def decide() -> ResponseReturnValue:
    """One decision on one request or several."""
    form, ids = DecideForm(), chosen(request.form, "request")
    _permitted(ids)
    if not _something(form, ids, _("Choose at least one request.")):
        return _staff_page(form, ids, status=422)
    outcomes: list[Outcome] = []
    with problems_into(form), transaction() as session:
        outcomes = extensions.decide(session, _permitted(ids), **_decision(form))
    if form.errors or any(o.problem for o in outcomes):
        return _staff_page(form, ids, outcomes, status=422)
    flash(_decided(len(outcomes), form.decision.data == REFUSE), "success")
    return redirect(url_for("extensions.index"), 303)


@blueprint.post("/extensions/decide/what-if")
@requires(Permission.EXTENSION_DECIDE)
def preview() -> ResponseReturnValue:
    """Show what mail the decision would change; saves nothing."""
    form, ids = DecideForm(), chosen(request.form, "request")
    _permitted(ids)
    if not _something(form, ids, _("Choose at least one request.")):
        return _staff_page(form, ids, status=422)
    outcomes: list[Outcome] = []
    found = None
    with problems_into(form), rehearsal() as session:
        found = what_if.difference(
            session,
            lambda s: outcomes.extend(extensions.decide(s, _permitted(ids), **_decision(form))),
            now=g.now,
        )
    refused = [o for o in outcomes if o.problem]
    shown = found if len(refused) < len(outcomes) else None
    return _staff_page(form, ids, refused, status=422 if form.errors or refused else 200, difference=shown)


@blueprint.post("/extensions/<id:extension_id>/withdraw")
@requires(Permission.EXTENSION_ASK)
def withdraw(extension_id: int) -> ResponseReturnValue:
    """Take a request back before it is decided."""
    with transaction() as session:
        (extension,) = _reached([extension_id], Permission.EXTENSION_ASK)
        extensions.withdraw(session, extension, actor=access.actor(), now=g.now)
    flash(_("The request is taken back. It stays in the file as such."), "success")
    return redirect(url_for("extensions.index"), 303)


def _reached(ids: list[int], permission: Permission) -> list[Extension]:
    """The requests, if this person may do this to the report of each."""
    found = extensions.by_ids(db.session, ids)
    if len(found) < len(ids):
        raise NotVisible
    for one in found:
        access.check(permission, records.subject_of(one.report, now=g.now))
    return found


def _permitted(ids: list[int]) -> list[Extension]:
    """As ``_reached``, for who decides; whoever never decides is refused without a request too."""
    extension_lists.require_staff(access.actor())
    return _reached(ids, Permission.EXTENSION_DECIDE)


def _something(form: AskForm | DecideForm, ids: list[int], sentence: str) -> bool:
    """Whether the form is filled in and something is chosen."""
    valid = form.validate()
    if not ids or len(ids) > extensions.MOST:
        form.form_errors.append(sentence)
        return False
    return valid


def _decision(form: DecideForm) -> dict[str, Any]:
    refusing = form.decision.data == REFUSE
    return {
        "decision": ExtensionDecision.REFUSED if refusing else ExtensionDecision.GRANTED,
        "until": form.until.data if form.decision.data == OTHER_DAY else None,
        "reason": form.reason.data or "",
        "explanation": form.explanation.data or "",
        "actor": access.actor(),
        "now": g.now,
    }


def _decided(count: int, refused: bool) -> str:
    if refused:
        text = ngettext("%(num)s extension is not granted.", "%(num)s extensions are not granted.", count)
    else:
        text = ngettext("%(num)s extension is granted.", "%(num)s extensions are granted.", count)
    return text % {"num": count}


def _ask_page(
    form: AskForm, ids: list[int], outcomes: list[Outcome] | None = None, status: int = 200
) -> ResponseReturnValue:
    reports = extension_lists.askable(db.session, access.actor(), now=g.now)
    page = render_template(
        "pages/extensions/ask.html",
        form=form,
        reports=reports,
        chosen=set(ids),
        outcomes=outcomes or [],
        problems=PROBLEMS,
        latest=max((r.closes_on for r in reports), default=None),
    )
    return page, status


def _staff_page(
    form: DecideForm | None = None,
    ids: list[int] | None = None,
    outcomes: list[Outcome] | None = None,
    status: int = 200,
    difference: Difference | None = None,
) -> ResponseReturnValue:
    tab = request.args.get("tab", Tab.WAITING)
    if tab not in set(Tab):
        abort(404)
    number, party = paging.asked(), request.args.get("state", "")[:8]
    listed = extension_lists.for_staff(db.session, access.actor(), Tab(tab), party=party, number=number, now=g.now)
    lang = languages.choose()
    parties = sorted((code.lower(), pick(name, lang)) for code, name in choices(db.session)["party"])
    page = render_template(
        "pages/extensions/staff.html",
        tab=Tab(tab),
        state=party.lower(),
        states=sorted(parties, key=lambda pair: pair[1]),
        listed=listed,
        page=paging.page(number, listed.total, extension_lists.PAGE),
        form=form or DecideForm(formdata=None),
        chosen=set(ids or []),
        outcomes=outcomes or [],
        problems=PROBLEMS,
        difference=difference,
    )
    return page, status


def _party_page() -> ResponseReturnValue:
    actor = access.actor()
    number = paging.asked()
    listed = extension_lists.of_party(db.session, actor, number=number, now=g.now)
    return render_template(
        "pages/extensions/party.html",
        listed=listed,
        page=paging.page(number, listed.total, extension_lists.PAGE),
        writes=extension_lists.writes(actor),
    )
