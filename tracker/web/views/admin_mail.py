"""The outbox in the browser: what was sent, what waits, what was refused, each mail as it went out."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import wording
from tracker.db import db, transaction
from tracker.domain.policy import Permission, can
from tracker.domain.text import without_unusable
from tracker.domain.vocabulary import MessageState
from tracker.services import mail_health, mailbox
from tracker.services.mailbox import KINDS, Filters
from tracker.web import paging
from tracker.web.access import actor, requires
from tracker.web.languages import choose
from tracker.web.languages import gettext as _

blueprint = Blueprint("admin_mail", __name__)

BODY_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""A mail's own page: its inline style is shown, nothing runs, nothing is loaded, no link of it acts here."""


@blueprint.get("/admin/mail")
@requires(Permission.MAIL_VIEW)
def index() -> ResponseReturnValue:
    """The mails, newest first."""
    number = paging.asked()
    filters = _filters()
    rows, total = mailbox.listing(db.session, filters, number=number)
    lang = choose()
    return render_template(
        "pages/admin/mail.html",
        rows=rows,
        filters=filters,
        page=paging.page(number, total, mailbox.PAGE),
        states=[(state.value, wording.label(state, lang)) for state in MessageState],
        kinds={kind: wording.translate(name, lang) for kind, name in KINDS.items()},
        mail_leaves=_mail_leaves(),
        health=mail_health.look(db.session, now=g.now),
        may_act=can(actor(), Permission.MAIL_RESEND),
    )


@blueprint.post("/admin/mail/test")
@requires(Permission.MAIL_RESEND)
def test() -> ResponseReturnValue:
    """A test message to oneself; its page shows what became of it."""
    with transaction() as session:
        message_id = mail_health.send_test(session, actor=actor(), now=g.now).id
    flash(
        _("The test message waits in the queue. This page shows what became of it when you load it again."), "success"
    )
    return redirect(url_for("admin_mail.show", message_id=message_id), 303)


@blueprint.post("/admin/mail/pause")
@requires(Permission.MAIL_RESEND)
def end_pause() -> ResponseReturnValue:
    """Try a server that took nothing now, not when its pause is over."""
    domain = without_unusable(request.form.get("domain", ""), multiline=False)[:254]
    with transaction() as session:
        mail_health.end_pause(session, domain, actor=actor(), now=g.now)
    flash(_("Mail that waited for this server leaves with the next run, in a minute at most."), "success")
    return redirect(url_for("admin_mail.index"), 303)


@blueprint.get("/admin/mail/<id:message_id>")
@requires(Permission.MAIL_VIEW)
def show(message_id: int) -> ResponseReturnValue:
    """One mail: the text as sent, and what became of it."""
    mail = mailbox.show(db.session, message_id, redact=_mail_leaves())
    kind = wording.translate(KINDS.get(mail.kind, mail.kind), choose())
    return render_template("pages/admin/mail_show.html", mail=mail, kind=kind, mail_leaves=_mail_leaves())


@blueprint.get("/admin/mail/<id:message_id>/html")
@requires(Permission.MAIL_VIEW)
def html(message_id: int) -> ResponseReturnValue:
    """The HTML of one mail as its reader sees it, shut in."""
    mail = mailbox.show(db.session, message_id, redact=_mail_leaves())
    return Response(mail.html, mimetype="text/html", headers={"Content-Security-Policy": BODY_POLICY})


@blueprint.post("/admin/mail/<id:message_id>/send-again")
@requires(Permission.MAIL_RESEND)
def send_again(message_id: int) -> ResponseReturnValue:
    """Put it into the queue once more."""
    confirmed = request.form.get("confirmed") == "yes"
    with transaction() as session:
        address = mailbox.send_again(session, message_id, confirmed=confirmed, actor=actor(), now=g.now)
    flash(_("The mail waits to be sent to %(address)s.") % {"address": address}, "success")
    return redirect(url_for("admin_mail.show", message_id=message_id), 303)


def _filters() -> Filters:
    """What the address asks for; values that do not exist count as not asked."""
    ask = request.args.get
    state, kind = ask("state", ""), ask("kind", "")
    return Filters(
        state=MessageState(state) if state in set(MessageState) else None,
        kind=kind if kind in KINDS else "",
        words=without_unusable(ask("q", ""), multiline=False)[:200],
    )


def _mail_leaves() -> bool:
    """Whether a mail server is set. Without one the site is the only place to read a mail, keys and all."""
    return current_app.extensions["tracker.settings"].smtp_url is not None
