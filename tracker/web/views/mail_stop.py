"""One click makes a kind of mail rarer: the address in ``List-Unsubscribe`` (RFC 8058) and in each mail.

Looking changes nothing, because programs that scan mail look first. The answer to a change is a page and no redirect:
RFC 8058 asks for that, and mail servers do not follow one.
"""

from __future__ import annotations

from flask import Blueprint, Response, g, make_response, render_template
from flask.typing import ResponseReturnValue

from tracker.db import db, transaction
from tracker.services import mail_settings
from tracker.services.mail_settings import Switch
from tracker.web.access import by_key, public

blueprint = Blueprint("mail_stop", __name__)


def _page(mail_key: str, what: str, switch: Switch, *, acted: bool) -> Response:
    page = render_template("pages/mail_stop/show.html", switch=switch, acted=acted, mail_key=mail_key, what=what)
    response = make_response(page)
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.get("/mail/stop/<mail_key>/<what>")
@public
def show(mail_key: str, what: str) -> ResponseReturnValue:
    """What the button does, and the button."""
    return _page(mail_key, what, mail_settings.switch(db.session, mail_key, what, now=g.now), acted=False)


@blueprint.post("/mail/stop/<mail_key>/<what>")
@by_key
@public
def stop(mail_key: str, what: str) -> ResponseReturnValue:
    """Do it: on the button, or on the word of a mail server (``List-Unsubscribe=One-Click``). Twice is once."""
    with transaction() as session:
        switch = mail_settings.stop(session, mail_key, what, now=g.now)
    return _page(mail_key, what, switch, acted=True)


@blueprint.post("/mail/stop/<mail_key>/<what>/undo")
@by_key
@public
def undo(mail_key: str, what: str) -> ResponseReturnValue:
    """Take it back."""
    with transaction() as session:
        switch = mail_settings.undo(session, mail_key, what, now=g.now)
    return _page(mail_key, what, switch, acted=True)
