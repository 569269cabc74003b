"""What everybody may know of extensions, as columns of a statement about reports: both dates, asked and granted."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from tracker.domain.vocabulary import ExtensionDecision
from tracker.models import Extension, ProgressReport


def columns(report_id: Any = ProgressReport.id) -> list[sa.Label[Any]]:
    """``extended_from`` (the first due date), ``extended_to`` (the last date granted): both None without an extension;
    ``extensions_asked``, ``extensions_granted``, ``extensions_refused``: how many, however those asked for ended.

    Read by the index of an extension's report; a report has a handful at most.
    """
    of_report = Extension.report_id == report_id
    granted = sa.and_(of_report, Extension.decision == ExtensionDecision.GRANTED)
    refused = sa.and_(of_report, Extension.decision == ExtensionDecision.REFUSED)
    count = sa.func.count()
    return [
        sa.select(sa.func.min(Extension.due_on)).where(granted).scalar_subquery().label("extended_from"),
        sa.select(sa.func.max(Extension.granted_until)).where(granted).scalar_subquery().label("extended_to"),
        sa.select(count).select_from(Extension).where(of_report).scalar_subquery().label("extensions_asked"),
        sa.select(count).select_from(Extension).where(granted).scalar_subquery().label("extensions_granted"),
        sa.select(count).select_from(Extension).where(refused).scalar_subquery().label("extensions_refused"),
    ]
