"""The hemispheric report as JSON: the same figures as page, PDF, Word and workbook.

``schema`` counts up when a key changes its meaning or goes. Shares are ``{count, of, percent}``, ``percent`` null below
five; ratings and strengths are counts by code; texts stand in ``language``; dates are ISO 8601.
"""

from __future__ import annotations

import json
from typing import Any

from tracker.documents import json_parts
from tracker.documents.hemispheric_sections import method
from tracker.documents.hemispheric_words import Words
from tracker.services.hemispheric_content import HemisphericReport, MandateLine, ProvisionLine
from tracker.services.status_report_content import PillarFigures

SCHEMA = "hemispheric-report/1"


def render(report: HemisphericReport) -> bytes:
    """UTF-8, indented, keys in a fixed order: the same report gives the same bytes."""
    return json.dumps(plain(report), ensure_ascii=False, indent=2).encode()


def plain(report: HemisphericReport) -> dict[str, Any]:
    words = Words(report)
    return {
        "schema": SCHEMA,
        "code": report.code,
        "language": report.language,
        "as_of": report.as_of.isoformat(),
        "time_zone": report.time_zone,
        "issue": json_parts.issue(report.issue) if report.issue else None,
        "cycle": json_parts.cycle(report.cycle),
        "summary": words.summary(),
        "states_reporting": json_parts.share(report.states_reporting),
        "coverage": {
            "reported": json_parts.share(report.coverage.reported),
            "on_time": json_parts.share(report.coverage.on_time),
        },
        "stages": {one.stage.value: one.count for one in report.stages},
        "ratings": json_parts.figures(report.coverage),
        "voices_differ": json_parts.share(report.voices),
        "states": [
            {
                "code": state.code,
                "name": state.name,
                "reported": json_parts.share(state.reported),
                "not_reported": list(state.not_reported),
                "not_due": list(state.not_due),
            }
            for state in report.states
        ],
        "states_without_reports_owed": list(report.apart),
        "provisions": [_provision(line) for line in report.provisions],
        "pillars": [_group(group) for group in report.pillars],
        "themes": [_group(group) for group in report.themes],
        "general_secretariat": [_mandate(line) for line in report.mandates],
        "cooperation_agencies": [_mandate(line) for line in report.agencies],
        "trend": [json_parts.point(one) for one in report.trend],
        "extensions": [
            {"code": x.code, "name": x.name, "asked": x.asked, "granted": x.granted, "granted_for": list(x.provisions)}
            for x in report.extensions
        ],
        "good_practices": [
            {
                "id": one.id,
                "state": one.state_code,
                "provision": one.provision_code,
                "title": one.title,
                "text": one.text,
                "language": one.language,
                "url": one.url or None,
                "shared_on": one.shared_on.isoformat(),
            }
            for one in report.practices
        ],
        "notes": [{"heading": n.heading, "text": n.text} for n in method(words)],
    }


def _group(group: PillarFigures) -> dict[str, Any]:
    return {
        "code": group.code or None,
        "name": group.name or None,
        "commitments": group.total,
        "reported": json_parts.share(group.figures.reported),
        **json_parts.figures(group.figures),
    }


def _provision(line: ProvisionLine) -> dict[str, Any]:
    return {
        "code": line.code,
        "title": line.title,
        "instrument": line.instrument,
        "kind": line.bindingness,
        "pillars": list(line.pillars),
        "themes": list(line.themes),
        "reported": json_parts.share(line.figures.reported),
        "on_time": json_parts.share(line.figures.on_time),
        **json_parts.figures(line.figures),
        "voices_differ": json_parts.share(line.voices),
        "stages": {one.stage.value: one.count for one in line.stages},
    }


def _mandate(line: MandateLine) -> dict[str, Any]:
    return {
        "party": line.party_code,
        "code": line.code,
        "parts": list(line.parts),
        "title": line.title,
        "instrument": line.instrument,
        "kind": line.bindingness,
        "due_on": line.due_on.isoformat(),
        "reported_on": line.reported_on.isoformat() if line.reported_on else None,
        "on_time": line.on_time,
        "stage": line.stage.value,
        "self_assessment": line.self_assessment.value if line.self_assessment else None,
        "rating": line.rating.value if line.rating else None,
        "strength": line.strength.value if line.strength else None,
        "comment_outcome": line.comment_outcome.value if line.comment_outcome else None,
        "states_on_the_same": json_parts.share(line.states) if line.states else None,
    }
