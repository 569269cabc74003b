"""National holidays: administrators enter them for each party; its people read them."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.db import db, transaction
from tracker.domain.deadlines import local_date
from tracker.domain.errors import NotVisible, Unmet
from tracker.domain.policy import Permission
from tracker.services import holidays
from tracker.services.public_figures import in_alphabetical_order
from tracker.web import access
from tracker.web.access import requires
from tracker.web.forms.fields import Form, put_problems
from tracker.web.forms.holidays import DayForm, LinesForm
from tracker.web.languages import choose, ngettext
from tracker.web.languages import gettext as _

blueprint = Blueprint("holidays", __name__)


@blueprint.get("/holidays")
@requires(Permission.ACCOUNT_MANAGE)
def own() -> ResponseReturnValue:
    """The holidays by which the reader's mail goes: of the own party, for staff of the General Secretariat."""
    party = holidays.of_reader(db.session, access.actor())
    years = holidays.listing(db.session, party.id) if party else {}
    return render_template("pages/holidays/own.html", party=party, years=years)


@blueprint.get("/admin/holidays")
@requires(Permission.CYCLE_MANAGE)
def index() -> ResponseReturnValue:
    """The parties, and how many days each has."""
    today = local_date(g.now, "UTC")
    parties = in_alphabetical_order(holidays.parties(db.session), choose())
    return render_template("pages/holidays/index.html", parties=parties, today=today)


@blueprint.get("/admin/holidays/<code>")
@requires(Permission.CYCLE_MANAGE)
def show(code: str) -> ResponseReturnValue:
    """One party's days by year, with the forms to enter more."""
    return _page(code)


@blueprint.post("/admin/holidays/<code>")
@requires(Permission.CYCLE_MANAGE)
def add(code: str) -> ResponseReturnValue:
    """Enter one day."""
    form = DayForm()
    if not form.validate():
        return _page(code, form, 422)
    with transaction() as session:
        party = holidays.party(session, code, locked=True)
        added = holidays.add(
            session,
            party,
            form.days,
            explanation=form.explanation.data or "",
            actor=access.actor(),
            now=g.now,
        )
    return _back(code, added)


@blueprint.post("/admin/holidays/<code>/lines")
@requires(Permission.CYCLE_MANAGE)
def add_lines(code: str) -> ResponseReturnValue:
    """Enter many days at once, all or none."""
    form = LinesForm()
    days, bad = holidays.read(form.lines.data or "")
    if not form.validate() or form.put(bad):
        return _page(code, form, 422)
    with transaction() as session:
        party = holidays.party(session, code, locked=True)
        added = holidays.add(
            session, party, days, explanation=form.explanation.data or "", actor=access.actor(), now=g.now
        )
    return _back(code, added)


@blueprint.post("/admin/holidays/<code>/copy")
@requires(Permission.CYCLE_MANAGE)
def copy(code: str) -> ResponseReturnValue:
    """Take the days of one year over into the next, on the same dates."""
    year = request.form.get("year", "")
    with transaction() as session:
        party = holidays.party(session, code, locked=True)
        added = holidays.copy_year(session, party, year=_year(year), actor=access.actor(), now=g.now)
    return _back(code, added)


@blueprint.post("/admin/holidays/<code>/<id:holiday_id>/remove")
@requires(Permission.CYCLE_MANAGE)
def remove(code: str, holiday_id: int) -> ResponseReturnValue:
    """Take one day away."""
    with transaction() as session:
        party = holidays.party(session, code, locked=True)
        holidays.remove(session, party, holiday_id, actor=access.actor(), now=g.now)
    flash(_("The day is taken away."), "success")
    return redirect(url_for("holidays.show", code=code), 303)


def _year(text: str) -> int:
    if not (len(text) == 4 and text.isascii() and text.isdigit()):
        raise Unmet(year="no_days")
    return int(text)


def _back(code: str, added: int) -> ResponseReturnValue:
    said = ngettext("%(num)s day is entered.", "%(num)s days are entered.", added) % {"num": added}
    flash(said if added else _("All of these days were entered already."), "success" if added else "notice")
    return redirect(url_for("holidays.show", code=code), 303)


def _page(code: str, form: Form | None = None, status: int = 200) -> ResponseReturnValue:
    party = holidays.party(db.session, code)
    if code != party.code.lower():
        raise NotVisible
    page = render_template(
        "pages/holidays/party.html",
        party=party,
        years=holidays.listing(db.session, party.id),
        day_form=form if isinstance(form, DayForm) else DayForm(formdata=None),
        lines_form=form if isinstance(form, LinesForm) else LinesForm(formdata=None),
        form=form or DayForm(formdata=None),
    )
    return page, status


@blueprint.errorhandler(Unmet)
def _unmet(error: Unmet) -> ResponseReturnValue:
    code = (request.view_args or {})["code"]
    form = LinesForm() if request.endpoint == "holidays.add_lines" else DayForm()
    problems = dict(error.problems)
    if isinstance(form, LinesForm):
        problems = {"lines" if name in ("name", "day", "days") else name: said for name, said in problems.items()}
    put_problems(form, problems)
    return _page(code, form, 422)
