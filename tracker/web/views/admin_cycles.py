"""Reporting cycles: planning, changing and opening them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError

from tracker.db import db, transaction
from tracker.domain.cycles import Stage, stage
from tracker.domain.deadlines import local_date
from tracker.domain.errors import Stale, Unmet
from tracker.domain.policy import Permission
from tracker.models import ReportingCycle
from tracker.services import cycles
from tracker.web import access
from tracker.web.access import requires
from tracker.web.forms.admin_cycles import CycleForm, OpenForm
from tracker.web.forms.fields import put_problems
from tracker.web.languages import gettext as _

blueprint = Blueprint("admin_cycles", __name__)


@blueprint.get("/admin/cycles")
@requires(Permission.CYCLE_MANAGE)
def index() -> ResponseReturnValue:
    """Every cycle with its dates and where it stands."""
    rows = [(row, _stage(row)) for row in cycles.listing(db.session)]
    return render_template("pages/admin/cycles.html", rows=rows)


@blueprint.get("/admin/cycles/new")
@requires(Permission.CYCLE_MANAGE)
def new() -> ResponseReturnValue:
    return render_template("pages/admin/cycle_new.html", form=CycleForm(formdata=None, data={"comment_days": 30}))


@blueprint.post("/admin/cycles/new")
@requires(Permission.CYCLE_MANAGE)
def plan() -> ResponseReturnValue:
    form = CycleForm()
    if not form.validate():
        return _again(form, 422)
    with transaction() as session:
        cycle = cycles.plan(session, form.plan(), actor=access.actor(), now=g.now)
        cycle_id = cycle.id
    flash(_("The cycle is planned."), "success")
    return redirect(url_for("admin_cycles.show", cycle_id=cycle_id), 303)


@blueprint.get("/admin/cycles/<id:cycle_id>")
@requires(Permission.CYCLE_MANAGE)
def show(cycle_id: int) -> ResponseReturnValue:
    """One cycle: its form, and before it is open what opening it would do."""
    cycle = _cycle(cycle_id)
    return _page(cycle, CycleForm.of(cycle), 200)


@blueprint.post("/admin/cycles/<id:cycle_id>")
@requires(Permission.CYCLE_MANAGE)
def change(cycle_id: int) -> ResponseReturnValue:
    _cycle(cycle_id)
    form = CycleForm()
    if not form.validate():
        return _again(form, 422)
    with transaction() as session:
        cycles.change(
            session,
            _cycle(cycle_id),
            form.plan(),
            seen_version=form.version.data,
            actor=access.actor(),
            now=g.now,
        )
    flash(_("The cycle is changed."), "success")
    return redirect(url_for("admin_cycles.show", cycle_id=cycle_id), 303)


@blueprint.post("/admin/cycles/<id:cycle_id>/open")
@requires(Permission.CYCLE_MANAGE)
def open_now(cycle_id: int) -> ResponseReturnValue:
    _cycle(cycle_id)
    form = OpenForm()
    with transaction() as session:
        made = cycles.open_cycle(
            session, cycle_id, now=g.now, actor=access.actor(), seen_version=form.version.data or 0
        )
    if made:
        flash(_("The cycle is open: %(number)s reports were made.") % {"number": made}, "success")
    else:
        flash(_("The cycle was open already. Nothing was made twice."), "notice")
    return redirect(url_for("admin_cycles.show", cycle_id=cycle_id), 303)


def _cycle(cycle_id: int) -> ReportingCycle:
    cycle = cycles.by_id(db.session, cycle_id)
    if cycle is None:
        abort(404)
    return cycle


def _stage(cycle: Any) -> Stage:
    """``cycle`` is a record or a line of the list."""
    return stage(
        is_open=cycle.opened_at is not None,
        opens_on=cycle.opens_on,
        due_on=cycle.due_on,
        closes_on=cycle.closes_on,
        today=local_date(g.now, "UTC"),
    )


def _page(cycle: ReportingCycle, form: CycleForm, status: int) -> ResponseReturnValue:
    is_open = cycle.opened_at is not None
    today = local_date(g.now, "UTC")
    page = render_template(
        "pages/admin/cycle.html",
        cycle=cycle,
        form=form,
        stage=_stage(cycle),
        is_stale=status == 409,
        today=today,
        expected=[] if is_open else cycles.expected(db.session, min(cycle.opens_on, today)),
    )
    return page, status


def _again(form: CycleForm, status: int) -> ResponseReturnValue:
    """The same form as typed; after somebody else's change with what is stored now beside it."""
    cycle_id = (request.view_args or {}).get("cycle_id")
    if cycle_id is None:
        return render_template("pages/admin/cycle_new.html", form=form), status
    cycle = _cycle(cycle_id)
    if status == 409:
        form.version.data = cycle.version
    return _page(cycle, form, status)


@blueprint.errorhandler(Unmet)
def _unmet(error: Unmet) -> ResponseReturnValue:
    form = CycleForm()
    form.validate()
    put_problems(form, error.problems)
    return _again(form, 422)


@blueprint.errorhandler(Stale)
@blueprint.errorhandler(StaleDataError)
def _stale(_error: Exception) -> ResponseReturnValue:
    if request.endpoint == "admin_cycles.open_now":
        cycle = _cycle(request.view_args["cycle_id"])  # type: ignore[index]
        return _page(cycle, CycleForm.of(cycle), 409)
    return _again(CycleForm(), 409)
