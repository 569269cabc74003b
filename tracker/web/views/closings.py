"""Ending the follow-up of commitments, one or many at once, and taking it up again. Administrators only."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import wording
from tracker.db import db, transaction
from tracker.domain.errors import WrongState
from tracker.domain.policy import Permission
from tracker.models import Commitment, Provision
from tracker.services import catalogue_edit, closings
from tracker.web import access, paging
from tracker.web.access import requires
from tracker.web.addresses import found
from tracker.web.forms.closings import CloseForm, CloseManyForm, FollowForm, Reasoned
from tracker.web.forms.fields import problems_into
from tracker.web.languages import choose
from tracker.web.languages import gettext as _

blueprint = Blueprint("closings", __name__)


@blueprint.get("/commitments/<id:commitment_id>/close")
@requires(Permission.COMMITMENT_CLOSE)
def ask(commitment_id: int) -> ResponseReturnValue:
    """Is the measure still valid? The form that ends the follow-up, or takes it up again."""
    commitment = access.get_commitment(commitment_id, Permission.COMMITMENT_CLOSE)
    form = FollowForm(formdata=None) if commitment.closed_at else CloseForm(formdata=None)
    return _page(commitment, form)


@blueprint.post("/commitments/<id:commitment_id>/close")
@requires(Permission.COMMITMENT_CLOSE)
def close(commitment_id: int) -> ResponseReturnValue:
    commitment = access.get_commitment(commitment_id, Permission.COMMITMENT_CLOSE)
    form = CloseForm()
    _offer(form, commitment)
    if form.validate():
        with problems_into(form), transaction() as session:
            commitment = access.get_commitment(commitment_id, Permission.COMMITMENT_CLOSE)
            closings.close(session, commitment, **form.said(), actor=access.actor(), now=g.now)
    if form.errors:
        return _page(access.get_commitment(commitment_id, Permission.COMMITMENT_CLOSE), form, 422)
    flash(_("The commitment is no longer followed. What was reported stays readable."), "success")
    return redirect(url_for("commitments.show", commitment_id=commitment_id), 303)


@blueprint.post("/commitments/<id:commitment_id>/follow-again")
@requires(Permission.COMMITMENT_CLOSE)
def follow_again(commitment_id: int) -> ResponseReturnValue:
    if access.get_commitment(commitment_id, Permission.COMMITMENT_CLOSE).closed_at is None:
        raise WrongState(closings.FOLLOW, "followed")
    form = FollowForm()
    if form.validate():
        with problems_into(form), transaction() as session:
            commitment = access.get_commitment(commitment_id, Permission.COMMITMENT_CLOSE)
            closings.follow_again(session, commitment, **form.said(), actor=access.actor(), now=g.now)
    if form.errors:
        return _page(access.get_commitment(commitment_id, Permission.COMMITMENT_CLOSE), form, 422)
    flash(_("The commitment is followed again. The next cycle asks for a report."), "success")
    return redirect(url_for("commitments.show", commitment_id=commitment_id), 303)


@blueprint.get("/admin/closings")
@requires(Permission.COMMITMENT_CLOSE)
def index() -> ResponseReturnValue:
    """What is no longer followed, and the provisions of which more may be closed."""
    number = paging.asked()
    listed, total = closings.listing(db.session, page=number)
    return render_template(
        "pages/closings/index.html",
        listed=listed,
        page=paging.page(number, total, closings.PAGE),
        instruments=catalogue_edit.listing(db.session),
    )


@blueprint.get("/admin/closings/<code>")
@requires(Permission.COMMITMENT_CLOSE)
def ask_many(code: str) -> ResponseReturnValue:
    """The commitments of every party on one provision."""
    return _page_of_many(_provision(code), CloseManyForm(formdata=None))


@blueprint.post("/admin/closings/<code>")
@requires(Permission.COMMITMENT_CLOSE)
def close_many(code: str) -> ResponseReturnValue:
    """The chosen ones are closed together, or none is."""
    provision = _provision(code)
    form = CloseManyForm()
    _offer_many(form, provision)
    if form.validate():
        with problems_into(form), transaction() as session:
            for commitment_id in form.commitment.data or ():
                commitment = access.get_commitment(int(commitment_id), Permission.COMMITMENT_CLOSE)
                closings.close(session, commitment, **form.said(), actor=access.actor(), now=g.now)
    if form.errors:
        return _page_of_many(provision, form, 422)
    flash(_("The chosen commitments are no longer followed."), "success")
    return redirect(url_for("closings.index"), 303)


def _page(commitment: Commitment, form: Reasoned, status: int = 200) -> ResponseReturnValue:
    if isinstance(form, CloseForm):
        _offer(form, commitment)
    page = render_template(
        "pages/closings/one.html",
        commitment=commitment,
        provision=commitment.provision,
        party=commitment.party,
        form=form,
        act=closings.newest(db.session, commitment.id) if commitment.closed_at else None,
        is_open=not commitment.closed_at and closings.obstacle(db.session, commitment, None, now=g.now) is not None,
    )
    return page, status


def _page_of_many(provision: Provision, form: CloseManyForm, status: int = 200) -> ResponseReturnValue:
    _offer_many(form, provision)
    listed = closings.candidates(db.session, provision.id, now=g.now)
    return render_template("pages/closings/many.html", provision=provision, form=form, listed=listed), status


def _offer(form: CloseForm, commitment: Commitment) -> None:
    named = closings.possible_successors(db.session, commitment.party_id, commitment.id)
    form.successor.offer(_named(named))


def _offer_many(form: CloseManyForm, provision: Provision) -> None:
    """What may stand in its place is what the same parties owe: the scored provisions of the catalogue."""
    listed = catalogue_edit.listing(db.session)
    scored = [p for _instrument, provisions in listed for p in provisions if p.is_scored]
    form.successor.offer(_named([(p.code, p.title) for p in scored if p.code != provision.code]))
    free = [c for c in closings.candidates(db.session, provision.id, now=g.now) if c.problem is None]
    form.commitment.offer([(str(c.commitment_id), wording.pick(c.party, choose())) for c in free])


def _named(provisions: list[tuple[str, dict[str, str]]]) -> list[tuple[str, str]]:
    lang = choose()
    return [(code, f"{code} {wording.pick(title, lang)}") for code, title in provisions]


def _provision(code: str) -> Provision:
    return found(catalogue_edit.by_code(db.session, code))


@blueprint.errorhandler(WrongState)
def _moved_on(_error: WrongState) -> ResponseReturnValue:
    """Somebody was faster: the page as it is now, with the form that fits, and what was typed."""
    commitment_id = (request.view_args or {}).get("commitment_id")
    sentence = _("Somebody changed this before you. Nothing of yours was saved; what you typed stands below.")
    if commitment_id is None:
        form = CloseManyForm()
        form.form_errors.append(sentence)
        return _page_of_many(_provision((request.view_args or {})["code"]), form, 409)
    commitment = access.get_commitment(commitment_id, Permission.COMMITMENT_CLOSE)
    one: Reasoned = FollowForm() if commitment.closed_at else CloseForm()
    one.form_errors.append(sentence)
    return _page(commitment, one, 409)
