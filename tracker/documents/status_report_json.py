"""The status report as JSON: the same figures as page, PDF and workbook. Keys and codes: docs/status-report-json.md."""

from __future__ import annotations

import json
from typing import Any

from tracker.documents import json_parts
from tracker.documents import status_report_json_over_time as over_time
from tracker.documents.status_report_method import method
from tracker.documents.status_report_words import Words
from tracker.domain.ratios import SideBySide
from tracker.services.status_report_content import (
    CommitmentLine,
    PillarFigures,
    PublishedRating,
    StatedAttachment,
    StatedFigure,
    StatusReport,
)

SCHEMA = "status-report/1"
"""Counts up when a key changes its meaning or goes; a new key does not count."""


def render(report: StatusReport) -> bytes:
    """UTF-8, indented, keys in a fixed order: the same report gives the same bytes."""
    return json.dumps(plain(report), ensure_ascii=False, indent=2).encode()


def plain(report: StatusReport) -> dict[str, Any]:
    """As documented in docs/status-report-json.md."""
    words = Words(report)
    return {
        "schema": SCHEMA,
        "code": report.code,
        "issue": json_parts.issue(report.issue) if report.issue else None,
        "language": report.language,
        "as_of": report.as_of.isoformat(),
        "time_zone": report.time_zone,
        "party": {
            "code": report.party_code,
            "kind": report.party_kind.value,
            "name": report.name,
            "official_name": words.official_name,
        },
        "scope": "as_of_today" if report.is_as_of_today else "cycle",
        "cycle": json_parts.cycle(report.cycle),
        "summary": words.summary(),
        "coverage": {
            "reported": json_parts.share(report.coverage.reported),
            "on_time": json_parts.share(report.coverage.on_time),
        },
        "extensions": {
            "asked": report.extensions[0],
            "granted": report.extensions[1],
            "refused": sum(line.extensions_refused for line in report.lines),
        },
        "ratings": json_parts.figures(report.standing),
        "pillars": [_group(p) for p in report.pillars],
        "themes": [_group(t) for t in report.themes],
        "trend": [json_parts.point(one) for one in report.trend],
        "indicators": [over_time.series(one) for one in report.series],
        "budget": [{"commitment": one.provision, **_money(one.money)} for one in report.budget],
        "evidence": [
            {
                "number": f"{one.provision}/{one.number}",
                "commitment": one.provision,
                "title": one.title,
                "url": one.url or None,
                "speaks_of": one.speaks_of.isoformat() if one.speaks_of else None,
                "attachment": one.piece.evidence if one.piece else None,
            }
            for one in report.evidence
        ],
        "changes": over_time.changes(report.changes) if report.changes else None,
        "commitments": [_commitment(line) for line in report.lines],
        "notes": [{"heading": n.heading, "text": n.text} for n in method(words)],
    }


def _group(found: PillarFigures) -> dict[str, Any]:
    return {
        "code": found.code or None,
        "name": found.name or None,
        "commitments": found.total,
        **json_parts.figures(found.figures),
    }


def _money(one: SideBySide) -> dict[str, Any]:
    return {
        "fiscal_year": one.fiscal_year,
        "currency": one.currency,
        "stage": one.stage.value,
        "anti_trafficking": one.anti_trafficking,
        "anti_drug": one.anti_drug,
        "one_to": one.one_to,
    }


def _commitment(line: CommitmentLine) -> dict[str, Any]:
    return {
        "code": line.code,
        "title": line.title,
        "asked": line.asked,
        "is_unofficial_translation": line.is_unofficial,
        "instrument": line.instrument,
        "kind": line.bindingness,
        "pillars": list(line.pillars),
        "themes": list(line.themes),
        "due_on": line.due_on.isoformat(),
        "extended_from": line.extended_from.isoformat() if line.extended_from else None,
        "extended_to": line.extended_to.isoformat() if line.extended_to else None,
        "extensions": {
            "asked": line.extensions_asked,
            "granted": line.extensions_granted,
            "refused": line.extensions_refused,
        },
        "reported_on": line.reported_on.isoformat() if line.reported_on else None,
        "on_time": line.on_time,
        "stage": line.stage.value,
        "rating": _rating(line.rating) if line.rating else None,
    }


def _rating(rating: PublishedRating) -> dict[str, Any]:
    said = rating.statement
    return {
        "cycle": rating.cycle_code,
        "self_assessment": rating.self_assessment.value if rating.self_assessment else None,
        "rating": rating.rating.value,
        "strength": rating.strength.value,
        "differs": rating.differs,
        "element_ratings": {code: given.value for code, given in rating.element_ratings},
        "reasons": rating.reasons,
        "strength_reason": rating.strength_reason or None,
        "comment": rating.comment or None,
        "comment_outcome": rating.comment_outcome.value if rating.comment_outcome else None,
        "published_on": rating.published_on.isoformat(),
        "voices_differ": rating.voices_differ,
        "observations": [
            {"organisation": o.organisation, "view": o.view.value, "text": o.text, "language": o.language or None}
            for o in rating.observed
        ],
        "statement": None
        if said is None
        else {
            "elements": [
                {
                    "code": e.code,
                    "label": e.label or None,
                    "self_assessment": e.self_assessment.value if e.self_assessment else None,
                    "narrative": e.narrative,
                }
                for e in said.elements
            ],
            "summary": said.summary or None,
            "evidence": [
                {"title": title, "url": url, "speaks_of": on.isoformat() if on else None}
                for title, url, on in said.evidence
            ],
            "attachments": [_attachment(one) for one in said.attachments],
            "figures": [_figure(one) for one in said.figures],
            "budget": [_money(one) for one in said.budget],
            "obstacles": said.obstacles or None,
            "help_needed": said.help_needed or None,
            "nothing_changed": said.nothing_changed,
        },
    }


def _attachment(one: StatedAttachment) -> dict[str, Any]:
    return {
        "evidence": one.evidence,
        "title": one.title,
        "speaks_of": one.speaks_of.isoformat() if one.speaks_of else None,
        "language": one.language or None,
        "url": one.url or None,
        "version": one.version or None,
        "file_name": one.file_name or None,
        "size": one.size or None,
        "sha256": one.sha256 or None,
        "erased": one.is_erased,
    }


def _figure(one: StatedFigure) -> dict[str, Any]:
    return {
        "code": one.code,
        "label": one.label,
        "type": one.data_type,
        "unit": one.unit or None,
        "category": one.category or None,
        "value": one.value or None,
        "currency": one.currency or None,
        "not_available": one.not_available,
        "computed": one.computed,
        "period_start": one.period_start.isoformat() if one.period_start else None,
        "period_end": one.period_end.isoformat() if one.period_end else None,
        "note": one.note or None,
    }
