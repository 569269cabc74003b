"""The summaries a person takes: the list, a new one, changing and stopping one. Each sees only his or her own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError

from tracker.db import db, transaction
from tracker.domain.errors import Stale
from tracker.domain.policy import Permission
from tracker.domain.subscriptions import MOST
from tracker.services import subscription_scope, subscriptions
from tracker.web.access import actor, requires
from tracker.web.forms.differences import differences
from tracker.web.forms.fields import problems_into
from tracker.web.forms.subscriptions import SubscriptionForm, shown
from tracker.web.languages import choose
from tracker.web.languages import gettext as _

blueprint = Blueprint("subscriptions", __name__)


@blueprint.get("/account/subscriptions")
@requires(Permission.ACCOUNT_MANAGE)
def index() -> ResponseReturnValue:
    """The summaries this person takes, each with the day of the next one."""
    reader = replace(actor(), language=choose())
    lines = subscriptions.listing(db.session, reader, now=g.now)
    return render_template("pages/subscriptions/index.html", lines=lines, most=MOST)


@blueprint.route("/account/subscriptions/new", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE)
def new() -> ResponseReturnValue:
    """Take another summary."""
    form = _form()
    if form.validate_on_submit():
        with problems_into(form), transaction() as session:
            subscriptions.make(session, form.wanted(), actor=actor(), now=g.now)
        if not form.errors:
            flash(_("You take this summary from now on."), "success")
            return redirect(url_for("subscriptions.index"), 303)
    return _page(form, status=422 if form.is_submitted() else 200)


@blueprint.route("/account/subscriptions/<id:subscription_id>", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE)
def change(subscription_id: int) -> ResponseReturnValue:
    """Change one of the person's own summaries."""
    one = subscriptions.get(db.session, subscription_id, actor=actor())
    stored = subscriptions.chosen(db.session, one, actor=actor())
    form = _form(data={**shown(stored), "version": one.version})
    if form.validate_on_submit():
        with problems_into(form), transaction() as session:
            subscriptions.change(
                session,
                subscription_id,
                form.wanted(),
                seen_version=form.version.data,
                actor=actor(),
                now=g.now,
            )
        if not form.errors:
            flash(_("The summary is changed."), "success")
            return redirect(url_for("subscriptions.index"), 303)
    return _page(form, subscription_id, status=422 if form.is_submitted() else 200)


@blueprint.post("/account/subscriptions/<id:subscription_id>/stop")
@requires(Permission.ACCOUNT_MANAGE)
def stop(subscription_id: int) -> ResponseReturnValue:
    """Stop one of the person's own summaries."""
    with transaction() as session:
        subscriptions.stop(session, subscription_id, actor=actor(), now=g.now)
    flash(_("The summary is stopped. You can take it again at any time."), "success")
    return redirect(url_for("subscriptions.index"), 303)


def _form(**kwargs: Any) -> SubscriptionForm:
    form = SubscriptionForm(**kwargs)
    form.offer(actor(), subscription_scope.states(db.session, actor()), subscription_scope.instruments(db.session))
    return form


def _page(
    form: SubscriptionForm, subscription_id: int | None = None, *, differing: Any = None, status: int
) -> ResponseReturnValue:
    page = render_template(
        "pages/subscriptions/form.html",
        form=form,
        subscription_id=subscription_id,
        differing=differing,
    )
    return page, status


@blueprint.errorhandler(Stale)
@blueprint.errorhandler(StaleDataError)
def _stale(_error: Exception) -> ResponseReturnValue:
    """What is stored now and what was typed; the next save is over what was just seen."""
    subscription_id: int = (request.view_args or {})["subscription_id"]
    one = subscriptions.get(db.session, subscription_id, actor=actor())
    form = _form()
    form.version.data = one.version
    differing = differences(form, shown(subscriptions.chosen(db.session, one, actor=actor())))
    return _page(form, subscription_id, differing=differing, status=409)
