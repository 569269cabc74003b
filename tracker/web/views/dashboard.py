"""What must I do now, and until when: the first page of everybody who is signed in."""

from __future__ import annotations

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from tracker.db import db
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.vocabulary import Role
from tracker.models import ReportingCycle
from tracker.services import (
    assignment_lists,
    cycles,
    dashboard,
    disagreement,
    escalation_lists,
    extension_lists,
    observation_lists,
    organisations,
    question_lists,
)
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
        observed = observation_lists.waiting(db.session)
        admin = dashboard.admin_desk(db.session, cycle, now=g.now) if actor.role is Role.ADMINISTRATOR else None
        differing = disagreement.counted(db.session, cycle.id) if cycle else None
        return render_template(
            "pages/dashboard/staff.html",
            cycle=cycle,
            desk=desk,
            admin=admin,
            observed=observed,
            differing=differing,
            extensions=extension_lists.waiting(db.session),
            escalated=escalation_lists.waiting(db.session),
        )
    if actor.role is Role.OBSERVER:
        return _observer(actor, cycle)
    own = dashboard.party_desk(db.session, actor, cycle, now=g.now)
    asked = question_lists.open_count(db.session, actor) if own else 0
    return render_template(
        "pages/dashboard/party.html",
        cycle=cycle,
        desk=own,
        asked=asked,
        parts=_parts(actor, own),
        written=escalation_lists.written_about(db.session, actor, now=g.now),
    )


def _parts(actor: Actor, desk: dashboard.PartyDesk | None) -> assignment_lists.Listing | None:
    """Who is late with what, for focal points; what is asked of a contributor, with dates."""
    if desk is None or not can(actor, Permission.ASSIGNMENT_LIST):
        return None
    if actor.role is Role.CONTRIBUTOR:
        return assignment_lists.parts(db.session, actor, zone=desk.time_zone, now=g.now)
    tally = assignment_lists.tally(db.session, actor, zone=desk.time_zone, now=g.now)
    return assignment_lists.Listing([], tally.total, tally)


def _observer(actor: Actor, cycle: ReportingCycle | None) -> ResponseReturnValue:
    """The States an organisation is accredited for, and what became of what it filed."""
    number = paging.asked()
    organisation = organisations.get(db.session, actor.organisation_id) if actor.organisation_id else None
    filed, total = observation_lists.of_organisation(db.session, actor.organisation_id or 0, number=number)
    return render_template(
        "pages/dashboard/observer.html",
        cycle=cycle,
        organisation=organisation,
        periods=organisations.periods(organisation, now=g.now) if organisation else [],
        watched={one.code: one for one in dashboard.observer_desk(db.session, actor, cycle)},
        filed=filed,
        page=paging.page(number, total, observation_lists.PAGE),
    )
