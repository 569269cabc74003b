"""The ladders of reminders: the default of each kind of party, and what a cycle has of its own."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.db import db, rehearsal, transaction
from tracker.domain.errors import NotVisible, Stale, Unmet
from tracker.domain.plan_difference import Difference
from tracker.domain.policy import Permission
from tracker.domain.vocabulary import PartyKind
from tracker.models import ReportingCycle
from tracker.services import cycles, ladder, what_if
from tracker.web import access
from tracker.web.access import requires
from tracker.web.forms.ladder import LadderForm, rungs
from tracker.web.languages import gettext as _

blueprint = Blueprint("ladder", __name__)
DEFAULT, OF_A_CYCLE = "/admin/ladders/<kind>", "/admin/ladders/<kind>/<id:cycle_id>"


@blueprint.get("/admin/ladders")
@requires(Permission.CYCLE_MANAGE)
def index() -> ResponseReturnValue:
    """The default ladders, and which cycles have their own."""
    return render_template(
        "pages/admin/ladders.html",
        kinds=list(PartyKind),
        ladders=ladder.in_force(db.session),
        cycles=cycles.listing(db.session),
    )


@blueprint.get(DEFAULT, defaults={"cycle_id": None})
@blueprint.get(OF_A_CYCLE)
@requires(Permission.CYCLE_MANAGE)
def show(kind: str, cycle_id: int | None) -> ResponseReturnValue:
    """One ladder: its steps in a form, or the default that holds in its place."""
    return _page(_kind(kind), _cycle(cycle_id))


@blueprint.post(DEFAULT, defaults={"cycle_id": None})
@blueprint.post(OF_A_CYCLE)
@requires(Permission.CYCLE_MANAGE)
def change(kind: str, cycle_id: int | None) -> ResponseReturnValue:
    """Save the steps."""
    form = LadderForm()
    if not form.validate():
        return _page(_kind(kind), _cycle(cycle_id), form, 422)
    with transaction() as session:
        ladder.change(session, **_wanted(_kind(kind), cycle_id, form))
    flash(_("The ladder is changed. It holds from the next mail on."), "success")
    return _back(kind, cycle_id)


@blueprint.post(f"{DEFAULT}/what-if", defaults={"cycle_id": None})
@blueprint.post(f"{OF_A_CYCLE}/what-if")
@requires(Permission.CYCLE_MANAGE)
def preview(kind: str, cycle_id: int | None) -> ResponseReturnValue:
    """Show what mail the steps would change; saves nothing."""
    form = LadderForm()
    if not form.validate():
        return _page(_kind(kind), _cycle(cycle_id), form, 422)
    wanted = _wanted(_kind(kind), cycle_id, form)
    with rehearsal() as session:
        found = what_if.difference(session, lambda s: ladder.change(s, **wanted), now=g.now)
    return _page(_kind(kind), _cycle(cycle_id), form, difference=found)


@blueprint.post(f"{DEFAULT}/lines", defaults={"cycle_id": None})
@blueprint.post(f"{OF_A_CYCLE}/lines")
@requires(Permission.CYCLE_MANAGE)
def lines(kind: str, cycle_id: int | None) -> ResponseReturnValue:
    """The same form as typed, with empty lines for more; saves nothing."""
    return _page(_kind(kind), _cycle(cycle_id), LadderForm())


@blueprint.post(f"{OF_A_CYCLE}/own")
@requires(Permission.CYCLE_MANAGE)
def give_own(kind: str, cycle_id: int) -> ResponseReturnValue:
    """Copy the default to this cycle."""
    with transaction() as session:
        ladder.give_own(session, cycle_id=cycle_id, kind=_kind(kind), actor=access.actor(), now=g.now)
    flash(_("The cycle has a ladder of its own now. It is the same as the default until you change it."), "success")
    return _back(kind, cycle_id)


@blueprint.post(f"{OF_A_CYCLE}/default")
@requires(Permission.CYCLE_MANAGE)
def to_default(kind: str, cycle_id: int) -> ResponseReturnValue:
    """Take the cycle's own ladder away."""
    seen = LadderForm(lines=[]).seen.data or ""
    with transaction() as session:
        ladder.back_to_default(session, cycle_id=cycle_id, kind=_kind(kind), seen=seen, actor=access.actor(), now=g.now)
    flash(_("The default ladder holds in this cycle again."), "success")
    return _back(kind, cycle_id)


def _kind(kind: str) -> PartyKind:
    if kind not in set(PartyKind):
        raise NotVisible
    return PartyKind(kind)


def _cycle(cycle_id: int | None) -> ReportingCycle | None:
    cycle = cycles.by_id(db.session, cycle_id) if cycle_id is not None else None
    if cycle is None and cycle_id is not None:
        raise NotVisible
    return cycle


def _wanted(kind: PartyKind, cycle_id: int | None, form: LadderForm) -> dict[str, Any]:
    return {
        "cycle_id": cycle_id,
        "kind": kind,
        "steps": form.steps,
        "seen": form.seen.data or "",
        "actor": access.actor(),
        "now": g.now,
    }


def _back(kind: str, cycle_id: int | None) -> ResponseReturnValue:
    return redirect(_address(kind, cycle_id), 303)


def _address(kind: str, cycle_id: int | None) -> str:
    return (
        url_for("ladder.show", kind=kind) if cycle_id is None else url_for("ladder.show", kind=kind, cycle_id=cycle_id)
    )


def _page(
    kind: PartyKind,
    cycle: ReportingCycle | None,
    form: LadderForm | None = None,
    status: int = 200,
    *,
    difference: Difference | None = None,
    theirs: Any = None,
) -> ResponseReturnValue:
    ladders = ladder.in_force(db.session)
    cycle_id = cycle.id if cycle else None
    seen = ladders.seen(cycle_id, kind)
    page = render_template(
        "pages/admin/ladder.html",
        kind=kind,
        cycle=cycle,
        address=_address(kind.value, cycle_id),
        has_own=cycle is None or ladders.has_own(cycle.id, kind),
        default=ladders.of(None, kind),
        form=form or LadderForm.of(ladders.of(cycle_id, kind), seen),
        seen=seen,
        rungs=rungs(kind),
        difference=difference,
        theirs=theirs,
    )
    return page, status


def _asked() -> tuple[PartyKind, ReportingCycle | None]:
    where = request.view_args or {}
    return _kind(where["kind"]), _cycle(where.get("cycle_id"))


@blueprint.errorhandler(Unmet)
def _unmet(error: Unmet) -> ResponseReturnValue:
    form = LadderForm()
    form.validate()
    form.put(error.problems)
    return _page(*_asked(), form, 422)


@blueprint.errorhandler(Stale)
def _stale(error: Stale) -> ResponseReturnValue:
    """What is stored now and what was typed, both; the form now carries the mark of what is stored."""
    kind, cycle = _asked()
    form = LadderForm()
    form.validate()
    form.seen.data = ladder.in_force(db.session).seen(cycle.id if cycle else None, kind)
    return _page(kind, cycle, form, 409, theirs=error.theirs or ())
