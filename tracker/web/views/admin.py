"""The administrators' entrance: a card for each thing they keep."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.domain.policy import Permission
from tracker.web.access import requires

blueprint = Blueprint("admin", __name__)


@blueprint.get("/admin")
@requires(Permission.PEOPLE_MANAGE)
def index() -> ResponseReturnValue:
    """What administrators keep, and where."""
    return render_template("pages/admin/index.html")
