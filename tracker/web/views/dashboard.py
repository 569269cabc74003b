"""What must I do now, and until when: the first page of everybody who is signed in."""

from __future__ import annotations

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from tracker.db import db
from tracker.domain.policy import Permission
from tracker.domain.vocabulary import Role
from tracker.services import cycles, dashboard
from tracker.web import access

blueprint = Blueprint("dashboard", __name__)


@blueprint.get("/dashboard")
@access.requires(Permission.DASHBOARD_VIEW)
def index() -> ResponseReturnValue:
    """Each role's own page."""
    actor = access.actor()
    cycle = cycles.current(db.session)
    if actor.is_staff:
        desk = dashboard.staff_desk(db.session, actor)
        admin = dashboard.admin_desk(db.session, cycle, now=g.now) if actor.role is Role.ADMINISTRATOR else None
        return render_template("pages/dashboard/staff.html", cycle=cycle, desk=desk, admin=admin)
    if actor.role is Role.OBSERVER:
        watched = dashboard.observer_desk(db.session, actor, cycle)
        return render_template("pages/dashboard/observer.html", cycle=cycle, watched=watched)
    own = dashboard.party_desk(db.session, actor, cycle, now=g.now)
    return render_template("pages/dashboard/party.html", cycle=cycle, desk=own)
