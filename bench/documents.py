"""Seconds for the status reports of 35 parties as PDF: the 32 States, the General Secretariat and two once more."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import sqlalchemy as sa
from flask import Flask

from tracker.db import db
from tracker.documents import status_report_pdf
from tracker.models import Participation, ReportingParty
from tracker.services import status_reports

DOCUMENTS = 35


def seconds_for_pdfs(app: Flask) -> tuple[float, float]:
    """(reading the data, typesetting) in seconds for 35 documents, each in its party's own language."""
    now = datetime.now(UTC)
    with app.app_context():
        parties = db.session.execute(
            sa.select(ReportingParty.code, ReportingParty.language)
            .where(
                sa.or_(ReportingParty.code == "GS", ReportingParty.id.in_(sa.select(Participation.party_id).distinct()))
            )
            .order_by(ReportingParty.code)
        ).all()
        chosen = [*parties, *parties][:DOCUMENTS]
        begun = time.perf_counter()
        reports = [status_reports.build(db.session, p.code, None, p.language, now) for p in chosen]
        read = time.perf_counter()
        sizes = [len(status_report_pdf.render(report)) for report in reports]
        if min(sizes) < 1000:
            raise SystemExit("A status report came out empty.")
        return read - begun, time.perf_counter() - read
