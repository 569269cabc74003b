"""Seconds for the status reports of 35 parties in each format: 32 States, the General Secretariat, two once more."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from flask import Flask

from tracker.db import db
from tracker.documents import status_report_docx, status_report_json, status_report_pdf, status_report_xlsx
from tracker.models import Participation, ReportingParty
from tracker.services import status_reports
from tracker.services.status_report_content import StatusReport

DOCUMENTS = 35
PDF_AIM = 3.0
"""Seconds of one core for all of them at scale 1."""
FORMATS: dict[str, Callable[[StatusReport], bytes]] = {
    "PDF": status_report_pdf.render,
    "Word": status_report_docx.render,
    "Excel": status_report_xlsx.render,
    "JSON": status_report_json.render,
}


@dataclass(frozen=True)
class Took:
    """One line of the table."""

    what: str
    seconds: float
    """On the clock."""
    processor: float
    """Of all cores together: the typesetter uses a second one for a part."""
    kilobytes: float
    """Of one document; 0 where none is made."""


def measure(app: Flask) -> list[Took]:
    """Reading the data, then making 35 documents of each format, each in its party's own language."""
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
        begun, used = time.perf_counter(), time.process_time()
        reports = [status_reports.build(db.session, p.code, None, p.language, now) for p in chosen]
        found = [Took("reading the data", time.perf_counter() - begun, time.process_time() - used, 0)]
        for name, render in FORMATS.items():
            # A first document loads libraries and fonts; the last, so that what is kept of it is of no use to the next.
            render(reports[-1])
            begun, used = time.perf_counter(), time.process_time()
            sizes = [len(render(report)) for report in reports]
            found.append(
                Took(name, time.perf_counter() - begun, time.process_time() - used, sum(sizes) / len(sizes) / 1000)
            )
            if min(sizes) < 1000:
                raise SystemExit(f"A status report came out empty as {name}.")
        return found
