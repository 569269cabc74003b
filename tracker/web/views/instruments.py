"""The source documents: what each is, where its text comes from, what it asks for and what it says besides."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.db import db
from tracker.services import catalogue_read, instruments_read
from tracker.web.access import maybe_actor, public
from tracker.web.addresses import code as code_of
from tracker.web.addresses import found, to_canonical

blueprint = Blueprint("instruments", __name__)


@blueprint.get("/instruments")
@public
def index() -> ResponseReturnValue:
    return render_template("pages/instruments/index.html", instruments=instruments_read.listing(db.session))


@blueprint.get("/instruments/<code>")
@public
def show(code: str) -> ResponseReturnValue:
    session = db.session
    record = found(instruments_read.instrument(session, code_of(code)))
    if record.code != code:
        return to_canonical(f"/instruments/{record.code}")
    person = maybe_actor()
    return render_template(
        "pages/instruments/show.html",
        record=record,
        facts=record.facts,
        provisions=catalogue_read.provisions(session, instrument=record.code),
        context=instruments_read.context(session, record.id),
        pillars=catalogue_read.words(session, "pillar").of("pillar"),
        for_staff=person is not None and person.is_staff,
    )
