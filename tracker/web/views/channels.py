"""Where to report a case: the public page, and what administrators keep for each State. Never a form for the public."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError

from tracker.db import db, transaction
from tracker.domain.deadlines import local_date
from tracker.domain.errors import Stale
from tracker.domain.policy import Permission
from tracker.models import ReportingChannel
from tracker.services import offices
from tracker.services import reporting_channels as channels
from tracker.services.public_figures import in_alphabetical_order
from tracker.web.access import actor, public, requires
from tracker.web.addresses import code as code_of
from tracker.web.forms.channels import ChannelForm, RemoveForm
from tracker.web.forms.fields import problems_into
from tracker.web.languages import choose
from tracker.web.languages import gettext as _

blueprint = Blueprint("channels", __name__)


@blueprint.get("/report-a-case")
@public
def report() -> ResponseReturnValue:
    """Whom to call in each State; the emergency number of the country where nothing is entered."""
    lines = in_alphabetical_order(channels.listing(db.session), choose())
    return render_template("pages/channels/report.html", lines=lines)


@blueprint.get("/admin/channels")
@requires(Permission.CHANNEL_MANAGE)
def index() -> ResponseReturnValue:
    """Every State, with what is entered, and what nobody has checked for over a year."""
    lines = in_alphabetical_order(channels.listing(db.session), choose())
    return render_template("pages/channels/index.html", lines=lines, today=local_date(g.now, "UTC"))


@blueprint.get("/admin/channels/<code>")
@requires(Permission.CHANNEL_MANAGE)
def show(code: str) -> ResponseReturnValue:
    """The channels of one State, with a form for one more."""
    return _state_page(code_of(code), ChannelForm.blank(local_date(g.now, "UTC")))


@blueprint.post("/admin/channels/<code>")
@requires(Permission.CHANNEL_MANAGE)
def add(code: str) -> ResponseReturnValue:
    """Enter one more."""
    form = ChannelForm()
    offices.state(db.session, code_of(code))
    if form.validate():
        with problems_into(form), transaction() as session:
            party = offices.state(session, code_of(code))
            channels.add(session, party, form.said(), explanation=form.explanation.data or "", actor=actor(), now=g.now)
    if form.errors:
        return _state_page(code_of(code), form, 422)
    flash(_("It is entered and shown to everybody."), "success")
    return redirect(url_for("channels.show", code=code.lower()), 303)


@blueprint.get("/admin/channels/<code>/<id:channel_id>")
@requires(Permission.CHANNEL_MANAGE)
def edit(code: str, channel_id: int) -> ResponseReturnValue:
    """One channel, to change it or to say that it was checked."""
    return _page(code_of(code), channel_id)


@blueprint.post("/admin/channels/<code>/<id:channel_id>")
@requires(Permission.CHANNEL_MANAGE)
def save(code: str, channel_id: int) -> ResponseReturnValue:
    """Change it."""
    form = ChannelForm()
    _kept(code_of(code), channel_id)
    if form.validate():
        with problems_into(form), transaction() as session:
            party = offices.state(session, code_of(code))
            kept = channels.channel(session, party.id, channel_id)
            channels.change(
                session,
                kept,
                form.said(),
                explanation=form.explanation.data or "",
                seen_version=form.version.data,
                actor=actor(),
                now=g.now,
            )
    if form.errors:
        return _page(code_of(code), channel_id, form, status=422)
    flash(_("The change is saved and shown to everybody."), "success")
    return redirect(url_for("channels.show", code=code.lower()), 303)


@blueprint.get("/admin/channels/<code>/<id:channel_id>/remove")
@requires(Permission.CHANNEL_MANAGE)
def ask_to_remove(code: str, channel_id: int) -> ResponseReturnValue:
    """Asks once more."""
    party, kept = _kept(code_of(code), channel_id)
    return render_template("pages/channels/remove.html", party=party, kept=kept)


@blueprint.post("/admin/channels/<code>/<id:channel_id>/remove")
@requires(Permission.CHANNEL_MANAGE)
def remove(code: str, channel_id: int) -> ResponseReturnValue:
    """Take it away."""
    form = RemoveForm()
    with transaction() as session:
        party = offices.state(session, code_of(code))
        kept = channels.channel(session, party.id, channel_id)
        channels.remove(session, kept, seen_version=form.version.data, actor=actor(), now=g.now)
    flash(_("It is taken away and no longer shown."), "success")
    return redirect(url_for("channels.show", code=code.lower()), 303)


def _kept(code: str, channel_id: int) -> tuple[object, ReportingChannel]:
    party = offices.state(db.session, code)
    return party, channels.channel(db.session, party.id, channel_id)


def _state_page(code: str, form: ChannelForm, status: int = 200) -> ResponseReturnValue:
    party = offices.state(db.session, code)
    page = render_template(
        "pages/channels/state.html",
        party=party,
        channels=channels.of(db.session, party.id),
        form=form,
        today=local_date(g.now, "UTC"),
    )
    return page, status


def _page(
    code: str, channel_id: int, typed: ChannelForm | None = None, *, is_stale: bool = False, status: int = 200
) -> ResponseReturnValue:
    party, kept = _kept(code, channel_id)
    page = render_template(
        "pages/channels/edit.html", party=party, kept=kept, form=typed or ChannelForm.of(kept), is_stale=is_stale
    )
    return page, status


@blueprint.errorhandler(Stale)
@blueprint.errorhandler(StaleDataError)
def _stale(_error: Exception) -> ResponseReturnValue:
    """What is stored now and what was typed; the next save is over what was just seen."""
    asked: dict[str, str] = request.view_args or {}
    code, channel_id = code_of(asked["code"]), int(asked["channel_id"])
    form = None
    if request.endpoint == "channels.save":
        form = ChannelForm()
        form.version.data = _kept(code, channel_id)[1].version
    return _page(code, channel_id, form, is_stale=True, status=409)
