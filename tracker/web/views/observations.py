"""Observations: an organisation writes and files one, the Secretariat accepts or declines it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError

from tracker import wording
from tracker.db import db, transaction
from tracker.domain.errors import Stale
from tracker.domain.policy import Permission, can
from tracker.domain.text import fold
from tracker.domain.vocabulary import ObservationState
from tracker.models import Commitment, Observation
from tracker.services import moderation, observation_filing, observation_lists, observations, records
from tracker.services.observation_lists import Tab
from tracker.web import access, errors, paging
from tracker.web.access import actor, requires
from tracker.web.forms.fields import problems_into
from tracker.web.forms.observations import DeclineForm, ObservationForm
from tracker.web.languages import choose
from tracker.web.languages import gettext as _

blueprint = Blueprint("observations", __name__)


@blueprint.get("/observations")
@requires(Permission.OBSERVATION_MODERATE)
def index() -> ResponseReturnValue:
    """What organisations filed: waiting longest first, or decided."""
    tab = request.args.get("tab", Tab.WAITING)
    if tab not in set(Tab):
        abort(404)
    party = request.args.get("state", "").upper()[:8]
    number = paging.asked()
    found = observation_lists.queue(db.session, Tab(tab), party_code=party, number=number)
    states = observation_lists.states_with_observations(db.session)
    named = ((row.code.lower(), wording.pick(row.name, choose())) for row in states)
    return render_template(
        "pages/observations/index.html",
        tab=Tab(tab),
        queue=found,
        party=party.lower(),
        states=sorted(named, key=lambda pair: fold(pair[1])),
        page=paging.page(number, found.counts[Tab(tab)], observation_lists.PAGE),
    )


@blueprint.get("/commitments/<id:commitment_id>/observation")
@requires(Permission.OBSERVATION_FILE)
def edit(commitment_id: int) -> ResponseReturnValue:
    """The organisation's form, about the report of the newest cycle."""
    commitment = access.get_commitment(commitment_id, Permission.OBSERVATION_FILE)
    record = _own(commitment)
    if record is not None and record.state not in observation_filing.EDITABLE:
        return redirect(url_for("observations.show", observation_id=record.id), 303)
    return _form_page(commitment, ObservationForm.of(record, actor().language), record)


@blueprint.post("/commitments/<id:commitment_id>/observation")
@requires(Permission.OBSERVATION_FILE)
def write(commitment_id: int) -> ResponseReturnValue:
    """Save the draft, or file it."""
    commitment = access.get_commitment(commitment_id, Permission.OBSERVATION_FILE)
    form = _offered(ObservationForm())
    files = request.form.get("action") == "file"
    if form.validate():
        with problems_into(form), transaction() as session:
            commitment = access.get_commitment(commitment_id, Permission.OBSERVATION_FILE)
            verb = observation_filing.file if files else observation_filing.save
            seen: dict[str, Any] = {"seen_version": form.version.data, "actor": actor(), "now": g.now}
            record = verb(session, commitment, form.content(), **seen)
            made = record.id
    if form.errors:
        return _form_page(commitment, form, _own(commitment), 422)
    if files:
        flash(
            _("The observation is filed. The Secretariat reads it; you are told by mail what becomes of it."), "success"
        )
        return redirect(url_for("observations.show", observation_id=made), 303)
    flash(_("The draft is saved. Nobody outside your organization reads it."), "success")
    return redirect(url_for("observations.edit", commitment_id=commitment_id), 303)


@blueprint.get("/observations/<id:observation_id>")
@requires(Permission.COMMITMENT_VIEW)
def show(observation_id: int) -> ResponseReturnValue:
    """One observation: for its organisation, the Secretariat and, once it is accepted, the State."""
    return _page(observation_id)


@blueprint.post("/observations/<id:observation_id>/withdraw")
@requires(Permission.OBSERVATION_FILE)
def withdraw(observation_id: int) -> ResponseReturnValue:
    with transaction() as session:
        observations.get(session, observation_id, actor())
        said: dict[str, Any] = {"seen_version": _version(), "actor": actor(), "now": g.now}
        commitment_id = observation_filing.withdraw(session, observation_id, **said).commitment_id
    flash(_("The observation is withdrawn. You may correct it and file it again."), "success")
    return redirect(url_for("observations.edit", commitment_id=commitment_id), 303)


@blueprint.post("/observations/<id:observation_id>/accept")
@requires(Permission.OBSERVATION_MODERATE)
def accept(observation_id: int) -> ResponseReturnValue:
    with transaction() as session:
        observations.get(session, observation_id, actor())
        moderation.accept(session, observation_id, seen_version=_version(), actor=actor(), now=g.now)
    flash(_("The observation is accepted. The State and the organization are told by mail."), "success")
    return redirect(url_for("observations.index"), 303)


@blueprint.post("/observations/<id:observation_id>/decline")
@requires(Permission.OBSERVATION_MODERATE)
def decline(observation_id: int) -> ResponseReturnValue:
    form = DeclineForm()
    if form.validate():
        with problems_into(form), transaction() as session:
            observations.get(session, observation_id, actor())
            said: dict[str, Any] = {"reason": form.reason.data, "explanation": form.explanation.data or ""}
            seen: dict[str, Any] = {"seen_version": form.version.data, "actor": actor(), "now": g.now}
            moderation.decline(session, observation_id, **said, **seen)
    if form.errors:
        return _page(observation_id, form, 422)
    flash(_("The observation is declined. The organization is told by mail, with your reason."), "success")
    return redirect(url_for("observations.index"), 303)


def _version() -> int:
    raw = request.form.get("version", "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else 0


def _own(commitment: Commitment) -> Observation | None:
    report = observation_filing.current_report(db.session, commitment.id)
    return observation_filing.own(db.session, report.id, actor().organisation_id) if report else None


def _offered(form: ObservationForm) -> ObservationForm:
    form.offer(observation_filing.library(db.session, actor().organisation_id))
    return form


def _form_page(
    commitment: Commitment,
    form: ObservationForm,
    record: Observation | None,
    status: int = 200,
    stored: Observation | None = None,
) -> ResponseReturnValue:
    """``stored``: what a colleague saved meanwhile, shown beside what was typed."""
    page = render_template(
        "pages/observations/form.html",
        commitment=commitment,
        provision=commitment.provision,
        party=commitment.party,
        report=observation_filing.current_report(db.session, commitment.id),
        form=_offered(form),
        record=record,
        stored=stored,
    )
    return page, status


def _page(observation_id: int, form: DeclineForm | None = None, status: int = 200) -> ResponseReturnValue:
    record, shown = observations.get(db.session, observation_id, actor())
    commitment = record.report.commitment
    filed = record.state is ObservationState.FILED
    is_own = record.organisation_id == actor().organisation_id
    if form is None:
        form = DeclineForm(formdata=None, version=record.version)
    page = render_template(
        "pages/observations/show.html",
        record=record,
        shown=shown,
        commitment=commitment,
        is_own=is_own,
        form=form,
        may_decide=filed and can(actor(), Permission.OBSERVATION_MODERATE),
        may_write=is_own and can(actor(), Permission.OBSERVATION_FILE, records.subject_of_commitment(commitment)),
        editable=record.state in observation_filing.EDITABLE,
    )
    return page, status


@blueprint.errorhandler(Stale)
@blueprint.errorhandler(StaleDataError)
def _stale(_error: Exception) -> ResponseReturnValue:
    """Both texts: what is stored now and what was typed. The next save is over what was just seen."""
    asked: dict[str, int] = request.view_args or {}
    if request.endpoint == "observations.write":
        commitment = access.get_commitment(asked["commitment_id"], Permission.OBSERVATION_FILE)
        record = _own(commitment)
        if record is not None and record.state in observation_filing.EDITABLE:
            form = ObservationForm()
            form.version.data = record.version
            return _form_page(commitment, form, record, 409, stored=record)
    if request.endpoint == "observations.decline":
        form = DeclineForm()
        record, _shown = observations.get(db.session, asked["observation_id"], actor())
        form.version.data = record.version
        form.form_errors.append(_("Somebody changed this observation after you opened it. Read it again, then decide."))
        return _page(record.id, form, 409)
    return errors.page(409, action=None, state=None)
