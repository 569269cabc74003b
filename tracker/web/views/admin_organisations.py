"""Organisations of observers: name, people, and for which States and from when until when they are accredited."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError

from tracker.db import db, transaction
from tracker.domain.errors import Stale
from tracker.domain.policy import Permission
from tracker.models import Accreditation, Organisation
from tracker.services import organisations, people
from tracker.web.access import actor, requires
from tracker.web.forms.admin_organisations import AccreditForm, LastDayForm, OrganisationForm
from tracker.web.forms.fields import problems_into
from tracker.web.languages import gettext as _

blueprint = Blueprint("admin_organisations", __name__)


@blueprint.get("/admin/organisations")
@requires(Permission.PEOPLE_MANAGE)
def index() -> ResponseReturnValue:
    return render_template("pages/admin/organisations.html", lines=organisations.listing(db.session, now=g.now))


@blueprint.route("/admin/organisations/new", methods=["GET", "POST"])
@requires(Permission.PEOPLE_MANAGE)
def new() -> ResponseReturnValue:
    form = OrganisationForm()
    if form.validate_on_submit():
        with problems_into(form), transaction() as session:
            said: dict[str, Any] = {"name": form.name.data, "website": form.website.data}
            made = organisations.create(session, **said, actor=actor(), now=g.now).id
        if not form.errors:
            flash(_("The organization is entered. Accredit it for States."), "success")
            return redirect(url_for("admin_organisations.show", organisation_id=made), 303)
    return render_template("pages/admin/organisation_new.html", form=form), 422 if form.is_submitted() else 200


@blueprint.get("/admin/organisations/<id:organisation_id>")
@requires(Permission.PEOPLE_MANAGE)
def show(organisation_id: int) -> ResponseReturnValue:
    """One organisation: its accreditations, its people, and the forms to change it."""
    return _page(organisations.get(db.session, organisation_id))


@blueprint.post("/admin/organisations/<id:organisation_id>")
@requires(Permission.PEOPLE_MANAGE)
def change(organisation_id: int) -> ResponseReturnValue:
    """Correct name and website."""
    form = OrganisationForm()
    if form.validate():
        with problems_into(form), transaction() as session:
            said: dict[str, Any] = {"name": form.name.data, "website": form.website.data}
            organisations.change(
                session, organisation_id, **said, seen_version=form.version.data, actor=actor(), now=g.now
            )
    if form.errors:
        return _page(organisations.get(db.session, organisation_id), form=form, status=422)
    flash(_("The organization is saved."), "success")
    return redirect(url_for("admin_organisations.show", organisation_id=organisation_id), 303)


@blueprint.post("/admin/organisations/<id:organisation_id>/accredit")
@requires(Permission.PEOPLE_MANAGE)
def accredit(organisation_id: int) -> ResponseReturnValue:
    """Accredit the organisation for States, from and until a day."""
    form = _accredit_form()
    if form.validate():
        with problems_into(form), transaction() as session:
            organisations.accredit(
                session,
                organisation_id,
                states=tuple(form.states.data or ()),
                starts_on=form.starts_on.data,
                ends_on=form.ends_on.data,
                actor=actor(),
                now=g.now,
            )
    if form.errors:
        return _page(organisations.get(db.session, organisation_id), accrediting=form, status=422)
    flash(_("The accreditation is recorded. It counts from the next page that the organization opens."), "success")
    return redirect(url_for("admin_organisations.show", organisation_id=organisation_id), 303)


@blueprint.route("/admin/accreditations/<id:accreditation_id>", methods=["GET", "POST"])
@requires(Permission.PEOPLE_MANAGE)
def period(accreditation_id: int) -> ResponseReturnValue:
    """One period: set its last day."""
    found = organisations.accreditation(db.session, accreditation_id)
    form = LastDayForm(data={"seen": str(found.ends_on or ""), "last_day": found.ends_on})
    if form.validate_on_submit():
        with problems_into(form), transaction() as session:
            said: dict[str, Any] = {"last_day": form.last_day.data, "seen": form.seen.data or ""}
            organisations.end(session, accreditation_id, **said, actor=actor(), now=g.now)
        if not form.errors:
            flash(_("The last day is recorded."), "success")
            return redirect(url_for("admin_organisations.show", organisation_id=found.organisation_id), 303)
    return _period_page(found, form, 422 if form.is_submitted() else 200)


@blueprint.post("/admin/accreditations/<id:accreditation_id>/take-away")
@requires(Permission.PEOPLE_MANAGE)
def take_away(accreditation_id: int) -> ResponseReturnValue:
    """Delete a period that has not begun."""
    organisation_id = organisations.accreditation(db.session, accreditation_id).organisation_id
    with transaction() as session:
        seen = request.form.get("seen", "")
        organisations.take_away(session, accreditation_id, seen=seen, actor=actor(), now=g.now)
    flash(_("The accreditation was taken away before it began."), "success")
    return redirect(url_for("admin_organisations.show", organisation_id=organisation_id), 303)


def _accredit_form(**kwargs: Any) -> AccreditForm:
    form = AccreditForm(**kwargs)
    form.offer(people.parties(db.session))
    return form


def _page(
    organisation: Organisation,
    *,
    form: OrganisationForm | None = None,
    accrediting: AccreditForm | None = None,
    stored: dict[str, str] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    page = render_template(
        "pages/admin/organisation.html",
        organisation=organisation,
        form=form or accrediting or OrganisationForm(formdata=None, obj=organisation),
        about=form or OrganisationForm(formdata=None, obj=organisation),
        accrediting=accrediting or _accredit_form(formdata=None),
        periods=organisations.periods(organisation, now=g.now),
        people=organisations.people_of(db.session, organisation.id),
        stored=stored,
    )
    return page, status


def _period_page(found: Accreditation, form: LastDayForm, status: int) -> ResponseReturnValue:
    page = render_template(
        "pages/admin/accreditation.html",
        period=found,
        form=form,
        begun=organisations.has_begun(found, now=g.now),
        is_stale=status == 409,
    )
    return page, status


@blueprint.errorhandler(Stale)
@blueprint.errorhandler(StaleDataError)
def _stale(error: Exception) -> ResponseReturnValue:
    """What is stored now and what was typed; the next save is over what was just seen."""
    asked: dict[str, int] = request.view_args or {}
    if "accreditation_id" in asked:
        found = organisations.accreditation(db.session, asked["accreditation_id"])
        form = LastDayForm()
        form.seen.data = str(found.ends_on or "")
        return _period_page(found, form, 409)
    organisation = organisations.get(db.session, asked["organisation_id"])
    about = OrganisationForm()
    about.version.data = organisation.version
    stored = {"name": organisation.name, "website": organisation.website}
    return _page(organisation, form=about, stored=stored, status=409)
