"""Who has an account: the list, invitations, changes, disabling."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import wording
from tracker.db import db, transaction
from tracker.domain.errors import Stale
from tracker.domain.policy import Permission
from tracker.domain.text import fold, without_unusable
from tracker.domain.vocabulary import Role
from tracker.models import User
from tracker.services import accounts, bounces, organisations, people, people_list
from tracker.services.people_list import AccountState, Filters
from tracker.web import errors, paging
from tracker.web.access import actor, requires
from tracker.web.forms.admin_people import PersonForm
from tracker.web.forms.differences import Difference
from tracker.web.forms.fields import problems_into
from tracker.web.languages import choose
from tracker.web.languages import gettext as _

blueprint = Blueprint("admin_people", __name__)


@blueprint.get("/admin/people")
@requires(Permission.PEOPLE_MANAGE)
def index() -> ResponseReturnValue:
    """The accounts, with filters."""
    number = paging.asked()
    filters = _filters()
    rows, total = people_list.listing(db.session, filters, number=number)
    lang = choose()
    states = ((p.code.lower(), wording.pick(p.name, lang)) for p in people.parties(db.session))
    return render_template(
        "pages/admin/people.html",
        rows=rows,
        filters=filters,
        page=paging.page(number, total, people_list.PAGE),
        roles=[(role.value, wording.label(role, lang)) for role in Role],
        states=sorted(states, key=lambda pair: fold(pair[1])),
        account_states=_account_states(),
    )


def _filters() -> Filters:
    """What the address asks for; values that do not exist count as not asked."""
    ask = request.args.get
    role, state = ask("role", ""), ask("account", "")
    return Filters(
        role=Role(role) if role in set(Role) else None,
        party_code=without_unusable(ask("state", ""), multiline=False)[:8].upper(),
        state=AccountState(state) if state in set(AccountState) else None,
        words=without_unusable(ask("q", ""), multiline=False)[:200],
    )


def _account_states() -> dict[str, str]:
    return {
        AccountState.ACTIVE.value: _("In use"),
        AccountState.INVITED.value: _("Invited"),
        AccountState.DISABLED.value: _("Disabled"),
    }


def _form(**kwargs: object) -> PersonForm:
    form = PersonForm(**kwargs)
    form.offer(people.parties(db.session), people.institutions(db.session), organisations.names(db.session))
    return form


def _base_url() -> str:
    """How links in e-mail begin: as configured, whatever the request says."""
    return str(current_app.extensions["tracker.settings"].base_url)


@blueprint.route("/admin/people/invite", methods=["GET", "POST"])
@requires(Permission.PEOPLE_MANAGE)
def invite() -> ResponseReturnValue:
    """Make an account and send the invitation."""
    form = _form()
    if form.validate_on_submit():
        with problems_into(form), transaction() as session:
            people.invite(session, form.details(), actor=actor(), base_url=_base_url(), now=g.now)
        if not form.errors:
            flash(_("The invitation to %(address)s is on its way.") % {"address": form.email.data}, "success")
            return redirect(url_for("admin_people.index"), 303)
    return render_template("pages/admin/people_invite.html", form=form), 422 if form.is_submitted() else 200


@blueprint.route("/admin/people/<id:user_id>", methods=["GET", "POST"])
@requires(Permission.PEOPLE_MANAGE)
def show(user_id: int) -> ResponseReturnValue:
    """One account; the form changes it."""
    person = people.get(db.session, user_id)
    form = _form_of(person)
    if form.validate_on_submit():
        with problems_into(form), transaction() as session:
            people.change(session, user_id, form.details(), seen=form.seen.data or "", actor=actor(), now=g.now)
        if not form.errors:
            flash(_("The account is saved."), "success")
            return redirect(url_for("admin_people.show", user_id=user_id), 303)
    return _page(person, form, 422 if form.is_submitted() else 200)


def _form_of(person: User) -> PersonForm:
    """The form as the account is stored, or as it was sent."""
    stored = people.given(person)
    return _form(data={**stored, "seen": accounts.mark(stored)})


def _page(
    person: User, form: PersonForm, status: int, differing: Sequence[Difference] | None = None
) -> ResponseReturnValue:
    """``differing``: where what is stored now and what was typed differ, after somebody else was faster."""
    page = render_template(
        "pages/admin/people_show.html",
        form=form,
        person=person,
        differing=differing,
        is_self=person.id == actor().user_id,
        state=people_list.state_of(person),
        account_states=_account_states(),
        bounce=bounces.last_of(db.session, person),
    )
    return page, status


@blueprint.errorhandler(Stale)
def _changed_meanwhile(error: Stale) -> ResponseReturnValue:
    """Both: what is stored now and what was typed. Nothing is lost, and the next save is over what was just seen."""
    if error.theirs is None:
        return errors.page(409, state=None)
    person = people.get(db.session, request.view_args["user_id"])  # type: ignore[index]
    form = _form_of(person)
    stored = people.given(person)
    form.seen.data = accounts.mark(stored)
    return _page(person, form, 409, form.differences(stored))


@blueprint.post("/admin/people/<id:user_id>/try-address")
@requires(Permission.PEOPLE_MANAGE)
def try_address(user_id: int) -> ResponseReturnValue:
    """Mail goes to the address again, as if nothing had come back."""
    with transaction() as session:
        bounces.try_again(session, user_id, actor=actor(), now=g.now)
    flash(_("Mail goes to this address again."), "success")
    return redirect(url_for("admin_people.show", user_id=user_id), 303)


@blueprint.post("/admin/people/<id:user_id>/disable")
@requires(Permission.PEOPLE_MANAGE)
def disable(user_id: int) -> ResponseReturnValue:
    with transaction() as session:
        people.disable(session, user_id, actor=actor(), now=g.now)
    flash(_("The account is disabled. The person is signed out everywhere."), "success")
    return redirect(url_for("admin_people.show", user_id=user_id), 303)


@blueprint.post("/admin/people/<id:user_id>/enable")
@requires(Permission.PEOPLE_MANAGE)
def enable(user_id: int) -> ResponseReturnValue:
    with transaction() as session:
        people.enable(session, user_id, actor=actor(), now=g.now)
    flash(_("The account is in use again."), "success")
    return redirect(url_for("admin_people.show", user_id=user_id), 303)


@blueprint.post("/admin/people/<id:user_id>/invite-again")
@requires(Permission.PEOPLE_MANAGE)
def invite_again(user_id: int) -> ResponseReturnValue:
    with transaction() as session:
        people.invite_again(session, user_id, actor=actor(), base_url=_base_url(), now=g.now)
    flash(_("A new invitation is on its way. The earlier link no longer works."), "success")
    return redirect(url_for("admin_people.show", user_id=user_id), 303)
