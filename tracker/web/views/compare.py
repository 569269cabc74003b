"""Two states of a report with the differences marked word by word."""

from __future__ import annotations

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from tracker.db import db
from tracker.domain.errors import NotVisible
from tracker.services import compare, records
from tracker.web import access
from tracker.web.access import public
from tracker.web.compare_words import sections, version_name

blueprint = Blueprint("compare", __name__)


@blueprint.get("/reports/<id:report_id>/compare")
@public
def show(report_id: int) -> ResponseReturnValue:
    """Any two states of a report that this reader may read; for everybody, what is published in this cycle and last."""
    report = records.report(db.session, report_id)
    if report is None:
        raise NotVisible
    person = access.maybe_actor()
    found = compare.comparison(
        db.session,
        report,
        person,
        left=request.args.get("left", "")[:12],
        right=request.args.get("right", "")[:12],
        now=g.now,
    )
    zone = person.time_zone if person else "UTC"
    return render_template(
        "pages/compare/show.html",
        report=report,
        found=found,
        sections=sections(found),
        names={version.key: version_name(version, zone) for version in found.versions},
    )
