"""The catalogue's texts, and which States take part: what administrators enter, with a reason and a trace."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from config import LANGUAGES
from tracker.db import db, rehearsal, transaction
from tracker.domain.deadlines import local_date
from tracker.domain.errors import Stale, Unmet
from tracker.domain.plan_difference import Difference
from tracker.domain.policy import Permission
from tracker.models import Provision, ReportingParty
from tracker.services import catalogue_edit, participation, what_if
from tracker.web import access
from tracker.web.access import requires
from tracker.web.addresses import found
from tracker.web.forms.admin_catalogue import BeginForm, EndForm, WordsForm
from tracker.web.forms.fields import Form, put_problems
from tracker.web.languages import gettext as _
from tracker.web.resume import typed_texts

blueprint = Blueprint("admin_catalogue", __name__)
ENDING = frozenset({"admin_catalogue.end", "admin_catalogue.preview_end"})


@blueprint.get("/admin/catalogue")
@requires(Permission.CATALOGUE_EDIT)
def index() -> ResponseReturnValue:
    """Every instrument with its provisions, and how far each is translated."""
    return render_template("pages/admin/catalogue.html", instruments=catalogue_edit.listing(db.session))


@blueprint.get("/admin/catalogue/<code>")
@requires(Permission.CATALOGUE_EDIT)
def provision(code: str) -> ResponseReturnValue:
    """One provision in its languages, with its versions and the notes for staff."""
    record = _provision(code)
    return render_template(
        "pages/admin/catalogue_provision.html",
        provision=record,
        versions=catalogue_edit.versions(db.session, record),
    )


@blueprint.get("/admin/catalogue/<code>/versions/<id:number>")
@requires(Permission.CATALOGUE_EDIT)
def version(code: str, number: int) -> ResponseReturnValue:
    """An old version, as frozen."""
    record = _provision(code)
    old = found(catalogue_edit.version(db.session, record, number))
    return render_template("pages/admin/catalogue_version.html", provision=record, version=old)


@blueprint.get("/admin/catalogue/<code>/text/<language>")
@requires(Permission.CATALOGUE_EDIT)
def words(code: str, language: str) -> ResponseReturnValue:
    record = _provision(code)
    return _words_page(record, language, WordsForm.for_language(record, _language(language), sent=False), 200)


@blueprint.post("/admin/catalogue/<code>/text/<language>")
@requires(Permission.CATALOGUE_EDIT)
def correct(code: str, language: str) -> ResponseReturnValue:
    """Enter a translation or a correction as a new version."""
    record = _provision(code)
    form = WordsForm.for_language(record, _language(language), sent=True)
    if not form.validate():
        return _words_page(record, language, form, 422)
    with transaction() as session:
        catalogue_edit.correct(
            session,
            _provision(code, locked=True),
            language=language,
            actor=access.actor(),
            now=g.now,
            **form.said(),
        )
    flash(_("The new version is in force."), "success")
    return redirect(url_for("admin_catalogue.provision", code=record.code), 303)


@blueprint.get("/admin/participation", endpoint="participation")
@requires(Permission.PARTICIPATION_MANAGE)
def states() -> ResponseReturnValue:
    """Every Member State with the periods in which it takes part."""
    return render_template("pages/admin/participation.html", lines=participation.listing(db.session, now=g.now))


@blueprint.get("/admin/participation/<code>")
@requires(Permission.PARTICIPATION_MANAGE)
def state(code: str) -> ResponseReturnValue:
    """One State: what ending its participation would do, before it is done."""
    return _state_page(_state(code), None, 200)


@blueprint.post("/admin/participation/<code>/end")
@requires(Permission.PARTICIPATION_MANAGE)
def end(code: str) -> ResponseReturnValue:
    return _change(code, EndForm(), participation.end, _("The end of the participation is entered."))


@blueprint.post("/admin/participation/<code>/begin")
@requires(Permission.PARTICIPATION_MANAGE)
def begin(code: str) -> ResponseReturnValue:
    return _change(code, BeginForm(), participation.begin, _("The new participation is entered."))


@blueprint.post("/admin/participation/<code>/end/what-if")
@requires(Permission.PARTICIPATION_MANAGE)
def preview_end(code: str) -> ResponseReturnValue:
    """Show what mail the end would change; saves nothing."""
    return _preview(code, EndForm(), participation.end)


@blueprint.post("/admin/participation/<code>/begin/what-if")
@requires(Permission.PARTICIPATION_MANAGE)
def preview_begin(code: str) -> ResponseReturnValue:
    """Show what mail the beginning would change; saves nothing."""
    return _preview(code, BeginForm(), participation.begin)


def _preview(code: str, form: Any, verb: Any) -> ResponseReturnValue:
    record = _state(code)
    if not form.validate():
        return _state_page(record, form, 422)
    wanted = {"actor": access.actor(), "now": g.now, **form.said()}
    with rehearsal() as session:
        found = what_if.difference(session, lambda s: verb(s, _state(code, locked=True), **wanted), now=g.now)
    return _state_page(_state(code), form, 200, found)


def _change(code: str, form: Any, verb: Any, done: str) -> ResponseReturnValue:
    record = _state(code)
    if not form.validate():
        return _state_page(record, form, 422)
    with transaction() as session:
        verb(session, _state(code, locked=True), actor=access.actor(), now=g.now, **form.said())
    flash(done, "success")
    return redirect(url_for("admin_catalogue.state", code=record.code.lower()), 303)


def _provision(code: str, *, locked: bool = False) -> Provision:
    return found(catalogue_edit.by_code(db.session, code, locked=locked))


def _language(language: str) -> str:
    return found(language if language in LANGUAGES else None)


def _state(code: str, *, locked: bool = False) -> ReportingParty:
    return found(participation.state(db.session, code, locked=locked))


def _words_page(record: Provision, language: str, form: WordsForm, status: int) -> ResponseReturnValue:
    page = render_template(
        "pages/admin/catalogue_words.html",
        provision=record,
        language=language,
        form=form,
        is_source="status" not in form,
        is_stale=status == 409,
    )
    return page, status


def _state_page(
    record: ReportingParty, form: Form | None, status: int, difference: Difference | None = None
) -> ResponseReturnValue:
    """``form`` is the one that was not accepted, and stays filled in."""
    period = participation.current(record)
    newest = record.participations[-1].id if record.participations else 0
    shown = form if isinstance(form, EndForm if period else BeginForm) else None
    if shown is None:
        shown = (EndForm if period else BeginForm)(formdata=None)
    # Where a colleague ended (or began) it meanwhile, the other form stands here: what was typed is shown beside it.
    typed = typed_texts() if form is not None and shown is not form else []
    shown.version.data = newest
    page = render_template(
        "pages/admin/participation_state.html",
        party=record,
        period=period,
        effect=participation.effect(db.session, record, now=g.now),
        form=shown,
        today=local_date(g.now, record.time_zone),
        is_stale=status == 409,
        typed=typed,
        difference=difference,
    )
    return page, status


def _as_sent() -> tuple[Any, Any, Form]:
    """For what came back from the rules: the page's maker, its record, the form as sent and validated."""
    where = request.view_args or {}
    if request.endpoint == "admin_catalogue.correct":
        record: Any = _provision(where["code"])
        form: Form = WordsForm.for_language(record, where["language"], sent=True)
        form.validate()
        return lambda f, status: _words_page(record, where["language"], f, status), record, form
    record = _state(where["code"])
    form = EndForm() if request.endpoint in ENDING else BeginForm()
    form.validate()
    return lambda f, status: _state_page(record, f, status), record, form


@blueprint.errorhandler(Unmet)
def _unmet(error: Unmet) -> ResponseReturnValue:
    page, _record, form = _as_sent()
    put_problems(form, error.problems)
    return page(form, 422)


@blueprint.errorhandler(Stale)
def _stale(_error: Stale) -> ResponseReturnValue:
    """What is stored now and what was typed, both; the form now carries the newest version."""
    page, record, form = _as_sent()
    if isinstance(form, WordsForm):
        form.version.data = record.version_number
    return page(form, 409)
