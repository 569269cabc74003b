"""What a person kept: searches and lists with their filters, for this person only."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.db import db, transaction
from tracker.domain.policy import Permission
from tracker.services import saved_views
from tracker.web.access import actor, requires
from tracker.web.forms.fields import problems_into
from tracker.web.forms.saved_views import NameForm, ViewForm
from tracker.web.languages import gettext as _
from tracker.wording import N_

blueprint = Blueprint("saved_views", __name__)
LISTS: dict[str, str] = {
    "/search": N_("Search"),
    "/commitments": N_("Commitments"),
    "/reviews": N_("Reviews"),
    "/provisions": N_("Recommendations and mandates"),
    "/activities": N_("Activities"),
    "/library": N_("Library"),
    "/good-practices": N_("Good practices"),
}
"""What each list is called; all others are figures."""


@blueprint.get("/views")
@requires(Permission.VIEW_SAVE)
def index() -> ResponseReturnValue:
    return _page()


@blueprint.post("/views")
@requires(Permission.VIEW_SAVE)
def save() -> ResponseReturnValue:
    form = ViewForm()
    if form.validate():
        with problems_into(form), transaction() as session:
            view = saved_views.save(
                session,
                name=form.name.data or "",
                path=form.path.data or "",
                query=form.query.data or "",
                actor=actor(),
                now=g.now,
            )
            back = saved_views.address(view)
    if form.errors:
        return _page(form, 422)
    flash(_("The view is kept."), "success")
    return redirect(back, 303)


@blueprint.get("/views/<id:view_id>")
@requires(Permission.VIEW_SAVE)
def show(view_id: int) -> ResponseReturnValue:
    """Rename it, or remove it."""
    return _one(view_id)


@blueprint.post("/views/<id:view_id>")
@requires(Permission.VIEW_SAVE)
def rename(view_id: int) -> ResponseReturnValue:
    form = NameForm()
    saved_views.get(db.session, view_id, actor=actor())
    if form.validate():
        with problems_into(form), transaction() as session:
            saved_views.rename(session, view_id, name=form.name.data or "", actor=actor(), now=g.now)
    if form.errors:
        return _one(view_id, form, 422)
    flash(_("The view has its new name."), "success")
    return redirect(url_for("saved_views.index"), 303)


@blueprint.post("/views/<id:view_id>/remove")
@requires(Permission.VIEW_SAVE)
def remove(view_id: int) -> ResponseReturnValue:
    with transaction() as session:
        saved_views.remove(session, view_id, actor=actor(), now=g.now)
    flash(_("The view is removed."), "success")
    return redirect(url_for("saved_views.index"), 303)


def _page(form: ViewForm | None = None, status: int = 200) -> ResponseReturnValue:
    views = saved_views.listing(db.session, actor=actor())
    lines = [(view, saved_views.address(view), _(LISTS.get(view.path, N_("Figures")))) for view in views]
    return render_template("pages/saved_views/index.html", lines=lines, form=form, most=saved_views.MOST), status


def _one(view_id: int, form: NameForm | None = None, status: int = 200) -> ResponseReturnValue:
    view = saved_views.get(db.session, view_id, actor=actor())
    form = form or NameForm(formdata=None, obj=view)
    return render_template("pages/saved_views/show.html", view=view, form=form), status
