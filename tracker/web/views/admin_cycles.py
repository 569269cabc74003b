"""Reporting cycles: planning, changing and opening them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError

from tracker.db import db, rehearsal, transaction
from tracker.domain.cycles import Stage, stage
from tracker.domain.deadlines import local_date
from tracker.domain.errors import Stale, Unmet
from tracker.domain.plan_difference import Difference
from tracker.domain.policy import Permission
from tracker.models import ReportingCycle
from tracker.services import cycles, what_if
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
    form = CycleForm(formdata=None, data={"comment_days": 30})
    return render_template("pages/admin/cycle_new.html", form=form, difference=None)


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


@blueprint.post("/admin/cycles/new/what-if")
@requires(Permission.CYCLE_MANAGE)
def preview_plan() -> ResponseReturnValue:
    """Show what mail the new cycle would bring; saves nothing."""
    form = CycleForm()
    if not form.validate():
        return _again(form, 422)
    wanted, actor = form.plan(), access.actor()
    with rehearsal() as session:
        found = what_if.difference(session, lambda s: cycles.plan(s, wanted, actor=actor, now=g.now), now=g.now)
    return _again(form, 200, found)


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


@blueprint.post("/admin/cycles/<id:cycle_id>/what-if")
@requires(Permission.CYCLE_MANAGE)
def preview_change(cycle_id: int) -> ResponseReturnValue:
    """Show what mail the change would move; saves nothing."""
    _cycle(cycle_id)
    form = CycleForm()
    if not form.validate():
        return _again(form, 422)

    wanted = {"seen_version": form.version.data, "actor": access.actor(), "now": g.now}
    with rehearsal() as session:
        found = what_if.difference(
            session, lambda s: cycles.change(s, _cycle(cycle_id), form.plan(), **wanted), now=g.now
        )
    return _again(form, 200, found)


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


def _page(
    cycle: ReportingCycle, form: CycleForm, status: int, difference: Difference | None = None
) -> ResponseReturnValue:
    is_open = cycle.opened_at is not None
    today = local_date(g.now, "UTC")
    page = render_template(
        "pages/admin/cycle.html",
        cycle=cycle,
        form=form,
        stage=_stage(cycle),
        is_stale=status == 409,
        difference=difference,
        today=today,
        expected=[] if is_open else cycles.expected(db.session, min(cycle.opens_on, today)),
    )
    return page, status


def _again(form: CycleForm, status: int, difference: Difference | None = None) -> ResponseReturnValue:
    """The same form as typed; after somebody else's change with what is stored now beside it."""
    cycle_id = (request.view_args or {}).get("cycle_id")
    if cycle_id is None:
        return render_template("pages/admin/cycle_new.html", form=form, difference=difference), status
    cycle = _cycle(cycle_id)
    if status == 409:
        form.version.data = cycle.version
    return _page(cycle, form, status, difference)


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
