"""Saving a draft while people type, where scripts run: the same rules as the button, answered as JSON."""

from __future__ import annotations

from flask import Blueprint, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError

from tracker.db import transaction
from tracker.domain.deadlines import zone
from tracker.domain.errors import Stale, Unmet, WrongState
from tracker.domain.policy import Permission
from tracker.web import access
from tracker.web.access import SignInNeeded, requires
from tracker.web.forms.reports import version_in
from tracker.web.languages import gettext as _
from tracker.web.languages import ngettext
from tracker.web.report_saving import read_and_save

blueprint = Blueprint("autosave", __name__)


@blueprint.post("/reports/<id:report_id>/autosave")
@requires(Permission.REPORT_EDIT)
def save(report_id: int) -> ResponseReturnValue:
    """Keep the draft. Answers {version, said, unconfirmed}; where nothing was kept {said} says why."""
    with transaction() as session:
        report = access.get_report(report_id, Permission.REPORT_EDIT)
        read_and_save(session, report, version_in(request.form))
        kept = {"version": report.version, "unconfirmed": report.unconfirmed}
    return kept | {"said": _("Saved %(time)s") % {"time": _clock()}}


def _clock() -> str:
    """The time of the day on the person's own clock."""
    return f"{g.now.astimezone(zone(access.actor().time_zone)):%H:%M}"


@blueprint.errorhandler(Unmet)
def _unmet(error: Unmet) -> ResponseReturnValue:
    form = g.form
    form.put_problems(error.problems)
    count = len(form.errors)
    said = ngettext(
        "Not saved yet: %(num)s field needs your attention. What you typed is still here.",
        "Not saved yet: %(num)s fields need your attention. What you typed is still here.",
        count,
    )
    return {"said": said % {"num": count}, "fields": form.errors}, 422


@blueprint.errorhandler(Stale)
@blueprint.errorhandler(StaleDataError)
@blueprint.errorhandler(WrongState)
def _moved_on(_error: Exception) -> ResponseReturnValue:
    said = _("Not saved: this report was changed elsewhere meanwhile. Choose “Save draft” to see both versions.")
    return {"said": said}, 409


@blueprint.errorhandler(SignInNeeded)
def _signed_out(_error: Exception) -> ResponseReturnValue:
    said = _("Not saved: you were signed out. What you typed is still here. Choose “Save draft” to sign in.")
    return {"said": said}, 401
