"""The inbox: one's own messages on the site, for those who read them here rather than by mail."""

from __future__ import annotations

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import wording
from tracker.db import db, transaction
from tracker.domain.policy import Permission
from tracker.services import inbox
from tracker.services.inbox import Filters
from tracker.services.mailbox import KINDS, SECRET_KINDS
from tracker.web import paging, traces, uploads
from tracker.web.access import actor, requires
from tracker.web.languages import choose, ngettext
from tracker.web.languages import gettext as _

blueprint = Blueprint("inbox", __name__)


def kind_words() -> dict[str, str]:
    """What each kind of message is called, in the reader's language."""
    return {kind: wording.translate(name, choose()) for kind, name in KINDS.items() if kind not in SECRET_KINDS}


@blueprint.get("/inbox")
@requires(Permission.ACCOUNT_MANAGE)
def index() -> ResponseReturnValue:
    """One's own messages, unread first."""
    number, filters, kinds = paging.asked(), _filters(), kind_words()
    messages, total = inbox.listing(db.session, actor(), filters, number=number)
    return render_template(
        "pages/inbox/index.html",
        messages=messages,
        filters=filters,
        page=paging.page(number, total, inbox.PAGE),
        kinds=kinds,
        offered=[(kind, kinds.get(kind, kind)) for kind in inbox.kinds(db.session, actor())],
    )


@blueprint.get("/inbox/<id:message_id>")
@requires(Permission.ACCOUNT_MANAGE)
def show(message_id: int) -> ResponseReturnValue:
    """One message: its text as it was sent, what became of it, and where it leads."""
    message = inbox.show(db.session, message_id, actor())
    return render_template("pages/inbox/show.html", message=message, kind=kind_words().get(message.kind, message.kind))


@blueprint.get("/inbox/<id:message_id>/files/<id:number>")
@requires(Permission.ACCOUNT_MANAGE)
def file(message_id: int, number: int) -> Response:
    """A file that came with a message."""
    name, media_type, content = inbox.file(db.session, message_id, number, actor())
    traces.exported("message", message_id, file=str(number))
    return uploads.attachment(iter((content,)), name=name, media_type=media_type, size=len(content))


@blueprint.post("/inbox/<id:message_id>/read")
@requires(Permission.ACCOUNT_MANAGE)
def read(message_id: int) -> ResponseReturnValue:
    """Mark it as read."""
    with transaction() as session:
        inbox.mark_read(session, message_id, actor=actor(), now=g.now)
    return redirect(url_for("inbox.index"), 303)


@blueprint.post("/inbox/<id:message_id>/unread")
@requires(Permission.ACCOUNT_MANAGE)
def unread(message_id: int) -> ResponseReturnValue:
    """Put it among the unread ones again."""
    with transaction() as session:
        inbox.mark_unread(session, message_id, actor=actor())
    return redirect(url_for("inbox.index"), 303)


@blueprint.post("/inbox/<id:message_id>/open")
@requires(Permission.ACCOUNT_MANAGE)
def follow(message_id: int) -> ResponseReturnValue:
    """Mark it as read and go where it leads: a page of this site, or back to the message."""
    with transaction() as session:
        path = inbox.mark_read(session, message_id, actor=actor(), now=g.now)
    return redirect(path or url_for("inbox.show", message_id=message_id), 303)


@blueprint.post("/inbox/read")
@requires(Permission.ACCOUNT_MANAGE)
def read_all() -> ResponseReturnValue:
    """Mark everything as read that was there when the page was opened."""
    up_to = request.form.get("up_to", "")
    newest = int(up_to) if up_to.isascii() and up_to.isdigit() and len(up_to) < 19 else 0
    with transaction() as session:
        marked = inbox.mark_all_read(session, actor=actor(), now=g.now, up_to=newest)
    said = ngettext("%(num)s message is marked as read.", "%(num)s messages are marked as read.", marked)
    flash(said % {"num": marked} if marked else _("Nothing was unread."), "success")
    return redirect(url_for("inbox.index"), 303)


def _filters() -> Filters:
    """What the address asks for; values that do not exist count as not asked."""
    kind = request.args.get("kind", "")
    known = kind.isascii() and kind.isidentifier() and len(kind) <= 40 and kind not in SECRET_KINDS
    return Filters(unread=request.args.get("unread") == "yes", kind=kind if known else "")
