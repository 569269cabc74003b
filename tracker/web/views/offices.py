"""Offices of the States that the Secretariat writes to: head of the authority and Permanent Mission."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError

from tracker.db import db, transaction
from tracker.domain.errors import Stale
from tracker.domain.policy import Permission
from tracker.domain.vocabulary import OfficeKind
from tracker.models import Office
from tracker.services import offices
from tracker.services.public_figures import in_alphabetical_order
from tracker.web.access import actor, requires
from tracker.web.addresses import code as code_of
from tracker.web.addresses import found
from tracker.web.forms.fields import problems_into
from tracker.web.forms.offices import OfficeForm
from tracker.web.languages import choose
from tracker.web.languages import gettext as _

blueprint = Blueprint("offices", __name__)
KINDS = {"authority": OfficeKind.AUTHORITY, "mission": OfficeKind.MISSION}
"""The two offices, by the last word of their address."""


@blueprint.get("/admin/offices")
@requires(Permission.OFFICE_MANAGE)
def index() -> ResponseReturnValue:
    """Every State, with its offices as far as they are known."""
    lines = in_alphabetical_order(offices.listing(db.session), choose())
    return render_template("pages/offices/index.html", lines=lines, kinds=KINDS)


@blueprint.get("/admin/offices/<code>/<office>")
@requires(Permission.OFFICE_MANAGE)
def show(code: str, office: str) -> ResponseReturnValue:
    """One office of a State: its title, and where it is written to."""
    return _page(code_of(code), _kind(office))


@blueprint.post("/admin/offices/<code>/<office>")
@requires(Permission.OFFICE_MANAGE)
def save(code: str, office: str) -> ResponseReturnValue:
    """Enter it, or change it."""
    kind, form = _kind(office), OfficeForm()
    offices.state(db.session, code_of(code))
    if form.validate():
        with problems_into(form), transaction() as session:
            party = offices.state(session, code_of(code))
            seen: int = form.version.data
            offices.save(session, party, kind, **form.said(), seen_version=seen, actor=actor(), now=g.now)
    if form.errors:
        return _page(code_of(code), kind, form, status=422)
    flash(_("The office is saved."), "success")
    return redirect(url_for("offices.index"), 303)


def _kind(office: str) -> OfficeKind:
    """Which office an address names. Raises NotVisible."""
    return found(KINDS.get(office))


def _page(
    code: str, kind: OfficeKind, typed: OfficeForm | None = None, *, stored: Office | None = None, status: int = 200
) -> ResponseReturnValue:
    party = offices.state(db.session, code)
    form = typed or OfficeForm(formdata=None, obj=offices.of(db.session, party.id, kind))
    page = render_template(
        "pages/offices/show.html", party=party, kind=kind, form=form, stored=stored, is_stale=status == 409
    )
    return page, status


@blueprint.errorhandler(Stale)
@blueprint.errorhandler(StaleDataError)
def _stale(_error: Exception) -> ResponseReturnValue:
    """What is stored now and what was typed; the next save is over what was just seen."""
    asked: dict[str, str] = request.view_args or {}
    code, kind, form = code_of(asked["code"]), _kind(asked["office"]), OfficeForm()
    stored = offices.of(db.session, offices.state(db.session, code).id, kind)
    form.version.data = stored.version if stored else 0
    return _page(code, kind, form, stored=stored, status=409)
