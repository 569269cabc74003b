"""The long part of a status report's page, kept once rendered: it is the same for every reader."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache

from flask import render_template
from markupsafe import Markup

from tracker.documents.status_report_words import MISSING, STRENGTHS, Words
from tracker.services.status_report_content import StatusReport

KEPT = 64
"""Pages in each web process: some 3 MB, or 40 MB where every State fills every field to the brim."""
_NO_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


def body(report: StatusReport) -> Markup:
    """Ratings, what is missing, commitment by commitment.

    The whole report but its moment is the key: a change of a date, a word or a rating makes another page. The
    template must show neither the moment nor anything of the person who reads.
    """
    return _body(replace(report, as_of=_NO_MOMENT))


@lru_cache(maxsize=KEPT)
def _body(report: StatusReport) -> Markup:
    rendered = render_template(
        "pages/status_reports/_body.html",
        report=report,
        words=Words(report),
        missing=[(stage, report.at(stage)) for stage in MISSING if report.at(stage)],
        strengths=STRENGTHS,
    )
    return Markup(rendered)  # noqa: S704  (a template's output, escaped there)
