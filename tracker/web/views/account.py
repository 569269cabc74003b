"""Signing in and out, passwords, the person's own account."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.db import db, transaction
from tracker.domain.errors import Stale
from tracker.domain.policy import Permission
from tracker.models import LinkPurpose
from tracker.services import accounts, sign_in
from tracker.services.sign_in import Outcome
from tracker.web import errors, resume, session
from tracker.web.access import actor, maybe_actor, public, requires
from tracker.web.forms.account import ChangePasswordForm, ForgotForm, NewPasswordForm, ProfileForm, SignInForm
from tracker.web.forms.differences import differences
from tracker.web.forms.fields import problems_into
from tracker.web.languages import gettext as _

blueprint = Blueprint("account", __name__)


def base_url() -> str:
    """How links in e-mail begin: as configured, whatever the request says."""
    return str(current_app.extensions["tracker.settings"].base_url)


@blueprint.route("/sign-in", methods=["GET", "POST"], endpoint="sign_in")
@public
def sign_in_() -> ResponseReturnValue:
    """The sign-in page; what an expired page kept goes through it."""
    wanted = request.values.get("next", "")
    otherwise = url_for("dashboard.index")
    form = SignInForm()
    if request.method == "GET":
        if maybe_actor() is not None:
            return redirect(resume.inside_or(wanted, otherwise))
        return resume.sign_in_page(None, status=200, form=form, next_=wanted)
    kept = resume.kept()
    if not form.validate():
        return resume.sign_in_page(kept, status=422, form=form, next_=wanted)
    tried = sign_in.weigh(db.session, form.email.data or "", form.password.data or "", now=g.now)
    with transaction() as database:
        outcome = sign_in.settle(database, tried, event="sign_in", now=g.now)
        if outcome is Outcome.RIGHT:
            session.begin(sign_in.begin(database, tried, replaces=session.current_id(), now=g.now))
    if outcome is not Outcome.RIGHT:
        form.refuse(outcome)
        return resume.sign_in_page(kept, status=form.STATUS[outcome], form=form, next_=wanted)
    if kept is not None:
        return resume.resume_page(kept)
    return redirect(resume.inside_or(wanted, otherwise), 303)


@blueprint.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End the session, if there is one still."""
    person, session_id = maybe_actor(), session.current_id()
    if person is not None and session_id is not None:
        with transaction() as database:
            sign_in.sign_out(database, session_id, actor=person, now=g.now)
    session.end()
    return redirect(url_for("home.index"), 303)


@blueprint.route("/forgot-password", methods=["GET", "POST"])
@public
def forgot() -> ResponseReturnValue:
    """Ask for a reset link. The answer is the same for every address."""
    form = ForgotForm()
    if form.validate_on_submit():
        with transaction() as database:
            accounts.ask_reset(database, form.email.data or "", base_url=base_url(), now=g.now)
        return render_template("pages/account/forgot_sent.html")
    return render_template("pages/account/forgot.html", form=form), 422 if form.is_submitted() else 200


@blueprint.route("/reset/<token>", methods=["GET", "POST"])
@public
def reset(token: str) -> ResponseReturnValue:
    """Choose a new password with the link of a mail."""
    return _by_link(token, LinkPurpose.RESET)


@blueprint.route("/invitation/<token>", methods=["GET", "POST"])
@public
def invitation(token: str) -> ResponseReturnValue:
    """Choose the first password with the link of an invitation."""
    return _by_link(token, LinkPurpose.INVITATION)


def _by_link(token: str, purpose: LinkPurpose) -> ResponseReturnValue:
    person = accounts.owner_of_link(db.session, token, purpose, now=g.now)
    if person is None:
        return render_template("pages/account/link_dead.html", purpose=purpose.value), 404
    form = NewPasswordForm()
    if form.validate_on_submit():
        with problems_into(form), transaction() as database:
            accounts.use_link(database, token, purpose, form.new_password.data or "", now=g.now)
        if not form.errors:
            session.end()
            flash(_("Your password is set. Sign in with it."), "success")
            return redirect(url_for("account.sign_in"), 303)
    page = render_template("pages/account/new_password.html", form=form, purpose=purpose.value, person=person)
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/account", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE)
def profile() -> ResponseReturnValue:
    """Name, language, time zone, summary."""
    person = actor()
    form = _profile_form()
    if form.validate_on_submit():
        with transaction() as database:
            accounts.change_profile(database, **form.values(), actor=person, now=g.now)
        flash(_("Your account is saved."), "success")
        return redirect(url_for("account.profile", lang=form.language.data), 303)
    status = 422 if form.is_submitted() else 200
    return render_template("pages/account/profile.html", form=form, differing=None), status


def _profile_form() -> ProfileForm:
    """The form as the account is stored, or as it was sent."""
    stored = accounts.profile(db.session, actor().user_id)
    return ProfileForm(data={**stored, "seen": accounts.mark(stored)})


@blueprint.errorhandler(Stale)
def _changed_meanwhile(error: Stale) -> ResponseReturnValue:
    """The account changed while its form was open: what is stored now and what was typed, and nothing is lost."""
    if error.theirs is None:
        return errors.page(409, state=None)
    form = _profile_form()
    form.seen.data = accounts.mark(error.theirs)
    differing = differences(form, error.theirs)
    return render_template("pages/account/profile.html", form=form, differing=differing), 409


@blueprint.route("/account/password", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE)
def change_password() -> ResponseReturnValue:
    """A new password; the present one is asked for, and guessing it is braked like signing in."""
    person, form = actor(), ChangePasswordForm()
    if not form.validate_on_submit():
        return render_template("pages/account/change_password.html", form=form), 422 if form.is_submitted() else 200
    tried = sign_in.weigh(db.session, person.email, form.present_password.data or "", now=g.now)
    with transaction() as database:
        outcome = sign_in.settle(database, tried, event="password_check", now=g.now)
    if outcome is not Outcome.RIGHT:
        form.refuse(outcome)
        return render_template("pages/account/change_password.html", form=form), form.STATUS[outcome]
    with problems_into(form), transaction() as database:
        accounts.change_password(
            database, form.new_password.data or "", session_id=session.current_id() or 0, actor=person, now=g.now
        )
    if form.errors:
        return render_template("pages/account/change_password.html", form=form), 422
    flash(_("Your password is changed. Other browsers that were signed in are signed out."), "success")
    return redirect(url_for("account.profile"), 303)
