"""Beyond the focal points: what waits for staff, the letter or note as it would go, and the click that sends it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError

from tracker.db import db, transaction
from tracker.domain.errors import NotVisible, Stale, WrongState
from tracker.domain.policy import Permission
from tracker.services import escalation_lists, escalations, notes_verbales
from tracker.services.escalation_lists import Tab
from tracker.services.review_queue import choices
from tracker.web import escalation_page, paging, traces
from tracker.web.access import actor, requires
from tracker.web.addresses import chosen
from tracker.web.forms.escalations import HandedOverForm, NotNowForm, WriteForm
from tracker.web.forms.fields import Form, problems_into
from tracker.web.languages import choose
from tracker.web.languages import gettext as _
from tracker.wording import pick

blueprint = Blueprint("escalations", __name__)
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@blueprint.get("/escalations")
@requires(Permission.ESCALATION_DECIDE)
def index() -> ResponseReturnValue:
    """What waits for a decision, or was decided."""
    asked = request.args.get("tab", Tab.WAITING)
    if asked not in set(Tab):
        raise NotVisible
    number, state, lang = paging.asked(), chosen("state"), choose()
    lines, total = escalation_lists.listing(db.session, Tab(asked), party=state, number=number, now=g.now)
    states = [(code.lower(), pick(name, lang)) for code, name in choices(db.session)["party"]]
    return render_template(
        "pages/escalations/index.html",
        tab=Tab(asked),
        lines=lines,
        page=paging.page(number, total, escalation_lists.PAGE),
        state=state.lower(),
        states=sorted(states, key=lambda pair: pair[1]),
    )


@blueprint.get("/escalations/<id:escalation_id>")
@requires(Permission.ESCALATION_DECIDE)
def show(escalation_id: int) -> ResponseReturnValue:
    """One case."""
    return _page(escalation_id)


@blueprint.post("/escalations/<id:escalation_id>/send")
@requires(Permission.ESCALATION_DECIDE)
def send(escalation_id: int) -> ResponseReturnValue:
    """Send the letter to the head of the authority."""
    form = WriteForm()
    if form.validate():
        with problems_into(form), transaction() as session:
            escalations.write(session, escalation_id, seen_version=form.version.data, actor=actor(), now=g.now)
    if form.errors:
        return _page(escalation_id, form, status=422)
    flash(_("The letter is on its way to the head of the authority."), "success")
    return _back(escalation_id)


@blueprint.post("/escalations/<id:escalation_id>/note")
@requires(Permission.ESCALATION_DECIDE)
def prepare_note(escalation_id: int) -> ResponseReturnValue:
    """Number the note verbale and make its files."""
    # What writes PDF and Word documents takes 15 MB of memory: only a worker that makes one needs it.
    from tracker.documents import note_verbale_docx, note_verbale_pdf

    form = WriteForm()
    if form.validate():
        with problems_into(form), transaction() as session:
            notes_verbales.prepare(
                session,
                escalation_id,
                render_pdf=note_verbale_pdf.render,
                render_docx=note_verbale_docx.render,
                seen_version=form.version.data,
                actor=actor(),
                now=g.now,
            )
    if form.errors:
        return _page(escalation_id, form, status=422)
    flash(
        _("The note verbale is prepared. Nothing was sent: print it, have it initialled and hand it over."), "success"
    )
    return _back(escalation_id)


@blueprint.post("/escalations/<id:escalation_id>/not-now")
@requires(Permission.ESCALATION_DECIDE)
def not_now(escalation_id: int) -> ResponseReturnValue:
    """Decide not to write for now."""
    form = NotNowForm()
    if form.validate():
        with problems_into(form), transaction() as session:
            said: dict[str, Any] = {"reason": form.reason.data, "explanation": form.explanation.data or ""}
            seen: int = form.version.data
            escalations.dismiss(session, escalation_id, **said, seen_version=seen, actor=actor(), now=g.now)
    if form.errors:
        return _page(escalation_id, form, status=422)
    flash(_("Nothing is written for now. The reason stays on the file of the Secretariat."), "success")
    return _back(escalation_id)


@blueprint.post("/escalations/<id:escalation_id>/handed-over")
@requires(Permission.ESCALATION_DECIDE)
def handed_over(escalation_id: int) -> ResponseReturnValue:
    """Write down when the signed note left."""
    form = HandedOverForm()
    if form.validate():
        with problems_into(form), transaction() as session:
            said: dict[str, Any] = {"on": form.on.data, "seen": form.seen.data or ""}
            notes_verbales.hand_over(session, escalation_id, **said, actor=actor(), now=g.now)
    if form.errors:
        return _page(escalation_id, form, status=422)
    flash(_("The day is written down."), "success")
    return _back(escalation_id)


@blueprint.get("/escalations/<id:escalation_id>/note.<any(pdf, docx):format>")
@requires(Permission.ESCALATION_DECIDE)
def note_file(escalation_id: int, format: str) -> ResponseReturnValue:
    """The note as it was prepared."""
    note_id, name, content = notes_verbales.file_of(db.session, escalation_id, format)
    traces.exported("note_verbale", note_id, format=format)
    response = Response(content, content_type=TYPES[format])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _back(escalation_id: int) -> ResponseReturnValue:
    return redirect(url_for("escalations.show", escalation_id=escalation_id), 303)


def _page(
    escalation_id: int, form: Form | None = None, *, stale: bool = False, status: int = 200
) -> ResponseReturnValue:
    case = escalations.get(db.session, escalation_id)
    shown = escalation_page.of(db.session, case, choose(), now=g.now)
    not_now_form = form if isinstance(form, NotNowForm) else NotNowForm(formdata=None)
    day_form = form if isinstance(form, HandedOverForm) else HandedOverForm(formdata=None)
    if shown["note"] is not None and day_form is not form:
        day_form.on.data = shown["note"].handed_over_on
    page = render_template(
        "pages/escalations/show.html",
        **shown,
        form=form or WriteForm(formdata=None),
        not_now=not_now_form,
        day=day_form,
        is_stale=stale,
        lang_of_reader=choose(),
    )
    return page, status


@blueprint.errorhandler(Stale)
@blueprint.errorhandler(StaleDataError)
@blueprint.errorhandler(WrongState)
def _moved_on(_error: Exception) -> ResponseReturnValue:
    """A colleague, or the clock, was faster: the case as it is now, and what was typed."""
    db.session.rollback()
    typed = NotNowForm() if "reason" in request.form else HandedOverForm() if "on" in request.form else None
    return _page((request.view_args or {})["escalation_id"], typed, stale=True, status=409)
