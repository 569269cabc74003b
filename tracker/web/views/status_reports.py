"""The status report: a public page, its documents, and the mail with the PDF."""

from __future__ import annotations

from flask import Blueprint, Response, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.db import db, transaction
from tracker.documents.formats import MEDIA_TYPES, RENDERERS
from tracker.domain.policy import Permission, can
from tracker.domain.vocabulary import PublicationKind
from tracker.services import status_report_mail, status_reports
from tracker.services.status_report_last import Compared, compared
from tracker.web import traces
from tracker.web.access import actor, maybe_actor, public, requires
from tracker.web.addresses import to_canonical
from tracker.web.languages import choose
from tracker.web.languages import gettext as _
from tracker.web.public_cache import worked_out
from tracker.web.status_report_page import context

blueprint = Blueprint("status_reports", __name__)


@blueprint.get("/status-reports/<code>")
@public
def show(code: str) -> ResponseReturnValue:
    party, cycle = status_reports.parse_code(code.lower())
    if code != code.lower():
        return to_canonical(f"/status-reports/{code.lower()}")
    live = worked_out(("status report", party, cycle, choose()), lambda: _live(party, cycle))
    if code != live.report.code:
        return to_canonical(f"/status-reports/{live.report.code}")
    return render_template(
        "pages/status_reports/show.html",
        **context(live.report),
        last_issue=live.last,
        may_mail=status_report_mail.may_mail(live.report, maybe_actor()),
        may_issue=can(maybe_actor(), Permission.STATUS_REPORT_ISSUE),
    )


@blueprint.get("/status-reports/<code>.<any(pdf, docx, xlsx, json):format>")
@public
def document(code: str, format: str) -> ResponseReturnValue:
    party, cycle = status_reports.parse_code(code)
    report = _live(party, cycle).report
    content = RENDERERS[PublicationKind.STATUS_REPORT][format](report)
    traces.exported("status_report", report.code, format=format, language=report.language)
    response = Response(content, content_type=MEDIA_TYPES[format])
    shown = "inline" if format == "pdf" else "attachment"
    response.headers["Content-Disposition"] = f'{shown}; filename="{report.file_name(format)}"'
    return response


@blueprint.post("/status-reports/<code>/mail")
@requires(Permission.STATUS_REPORT_MAIL)
def mail(code: str) -> ResponseReturnValue:
    party, cycle = status_reports.parse_code(code)
    report = _live(party, cycle).report
    # Typeset before the transaction begins: nobody else's writing waits for it.
    status_report_mail.permit_mail(report, actor())
    pdf = RENDERERS[PublicationKind.STATUS_REPORT]["pdf"](report)
    with transaction() as session:
        put = status_report_mail.mail_to(session, report, pdf, actor=actor(), now=g.now)
    flash(_("The report is on its way to you.") if put else _("The report was sent to you today already."), "success")
    return redirect(url_for("status_reports.show", code=report.code), 303)


def _live(party: str, cycle: str | None) -> Compared:
    """The report of the moment, with what changed since the one issued last."""
    return compared(db.session, status_reports.build(db.session, party, cycle, choose(), g.now))
