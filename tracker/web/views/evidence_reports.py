"""The evidence of one report: what is attached, taking it off, attaching what the party has already."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.db import db, transaction
from tracker.domain.policy import Permission
from tracker.domain.text import without_unusable
from tracker.services import evidence, evidence_access, evidence_library
from tracker.web import access
from tracker.web.access import actor, requires
from tracker.web.languages import gettext as _

blueprint = Blueprint("evidence_reports", __name__)


@blueprint.get("/reports/<id:report_id>/evidence")
@requires(Permission.REPORT_EDIT)
def show(report_id: int) -> ResponseReturnValue:
    """What is attached, and what else the party has."""
    report = access.get_report(report_id, Permission.REPORT_EDIT)
    words = without_unusable(request.args.get("q", ""), multiline=False)[:200]
    return render_template(
        "pages/evidence/report.html",
        report=report,
        provision=report.commitment.provision,
        attached=evidence_library.of_report(db.session, report.id),
        others=evidence_library.choosable(db.session, actor(), report, words=words),
        words=words,
        most=evidence_library.PAGE,
    )


@blueprint.post("/reports/<id:report_id>/evidence")
@requires(Permission.REPORT_EDIT)
def attach(report_id: int) -> ResponseReturnValue:
    """Attach a piece that the party has already."""
    with transaction() as session:
        report = access.get_report(report_id, Permission.REPORT_EDIT)
        piece, _reach = evidence_access.visible_piece(session, _asked(), actor())
        evidence.attach(session, report, piece, actor=actor(), now=g.now)
    flash(_("The evidence is attached."), "success")
    return redirect(url_for("evidence_reports.show", report_id=report_id), 303)


@blueprint.post("/reports/<id:report_id>/evidence/detach")
@requires(Permission.REPORT_EDIT)
def detach(report_id: int) -> ResponseReturnValue:
    """Take a piece off the draft. It stays in the library, and in what was submitted."""
    with transaction() as session:
        report = access.get_report(report_id, Permission.REPORT_EDIT)
        evidence.detach(session, report, evidence_access.piece(session, _asked()), actor=actor(), now=g.now)
    flash(_("The evidence is no longer part of this report. It stays among your evidence."), "success")
    return redirect(url_for("evidence_reports.show", report_id=report_id), 303)


def _asked() -> str:
    return request.form.get("evidence", "")
