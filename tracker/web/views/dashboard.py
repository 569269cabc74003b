"""What must I do now, and until when: the first page of everybody who is signed in."""

from __future__ import annotations

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from tracker.db import db
from tracker.domain.policy import Actor, Permission
from tracker.domain.vocabulary import Role
from tracker.models import ReportingCycle
from tracker.services import cycles, dashboard, observations, organisations
from tracker.web import access, paging

blueprint = Blueprint("dashboard", __name__)


@blueprint.get("/dashboard")
@access.requires(Permission.DASHBOARD_VIEW)
def index() -> ResponseReturnValue:
    """Each role's own page."""
    actor = access.actor()
    cycle = cycles.current(db.session)
    if actor.is_staff:
        desk = dashboard.staff_desk(db.session, actor)
        observed = observations.waiting(db.session)
        admin = dashboard.admin_desk(db.session, cycle, now=g.now) if actor.role is Role.ADMINISTRATOR else None
        return render_template("pages/dashboard/staff.html", cycle=cycle, desk=desk, admin=admin, observed=observed)
    if actor.role is Role.OBSERVER:
        return _observer(actor, cycle)
    own = dashboard.party_desk(db.session, actor, cycle, now=g.now)
    return render_template("pages/dashboard/party.html", cycle=cycle, desk=own)


def _observer(actor: Actor, cycle: ReportingCycle | None) -> ResponseReturnValue:
    """The States an organisation is accredited for, and what became of what it filed."""
    number = paging.asked()
    organisation = organisations.get(db.session, actor.organisation_id) if actor.organisation_id else None
    filed, total = observations.of_organisation(db.session, actor.organisation_id or 0, number=number)
    return render_template(
        "pages/dashboard/observer.html",
        cycle=cycle,
        organisation=organisation,
        periods=organisations.periods(organisation, now=g.now) if organisation else [],
        watched={one.code: one for one in dashboard.observer_desk(db.session, actor, cycle)},
        filed=filed,
        page=paging.page(number, total, observations.PAGE),
    )
