"""Good practices: what is shared, for everybody; proposing, offering and deciding, for State and Secretariat."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError

from tracker.db import db, transaction
from tracker.domain.errors import Stale
from tracker.domain.policy import Permission, can
from tracker.models import Commitment, GoodPractice
from tracker.services import catalogue_read, good_practice_lists, good_practices
from tracker.services.good_practice_lists import Filters, Tab
from tracker.web import access, errors, paging
from tracker.web.access import actor, maybe_actor, public, requires
from tracker.web.addresses import chosen, found
from tracker.web.forms.fields import problems_into
from tracker.web.forms.good_practices import PracticeForm, ReasonForm
from tracker.web.languages import choose
from tracker.web.languages import gettext as _

blueprint = Blueprint("good_practices", __name__)


@blueprint.get("/good-practices")
@public
def index() -> ResponseReturnValue:
    """What States agreed to share, by State."""
    filters = Filters(*(chosen(name).lower() for name in ("state", "provision", "pillar")))
    number = paging.asked()
    listed = good_practice_lists.shared(db.session, filters, choose(), number=number)
    pillars = catalogue_read.words(db.session, "pillar").choices("pillar", choose())
    return render_template(
        "pages/good_practices/index.html",
        filters=filters,
        listed=listed,
        pillars=[(code, name) for code, name in pillars if code in listed.pillars],
        page=paging.page(number, listed.total, good_practice_lists.PAGE),
        may_manage=can(maybe_actor(), Permission.PRACTICE_LIST),
    )


@blueprint.get("/good-practices/<id:practice_id>")
@public
def show(practice_id: int) -> ResponseReturnValue:
    practice = found(good_practice_lists.one(db.session, practice_id, choose()))
    return render_template("pages/good_practices/show.html", practice=practice)


@blueprint.get("/good-practices/manage")
@requires(Permission.PRACTICE_LIST)
def manage() -> ResponseReturnValue:
    """What waits for one of the two sides, what is shared, what was declined or taken back."""
    tab = request.args.get("tab", Tab.WAITING)
    if tab not in set(Tab):
        abort(404)
    number = paging.asked()
    listed = good_practice_lists.managed(db.session, actor(), Tab(tab), number=number)
    page = paging.page(number, listed.counts[Tab(tab)], good_practice_lists.PAGE)
    return render_template("pages/good_practices/manage.html", tab=Tab(tab), listed=listed, page=page)


@blueprint.get("/commitments/<id:commitment_id>/good-practice")
@requires(Permission.PRACTICE_LIST)
def new(commitment_id: int) -> ResponseReturnValue:
    """Staff propose one, who speaks for the State offers one."""
    commitment = _commitment(commitment_id)
    return _new_page(commitment, PracticeForm.of(None, 0, actor().language))


@blueprint.post("/commitments/<id:commitment_id>/good-practice")
@requires(Permission.PRACTICE_LIST)
def make(commitment_id: int) -> ResponseReturnValue:
    commitment = _commitment(commitment_id)
    form = PracticeForm()
    if form.validate():
        with problems_into(form), transaction() as session:
            verb = good_practices.propose if actor().is_staff else good_practices.offer
            made = verb(session, _commitment(commitment_id), form.content(), actor=actor(), now=g.now).id
    if form.errors:
        return _new_page(commitment, form, 422)
    flash(_("The other side is asked by mail. Nothing is public until it agrees."), "success")
    return redirect(url_for("good_practices.work", practice_id=made), 303)


@blueprint.get("/good-practices/manage/<id:practice_id>")
@requires(Permission.PRACTICE_LIST)
def work(practice_id: int) -> ResponseReturnValue:
    """One good practice for the two sides, with what this person may do."""
    return _page(practice_id)


@blueprint.get("/good-practices/manage/<id:practice_id>/edit")
@requires(Permission.PRACTICE_LIST)
def change(practice_id: int) -> ResponseReturnValue:
    record = good_practices.get(db.session, practice_id, actor())
    if not good_practices.may(record, actor()).edit:
        return redirect(url_for("good_practices.work", practice_id=practice_id), 303)
    form = PracticeForm.of(good_practices.content_of(record), record.version, actor().language)
    return _edit_page(record, form)


@blueprint.post("/good-practices/manage/<id:practice_id>/edit")
@requires(Permission.PRACTICE_LIST)
def edit(practice_id: int) -> ResponseReturnValue:
    form = PracticeForm()
    record = good_practices.get(db.session, practice_id, actor())
    if form.validate():
        with problems_into(form), transaction() as session:
            seen: dict[str, Any] = {"seen_version": form.version.data, "actor": actor(), "now": g.now}
            good_practices.edit(session, practice_id, form.content(), **seen)
    if form.errors:
        return _edit_page(record, form, 422)
    flash(_("The change is saved."), "success")
    return redirect(url_for("good_practices.work", practice_id=practice_id), 303)


@blueprint.post("/good-practices/manage/<id:practice_id>/agree")
@requires(Permission.PRACTICE_LIST)
def agree(practice_id: int) -> ResponseReturnValue:
    form = ReasonForm()
    with transaction() as session:
        good_practices.agree(session, practice_id, seen_version=form.version.data or 0, actor=actor(), now=g.now)
    flash(_("It is shared: everybody can read it now. The other side is told by mail."), "success")
    return redirect(url_for("good_practices.work", practice_id=practice_id), 303)


@blueprint.post("/good-practices/manage/<id:practice_id>/decline")
@requires(Permission.PRACTICE_LIST)
def decline(practice_id: int) -> ResponseReturnValue:
    return _reasoned(practice_id, good_practices.decline, _("It is not shared. The other side is told your reason."))


@blueprint.post("/good-practices/manage/<id:practice_id>/take-back")
@requires(Permission.PRACTICE_LIST)
def take_back(practice_id: int) -> ResponseReturnValue:
    said = _("It is taken back and no longer public. The other side is told your reason.")
    return _reasoned(practice_id, good_practices.take_back, said)


def _reasoned(practice_id: int, verb: Any, said: str) -> ResponseReturnValue:
    form = ReasonForm()
    good_practices.get(db.session, practice_id, actor())
    if form.validate():
        with problems_into(form), transaction() as session:
            typed: dict[str, Any] = {"reason": form.reason.data, "explanation": form.explanation.data or ""}
            seen: dict[str, Any] = {"seen_version": form.version.data, "actor": actor(), "now": g.now}
            verb(session, practice_id, **typed, **seen)
    if form.errors:
        return _page(practice_id, form, 422)
    flash(said, "success")
    return redirect(url_for("good_practices.work", practice_id=practice_id), 303)


def _commitment(commitment_id: int) -> Commitment:
    wanted = Permission.PRACTICE_PROPOSE if actor().is_staff else Permission.PRACTICE_OFFER
    return access.get_commitment(commitment_id, wanted)


def _new_page(commitment: Commitment, form: PracticeForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "pages/good_practices/new.html",
        commitment=commitment,
        form=form,
        may_make=good_practices.may_make(db.session, commitment, actor()),
    )
    return page, status


def _edit_page(
    record: GoodPractice, form: PracticeForm, status: int = 200, stored: GoodPractice | None = None
) -> ResponseReturnValue:
    """``stored``: what a colleague saved meanwhile, shown beside what was typed."""
    return render_template("pages/good_practices/edit.html", record=record, form=form, stored=stored), status


def _page(practice_id: int, form: ReasonForm | None = None, status: int = 200) -> ResponseReturnValue:
    record = good_practices.get(db.session, practice_id, actor())
    page = render_template(
        "pages/good_practices/work.html",
        record=record,
        commitment=record.commitment,
        may=good_practices.may(record, actor()),
        form=form or ReasonForm(formdata=None, version=record.version),
    )
    return page, status


@blueprint.errorhandler(Stale)
@blueprint.errorhandler(StaleDataError)
def _stale(_error: Exception) -> ResponseReturnValue:
    """Both texts: what is stored now and what was typed. The next save is over what was just seen."""
    asked: dict[str, int] = request.view_args or {}
    if "practice_id" not in asked:
        return errors.page(409, action=None, state=None)
    db.session.expire_all()
    record = good_practices.get(db.session, asked["practice_id"], actor())
    if request.endpoint == "good_practices.edit" and good_practices.may(record, actor()).edit:
        typed = PracticeForm()
        typed.version.data = record.version
        return _edit_page(record, typed, 409, stored=record)
    form = ReasonForm()
    form.version.data = record.version
    form.form_errors.append(_("It was changed after you opened it. Read it again, then decide."))
    return _page(record.id, form, 409)
