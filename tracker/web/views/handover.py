"""Handing work over, the briefing for who takes it, and who can answer for each State today."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.db import db, transaction
from tracker.domain.deadlines import local_date
from tracker.domain.policy import Permission
from tracker.domain.vocabulary import Role
from tracker.models import User
from tracker.services import answering, cycles, handover
from tracker.services import briefing as briefings
from tracker.web import access
from tracker.web.access import requires
from tracker.web.forms.fields import problems_into
from tracker.web.forms.handover import HandoverForm
from tracker.web.history_words import told
from tracker.web.languages import gettext as _

blueprint = Blueprint("handover", __name__)


@blueprint.get("/briefing")
@requires(Permission.BRIEFING)
def briefing() -> ResponseReturnValue:
    """What is open, what was said last, who is who."""
    actor = access.actor()
    cycle = cycles.current(db.session)
    found = briefings.briefing(db.session, actor, cycle, now=g.now)
    said = told(found.said, actor, party_id=actor.party_id or 0, party_name={}, cycles={})
    return render_template(
        "pages/handover/briefing.html", cycle=cycle, briefing=found, said=list(zip(found.said, said, strict=True))
    )


@blueprint.get("/handover")
@requires(Permission.HANDOVER)
def index() -> ResponseReturnValue:
    """Whose work is to be handed over. Administrators begin at the account of the person."""
    actor = access.actor()
    if actor.role is Role.ADMINISTRATOR:
        return redirect(url_for("handover.answering_today"), 303)
    people = handover.of_party(db.session, actor.party_id or 0)
    return render_template("pages/handover/index.html", people=people)


@blueprint.get("/handover/<id:user_id>")
@requires(Permission.HANDOVER)
def ask(user_id: int) -> ResponseReturnValue:
    return _page(handover.predecessor(db.session, user_id, actor=access.actor()), HandoverForm(formdata=None))


@blueprint.post("/handover/<id:user_id>")
@requires(Permission.HANDOVER)
def make(user_id: int) -> ResponseReturnValue:
    """One act moves everything, or nothing."""
    actor = access.actor()
    person = handover.predecessor(db.session, user_id, actor=actor)
    form = HandoverForm()
    _offer(form, person)
    if form.validate():
        with problems_into(form), transaction() as session:
            handover.hand_over(
                session,
                user_id,
                int(form.successor.data),
                note=form.note.data or "",
                explanation=form.explanation.data or "",
                disable=bool(form.disable.data),
                actor=actor,
                now=g.now,
            )
    if form.errors:
        return _page(handover.predecessor(db.session, user_id, actor=actor), form, 422)
    flash(_("The work is handed over. The successor is told by e-mail."), "success")
    admin = actor.role is Role.ADMINISTRATOR
    return redirect(url_for("handover.answering_today" if admin else "handover.index"), 303)


@blueprint.get("/admin/answering")
@requires(Permission.PEOPLE_MANAGE)
def answering_today() -> ResponseReturnValue:
    """Who can answer for each State today: vacant posts, people who never came, mail that is refused."""
    return render_template("pages/handover/answering.html", lines=answering.lines(db.session, local_date(g.now, "UTC")))


def _offer(form: HandoverForm, person: User) -> None:
    form.successor.offer(
        (str(one.user_id), f"{one.name}, {one.institution}" if one.institution else one.name)
        for one in handover.successors(db.session, person)
    )


def _page(person: User, form: HandoverForm, status: int = 200) -> ResponseReturnValue:
    _offer(form, person)
    page = render_template(
        "pages/handover/make.html",
        person=person,
        form=form,
        in_hand=handover.in_hand(db.session, person),
        someone=bool(form.successor.known),
        may_disable=access.actor().role is Role.ADMINISTRATOR,
    )
    return page, status
