"""Saving a report as its form was sent: for the button, and for the script that saves while people type."""

from __future__ import annotations

from flask import g, request
from sqlalchemy.orm import Session

from tracker.domain.errors import Unmet
from tracker.models import ProgressReport
from tracker.services import drafts, reading
from tracker.services.report_content import of_draft
from tracker.web import access
from tracker.web.forms.reports import ReportForm


def read_and_save(session: Session, report: ProgressReport, version: int) -> None:
    """Keep what was typed, as far as this person is asked; ``g.form`` holds it, also where it is refused.

    Raises Unmet where a field has an error (it stands in ``g.form``), and what ``services.drafts.save`` raises.
    """
    g.form = ReportForm.read(request.form, reading.questions(session, report, access.actor()))
    if g.form.errors:
        raise Unmet
    content = g.form.content(of_draft(report))
    actor, confirmed = access.actor(), g.form.confirmed
    drafts.save(session, report, content, seen_version=version, actor=actor, now=g.now, confirmed=confirmed)
