"""Filling in offline: the spreadsheet goes out, comes back, is compared line by line, and accepted."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError

from tracker.db import db, transaction
from tracker.domain.errors import Stale, Unmet, WrongState
from tracker.domain.policy import Permission
from tracker.services import workbook_return, workbooks
from tracker.web import access, workbook_form, workbook_seal, workbook_words
from tracker.web.access import requires
from tracker.web.languages import choose, ngettext
from tracker.web.languages import gettext as _

blueprint = Blueprint("workbooks", __name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST_BODY = workbook_return.MOST_BYTES + 256 * 1024


@blueprint.get("/workbooks")
@requires(Permission.WORKBOOK)
def index() -> ResponseReturnValue:
    """How it goes, the file, and what came back."""
    return _start()


@blueprint.get("/workbooks/file.xlsx")
@requires(Permission.WORKBOOK)
def file() -> ResponseReturnValue:
    """The spreadsheet in the language of the page. That it left the site is written down."""
    actor = access.actor()
    # As configured, whatever the request says: the file is opened far from here.
    address = current_app.extensions["tracker.settings"].base_url + url_for("workbooks.index")
    made = workbooks.gather(db.session, actor, language=choose(), now=g.now, address=address)
    if made.is_empty:
        return redirect(url_for("workbooks.index"))
    from tracker.documents import workbook  # what writes spreadsheets is loaded by the worker that is asked for one

    content = workbook.render(made, workbook_seal.sign(made.seal))
    with transaction() as session:
        workbooks.note_made(session, made, actor=actor, now=g.now)
    response = Response(content, content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{workbook.file_name(made)}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/workbooks/return")
@access.large_body(LARGEST_BODY)
@requires(Permission.WORKBOOK)
def receive() -> ResponseReturnValue:
    """A file came back: looked at, read, kept as lines. Nothing of it is applied."""
    sent = workbook_form.sent_file(request)
    workbook_return.check_file(sent.name, sent.stream, sent.size)
    # What reads spreadsheets takes 20 MB of memory: only a worker to which one is sent needs it.
    from tracker.documents import workbook_read

    book = workbook_read.read(sent.stream)
    with transaction() as session:
        public_id = workbook_return.receive(
            session, book, workbook_seal.read(book.seal), actor=access.actor(), now=g.now
        )
    if public_id is None:
        flash(_("The file says nothing that is not stored already. There is nothing to accept."), "success")
        return redirect(url_for("workbooks.index"), 303)
    return redirect(url_for("workbooks.show", public_id=public_id), 303)


@blueprint.get("/workbooks/return/<public_id>")
@requires(Permission.WORKBOOK)
def show(public_id: str) -> ResponseReturnValue:
    """Line by line: what is stored now, what the file says, what it was when the file was made."""
    return _difference(public_id)


@blueprint.post("/workbooks/return/<public_id>")
@requires(Permission.WORKBOOK)
def accept(public_id: str) -> ResponseReturnValue:
    """Accept the lines that are ticked, or all that meet no conflict."""
    g.chosen = workbook_form.chosen(request.form)
    with transaction() as session:
        count = workbook_return.apply(
            session,
            workbook_return.find(session, public_id, access.actor(), lock=True),
            chosen=g.chosen,
            seen=workbook_form.versions(request.form),
            actor=access.actor(),
            now=g.now,
        )
    told = ngettext("%(num)s line is accepted.", "%(num)s lines are accepted.", count) % {"num": count}
    flash(told if count else _("These lines were accepted already."), "success")
    return redirect(url_for("workbooks.show", public_id=public_id), 303)


@blueprint.post("/workbooks/return/<public_id>/discard")
@requires(Permission.WORKBOOK)
def discard(public_id: str) -> ResponseReturnValue:
    """Forget what was not accepted."""
    with transaction() as session:
        returned = workbook_return.find(session, public_id, access.actor(), lock=True)
        workbook_return.discard(session, returned, actor=access.actor(), now=g.now)
    flash(_("What was not accepted of the file is forgotten. What you accepted stays in the reports."), "success")
    return redirect(url_for("workbooks.index"), 303)


def _start(*, error: str = "", status: int = 200) -> ResponseReturnValue:
    actor = access.actor()
    page = render_template(
        "pages/workbooks/index.html",
        open_count=workbooks.count_open(db.session, actor, now=g.now),
        waiting=workbook_return.waiting(db.session, actor),
        error=error,
    )
    return page, status


def _difference(public_id: str, *, error: str = "", status: int = 200) -> ResponseReturnValue:
    actor = access.actor()
    returned = workbook_return.find(db.session, public_id, actor)
    found = workbook_return.difference(db.session, returned, actor=actor, now=g.now)
    page = render_template(
        "pages/workbooks/return.html",
        returned=returned,
        found=found,
        reports=[(one, workbook_words.lines_of(one.item, one.lines, g.get("chosen"))) for one in found.reports],
        problems=[(one, workbook_words.problem(one)) for one in found.problems],
        error=error,
    )
    return page, status


@blueprint.errorhandler(Unmet)
def _unmet(error: Unmet) -> ResponseReturnValue:
    if request.endpoint == "workbooks.receive":
        return _start(error=workbook_words.file_problem(error.problems.get("file", "damaged")), status=422)
    return _difference(_asked(), error=workbook_words.not_accepted(error.problems), status=422)


@blueprint.errorhandler(Stale)
@blueprint.errorhandler(StaleDataError)
@blueprint.errorhandler(WrongState)
def _moved_on(_error: Exception) -> ResponseReturnValue:
    """Somebody wrote one of the reports meanwhile: the lines are compared anew, and what was ticked stays so."""
    changed = _("A report was changed on the site after this page was made. Nothing was accepted: look again.")
    return _difference(_asked(), error=changed, status=409)


def _asked() -> str:
    return str((request.view_args or {})["public_id"])
