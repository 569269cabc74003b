"""The private calendar address of a person: no cookie and no sign-in, the key in it is the door."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from tracker.db import db, transaction
from tracker.domain.policy import Permission
from tracker.services import calendar_feed
from tracker.web.access import actor, public, requires
from tracker.web.languages import gettext as _

blueprint = Blueprint("calendar_feed", __name__)


@blueprint.get("/calendar/<calendar_key>.ics")
@public
def show(calendar_key: str) -> Response:
    """The calendar, for the programs that ask for it again and again: 304 where nothing changed."""
    # Only a worker that is asked for a calendar needs what writes it.
    from tracker.documents import calendar

    content = calendar.make(calendar_feed.feed(db.session, calendar_key, now=g.now))
    response = Response(content, content_type=calendar.MEDIA_TYPE)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Content-Disposition"] = 'inline; filename="commitments.ics"'
    response.set_etag(hashlib.sha256(content).hexdigest())
    response.make_conditional(request)
    return response


@blueprint.post("/account/mail/calendar")
@requires(Permission.ACCOUNT_MANAGE)
def make() -> ResponseReturnValue:
    """A first address, or a new one in place of it."""
    with transaction() as session:
        calendar_feed.make_address(session, actor=actor(), now=g.now)
    flash(_("Your calendar has a new address. An earlier one does not work any more."), "success")
    return redirect(url_for("my_mail.show", _anchor="calendar"), 303)


@blueprint.post("/account/mail/calendar/remove")
@requires(Permission.ACCOUNT_MANAGE)
def remove() -> ResponseReturnValue:
    """No address any more."""
    with transaction() as session:
        calendar_feed.remove_address(session, actor=actor(), now=g.now)
    flash(_("Your calendar has no address any more."), "success")
    return redirect(url_for("my_mail.show", _anchor="calendar"), 303)
