"""Many reports handed on at once: to the national approver, or to the Secretariat where no approval is asked for."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.db import db
from tracker.domain.policy import Permission
from tracker.services import submissions
from tracker.web import access
from tracker.web.access import requires
from tracker.web.submissions import Handed, hand_on_each

blueprint = Blueprint("submissions", __name__)


@blueprint.get("/submissions")
@requires(Permission.REPORT_SUBMIT)
def index() -> ResponseReturnValue:
    """What could be handed on, and what stands in the way of each."""
    step = submissions.step_for(db.session, access.actor())
    return _page(Handed(step))


@blueprint.post("/submissions")
@requires(Permission.REPORT_SUBMIT)
def hand_on() -> ResponseReturnValue:
    """Hand on the chosen reports, each carried out by itself."""
    given = hand_on_each(request.form, submissions.step_for(db.session, access.actor()))
    if not given.all_done:
        return _page(given, 422)
    flash(given.message, "success")
    return redirect(url_for("submissions.index"), 303)


def _page(given: Handed, status: int = 200) -> ResponseReturnValue:
    waiting = submissions.waiting(db.session, access.actor(), given.step, now=g.now)
    return render_template("pages/submissions/index.html", waiting=waiting, given=given), status
