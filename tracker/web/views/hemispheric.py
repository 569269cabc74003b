"""The hemispheric report of a cycle: a public page and its documents."""

from __future__ import annotations

from flask import Blueprint, Response, g, redirect, render_template
from flask.typing import ResponseReturnValue

from tracker.db import db
from tracker.documents.formats import MEDIA_TYPES, RENDERERS
from tracker.domain.cycles import CODE
from tracker.domain.errors import NotVisible
from tracker.domain.vocabulary import PublicationKind
from tracker.services import hemispheric, issued_reports_read, public_figures
from tracker.services.hemispheric_content import HemisphericReport
from tracker.web import traces
from tracker.web.access import public
from tracker.web.addresses import to_canonical
from tracker.web.hemispheric_page import context
from tracker.web.languages import choose
from tracker.web.public_cache import worked_out

blueprint = Blueprint("hemispheric", __name__)


@blueprint.get("/hemispheric-report")
@public
def current() -> ResponseReturnValue:
    """On to the cycle opened last."""
    cycle = public_figures.current_cycle(db.session)
    if cycle is None:
        return render_template("pages/hemispheric/none.html")
    return redirect(f"/hemispheric-report/{cycle.code.lower()}", 302)


@blueprint.get("/hemispheric-report/<code>")
@public
def show(code: str) -> ResponseReturnValue:
    report = worked_out(("hemispheric report", code.lower(), choose()), lambda: _live(code))
    if code != report.cycle.code.lower():
        return to_canonical(f"/hemispheric-report/{report.cycle.code.lower()}")
    issued = issued_reports_read.current(db.session, report.code)
    return render_template("pages/hemispheric/show.html", **context(report), issued=issued)


@blueprint.get("/hemispheric-report/<code>.<any(pdf, docx, xlsx, json):format>")
@public
def document(code: str, format: str) -> ResponseReturnValue:
    report = _live(code)
    content = RENDERERS[PublicationKind.HEMISPHERIC_REPORT][format](report)
    traces.exported("hemispheric_report", report.code, format=format, language=report.language)
    response = Response(content, content_type=MEDIA_TYPES[format])
    shown = "inline" if format == "pdf" else "attachment"
    response.headers["Content-Disposition"] = f'{shown}; filename="{report.file_name(format)}"'
    return response


def _live(code: str) -> HemisphericReport:
    """The report of the moment. Raises NotVisible for what names no opened cycle, before a database sees it."""
    if not (code.isascii() and CODE.fullmatch(code)):
        raise NotVisible
    return hemispheric.build(db.session, code, choose(), g.now)
