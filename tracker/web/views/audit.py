"""The audit trail in the browser: all of it for administrators, a party's own for those who answer for it."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.db import db
from tracker.domain.policy import Permission
from tracker.services import audit_read, audit_seal
from tracker.web import audit_page, paging
from tracker.web.access import actor, requires
from tracker.web.audit_words import EVENTS

blueprint = Blueprint("audit", __name__)


@blueprint.get("/admin/audit")
@requires(Permission.AUDIT_VIEW)
def index() -> ResponseReturnValue:
    """The entries, newest first, and where the chain ends."""
    number, person = paging.asked(), actor()
    filters = audit_page.asked(person.time_zone)
    rows, total = audit_read.listing(db.session, filters, number=number)
    return render_template(
        "pages/audit/index.html",
        lines=audit_page.lines(rows, person, audit_read.names(db.session, rows, person)),
        filters=filters,
        page=paging.page(number, total, audit_read.PAGE),
        events=audit_page.events(),
        parties=audit_read.parties(db.session),
        last=audit_seal.last(db.session),
        days=audit_seal.days(db.session),
    )


@blueprint.get("/audit")
@requires(Permission.AUDIT_VIEW_OWN)
def own() -> ResponseReturnValue:
    """What is about the reader's own party."""
    number, person = paging.asked(), actor()
    filters = audit_page.asked(person.time_zone)
    rows, total = audit_read.of_party(db.session, person, filters, number=number)
    return render_template(
        "pages/audit/own.html",
        lines=audit_page.lines(rows, person, audit_read.names(db.session, rows, person)),
        filters=filters,
        page=paging.page(number, total, audit_read.PAGE),
        events=audit_page.events(audit_read.seen_by_party(db.session, person, tuple(EVENTS))),
    )
