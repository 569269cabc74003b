"""Erasing a passage or a file from all versions. For administrators only."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.db import db, transaction
from tracker.domain.policy import Permission
from tracker.services import purge
from tracker.services.purge import Where
from tracker.web import uploads
from tracker.web.access import actor, requires
from tracker.web.forms.admin_purge import EraseFileForm, ErasePassageForm, PassageForm
from tracker.web.forms.fields import problems_into
from tracker.web.languages import gettext as _
from tracker.web.purge_words import said_places

blueprint = Blueprint("admin_purge", __name__)


@blueprint.get("/admin/purge")
@requires(Permission.PURGE)
def index() -> ResponseReturnValue:
    """What was erased, and where to begin."""
    form = EraseFileForm(formdata=None, file=request.args.get("file", "")[:100])
    return _page(PassageForm(formdata=None), file_form=form)


@blueprint.post("/admin/purge")
@requires(Permission.PURGE)
def search() -> ResponseReturnValue:
    """Where the passage stands. Nothing is changed; it is a POST so that the passage stands in no address."""
    form = PassageForm()
    found: list[Where] = []
    if form.validate():
        with problems_into(form):
            found = purge.find(db.session, form.passage.data or "", actor=actor())
    if form.errors:
        return _page(form, status=422)
    confirm = ErasePassageForm(formdata=None, passage=form.passage.data, seen=sum(one.count for one in found))
    return _page(form, confirm=confirm, found=found)


@blueprint.post("/admin/purge/passage")
@requires(Permission.PURGE)
def erase_passage() -> ResponseReturnValue:
    form = ErasePassageForm()
    if form.validate():
        with problems_into(form), transaction() as session:
            purge.erase_passage(
                session,
                form.passage.data or "",
                seen=form.seen.data,
                reason=form.reason.data or "",
                actor=actor(),
                now=g.now,
            )
    if form.errors:
        found = purge.find(db.session, form.passage.data or "", actor=actor()) if not form.passage.errors else []
        return _page(form, confirm=form, found=found, status=422)
    flash(_("The passage is erased from all versions."), "success")
    return redirect(url_for("admin_purge.index"), 303)


@blueprint.post("/admin/purge/file")
@requires(Permission.PURGE)
def erase_file() -> ResponseReturnValue:
    form = EraseFileForm()
    if form.validate():
        with problems_into(form), transaction() as session:
            purge.erase_file(session, uploads.store(), actor=actor(), now=g.now, **form.said())
    if form.errors:
        return _page(PassageForm(formdata=None), file_form=form, form=form, status=422)
    flash(_("The file is erased."), "success")
    return redirect(url_for("admin_purge.index"), 303)


def _page(search_form: Any, *, status: int = 200, **parts: Any) -> ResponseReturnValue:
    """``confirm``: the form to erase what was found; ``form``: the one whose errors are told."""
    found = parts.pop("found", None)
    values = {"form": search_form, "confirm": None, "file_form": EraseFileForm(formdata=None), **parts}
    page = render_template(
        "pages/admin/purge.html",
        search_form=search_form,
        found=None if found is None else said_places((one.place, one.count) for one in found),
        erased=[(row, said_places(row.places)) for row in purge.listing(db.session, actor=actor())],
        **values,
    )
    return page, status
