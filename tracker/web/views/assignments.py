"""Who was asked for what: the list, asking several people for several parts, and changing one."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.db import db, transaction
from tracker.domain.assignments import PartState
from tracker.domain.errors import NotVisible
from tracker.domain.policy import Permission
from tracker.domain.vocabulary import Role
from tracker.models import Assignment
from tracker.services import assignable, assignment_lists, assignments
from tracker.services.assignments import ALREADY, Contributor, Part, Result
from tracker.web import access, paging
from tracker.web.access import requires
from tracker.web.forms.assignments import PROBLEMS, DateForm, ticked
from tracker.web.forms.extensions import chosen
from tracker.web.forms.fields import problems_into
from tracker.web.languages import gettext as _
from tracker.web.languages import ngettext

blueprint = Blueprint("assignments", __name__)
MOST_TOLD = 12
"""People whose parts are named in the message after asking; the list shows them all."""


@blueprint.get("/assignments")
@requires(Permission.ASSIGNMENT_LIST)
def index() -> ResponseReturnValue:
    """Focal points: all open parts of the State. Contributors: their own."""
    actor = access.actor()
    asked_state = request.args.get("state", "")
    state = PartState(asked_state) if asked_state in set(PartState) else None
    person = next(iter(chosen(request.args, "person")), 0)
    number = paging.asked()
    listed = assignment_lists.parts(db.session, actor, person=person, state=state, number=number, now=g.now)
    people = assignments.contributors(db.session, actor.party_id or 0) if actor.role is Role.FOCAL_POINT else []
    return render_template(
        "pages/assignments/index.html",
        listed=listed,
        page=paging.page(number, listed.total, assignment_lists.PAGE),
        people=[(str(one.user_id), _named(one)) for one in people],
        person=person,
        state=state,
    )


@blueprint.get("/assignments/new")
@requires(Permission.COMMITMENT_ASSIGN)
def new() -> ResponseReturnValue:
    """The form to ask several people for several parts."""
    return _ask_page(DateForm(), {str(i) for i in chosen(request.args, "commitment")}, [])


@blueprint.post("/assignments/new")
@requires(Permission.COMMITMENT_ASSIGN)
def ask() -> ResponseReturnValue:
    """Ask each of the people for each of the parts: all of it or nothing."""
    assignments.require_focal_point(access.actor())
    form, users, pairs = DateForm(), chosen(request.form, "user"), ticked(request.form)
    for commitment_id, _element in pairs:
        access.get_commitment(commitment_id, Permission.COMMITMENT_ASSIGN)
    kept = set(request.form.getlist("part"))
    if not _filled(form, users, pairs):
        return _ask_page(form, kept, users, status=422)
    with transaction() as session:
        wanted = [Part(access.get_commitment(c, Permission.COMMITMENT_ASSIGN), e) for c, e in pairs]
        results = assignments.assign(session, wanted, users, due_on=form.due_on.data, actor=access.actor(), now=g.now)
    if any(result.problem for result in results):
        return _ask_page(form, kept, users, results, status=422)
    flash(_told(results), "success")
    return redirect(url_for("assignments.index"), 303)


@blueprint.get("/assignments/<id:assignment_id>")
@requires(Permission.COMMITMENT_ASSIGN)
def show(assignment_id: int) -> ResponseReturnValue:
    """One part asked of one person, to change."""
    return _change_page(_reached(assignment_id))


@blueprint.post("/assignments/<id:assignment_id>/date")
@requires(Permission.COMMITMENT_ASSIGN)
def set_date(assignment_id: int) -> ResponseReturnValue:
    """Another date, or the report's own again."""
    form = DateForm()
    assignment = _reached(assignment_id)
    if form.validate():
        with problems_into(form), transaction() as session:
            assignment = _reached(assignment_id)
            assignments.set_date(session, assignment, form.due_on.data, actor=access.actor(), now=g.now)
    if form.errors:
        return _change_page(_reached(assignment_id), form, status=422)
    flash(_("The date is set, and the contributor is written to."), "success")
    return redirect(url_for("assignments.index"), 303)


@blueprint.post("/assignments/<id:assignment_id>/remove")
@requires(Permission.COMMITMENT_ASSIGN)
def remove(assignment_id: int) -> ResponseReturnValue:
    """No longer ask. A second click finds nothing, and that is what was wanted."""
    assignments.require_focal_point(access.actor())
    with transaction() as session:
        if assignments.by_id(session, assignment_id) is not None:
            assignments.remove(session, _reached(assignment_id), actor=access.actor(), now=g.now)
    flash(_("The contributor is no longer asked for this part. What was written stays."), "success")
    return redirect(url_for("assignments.index"), 303)


@blueprint.post("/assignments/<id:assignment_id>/ask-again")
@requires(Permission.COMMITMENT_ASSIGN)
def ask_again(assignment_id: int) -> ResponseReturnValue:
    """The part is not ready: ask for it again."""
    with transaction() as session:
        assignments.ask_again(session, _reached(assignment_id), actor=access.actor(), now=g.now)
    flash(_("The contributor is asked to go on with the part."), "success")
    return redirect(url_for("assignments.index"), 303)


def _reached(assignment_id: int) -> Assignment:
    """The assignment, if this person may assign its commitment."""
    assignments.require_focal_point(access.actor())
    found = assignments.by_id(db.session, assignment_id)
    if found is None:
        raise NotVisible
    access.get_commitment(found.commitment_id, Permission.COMMITMENT_ASSIGN)
    return found


def _filled(form: DateForm, users: list[int], pairs: list[tuple[int, int | None]]) -> bool:
    valid = form.validate()
    if not users:
        form.form_errors.append(_("Choose at least one contributor."))
    if not pairs:
        form.form_errors.append(_("Choose at least one commitment or part."))
    if len(users) * len(pairs) > assignments.MOST:
        form.form_errors.append(_("Choose fewer people or parts at once."))
    return valid and not form.form_errors


def _told(results: list[Result]) -> str:
    """What was done, by person, and what was asked before."""
    done = [r for r in results if r.outcome != ALREADY]
    told = ngettext("%(num)s part is asked for.", "%(num)s parts are asked for.", len(done)) % {"num": len(done)}
    by_person: dict[str, list[str]] = {}
    for result in done:
        by_person.setdefault(result.person, []).append(result.code)
    lines = [f"{person}: {', '.join(codes)}." for person, codes in list(by_person.items())[:MOST_TOLD]]
    again = [f"{r.code} ({r.person})" for r in results if r.outcome == ALREADY][:MOST_TOLD]
    if again:
        lines.append(_("Asked for before: %(parts)s.") % {"parts": ", ".join(again)})
    return " ".join([told, *lines])


def _named(one: Contributor) -> str:
    return f"{one.name}, {one.institution}" if one.institution else one.name


def _ask_page(
    form: DateForm, parts_kept: set[str], users: list[int], results: list[Result] | None = None, status: int = 200
) -> ResponseReturnValue:
    actor = access.actor()
    assignments.require_focal_point(actor)
    page = render_template(
        "pages/assignments/new.html",
        form=form,
        people=assignments.contributors(db.session, actor.party_id or 0),
        offered=assignable.askable(db.session, actor, now=g.now),
        time_zone=assignment_lists.time_zone(db.session, actor),
        chosen_users=set(users),
        chosen_parts=parts_kept,
        results=results or [],
        problems=PROBLEMS,
    )
    return page, status


def _change_page(assignment: Assignment, form: DateForm | None = None, status: int = 200) -> ResponseReturnValue:
    commitment = access.get_commitment(assignment.commitment_id, Permission.COMMITMENT_ASSIGN)
    listed = assignment_lists.of_commitment(db.session, commitment, now=g.now)
    given = next(one for one in listed if one.assignment_id == assignment.id)
    page = render_template(
        "pages/assignments/show.html",
        commitment=commitment,
        given=given,
        form=form or DateForm(formdata=None, due_on=given.own_date),
    )
    return page, status
